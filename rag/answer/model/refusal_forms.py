"""The forms in which a model says that the articles do not answer, in English and Indonesian.

Matches words one after another, so that a beginning can be told from what no form begins with.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from rag.text.language import word_set

# The forms below are sequences of words. A name in capitals stands for a set of words, one of
# which must follow; "?" after it makes it optional, "*" lets any number follow. "..." stands
# for up to six words of any kind.
_GAP = 6
SETS = {
    name: word_set(words)
    for name, words in {
        "LEAD": "i am sorry but unfortunately however apologise apologize my apologies regrettably "
        "maaf mohon sayangnya sayang sekali namun tetapi akan answer jawaban note",
        "BY": "based on according to from in within given using looking at per after reading",
        "PRE": "the these this that those your any of both all provided given supplied available "
        "above retrieved following news two three four five several quoted cited listed fenced "
        "numbered source",
        "STRONG": "article articles context passage passages excerpt excerpts snippet snippets "
        "text texts",
        "WEAK": "source sources document documents information material materials data content "
        "news story stories",
        "GIVEN": "provided given supplied available above retrieved",
        "POST": "provided given supplied available above here that which i have was were is are "
        "you me to shared gave in question themselves itself at hand below alone articles text",
        "ADV": "also simply explicitly directly specifically actually currently clearly even "
        "themselves itself any",
        "DO": "do does did",
        "SAY": "mention say state specify contain provide give include answer address discuss tell "
        "indicate reveal report explain name identify describe cover offer have refer list "
        "disclose clarify note make confirm hold show detail talk speak appear seem elaborate",
        "SAYS": "mention mentions say says state states specify specifies contain contains provide "
        "provides give gives include includes answer answers address addresses discuss discusses "
        "offer offers have has make makes",
        "BE": "is are was were be",
        "HOW": "a an any enough sufficient relevant specific such direct explicit further clear "
        "more additional the",
        "INFO": "information mention answer answers details detail data reference references "
        "indication",
        "CAN": "can could would",
        "KNOW": "know have find see possess",
        "ABLE": "unable not",
        "TOLD": "mentioned stated specified given provided included found contained available "
        "answered addressed discussed present covered clear disclosed named known determined "
        "possible described reported in part within enough sufficient",
        "ASKED": "answer question information requested specific",
        # Indonesian
        "OLEH": "berdasarkan menurut dari dalam di pada dengan",
        "ARTIKEL": "artikel artikel-artikel artikelnya teks konteks kutipan cuplikan bacaan "
        "sumber-sumber",
        "SUMBER": "sumber dokumen informasi data berita materi bahan",
        "DIBERI": "diberikan disediakan tersedia atas disajikan berikan",
        "SEMUA": "semua seluruh kedua ketiga para isi berita kutipan teks potongan",
        "INI": "tersebut ini itu yang diberikan disediakan tersedia ada di atas saya terima "
        "miliki berita disajikan anda berikan juga sama sekali secara eksplisit langsung jelas "
        "spesifik khusus mana pun manapun",
        "TIDAK": "tidak tak belum tidaklah",
        "SEBUT": "menyebut menyebutkan mengatakan menyatakan memuat menjelaskan memberikan memberi "
        "mengandung berisi membahas menyediakan mencantumkan menjawab mencakup memiliki merinci "
        "mengungkap mengungkapkan menyinggung melaporkan menginformasikan ada terdapat disebutkan",
        "DISEBUT": "disebut disebutkan dijelaskan tercantum dibahas diketahui dinyatakan dirinci "
        "diungkapkan disinggung",
        "BISA": "dapat bisa ada cukup jelas terdapat tersedia ditemukan dimuat dijawab",
        "ADA": "ada terdapat ditemukan tersedia cukup memiliki",
        "CUKUP": "cukup satu pun satupun sebuah",
        "INFORMASI": "informasi keterangan jawaban penjelasan data rincian detail penyebutan "
        "artikel informasinya jawabannya",
        "TANYA": "pertanyaan jawaban jawabannya informasi informasinya",
        "SAYA": "saya kami aku",
        "TAHU": "tahu mengetahui dapat bisa menemukan memiliki mempunyai mampu punya yakin",
    }.items()
}
CONTRACTIONS = {
    **{f"{verb}n't": (verb, "not") for verb in word_set("do does did is are was were have has")},
    "couldn't": ("could", "not"),
    "wouldn't": ("would", "not"),
    "can't": ("can", "not"),
    "cannot": ("can", "not"),
    "i'm": ("i", "am"),
    "i've": ("i", "have"),
    "it's": ("it", "is"),
    "there's": ("there", "is"),
    "that's": ("that", "is"),
}
_ARTICLES = ("PRE* STRONG POST*", "PRE PRE* WEAK GIVEN POST*", "PRE? GIVEN PRE* WEAK POST*")
_ARTIKEL = ("SEMUA* ARTIKEL INI*", "SEMUA* SUMBER INI* DIBERI INI*", "berita INI INI*")
_SPEAKS = ("DO not ADV* SAY", "SAYS no", "SAYS nothing", "lack", "lacks", "CAN not")

# What a refusal begins with, after words of regret.
_FORMS = [
    *(f"{articles} ADV* {speaks}" for articles in _ARTICLES for speaks in _SPEAKS),
    *(f"{articles} ADV* BE not ADV* TOLD" for articles in _ARTICLES),
    "PRE PRE* sources POST* ADV* DO not ADV* SAY",
    *(f"{no} of? {articles} SAYS" for articles in _ARTICLES for no in ("none", "no", "neither")),
    *(f"nothing in {articles}" for articles in _ARTICLES),
    *(f"not TOLD? in {articles}" for articles in _ARTICLES),
    "there BE no HOW* INFO",
    "there BE not HOW* INFO",
    "there BE insufficient HOW* INFO",
    "i ADV* CAN not",
    "i ADV* DO not ADV* KNOW",
    "i am ADV* ABLE",
    "i have no",
    "i have not",
    "i find no",
    "i found no",
    "it BE not possible",
    "it BE impossible",
    "it CAN not be",
    "PRE PRE? ASKED CAN not be",
    "PRE PRE? ASKED ... BE not ADV* TOLD",
    *(f"{artikel} INI* TIDAK INI* SEBUT" for artikel in _ARTIKEL),
    "tidak ada CUKUP* ARTIKEL yang",
    "tidak satu pun ARTIKEL",
    *(f"tidak ada OLEH {artikel}" for artikel in _ARTIKEL),
    *(f"TIDAK DISEBUT OLEH {artikel}" for artikel in _ARTIKEL),
    "tidak ADA CUKUP* INFORMASI",
    "tak ADA CUKUP* INFORMASI",
    "SAYA TIDAK TAHU",
    "TANYA ... TIDAK DISEBUT",
    "TANYA ... TIDAK BISA",
]
# What is one only behind "In the articles, ...", or when it speaks of the articles later on.
_LEANING = [
    "no HOW* INFO",
    "it BE not ADV* TOLD",
    "it BE unclear",
    "it BE unknown",
    "TIDAK INI* DISEBUT",
    "belum ADA CUKUP* INFORMASI",
]
_LED = [
    *(f"BY BY? {articles}" for articles in _ARTICLES),
    *(f"OLEH OLEH? {artikel}" for artikel in _ARTIKEL),
]


class Forms:
    """All forms as one automaton over words: where they can lead after each word."""

    def __init__(self) -> None:
        # At each place: which words lead on (None: any word), and what follows without a word.
        self._steps: list[list[tuple[frozenset[str] | None, int]]] = []
        self._skips: list[list[int]] = []
        start, led, self._said, named = (self._place() for _ in range(4))
        for place in (start, led):
            self._steps[place].append((SETS["LEAD"], place))
        for form in _FORMS:
            self._add(form, start, self._said)
            self._add(form, led, self._said)
        for form in _LEANING:
            self._add(form, led, self._said)
            self._add(form, start, named)
        for form in _LED:
            self._add(form, start, led)
        self._steps[self._said].append((None, self._said))
        self._steps[named] += [
            (None, named),
            (SETS["STRONG"] | SETS["ARTIKEL"], self._said),
        ]
        self._start = self._closed({start})

    def _place(self) -> int:
        self._steps.append([])
        self._skips.append([])
        return len(self._steps) - 1

    def _add(self, form: str, start: int, end: int) -> None:
        at = start
        for symbol in form.split():
            if symbol == "...":
                for _ in range(_GAP):
                    at = self._link(at, None, optional=True)
                continue
            name = symbol.rstrip("?*")
            words = SETS.get(name, frozenset({name}))
            if symbol.endswith("*"):
                after = self._place()
                self._skips[at].append(after)
                self._steps[after].append((words, after))
                at = after
            else:
                at = self._link(at, words, optional=symbol.endswith("?"))
        self._skips[at].append(end)

    def _link(self, at: int, words: frozenset[str] | None, *, optional: bool) -> int:
        after = self._place()
        self._steps[at].append((words, after))
        if optional:
            self._skips[at].append(after)
        return after

    def _closed(self, places: set[int]) -> frozenset[int]:
        todo = list(places)
        while todo:
            for after in self._skips[todo.pop()]:
                if after not in places:
                    places.add(after)
                    todo.append(after)
        return frozenset(places)

    def _after(self, places: frozenset[int], word: str) -> frozenset[int]:
        return self._closed(
            {
                after
                for place in places
                for words, after in self._steps[place]
                if words is None or word in words
            }
        )

    def refused_by(self, words: Sequence[str]) -> int | None:
        """How many of the words it takes until they are a refusal, whatever follows."""
        places = self._start
        for count, word in enumerate(words, 1):
            places = self._after(places, word)
            if self._said in places:
                return count
            if not places:
                return None
        return None

    def open(self, words: Sequence[str], begun: str) -> bool:
        """Whether the words, and one that begins so, can still become a refusal."""
        places = self._start
        for word in words:
            places = self._after(places, word)
        if not begun:
            return bool(places)
        if any(
            words is None or any(word.startswith(begun) for word in words)
            for place in places
            for words, _ in self._steps[place]
        ):
            return True
        return any(
            self._after(self._after(places, first), second)
            for short, (first, second) in CONTRACTIONS.items()
            if short.startswith(begun)
        )


@functools.cache
def load() -> Forms:
    """The forms, put together once."""
    return Forms()
