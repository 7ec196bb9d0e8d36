"""Text without what only a terminal, a browser or an attacker would notice."""

from __future__ import annotations

import re
import unicodedata

# C0 and C1 controls but tab and newline, lone surrogates, soft hyphen, zero-width and
# bidirectional marks, the byte order mark, language tags and interlinear marks.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    r"""The text without controls (tab and newline stay) and invisible marks.

    >>> visible("a\x1b[31mb\u202ec")
    'a[31mbc'
    """
    return _HIDDEN.sub("", text)


def one_line(text: str) -> str:
    r"""The text in NFC on one line: controls gone, every run of white space one space.

    >>> one_line("  siapa\n\x00 dia? ")
    'siapa dia?'
    """
    return " ".join(visible(unicodedata.normalize("NFC", " ".join(text.split()))).split())
