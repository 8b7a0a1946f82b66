// What an address in a chat leads to: a deep link into this sandbox, or the world outside.

const HOSTS = new Set(["t.me", "www.t.me", "telegram.me", "www.telegram.me"]);

/** The bot's deep link inside `address` as {payload} (empty without one), or null for any other address. */
export function deepLink(address, username) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const wanted = (username ?? "").toLowerCase();
  if (url.protocol === "tg:") {
    const meant = url.searchParams.get("domain")?.toLowerCase() === wanted;
    return meant ? { payload: url.searchParams.get("start") ?? "" } : null;
  }
  if (!HOSTS.has(url.hostname)) return null;
  const path = url.pathname.split("/").filter(Boolean);
  if (path[0] === "share") return deepLink(url.searchParams.get("url") ?? "", username); // a link handed on by a share button
  if (path.length !== 1 || path[0].toLowerCase() !== wanted) return null;
  return { payload: url.searchParams.get("start") ?? "" };
}

/** Copies `text`; falls back to a selection where the clipboard is not allowed. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "offstage";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
