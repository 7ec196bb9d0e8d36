"""Tell what the words around mentions of dates add: last or next, which year, or no day at all.

Looks at one sentence, and for years at one paragraph; where the words leave two readings open
it says so. Resolves nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from rag.text.date_mention import DateMention, Side, word_after, word_before
from rag.text.date_neighbours import together
from rag.text.date_patterns import WEEKDAYS
from rag.text.date_tense import is_reported
from rag.text.language import detect, word_set

_REACH = 90  # characters looked at on either side

# Of these, the last one before a day in its sentence tells whether the day is to come.
_CUE = re.compile(
    r"\b(?:(?P<unsure>would|could|might|may|must|should|harus|perlu|semula|sedianya|seharusnya"
    r"|hendak|segera|lanjutan|berikutnya|selanjutnya|bisa|dapat|can|planned|scheduled|expected"
    r"|slated|set for|due|ahead of|jadwal|schedule|next|upcoming|leaves|sails"
    r"|flies|travels|arrives|departs|returns|visits|meets|hosts|plays|faces|votes|heads|goes|launches|holds|hears|convenes|gathers|sits"
    r"|decides|runs|marks|turns|speaks|addresses|joins|tours|lands|premieres|airs"
    r"|(?:was|were|been|be) (?:originally |initially )?(?:to|due|scheduled|expected|supposed"
    r"|planned|meant|set to)|(?:kebutuhan|kesadaran|kekhawatiran|ketakutan|harapan|permintaan|takut"
    r"|khawatir|sadar|yakin|ancaman|rindu) akan)"
    r"|(?P<ahead>akan(?! tetapi| hal)|bakal(?! calon)|dijadwalkan|direncanakan|rencananya"
    r"|berencana|merencanakan|diagendakan|kelak|nantinya|diperkirakan|diprediksi|ditargetkan"
    r"|menargetkan|will|shall|plans? to|planning to|hopes? to|expects? to|going to|begins|starts"
    r"|opens|resumes|kicks off|takes place|ends|closes|expires"
    r"|(?:is|are) (?:now |still |also )?(?:due|set|scheduled|expected|planned|to|on))"
    r"|(?P<said>(?:kata|ujar|tutur|ucap|jelas|ungkap|tegas|imbuh|papar|terang|sebut|lapor)(?:nya)?"
    r"|mengatakan|menyatakan|menyebut|menegaskan|mengungkapkan|menjelaskan|mengumumkan|dikutip"
    r"|dilansir|melansir|melaporkan|telah|sudah|said|says|told|announced|reported|according"
    r"|stated|warned|confirmed|was|were|has|had))\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?…][\"'”’)\]]*\s|\n")
_OPENING = re.compile(r"\s*(?:(?:pada|on|hari|this)\s+)*", re.IGNORECASE)
_BESIDE = re.compile(r"(?:\s\([^()]*\))?,?\s(?:akan|bakal|will|is to|are to)\b", re.IGNORECASE)
_BREAK = re.compile(r"[,;:]|\b(?:dan|and|tetapi|but|setelah|usai|after)\b", re.IGNORECASE)
_OFF = re.compile(
    r"[^.!?\n]{0,60}\b(?:batal|dibatalkan|ditunda|urung|cancelled|canceled|postponed|called off)\b",
    re.IGNORECASE,
)
_MODIFIED = re.compile(
    r"\)?(?:\s(?P<before>(?:yang\s)?(?:lalu|silam|kemarin))|,?\s(?P<after>mendatang|depan|nanti)"
    r"|\s(?P<this>ini))\b",
    re.IGNORECASE,
)
_WORDS_OF: tuple[tuple[Side, str], ...] = (
    ("before", "lalu kemarin silam last past"),
    ("after", "depan mendatang nanti besok next"),
    ("this", "ini this"),
)
_SIDES = {word: side for side, words in _WORDS_OF for word in words.split()}
_EITHER_BEFORE = word_set(
    "hingga sampai dengan sebelum mulai menjelang jelang until till before by from starting for",
)
_SINCE = word_set("sejak since semenjak setelah after usai pasca")
# Beside a weekday: a habit, a story, a name, or the night before it ("malam Minggu").
_NO_DAY_BEFORE = word_set(
    "setiap tiap saban every each a any some most another suatu sebuah malam per following",
    "previous preceding earlier that the one first second third fourth fifth kedua ketiga black",
    "super good ash palm easter bloody cyber sheffield ruby salat shalat sholat solat khotbah",
    "pasar koran harian majalah edisi bernama named si pak bu lagu film novel",
)
_NO_DAY_AFTER = word_set(
    "berikutnya sebelumnya selanjutnya itu tersebut pertama kedua ketiga keempat terakhir ke",
    "agung abu suci berkah alias prayers prayer times before tanggal tgl week weeks school",
    "schools paper papers newspaper newspapers roast",
)
# "Dua hari sebelumnya, Selasa" counts from another day of the story.
_OF_STORY = re.compile(
    r"(?:harinya|sebelumnya|kemudian|setelahnya|berikutnya|(?:next|following|previous|same) day"
    r"|(?:days?|weeks?) (?:later|earlier|before)),?\s(?:(?:pada|on|hari)\s)?\Z",
    re.IGNORECASE,
)
# Days with a name of their own, spoken of for years: the attacks of 11 September and 7 October,
# the storming of 6 January.
_NAMED_DAYS = frozenset({(11, 9), (7, 10), (6, 1)})
_EVENTS = word_set(
    "tragedi peristiwa gerakan kerusuhan revolusi kudeta pembantaian attack attacks revolution",
    "riots massacre coup",
)
_RECURRING = re.compile(r"\b(?:setiap|tiap|saban|every|each)(?:\s\w+)?\s\Z", re.IGNORECASE)
_STORY_YEAR = re.compile(
    r",?\s(?:(?:of|in|di|pada)\s)?(?:tahun\s(?:itu|tersebut|yang\ssama|sebelumnya|berikutnya)"
    r"|(?:se)?tiap\stahun|(?:that|the\ssame|the\sprevious|the\sfollowing|each|every)\syear)\b",
    re.IGNORECASE,
)
_OTHER_CALENDAR = word_set("sm bc bce h hijriah hijriyah")
_GAP = 24  # characters
_WEEK_FROM = re.compile(
    r"(?<!last )(?<!next )(?<!this )\bweeks?\s(?:(?:on|from|after|before)\s)?\Z", re.IGNORECASE
)
_WEEK_OF = re.compile(
    r"\b(?:weeks?(?:end)?\s(?:of|in)|(?:minggu|pekan)\s(?:ke-?\w+|pertama|terakhir)"
    r"(?:\s(?:di|pada|bulan))*)\s\Z",
    re.IGNORECASE,
)
# Streets, schools and stadiums have the names of days.
_PLACES = word_set(
    "jalan jl jln gang universitas kampus stadion gelora lapangan gedung sekolah jembatan monumen",
    "taman pasar masjid museum bandara terminal plaza untag street road avenue square university",
)
_LEADS = word_set("pada hari on since sejak hingga sampai until by from last this past next")
_CAPITALISED = re.compile(r"[A-Z][a-z]+\w*")
_PUNCTUATED = re.compile(r"[,.;:()-]")
_SLASHED = re.compile(r"[0-9]{1,2}[ /.-]{1,3}[0-9]{1,2}(?:[ /.-]{1,3}[0-9]{2,4})?")
_QUOTE = re.compile(r"[\"“”„«»\n]")


def in_context(text: str, mentions: Sequence[DateMention]) -> list[DateMention]:
    """The mentions with what the words around them add; some become one ("Selasa pekan lalu").

    `mentions` are in order. Time is linear in the text.
    """
    told = together(text, [_alone(text, mention) for mention in mentions])
    return _outside_quotes(text, _read_one_way(text, told))


def _alone(text: str, mention: DateMention) -> DateMention:
    """The mention with what the words of its own sentence tell."""
    if not mention.loose and _is_part(text, mention):
        mention = replace(mention, loose=True)
    if mention.kind == "weekday":
        return _weekday(text, mention)
    if mention.kind == "year":
        calendar = word_after(text, mention.end).lower()
        fiscal = word_before(text, mention.start).lower() in ("fiscal", "fiskal", "fy")
        return replace(mention, loose=mention.loose or fiscal or calendar in _OTHER_CALENDAR)
    if mention.kind in ("date", "month") and mention.year is None:
        return _without_year(text, mention)
    if mention.side == "unsure":  # "in two days" may be how long it took
        loose = mention.loose or _side(text, mention) != "ahead"
        return replace(mention, side=None, loose=loose)
    return mention


def _is_part(text: str, mention: DateMention) -> bool:
    """Whether it is only part of what is said, "a week on Monday", or of a name."""
    before = text[max(0, mention.start - 2 * _GAP) : mention.start]
    if mention.kind == "weekday":
        return bool(_WEEK_FROM.search(before))
    if mention.kind == "month":
        return bool(_WEEK_OF.search(before))
    if mention.kind == "date":
        return word_before(text, mention.start).lower() in _PLACES
    return False


def _is_name(text: str, mention: DateMention) -> bool:
    """Whether a weekday is part of a name or a pair of days of fasting: "Jumat Hasan"."""
    before, after = word_before(text, mention.start), word_after(text, mention.end)
    if before.lower() in WEEKDAYS and text[mention.start - 1] == " ":
        return not _PUNCTUATED.search(text[max(0, mention.start - 3) : mention.start])
    return (
        bool(_CAPITALISED.fullmatch(after))
        and text[mention.end : mention.end + 1] == " "
        and before.lower() not in _LEADS
    )


def _weekday(text: str, mention: DateMention) -> DateMention:
    before, after = (
        word_before(text, mention.start).lower(),
        word_after(text, mention.end).lower(),
    )
    words = text[mention.start : mention.end].lower().split()
    loose = (
        mention.loose
        or _is_name(text, mention)
        or before in _NO_DAY_BEFORE
        or after in _NO_DAY_AFTER
        or before[-1:].isdigit()
        or (after in ("of", "in") and words[0] in ("last", "next"))
        or bool(_OF_STORY.search(text[max(0, mention.start - _GAP) : mention.start]))
    )
    side = next((_SIDES[word] for word in words if word in _SIDES), None)
    side = "after" if before == "coming" else side or _modified(text, mention)
    side = side or _side(text, mention)
    if side is None and not is_reported(text, mention.start, mention.end):
        side = "unsure"
    return replace(mention, side=side, loose=loose)


def _without_year(text: str, mention: DateMention) -> DateMention:
    words = text[mention.start : mention.end].lower().split()
    side: Side | None = None
    if mention.kind == "month":
        side = _SIDES.get(words[-1]) or _SIDES.get(words[0])
    loose = mention.loose or bool(
        _RECURRING.search(text[max(0, mention.start - _GAP) : mention.start])
        or _STORY_YEAR.match(text, mention.end)
        or word_before(text, mention.start).lower() in _EVENTS
    )
    side = side or _modified(text, mention) or _side(text, mention)
    if mention.weekday is None and side in (None, "past", "unsure"):
        loose = loose or (mention.day, mention.month) in _NAMED_DAYS
    return replace(mention, side=side, loose=loose)


def _modified(text: str, mention: DateMention) -> Side | None:
    """What "lalu", "mendatang" or "ini" right after it tells; ", lalu" means "then"."""
    if not (match := _MODIFIED.match(text, mention.end)):
        return None
    return "before" if match["before"] else "after" if match["after"] else "this"


def _side(text: str, mention: DateMention) -> Side | None:
    """What the cues in its sentence tell: those before it, or after it where it opens one."""
    led = word_before(text, mention.start).lower()
    if led in _SINCE:
        return "past"
    if led in _EITHER_BEFORE:
        return "unsure"
    start = max(0, mention.start - _REACH)
    window = text[start : mention.start]
    for stop in list(_SENTENCE.finditer(window))[-1:]:
        window = window[stop.end() :]
    cues = list(_CUE.finditer(window))
    if not cues or cues[-1]["said"]:
        if _BESIDE.match(text, mention.end):
            return "ahead"
        return None if cues else _after_opening(text, window, mention)
    if cues[-1]["unsure"] or any(cue["unsure"] for cue in cues):
        return "unsure"
    if "," in window[cues[-1].end() :] or _OFF.match(text, mention.end):
        return "unsure"  # "akan bertemu, Selasa": when it was said, or when it will be
    return "ahead"


def _after_opening(text: str, window: str, mention: DateMention) -> Side | None:
    if not _OPENING.fullmatch(window) or (len(window) == _REACH):
        return None
    window = text[mention.end : mention.end + _REACH]
    if stop := _SENTENCE.search(window):
        window = window[: stop.start()]
    cue = _CUE.search(window)
    if not cue or cue["said"]:
        return None
    if cue["unsure"] or _BREAK.search(window[1 : cue.start()]) or _OFF.match(text, mention.end):
        return "unsure"
    return "ahead"


def _read_one_way(text: str, mentions: Sequence[DateMention]) -> list[DateMention]:
    """The mentions; 8/9 in an English text is not certain, being August in America."""
    made: list[DateMention] = []
    english: bool | None = None
    for mention in mentions:
        day, month = mention.day, mention.month
        either = bool(day and month and day != month and max(day, month) <= 12)
        if (
            either
            and mention.weekday is None
            and _SLASHED.fullmatch(text, mention.start, mention.end)
        ):
            english = detect(text) == "en" if english is None else english
            mention = replace(mention, loose=mention.loose or english)  # noqa: PLW2901
        made.append(mention)
    return made


def _outside_quotes(text: str, mentions: Sequence[DateMention]) -> list[DateMention]:
    """The mentions; "kemarin" in words quoted counts from an unknown day, that of speaking."""
    if not any(mention.kind == "relative" and mention.unit == "day" for mention in mentions):
        return list(mentions)
    starts: list[int] = []  # of quotations and, between them, of the text outside
    inside = False
    for mark in _QUOTE.finditer(text):
        opens = mark.group() in "“„«" or (mark.group() == '"' and not inside)
        if inside != (opens and mark.group() != "\n"):
            inside = not inside
            starts.append(mark.start())
    return [
        replace(mention, loose=True)
        if mention.unit == "day" and bisect_right(starts, mention.start) % 2
        else mention
        for mention in mentions
    ]
