// One message as a bubble, and the list of bubbles with its dates, tails and groups.

import { el, icon } from "./dom.js";
import { inlineKeyboard } from "./keyboards.js";
import { mediaOf, summary } from "./media.js";
import { clockTime, dayKey, dayName } from "./moment.js";
import { linkify, sanitised } from "./safe.js";
import { t } from "./words.js";

const GROUP = 5 * 60 * 1000; // messages of one side within five minutes stand close together, as in Telegram
const DEEP_START = /^\/start [\w-]{1,64}$/; // phones show the command of a deep link without its payload
const PICTURED = ["photo", "video", "animation", "location", "venue"];
const BIG = /^(?:\p{Extended_Pictographic}\uFE0F?(?:\u200D\p{Extended_Pictographic}\uFE0F?)*\s?){1,3}$/u;

/** The list item of a message; `phone` answers what its buttons and links ask. */
export function bubble(message, phone) {
  if (message.service)
    return el(
      "li",
      { class: "message service", data: { id: message.id } },
      el("span", {}, t(`service_${message.service}`)),
    );
  const mine = message.from === "me";
  const item = el("li", { class: `message ${mine ? "mine" : "theirs"}`, data: { id: message.id } });
  const inline = message.inline?.length ? inlineKeyboard(message, phone) : null;
  item.append(el("div", { class: "column" }, body(message, phone), inline), actions(message, phone));
  item.addEventListener("contextmenu", (event) => {
    if (getSelection().isCollapsed && !event.target.closest("a")) phone.taps.messageMenu(message, event);
  });
  item.addEventListener("dblclick", (event) => {
    if (!event.target.closest("a, button, code")) phone.composer.reply(message);
  });
  return item;
}

function body(message, phone) {
  const media = mediaOf(message, phone);
  const text = words(message);
  const big = !media && !message.inline?.length && BIG.test(message.text ?? "");
  const wide = PICTURED.some((kind) => message[kind]) ? "pictured" : "";
  return el(
    "div",
    { class: `bubble ${wide} ${text ? "worded" : ""} ${big ? "big" : ""}` },
    message.forwarded ? el("div", { class: "forwarded" }, t("forwarded", { name: message.forwarded })) : null,
    quote(message, phone),
    media,
    text,
    !media && !text ? el("div", { class: "words faint" }, t("unsupported")) : null,
    meta(message),
  );
}

/** Text nodes only for what a person typed; the bot's own markup goes through the sanitiser. */
function words(message) {
  if (!message.text) return null;
  const block = el("div", { class: "words" });
  if (message.from === "bot" && message.html) block.append(sanitised(message.html));
  else block.append(message.text.replace(DEEP_START, "/start"));
  linkify(block);
  for (const hidden of block.querySelectorAll("tg-spoiler")) hidden.tabIndex = 0;
  return block;
}

function meta(message) {
  return el(
    "span",
    { class: "meta" },
    ...(message.reactions ?? []).map((each) => el("span", { class: "reaction" }, each.emoji ?? "•")),
    message.silent ? icon("mute") : null,
    message.edited ? el("span", { class: "meta-edited", word: "edited" }) : null,
    el("time", { datetime: message.date }, clockTime(new Date(message.date))),
    message.from === "me" ? icon("checks") : null,
  );
}

function quote(message, phone) {
  if (!message.reply_to) return null;
  const target = phone.messages.get(message.reply_to);
  const excerpt = message.reply_text || (target ? summary(target) : t("gone"));
  return el(
    "button",
    { class: "quote", type: "button", onclick: () => phone.showMessage(message.reply_to) },
    el("span", { class: "quote-name" }, target ? phone.nameOf(target) : ""),
    el("span", { class: "quote-text" }, excerpt.replace(/\s+/g, " ").slice(0, 120)),
  );
}

function actions(message, phone) {
  return el(
    "button",
    {
      class: "more",
      type: "button",
      word: { title: "messageMenu" },
      onclick: (event) => phone.taps.messageMenu(message, event),
    },
    icon("more"),
  );
}

/** Puts the dates between the days and gives the last bubble of each group its tail. */
export function dress(log, messages) {
  log.querySelectorAll(".day").forEach((each) => each.remove());
  let before = null;
  for (const item of log.querySelectorAll(".message")) {
    const message = messages.get(Number(item.dataset.id));
    const newDay = !before || dayKey(new Date(before.message.date)) !== dayKey(new Date(message.date));
    if (newDay) item.before(el("li", { class: "day" }, el("span", {}, dayName(new Date(message.date)))));
    const joined =
      !newDay && before.message.from === message.from && new Date(message.date) - new Date(before.message.date) < GROUP;
    item.classList.toggle("joined", joined);
    before?.item.classList.toggle("tailed", !joined);
    before = { item, message };
  }
  before?.item.classList.add("tailed");
}
