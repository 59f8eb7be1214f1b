r"""Text made harmless: what would steer a terminal or disguise a line is shown as an escape instead.

Evidence is untrusted. A log line may hold terminal escapes (ESC, the C1 control CSI), characters that reorder or
hide text (bidirectional overrides, zero-width spaces, tags), and a file name may hold bytes that no encoding can
print. All of them come out as `\x1b` or `\u202e`.
"""

from __future__ import annotations

import re

# Controls but tab; soft hyphen; bidirectional and invisible formatting; line separators; lone surrogates; tags.
_HARMFUL = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def visible(text: str) -> str:
    """One line of text with its harmful characters shown as escapes; tab and everything readable stays."""
    return _HARMFUL.sub(_escape, text)


def prose(text: str) -> str:
    """A sentence as one harmless line: white space folded, line breaks included."""
    return visible(" ".join(text.split()))
