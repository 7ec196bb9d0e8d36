"""Split Indonesian and English news text into sentences.

Rules over one pass, no model. A line break always ends a sentence. Where a full stop could
be an abbreviation's, what follows decides: a word that commonly opens a sentence ends it.
"""

from __future__ import annotations

import re

from rag.schema import Span
from rag.text.language import ENGLISH_WORDS, INDONESIAN_WORDS, word_set

_LINE = re.compile(r"[^\n\r\x0b\x0c\x85\u2028\u2029]+")
_TERMINATOR = re.compile(r"[.!?…]+|[。！？।]+")
_CLOSERS = "\"'”’»«)]}›"
_OPENERS = "\"'“‘«»„(["
_BEFORE_WORD = _OPENERS + "•*-–—¿¡ "
# "[1]", "[a]", "[citation needed]", "[12]:34" right after a full stop belong before it.
_REFERENCES = re.compile(
    r"(?::\d{1,4}(?:[-–,]\d{1,4}){0,5}(?=\s)"
    r"| ?\[[a-z0-9][a-z0-9 ,?-]{0,28}\](?::\d{1,4}(?:[-–]\d{1,4})?)?)+(?=[\s\"'”’A-Z(]|\Z)"
)
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")

# Quotations and brackets no longer than this are kept whole, so that a short quotation stays
# with its speaker; what is longer holds sentences of its own.
_WHOLE_QUOTATION = 160
_WHOLE_BRACKET = 300

# Never the last word before a capital.
_ALWAYS = word_set(
    "dr drg drh prof mr mrs ms messrs jl jln tn ny rp bpk sdr sdri yth kab kec kel moh muh muhd",
    "abd mis spt yg dgn utk ttg tsb krn eg ie cf viz approx skt sek lih",
)
# The same, when written with a capital: in lower case these are words of their own.
_ALWAYS_CAPITAL = word_set(
    "Ir Drs Dra Hj KH Lt Gen Sen Rep Gov Col Capt Cpt Sgt Cpl Pvt Maj Cmdr Adm Brig Rev Hon",
    "Msgr Mgr Fr Kol Kapt Letkol Mayjen Brigjen Letjen Jend Irjen Komjen Kombes Kompol Serda",
    "Serma Pdt Ust Tgk Rd Dt Mt Ft Pres Dir Supt Insp Det Atty Ds",
)
# Stands before a number; otherwise it is a word ("dalam segala hal. Ia pergi").
_BEFORE_NUMBER = word_set(
    "no nos nomor hal hlm p pp vol fig figs ch sec art ps pasal ayat jil ed bab gbr tab ver par",
    "c ca jan feb peb mar apr jun jul agu agt ags aug sep sept okt oct nov nop des dec tgl th",
    "thn telp tel hp fax pkl rt rw",
)
# May or may not end a sentence; a sentence-opening word must follow.
_WEAK = word_set(
    "inc ltd co corp tbk jr sr st ave blvd al est ext dept univ vs bros assn alm almh dkk ph",
    "mon tue tues wed thu thur thurs fri sat sun d.a a.n u.p s.d",
)
# Close a list or a time of day, so a capital after them opens a sentence.
_CLOSE_LIST = word_set("dll dsb dst dkk etc a.m p.m")
_AFTER_TIME = word_set(
    "monday tuesday wednesday thursday friday saturday sunday est edt pst pdt cst gmt utc et",
    "wib eastern pacific local senin selasa rabu kamis jumat sabtu minggu",
)
_SECTION = word_set(
    "bab bagian pasal section chapter fig figure gambar tabel table step langkah part no",
)
# A single letter after these is a label, not an initial.
_LABELLED = word_set(
    "juara peringkat tingkat kelas golongan tipe type jilid vitamin plan rencana grade kelompok",
    "grup group blok block seri angkatan hepatitis model gedung class size ukuran huruf letter",
)
# Names that end in "!".
_EXCLAIMED = frozenset({"Yahoo", "Jeopardy", "Oklahoma", "Wham"})
_DOMAINS = word_set("com id org net go co gov edu io tv ac web mil int info")
# Words that may open a sentence; the ones that are also names or titles are left out.
_STARTERS = (INDONESIAN_WORDS | ENGLISH_WORDS) - word_set(
    "may will can might an me us must lain nya of down made least rather made mana banyaknya",
)

_INITIALS = re.compile(r"[^\W\d_](?:[.-][^\W\d_])*\Z")
_DOTTED = re.compile(r"[^\W\d_]{1,4}(?:\.[^\W\d_]{1,4})+\Z")
_SECTION_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:\.[0-9]{1,3})*|[IVXLC]{1,5}|[A-Za-z])\Z")
_GROUPED = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+\Z")
# Names written small that may open a sentence all the same: iPhone, al-Sisi.
_SMALL = re.compile(r"[a-z]{1,2}[A-Z]|(?:al|el|ad|an|ar|as|at|az)-[A-Z]")
_ROMAN = re.compile(r"[IVXLCDM]+\b")
_TOKEN_REACH = 40  # characters looked back for the word before a full stop


