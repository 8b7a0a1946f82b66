// The buttons of the bot: inline ones below a bubble, and the reply keyboard below the input.

import { el, icon } from "./dom.js";

const CORNERS = { url: "external", copy: "copy", switch_inline: "forward", web_app: "window" };
const STYLES = new Set(["primary", "success", "danger"]);

/** The rows below a bubble. A pressed button shows a clock until the bot has answered. */
export function inlineKeyboard(message, phone) {
  const rows = message.inline.map((row, r) =>
    el(
      "div",
      { class: "inline-row" },
      row.map((button, c) => inlineButton(button, () => phone.taps.press(message, r, c))),
    ),
  );
  return el("div", { class: "inline" }, rows);
}

function inlineButton(button, press) {
  const style = STYLES.has(button.style) ? button.style : "plain";
  const corner = CORNERS[button.kind];
  const node = el(
    "button",
    { class: `inline-button ${style}`, type: "button" },
    el("span", { class: "inline-label" }, button.text),
  );
  node.append(el("span", { class: "corner" }, corner ? icon(corner) : null, icon("clock")));
  node.addEventListener("click", async () => {
    if (node.classList.contains("busy")) return;
    node.classList.add("busy");
    node.setAttribute("aria-busy", "true");
    try {
      await press();
    } finally {
      node.classList.remove("busy");
      node.removeAttribute("aria-busy");
    }
  });
  return node;
}

/** The reply keyboard; `choose` gets the button that was tapped. */
export function replyKeyboard(keyboard, choose) {
  const rows = keyboard.rows.map((row) =>
    el(
      "div",
      { class: "reply-row" },
      row.map((button) => replyButton(button, choose)),
    ),
  );
  return el("div", { class: "reply-keys" }, rows);
}

function replyButton(button, choose) {
  const mark = button.request_contact
    ? "user"
    : button.request_location
      ? "pin"
      : button.request_users
        ? "users"
        : null;
  return el(
    "button",
    { class: "reply-button", type: "button", onclick: () => choose(button) },
    mark ? icon(mark) : null,
    el("span", {}, button.text),
  );
}
