"""Describe a line of a pasted page by itself: its shape, its words, its marks. Judges nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.ingest.furniture_words import CREDIT, MAKER, PHRASES, PROMOTION, SUGGESTION
from rag.text.language import ENGLISH_WORDS, INDONESIAN_WORDS
from rag.text.stems import stem

Features = dict[str, float]

_STOP_WORDS = INDONESIAN_WORDS | ENGLISH_WORDS
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_ENDED = re.compile(r"[.!?…][\"'”’»)\]]*$")
_CUT = re.compile(r"(?:\.\.\.|…)[\"'”’»)\]]*$")
_BULLET = re.compile(r"[-*•·–—>»▪●○▶►✓+#|]+\s+|\d{1,2}[.)]?\s+(?=\D)|#?\d{1,2}$")
_ONLY_MARKS = re.compile(r"[\W_]+$")
_ONLY_FIGURES = re.compile(r"[\d\W_]+$")
_AGO = re.compile(
    r"\b(?:\d+\s*|(?:an?|one)\s+|se)(?:s|m|h|d|hrs?|mins?|secs?|detik|menit|jam|hari|minggu"
    r"|pekan|bulan|seconds?|minutes?|hours?|days?|weeks?|months?|years?|tahun)\b\.?"
    r"(?:\s+(?:yang\s+)?(?:lalu|ago)|$)|\b(?:just now|baru saja|yesterday|kemarin)$",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b(?:[01]?\d|2[0-3])[:.][0-5]\d\b")
_DAY = re.compile(
    r"\b(?:jan|feb|mar|apr|mei|may|jun|jul|agu|aug|agt|sep|okt|oct|nov|des|dec)\w*\.?\b.{0,6}\b\d{1,4}\b"
    r"|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:jan|feb|mar|apr|mei|may"
    r"|jun|jul|agu|aug|agt|sep|okt|oct|nov|des|dec)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"https?://|www\.|\b[\w.]{1,64}@[\w-]{1,63}\.\w"
    r"|\(?\+?\d{2,4}\)?[ -]\d{3,4}[ -]\d{3,4}|\bjl\.|©"
)
_DATELINE = re.compile(
    r"(?:[A-Z][\w.' -]{1,40}(?:, [A-Z][\w.' -]{1,40}){0,2}\s*)?"
    r"(?:\([^()]{2,40}\)\s*)?(?:--?|[–—])\s+\S"
)
_LABEL = re.compile(r"([^:]{2,40}):(?:\s|$)")
_PHOTO_END = re.compile(
    r"\((?:[^()]*(?:/|foto|photo|getty|dok|afp|reuters|ist|antara)[^()]*)\)\.?$", re.I
)
_NAME = re.compile(
    r"(?:[A-Z][\w.'’-]*|bin|binti|van|von|de|da|al)"
    r"(?:,? (?:[A-Z][\w.'’-]*|bin|binti|van|von|de|da|al|and|dan)){1,5}$"
)
_INITIALS = re.compile(r"\(?[*A-Za-z]{1,12}(?:[/-][A-Za-z]{1,12}){0,3}\)?$")
_QUOTES = "\"“”‘«'"
_PATTERNS = {
    name: re.compile(
        r"(?<![^\W_])(?:"
        + "|".join(re.escape(p) for p in sorted(phrases, key=len, reverse=True))
        + r")(?![^\W_])"
    )
    for name, phrases in PHRASES.items()
}
_HEADS = ("related", "popular", "comments", "tags", "subscribe", "share", "media", "legal")
# What hardly any line has but furniture, and how sure a sign it is; found in short lines only.
SIGNS = {
    "all furniture": 1.0,
    "promotion short": 1.0,
    "marks": 1.0,
    "ago": 1.0,
    "promotion": 0.6,
    "half furniture": 0.4,
}
_HINTING = 600  # characters; thirty long words have no more
_HEADING_WORDS = 8
_LEAD = 8  # words that the sentence after a dateline has at least
_SENTENCE = 4  # words that end in a full stop are a sentence rather than a label
_MOSTLY = 0.6  # of a heading's characters are words of its kind
_LOOKED_AT = 2_000  # characters of a line; a longer one is prose, and that can be told by then
_SHORT = 30  # words; the phrases are looked for in lines of no more
_LENGTHS = (1, 2, 3, 5, 8, 12, 18, 25, 40)


@dataclass(frozen=True, slots=True)
class Line:
    """What can be said of a line by itself."""

    words: tuple[str, ...]  # lower case
    content: frozenset[str]  # its words that are no function words
    prose: bool  # reads like a sentence of a report, or several
    sentence: bool  # the same, however short
    promoting: bool  # speaks of the site
    covered: float  # the share of its letters that are phrases of furniture
    own: Features


def described(line: str, language: str) -> Line:
    """The features of one line that depend on nothing around it; `language` is "id" or "en"."""
    line = line[:_LOOKED_AT]
    found = _WORD.findall(line)
    words = tuple(word.lower() for word in found)
    count = len(words)
    letters = sum(map(len, found)) or 1
    stops = sum(word in _STOP_WORDS for word in words)
    ended = bool(_ENDED.search(line))
    density = stops / count if count else 0.0
    own: Features = {}
    for least, most in zip((0, *_LENGTHS), (*_LENGTHS, 10**9), strict=True):
        if least <= count < most:
            own[f"words {least}"] = 1.0
    if ended:
        own["ended"] = 1.0
    own["stops"] = min(density, 0.5) * 2
    if count:
        own["capitals"] = sum(word[0].isupper() for word in found) / count
        if all(word.isupper() or not word.isalpha() for word in found) and letters > 3:
            own["upper"] = 1.0
        own["figures"] = sum(word[0].isdigit() for word in found) / count
    low = line.lower().replace("’", "'")
    covered = 0
    if count <= _SHORT:
        for name, pattern in _PATTERNS.items():
            at = sum(len(match) for match in pattern.findall(low))
            if at:
                own[name] = min(1.0, at / max(1, len(low.strip())))
                own[f"{name} at all"] = 1.0
                covered = max(covered, 0) + at
    share = min(1.0, covered / max(1, len(low.strip())))
    promoting = bool(PROMOTION.search(line))
    if promoting or not ended or count < _SENTENCE:
        if share > 0.95:
            own["all furniture"] = 1.0
        elif share > 0.5:
            own["half furniture"] = 1.0
    own["covered"] = share
    if promoting:
        own["promotion"] = 1.0
        own["promotion short" if count < 12 else "promotion long"] = 1.0
    if suggestions := len(SUGGESTION.findall(line)):
        own["suggestion"] = 1.0
        own["suggestions"] = min(suggestions, 4) / 4
        own["suggestion density"] = min(1.0, 4 * suggestions / max(1, count))
    for name, pattern in (
        ("cut", _CUT),
        ("ago", _AGO),
        ("clock", _CLOCK),
        ("day", _DAY),
        ("address", _ADDRESS),
        ("photo", _PHOTO_END),
    ):
        if pattern.search(line):
            own[name] = 1.0
    if ("day" in own or "ago" in own) and count <= 12:
        own["date line"] = 1.0
    for name, pattern in (
        ("bullet", _BULLET),
        ("marks", _ONLY_MARKS),
        ("only figures", _ONLY_FIGURES),
        ("dateline", _DATELINE),
        ("credit", CREDIT),
        ("maker", MAKER),
        ("name", _NAME),
    ):
        if pattern.match(line):
            own[name] = 1.0
    if "dateline" in own and not (ended and count >= _LEAD):
        del own["dateline"]
    if "credit" in own and count <= 25:
        own["short credit"] = 1.0
    if label := _LABEL.match(line):
        own["label"] = 1.0
        if line.rstrip().endswith(":"):
            own["label alone"] = 1.0
        elif label.end() > 2:
            own["label first"] = 1.0
    if line[:1] == "(" and line[-1:] == ")":
        own["in brackets"] = 1.0
        if _INITIALS.match(line):
            own["initials"] = 1.0
    if any(mark in line for mark in _QUOTES):
        own["quotes"] = 1.0
        if line[:1] in _QUOTES:
            own["opens with quote"] = 1.0
    if (bars := len(re.findall(r"[|›»>•·]|\s/\s", line))) > 0:
        own["bars"] = min(bars, 4) / 4
    if line.rstrip().endswith("?"):
        own["asks"] = 1.0
    if line.rstrip().endswith("!"):
        own["exclaims"] = 1.0
    if line[:1].islower():
        own["small first"] = 1.0
    headline = 4 <= count <= 22 and not ended and share < 0.5
    if headline:
        own["headline"] = 1.0
    prose = (
        share < 0.5
        and not promoting
        and (density >= 0.12 or "dateline" in own)
        and ((ended and count >= 8) or (count >= 28 and "bars" not in own))
    )
    if prose:
        own["prose"] = 1.0
        own["long prose"] = min(count, 60) / 60
    sentence = prose or (ended and share < 0.3 and not promoting and "cut" not in own)
    if sentence:
        own["sentence"] = 1.0
    return Line(
        words=words,
        content=frozenset(stem(w, language) for w in words if len(w) > 3 and w not in _STOP_WORDS),
        prose=prose,
        sentence=sentence,
        promoting=promoting,
        covered=share,
        own=own,
    )


def headed(line: Line) -> list[str]:
    """The kinds of furniture that this line may be the heading of."""
    if len(line.words) > _HEADING_WORDS or ("ended" in line.own and len(line.words) >= _SENTENCE):
        return []
    return [kind for kind in _HEADS if line.own.get(kind, 0.0) > _MOSTLY]


def hints(line: str) -> bool:
    """Whether a line can be a sign of furniture, or a heading of it, at all."""
    if len(line) > _HINTING:
        return False
    seen = described(line, "en")
    return bool(headed(seen)) or any(sign in seen.own for sign in SIGNS)
