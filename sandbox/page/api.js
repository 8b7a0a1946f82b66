// The control API of the sandbox: every call the page makes, and the stream of what changed.

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, body.description ?? body.error ?? response.statusText);
  return body;
}

const get = async (path) => answer(await fetch(`sandbox/${path}`, { cache: "no-store" }));

const post = async (path, body = {}) =>
  answer(
    await fetch(`sandbox/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }),
  );

export const state = () => get("state");
export const chat = (person, since) => get(`chats/${person}?since=${since}`);
export const start = (person, payload) => post("start", payload ? { person, payload } : { person });
export const say = (person, text, replyTo) =>
  post("say", replyTo ? { person, text, reply_to: replyTo } : { person, text });
export const edit = (person, messageId, text) => post("edit", { person, message_id: messageId, text });
export const press = (person, messageId, row, column) => post("press", { person, message_id: messageId, row, column });
export const share = (person, what) => post("share", { person, ...what });
export const block = (person) => post("block", { person });
export const unblock = (person) => post("unblock", { person });
export const language = (person, code) => post("language", { person, code });
export const everybodysLanguage = (code) => post("language", { code });
export const clock = (move) => post("clock", move);
export const reset = () => post("reset");
export const inline = (person, query) => post("inline", { person, query });

/** Sends a file; `extra` may hold caption, kind (else guessed from the file) and duration. */
export async function upload(person, file, extra = {}) {
  const form = new FormData();
  form.append("person", String(person));
  for (const [name, value] of Object.entries(extra)) if (value) form.append(name, String(value));
  form.append("file", file, file.name);
  return answer(await fetch("sandbox/upload", { method: "POST", body: form }));
}

/** Calls `onEvent` for each change and `onLink(up)` when the stream opens or breaks; it reconnects by itself. */
export function listen(onEvent, onLink) {
  const stream = new EventSource("sandbox/events");
  stream.onmessage = (message) => onEvent(JSON.parse(message.data));
  stream.onopen = () => onLink(true);
  stream.onerror = () => onLink(false);
}
