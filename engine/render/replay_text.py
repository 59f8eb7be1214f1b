"""What came of a replay, as lines.

branch-7: different verdicts: 1 of 27
  desync-proven  R1/flow/198.51.100.1/192.0.2.2/0x1DB73BBB: confirmed -> likely
evidence: changed: captures/r2.txt
knowledge base: the same, 2026.11 (3f0c5d1a7b22)
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.render.page_words import page_words
from engine.render.visible import prose
from engine.render.words import Words
from engine.replay import Replay, shown


def lines(replayed: Replay, words: Words) -> Iterator[str]:
    """The lines, without line endings.

    Args:
        replayed: what came of it.
        words: the fixed words of the language.
    """
    say = page_words(words.lang)
    if replayed.same:
        yield say("replay.same", case=prose(replayed.case), n=replayed.verdicts)
    else:
        n, every = len(replayed.differences), replayed.verdicts
        yield say("replay.differ", case=prose(replayed.case), n=n, all=every)
    for one in replayed.differences:
        before, now = words(f"verdict.{one.saved}"), words(f"verdict.{one.now}")
        subject = prose(one.subject) or "-"
        told = say(
            "replay.difference", hypothesis=prose(one.hypothesis), subject=subject, saved=before, now=now
        )
        yield f"  {told}"
    if not replayed.evidence:
        yield say("replay.evidence-same")
    for change in replayed.evidence:
        yield say(f"replay.evidence-{change.what}", path=prose(shown(change.path)))
    saved, kb = replayed.kb_saved, replayed.kb_now
    if saved == kb:
        yield say("replay.kb-same", version=kb.version, digest=kb.digest[:12])
    else:
        yield say(
            "replay.kb-changed", saved=prose(saved.version), saved_digest=prose(saved.digest[:12]),
            now=kb.version, now_digest=kb.digest[:12],
        )  # fmt: skip
