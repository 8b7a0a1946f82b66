// The page as a whole: loads the cast, keeps every phone in step with the server, knows who is on screen.

import * as api from "./api.js";
import { Bar } from "./bar.js";
import { icon } from "./dom.js";
import { setClock } from "./moment.js";
import { Phone } from "./phone.js";
import { Roster } from "./roster.js";
import { fill, isFirstVisit, preferred, speak, t } from "./words.js";

// Titles come as "销售 · 李娜": the word before the dot says which side of the desk someone sits on.
const KINDS = [
  ["admin", /管理|admin/i],
  ["lead", /主管|lead|经理|經理/i],
  ["rep", /销售|業務|业务|rep|sales/i],
  ["customer", /客户|客戶|customer/i],
  ["guest", /访客|訪客|visitor/i],
];

class Desk {
  constructor() {
    this.phones = new Map();
    this.people = [];
    this.commands = {};
    this.bot = { name: "", username: "" };
    this.stage = document.getElementById("stage");
    this.bar = new Bar(this, document.getElementById("bar"));
    this.roster = new Roster(this, document.getElementById("roster"));
    this.watch = new IntersectionObserver((entries) => this.#seen(entries), { root: this.stage, threshold: [0, 0.6] });
    this.#edges();
  }

  async open() {
    const newcomer = isFirstVisit() && preferred() !== "zh-Hans"; // what the sample company speaks by itself
    speak(preferred(), { remember: false });
    this.bar.retell();
    await this.refresh();
    if (newcomer) await this.speak(preferred());
    api.listen(
      (event) => this.#heard(event),
      (up) => this.#linked(up),
    );
    setInterval(() => this.#tick(), 1000);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#pullAll());
  }

  /** Reads the state again: clock, people, their rights to write. */
  async refresh() {
    try {
      this.#take(await api.state());
      this.link(true);
    } catch (error) {
      this.failed(error);
    }
  }

  #take(state) {
    setClock(state);
    this.bot = { ...state.bot, name: state.bot.name ?? state.bot.first_name };
    this.people = arranged(state);
    this.commands = state.commands ?? {};
    const ids = this.people.map((person) => person.id).join();
    if (ids !== [...this.phones.keys()].join()) this.#set();
    for (const person of this.people) this.phones.get(person.id).update(person);
    this.bar.report(state.violations ?? 0);
    this.bar.retell();
  }

  #set() {
    this.watch.disconnect();
    const kept = this.phones;
    this.phones = new Map(this.people.map((person) => [person.id, kept.get(person.id) ?? new Phone(this, person)]));
    this.stage.replaceChildren(...[...this.phones.values()].map((phone) => phone.element));
    this.roster.fill(this.people);
    for (const phone of this.phones.values()) {
      this.watch.observe(phone.element);
      phone.pull();
    }
  }

  #heard(event) {
    if (event.typing) this.phones.get(event.typing)?.showTyping();
    else if (event.reset) this.#startOver();
    else if (event.person) this.phones.get(event.person)?.pull();
    else if ("clock" in event) this.refresh().then(() => this.bar.retell({ moved: true }));
    else this.refresh();
  }

  #linked(up) {
    this.link(up);
    if (up) this.#catchUp();
  }

  /** Whatever was missed while the stream was down; the first time, the page is ready after it. */
  async #catchUp() {
    await this.refresh();
    await this.#pullAll();
    document.body.classList.add("ready");
  }

  async #pullAll() {
    await Promise.all([...this.phones.values()].map((phone) => phone.pull()));
  }

  async #startOver() {
    for (const phone of this.phones.values()) phone.clear();
    await this.refresh();
    this.#pullAll();
  }

  async reset() {
    try {
      await api.reset();
      await this.#startOver();
    } catch (error) {
      this.failed(error);
    }
  }

  #tick() {
    this.bar.tick();
    for (const phone of this.phones.values()) phone.tick();
  }

  /** The language of the page, and of everybody on it. */
  async speak(code) {
    speak(code);
    this.bar.retell();
    for (const phone of this.phones.values()) phone.retell();
    try {
      await api.everybodysLanguage(code.toLowerCase());
    } catch (error) {
      this.failed(error);
    }
  }

  /** Shows or takes away the strip that says the server is gone. */
  link(up) {
    const strip = document.getElementById("outage");
    strip.hidden = up;
    strip.textContent = up ? "" : t("outage");
  }

  failed(error) {
    const strip = document.getElementById("outage");
    strip.hidden = false;
    strip.textContent = error instanceof api.Refused ? t("refused", { why: error.message }) : t("outage");
  }

  goTo(id) {
    const phone = this.phones.get(id);
    phone?.element.scrollIntoView({ behavior: "smooth", block: "nearest", inline: "start" });
  }

  async openAs(id, payload) {
    this.goTo(id);
    const phone = this.phones.get(id);
    if (phone.person.blocked) await phone.attempt(() => api.unblock(id));
    if (await phone.start(payload)) phone.sheets.toast(t("openedAs", { name: phone.person.name }));
    await this.refresh();
  }

  commandsOf(person) {
    return this.commands[person.id] ?? [];
  }

  /** The how-manieth of their kind someone is: two reps are shown different examples. */
  placeOf(person) {
    return this.people.filter((each) => each.kind === person.kind).findIndex((each) => each.id === person.id);
  }

  counted(phone) {
    this.roster.show(phone.id, phone);
    this.#showEdges();
  }

  #seen(entries) {
    for (const entry of entries) {
      const phone = this.phones.get(Number(entry.target.dataset.person));
      phone?.seen(entry.intersectionRatio >= 0.6);
      if (phone) this.roster.show(phone.id, phone);
    }
    this.#showEdges();
  }

  #edges() {
    for (const [id, mark, step] of [
      ["earlier", "left", -1],
      ["later", "right", 1],
    ]) {
      const button = document.getElementById(id);
      button.append(icon(mark));
      button.dataset.wordTitle = id;
      fill(button);
      button.addEventListener("click", () =>
        this.stage.scrollBy({ left: step * this.stage.clientWidth * 0.8, behavior: "smooth" }),
      );
    }
    this.stage.addEventListener("scroll", () => this.#showEdges(), { passive: true });
    addEventListener("resize", () => this.#showEdges());
  }

  #showEdges() {
    const { scrollLeft, scrollWidth, clientWidth } = this.stage;
    document.getElementById("earlier").hidden = scrollLeft < 24;
    document.getElementById("later").hidden = scrollWidth - clientWidth - scrollLeft < 24;
  }
}

/** The people in the order of the cast, each with the name and role of the caption and a colour of their own. */
function arranged(state) {
  const place = (person) => state.order.indexOf(person.id);
  return [...state.people]
    .sort((a, b) => place(a) - place(b))
    .map((person, hue) => {
      const [role, ...rest] = (person.title || "").split("·").map((part) => part.trim());
      const full = [person.first_name, person.last_name].filter(Boolean).join(" ");
      const known = KINDS.find(([, words]) => words.test(role))?.[0];
      const named = { name: rest.join(" · ") || full, roleKey: known ?? role, kind: known ?? "customer", hue };
      return { ...person, ...named };
    });
}

new Desk().open();
