// "Try this": the example messages below a phone. A tap says them as that person.

import { el, icon } from "./dom.js";
import { hintsFor } from "./hints.js";
import { language, pick, t } from "./words.js";

export class Tries {
  constructor(phone) {
    this.phone = phone;
    this.list = el("div", { class: "tries-list quiet" });
    this.title = el("h2", { class: "tries-title" }, icon("spark"), el("span", { word: "tryThis" }));
    this.element = el("aside", { class: "tries" }, this.title, this.list);
  }

  fill() {
    const { person, desk } = this.phone;
    const hints = hintsFor(person, { started: person.started, place: desk.placeOf(person) });
    const menu = desk.commandsOf(person).map((each) => each.command);
    const offered = hints.filter((hint) => works(hint, menu));
    const shown = JSON.stringify([language(), person.name, person.blocked, offered]);
    if (shown === this.shown) return; // a button that is about to be tapped stays the same button
    this.shown = shown;
    this.list.replaceChildren(...offered.map((hint) => this.#chip(hint)));
  }

  #chip(hint) {
    const label = pick(hint.label ?? hint.say);
    const mark = hint.clock ? icon("forward-time") : hint.file ? icon("attach") : null;
    const title = hint.clock ? t("forwardTip") : `${label}\n${t("tryTip", { name: this.phone.person.name })}`;
    return el(
      "button",
      { class: `try ${hint.clock ? "try-clock" : ""}`, type: "button", title, onclick: () => this.#act(hint) },
      mark,
      el("span", {}, label),
    );
  }

  #act(hint) {
    const { phone } = this;
    if (hint.clock) return phone.desk.bar.move(hint.clock);
    if (hint.start) return phone.start().then(() => phone.desk.refresh());
    if (hint.file) return this.#send(hint.file);
    if (phone.person.blocked) return phone.sheets.toast(t("blockedNote", { name: phone.person.name }));
    return phone.say(pick(hint.say));
  }

  async #send({ address, names }) {
    const response = await fetch(address);
    this.phone.offer(new File([await response.blob()], pick(names), { type: "text/csv" }));
  }
}

/** A command is offered when the bot's own menu for this person has it; without a menu yet, all are. */
function works(hint, menu) {
  const command = /^\/(\w+)/.exec(hint.say?.[0] ?? hint.needs ?? "")?.[1];
  return !command || command === "start" || !menu.length || menu.includes(command);
}
