"""Tell what an article says about itself: title, publisher, authors, date, language.

Works on patterns of newspapers, not on a list of them. What is not said is None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rag.ingest.clean import clean
from rag.ingest.published import find_modified, find_published, stated
from rag.schema import Metadata
from rag.text import language, sentences
from rag.text.language import ENGLISH_WORDS, INDONESIAN_WORDS

_TITLE_CHARS = 90  # of a title made from the first sentence
_VALUE_CHARS = 300  # of any value that is taken over
_TOP = 12  # paragraphs, from the first on, among which headline, byline and dateline stand
_BODY_WORDS = 12  # a paragraph of so many words that ends a sentence is the body

_DASH = re.compile(r"(?:\s+(?:-{1,2}|[–—―]{1,2})|(?<=[)\w])(?:--|[–—―]{1,2}|-))\s+|(?<=\))[–—―-]+")
_DOMAIN = re.compile(r"[\w-]+(?:\.(?:com|co|id|net|org|info|news|tv|my|sg|au|uk))+", re.IGNORECASE)
_BRACKETED = re.compile(r"([^()]*)\(([^\W\d_][^()]{1,39})\)\s*(.*)")
_COUNTRIES = frozenset({"AS", "US", "USA", "UK", "UEA", "UAE", "EU", "PNG"})
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_SOURCE = re.compile(r"(?:sumber(?: berita| artikel)?|source)\s*:\s*(.+)", re.IGNORECASE)
_URL = re.compile(r"https?://([^\s/?#@:]+)[^\s\x00-\x1f]*", re.IGNORECASE)
_BYLINE = re.compile(
    r"(?P<label>penulis|oleh|reporter|pewarta|wartawan|jurnalis|kontributor|laporan"
    r"|authors?|by|written by|reported by)(?P<colon>\s*:)?\s+(?P<names>.+)",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*[,;/&]\s*|\s+(?:dan|and|serta)\s+")
# A name is capitalised words with particles between them.
_NAME = re.compile(
    r"(?:[^\W\d_a-z][\w.'’-]*|bin|binti|van|von|der|den|de|da|dos|al|el|la|le)"
    r"(?: (?:[^\W\d_a-z][\w.'’-]*|bin|binti|van|von|der|den|de|da|dos|al|el|la|le)){0,6}"
)
_DEGREE = re.compile(r"(?:[A-Z][A-Za-z]{0,3}\.)+[A-Z]?[a-z]{0,3}\.?|[A-Z]{2,6}")
_LABELLED = re.compile(
    r"(?:foto|photo|image|gambar|ilustrasi|sumber|source|penulis|oleh|by|editor|redaktur|reporter"
    r"|pewarta|wartawan|author|baca(?: juga)?|read(?: more| also)?|lihat(?: juga)?|tags?|topik"
    r"|published|updated|diterbitkan|dipublikasikan|tayang|share|bagikan|komentar|iklan"
    r"|advertisement|caption)\s*:",
    re.IGNORECASE,
)
_CREDIT = re.compile(r"\([^()\d]{3,}\)$")  # ends a caption
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9-]+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dateline:
    """What opens a report: "Istanbul (ANTARA) - "."""

    publisher: str | None
    text: str  # without the dash
    end: int  # where the report goes on


def describe(
    text: str,
    *,
    source: str,
    front: Mapping[str, str],
    filename_stem: str | None,
    added: date,
) -> Metadata:
    """What is known of an article, from its front matter and from its text as `clean` gives it.

    The title is the one stated, else the headline, else the beginning of the first sentence
    ("…" marks the cut), else the file's name. `added` bounds an inferred date; it is never
    taken for one.
    """
    given = {key: value for key in front if (value := _value(front[key]))}
    paragraphs = text.split("\n\n")
    body = next((n for n, p in enumerate(paragraphs) if _is_body(p)), len(paragraphs))
    opening = paragraphs[body] if body < min(_TOP, len(paragraphs)) else ""
    dateline = _dateline(opening)
    published = stated(_first(given, "date", "published", "publish date", "pubdate", "tanggal"))
    published = published or find_published(
        paragraphs, body=body, dateline=dateline.text if dateline else "", added=added
    )
    changed = stated(_first(given, "modified", "updated", "last updated", "diperbarui"))
    modified = changed.day if changed else find_modified(paragraphs, body=body, added=added)
    if modified and published and modified < published.day:
        modified = None  # one of the two is not what it is called
    origin = _first(given, "publisher", "source", "sumber", "site", "media")
    title = _first(given, "title", "judul") or _headline(paragraphs[: min(body, _TOP)])
    authors = _first(given, "author", "authors", "penulis", "by", "byline")
    code = _LANGUAGE.fullmatch(_first(given, "language", "lang", "bahasa"))
    return Metadata(
        title=title or _made_title(opening or paragraphs[0], dateline) or filename_stem or source,
        source=source,
        url=_url(_first(given, "url", "link", "permalink", "canonical_url", "source")),
        publisher=(None if _url(origin) else origin)
        or (dateline.publisher if dateline else None)
        or _publisher_above(paragraphs[: min(body, _TOP)])
        or _stated_source(paragraphs),
        authors=tuple(filter(None, _LIST.split(authors))) or _bylines(paragraphs, body),
        published=published.day if published else None,
        published_at=published.at if published else None,
        published_basis=published.basis if published else None,
        modified=modified,
        language=code[1].lower() if code else language.detect(text),
    )


def _value(value: str) -> str:
    return " ".join(clean(value).split())[:_VALUE_CHARS].rstrip()


def _first(given: Mapping[str, str], *keys: str) -> str:
    return next((given[key] for key in keys if key in given), "")


def _url(value: str) -> str | None:
    return value if _URL.fullmatch(value) else None


def _is_body(paragraph: str) -> bool:
    words = len(paragraph.split())
    if _LABELLED.match(paragraph):
        return False
    return words >= 40 or (words >= _BODY_WORDS and bool(_SENTENCE_END.search(paragraph)))


def _dateline(paragraph: str) -> _Dateline | None:
    """The dateline of a report's first paragraph: places, an outlet or both before a dash."""
    if not (dash := _DASH.search(paragraph, 0, 100)):
        return None
    text = paragraph[: dash.start()].rstrip()
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed:
        place, publisher = bracketed[1] + " " + bracketed[3], bracketed[2].strip()
        if publisher in _COUNTRIES or len(publisher.split()) > 4:
            publisher = ""
    else:
        parts = [part.strip() for part in text.split(",")]
        publisher = next((part for part in parts if _is_outlet(part)), "")
        place = ",".join(part for part in parts if part != publisher)
    # All words of a place begin with a capital; months and days in it do as well.
    words = re.findall(r"[^\W\d_][\w.'’-]*", place)
    if len(words) > 6 or any(word[0].islower() for word in words):
        return None
    if not publisher and not (words and (text.isupper() or len(words) <= 2)):
        return None
    return _Dateline(publisher=publisher or None, text=text, end=dash.end())


