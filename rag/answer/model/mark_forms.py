"""The forms in which models write a source mark, and which sources such a mark names.

Knows nothing of streams. A mark in square brackets is taken for one wherever it reads as one;
in round, curly or angle brackets, where news has years, ages and clauses of law, only when all
that it names is there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rag.text.language import word_set

# What models write before the number. "label" is the word that the prompt's example has.
_SURE = word_set(
    "source sources sumber passage passages ref refs reference references referensi "
    "cite citation citations kutipan label labels"
)
_SENTENCE = word_set("sentence sentences kalimat")
_PLACE = word_set("article articles artikel bagian doc document dokumen id") | _SENTENCE
# Stands before numbers of every kind, so a sentence must be named behind it.
_VAGUE = word_set("see lihat from dari menurut cf")
_WORDS = _SURE | _PLACE | _VAGUE

_DASH = "‐‑–—−-"
_PART = re.compile(
    r"(?:(?P<again>[0-9]+)\.)?(?P<number>[0-9]+)"
    r"(?:[ \t\xa0.:/_(‐‑-]{0,2}(?P<letters>[a-z]{1,2})(?![a-z]))?"
    r"|(?P<word>[a-z]{2,})"
    r"|(?P<letter>[a-z])"
    rf"|(?P<to>[{_DASH}])"
)
# "(1c)", "(1c, 2a)": nothing else in round brackets passes for a mark without a word before it.
# Capitals do not: "(3D)", "(5G)".
_PLAIN = re.compile(
    r"\(\s*[0-9]{1,2}[a-z]{1,2}"
    rf"(?:\s*(?:[,;&{_DASH}]|and\b|dan\b)\s*[0-9]{{0,2}}[a-z]{{1,2}})*\s*\)?"
)
# "ayat (1a)", "Section 5(1a)" are clauses of a law.
_LAW = re.compile(
    r"(?:\b(?:ayat|pasal|huruf|angka|butir|poin|section|article|paragraph|clause)\s*|§\s*|\d)\Z",
    re.IGNORECASE,
)

# Behind "[1c": the publisher or other words of the label, up to the bracket's end.
_LABEL_END = re.compile(r"[^\[\]【】［］(){}\n]*")
_LABEL_BEGIN = re.compile(r"[ \xa0]{0,2}[:,;|·–—-]|[ \xa0](?=[^\W\d_]|\Z)|\Z")
_COLON_BEGIN = re.compile(r"[ \xa0]{0,2}[:|·–—-][ \xa0]{0,2}(?=[^\W\d_]|\Z)|[ \xa0]{0,2}\Z")
_SENTENCES_END = re.compile(r"[.!?…]\s")
_TIGHT = re.compile(
    r"(?P<open>\[\[?|【【?|［|[({])(?P<named>[0-9]{1,2}[a-z]{1,2}"
    r"(?:[,;&-] ?[0-9]{1,2}[a-z]{1,2})*)(?![a-z0-9]|\.[a-z])"
)
_BARE = re.compile(r"(?P<open>\[)(?P<named>[0-9]{1,2})(?![a-z0-9])")
_CLOSERS = {"[": "]", "【": "】", "［": "］", "(": ")", "{": "}"}

SUPERSCRIPTS = "¹²³⁰⁴⁵⁶⁷⁸⁹"
_SUPERSCRIPT = re.compile(rf"[{SUPERSCRIPTS}]{{1,4}}(?:,[{SUPERSCRIPTS}]{{1,4}}){{0,5}}")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_STOP = re.compile(r"[,;:\"'”’»)\]]\Z|[.!?…][\"'”’»)\]]{0,3} ?\Z")
# Words and units that are raised to a power; so is any of two letters: km², mi², x².
_POWERS = word_set(
    "mil mile miles meter metre meters metres kilometer kilometre kilometers kilometres "
    "centimeter centimetre sentimeter kaki feet foot inch inches inci yard yards dtk detik"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The sources that a bracket names."""

    refs: tuple[tuple[int, str | None], ...]  # (passage number, letter of its sentence)
    unknown: tuple[int, ...]  # numbers of passages that are not there
    beyond: bool  # whether a letter lies beyond its passage's last sentence
    words: frozenset[str]  # before the numbers

    @property
    def lettered(self) -> bool:
        """Whether a sentence is named each time."""
        return all(letter for _, letter in self.refs)


