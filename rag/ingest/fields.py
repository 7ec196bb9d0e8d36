"""Tell what a person wrote into a file's fields from what a program put there by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Titles that programs give: of the file, of the program, of nothing.
_NO_TITLE = re.compile(
    r"untitled.*|tanpa judul|(?:new |word )?(?:document|doc|dokumen)\s*\d*"
    r"|microsoft (?:office )?(?:word|powerpoint|excel|publisher) ?[-–].*"
    r"|(?:power ?point )?presentation\s*\d*"
    r"|(?:slide|layout|page|halaman|book|sheet)\s*\d+|about:blank|print|(?:https?|file)://\S+"
    r"|.*\.(?:docx?|odt|rtf|pdf|indd|qxd|qxp|ai|pptx?|xlsx?|pub|pages|tex|dvi|html?|txt|p65|pmd)"
    r"|[\W\d_]*|[0-9a-f-]{16,}",
    re.IGNORECASE,
)
# Names of accounts, makes and programs, which programs put down as the author.
_NO_AUTHOR = re.compile(
    r"\b(?:users?|pengguna|admin(?:istrator)?|owner|pemilik|author|penulis|unknown|anonymous|guest"
    r"|root|pc|laptop|desktop|computer|komputer|windows|microsoft|office|adobe|acrobat|canva|asus"
    r"|acer|lenovo|toshiba|dell|hp|samsung|indesign|quark|scanner|printer|python|apache|default)\b",
    re.IGNORECASE,
)


def title_of(candidates: Iterable[str]) -> str | None:
    """The first that a person gave to the text, not a program to the file."""
    for candidate in candidates:
        title = " ".join(candidate.split())
        if len(title) > 2 and not _NO_TITLE.fullmatch(title):
            return title
    return None


def authors_of(candidates: Iterable[str], programs: Iterable[str] = ()) -> str | None:
    """The names of persons among the candidates, joined by "; ".

    A single word is an account as often as a name, so it is not taken.
    """
    found = []
    for candidate in candidates:
        if candidate.casefold() in programs:
            continue
        for part in candidate.split(";"):
            name = " ".join(part.split())
            words = name.split()
            if len(words) < 2 or len(name) > 80 or _NO_AUTHOR.search(name) or "@" in name:
                continue
            if name not in found and words[0][:1].isupper() and not re.search(r"[\d\\/_]", name):
                found.append(name)
    return "; ".join(found) or None