def _is_outlet(part: str) -> bool:
    """A domain, or an acronym with another word: "KOMPAS.com", "CNN Indonesia", "NU Online"."""
    if _DOMAIN.fullmatch(part):
        return True
    words = part.split()
    return (
        2 <= len(words) <= 3
        and any(2 <= len(word) <= 5 and word.isupper() and word.isalpha() for word in words)
        and not part.isupper()
    )


def _publisher_above(head: Sequence[str]) -> str | None:
    """The outlet of a line such as "KOMPAS.com - 21/08/2024" or "Jakarta, CNN Indonesia --"."""
    for line in head:
        if line.endswith(("-", "–", "—")) and (dateline := _dateline(line + " ")):
            return dateline.publisher
        if (opening := _DOMAIN.match(line)) and _DASH.match(line, opening.end()):
            return opening[0]
    return None


def _stated_source(paragraphs: Sequence[str]) -> str | None:
    for line in paragraphs:
        if len(line) <= 120 and (match := _SOURCE.fullmatch(line)):
            name = match[1].strip(" .")
            if address := _URL.match(name):
                return address[1].lower().removeprefix("www.")
            if len(name.split()) <= 6:
                return name
    return None


def _bylines(paragraphs: Sequence[str], body: int) -> tuple[str, ...]:
    """The authors that lines of the text name; without a colon such a line stands at the top."""
    found: list[str] = []
    for number, line in enumerate(paragraphs):
        match = _BYLINE.fullmatch(line) if len(line) <= 120 else None
        if match and (match["colon"] or number < min(body + 1, _TOP)):
            found += _names(re.split(r"\s+[-–—|•·]\s+|\s*[|•·]\s*", match["names"])[0])
    return tuple(dict.fromkeys(found))[:10]


def _names(value: str) -> tuple[str, ...]:
    """The names in a list of them, without degrees and agencies."""
    parts = _LIST.split(value.strip())
    if not all(_NAME.fullmatch(part) for part in parts if part):
        return ()
    return tuple(p for p in parts if p and not _DEGREE.fullmatch(p) and not _is_outlet(p))


def _headline(head: Sequence[str]) -> str:
    """The first line above the body that reads like a headline; one of five words if there is."""
    for fewest in (5, 3):
        for line in head:
            if fewest <= len(line.split()) <= 30 and len(line) <= 250 and _heads(line):
                return line
    return ""


def _heads(line: str) -> bool:
    if line.endswith((".", ",", ":", ";", "-", "–", "—")) or _CREDIT.search(line):
        return False
    if _LABELLED.match(line) or len(line) < 12:
        return False
    if (byline := _BYLINE.fullmatch(line)) and _names(byline["names"]):
        return False
    if len(re.findall(r"[|›»>•]|\s/\s", line)) > 1 or re.match(r"[-*•]\s", line):
        return False
    words = re.findall(r"[^\W_][\w'’-]*", line)
    if sum(map(str.isdigit, words)) * 2 > len(words) or (stated(line) and len(words) < 9):
        return False  # a date or a score
    return not _is_menu(words)


def _is_menu(words: Sequence[str]) -> bool:
    """Whether the words are the names of sections: eight capitals and hardly a function word."""
    if len(words) < 8 or any(word[0].islower() for word in words):
        return False
    function = sum(word.lower() in INDONESIAN_WORDS | ENGLISH_WORDS for word in words)
    return function * 8 < len(words)


def _made_title(paragraph: str, dateline: _Dateline | None) -> str:
    """The beginning of the first sentence, cut between words."""
    start = dateline.end if dateline else 0
    spans = sentences.spans(paragraph[start : start + 4 * _TITLE_CHARS])
    if not spans:
        return ""
    sentence = paragraph[start + spans[0].start : start + spans[0].end]
    if len(sentence) <= _TITLE_CHARS:
        return sentence.rstrip(".")
    cut = sentence.rfind(" ", 0, _TITLE_CHARS)
    return sentence[: cut if cut > 0 else _TITLE_CHARS].rstrip(" ,;:-–—") + "…"
