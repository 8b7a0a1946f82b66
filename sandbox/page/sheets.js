// What lies over one phone for a moment: toasts, alerts, menus, lists to choose from, a file before it is sent.

import { avatar, el, icon, sizeInWords } from "./dom.js";
import { t } from "./words.js";

const TOAST = 2800; // ms: long enough for two short lines

export class Sheets {
  /** `device` is the phone's glass; everything here stays inside it, so that six people can be asked at once. */
  constructor(device) {
    this.device = device;
    this.toasts = el("div", { class: "toasts", role: "status", "aria-live": "polite" });
  }

  toast(text) {
    const note = el("div", { class: "toast" }, text);
    this.toasts.replaceChildren(note);
    setTimeout(() => note.classList.add("leaving"), TOAST);
    setTimeout(() => note.remove(), TOAST + 300);
  }

  /** A text that must be acknowledged, as an answer of a button with `show_alert`. */
  alert(text) {
    const ok = el("button", { class: "alert-button", type: "button", word: "ok" });
    const close = this.#open(
      el(
        "div",
        { class: "alert", role: "alertdialog", "aria-label": text },
        el("p", {}, text),
        el("div", { class: "alert-row" }, ok),
      ),
      "middle",
    );
    ok.addEventListener("click", close);
    ok.focus({ preventScroll: true });
  }

  confirm(text, yesWord, act) {
    const yes = el("button", { class: "alert-button strong", type: "button", word: yesWord });
    const no = el("button", { class: "alert-button", type: "button", word: "cancel" });
    const box = el(
      "div",
      { class: "alert", role: "alertdialog", "aria-label": text },
      el("p", {}, text),
      el("div", { class: "alert-row" }, no, yes),
    );
    const close = this.#open(box, "middle");
    no.addEventListener("click", close);
    yes.addEventListener("click", () => (close(), act()));
    yes.focus({ preventScroll: true });
  }

  /** A small menu at `event`'s place; items are {icon, word, danger, act}. */
  menu(event, items) {
    event.preventDefault();
    const list = el("div", { class: "menu", role: "menu" });
    const close = this.#open(list, "bare");
    for (const item of items) {
      const choose = () => (close(), item.act());
      list.append(
        el(
          "button",
          { class: `menu-item ${item.danger ? "danger" : ""}`, role: "menuitem", type: "button", onclick: choose },
          icon(item.icon),
          el("span", {}, t(item.word)),
        ),
      );
    }
    this.#place(list, event);
    arrows(list);
    list.firstElementChild.focus({ preventScroll: true });
  }

  /** A sheet from below with a title and anything under it; returns the function that closes it. */
  sheet(title, ...content) {
    const shut = el("button", { class: "round", type: "button", word: { title: "close" } }, icon("close"));
    const panel = el(
      "div",
      { class: "sheet", role: "dialog", "aria-label": title },
      el("div", { class: "sheet-top" }, el("h3", {}, title), shut),
      ...content,
    );
    const close = this.#open(panel, "below");
    shut.addEventListener("click", close);
    arrows(panel);
    (panel.querySelector(".sheet-row, input") ?? shut).focus({ preventScroll: true });
    return close;
  }

  /** A sheet of rows {person?, icon?, title, note, act}; a tap closes it and acts. */
  choose(title, rows, ...more) {
    const list = el("div", { class: "sheet-list quiet" });
    const close = this.sheet(title, list, ...more);
    for (const row of rows) {
      const face = row.person ? avatar(row.person) : el("span", { class: "row-icon" }, icon(row.icon));
      const words = el(
        "span",
        { class: "row-words" },
        el("span", { class: "row-title" }, row.title),
        row.note ? el("span", { class: "row-note" }, row.note) : null,
      );
      list.append(
        el(
          "button",
          { class: "sheet-row", type: "button", disabled: row.disabled, onclick: () => (close(), row.act()) },
          face,
          words,
        ),
      );
    }
    list.querySelector("button:not([disabled])")?.focus({ preventScroll: true });
    return close;
  }

  /** A file on its way out, with a caption. */
  outgoing(file, send) {
    const caption = el("input", { class: "field", type: "text", maxlength: "1024", word: { placeholder: "caption" } });
    const form = el(
      "form",
      { class: "outgoing" },
      preview(file),
      el(
        "div",
        { class: "outgoing-row" },
        caption,
        el("button", { class: "send", word: { title: "send" } }, icon("send")),
      ),
    );
    const close = this.sheet(t(file.type.startsWith("image/") ? "photo" : "document"), form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      close();
      send(caption.value.trim());
    });
    caption.focus({ preventScroll: true });
  }

  /** A picture in full size, over the whole page. */
  picture(address) {
    const dialog = el("dialog", { class: "gallery", onclick: () => dialog.close(), onclose: () => dialog.remove() });
    dialog.append(el("img", { src: address, alt: t("photo") }));
    document.body.append(dialog);
    dialog.showModal();
  }

  #open(content, kind) {
    const back = document.activeElement;
    this.device.querySelector(".layer-bare")?.remove(); // a menu gives way to whatever opens after it
    const layer = el("div", { class: `layer layer-${kind}` }, content);
    const close = () => {
      if (!layer.isConnected) return;
      layer.remove();
      if (this.device.contains(back)) back.focus({ preventScroll: true });
    };
    layer.addEventListener("pointerdown", (event) => event.target === layer && close());
    layer.addEventListener("keydown", (event) => {
      if (event.key === "Tab") keepInside(content, event);
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
    });
    this.device.append(layer);
    return close;
  }

  #place(list, event) {
    const glass = this.device.getBoundingClientRect();
    const anchor =
      event.clientX || event.clientY
        ? { left: event.clientX, bottom: event.clientY }
        : event.target.getBoundingClientRect();
    const left = Math.min(anchor.left - glass.left, glass.width - list.offsetWidth - 8);
    const top = Math.min(anchor.bottom - glass.top, glass.height - list.offsetHeight - 8);
    list.style.left = `${Math.max(8, left)}px`;
    list.style.top = `${Math.max(8, top)}px`;
  }
}

function preview(file) {
  if (!file.type.startsWith("image/")) {
    return el(
      "div",
      { class: "file" },
      el("span", { class: "file-badge" }, icon("file")),
      el(
        "span",
        { class: "file-words" },
        el("span", { class: "file-name" }, file.name),
        el("span", { class: "file-size" }, sizeInWords(file.size)),
      ),
    );
  }
  const address = URL.createObjectURL(file);
  const image = el("img", { class: "outgoing-picture", src: address, alt: file.name });
  image.addEventListener("load", () => URL.revokeObjectURL(address));
  return image;
}

/** Up and Down walk through the rows of a menu or sheet. */
function arrows(list) {
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const rows = [...list.querySelectorAll(".menu-item, .sheet-row:not([disabled])")];
    if (!rows.length) return;
    event.preventDefault();
    rows[(rows.indexOf(document.activeElement) + step + rows.length) % rows.length].focus();
  });
}

function keepInside(content, event) {
  const stops = [...content.querySelectorAll("button:not([disabled]), input, a[href]")];
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}
