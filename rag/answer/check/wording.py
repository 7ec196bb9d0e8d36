"""What checking a sentence needs of its words: what each may match, clauses, denials, speakers.

Pure; compares nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import Literal

from rag.answer.check.rivals import kindred, meanings, offices, part_of_speech
from rag.answer.evidence import Sentence
from rag.schema import Metadata, Passage
from rag.text import language as languages
from rag.text.cues import pattern
from rag.text.language import word_set
from rag.text.name_words import NOT_NAMES, PORTFOLIOS, TITLES
from rag.text.names import Name
from rag.text.stems import Token, stem, stop_words

Role = Literal["date", "number", "name", "plain", "empty"]

LANGUAGES = ("en", "id")
# Bear no fact of their own where they stand beside a word that does.
LIGHT = word_set(
    "menurut according plans planned plan plan expects expected will would berencana akan rencana",
    "the a an also then later meanwhile however moreover furthermore additionally",
    "therefore thus while during part well including include includes included namely",
    "such total overall take took taken place hold held conduct conducted carry carried",
    "make made give gave given become became have had has get got around approximately",
    "about nearly almost roughly exactly least currently recently new latest several",
    "various number amount people person one two first order form way both pair side",
    "sides respectively based state states context regarding related due reported",
    "reportedly source sources tersebut juga kemudian lalu sementara itu selain melakukan",
    "dilakukan mengadakan diadakan sekitar kurang hampir tepat persis kini terbaru",
    "sejumlah jumlah berbagai orang pihak kedua keduanya secara terkait mengenai soal pun",
    "yakni yaitu antara lain sebanyak total termasuk menggelar digelar berlangsung adanya",
    "terjadi memberikan diberikan membuat dibuat bahwa namun sedangkan pula usai para",
    "set memiliki selaku dilaporkan melaporkan sumber",
)
# A word before a name that says it names a person's office and is no name itself.
_THAT = word_set("itu tersebut ini")
_ORDINARY = frozenset(w for title in TITLES for w in title.split())
_TOLD = word_set(
    "=say =deny =accuse =claim =admit =confirm =warn =criticise =praise =reject",
)
_STATIONS = word_set(
    "chairman leader chief_head governor mayor regent spokesperson director ceo judge",
    "prosecutor lawyer ambassador businessman secretary_general king queen emir",
    "opposition",
)
_BREAK = re.compile(
    r"[,;:.!?()\"“”]|\s[-–—]\s|(?<!\w)(?:but|while|whereas|although|though|because|who|which|tetapi|tapi|namun"
    r"|sedangkan|sementara|karena|yang|meski|meskipun|walau|setelah|sebelum|after|before|when"
    r"|ketika|saat)(?!\w)",
    re.IGNORECASE,
)
_HARD = pattern(
    "tidak|tak|bukan|belum|tanpa|tiada|jangan|enggan",
    "not|no|never|without|neither|nor|nobody|none|cannot|*n't|n't|didn't|doesn't|don't|isn't",
    "aren't|wasn't|weren't|hasn't|haven't|hadn't|won't|wouldn't|can't|couldn't|shouldn't",
    "didn’t|doesn’t|don’t|isn’t|aren’t|wasn’t|weren’t|hasn’t|haven’t|hadn’t|won’t|wouldn’t|can’t",
    "couldn’t|unable|nothing|nowhere|far from|no longer",
)
_NOT_DENIED = pattern(
    "tidak hanya|bukan hanya|tidak kurang dari|tak kurang dari|tak hanya|tak lama",
    "tidak lama|bukan sekadar|not only|no less than|no fewer than|not just|no more than",
    "tidak lebih dari|no matter|no doubt|without doubt|tak pelak|tidak sedikit|tak sedikit",
    "not merely|whether or not|tak lain|tidak lain|bukan cuma|tak cuma|tidak langsung",
    "tak langsung",
)
_SOFT = pattern(
    "menolak|ditolak|membantah|dibantah|menyangkal|menampik|menepis|gagal|batal|dibatalkan",
    "urung|mencegah|menghentikan|mustahil|ditunda|menunda|refuse*|refusal|reject*|denial*",
    "denied|denies|deny|fail*|cancel*|declin*|called off|postpone*|prevent*|avoid*",
    "unlicensed|unauthorised|unauthorized|illegal|ilegal|unclear|uncertain|unknown|unpaid",
    "unaware|unwilling|unlikely|sedikit|jarang|little|few|rarely|hardly|barely|nobody",
    "acquitted|acquits|innocent|cleared|ruled out|rule out|impossible|penolakan|bantahan",
    "mengesampingkan|lack*|absence|stopp*|halt*|in vain",
)
_SAY_BEFORE = pattern(
    "menurut|kata|ujar|ucap|tutur|ungkap|imbuh|jelas|tegas|papar|sebut|ungkapnya|dikutip dari",
    "according to|said|says|as told by|as stated by|in the words of|mengutip|citing|quoting|per",
)
_SAY_AFTER = pattern(
    "mengatakan|berkata|menyatakan|menegaskan|menuturkan|menambahkan|menjelaskan",
    "mengungkapkan|menyebut|menilai|mengaku|mengklaim|membantah|menuduh|menuding",
    "menyampaikan|memaparkan|berujar|mengumumkan|memperingatkan|melaporkan|memastikan",
    "membenarkan|mengonfirmasi|bersaksi|berjanji|mengeluhkan|mencatat|beralasan|berpendapat",
    "menolak berkomentar|mengingatkan|menyebutkan|said|says|told|added|explained|claimed",
    "claims|stated|argued|insisted|denied|warned|replied|announced|reported|accused",
    "testified|promised|confirmed|noted|complained|admitted|declared|stressed|recalled",
    "described|revealed|suggested|believes|estimates|estimated|emphasised|emphasized",
)
_CALLS = re.compile(
    r"\b(?:called|calls|branded|deemed|considered)\s+(?:it|the|that|this|them|him|her)\b",
    re.IGNORECASE,
)


class Wording:
    """One sentence, word by word, as it is compared with another."""

    def __init__(self, sentence: Sentence, known: frozenset[str] = frozenset()) -> None:
        self.sentence = sentence
        self.known = known  # words that are names though their capitals do not tell
        self.text = sentence.text
        self.tokens: list[Token] = sentence.tokens
        stated = sentence.language if sentence.language in LANGUAGES else None
        self.language = stated or languages.detect(self.text)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The languages it may be in."""
        return (self.language,) if self.language in LANGUAGES else LANGUAGES

    @cached_property
    def concepts(self) -> list[frozenset[str]]:
        """By token, the glossary's concepts that it names, alone or with its neighbours."""
        found: list[set[str]] = [set() for _ in self.tokens]
        for match in self.sentence.meanings:
            for i in self.within(match.start, match.end):
                found[i].add(match.concept_id)
        return [frozenset(f) | meanings(t.text) for f, t in zip(found, self.tokens, strict=True)]

    @cached_property
    def keys(self) -> list[frozenset[str]]:
        """By token, what it may be matched by: the word, its stems and its concepts."""
        return [
            frozenset(
                {t.text, *(f"{code}:{stem(t.text, code)}" for code in self.codes)}
                | {key for c in concepts for key in (f"={c}", *kindred(c), *offices(c))}
            )
            for t, concepts in zip(self.tokens, self.concepts, strict=True)
        ]

    @cached_property
    def all_keys(self) -> frozenset[str]:
        """Everything that any of its tokens may be matched by."""
        return frozenset(k for keys in self.keys for k in keys)

    def holds(self, other: Wording) -> bool:
        """Whether the other's words stand in it, all of them and in one run."""
        mine = " ".join(t.text for t in self.tokens)
        return f" {' '.join(t.text for t in other.tokens)} " in f" {mine} "

    def within(self, start: int, end: int) -> list[int]:
        """The tokens that touch a stretch of the text."""
        return [i for i, t in enumerate(self.tokens) if t.start < end and start < t.end]

    @cached_property
    def roles(self) -> list[Role]:
        """By token, whether it is of a date, a number or a name, a plain or an empty word."""
        stops = (
            stop_words("en") | stop_words("id")
            if len(self.codes) > 1
            else stop_words(self.codes[0])
        )
        found: list[Role] = [
            "empty" if t.text in stops or t.text in LIGHT else "plain" for t in self.tokens
        ]
        for name in self.groups:
            for i in name:
                found[i] = "name"
        for number in self.sentence.numbers:
            for i in self.within(number.start, number.end):
                found[i] = "number"
        for mention in self.sentence.dates:
            for i in self.within(mention.start, mention.end):
                found[i] = "date"
        return found

    @cached_property
    def plain(self) -> list[int]:
        """The tokens that say something and are no date, number or name."""
        return [i for i, role in enumerate(self.roles) if role == "plain"]

    @cached_property
    def offices(self) -> frozenset[int]:
        """The plain tokens that only say what office a name after them has."""
        found: set[int] = set()
        for i in self.plain:
            ahead = next(
                (j for j in range(i + 1, min(i + 4, len(self.tokens))) if self.roles[j] == "name"),
                None,
            )
            if ahead is not None and any(offices(c) or c in _STATIONS for c in self.concepts[i]):
                found.add(i)
        return frozenset(found)

    def written(self, i: int) -> str:
        """A token as it stands in the text."""
        return self.text[self.tokens[i].start : self.tokens[i].end]

    @cached_property
    def shouted(self) -> bool:
        """Whether it is in capitals, so that they tell nothing."""
        return sum(c.isupper() for c in self.text) > 0.6 * max(
            1, sum(c.isalpha() for c in self.text)
        )

    @cached_property
    def groups(self) -> list[list[int]]:
        """The names: for each, its tokens.

        Those that `names` finds, and any other word with a capital that no sentence begins with.
        """
        taken: set[int] = set()
        found: list[list[int]] = []
        dated = {i for m in self.sentence.dates for i in self.within(m.start, m.end)}
        dated |= {
            i
            for n in self.sentence.numbers
            for i in self.within(n.start, n.end)
            if self.tokens[i].text.isdigit()
            or self._begins(i)
            or not self._capital(i)
            or len(self.within(n.start, n.end)) > 1
        }
        if not self.shouted:
            for name in self.sentence.names:
                inside = [i for i in self.within(name.start, name.end) if i not in dated]
                if inside and not self._common(inside):
                    found.append(inside)
                    taken.update(inside)
            for i, token in enumerate(self.tokens):
                if i in taken or i in dated or not self._capital(i):
                    continue
                if token.text in NOT_NAMES or token.text in _ORDINARY or self._begins(i):
                    continue
                if token.text in stop_words("en") | stop_words("id") or self._of_title(i):
                    continue
                found.append([i])
        for i, token in enumerate(self.tokens):
            if token.text in self.known and i not in taken | dated and [i] not in found:
                if found and found[-1][-1] == i - 1 and self.tokens[i - 1].text in self.known:
                    found[-1].append(i)
                else:
                    found.append([i])
        return sorted(found)

    def _common(self, name: list[int]) -> bool:
        """Whether it is a plain word that only begins a sentence: "Lawmakers", "Letusan itu"."""
        if len(name) > 1 or not self._begins(name[0]) or not self.concepts[name[0]]:
            return False
        parts = {part_of_speech(c) for c in self.concepts[name[0]]}
        following = self.tokens[name[0] + 1].text if name[0] + 1 < len(self.tokens) else ""
        return parts == {"role"} or ("place" not in parts and following in _THAT)

    def _of_title(self, i: int) -> bool:
        """Whether it only says of what somebody is minister or head: "Menteri Tenaga Kerja"."""
        while i > 0 and (
            (self._capital(i) and self.concepts[i]) or self.tokens[i].text in PORTFOLIOS
        ):
            i -= 1
            if self.tokens[i].text in _ORDINARY:
                return True
        return False

    def _capital(self, i: int) -> bool:
        return self.text[self.tokens[i].start].isupper() and len(self.tokens[i].text) > 1

    def _begins(self, i: int) -> bool:
        if i == 0:
            return True
        gap = self.text[self.tokens[i - 1].end : self.tokens[i].start]
        if re.search(r"[.!?:\n]|,\s*[\"“‘]", gap):
            return True
        return bool(re.search(r"[\"“‘]", gap)) and not self._label(i)

    def _label(self, i: int) -> bool:
        """Whether what a quotation mark opens is only a name: 'known as the "Dogg Pound"'."""
        quoted = re.match(r"[^\"”’]*", self.text[self.tokens[i].start :])
        words = re.findall(r"\w+", quoted.group() if quoted else "")
        return len(words) <= 4 and not (
            quoted and quoted.group().rstrip().endswith((".", "!", ","))
        )

    @cached_property
    def named(self) -> dict[int, Name]:
        """By first token, the record of each name that `names` found."""
        return {
            inside[0]: name
            for name in self.sentence.names
            if (inside := self.within(name.start, name.end))
        }

    @cached_property
    def breaks(self) -> list[int]:
        """Where in the text a clause ends or begins."""
        return [m.start() for m in _BREAK.finditer(self.text) if not self._in_number(m.start())]

    def _in_number(self, at: int) -> bool:
        return self.text[at - 1 : at].isdigit() and self.text[at + 1 : at + 2].isdigit()

    def parted(self, i: int, j: int) -> bool:
        """Whether a clause ends between two tokens."""
        first, last = sorted((self.tokens[i].start, self.tokens[j].start))
        return any(first < at <= last for at in self.breaks)

    @cached_property
    def denied(self) -> frozenset[int]:
        """The plain tokens that a "not" or "tidak" before them denies."""
        return self._governed(self.hard, reach=4)

    @cached_property
    def doubted(self) -> frozenset[int]:
        """The plain tokens near any word of denial, refusal or failure."""
        spans = [*self.hard, *((m.start(), m.end()) for m in _SOFT.finditer(self.text))]
        return self._governed(spans, reach=9, across=True)

    @cached_property
    def negated(self) -> bool:
        """Whether it has a word of denial, refusal or failure at all."""
        return bool(self.hard) or bool(_SOFT.search(self.text))

    @cached_property
    def hard(self) -> list[tuple[int, int]]:
        """Where it has a plain "not", "tidak" and the like."""
        void = [(m.start(), m.end()) for m in _NOT_DENIED.finditer(self.text)]
        return [
            (m.start(), m.end())
            for m in _HARD.finditer(self.text)
            if not any(s <= m.start() < e for s, e in void)
        ]

    def _governed(
        self, spans: Iterable[tuple[int, int]], *, reach: int, across: bool = False
    ) -> frozenset[int]:
        found: set[int] = set()
        for start, end in spans:
            cue = next((i for i, t in enumerate(self.tokens) if t.end > start), len(self.tokens))
            after = [i for i in range(cue, len(self.tokens)) if self.tokens[i].start >= end]
            for i in after[:reach]:
                if not across and cue < i and self.parted(cue, i):
                    break
                if self.roles[i] == "plain":
                    found.add(i)
                    if not across:
                        break  # what is denied is the word that comes next
            if across:
                found.update(i for i in range(max(0, cue - 4), cue) if self.roles[i] == "plain")
        return frozenset(found)

    @cached_property
    def speakers(self) -> list[list[list[int]]]:
        """To whom it gives words or claims: for each such place the names that may be meant.

        Nearest to the word of saying first; a phrase such as "the head of the station, Ana"
        gives several.
        """
        found = [self._after(m) for m in _SAY_BEFORE.finditer(self.text) if self._opens(m)]
        found += [self._ahead(m) for m in _SAY_AFTER.finditer(self.text)]
        found += [self._ahead(m) for m in _CALLS.finditer(self.text)]
        return [names for names in found if names]

    def _opens(self, cue: re.Match[str]) -> bool:
        """Whether a word such as "said" stands before its speaker, as after a quotation."""
        if cue.group().lower() not in ("said", "says", "jelas", "tegas", "per", "sebut", "citing"):
            return True
        return bool(re.search(r"[,\"”’]\s*\Z", self.text[: cue.start()]))

    def _after(self, cue: re.Match[str]) -> list[list[int]]:
        names: list[list[int]] = []
        at = cue.end()
        for group in self.groups:
            first = self.tokens[group[0]]
            if first.start < at:
                continue
            between = self.text[at : first.start]
            limit = 45 if not names else 40
            if names and "," in between and self._is_person(names[0]):
                break
            if len(between) > limit or re.search(r"[.;:\"“”]\s|\b(?:that|bahwa)\b", between):
                break
            if names and re.search(r"\b(?:in|di|on|pada)\b", between) and "," not in between:
                break
            names.append(group)
            at = self.tokens[group[-1]].end
        return names

    def _is_person(self, group: list[int]) -> bool:
        name = self.named.get(group[0])
        if name is not None and name.kind == "person":
            return len(group) > 1
        unknown = not any(self.concepts[i] for i in group)
        return len(group) > 1 and unknown and (name is None or name.kind is None)

    def _ahead(self, cue: re.Match[str]) -> list[list[int]]:
        names: list[list[int]] = []
        at = cue.start()
        for group in reversed(self.groups):
            last = self.tokens[group[-1]]
            if last.end > at:
                continue
            between = self.text[last.end : at]
            if len(between) > 50 or re.search(r"[.;:\"“”]\s", between) or len(names) >= 4:
                break
            names.append(group)
            at = self.tokens[group[0]].start
        return names

    @cached_property
    def attributed(self) -> bool:
        """Whether it gives what it says to somebody."""
        return bool(
            _SAY_BEFORE.search(self.text)
            or _SAY_AFTER.search(self.text)
            or re.search(r"[\"“”]", self.text)
            or bool(_TOLD & self.all_keys)
        )


@lru_cache(maxsize=4096)
def wording(sentence: Sentence) -> Wording:
    """The wording of a sentence, made once."""
    return Wording(sentence)


@lru_cache(maxsize=1024)
def with_names(said: Wording, known: frozenset[str]) -> Wording:
    """The wording of a statement, some words of which are names by its evidence."""
    return Wording(said.sentence, known)


def claimed(statement: str, language: str) -> Wording:
    """The wording of a sentence that is no source's: one that a model wrote."""
    shaped = any(
        word.islower() and languages.INDONESIAN_SHAPE.match(word)
        for word in re.findall(r"[^\W\d_]{6,30}", statement)
    )
    code = languages.detect(statement) or ("id" if shaped else language)
    metadata = Metadata(title="", source="", language=code)
    passage = Passage(article_id="", start=0, end=len(statement), text=statement, metadata=metadata)
    return Wording(Sentence(passage, 0, len(statement), 0.0))