def spans(text: str) -> list[Span]:
    """The sentences of a text, in order, as spans trimmed of surrounding white space.

    Together they cover every character that is not white space; none crosses a line break.
    Quotations up to 160 and brackets up to 300 characters are never cut inside. Time is
    linear in the length of the text.

    >>> [(s.start, s.end) for s in spans("Dr. Ali tiba. Ia lelah.")]
    [(0, 13), (14, 23)]
    """
    found: list[Span] = []
    for line in _LINE.finditer(text):
        _split_line(line.group(), line.start(), found)
    return found


def _split_line(line: str, offset: int, found: list[Span]) -> None:
    whole, closing = _kept_whole(line)
    start = _skip_space(line, 0)
    nearest = 0
    for match in _TERMINATOR.finditer(line):
        if match.end() <= start:
            continue  # already inside the sentence that closed before it
        end = _absorb(line, match.end(), closing)
        while nearest < len(whole) and whole[nearest].end <= match.start():
            nearest += 1
        inside = nearest < len(whole) and whole[nearest].start < match.start()
        if inside and end < whole[nearest].end:
            continue
        if _ends(line, start, match.start(), match.end(), end):
            found.append(Span(offset + start, offset + end))
            start = _skip_space(line, end)
    end = len(line.rstrip())
    if start < end:
        found.append(Span(offset + start, offset + end))


def _skip_space(line: str, at: int) -> int:
    if at >= len(line) or not line[at].isspace():
        return at
    if at + 1 < len(line) and not line[at + 1].isspace():
        return at + 1
    match = _SPACE.match(line, at)
    return match.end() if match else at


def _absorb(line: str, at: int, closing: frozenset[int]) -> int:
    """The end of what belongs to a terminator: closing quotes, brackets, reference marks."""
    limit = len(line)
    stop = min(limit, at + 8)
    while at < stop and line[at] in _CLOSERS:
        # A straight quote stuck to the next word opens it, unless a capital follows: then a
        # space was lost when the page was copied.
        after = line[at + 1 : at + 2]
        if line[at] in "\"'«»" and after.isalnum() and not after.isupper():
            break
        at += 1
    if at == limit:
        return at
    marks = _REFERENCES.match(line, at) if line[at] in ": [" else None
    if marks:
        at = marks.end()
        if at < limit and line[at] in '"”’' and (at + 1 == limit or line[at + 1].isspace()):
            at += 1
    elif at + 1 in closing and line[at].isspace():
        return at + 2  # a closing quote set off by a space, as in '... kami. " Ia'
    return at


def _kept_whole(line: str) -> tuple[list[Span], frozenset[int]]:
    """Quotations and brackets short enough to stay whole, and where quotations close.

    The spans are in order and disjoint.
    """
    pairs: list[Span] = []
    closing: set[int] = set()
    quote = bracket = -1
    for match in re.finditer(r"[\"“”„«»()]", line):
        at, mark = match.start(), match.group()
        before = line[at - 1] if at else " "
        after = line[at + 1] if at + 1 < len(line) else " "
        if mark == "(":
            bracket = at
        elif mark == ")":
            if bracket >= 0 and at - bracket <= _WHOLE_BRACKET:
                pairs.append(Span(bracket, at + 1))
            bracket = -1
        elif mark in "“„" or (mark in '"«»' and _opens(before, after, inside=quote >= 0)):
            quote = at
        elif quote >= 0:
            closing.add(at)
            if at - quote <= _WHOLE_QUOTATION:
                pairs.append(Span(quote, at + 1))
            quote = -1
    pairs.sort(key=lambda pair: pair.start)
    merged: list[Span] = []
    for pair in pairs:
        if merged and pair.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, pair.end))
        else:
            merged.append(pair)
    return merged, frozenset(closing)


def _opens(before: str, after: str, *, inside: bool) -> bool:
    if inside:  # only a mark that cannot close one: glued to the next word, free on the left
        return before.isspace() and after.isalnum()
    return before.isspace() or (before in "([-–—:" and not after.isspace())


