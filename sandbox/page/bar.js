// The strip on top: whose product this is, what time it is in the sandbox, and the buttons that move it.

import * as api from "./api.js";
import { el, icon } from "./dom.js";
import { aheadInWords, clockTime, clockZone, monthDay, now, weekday } from "./moment.js";
import { language, LANGUAGES, t } from "./words.js";

const MOVES = [
  ["forwardHour", { by: 3600 }],
  ["forwardMorning", { to: "next 08:30" }],
  ["forwardDay", { by: 86400 }],
];

export class Bar {
  constructor(desk, root) {
    this.desk = desk;
    this.digits = el("span", { class: "clock-digits" });
    this.weekday = el("span", { class: "clock-weekday" });
    this.day = el("span", { class: "clock-day" });
    this.ahead = el("span", { class: "clock-ahead" });
    this.violations = el("span", { class: "violations", hidden: true });
    root.append(
      this.#brand(),
      this.#clock(),
      this.#moves(),
      el("div", { class: "bar-end" }, this.violations, this.#languages(), this.#reset()),
    );
    this.tick();
  }

  #brand() {
    const words = el(
      "span",
      { class: "brand-words" },
      el("strong", { word: "product" }),
      el("span", { class: "brand-dot" }, "·"),
      el("span", { class: "brand-sandbox", word: "sandbox" }),
    );
    return el(
      "div",
      { class: "brand" },
      el("img", { src: "logo.svg", alt: "", width: 40, height: 40 }),
      el("h1", {}, words),
    );
  }

  #clock() {
    return el(
      "div",
      { class: "clock", role: "timer", word: { label: "clock" } },
      el("span", { class: "clock-date" }, el("span", { class: "clock-line" }, this.weekday, this.day), this.ahead),
      this.digits,
    );
  }

  #moves() {
    const buttons = MOVES.map(([word, move]) => {
      const button = el(
        "button",
        { class: "move", type: "button", data: { move: word }, onclick: () => this.move(move) },
        el("span", { word }),
      );
      return button;
    });
    return el("div", { class: "moves", role: "group", word: { title: "forwardTip" } }, icon("forward-time"), buttons);
  }

  #languages() {
    this.choices = LANGUAGES.map(({ code, label, name }) =>
      el(
        "button",
        { class: "choice", type: "button", title: name, data: { code }, onclick: () => this.desk.speak(code) },
        label,
      ),
    );
    return el("div", { class: "choices", role: "group", word: { label: "pageLanguage" } }, this.choices);
  }

  #reset() {
    return el(
      "button",
      { class: "round reset", type: "button", word: { title: "reset" }, onclick: () => this.#ask() },
      icon("reset"),
    );
  }

  async move(move) {
    try {
      await api.clock(move.to ? { ...move, zone: clockZone() } : move);
      await this.desk.refresh();
    } catch (error) {
      this.desk.failed(error);
    }
  }

  #ask() {
    const no = el("button", { class: "small", type: "button", word: "cancel" });
    const yes = el("button", { class: "small danger", type: "button", word: "resetYes" });
    const dialog = el(
      "dialog",
      { class: "ask", onclose: () => dialog.remove() },
      el("h2", { word: "resetAsk" }),
      el("p", { word: "resetWhat" }),
      el("div", { class: "ask-row" }, no, yes),
    );
    no.addEventListener("click", () => dialog.close());
    yes.addEventListener("click", async () => {
      yes.disabled = no.disabled = true;
      yes.textContent = t("resetBusy");
      await this.desk.reset();
      dialog.close();
    });
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  }

  tick() {
    const time = clockTime(now());
    if (this.digits.textContent === time) return;
    const [hours, minutes] = time.split(":");
    this.digits.replaceChildren(hours, el("span", { class: "colon" }, ":"), minutes);
    this.weekday.textContent = weekday(now());
    this.day.textContent = monthDay(now());
    this.ahead.textContent = aheadInWords();
  }

  /** After the clock was moved or the language changed; a moved clock shows that it was. */
  retell({ moved = false } = {}) {
    this.digits.textContent = "";
    this.tick();
    for (const choice of this.choices) choice.setAttribute("aria-pressed", String(choice.dataset.code === language()));
    if (!moved) return;
    this.digits.classList.remove("moved");
    requestAnimationFrame(() => this.digits.classList.add("moved"));
  }

  report(violations) {
    this.violations.hidden = !violations;
    this.violations.textContent = `! ${violations}`;
    this.violations.title = t("violations", { n: violations });
  }
}
