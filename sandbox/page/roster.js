// The row of faces: who is on screen, who has something unread, and the way to each of them.

import { avatar, el } from "./dom.js";
import { t } from "./words.js";

export class Roster {
  constructor(desk, root) {
    this.desk = desk;
    this.root = root;
    this.buttons = new Map();
  }

  fill(people) {
    this.buttons = new Map(people.map((person) => [person.id, this.#button(person)]));
    this.root.replaceChildren(...this.buttons.values());
  }

  #button(person) {
    return el(
      "button",
      {
        class: "face",
        type: "button",
        title: `${t(person.roleKey)} · ${person.name}`,
        onclick: () => this.desk.goTo(person.id),
      },
      el("span", { class: "face-picture" }, avatar(person), el("span", { class: "badge", hidden: true })),
      el("span", { class: "face-name" }, person.name),
    );
  }

  show(id, { unread, onScreen }) {
    const button = this.buttons.get(id);
    if (!button) return;
    button.classList.toggle("here", onScreen);
    button.setAttribute("aria-current", String(onScreen));
    const badge = button.querySelector(".badge");
    badge.textContent = unread > 99 ? "99+" : String(unread);
    badge.hidden = !unread;
    if (onScreen && this.root.scrollWidth > this.root.clientWidth)
      button.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}
