// The foot of a phone: the input with its reply and edit bar, the commands behind "/", the reply keyboard.

import * as api from "./api.js";
import { AttachMenu } from "./attach.js";
import { el, icon } from "./dom.js";
import { replyKeyboard } from "./keyboards.js";
import { summary } from "./media.js";
import { Suggestions } from "./suggestions.js";
import { fill, t } from "./words.js";

const LONGEST = 4096; // characters a message may have
const ONE_LINE = 38; // px, with its padding
const TALLEST = 132; // px, six lines: then the input scrolls

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.quoted = null; // message being replied to
    this.changing = null; // message being edited
    this.asked = null; // id of the bot's message that forces a reply
    this.keyboard = null;
    this.wished = ""; // the bot's own placeholder
    this.suggestions = new Suggestions(this);
    this.attach = new AttachMenu(phone);
    this.#build();
  }

  #build() {
    this.input = el("textarea", {
      class: "input",
      rows: "1",
      maxlength: String(LONGEST),
      word: { placeholder: "message", label: "message" },
      enterkeyhint: "send",
    });
    this.slash = el(
      "button",
      { class: "tool slash", type: "button", word: { title: "commands" }, onclick: () => this.suggestions.toggle() },
      icon("slash"),
    );
    this.keys = el(
      "button",
      {
        class: "tool",
        type: "button",
        word: { title: "keyboard" },
        hidden: true,
        onclick: () => this.#showKeyboard(this.keyRow.hidden),
      },
      icon("keyboard"),
    );
    this.sendButton = el("button", { class: "send", type: "submit", word: { title: "send" } }, icon("send"));
    this.bar = el("div", { class: "context", hidden: true });
    this.keyRow = el("div", { class: "keys", hidden: true });
    const clip = el(
      "button",
      { class: "tool", type: "button", word: { title: "attach" }, onclick: (event) => this.attach.open(event) },
      icon("attach"),
    );
    const form = el(
      "form",
      { class: "composer" },
      clip,
      el("div", { class: "field-wrap" }, this.input, this.keys, this.slash),
      this.sendButton,
    );
    form.addEventListener("submit", (event) => (event.preventDefault(), this.send()));
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("input", () => this.#changed());
    this.input.addEventListener("paste", (event) => this.#pasted(event));
    this.element = el("div", { class: "dock-open" }, this.suggestions.element, this.bar, form, this.keyRow);
    this.#changed();
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return; // an input method is choosing characters: Enter is its own
    if (this.suggestions.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && !this.bar.hidden) {
      this.#leave();
    } else if (event.key === "ArrowUp" && !this.input.value) {
      const last = [...this.phone.messages.values()].reverse().find((each) => each.from === "me" && each.text);
      if (last) (this.edit(last), event.preventDefault());
    }
  }

  #changed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(TALLEST, Math.max(ONE_LINE, this.input.scrollHeight))}px`;
    this.sendButton.classList.toggle("ready", this.input.value.trim() !== "");
    this.suggestions.update(this.input.value);
  }

  #pasted(event) {
    const file = [...(event.clipboardData?.files ?? [])][0];
    if (!file) return;
    event.preventDefault();
    this.phone.offer(file);
  }

  /** Writes into the input, as a chosen command or a prefilled query does. */
  write(text) {
    this.input.value = text;
    this.#changed();
    this.input.focus({ preventScroll: true });
  }

  async send() {
    const text = this.input.value.trim();
    if (!text) return;
    const { changing, quoted } = this;
    this.input.value = "";
    this.#leave();
    this.#changed();
    const done = changing
      ? await this.phone.attempt(() => api.edit(this.phone.id, changing.id, text))
      : await this.phone.say(text, quoted?.id);
    if (!done && !this.input.value) this.write(text); // what was typed is never lost to an error
  }

  reply(message) {
    this.changing = null;
    this.quoted = message;
    this.#context("reply", t("replyTo", { name: this.phone.nameOf(message) }), summary(message));
    this.input.focus({ preventScroll: true });
  }

  edit(message) {
    this.quoted = null;
    this.changing = message;
    this.#context("edit", t("editing"), summary(message));
    this.write(message.text);
    this.input.setSelectionRange(message.text.length, message.text.length);
  }

  #context(mark, title, text) {
    const shut = el(
      "button",
      { class: "tool", type: "button", word: { title: "close" }, onclick: () => this.#leave() },
      icon("close"),
    );
    this.bar.replaceChildren(
      icon(mark),
      el(
        "span",
        { class: "context-words" },
        el("span", { class: "context-title" }, title),
        el("span", { class: "context-text" }, text),
      ),
      shut,
    );
    this.bar.hidden = false;
  }

  #leave() {
    if (this.changing) this.input.value = "";
    this.quoted = this.changing = null;
    this.bar.hidden = true;
    this.bar.replaceChildren();
    this.#changed();
  }

  /** What the bot wants at the foot: its reply keyboard, its placeholder, an answer to one message. */
  follow(chat) {
    const before = JSON.stringify(this.keyboard);
    this.keyboard = chat.keyboard?.rows?.length ? chat.keyboard : null;
    if (before !== JSON.stringify(this.keyboard)) this.#newKeyboard();
    this.wished = chat.force_reply?.placeholder || this.keyboard?.placeholder || "";
    this.retell();
    const asked = chat.force_reply?.message_id ?? null;
    if (asked && asked !== this.asked && this.phone.messages.has(asked)) this.reply(this.phone.messages.get(asked));
    this.asked = asked;
  }

  /** The menu the bot has published for this person and language. */
  offerCommands(commands) {
    this.suggestions.commands = commands;
    this.slash.hidden = !commands.length;
  }

  /** The placeholder: the bot's wish, else the page's own word. */
  retell() {
    fill(this.input);
    if (this.wished) this.input.placeholder = this.wished;
  }

  #newKeyboard() {
    this.keys.hidden = !this.keyboard;
    this.keyRow.replaceChildren(
      ...(this.keyboard ? [replyKeyboard(this.keyboard, (button) => this.#choose(button))] : []),
    );
    this.#showKeyboard(Boolean(this.keyboard));
  }

  #showKeyboard(shown) {
    this.keyRow.hidden = !shown;
    this.keys.classList.toggle("on", shown);
  }

  #choose(button) {
    const { phone } = this;
    if (button.request_contact) this.attach.ownContact();
    else if (button.request_location) this.attach.location();
    else if (button.request_users) this.attach.users(button);
    else phone.say(button.text, this.quoted?.id).then(() => this.#leave());
    if (this.keyboard?.one_time) this.#showKeyboard(false);
  }
}
