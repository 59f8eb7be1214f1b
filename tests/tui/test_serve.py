"""`ipsecdx serve`: who does not have the printed address gets nothing, and the page loads nothing from elsewhere."""

from __future__ import annotations

import asyncio
import gc
import re
import sys
import warnings
from collections.abc import Awaitable, Callable
from importlib.resources import files

import pytest

pytest.importorskip("textual_serve")

from aiohttp import ClientSession, CookieJar, WSServerHandshakeError, web

from tui import cli, guide_commands
from tui.serving import BrowserServer, is_loopback

KEY = "correct-horse"
Ask = Callable[[ClientSession, str], Awaitable[None]]


def served(ask: Ask, command: str = "true") -> None:
    """Serve on a free port, and ask."""

    async def go() -> None:
        server = BrowserServer(["guide"], "127.0.0.1", 8000, key=KEY)
        server.command = command
        runner = web.AppRunner(await server._make_app())
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
                await ask(session, f"http://{host}:{port}")
        finally:
            await runner.cleanup()
            await _let_go()

    asyncio.run(go())


async def _let_go() -> None:
    """Collect the process of a window, which textual-serve leaves to the garbage collector.

    Here, while there is a loop in which it can be closed, and not in somebody else's test.
    """
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    del left
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    await asyncio.sleep(0.1)


def test_without_the_address_there_is_nothing() -> None:
    async def ask(session: ClientSession, root: str) -> None:
        for path in ("/", "/?key=wrong", "/?key=%C3%A9", "/ws", "/static/js/textual.js", "/download/1"):
            async with session.get(root + path) as answer:
                assert answer.status == 403, path

    served(ask)


def test_the_address_gives_the_page_and_leaves_the_address_bar() -> None:
    async def ask(session: ClientSession, root: str) -> None:
        async with session.get(f"{root}/?key={KEY}") as answer:
            assert answer.status == 200
            assert str(answer.url) == f"{root}/"
            assert answer.history[0].cookies["ipsecdx-8000"]["httponly"]
            page = await answer.text()
        assert not re.search(r"(?:https?:)?//[a-z0-9]", page)
        async with session.get(f"{root}/static/js/textual.js") as answer:
            assert answer.status == 200

    served(ask)


def test_a_page_of_another_origin_cannot_connect_even_with_the_cookie() -> None:
    async def ask(session: ClientSession, root: str) -> None:
        async with session.get(f"{root}/?key={KEY}"):
            pass
        for origin in ("http://elsewhere.example", "null", "http://127.0.0.1:1"):
            with pytest.raises(WSServerHandshakeError, match="403"):
                await session.ws_connect(f"{root}/ws", headers={"Origin": origin})
        async with session.ws_connect(f"{root}/ws", headers={"Origin": root}) as connection:
            assert not connection.closed

    served(ask)


@pytest.mark.parametrize(
    ("host", "answer"),
    [("127.0.0.1", True), ("localhost", True), ("0.0.0.0", False), ("no.such.invalid", False)],
)
def test_loopback_is_told_from_the_rest(host: str, answer: bool) -> None:
    assert is_loopback(host) is answer


def test_each_key_is_another_one_and_each_window_gets_the_command_line() -> None:
    one, other = (BrowserServer(["guide", "--", "a b/"], "::1", 8000) for _ in range(2))
    assert one.address != other.address
    assert one.address.startswith("http://[::1]:8000/?key=")
    assert one.command == f"{sys.executable} -m tui.cli guide -- 'a b/'"


def test_serve_says_where_and_warns_where_others_can_come(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(BrowserServer, "serve", lambda _server: None)
    assert cli.main(["serve", "case", "--lang", "ko"]) == cli.DONE
    told = capsys.readouterr()
    assert told.out.startswith("http://127.0.0.1:8000/?key=")
    assert told.err == ""
    assert cli.main(["serve", "--host", "0.0.0.0"]) == cli.DONE
    assert "can be reached from other machines" in capsys.readouterr().err


def test_an_address_that_cannot_be_used_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def taken(_server: BrowserServer) -> None:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(BrowserServer, "serve", taken)
    assert cli.main(["serve"]) == cli.WRONG
    assert capsys.readouterr().err.count("\n") == 1
    assert cli.main(["serve", "--port", "0"]) == cli.WRONG
    assert "1 to 65535" in capsys.readouterr().err


def test_without_textual_serve_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "tui.serving")
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    assert cli.main(["serve"]) == cli.WRONG
    assert "pip install 'ipsecdx[serve]'" in capsys.readouterr().err


def test_the_command_line_of_a_window_is_one_that_the_program_knows() -> None:
    options = cli._parser().parse_args(["serve", "a", "b", "--kb", "more", "--lang", "ko"])
    window = cli._parser().parse_args(guide_commands._arguments(options))
    assert (window.command, window.paths, window.lang, window.overlays) == (
        "guide",
        ["a", "b"],
        "ko",
        ["more"],
    )


def test_a_window_has_the_language_of_its_case_unless_another_is_asked_for() -> None:
    options = cli._parser().parse_args(["serve", "a.ipsecdx.json"])
    assert "--lang" not in guide_commands._arguments(options)


def test_the_page_is_in_the_package() -> None:
    assert (files("tui") / "serving_page" / "app_index.html").is_file()
