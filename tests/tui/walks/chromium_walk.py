"""A walk through the application in a real Chromium: `ipsecdx serve`, the start page, a case, its report.

    python -m tests.tui.walks.chromium_walk CASE [SCREENSHOT.png]

Chromium is steered by its own protocol. What the application draws is read from the frames of the connection between
page and server, which are what the terminal in the page draws; keys go through the page like those of a person.
"""

# Waiting is looking again and again, and the files are tiny.
# ruff: noqa: ASYNC110, ASYNC240

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0",
    "--window-size=1200,800",
)  # fmt: skip
_ESCAPE = re.compile(rb"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[@-_]")
_PATIENCE = 30.0


def chromium() -> str | None:
    """Where the browser is."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


class Tab:
    """A tab of the browser, and what the application drew in it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._drawn = b""
        self.requests: list[str] = []

    async def listen(self) -> None:
        """Take in what the browser tells."""
        async for message in self._socket:
            told = message.json()
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
            elif told["method"] == "Network.webSocketFrameReceived":
                response = told["params"]["response"]
                if response["opcode"] == 2:
                    self._drawn += base64.b64decode(response["payloadData"])
            elif told["method"] == "Network.requestWillBeSent":
                self.requests.append(told["params"]["request"]["url"])

    async def call(self, method: str, **params: object) -> dict[str, Any]:
        """One call of the protocol."""
        self._number += 1
        answer = asyncio.get_running_loop().create_future()
        self._answers[self._number] = answer
        await self._socket.send_json({"id": self._number, "method": method, "params": params})
        told: dict[str, Any] = await asyncio.wait_for(answer, _PATIENCE)
        assert "error" not in told, told
        result: dict[str, Any] = told["result"]
        return result

    async def sees(self, text: str) -> None:
        """Wait until the application draws this since the last key."""
        try:
            async with asyncio.timeout(_PATIENCE):
                while text not in self.drawn:
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"{text!r} was not drawn; drawn was: {self.drawn[-2000:]}") from None

    @property
    def drawn(self) -> str:
        """What was drawn since the last key, without colours; words stand as they were written."""
        return _ESCAPE.sub(b" ", self._drawn).decode("utf-8", "replace")

    async def type(self, text: str) -> None:
        """Type letters as a person would."""
        self._drawn = b""
        for char in text:
            await self.call("Input.dispatchKeyEvent", type="keyDown", text=char, key=char)
            await self.call("Input.dispatchKeyEvent", type="keyUp", key=char)

    async def press(self, key: str, code: int, text: str = "") -> None:
        """Press a key that has a name."""
        self._drawn = b""
        about: dict[str, object] = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **about)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    async def picture(self, path: Path) -> None:
        """A screenshot."""
        found = await self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(found["data"]))


@contextlib.asynccontextmanager
async def program(*command: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A program that is ended when it is not needed any more."""
    running = await asyncio.create_subprocess_exec(
        *command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    try:
        yield running
    finally:
        with contextlib.suppress(ProcessLookupError):
            running.terminate()
        try:
            await asyncio.wait_for(running.wait(), 10)
        except TimeoutError:
            running.kill()
            await running.wait()


@contextlib.asynccontextmanager
async def tab(address: str) -> AsyncIterator[Tab]:
    """A browser with one tab at an address."""
    found = chromium()
    assert found is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        async with program(found, *_OPTIONS, f"--user-data-dir={home}", "about:blank"):
            port_file = Path(home, "DevToolsActivePort")
            async with asyncio.timeout(_PATIENCE):
                while not port_file.exists() or not port_file.read_text("utf-8"):
                    await asyncio.sleep(0.05)
            port = port_file.read_text("utf-8").split()[0]
            async with aiohttp.ClientSession() as session:
                async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                    pages = json.loads(await answer.text())
                socket = next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
                async with session.ws_connect(socket, max_msg_size=0) as connection:
                    one = Tab(connection)
                    listening = asyncio.create_task(one.listen())
                    for domain in ("Network", "Page"):
                        await one.call(f"{domain}.enable")
                    await one.call("Emulation.setFocusEmulationEnabled", enabled=True)
                    await one.call("Page.navigate", url=address)
                    yield one
                    listening.cancel()


async def walk(case: Path, port: int, home: Path, picture: Path | None = None) -> list[str]:
    """The walk.

    Args:
        case: a folder of evidence with a flow that is black-holed.
        port: where to serve.
        home: a folder for what the application keeps.
        picture: where a screenshot of the case is written.

    Returns:
        Every address that the page asked for.
    """
    command = [sys.executable, "-m", "tui.cli", "serve", "--port", str(port)]
    async with program(*command, XDG_STATE_HOME=str(home)) as server:
        assert server.stdout is not None
        address = (await asyncio.wait_for(server.stdout.readline(), _PATIENCE)).decode().strip()
        async with tab(address) as page:
            await page.sees("without")  # "Begin without evidence": the start page
            await page.type(str(case))
            await page.press("Enter", 13, "\r")
            await page.sees("black-holed")
            if picture is not None:
                await asyncio.sleep(1)
                await page.picture(picture)
            await page.type("8")
            await page.sees("Markdown")
            return page.requests


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as kept:
        shown = Path(sys.argv[2]) if len(sys.argv) > 2 else None
        asked = asyncio.run(walk(Path(sys.argv[1]), 8799, Path(kept), shown))
    sys.stdout.write("\n".join(asked) + "\n")
