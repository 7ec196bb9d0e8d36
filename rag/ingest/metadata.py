"""Tell what an article says about itself: title, publisher, authors, date, language.

Works on patterns of newspapers, not on a list of them. What is not said is None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from rag.ingest.bylines import TOP, authors_of, is_byline, is_full_name, listed
from rag.ingest.clean import clean
from rag.ingest.outlets import (
    Dateline,
    dateline_after,
    dateline_of,
    is_brand,
    publisher_above,
    rights_holder,
    signed,
    stated_source,
)
from rag.ingest.published import find_modified, find_published, stated
from rag.schema import Metadata
from rag.text import language, sentences
from rag.text.language import ENGLISH_WORDS, INDONESIAN_WORDS, word_set

_TITLE_CHARS = 90  # of a title made from the first sentence
_VALUE_CHARS = 300  # of any value that is taken over
_BODY_WORDS = 12  # a paragraph of so many words that ends a sentence is the body

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_URL = re.compile(r"https?://([^\s/?#@:]+)[^\s\x00-\x1f]*", re.IGNORECASE)
_LABELLED = re.compile(
    r"(?:foto|photo|image|gambar|ilustrasi|sumber|source|penulis|oleh|by|editor|redaktur|reporter"
    r"|pewarta|wartawan|author|baca(?: juga)?|read(?: more| also)?|lihat(?: juga)?|tags?|topik"
    r"|published|updated|diterbitkan|dipublikasikan|tayang|share|bagikan|komentar|iklan"
    r"|advertisement|caption)\s*:",
    re.IGNORECASE,
)
_CREDIT = re.compile(r"\([^()\d]{3,}\)$")  # ends a caption
_SUBJECT = re.compile(r"(?:subject|subjek|perihal|judul|headline)\s*:\s*(\S.*)", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“‘'«].*[\"”’'»]")
_TIMES = re.compile(
    r"\b(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad"
    r"|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)\b\D{0,3}\d|\d ?\S+ (?:ago|lalu|baca|read)\b"
    r"|\bwaktu baca\b|\b(?:WIB|WITA|WIT)\b|\d[/:]\d",
    re.IGNORECASE,
)
_SECTIONS = word_set(
    "home beranda news berita terkini terbaru terpopuler utama top nasional internasional dunia",
    "world daerah ekonomi bisnis business politik politics olahraga sports hukum opini opinion",
    "gaya hidup lifestyle teknologi technology hiburan entertainment foto video",
)
_LANGUAGE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9-]+)?", re.IGNORECASE)


def describe(
    text: str,
    *,
    source: str,
    front: Mapping[str, str],
    filename_stem: str | None,
    added: date,
    removed: Sequence[str] = (),
) -> Metadata:
    """What is known of an article, from its front matter and from its text as `clean` gives it.

    The title is the one stated, else the headline, else the beginning of the first sentence
    ("…" marks the cut), else the file's name. `added` bounds an inferred date; it is never
    taken for one. `removed` are the lines taken out as furniture: a notice of rights in them
    may name the publisher.
    """
    given = {key: value for key in front if (value := _value(front[key]))}
    paragraphs = text.split("\n\n")
    body = next((n for n, p in enumerate(paragraphs) if _is_body(p)), len(paragraphs))
    opening = paragraphs[body] if body < min(TOP, len(paragraphs)) else ""
    dateline = dateline_of(opening)
    report = dateline_after(paragraphs[body:TOP])
    published = stated(_first(given, "date", "published", "publish date", "pubdate", "tanggal"))
    if published and published.day > added + timedelta(days=1):
        published = None  # nothing is published after it was added
    published = published or find_published(
        paragraphs, body=body, dateline=dateline.text if dateline else "", added=added
    )
    changed = stated(_first(given, "modified", "updated", "last updated", "diperbarui"))
    modified = changed.day if changed else find_modified(paragraphs, body=body, added=added)
    if modified and published and modified < published.day:
        modified = None  # one of the two is not what it is called
    origin = _first(given, "publisher", "source", "sumber", "site", "media")
    head = paragraphs[: min(body, TOP)]
    title = _first(given, "title", "judul") or _headline(head, whole=body < len(paragraphs))
    authors = _first(given, "author", "authors", "penulis", "by", "byline")
    code = _LANGUAGE.fullmatch(_first(given, "language", "lang", "bahasa"))
    return Metadata(
        title=title or _made_title(opening or paragraphs[0], dateline) or filename_stem or source,
        source=source,
        url=_url(_first(given, "url", "link", "permalink", "canonical_url", "source")),
        publisher=(None if _url(origin) else origin)
        or (dateline.publisher if dateline else None)
        or (report.publisher if report else None)
        or publisher_above(head)
        or next((found[1] for line in head[1:] if (found := _signed(line))), None)
        or rights_holder(paragraphs, removed)
        or stated_source(paragraphs),
        authors=listed(authors) or authors_of(paragraphs, body),
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


def _signed(line: str) -> tuple[str, str] | None:
    """What `signed` says of a line that a person or a date begins; a headline may have a dash."""
    found = signed(line)
    return found if found and (is_full_name(found[0]) or stated(found[0])) else None


def _is_sentence(line: str) -> bool:
    return len(line.split(maxsplit=2)) > 1 and bool(_SENTENCE_END.search(line[-9:]))


def _headline(head: Sequence[str], *, whole: bool) -> str:
    """The first line above the body that reads like a headline; one of five words if there is.

    The subject of a letter goes first. Two words are a headline where they open the text and
    nothing longer is one; `whole` says that a body follows.
    """
    for line in head:
        if len(line) <= _VALUE_CHARS and (subject := _SUBJECT.fullmatch(line)):
            return subject[1]
    begun = [n for n, line in enumerate(head) if _is_sentence(line)][1:2]
    lines = head[: begun[0]] if begun else head  # after two sentences the text has begun
    for fewest in (5, 3):
        for number, line in enumerate(lines):
            words = len(line.split())
            if not (fewest <= words <= 30 and len(line) <= 250 and _heads(line)):
                continue
            if number and (_QUOTED.fullmatch(line) or _signed(line)):
                continue  # someone speaks; "Ana Dewi - detikNews"
            if words < 5 and _TIMES.search(line):
                continue
            return line
    return head[0] if whole and head and _is_short_headline(head[0]) else ""


def _is_short_headline(line: str) -> bool:
    words = line.split()
    return (
        len(words) == 2
        and len(line) <= 60
        and line[0].isupper()
        and all(re.fullmatch(r"[^\W_][\w'’-]*[!?]?", word) for word in words)
        and not (is_brand(line) or is_byline(line) or stated(line) or _TIMES.search(line))
        and not all(word.lower() in _SECTIONS for word in words)
    )


def _heads(line: str) -> bool:
    if line.endswith((".", ",", ":", ";", "-", "–", "—")) or _CREDIT.search(line):
        return False
    if _LABELLED.match(line) or len(line) < 12 or is_byline(line):
        return False
    if len(re.findall(r"[|›»>•]|\s/\s", line)) > 1 or re.match(r"[-*•>]\s", line):
        return False
    words = re.findall(r"[^\W_][\w'’-]*", line)
    if sum(map(str.isdigit, words)) * 2 > len(words) or (stated(line) and len(words) < 9):
        return False  # a date or a score
    return not _is_menu(words)


def _is_menu(words: Sequence[str]) -> bool:
    """Whether the words are the names of sections: eight capitals and hardly a function word.

    A headline may be written so too, but few of its words are such names.
    """
    if len(words) < 8 or any(word[0].islower() for word in words):
        return False
    function = sum(word.lower() in INDONESIAN_WORDS | ENGLISH_WORDS for word in words)
    sections = sum(word.lower() in _SECTIONS for word in words)
    return function * 8 < len(words) and sections * 4 >= len(words)


def _made_title(paragraph: str, dateline: Dateline | None) -> str:
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
