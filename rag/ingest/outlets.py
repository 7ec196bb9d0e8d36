"""Tell which outlet published an article: by its dateline, its head, its foot, its source line.

An outlet is known by the shape of its name and by where it stands, not by a list of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.text.language import word_set

_DASH = re.compile(r"(?:\s+(?:-{1,2}|[–—―]{1,2})|(?<=[)\w])(?:--|[–—―]{1,2}|-))\s+|(?<=\))[–—―-]+")
_DOMAIN = re.compile(r"[\w-]+(?:\.(?:com|co|id|net|org|info|news|tv|my|sg|au|uk))+", re.IGNORECASE)
_BRACKETED = re.compile(r"([^()]*)\(([^\W\d_][^()]{1,39})\)\s*(.*)")
_COUNTRIES = frozenset({"AS", "US", "USA", "UK", "UEA", "UAE", "EU", "PNG"})
_PLACES = _COUNTRIES | {"NTT", "NTB", "DKI", "DIY", "NYC", "KL", "HK"}
_ACRONYM = re.compile(r"[B-DF-HJ-NP-TV-XZ]{3,5}")  # without a vowel it is no town
# What newspapers and stations call themselves in both languages.
_OUTLET_WORDS = word_set(
    "berita chronicle courier daily express gazette harian herald journal kabar koran media news",
    "newspaper online pos post press radio star suara times tribun tribune tv warta weekly",
)
# "detikNews", "detikcom", "tvOne"
_BRAND = re.compile(r"[a-z][A-Za-z]*(?i:com|news|online|media|tv)|tv[A-Z][A-Za-z]+")
_SIGNED = re.compile(r"(?P<who>.{3,60}?)\s+(?:[-–—|•·])\s+(?P<outlet>\S+(?: \S+){0,2})")
_SOURCE = re.compile(r"(?:sumber(?: berita| artikel)?|source)\s*:\s*(.+)", re.IGNORECASE)
_SEVERAL = re.compile(
    r"[,;/]|\b(?:and|dan|serta|agencies|agensi|berbagai|various|kantor berita)\b", re.IGNORECASE
)
_URL = re.compile(r"https?://([^\s/?#@:]+)[^\s\x00-\x1f]*", re.IGNORECASE)
_YEARS = r"(?:19|20)\d\d(?:\s*[-–—]\s*(?:(?:19|20)\d\d)?)?"
_COPYRIGHT = re.compile(
    r"(?:copyright|hak cipta|©|\([cC]\))[\s:@©]*(?:\([cC]\)\s*)?(?P<before>"
    rf"{_YEARS}[\s,:©]+(?:by |oleh )?)?(?P<name>[^\W_].*)",
    re.IGNORECASE,
)
_NAME_END = re.compile(
    r"[.,;|(]\s|[.,;|()]$|\s\(|\s+[-–—|•·]\s|\s+(?:all rights?|hak cipta|or its|dan/atau)\b"
    rf"|\s+{_YEARS}",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"(?:PT|CV)\b\.?\s*", re.IGNORECASE)
_NOTICE_CHARS = 300
_FOOT = 3  # paragraphs at the end of the text among which a notice may stand
_LATER = 6  # paragraphs, from the body's first on, where the report may begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """What opens a report: "Istanbul (ANTARA) - "."""

    publisher: str | None
    text: str  # without the dash
    end: int  # where the report goes on


def dateline_of(paragraph: str) -> Dateline | None:
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
        publisher = next((part for part in parts if is_outlet(part)), "")
        if not publisher and len(parts) > 1:
            publisher = next((part for part in parts[1:] if _is_titled(part)), "")
        place = ",".join(part for part in parts if part != publisher)
        if _opens_alone(text, dash[0], paragraph[dash.end() :]):
            publisher, place = text, ""
    # All words of a place begin with a capital; months and days in it do as well.
    words = re.findall(r"[^\W\d_][\w.'’-]*", place)
    if len(words) > 6 or any(word[0].islower() for word in words):
        return None
    if not publisher and not (words and (text.isupper() or len(words) <= 2)):
        return None
    return Dateline(publisher=publisher or None, text=text, end=dash.end())


def _opens_alone(text: str, dash: str, report: str) -> bool:
    """Whether "CNN — " opens a report: an acronym that the report is not about, and no place."""
    return (
        bool(_ACRONYM.fullmatch(text))
        and text not in _PLACES
        and dash.strip() != "-"
        and report[:1].isupper()
        and text not in report
    )


def dateline_after(paragraphs: Sequence[str]) -> Dateline | None:
    """The first of the body's first paragraphs' datelines that names an outlet by its shape."""
    for paragraph in paragraphs[:_LATER]:
        line = dateline_of(paragraph)
        if line and line.publisher and (is_outlet(line.publisher) or _is_titled(line.publisher)):
            return line
    return None


def is_outlet(part: str) -> bool:
    """A domain, or an acronym with another word: "KOMPAS.com", "CNN Indonesia", "NU Online"."""
    if _DOMAIN.fullmatch(part):
        return True
    words = part.split()
    return (
        2 <= len(words) <= 3
        and any(2 <= len(word) <= 5 and word.isupper() and word.isalpha() for word in words)
        and not part.isupper()
    )


def is_brand(part: str) -> bool:
    """Whether it is an outlet, or one word spelt like one: "detikNews", "tvOne"."""
    return is_outlet(part) or bool(_BRAND.fullmatch(part))


def signed(line: str) -> tuple[str, str] | None:
    """Who or when, and the outlet, of "Ana Dewi - detikNews" or "12 Mar 2025 - Kabar Timur"."""
    match = _SIGNED.fullmatch(line) if len(line) <= 120 else None
    if match and (is_brand(match["outlet"]) or _is_titled(match["outlet"])):
        return match["who"].strip(), match["outlet"]
    return None


def publisher_above(head: Sequence[str]) -> str | None:
    """The outlet of a line such as "KOMPAS.com - 21/08/2024" or "Jakarta, CNN Indonesia --"."""
    for line in head:
        if line.endswith(("-", "–", "—")) and (dateline := dateline_of(line + " ")):
            if dateline.publisher:
                return dateline.publisher
            continue
        if (opening := _DOMAIN.match(line)) and _DASH.match(line, opening.end()):
            return opening[0]
    return None


def stated_source(paragraphs: Sequence[str]) -> str | None:
    """The outlet that a line "Sumber: X" names; none where it names several."""
    for line in paragraphs:
        if len(line) <= 120 and (match := _SOURCE.fullmatch(line)):
            name = match[1].strip(" .")
            if address := _URL.match(name):
                return address[1].lower().removeprefix("www.")
            if len(name.split()) <= 6 and not _SEVERAL.search(name):
                return name
    return None


def rights_holder(paragraphs: Sequence[str], removed: Sequence[str]) -> str | None:
    """Whose the page is, by the last "© 2024 Suara.com" of its furniture or of its end."""
    for line in [*reversed(removed), *reversed(paragraphs[-_FOOT:])]:
        match = _COPYRIGHT.search(line, 0, _NOTICE_CHARS)
        if not match or match.start() > 3:
            continue
        name = match["name"]
        end = _NAME_END.search(_COMPANY.sub(lambda m: "x" * len(m[0]), name))
        dated = match["before"] or (end and re.match(rf"\s+{_YEARS}", name[end.start() :]))
        name = name[: end.start()] if end else name
        name = name.strip(" .,-")
        if domain := _DOMAIN.match(name):
            name = domain[0]
        if dated and name and name[0] not in "0123456789" and len(name.split()) <= 6:
            return name
    return None


def _is_titled(part: str) -> bool:
    """Whether two to four capitalised words hold one that newspapers are called by."""
    words = part.split()
    return (
        2 <= len(words) <= 4
        and all(word[0].isupper() for word in words)
        and any(word.lower() in _OUTLET_WORDS for word in words)
    )
