"""The lines of a source as a screen shows them: any of them at once, however large the source is.

Where the lines begin is counted block by block, in a thread; until that is done, the lines counted so far can be
shown. Only lines that are looked at are ever decoded, and every one of them is redacted on its way to the screen.
`Source` keeps caches that belong to the engine's thread, so its bytes are read here without it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left

from rich.cells import cell_len

from engine.evidence.look import BLOCK
from engine.evidence.redact import redact
from engine.evidence.search import Data
from engine.evidence.source import LONGEST_LINE, Source, clean, decode, starts_in
from engine.render.visible import visible

# Lines are decoded in runs of so many, so that a screen costs one or two of them.
_RUN = 32
_RUNS_KEPT = 64
_BLOCKS_KEPT = 64
# How far back a private key may have begun. The largest that IOS makes (4096 bits) has about 3,300 bytes.
_KEY_BYTES = 1 << 14
_KEY_BEGIN = "-----BEGIN PRIVATE KEY-----"
_TAB = 8


class Lines:
    """The lines of one source, numbered from 1.

    One thread counts (`count_next`); any thread may ask. What is known only ever grows.

    Attributes:
        path: of the source, as shown.
        data: its bytes.
        known: how many lines can be shown: all of them once it is complete. An empty source has one empty line.
        complete: the whole source is counted.
    """

    def __init__(self, source: Source) -> None:
        self.path = source.path
        self.data: Data = source.data
        self._feeds = array("Q", [0])  # line feeds before each block, as far as counted
        self._starts: dict[int, array[int]] = {}  # where the lines behind each line feed of a block begin
        self._runs: dict[int, list[str]] = {}
        self.known = 1
        self.complete = False
        self.count_next()

    @property
    def progress(self) -> float:
        """How much is counted, 0 to 1."""
        return 1.0 if self.complete else (len(self._feeds) - 1) * BLOCK / len(self.data)

    def count_next(self) -> bool:
        """Count one more block; False where nothing is left to count."""
        if self.complete:
            return False
        begin = (len(self._feeds) - 1) * BLOCK
        feeds = self._feeds[-1] + self.data[begin : begin + BLOCK].count(b"\n")
        self._feeds.append(feeds)
        is_last = begin + BLOCK >= len(self.data)
        self.known = feeds if is_last and feeds and self.data[-1:] == b"\n" else feeds + 1
        self.complete = is_last
        return not is_last

    def start(self, number: int) -> int:
        """The byte offset at which a line begins; that of the end for a line behind the last known one."""
        feed, counted = number - 1, self._feeds
        if feed < 1:
            return 0
        if counted[-1] < feed:
            return min((len(counted) - 1) * BLOCK, len(self.data))
        block = bisect_left(counted, feed) - 1
        return self._starts_in(block)[feed - counted[block]]

    def shown(self, number: int) -> str:
        """One line as the screen may show it: redacted, harmless, tabs as blanks; "" for a line that is not there."""
        if not 1 <= number <= self.known:
            return ""
        run, place = divmod(number - 1, _RUN)
        texts = self._runs.get(run)
        if texts is None or place >= len(texts):
            if len(self._runs) >= _RUNS_KEPT:
                self._runs.clear()
            texts = self._runs[run] = self._decoded(run * _RUN + 1)
        return texts[place]

    def _decoded(self, first: int) -> list[str]:
        starts = [self.start(number) for number in range(first, min(first + _RUN - 1, self.known) + 1)]
        texts = [raw_line(self.data, start) for start in starts]
        if self._in_private_key(starts[0]):
            texts = redact("\n".join([_KEY_BEGIN, *texts])).split("\n")[1:]
        else:
            texts = redact("\n".join(texts)).split("\n")
        return [harmless(text) for text in texts]

    def _in_private_key(self, offset: int) -> bool:
        """Whether a private key began shortly before this line and has not ended: its last line looks harmless."""
        data, back = self.data, max(0, offset - _KEY_BYTES)
        begin = data.rfind(b"-----BEGIN ", back, offset)
        if begin < 0 or data.find(b"PRIVATE KEY-----", begin, min(begin + 64, offset)) < 0:
            return False
        return data.rfind(b"-----END ", begin, offset) < 0

    def _starts_in(self, block: int) -> array[int]:
        known = self._starts.get(block)
        if known is None:
            if len(self._starts) >= _BLOCKS_KEPT:
                self._starts.clear()
            known = self._starts[block] = starts_in(self.data, block * BLOCK, BLOCK)
        return known


def raw_line(data: Data, start: int) -> str:
    """The line that begins at an offset, cut off at LONGEST_LINE bytes, not redacted: for matching, not for showing."""
    ceiling = start + LONGEST_LINE
    end = data.find(b"\n", start, ceiling)
    if end >= 0:
        return clean(decode(data[start:end]))
    text = clean(decode(data[start:ceiling]))
    return f"{text} …" if ceiling < len(data) else text


def harmless(text: str) -> str:
    """A redacted line as a terminal may have it: controls as escapes, tabs as blanks."""
    return visible(text).expandtabs(_TAB)


def window(text: str, left: int, width: int) -> tuple[int, str, bool]:
    """What of a line is in view from a column on: the index of its first character, the characters, and whether more follows."""
    if text.isascii():
        more = len(text) > left + width
        return left, text[left : left + width - more], more
    start, column = 0, 0
    while start < len(text) and column < left:
        column += cell_len(text[start])
        start += 1
    end, column = start, 0
    while end < len(text) and column + cell_len(text[end]) <= width:
        column += cell_len(text[end])
        end += 1
    more = end < len(text)
    while more and end > start and column > width - 1:
        end -= 1
        column -= cell_len(text[end])
    return start, text[start:end], more
