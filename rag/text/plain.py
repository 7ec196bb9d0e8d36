"""Text without what only a terminal, a browser or an attacker would notice."""

from __future__ import annotations

import re
import unicodedata

# What a reader cannot see and a terminal or a page might obey: controls (with the escape that
# begins a terminal's commands), soft hyphens, zero-width and bidirectional marks, variation
# selectors, the interlinear and tag characters that hide text, and lone surrogates. Controls
# that part words or lines stay; they are white space.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""The text without what cannot be seen; white space of every kind stays.

    >>> visible("a\x1b[31mb\u202ec")
    'a[31mbc'
    """
    return _UNSEEN.sub("", text)


def one_line(text: str) -> str:
    r"""The text in NFC on one line: controls gone, every run of white space one space.

    >>> one_line("  siapa\n\x00 dia? ")
    'siapa dia?'
    """
    return " ".join(visible(unicodedata.normalize("NFC", " ".join(text.split()))).split())
