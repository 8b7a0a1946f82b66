// What a tap leads to: a button's answer, a link inside or outside the sandbox, the menus of a message and of a chat.

import * as api from "./api.js";
import { deepLink } from "./links.js";
import { linkTo } from "./safe.js";
import { t } from "./words.js";

export class Taps {
  constructor(phone) {
    this.phone = phone;
  }

  /** A press of an inline button: the callback goes to the bot, the other kinds are the phone's own. */
  async press(message, row, column) {
    const button = message.inline[row][column];
    if (button.kind === "url") return this.#open(button.url);
    if (button.kind === "copy") return this.phone.copy(button.copy);
    if (button.kind === "web_app") return this.phone.sheets.toast(t("webApp"));
    if (button.kind === "switch_inline") {
      return this.phone.composer.write(`@${this.phone.desk.bot.username} ${button.query}`);
    }
    const result = await this.phone.attempt(() => api.press(this.phone.id, message.id, row, column));
    if (!result) return;
    const { answer } = result;
    if (!answer) this.phone.sheets.toast(t("noAnswer"));
    else if (answer.url) this.#open(answer.url);
    else if (answer.text && answer.show_alert) this.phone.sheets.alert(answer.text);
    else if (answer.text) this.phone.sheets.toast(answer.text);
  }

  /** A click anywhere in the chat: spoilers open, links lead on, monospaced text is copied. */
  clicked(event) {
    const spoiler = event.target.closest("tg-spoiler:not(.shown)");
    if (spoiler) {
      event.preventDefault();
      return spoiler.classList.add("shown");
    }
    const link = event.target.closest(".words a");
    if (link) return this.#followed(link, event);
    const mono = event.target.closest("code, pre");
    if (mono && getSelection().isCollapsed) return this.phone.copy(mono.textContent);
    return event.target.closest("blockquote.expandable")?.classList.toggle("open");
  }

  #followed(link, event) {
    if (link.dataset.command) {
      event.preventDefault();
      this.phone.say(link.dataset.command);
    } else if (deepLink(link.href, this.phone.desk.bot.username)) {
      event.preventDefault();
      this.#open(link.href);
    }
  }

  #open(address) {
    const inside = deepLink(address, this.phone.desk.bot.username);
    if (!inside) return void (linkTo(address) && open(address, "_blank", "noopener,noreferrer"));
    const rows = this.phone.desk.people.map((each) => ({
      person: each,
      title: each.name,
      note: each.id === this.phone.id ? `${t(each.roleKey)} · ${t("here")}` : t(each.roleKey),
      act: () => this.phone.desk.openAs(each.id, inside.payload),
    }));
    rows.push({ icon: "copy", title: t("copyLink"), note: address, act: () => this.phone.copy(address) });
    this.phone.sheets.choose(t("openAs"), rows);
  }

  messageMenu(message, event) {
    const items = [{ icon: "reply", word: "reply", act: () => this.phone.composer.reply(message) }];
    if (message.text) items.push({ icon: "copy", word: "copyText", act: () => this.phone.copy(message.text) });
    if (message.from === "me" && message.text)
      items.push({ icon: "edit", word: "edit", act: () => this.phone.composer.edit(message) });
    this.phone.sheets.menu(event, items);
  }

  chatMenu(event) {
    const { blocked } = this.phone.person;
    const change = () =>
      this.phone
        .attempt(() => (blocked ? api.unblock(this.phone.id) : api.block(this.phone.id)))
        .then(() => this.phone.desk.refresh());
    const items = [
      { icon: "again", word: "startAgain", act: () => this.phone.start() },
      { icon: "copy", word: "copyId", act: () => this.phone.copy(String(this.phone.id)) },
      { icon: blocked ? "unblock" : "block", word: blocked ? "unblock" : "block", danger: !blocked, act: change },
    ];
    this.phone.sheets.menu(event, blocked ? items.slice(1) : items);
  }
}
