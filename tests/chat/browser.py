"""A headless Chromium driven over its DevTools protocol: just enough to read, type, tap and look at a page.

Nothing here sleeps: what has to come true is awaited inside the page itself.
"""

import asyncio
import base64
import contextlib
import json
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import aiohttp

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
PATIENCE = 15.0  # seconds a page gets to show what is awaited; a loaded machine needs most of a second
STARTUP = 60.0  # seconds until a cold browser listens
CLOSING = 5.0  # seconds it gets to close by itself
# polled inside the page: a promise that settles when `condition` holds or time is up
UNTIL = """new Promise((resolve) => {
  const end = performance.now() + %d;
  const look = () => {
    let held = false;
    try { held = Boolean(%s); } catch {}
    if (held) resolve(true);
    else if (performance.now() > end) resolve(false);
    else setTimeout(look, 15);
  };
  look();
})"""
KEYS = {"Enter": 13, "Escape": 27, "ArrowUp": 38, "ArrowDown": 40, "Tab": 9}
SHIFT = 8


class PageError(Exception):
    """What was asked of the page failed there, or did not come true in time."""


class Browser:
    """One page of one browser; made by ``open_browser``."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._session = ""
        self._next = 0
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loaded = asyncio.Event()
        self._reader = asyncio.create_task(self._read())
        self.errors: list[str] = []
        self.requested: list[str] = []

    async def attach(self) -> Self:
        """Open an empty page and listen to its errors and requests."""
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            await self.call(f"{domain}.enable")
        return self

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of the protocol and its result."""
        self._next += 1
        message: dict[str, Any] = {"id": self._next, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        answer = asyncio.get_running_loop().create_future()
        self._waiting[self._next] = answer
        await self._socket.send_json(message)
        result: dict[str, Any] = await asyncio.wait_for(answer, PATIENCE * 2)
        return result

    async def _read(self) -> None:
        async for frame in self._socket:
            message = json.loads(frame.data)
            if answer := self._waiting.pop(message.get("id", 0), None):
                if answer.done():
                    continue
                if "error" in message:
                    answer.set_exception(PageError(message["error"]["message"]))
                else:
                    answer.set_result(message["result"])
            else:
                self._note(message.get("method", ""), message.get("params", {}))

    def _note(self, method: str, params: dict[str, Any]) -> None:
        match method:
            case "Page.loadEventFired":
                self._loaded.set()
            case "Runtime.exceptionThrown":
                details = params["exceptionDetails"]
                self.errors.append(details.get("exception", {}).get("description", details["text"]))
            case "Log.entryAdded" if params["entry"]["level"] == "error":
                self.errors.append(f"{params['entry']['text']} {params['entry'].get('url', '')}".strip())
            case "Network.requestWillBeSent":
                self.requested.append(params["request"]["url"])

    async def open(self, address: str) -> None:
        """Load a page and wait until it and all its parts are there."""
        self._loaded.clear()
        await self.call("Page.navigate", url=address)
        await asyncio.wait_for(self._loaded.wait(), PATIENCE * 2)

    async def wish(self, language: str) -> None:
        """The language that the visitor's browser asks for."""
        agent = (await self.call("Browser.getVersion"))["userAgent"]
        await self.call("Network.setUserAgentOverride", userAgent=agent, acceptLanguage=language)

    async def size(self, width: int, height: int, *, phone: bool = False, scale: float = 1) -> None:
        """The window in CSS pixels; a phone has touch instead of a mouse that hovers."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=phone
        )
        await self.call("Emulation.setTouchEmulationEnabled", enabled=phone)

    async def prefer(self, **features: str) -> None:
        """Media features by name with underscores: ``prefers_color_scheme="dark"``."""
        given = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        await self.call("Emulation.setEmulatedMedia", features=given)

    async def read(self, expression: str) -> Any:
        """The value of a JavaScript expression, awaited when it is a promise."""
        answer = await self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if details := answer.get("exceptionDetails"):
            raise PageError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    async def until(self, condition: str) -> None:
        """Wait until a JavaScript condition holds. Raises ``PageError`` when it does not in time."""
        if not await self.read(UNTIL % (PATIENCE * 1000, condition)):
            raise PageError(f"never came true: {condition}")

    async def until_shown(self, selector: str, text: str = "") -> None:
        """Wait for an element that holds a text and is drawn."""
        await self.until(f"{_elements(selector, text)}.length")

    async def count(self, selector: str, text: str = "") -> int:
        return int(await self.read(f"{_elements(selector, text)}.length"))

    async def tap(self, selector: str, text: str = "") -> None:
        """A real click in the middle of the first element that matches, scrolled into view before."""
        await self.until_shown(selector, text)
        spot = await self.read(
            f"""(async () => {{
              const node = {_elements(selector, text)}[0];
              node.scrollIntoView({{ block: "nearest", inline: "nearest", behavior: "instant" }});
              await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
              const box = node.getClientRects()[0]; // of a link over two lines, the first
              return {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }};
            }})()"""
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, **spot, button="left", clickCount=1)

    async def tap_on(self, selector: str, text: str = "") -> None:
        """Tap what leads to another page, and wait until that and all its parts are there."""
        self._loaded.clear()
        await self.tap(selector, text)
        await asyncio.wait_for(self._loaded.wait(), PATIENCE * 2)

    async def choose_file(self, selector: str, file: Path) -> None:
        """What somebody does in the window for files."""
        root = (await self.call("DOM.getDocument"))["root"]["nodeId"]
        node = (await self.call("DOM.querySelector", nodeId=root, selector=selector))["nodeId"]
        await self.call("DOM.setFileInputFiles", nodeId=node, files=[str(file)])

    async def write(self, text: str) -> None:
        """Insert a text where the caret is, as an input method does."""
        await self.call("Input.insertText", text=text)

    async def key(self, name: str, *, shift: bool = False) -> None:
        """Press and release a key of ``KEYS``; Enter also brings its character."""
        modifiers = SHIFT if shift else 0
        press: dict[str, Any] = {"key": name, "code": name, "windowsVirtualKeyCode": KEYS[name], "modifiers": modifiers}
        text = {"text": "\r"} if name == "Enter" else {}
        await self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **press, **text)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **press)

    async def picture(self, file: Path) -> None:
        """Keep what is on the screen as a PNG."""
        shot = await self.call("Page.captureScreenshot", format="png")
        file.write_bytes(base64.b64decode(shot["data"]))

    async def close(self) -> None:
        self._session = ""
        with contextlib.suppress(TimeoutError, ConnectionError, PageError):
            await self.call("Browser.close")
        await self._socket.close()
        self._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader


def _elements(selector: str, text: str) -> str:
    """An expression for the drawn elements that match a selector and hold a text."""
    return (
        f"[...document.querySelectorAll({json.dumps(selector)})]"
        f".filter((each) => each.getClientRects().length && each.textContent.includes({json.dumps(text)}))"
    )


@asynccontextmanager
async def open_browser(binary: Path = CHROMIUM) -> AsyncIterator[Browser]:
    """Start a browser with a fresh profile, and end it with everything it started."""
    with tempfile.TemporaryDirectory(prefix="keyuan-browser-", ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            str(binary),
            *FLAGS,
            f"--user-data-dir={profile}",
            "about:blank",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            address = await asyncio.wait_for(_address(process), STARTUP)
            drain = asyncio.create_task(_drain(process))
            async with aiohttp.ClientSession() as client, client.ws_connect(address, max_msg_size=0) as socket:
                browser = await Browser(socket).attach()
                try:
                    yield browser
                finally:
                    await browser.close()
            drain.cancel()
        finally:
            await _end(process)


async def _address(process: asyncio.subprocess.Process) -> str:
    """Where the browser listens: it says so on its standard error."""
    assert process.stderr is not None
    async for line in process.stderr:
        _before, _mark, address = line.decode(errors="replace").partition("DevTools listening on ")
        if address:
            return address.strip()
    raise PageError("the browser ended before it listened")


async def _drain(process: asyncio.subprocess.Process) -> None:
    """Read on, so that a browser that complains a lot never waits for a reader."""
    assert process.stderr is not None
    while await process.stderr.read(1 << 16):
        pass


async def _end(process: asyncio.subprocess.Process) -> None:
    try:
        await asyncio.wait_for(process.wait(), CLOSING)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        await process.wait()
