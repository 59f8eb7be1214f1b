"""The guided application in a browser: textual-serve, made safe enough for a program that reads files.

textual-serve shows a Textual application to whoever connects. That is too many here: every web page that the browser
has open can connect to a port of this machine, and so can every other user of it. So the address carries a secret,
made anew at each start; the first request exchanges it for a cookie, and a connection needs that cookie and, where
the browser names its origin, this very origin. The page itself loads nothing from elsewhere.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import shlex
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from importlib.resources import files
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

_Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address or host name."""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return bool(found) and all(
        ipaddress.ip_address(str(address).split("%")[0]).is_loopback for address in found
    )


class BrowserServer(Server):
    """Serves one command line of ipsecdx; each browser window gets a process of its own.

    Args:
        arguments: of ipsecdx: `["guide", "case/"]`.
        host: where to listen.
        port: where to listen.
        key: the secret of the address; made anew where it is not given.
    """

    def __init__(self, arguments: Sequence[str], host: str, port: int, *, key: str | None = None) -> None:
        command = shlex.join([sys.executable, "-m", "tui.cli", *arguments])
        super().__init__(
            command, host=host, port=port, title="ipsecdx", templates_path=str(files("tui") / "serving_page")
        )
        self._key = key or secrets.token_urlsafe(24)
        self._cookie = f"ipsecdx-{port}"  # a browser keeps cookies by host, whatever the port
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{port}/?key={self._key}"

    def initialize_logging(self) -> None:
        """Nothing is logged: the address and what goes wrong are said by the command."""

    async def on_startup(self, app: web.Application) -> None:
        """No banner."""

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guarded)
        return app

    @property
    def _guarded(self) -> Any:
        """Every request: the secret or its cookie, and no foreign origin."""

        @web.middleware
        async def guard(request: web.Request, handler: _Handler) -> web.StreamResponse:
            given = request.query.get("key", "")
            if given and self._is_key(given):
                # The secret leaves the address bar, and with it the history.
                response: web.StreamResponse = web.Response(status=303, headers={"Location": "/"})
                response.set_cookie(self._cookie, self._key, httponly=True, samesite="Lax")
            elif not self._is_key(request.cookies.get(self._cookie, "")) or _is_foreign(request):
                response = web.Response(status=403, text="Open the address that `ipsecdx serve` printed.\n")
            else:
                response = await handler(request)
            if not response.prepared:
                response.headers.update(_HEADERS)
            return response

        return guard

    def _is_key(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._key.encode())


def _is_foreign(request: web.Request) -> bool:
    """Whether a page of another origin makes the request; old browsers and tools name none."""
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host