def _grammar() -> tuple[str, str]:
    """Two patterns: of one mark, and of several in a row, maybe with a comma between them.

    ``<x>`` stands for one character that matches ``x``: see `_pattern` and `_beginning`.
    """
    blank = r"[ \t\xa0]"
    spaces = rf"<{blank}>{{0,3}}"
    word = "|".join("".join(f"<{c}>" for c in w) for w in sorted(_WORDS))
    words = rf"(?:(?:{word})<[ .:#\t\xa0]>{{0,3}}){{0,2}}"
    letter = r"(?:<[ \t\xa0.:/_‐‑-]>?<[a-z]>{1,2}(?![a-z])|<\(><[a-z]>{1,2}<\)>)"
    twice = r"(?:<[0-9]>{1,4}<\.>(?=<[0-9]>{1,4}<[a-z]>))?"
    label = rf"(?:<\^>|<\#>)?{twice}<[0-9]>{{1,4}}{letter}?"
    item = rf"{words}(?:<\(>{label}<\)>|{label})"
    joint = (
        rf"(?:{spaces}(?:<[,;&{_DASH}]>|<a><n><d>|<d><a><n>|(?<=[a-z])<[/|+]>){spaces}"
        rf"|(?<=[a-z])<{blank}>(?=<[0-9]>))"
    )
    more = rf"(?:{item}|{words}<[a-z]>(?![a-z]))"
    end = rf"{spaces}(?:<[,;.:]>{spaces})?"
    plain = rf"{spaces}{item}(?:{joint}{more})*{end}"
    # OpenAI's models close theirs with a dagger: 【1†source】.
    body = rf"(?:{spaces}<l><a><b><e><l><s>?{spaces}|{plain}(?:<†><[^\[\]【】［］\n]>{{0,20}})?)"
    inner = rf"<\\>?<\]>{spaces}<[,;]>?{spaces}<\\>?<\[>"
    square = rf"<\\>?<\[>{body}<\\>?<\]>"
    double = rf"<\\>?<\[><\\>?<\[>{body}(?:{inner}{body})*<\\>?<\]><\\>?<\]>"
    one = rf"(?:{double}|{square}|<【><【>{body}<】><】>|<【>{body}<】>|<［>{body}<］>)"
    row = rf"{one}(?:{spaces}<[,;]>?{spaces}{one})*"
    around = rf"<\(>{spaces}{words}(?:{plain}|{row}){spaces}<\)>"
    one = rf"(?:{one}|{around}|<\{{>{plain}<\}}>|<\x3c>{plain}<\x3e>)"
    return one, rf"{one}(?:{spaces}<[,;]>?{spaces}{one})*"


def _pattern(grammar: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"<([^<>]+)>", r"(?:\1)", grammar), re.IGNORECASE)


def _beginning(grammar: str) -> re.Pattern[str]:
    """Matches, as a whole, what can still become a match of the grammar when more follows.

    Every character may be the end of the text instead, and all after it as well.
    """
    return re.compile(re.sub(r"<([^<>]+)>", r"(?:\1|\\Z)", grammar), re.IGNORECASE)


# Not made at import: they are large, and what only quotes has no use for them.
@cache
def one() -> re.Pattern[str]:
    """Matches one mark."""
    return _pattern(_grammar()[0])


@cache
def one_begun() -> re.Pattern[str]:
    """Matches, as a whole, what may become one mark when more follows."""
    return _beginning(_grammar()[0])


@cache
def row() -> re.Pattern[str]:
    """Matches several marks in a row."""
    return _pattern(_grammar()[1])


@cache
def row_begun() -> re.Pattern[str]:
    """Matches, as a whole, what may become several marks in a row."""
    return _beginning(_grammar()[1])


def named(text: str, sizes: Mapping[int, int]) -> Named | None:
    """The sources that a bracket, whole or begun, names; `sizes`: sentences by passage.

    None for "[2nd]" and "[8am]": few passages have more than 26 sentences.
    """
    refs: list[tuple[int, str | None]] = []
    unknown: list[int] = []
    words: set[str] = set()
    beyond = to = of_sentences = False
    number, letters = 0, ""
    for part in _PART.finditer(text.casefold().partition("†")[0]):
        if part["to"]:
            to = True
            continue
        if word := part["word"]:
            if word in _WORDS:
                words.add(word)
                of_sentences = word in _SENTENCE
            continue
        before, begun = number, letters
        if part["letter"]:
            letters = part["letter"]
        elif of_sentences and number and not part["letters"]:
            letters = letter_of(int(part["number"]) - 1)  # "article 1, sentence 2"
        else:
            if part["again"] and (int(part["again"]) != int(part["number"]) or not part["letters"]):
                return None
            number, letters = int(part["number"]), part["letters"] or ""
        if letters and number == before and not begun and (before, None) in refs[-1:]:
            refs.pop()  # "[1 - c]", "[article 1, sentence c]": the passage and its sentence
        elif to and begun and letters and number == before:
            first, last = position(begun) + 1, position(letters)
            for place in range(first, min(last, sizes.get(number, 0))):
                refs.append((number, letter_of(place)))
        elif to:
            refs += [(n, None) for n in sorted(sizes) if before < n < number]
        to = False
        if len(letters) > 1 and position(letters) >= sizes.get(number, 0):
            return None
        if number not in sizes:
            unknown.append(number)
        elif letters and position(letters) < sizes[number]:
            refs.append((number, letters))
        else:
            beyond = beyond or bool(letters)
            refs.append((number, None))
    return Named(
        refs=tuple(dict.fromkeys(refs)),
        unknown=tuple(unknown),
        beyond=beyond,
        words=frozenset(words),
    )


