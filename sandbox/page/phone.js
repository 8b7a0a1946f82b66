// One person's phone: the chat with the bot, kept in step with the server message by message.

import * as api from "./api.js";
import { bubble, dress } from "./bubbles.js";
import { Composer } from "./composer.js";
import { avatar, el, icon, label } from "./dom.js";
import { copy } from "./links.js";
import { clockTime, now } from "./moment.js";
import { Sheets } from "./sheets.js";
import { Taps } from "./taps.js";
import { Tries } from "./tries.js";
import { t } from "./words.js";

const NEAR_END = 48; // px: whoever is this close to the end reads along
const TYPING = 5000; // ms a chat action is shown, as the Bot API says
const CODES = [
  ["zh-hans", "简体中文"],
  ["zh-hant", "繁體中文"],
  ["en", "English"],
];

export class Phone {
  constructor(desk, person) {
    this.desk = desk;
    this.person = person;
    this.id = person.id;
    this.messages = new Map();
    this.version = 0;
    this.unread = 0;
    this.onScreen = true;
    this.stuck = true; // at the end of the chat, so new messages are scrolled to
    this.loaded = false;
    this.#build();
    this.update(person);
  }

  #build() {
    this.device = el("div", { class: "device" });
    this.sheets = new Sheets(this.device);
    this.composer = new Composer(this);
    this.tries = new Tries(this);
    this.taps = new Taps(this);
    this.log = el("ol", { class: "log" });
    this.wall = el("div", { class: "wall quiet", tabindex: "-1" }, this.log);
    this.toEnd = el(
      "button",
      { class: "to-end", type: "button", word: { title: "toEnd" }, onclick: () => this.#end({ smooth: true }) },
      icon("down"),
      el("span", { class: "badge", hidden: true }),
    );
    this.gate = el("button", { class: "gate", type: "button", onclick: () => this.#passGate() });
    const dock = el("div", { class: "dock" }, this.composer.element, this.gate);
    this.device.prepend(
      this.#status(),
      this.#head(),
      el("div", { class: "wall-frame" }, this.wall, this.toEnd, this.sheets.toasts),
      dock,
    );
    this.element = el(
      "section",
      { class: "column-phone", data: { person: this.id }, "aria-label": this.person.name },
      this.#owner(),
      el("div", { class: "bezel" }, this.device),
      this.tries.element,
    );
    this.wall.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.log.addEventListener("click", (event) => this.taps.clicked(event));
    this.log.addEventListener(
      "keydown",
      (event) => event.key === "Enter" && event.target.matches("tg-spoiler") && event.target.classList.add("shown"),
    );
    const follow = new ResizeObserver(() => this.stuck && this.#end({}));
    follow.observe(this.wall);
    follow.observe(this.log);
    this.#takeDrops();
  }

  #owner() {
    this.face = el("span", { class: "owner-face" });
    this.name = el("span", { class: "owner-name" });
    this.role = el("span", { class: "role" });
    this.language = el("select", {
      class: "owner-language",
      word: { title: "phoneLanguage" },
      onchange: () => this.attempt(() => api.language(this.id, this.language.value)),
    });
    this.language.append(...CODES.map(([code, name]) => el("option", { value: code }, name)));
    return el(
      "header",
      { class: "owner" },
      this.face,
      el("span", { class: "owner-words" }, this.name, this.role),
      el("label", { class: "owner-choice" }, icon("globe"), this.language),
    );
  }

  #status() {
    this.time = el("span", { class: "status-time" });
    return el(
      "div",
      { class: "status", "aria-hidden": "true" },
      this.time,
      el("span", { class: "status-icons" }, icon("signal"), icon("wifi"), icon("battery")),
    );
  }

  #head() {
    this.botName = el("span", { class: "head-name" });
    this.sub = el("span", { class: "head-sub", "aria-live": "polite" });
    const logo = el("img", { class: "head-logo", src: "logo.svg", alt: "", width: 38, height: 38 });
    const dots = el(
      "button",
      { class: "round", type: "button", word: { title: "menu" }, onclick: (event) => this.taps.chatMenu(event) },
      icon("dots"),
    );
    return el("header", { class: "head" }, logo, el("span", { class: "head-words" }, this.botName, this.sub), dots);
  }

  /** What the server knows of this person, and everything that depends on it. */
  update(person) {
    this.person = person;
    this.face.replaceChildren(avatar(person));
    this.name.textContent = person.name;
    label(this.role, person.roleKey);
    this.role.className = `role role-${person.kind}`;
    this.composer.offerCommands(this.desk.commandsOf(person));
    this.language.value = telegramCode(person.language_code);
    this.botName.textContent = this.desk.bot.name;
    this.device.dataset.state = person.blocked ? "blocked" : person.started ? "open" : "new";
    this.gate.textContent = t(person.blocked ? "unblock" : "start");
    this.retell();
  }

  /** Rewrites what is said in the page's language or by the clock. */
  retell() {
    this.gate.textContent = t(this.person.blocked ? "unblock" : "start");
    if (!this.sub.classList.contains("typing")) this.sub.textContent = t("bot");
    this.tick();
    this.composer.retell();
    this.tries.fill();
    this.#empty();
    if (this.messages.size) dress(this.log, this.messages);
  }

  tick() {
    this.time.textContent = clockTime(now());
  }

