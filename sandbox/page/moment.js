// The sandbox's clock as the page shows it: ticking between two answers of the server, in the company's zone.

import { language, t } from "./words.js";

let shift = 0; // milliseconds from this machine's clock to the sandbox's
let ahead = 0; // seconds the sandbox was moved forward
let zone = "Asia/Shanghai";

export function setClock(state) {
  shift = Date.parse(state.now) - Date.now();
  ahead = state.offset ?? 0;
  zone = state.zone ?? zone;
}

/** The zone in which days and clock times are meant. */
export const clockZone = () => zone;

export const now = () => new Date(Date.now() + shift);

const formats = new Map();

function format(date, options) {
  const key = `${language()}|${zone}|${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language(), { timeZone: zone, ...options }));
  return formats.get(key).format(date);
}

/** 09:41, in 24 hours in every language. */
export const clockTime = (date) => format(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** A key of the local day, e.g. 2026-11-18. */
export function dayKey(date) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(date);
}

export const weekday = (date) => format(date, { weekday: language() === "en" ? "long" : "short" });

export const monthDay = (date) => format(date, { month: "long", day: "numeric" });

/** How a day is called above its messages: today, yesterday, or its date with the weekday. */
export function dayName(date) {
  const key = dayKey(date);
  if (key === dayKey(now())) return t("today");
  if (key === dayKey(new Date(now().getTime() - 86400000))) return t("yesterday");
  const sameYear = key.slice(0, 4) === dayKey(now()).slice(0, 4);
  const day = sameYear ? monthDay(date) : format(date, { year: "numeric", month: "long", day: "numeric" });
  return language() === "en" ? `${format(date, { weekday: "short" })}, ${day}` : `${day} ${weekday(date)}`;
}

/** How far the clock was moved, in words; the two largest units are enough. */
export function aheadInWords() {
  const minutes = Math.round(ahead / 60);
  if (minutes < 1) return t("onTime");
  const parts = [
    ["days", Math.floor(minutes / 1440)],
    ["hours", Math.floor((minutes % 1440) / 60)],
    ["minutes", minutes % 60],
  ];
  const span = parts
    .filter(([, n]) => n > 0)
    .slice(0, 2)
    .map(([key, n]) => t(key, { n }));
  return t("ahead", { span: span.join(" ") });
}