def accepted(text: str, before: str, sizes: Mapping[int, int]) -> Named | None:
    """What a bracket that stands behind `before` names, or None when it is text."""
    found = named(text, sizes)
    if found is None:
        return None
    if not found.refs and any(number >= 100 for number in found.unknown):
        return None
    if found.words & _VAGUE and not found.lettered:
        return None
    if text[0] in "[【［\\" or re.search(r"[\[【［]", text):
        return found
    if not found.refs or found.beyond or (found.unknown and text[0] != "("):
        return None
    if text[0] != "(":
        return found
    if not found.words:
        return found if _PLAIN.fullmatch(text) and not _LAW.search(before) else None
    return found if found.lettered or found.words <= _SURE else None


def loose(window: str, sizes: Mapping[int, int], *, waits: bool) -> tuple[int, Named] | None:
    """A mark that carries words, "[1c: Some Paper]", or is not closed, "[1c and so on".

    How far it reaches, 0 when that is not known yet, and what it names. With `waits`, more
    text may come.
    """
    lettered = _TIGHT.match(window)
    begun = lettered or _BARE.match(window)
    if begun is None:
        return None
    found = named(begun["named"], sizes)
    opened, at = begun["open"], begun.end()
    if found is None or found.unknown or (found.beyond and opened[0] in "({"):
        return None
    close = _CLOSERS[opened[0]]
    form = _LABEL_BEGIN if lettered and opened[0] not in "({" else _COLON_BEGIN
    if form.match(window, at):
        label = _LABEL_END.match(window, at)
        end = label.end() if label else at
        if window.startswith(close * len(opened), end):
            if not _SENTENCES_END.search(window, at, end):
                return end + len(opened), found
        elif waits and close.startswith(window[end : end + 1]):
            return 0, found
    if lettered is None or found.beyond:
        return None
    if window[at : at + 1] in _CLOSERS.values() and at < len(window):
        return at + 1, found  # "[1c)"
    return (at, found) if opened[0] not in "({" else None


def superscript(
    window: str, before: str, sizes: Mapping[int, int], *, waits: bool
) -> tuple[int, list[tuple[int, str | None]]] | None:
    """Known passages as small raised digits behind a word or a full stop, and their length.

    None when they are text, such as a power; length 0 when more of them may come.
    """
    word = _LAST_WORD.search(before)
    if word is not None:
        if len(word.group()) < 3 or word.group().casefold() in _POWERS:
            return None
    elif not _STOP.search(before):
        return None
    run = _SUPERSCRIPT.match(window)
    if run is None:
        return None
    if waits and len(window) <= run.end() + 1 and window[run.end() :] in ("", ","):
        return 0, []
    refs: list[tuple[int, str | None]] = []
    for digits in run.group().translate(_DIGITS).split(","):
        numbers = [int(digits)] if int(digits) in sizes else [int(digit) for digit in digits]
        if not all(number in sizes for number in numbers):
            return None
        refs += [(number, None) for number in numbers]
    return run.end(), refs


def letter_of(place: int) -> str:
    """The letter of the sentence at a place from 0: a, b, ... z, aa, ab, ...

    >>> [letter_of(place) for place in (0, 1, 25, 26, 27, 702)]
    ['a', 'b', 'z', 'aa', 'ab', 'aaa']
    """
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def position(letters: str) -> int:
    """The place from 0 of the sentence with these letters: the inverse of `letter_of`.

    >>> [position(letters) for letters in ("a", "z", "aa")]
    [0, 25, 26]
    """
    place = 0
    for char in letters:
        place = place * 26 + ord(char) - ord("a") + 1
    return place - 1