  #empty() {
    this.log.querySelector(".empty")?.remove();
    if (this.messages.size || !this.loaded) return;
    const line = this.person.started ? t("emptyStarted") : t("emptyStart", { name: this.person.name });
    const about = this.desk.bot.description;
    this.log.append(
      el(
        "li",
        { class: "empty" },
        el("img", { src: "logo.svg", alt: "", width: 64, height: 64 }),
        el("strong", {}, t("emptyTitle")),
        about ? el("p", {}, about) : null,
        el("p", { class: "faint" }, line),
      ),
    );
  }

  /** Fetches what changed; calls that come while one runs are answered by one more run. */
  async pull() {
    if (this.pulling) return void (this.again = true);
    this.pulling = true;
    try {
      do {
        this.again = false;
        const chat = await api.chat(this.id, this.version);
        if (chat.version < this.version)
          (this.clear(), (this.again = true)); // another server: it counts from the start
        else this.#merge(chat);
      } while (this.again);
      this.desk.link(true);
    } catch (error) {
      this.desk.failed(error);
    } finally {
      this.pulling = false;
    }
  }

  #merge(chat) {
    const fresh = chat.messages.filter((message) => this.#put(message) && message.from === "bot").length;
    this.version = chat.version;
    const first = !this.loaded;
    this.loaded = true;
    if (fresh) this.#typing(false);
    dress(this.log, this.messages);
    this.#empty();
    this.composer.follow(chat);
    if (this.stuck) this.#end({});
    if (!first && fresh && !(this.onScreen && this.stuck)) this.#count(this.unread + fresh);
  }

  /** Adds, replaces or takes away one message; true when it is new. */
  #put(message) {
    const old = this.log.querySelector(`.message[data-id="${Number(message.id)}"]`);
    if (message.removed) {
      this.messages.delete(message.id);
      old?.remove();
      return false;
    }
    const known = this.messages.has(message.id);
    this.messages.set(message.id, message);
    const item = bubble(message, this);
    if (old) {
      item.classList.add("changed");
      old.replaceWith(item);
    } else {
      if (this.loaded) item.classList.add("arriving");
      this.#insert(item, message.id);
    }
    return !known;
  }

  #insert(item, id) {
    const later = [...this.log.querySelectorAll(".message")].find((each) => Number(each.dataset.id) > id);
    this.log.insertBefore(item, later ?? null);
  }

  clear() {
    this.messages.clear();
    this.log.replaceChildren();
    this.version = 0;
    this.loaded = false;
    this.stuck = true;
    this.#count(0);
  }

  #end({ smooth = false }) {
    this.wall.scrollTo({ top: this.wall.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }

  #scrolled() {
    this.stuck = this.wall.scrollHeight - this.wall.clientHeight - this.wall.scrollTop < NEAR_END;
    this.toEnd.classList.toggle("shown", !this.stuck);
    if (this.stuck && this.onScreen) this.#count(0);
  }

  /** Told by the desk when this phone comes into view or leaves it. */
  seen(onScreen) {
    this.onScreen = onScreen;
    if (onScreen && this.stuck) this.#count(0);
  }

  #count(unread) {
    this.unread = unread;
    const badge = this.toEnd.querySelector(".badge");
    badge.textContent = String(unread);
    badge.hidden = !unread;
    this.desk.counted(this);
  }

  showTyping() {
    this.#typing(true);
    clearTimeout(this.typingEnds);
    this.typingEnds = setTimeout(() => this.#typing(false), TYPING);
  }

  #typing(on) {
    this.sub.classList.toggle("typing", on);
    this.sub.replaceChildren(t(on ? "typing" : "bot"), ...(on ? [el("i"), el("i"), el("i")] : []));
  }

  nameOf(message) {
    return message.from === "me" ? this.person.name : this.desk.bot.name;
  }

  showMessage(id) {
    const item = this.log.querySelector(`.message[data-id="${Number(id)}"]`);
    if (!item) return;
    item.scrollIntoView({ block: "center", behavior: "smooth" });
    item.classList.remove("found");
    requestAnimationFrame(() => item.classList.add("found"));
  }

  /** Runs a call of the control API; an error becomes a toast of this phone and false. */
  async attempt(call) {
    try {
      return (await call()) ?? true;
    } catch (error) {
      this.sheets.toast(this.#excuse(error));
      return false;
    }
  }

  #excuse(error) {
    if (!(error instanceof api.Refused)) return t("outage");
    if (this.person.blocked) return t("blockedNote", { name: this.person.name });
    return t("refused", { why: error.message });
  }

  say(text, replyTo) {
    this.stuck = true;
    return this.attempt(() => api.say(this.id, text, replyTo));
  }

  start(payload) {
    this.stuck = true;
    return this.attempt(() => api.start(this.id, payload));
  }

  #passGate() {
    if (this.person.blocked) this.attempt(() => api.unblock(this.id)).then(() => this.desk.refresh());
    else this.start().then(() => this.desk.refresh());
  }

  async copy(text) {
    await copy(text);
    this.sheets.toast(t("copied"));
  }

  #takeDrops() {
    const glass = this.device;
    const carries = (event) => event.dataTransfer?.types.includes("Files");
    glass.addEventListener(
      "dragover",
      (event) => carries(event) && (event.preventDefault(), glass.classList.add("dropping")),
    );
    glass.addEventListener(
      "dragleave",
      (event) => !glass.contains(event.relatedTarget) && glass.classList.remove("dropping"),
    );
    glass.addEventListener("drop", (event) => {
      glass.classList.remove("dropping");
      if (!carries(event)) return;
      event.preventDefault();
      this.offer(event.dataTransfer.files[0]);
    });
  }

  /** Shows a file with room for a caption before it is sent. */
  offer(file, { kind = "" } = {}) {
    if (this.device.dataset.state !== "open") return;
    this.sheets.outgoing(file, (caption) => this.attempt(() => api.upload(this.id, file, { caption, kind })));
  }
}

function telegramCode(code) {
  const given = (code ?? "").toLowerCase();
  if (!given.startsWith("zh")) return "en";
  return /hant|tw|hk|mo/.test(given) ? "zh-hant" : "zh-hans";
}
