// "Try this": the example messages below a phone. A tap says them as that person.

import { el, icon } from "./dom.js";
import { hintsFor } from "./hints.js";
import { pick, t } from "./words.js";

export class Tries {
  constructor(phone) {
    this.phone = phone;
    this.list = el("div", { class: "tries-list quiet" });
    this.title = el("h2", { class: "tries-title" }, icon("spark"), el("span", { word: "tryThis" }));
    this.element = el("aside", { class: "tries" }, this.title, this.list);
  }

  fill() {
    const { person, desk } = this.phone;
    const chips = hintsFor(person, { started: person.started, place: desk.placeOf(person) }).map((hint) => this.#chip(hint));
    this.list.replaceChildren(...chips);
  }

  #chip(hint) {
    const label = pick(hint.label ?? hint.say);
    const mark = hint.clock ? icon("forward-time") : hint.file ? icon("attach") : null;
    const title = hint.clock ? t("forwardTip") : `${label}\n${t("tryTip", { name: this.phone.person.name })}`;
    return el("button", { class: `try ${hint.clock ? "try-clock" : ""}`, type: "button", title, onclick: () => this.#act(hint) }, mark, el("span", {}, label));
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
