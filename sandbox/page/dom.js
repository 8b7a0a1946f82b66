// Builds elements without markup strings: what a person typed only ever becomes a text node.

import { fill } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * One element with its attributes, listeners (`onclick`) and children.
 * Children that are null, undefined or false are left out, so that conditions can stand in place.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "word") label(node, value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An element of the SVG namespace. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A symbol of icons.svg; decoration only, the button around it carries the name. */
export function icon(name) {
  const node = svg("svg", { class: `icon icon-${name}`, "aria-hidden": "true", viewBox: "0 0 24 24" });
  node.append(svg("use", { href: `icons.svg#${name}` }));
  return node;
}

/** A round picture with the first character of a name, coloured by the person's place in the cast. */
export function avatar(person, size = "") {
  const face = el("span", { class: `avatar hue-${person.hue % 7} ${size}`, "aria-hidden": "true" });
  face.textContent = [...person.name][0] ?? "?";
  return face;
}

export function label(node, words) {
  // {text, title, placeholder} or a key: filled in now and again whenever the page's language changes
  for (const [slot, key] of Object.entries(typeof words === "string" ? { text: words } : words)) {
    node.dataset[`word${slot[0].toUpperCase()}${slot.slice(1)}`] = key;
  }
  fill(node);
}

export function sizeInWords(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(bytes < 10240 ? 1 : 0)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
