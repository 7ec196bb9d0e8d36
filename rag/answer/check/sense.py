"""Whether a statement affirms, denies and plans what its evidence does, and says nothing opposite.

Goes by the words that both have, so it finds nothing wrong where they share none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.answer.check.backing import Backing, Place, Problem
from rag.answer.check.rivals import TELLING, part_of_speech, rival_of
from rag.answer.check.wording import Wording
from rag.text.cues import pattern
from rag.text.language import word_set

# What follows is meant, asked for or open, and not told as done.
_MEANT = re.compile(
    r"(?<!\w)(?:akan|bakal|berencana|direncanakan|dijadwalkan|hendak|diharapkan|apakah|rencananya"
    r"|will|would|might|may|could|whether|if|jika|bila|apabila"
    r"|(?:plan|intend|hope|want|wish|expect|schedule|agree|try|seek|refuse|decline|fail|ask"
    r"|offer|promise|threaten|vow|pledge|propose|consider|aim|prepare|decide|urge|call\w* on|invite"
    r"|order|tell|told|allow|need)\w*\s+to"
    r"|(?:tried|sought|due|set|about|was|were|is|are)\s+to"
    r"|(?:request|permission|plan|attempt|effort|proposal|bid|invitation)s?\s+to"
    r"|(?:permintaan|rencana|upaya|usulan|undangan|ingin|berharap|berniat|berupaya|berusaha|mencoba"
    r"|meminta|gagal|menolak|menawarkan|berjanji|mengancam|mengusulkan|mempertimbangkan|diminta"
    r"|bersiap|mendesak|mengajak|mengimbau|menyerukan)(?:\s+\w+){0,2}?\s+(?:untuk|agar)?)(?!\w)",
    re.IGNORECASE,
)
# The statement itself leaves it open, so that nothing is told as done.
_OPEN = pattern(
    "akan|bakal|berencana|rencananya|direncanakan|dijadwalkan|ingin|hendak|berharap",
    "diharapkan|diperkirakan|apakah|jika|kalau|apabila|bila|mungkin|berniat|rencana",
    "permintaan|meminta|batal|dibatalkan|urung|ditunda|will|would|plan|plans|planned",
    "planning|scheduled|expect*|hope*|want*|intend*|whether|if|set to|due to|due|might",
    "could|may|about to|going to|seek*|sought|aim*|upaya|berupaya|berusaha|mencoba|effort*",
    "attempt*|try|tries|tried|trying|request*|ask*|cancel*|postpone*|proposal|proposed",
    "usulan|undangan|invitation|untuk|is to|are to|gagal|fail*|forecast*|agreed to",
    "believed to|permission|could|be",
)
_DENYING = re.compile(
    r"(?<!\w)(?:denied|denies|deny|denying|membantah|dibantah|menyangkal|menampik|menepis|bantah)(?!\w)",
    re.IGNORECASE,
)
_CALLED_OFF = pattern(
    "cancelled|canceled|called off|scrapped|batal|dibatalkan|urung|ditunda|postponed|tidak jadi"
)
# Offices wide enough to stand for another.
_ANY_OFFICE = word_set(
    "leader official politician chief_head figure_person chairman spokesperson analyst",
    "deputy director adviser member businessman founder author employee expert former",
    "commander",
)


def check_sense(said: Wording, backing: Backing) -> Iterator[Problem]:
    """What the statement denies, affirms, tells as done or says instead, against its evidence."""
    places = {i: found for i in said.plain if (found := backing.exact(said, i))}
    yield from _denials(said, backing, places)
    yield from _plans(said, backing, places)
    yield from _sequence(said, backing, places)
    yield from _opposites(said, backing)
    yield from _called(said, backing)
    yield from _titled(said, backing)
    yield from _offices(said, backing)


def _denials(said: Wording, backing: Backing, places: dict[int, list[Place]]) -> Iterator[Problem]:
    for i, found in places.items():
        words = [(backing.wordings[p.sentence], p.token) for p in found]
        word = said.written(i)
        if i in said.denied:
            if not any(j in w.denied or j in w.doubted or _by_denial(w, j) for w, j in words):
                yield Problem(
                    "conflict",
                    f"the source does not deny it: “{word}”",
                    f"sumbernya tidak membantahnya: “{word}”",
                )
                return
        elif all(j in w.denied for w, j in words) and not said.negated:
            yield Problem(
                "conflict",
                f"the source says the opposite of “{word}”",
                f"sumbernya menyatakan sebaliknya: “{word}”",
            )
            return
        elif (
            not said.negated
            and not said.concepts[i] & _CHARGES
            and all(_denied_clause(w, j, near=not _is_verb(said, i)) for w, j in words)
        ):
            yield Problem(
                "conflict",
                f"the source tells of a denial of “{word}”",
                f"sumbernya memuat bantahan atas “{word}”",
            )
            return
    if said.hard and not any(w.negated for w in backing.wordings):
        word = said.text[said.hard[0][0] :].split(",")[0].rstrip(".")
        yield Problem(
            "conflict",
            f"the source does not deny it: “{word}”",
            f"sumbernya tidak membantahnya: “{word}”",
        )
    if not said.negated and not any(cs & _CHARGES for cs in said.concepts):
        yield from _denier(said, backing)
    for source in backing.wordings:
        if len(source.hard) == 1 and not said.negated:
            yield from _dropped(said, source)


def _denier(said: Wording, backing: Backing) -> Iterator[Problem]:
    """One who is made to say what the evidence says that he denied."""
    mine = {said.tokens[i].text for g in said.groups for i in g}
    speaking = {said.tokens[i].text for names in said.speakers for g in names for i in g}
    for words in backing.wordings:
        for m in _DENYING.finditer(words.text):
            before = {
                words.tokens[i].text
                for g in words.groups
                for i in g
                if words.tokens[i].end <= m.start()
            }
            behind = [i for i, t in enumerate(words.tokens) if t.start >= m.end()]
            kept = {
                i
                for i in said.plain
                if "=say" not in said.keys[i] and any(said.keys[i] & words.keys[j] for j in behind)
            }
            kept_names = {words.tokens[j].text for j in behind if words.roles[j] == "name"} & mine
            if not (before & speaking) or not (kept or kept_names):
                continue
            elsewhere = [
                w
                for w in backing.wordings
                if w is not words
                and not w.negated
                and any(said.keys[i] & w.all_keys for i in said.plain if "=say" not in said.keys[i])
            ]
            if not elsewhere:
                yield Problem(
                    "conflict",
                    f"the source tells of a denial: “{m.group()}”",
                    f"sumbernya memuat bantahan: “{m.group()}”",
                )
                return


def _by_denial(words: Wording, i: int) -> bool:
    """Whether a plain "not" stands near a word, if not right before it."""
    at = words.tokens[i].start
    return any(-12 <= at - end <= 40 for _, end in words.hard)


def _dropped(said: Wording, words: Wording) -> Iterator[Problem]:
    """A denial that the statement leaves out, in front of a word that it renders."""
    start, end = words.hard[0]
    near = [j for j in range(len(words.tokens)) if 0 <= words.tokens[j].start - end <= 22]
    if near and not words.keys[near[0]] & said.all_keys:
        beyond = [j for j in range(near[-1], len(words.tokens)) if words.parted(near[0], j)]
        if sum(
            bool(words.keys[j] & said.all_keys)
            for j in beyond
            if words.roles[j] == "plain" and "=say" not in words.keys[j]
        ):
            return  # it tells of another clause: "did not cover whaling, which ..."
    kept = [j for j in near[:2] if words.keys[j] & said.all_keys and words.roles[j] != "empty"]
    if kept and not words.parted(near[0], kept[0]):
        word = words.text[start : words.tokens[kept[0]].end]
        yield Problem(
            "conflict",
            f"the source says “{word}”",
            f"sumbernya menyebut “{word}”",
        )


# Denying one of these is telling of it.
_CHARGES = word_set(
    "accuse charge_crime claim rumour report defendant",
)


def _denied_clause(words: Wording, i: int, *, near: bool) -> bool:
    """Whether a word stands in what somebody denies: "denied that the minister met him"."""
    at = words.tokens[i].start
    return any(
        m.end() <= at
        and len(words.text[m.end() : at].split()) <= (2 if near else 20)
        and not re.search(r"[.;]\s|, (?:but|tetapi)", words.text[m.end() : at])
        for m in _DENYING.finditer(words.text)
    )


def _is_verb(words: Wording, i: int) -> bool:
    if words.language == "id" and re.match(
        r"(?:ber|me[mnl]|menge?)[a-z]{4,}", words.tokens[i].text
    ):
        return True
    return any(part_of_speech(c) == "verb" for c in words.concepts[i])


def _plans(said: Wording, backing: Backing, places: dict[int, list[Place]]) -> Iterator[Problem]:
    """What the evidence only plans, asks for or leaves open and the statement tells as done."""
    if _OPEN.search(said.text) or said.negated:
        return
    for i in said.plain:
        found = places.get(i) or backing.places(said.keys[i])
        if not found or not _is_verb(said, i) or _NOMINAL.fullmatch(said.tokens[i].text):
            continue
        words = [(backing.wordings[p.sentence], p.token) for p in found]
        if all(_meant(w, j) for w, j in words):
            yield Problem(
                "conflict",
                f"the source tells “{said.written(i)}” as planned or possible, not as done",
                f"di sumbernya “{said.written(i)}” baru rencana atau kemungkinan",
            )
            return


# A noun made of a verb: "larangan", "pembelian".
_NOMINAL = re.compile(r"(?!di|me|ber|ter)(?:pe|ke)?[a-z]{4,}an|[a-z]{4,}(?:ment|ation|tion)")


def _meant(words: Wording, i: int) -> bool:
    at = words.tokens[i].start
    for cue in _MEANT.finditer(words.text):
        between = words.text[cue.end() : at]
        limit = 6 if re.match(r"whether|if|apakah|jika", cue.group(), re.IGNORECASE) else 2
        if cue.end() <= at and len(between.split()) <= limit and not re.search(r"[,;.]", between):
            return True
    return False


_BEFORE = pattern("before|sebelum|prior to|ahead of|menjelang")
_AFTER = pattern("after|setelah|sesudah|usai|seusai|following")


def _sequence(said: Wording, backing: Backing, places: dict[int, list[Place]]) -> Iterator[Problem]:
    """ "Before" for "after", in front of a word that both have."""
    for mine, other in ((_BEFORE, _AFTER), (_AFTER, _BEFORE)):
        for i, found in places.items():
            if not _led_by(mine, said, i):
                continue
            words = [(backing.wordings[p.sentence], p.token) for p in found]
            if words and all(_led_by(other, w, j) for w, j in words):
                yield Problem(
                    "conflict",
                    f"before and after are exchanged: “{said.written(i)}”",
                    f"sebelum dan sesudah tertukar: “{said.written(i)}”",
                )
                return


def _led_by(cue: re.Pattern[str], words: Wording, i: int) -> bool:
    at = words.tokens[i].start
    ahead = words.text[max(0, at - 34) : at]
    last = max((m.end() for m in cue.finditer(ahead)), default=-1)
    return last >= 0 and len(ahead[last:].split()) <= 2 and not re.search(r"[,.;]", ahead[last:])


def _opposites(said: Wording, backing: Backing) -> Iterator[Problem]:
    """Telling words that the evidence lacks, or for which it has an opposite."""
    have = frozenset(c for w in backing.wordings for concepts in w.concepts for c in concepts)
    classes = rival_of(have)
    loose: dict[int, str] = {}
    for words in backing.wordings:
        for j in (*words.plain, *(k for k, t in enumerate(words.tokens) if t.text in _UPDOWN)):
            if not words.keys[j] & said.all_keys:
                for family in rival_of(words.concepts[j]):
                    loose.setdefault(family, words.written(j))
    for i in said.plain:
        concepts = said.concepts[i]
        beasts = {c for c in concepts if c.startswith("species_")}
        others = {c for c in have if c.startswith("species_")}
        if beasts and others and not beasts & others:
            yield Problem(
                "not_found",
                f"the source does not say this: “{said.written(i)}”",
                f"sumbernya tidak menyebut ini: “{said.written(i)}”",
            )
            return
        mine = rival_of(concepts)
        strict = concepts & _STRICT and any(family in loose for family in mine)
        known = {k for k in said.keys[i] if k[0] not in "~%"} if strict else said.keys[i]
        if not concepts or known & backing.keys or backing.alike(said.tokens[i].text):
            continue
        if any(names & classes.get(family, frozenset()) for family, names in mine.items()):
            continue
        word = said.written(i)
        against = next((loose[family] for family in mine if family in loose), None)
        if against:
            yield Problem(
                "conflict",
                f"the source says “{against}”, not “{word}”",
                f"sumbernya menyebut “{against}”, bukan “{word}”",
            )
            return
        if concepts <= TELLING and not (
            backing.mentions(concepts) and all(part_of_speech(c) == "noun" for c in concepts)
        ):
            yield Problem(
                "not_found",
                f"the source does not say this: “{word}”",
                f"sumbernya tidak menyebut ini: “{word}”",
            )
            return


# Of these no other word of the evidence makes up for the opposite.
_STRICT = frozenset({"hail", "regret", "job_make", "job_cost", "acceptable", "unacceptable"})
_UPDOWN = frozenset({"up", "down"})


def _called(said: Wording, backing: Backing) -> Iterator[Problem]:
    """A name with an office in front, where the evidence has another."""
    for group in said.groups:
        mine = _before_name(said, group)
        if not mine or mine <= _ANY_OFFICE:
            continue
        last = said.tokens[group[-1]].text
        for words in backing.wordings:
            for there in words.groups:
                if words.tokens[there[-1]].text != last:
                    continue
                other = _before_name(words, there)
                held = {p for c in other for p in _parts(c)}
                if any(_parts(c) & held for c in mine) or other <= _ANY_OFFICE:
                    continue
                if other and not other & mine:
                    word = said.text[said.tokens[group[0]].start : said.tokens[group[-1]].end]
                    yield Problem(
                        "conflict",
                        f"the source calls {word} something else",
                        f"sumbernya menyebut {word} dengan jabatan lain",
                    )
                    return


def _titled(said: Wording, backing: Backing) -> Iterator[Problem]:
    """A name with another ministry or body in front of it than the evidence gives it."""
    for group in said.groups:
        mine = _body(said, group)
        if not mine:
            continue
        last = said.tokens[group[-1]].text
        found = [
            (words, body)
            for words in backing.wordings
            for there in words.groups
            if words.tokens[there[-1]].text == last and (body := _body(words, there))
        ]
        if found and all(_differ(said, mine, words, body) for words, body in found):
            word = said.text[said.tokens[group[0]].start : said.tokens[group[-1]].end]
            yield Problem(
                "conflict",
                f"the source calls {word} something else",
                f"sumbernya menyebut {word} dengan jabatan lain",
            )
            return


_BODY = re.compile(
    r"(?P<id>\b(?:Menteri|Kepala|Ketua|Direktur|Sekretaris|Menko)\s+(?P<of>[A-Z][\w-]+"
    r"(?:\s+[A-Z][\w-]+){0,4}?)(?:\s*\([^)]*\))?(?:\s+[A-Z][\w-]+)?,?\s+)\Z"
    r"|\b(?P<en>[A-Z][\w-]+(?:\s+[A-Z][\w-]+){0,2}?)\s+(?:Minister|Secretary|minister|secretary)\s+\Z"
)


def _body(words: Wording, group: list[int]) -> list[int]:
    """The tokens of the ministry or body in the office before a name: "Finance", "Dinas"."""
    whole = words.text[: words.tokens[group[0]].start]
    found = _BODY.search(whole)
    if not found:
        return []
    name = "of" if found["of"] else "en"
    inside = words.within(found.start(name), found.end(name))
    if name == "of":
        inside = inside[:1]  # "Dinas", "Asosiasi", "Riset": what follows may be a place
    return [
        i
        for i in inside
        if words.tokens[i].text not in ("prime", "first", "deputy", "former", "general", "state")
        and not any(part_of_speech(c) == "place" for c in words.concepts[i])
    ]


def _differ(said: Wording, mine: list[int], words: Wording, theirs: list[int]) -> bool:
    """Whether two bodies have no word in common, as far as their meanings are known."""
    keys = {k for i in mine for k in _plainly(said, i)}
    if any(_plainly(words, j) & keys for j in theirs):
        return False
    if said.language == words.language:
        return True
    return all(w.concepts[i] for w, inside in ((said, mine), (words, theirs)) for i in inside)


_WATERS = frozenset({"sea", "maritime", "marine", "ocean", "fish", "fisherman", "fisheries"})


def _plainly(words: Wording, i: int) -> frozenset[str]:
    own = {k for k in words.keys[i] if k[0] not in "~%"}
    parts = {p for c in words.concepts[i] for p in c.split("_")} - {"minister", "ministry"}
    if parts & _WATERS:
        parts |= _WATERS  # the ministry of the sea is that of fisheries
    return frozenset(own | parts)


def _before_name(words: Wording, group: list[int]) -> frozenset[str]:
    """The offices in the three words before a name."""
    found: set[str] = set()
    for i in range(group[0] - 1, max(-1, group[0] - 4), -1):
        if words.roles[i] != "plain" or words.parted(i, group[0]):
            break
        found |= {c for c in words.concepts[i] if part_of_speech(c) == "role" or c == "opposition"}
    return frozenset(found)


def _offices(said: Wording, backing: Backing) -> Iterator[Problem]:
    """An office that the evidence lacks, where it has another that the statement lacks."""
    theirs = {
        c: w.written(max(j for j, other in enumerate(w.concepts) if c in other))
        for w in backing.wordings
        for cs in w.concepts
        for c in cs
        if part_of_speech(c) == "role" and c not in _NO_OFFICE
    }
    parts = {part for c in theirs for part in _parts(c)}
    parts |= {c for w in backing.wordings for cs in w.concepts for c in cs}
    mine = {c: i for i, cs in enumerate(said.concepts) for c in cs if part_of_speech(c) == "role"}
    held = {part for c in mine for part in _parts(c)}
    for concept, i in mine.items():
        if concept in _ANY_OFFICE | _NO_OFFICE or concept in theirs:
            continue
        lacking = _parts(concept) - parts
        # "President" is not borne out by "Vice President", nor the other way round.
        higher = {c for c in theirs if _parts(concept) < _parts(c) and (_parts(c) - held) & _LOWER}
        if not lacking and not higher:
            continue
        if lacking and any(_parts(c) < _parts(concept) for c in theirs) and not lacking & _LOWER:
            continue
        other = next(
            (
                w
                for c, w in theirs.items()
                if c in higher or (c not in mine and c not in _ANY_OFFICE and not _parts(c) <= held)
            ),
            None,
        )
        if other:
            word = said.written(i)
            yield Problem(
                "conflict",
                f"the source says “{other}”, not “{word}”",
                f"sumbernya menyebut “{other}”, bukan “{word}”",
            )
            return


_LOWER = frozenset({"vice", "deputy", "crown", "former", "acting"})
_NO_OFFICE = frozenset({"foreigner", "survivors_found", "child", "baby"})


def _parts(concept: str) -> frozenset[str]:
    return _PARTS.get(concept) or frozenset(concept.split("_"))


# A British secretary is a minister.
_PARTS = {
    "secretary": frozenset({"secretary", "minister"}),
    "state_secretary": frozenset({"state", "secretary", "minister", "foreign"}),
}