def _ends(line: str, start: int, dot: int, after_dot: int, end: int) -> bool:
    """Whether the terminator ``line[dot:after_dot]``, absorbed up to `end`, ends a sentence."""
    run = line[dot:after_dot]
    if run[0] in "。！？।":
        return True
    following = _skip_space(line, end)
    if following == len(line):
        return True
    if following == end and not _space_was_lost(line, start, dot, end):
        return False
    if line[following] in ".!?…":
        return False  # ". . ." goes on
    before = line[dot - 1] if dot > start else " "
    if before in "([" and line[after_dot : after_dot + 1] in (")", "]"):
        return False  # "(?)", "[...]"
    first = following
    while first < min(len(line), following + 8) and line[first] in _BEFORE_WORD:
        first += 1
    if first == len(line):
        return False  # only marks are left; they belong here
    if line[first].islower() and line[following] not in _OPENERS and not _SMALL.match(line, first):
        return False
    word = _word_at(line, first)
    if run != ".":
        name = line[max(start, dot - _TOKEN_REACH) : dot].rsplit(None, 1)
        return not (name and name[-1] in _EXCLAIMED) or _starts(line, first, word)
    if before in _CLOSERS or before.isspace():
        return True
    return _full_stop(line, start, dot, first, word, closed=end > after_dot)


def _full_stop(line: str, start: int, dot: int, first: int, word: str, *, closed: bool) -> bool:
    """Whether a single full stop after a word, with white space behind it, ends a sentence."""
    context = line[max(start, dot - _TOKEN_REACH) : dot]
    parts = context.rsplit(None, 1)
    token = parts[-1].lstrip(_OPENERS + "-–—/") if parts else ""
    earlier = parts[0] if len(parts) == 2 else ""
    low = token.lower()
    at_start = not earlier.strip(_OPENERS)
    number = line[first].isdigit()
    if at_start and not closed and _SECTION_NUMBER.match(token):
        return False  # a list marker or the number of a section: "1. Buka", "II. Hasil"
    if token[:1].isdigit():
        return _after_number(earlier, token, word, number=number)
    if low in _ALWAYS or token in _ALWAYS_CAPITAL:
        return False
    if low in _CLOSE_LIST:
        return word.lower() not in _AFTER_TIME if "." in low else True
    if low in _BEFORE_NUMBER:
        if number or _ROMAN.match(line, first):
            return False
        # A month or day is written with a capital; "the mar. He" is not one.
        abbreviated = token[:1].isupper() and low not in {"no", "hal", "p", "c"}
        return _starts(line, first, word) if abbreviated else True
    if low in _WEAK and (token[:1].isupper() or low not in {"sat", "sun", "mon", "wed", "co"}):
        return _starts(line, first, word)
    led = earlier.rsplit(None, 1)[-1] if earlier.strip() else ""
    if len(token) == 1 and (led.lower() in _LABELLED or led.endswith(("°", "'", "′", '"', "″"))):
        return True  # "vitamin C", "juara I", a compass point as in 24° 00' T
    if token == "I" and len(led) > 3 and led.istitle():
        return True  # "Perang Dunia I": more often a numeral than an initial
    if _INITIALS.match(token) or (_DOTTED.match(token) and low.split(".")[-1] not in _DOMAINS):
        return _starts(line, first, word)
    return True


def _after_number(earlier: str, token: str, word: str, *, number: bool) -> bool:
    if number:  # "pukul 17. 00" and "7.305. 063" are one number that was torn apart
        last = earlier.rsplit(None, 1)[-1].lower() if earlier.strip() else ""
        return last not in {"pukul", "jam", "rp", "pkl"} and not (
            _GROUPED.match(token) and len(word) == 3
        )
    if not token.isdigit() or len(token) > 3:
        return True
    tail = earlier.rstrip()
    if tail.endswith((":", ";")) and len(token) <= 2:
        return False  # "caranya: 1. Buka"
    return not (len(tail.split()) == 1 and tail.lower() in _SECTION)


def _space_was_lost(line: str, start: int, dot: int, end: int) -> bool:
    """Whether a new sentence follows with no space, as in "selesai.Ia pergi" or "siap.”Ia"."""
    if not (line[end].isupper() and line[end + 1 : end + 2].islower()):
        return end > dot + 1 and line[end] in '"“‘«(' and line[end + 1 : end + 2].isupper()
    token = line[max(start, dot - _TOKEN_REACH) : dot].rsplit(None, 1)
    word = token[-1] if token else ""
    if len(word) < 3 or "/" in word or "@" in word or not word[-3:].islower():
        return end > dot + 1 and not word[-1:].isupper() and "." not in word
    return _word_at(line, end).lower() not in _DOMAINS


def _word_at(line: str, at: int) -> str:
    match = _WORD.match(line, at, at + _TOKEN_REACH)
    return match.group() if match else ""


def _starts(line: str, first: int, word: str) -> bool:
    """Whether the word at `first` is one that commonly opens a sentence."""
    if len(word) == 1 and line[first + 1 : first + 2] == ".":
        return False  # another initial
    return word.lower() in _STARTERS or word.lower().split("-")[0] in _STARTERS
