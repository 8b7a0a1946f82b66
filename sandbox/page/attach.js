// What a person can send besides text: pictures, files, voice, contacts, a place.

import * as api from "./api.js";
import { el } from "./dom.js";
import { hum } from "./hum.js";
import { pick, t } from "./words.js";

// Well-known squares and stations; the tile beside them is drawn, not fetched.
const PLACES = [
  {
    names: ["上海 · 人民广场", "上海 · 人民廣場", "Shanghai · People's Square"],
    latitude: 31.23037,
    longitude: 121.4737,
  },
  { names: ["北京 · 国贸", "北京 · 國貿", "Beijing · Guomao"], latitude: 39.90856, longitude: 116.45975 },
  {
    names: ["深圳 · 市民中心", "深圳 · 市民中心", "Shenzhen · Civic Centre"],
    latitude: 22.54345,
    longitude: 114.05956,
  },
  { names: ["杭州 · 武林广场", "杭州 · 武林廣場", "Hangzhou · Wulin Square"], latitude: 30.2703, longitude: 120.1637 },
  { names: ["台北 · 市政府站", "台北 · 市政府站", "Taipei · City Hall"], latitude: 25.04113, longitude: 121.56522 },
];

export class AttachMenu {
  constructor(phone) {
    this.phone = phone;
  }

  open(event) {
    this.phone.sheets.menu(event, [
      { icon: "image", word: "attachPhoto", act: () => this.#files("image/*", "") },
      { icon: "file", word: "attachFile", act: () => this.#files("", "document") },
      { icon: "mic", word: "attachVoice", act: () => this.#voice() },
      { icon: "user", word: "attachOwnContact", act: () => this.ownContact() },
      { icon: "users", word: "attachContact", act: () => this.#otherContact() },
      { icon: "pin", word: "attachLocation", act: () => this.location() },
    ]);
  }

  #share(what) {
    return this.phone.attempt(() => api.share(this.phone.id, what));
  }

  #voice() {
    const { file, duration } = hum();
    return this.phone.attempt(() => api.upload(this.phone.id, file, { kind: "voice", duration }));
  }

  #files(accept, kind) {
    const input = el("input", { type: "file", accept });
    input.addEventListener("change", () => input.files[0] && this.phone.offer(input.files[0], { kind }));
    input.click();
  }

  ownContact() {
    const { person, sheets } = this.phone;
    sheets.confirm(t("sharePhone", { name: person.name }), "send", () => this.#share({ contact: true }));
  }

  #otherContact() {
    const others = this.phone.desk.people.filter((each) => each.id !== this.phone.id);
    const rows = others.map((each) => ({
      person: each,
      title: each.name,
      note: each.phone || t("noPhone"),
      disabled: !each.phone,
      act: () => this.#share({ contact: contactOf(each) }),
    }));
    const close = this.phone.sheets.choose(
      t("shareWhom"),
      rows,
      this.#stranger(() => close()),
    );
  }

  #stranger(close) {
    const name = el("input", {
      class: "field",
      required: true,
      maxlength: "64",
      autocomplete: "off",
      word: { placeholder: "name", label: "name" },
    });
    const phone = el("input", {
      class: "field",
      type: "tel",
      required: true,
      pattern: "[+0-9][0-9 \\-]{4,24}",
      maxlength: "25",
      autocomplete: "off",
      word: { placeholder: "phone", label: "phone" },
    });
    const form = el(
      "form",
      { class: "stranger" },
      el("h4", { word: "someoneElse" }),
      el("div", { class: "stranger-row" }, name, phone, el("button", { class: "small strong", word: "send" })),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      close();
      this.#share({ contact: { first_name: name.value.trim(), phone_number: phone.value.trim() } });
    });
    return form;
  }

  location() {
    const rows = PLACES.map(({ names, latitude, longitude }) => ({
      icon: "pin",
      title: pick(names),
      note: `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`,
      act: () => this.#share({ location: { latitude, longitude } }),
    }));
    this.phone.sheets.choose(t("shareWhere"), rows);
  }

  /** The bot asked for people: choosing tells it their ids, nothing else. */
  users(button) {
    const rows = this.phone.desk.people.map((each) => ({
      person: each,
      title: each.name,
      note: t(each.roleKey),
      act: () => this.#share({ users: [each.id], request_id: button.request_users.request_id }),
    }));
    this.phone.sheets.choose(t("pickUsers"), rows);
  }
}

function contactOf(person) {
  const contact = { phone_number: person.phone, first_name: person.first_name, user_id: person.id };
  return person.last_name ? { ...contact, last_name: person.last_name } : contact;
}
