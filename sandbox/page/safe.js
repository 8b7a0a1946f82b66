// Guards the one place where markup enters the page: what the bot sent as HTML is rebuilt node by node from a
// short list of tags; nothing is ever assigned to innerHTML, and only links of a few schemes survive.

const ALLOWED = {
  B: "b",
  STRONG: "b",
  I: "i",
  EM: "i",
  U: "u",
  INS: "u",
  S: "s",
  STRIKE: "s",
  DEL: "s",
  CODE: "code",
  PRE: "pre",
  BLOCKQUOTE: "blockquote",
  "TG-SPOILER": "tg-spoiler",
};
const SCHEMES = new Set(["http:", "https:", "tg:", "mailto:", "tel:"]);
const DEEPEST = 64; // nesting beyond this is hostile, not formatting: its text is kept flat

/** A fragment with the text of `html` and no more formatting than a chat knows. */
export function sanitised(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html"); // inert: runs no script, loads no picture
  const fragment = document.createDocumentFragment();
  copyChildren(parsed.body, fragment, 0);
  return fragment;
}

function copyChildren(from, to, depth) {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.append(child.data);
    else if (child.nodeType === Node.ELEMENT_NODE) copyElement(child, to, depth);
  }
}

function copyElement(node, to, depth) {
  if (node.tagName === "SCRIPT" || node.tagName === "STYLE" || node.tagName === "TEMPLATE") return;
  if (node.tagName === "BR") return void to.append("\n");
  const copy = depth < DEEPEST ? allowedCopy(node) : null;
  copyChildren(node, copy ?? to, depth + 1);
  if (copy) to.append(copy);
}

function allowedCopy(node) {
  if (node.tagName === "A") return linkTo(node.getAttribute("href") ?? "");
  if (node.tagName === "SPAN" && (node.classList.contains("spoiler") || node.classList.contains("tg-spoiler")))
    return document.createElement("tg-spoiler");
  const name = ALLOWED[node.tagName];
  if (!name) return null;
  const copy = document.createElement(name);
  if (name === "blockquote" && (node.classList.contains("expandable") || node.hasAttribute("expandable")))
    copy.classList.add("expandable");
  return copy;
}

/** A link element, or null when the address is not one a chat may open. */
export function linkTo(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  if (!SCHEMES.has(url.protocol)) return null;
  const link = document.createElement("a");
  link.href = url.href;
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  return link;
}

const MARKED = new RegExp(
  [
    "(?<url>(?:https?://|(?:t|telegram)\\.me/)[^\\s<>\"'，。；：、！？）】」』]+)",
    "(?<command>(?<![\\p{L}\\p{N}_/@.:])/[a-z][a-z0-9_]{0,31}(?![\\p{L}\\p{N}_/]))",
  ].join("|"),
  "giu",
);

/** Turns bare addresses and /commands below `root` into links, as every chat client does. */
export function linkify(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode())
    if (!walker.currentNode.parentElement?.closest("a, code, pre")) texts.push(walker.currentNode);
  for (const text of texts) if (text.data.search(MARKED) >= 0) text.replaceWith(...pieces(text.data));
}

function pieces(text) {
  const out = [];
  let end = 0;
  for (const match of text.matchAll(MARKED)) {
    const link = match.groups.command
      ? commandLink(match[0])
      : linkTo(match[0].startsWith("http") ? match[0] : `https://${match[0]}`);
    if (!link) continue;
    link.textContent = match[0];
    out.push(text.slice(end, match.index), link);
    end = match.index + match[0].length;
  }
  out.push(text.slice(end));
  return out;
}

function commandLink(command) {
  const link = document.createElement("a");
  link.href = "#";
  link.dataset.command = command;
  return link;
}
