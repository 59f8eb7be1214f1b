"""The commands around the guided application: `replay` judges a saved case again, `serve` shows it in a browser."""

from __future__ import annotations

from argparse import Namespace

from tui import output
from tui.cli import DONE, FOUND, WRONG
from tui.opening import knowledge, words_of, wrong


def replay(options: Namespace) -> int:
    """`ipsecdx replay FILE`.

    Returns:
        0 the same verdicts; 1 others; 2 the case or its evidence cannot be read.
    """
    from engine.judge import Judge
    from engine.replay import NothingToReplay
    from engine.replay import replay as run
    from engine.saved import SavedCaseError, load

    try:
        saved = load(options.file)
    except SavedCaseError as error:
        wrong(options.lang or "en", error.key, **error.values)
        return WRONG
    kb = knowledge(options.overlays)
    if kb is None:
        return WRONG
    lang = options.lang or saved.lang
    try:
        replayed = run(saved, Judge(kb))
    except NothingToReplay as nothing:
        from tui.commands import _nothing_readable

        _nothing_readable(nothing.troubles, kb, lang)
        return WRONG
    if options.format == "json":
        import msgspec

        output.out(msgspec.json.format(msgspec.json.encode(replayed), indent=2).decode() + "\n")
    else:
        from engine.render import replay_text

        output.out_lines(replay_text.lines(replayed, words_of(kb, lang)))
    return DONE if replayed.same else FOUND


def serve(options: Namespace) -> int:
    """`ipsecdx serve [PATH...]`: until it is interrupted.

    Returns:
        0 ended; 2 textual-serve is not installed, or the address cannot be used.
    """
    if not 0 < options.port < 65536:
        output.err(f"--port {options.port}: a number from 1 to 65535 is expected")
        return WRONG
    try:
        from tui.serving import BrowserServer, is_loopback
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith(("textual_serve", "aiohttp")):
            raise
        output.err("serve needs textual-serve, which is not installed: pip install 'ipsecdx[serve]'")
        return WRONG
    if not is_loopback(options.host):
        output.err(
            f"{options.host} can be reached from other machines: whoever has the address that is printed reads "
            "this machine's files with your rights, and nothing is encrypted"
        )
    server = BrowserServer(_arguments(options), options.host, options.port)
    output.out_lines([server.address])
    try:
        server.serve()
    except OSError as error:
        output.err(
            f"{options.host}:{options.port} cannot be used: {error.strerror or error} (--port chooses another)"
        )
        return WRONG
    return DONE


def _arguments(options: Namespace) -> list[str]:
    """The command line of the application that each browser window gets."""
    overlays = [part for folder in options.overlays for part in ("--kb", folder)]
    lang = ["--lang", options.lang] if options.lang else []
    return ["guide", *lang, *overlays, "--", *options.paths]
