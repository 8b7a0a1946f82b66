// What a bubble holds besides text: pictures, files, voice, contact cards, places.

import { avatar, el, icon, sizeInWords } from "./dom.js";
import { mapTile } from "./map.js";
import { t } from "./words.js";

const WIDEST = 300; // px a picture takes at most, so that a bubble fits the narrowest phone

/** The media part of a message, or null when it is only text. */
export function mediaOf(message, phone) {
  if (message.photo) return photo(message.photo, phone);
  if (message.sticker) return picture(message.sticker, "sticker");
  if (message.video ?? message.video_note) return film(message.video ?? message.video_note);
  if (message.animation) return moving(message.animation);
  if (message.document) return documentRow(message.document);
  if (message.voice ?? message.audio) return voiceRow(message.voice ?? message.audio);
  if (message.contact) return contactCard(message.contact, phone);
  if (message.venue) return place(message.venue.location, message.venue);
  if (message.location) return place(message.location, null);
  if (message.poll) return poll(message.poll);
  return null;
}

/** One line that stands for a message in a quote above the input or inside a reply. */
export function summary(message) {
  if (message.text) return message.text.replace(/\s+/g, " ").slice(0, 120);
  if (message.document) return message.document.name || t("document");
  const kind = ["photo", "voice", "contact", "location"].find((each) => message[each]);
  return t(kind ?? "unsupported");
}

function photo(file, phone) {
  const image = picture(file, "picture");
  return el(
    "button",
    { class: "picture-frame", type: "button", word: { title: "photo" }, onclick: () => phone.sheets.picture(file.url) },
    image,
  );
}

function picture(file, kind) {
  const { width, height } = measure(file);
  return el("img", { class: kind, src: file.url, width, height, alt: t("photo"), loading: "lazy" });
}

function film(file) {
  const { width, height } = measure(file);
  return el("video", { class: "picture", src: file.url, width, height, controls: true, preload: "metadata" });
}

function moving(file) {
  if (file.mime?.startsWith("image/")) return picture(file, "picture");
  const { width, height } = measure(file);
  const video = el("video", {
    class: "picture",
    src: file.url,
    width,
    height,
    loop: true,
    playsinline: true,
    autoplay: true,
  });
  video.muted = true;
  return video;
}

/** Width and height are set before the bytes are there: nothing jumps when they arrive. */
function measure(file) {
  const [width, height] = [file.width || 640, file.height || 480];
  const shown = Math.min(WIDEST, Math.max(160, (width / height) * 260));
  return { width: Math.round(shown), height: Math.round(Math.min(420, (shown * height) / width)) };
}

function documentRow(file) {
  const name = file.name || t("document");
  const kind = /\.([a-z0-9]{1,4})$/i.exec(name)?.[1] ?? "";
  return el(
    "a",
    { class: "file", href: file.url, download: name, word: { title: "download" } },
    el(
      "span",
      { class: `file-badge file-${kind.toLowerCase()}` },
      el("span", { class: "file-kind" }, kind || "•"),
      icon("download"),
    ),
    el(
      "span",
      { class: "file-words" },
      el("span", { class: "file-name" }, name),
      el("span", { class: "file-size" }, sizeInWords(file.size)),
    ),
  );
}

function voiceRow(voice) {
  const audio = el("audio", { src: voice.url, preload: "none" });
  const button = el(
    "button",
    { class: "voice-play", type: "button", word: { title: "play" } },
    icon("play"),
    icon("pause"),
  );
  const row = el(
    "div",
    { class: "voice" },
    button,
    wave(voice),
    el("span", { class: "voice-time" }, minutes(voice.duration ?? 0)),
    audio,
  );
  const show = () => row.classList.toggle("playing", !audio.paused);
  button.addEventListener("click", () => (audio.paused ? audio.play().catch(show) : audio.pause()));
  for (const event of ["play", "pause", "ended"]) audio.addEventListener(event, show);
  return row;
}

function wave(voice) {
  const bars = el("span", { class: "wave", "aria-hidden": "true" });
  for (let each = 0; each < 26; each++) {
    const bar = el("i");
    bar.style.height = `${4 + Math.abs(Math.sin(each * 1.7 + (voice.duration ?? 3)) * Math.cos(each * 0.45)) * 16}px`;
    bars.append(bar);
  }
  return bars;
}

const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function contactCard(contact, phone) {
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
  return el(
    "div",
    { class: "card" },
    el(
      "div",
      { class: "card-top" },
      avatar({ name, hue: [...name].reduce((sum, each) => sum + each.codePointAt(0), 0) }, "avatar-big"),
      el(
        "div",
        { class: "card-words" },
        el("span", { class: "card-name" }, name),
        el("span", { class: "card-phone" }, contact.phone_number),
      ),
    ),
    el("button", {
      class: "card-action",
      type: "button",
      word: "copyPhone",
      onclick: () => phone.copy(contact.phone_number),
    }),
  );
}

function place({ latitude, longitude }, venue) {
  const at = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const words = el("div", { class: "place-words" });
  if (venue) words.append(el("span", { class: "place-title" }, venue.title));
  words.append(el("span", { class: "place-at" }, venue?.address || at));
  return el("div", { class: "place" }, mapTile(latitude, longitude), words);
}

function poll(question) {
  const options = question.options.map((each) => el("li", {}, each.text));
  return el("div", { class: "poll" }, el("strong", {}, question.question), el("ul", {}, options));
}
