// The panel above the input: the bot's commands while "/" is typed, its inline results while "@bot …" is.

import * as api from "./api.js";
import { el } from "./dom.js";
import { t } from "./words.js";

const PAUSE = 300; // ms without typing before an inline query is sent, as phones do

export class Suggestions {
  constructor(composer) {
    this.composer = composer;
    this.commands = [];
    this.at = -1;
    this.asked = 0;
    this.element = el("div", { class: "suggestions quiet", role: "listbox", hidden: true });
    document.addEventListener("pointerdown", (event) => {
      if (!this.element.hidden && !this.composer.element.contains(event.target)) this.close();
    });
  }

  toggle() {
    if (this.element.hidden) this.#list(this.commands);
    else this.close();
    this.composer.input.focus({ preventScroll: true });
  }

  close() {
    this.element.hidden = true;
    this.at = -1;
  }

  update(text) {
    const query = this.#inlineQuery(text);
    if (query !== null) return this.#ask(query);
    const begun = /^\/([\w]*)$/.exec(text);
    const fitting = begun ? this.commands.filter((each) => each.command.startsWith(begun[1].toLowerCase())) : [];
    if (fitting.length) this.#list(fitting);
    else this.close();
  }

  /** True when the key was for the panel. */
  key(event) {
    if (this.element.hidden) return false;
    const rows = [...this.element.querySelectorAll(".suggestion")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#mark(rows, (this.at + step + rows.length) % rows.length);
    else if (event.key === "Escape") this.close();
    else if ((event.key === "Enter" || event.key === "Tab") && this.at >= 0) rows[this.at].click();
    else return false;
    event.preventDefault();
    return true;
  }

  #mark(rows, at) {
    rows.forEach((row, each) => row.classList.toggle("marked", each === at));
    rows[at]?.scrollIntoView({ block: "nearest" });
    this.at = at;
  }

  #list(commands) {
    const rows = commands.map((each) =>
      el(
        "button",
        { class: "suggestion", type: "button", role: "option", onclick: () => this.#send(`/${each.command}`) },
        el("span", { class: "suggestion-words" }, each.description),
        el("span", { class: "suggestion-command" }, `/${each.command}`),
      ),
    );
    this.#show(rows);
  }

  #show(rows) {
    this.element.replaceChildren(...rows);
    this.element.hidden = !rows.length;
    this.at = -1;
  }

  #send(command) {
    this.close();
    this.composer.write("");
    this.composer.phone.say(command);
  }

  #inlineQuery(text) {
    const name = this.composer.phone.desk.bot.username;
    const match = /^@(\w+)\s([\s\S]*)$/.exec(text);
    return match && match[1].toLowerCase() === name?.toLowerCase() ? match[2] : null;
  }

  #ask(query) {
    const mine = ++this.asked;
    setTimeout(async () => {
      if (mine !== this.asked) return; // typed on since
      const found = await this.composer.phone.attempt(() => api.inline(this.composer.phone.id, query));
      if (mine === this.asked && found && this.#inlineQuery(this.composer.input.value) !== null) this.#results(found);
    }, PAUSE);
  }

  #results(found) {
    const results = found.results ?? found.answer?.results ?? [];
    const rows = results.map((each) =>
      el(
        "button",
        { class: "suggestion tall", type: "button", role: "option", onclick: () => this.#use(each) },
        el("span", { class: "suggestion-words" }, each.title ?? each.id),
        each.description ? el("span", { class: "suggestion-note" }, each.description) : null,
      ),
    );
    this.#show(rows.length ? rows : [el("div", { class: "suggestion-none" }, t("inlineEmpty"))]);
  }

  #use(result) {
    this.close();
    this.composer.write("");
    const text = result.input_message_content?.message_text;
    if (text) this.composer.phone.say(text);
  }
}
