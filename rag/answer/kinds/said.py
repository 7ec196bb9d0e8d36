"""What somebody said: the sentences that give words to whom a question names.

Pure: a question, hits and the evidence found so far in; better evidence, or less of it, out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rag.answer.check.wording import wording
from rag.answer.evidence import Sentence, read
from rag.answer.extract import Evidence, Pick
from rag.answer.matching import match
from rag.answer.question import Unit, analyse
from rag.answer.unsaid import Speech, parts
from rag.schema import Hit, Span
from rag.text import glossary
from rag.text.cues import pattern
from rag.text.name_words import ORGANISATIONS

_ON = r"(?:about|on|regarding|concerning|of|to|tentang|soal|mengenai|perihal|terkait|terhadap|atas)"
_Y = rf"(?: {_ON} (?P<y>.+))?"
_KATAKAN = r"(?:katakan|ucapkan|sampaikan|nyatakan)"
_SAID = r"(?:say|said|says|state|tell (?:\w+ )?|claim|announce|comment|declare|remark|think)"
_REACTION = r"(?:reaction|response|statement|comments?|remarks?|opinion|view|position|stance)"
_UCAP = r"(?:dikatakan|diucapkan|disampaikan|dinyatakan|diungkapkan|dijelaskan|ditegaskan)"
_BILANG = r"(?:mengatakan|bilang|berkata|menyatakan|ngomong|berujar|menyampaikan)"
_TANGGAPAN = (
    r"(?:komentar|pernyataan|tanggapan|respons?|reaksi|pendapat|sikap|ucapan|penjelasan|kata|ujar"
    r"|perkataan)"
)
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"what (?:else )?(?:did|does|do|has|have) (?P<x>.+?) (?:have to )?{_SAID}{_Y}",
        rf"what (?:was|were|is|are) (?P<x>.+?)(?:'s?|’s?) {_REACTION}{_Y}",
        rf"what (?:was|is) the {_REACTION} of (?P<x>.+?)(?: (?:about|on|to|regarding) (?P<y>.+))?",
        r"how (?:did|does|has|have) (?P<x>.+?) (?:react(?:ed)?|respond(?:ed)?)(?: to (?P<y>.+))?",
        rf"apa(?:kah)?(?: saja)? (?:isi )?{_TANGGAPAN}(?: dari)? (?P<x>.+?){_Y}",
        rf"(?:apa(?:kah)?|hal apa)(?: saja)? yang {_UCAP}(?: oleh)? (?P<x>.+?){_Y}",
        rf"(?:apa(?:kah)?|hal apa)(?: saja)? yang (?P<x>.+?) {_KATAKAN}{_Y}",
        rf"(?P<x>.+?) {_BILANG} apa(?: saja)?{_Y}",
        rf"(?:bagaimana|gimana|seperti apa) {_TANGGAPAN}(?: dari)? (?P<x>.+?){_Y}",
    )
)
_REACTS = re.compile(
    r"how |what (?:was|were|is|are) .*\b(?:reaction|response)"
    r"|.*\b(?:tanggapan|respons?|reaksi|sikap)",
    re.IGNORECASE,
)
# A question about it: "who said", "when did X say".
_ASKS = re.compile(
    r"\b(?:who|whom|when|where|why|how many|siapa|kapan|mengapa|kenapa|berapa)\b", re.IGNORECASE
)

# Verbs of saying, with those that give the gist of what was said, in the order subject, verb.
_SPEAKS = pattern(
    "mengatakan|berkata|menyatakan|menegaskan|menuturkan|menambahkan|menjelaskan|mengungkapkan",
    "menyebut*|menilai|mengaku|mengklaim|membantah|menuduh*|menuding*|menyampaikan|memaparkan",
    "berujar|mengumumkan|memperingatkan|melaporkan|memastikan|membenarkan|mengonfirmasi|bersaksi",
    "berjanji|menjanjikan|mengeluh*|berpendapat|mengingatkan|mengecam|mengkritik|memuji",
    "mendesak|menyerukan|meminta|menuntut|mengimbau|mengakui|menepis|menyangkal|menyayangkan",
    "menyambut|mengapresiasi|menjawab|berharap|menyindir|mengutuk|mengusulkan|menyarankan|bilang",
    "meyakini|memperkirakan|menekankan|mengancam|menyalahkan|berkomentar|menanggapi|mengutip",
    "said|says|told|tells|added|adds|explained|explains|claimed|claims|stated|states|argued",
    "argues|insisted|insists|denied|denies|warned|warns|replied|announced|announces|reported",
    "accused|accuses|testified|promised|promises|confirmed|confirms|noted|complained|admitted",
    "admits|declared|stressed|recalled|described|revealed|suggested|believes|estimated|urged",
    "urges|called for|called on|called it|demanded|demands|rejected|rejects|criticised|criticized",
    "condemned|praised|blamed|vowed|pledged|predicted|welcomed|dismissed|reiterated",
    "emphasised|emphasized|remarked|commented|proposed|apologised|apologized|asked|answered",
    "wrote|tweeted|acknowledged|concluded|observed|hoped|hopes|maintained|asserted|conceded",
)
# "Menolak tuduhan" is said, "menolak memenuhi" is done.
_REJECTS = re.compile(r"\bmenolak (?!(?:me|ber)(?!komentar))", re.IGNORECASE)
_OF = pattern(
    "menurut|kata|ujar|ucap|tutur|ungkap|imbuh|tukas|papar|pernyataan|pernyataan dari|keterangan",
    "according to|in the words of|a statement by|a statement from|quoting|mengutip|dikutip dari",
    "as told by|said",
)
_GOES_ON = re.compile(
    r"[\"“'(]*\s*(?:(?:he|she|they|ia|dia|beliau|mereka|the \w+)\b|\w+nya\b)", re.IGNORECASE
)
_SAYS_ON = pattern("katanya|ujarnya|tuturnya|ucapnya|imbuhnya|jelasnya|ungkapnya|tegasnya|paparnya")
_QUOTE = re.compile(r"[\"“”]")
_LONGEST_NAME = 60  # characters
_REACH = 70  # characters between a speaker and the verb; a title or an office may stand there
_ASKED_SHARE = 0.5  # of what it is to be about, that a sentence must mention
_MOST = 0.6  # of a name's words, where its last one is not among them
_ENOUGH = 0.6  # the evidence that a sentence with the speaker's words is at the least
_TOO_LITTLE = 0.3  # the evidence that others' words are at the most
_SAME = 0.8  # of their words shared, and two sentences are one


def speech(question: str) -> Speech | None:
    """Whose words a question asks for, or None when it asks for something else.

    >>> speech("What did Lapid say about the talks?")
    Speech(speaker='Lapid', about='the talks', acts=False)
    >>> speech("apa kata Netanyahu?"), speech("What did Lapid do?")
    (Speech(speaker='Netanyahu', about=None, acts=False), None)
    """
    text = " ".join(question.split()).strip(" ?!.\"“”'")
    for form in _FORMS:
        found = form.fullmatch(text)
        if found and not _ASKS.search(found["x"]):
            about = (found["y"] or "").strip() or None
            return Speech(found["x"].strip(" ,"), about, acts=bool(_REACTS.match(text)))
    return None


def words_of(asked: Speech, hits: Sequence[Hit], evidence: Evidence, *, limit: int) -> Evidence:
    """The sentences that give words to the speaker, about what is asked, best first.

    Without one, what was found counts for little unless it gives them words itself.
    """
    speaker = [u for u in analyse(asked.speaker, None).units if u.kind != "date"]
    # "Qatar's defence ministry" is not all of Qatar.
    bodies = [u for u in speaker if u.kind == "word" and _names_body(u)]
    names = [u for u in speaker if u.kind == "name"] + bodies or _roles(speaker) or speaker
    about = parts(analyse(asked.about, None).units) if asked.about else []
    if not names:
        return evidence
    found: list[tuple[float, Sentence]] = []
    for article in read(hits):
        for at, sentence in _spoken(article, names):
            share = _share(about, article, at)
            if share >= _ASKED_SHARE:
                found.append((share * (1.0 if sentence.whole else 0.8), sentence))
    if not found and asked.acts:
        return evidence
    if not found:
        return replace(evidence, score=min(evidence.score, _TOO_LITTLE))
    found.sort(key=lambda f: -f[0])  # among equals, the better hit's article comes first
    picks: list[Pick] = []
    for score, sentence in found:
        if len(picks) < limit and not any(alike(p.sentence, sentence) for p in picks):
            picks.append(Pick(sentence, score))
    return replace(evidence, picks=tuple(picks), score=max(evidence.score, _ENOUGH))


def _roles(units: Sequence[Unit]) -> list[Unit]:
    """Who somebody is: "governor" of "the central bank governor"."""
    load = glossary.load()
    return [u for u in units if any(load.concept(c).pos == "role" for c in u.concepts)]


def _names_body(unit: Unit) -> bool:
    """Whether words are for a body that speaks: "defence ministry"."""
    return not ORGANISATIONS.isdisjoint(unit.words)


def alike(one: Sentence, other: Sentence) -> bool:
    """Whether two sentences are one as two articles print it."""
    both = len(one.words & other.words)
    return both >= _SAME * (len(one.words | other.words) or 1)


def _spoken(article: Sequence[Sentence], names: Sequence[Unit]) -> Iterator[tuple[int, Sentence]]:
    """The sentences that give words to whom the names mean, with their places."""
    before = False  # whether the sentence before is theirs
    for i, sentence in enumerate(article):
        theirs = _attributed(sentence, names)
        goes_on = (
            before
            and not theirs
            and _after(article[i - 1], sentence)
            and not any(s for s in wording(sentence).speakers)
            and bool(
                _SAYS_ON.search(sentence.text)
                or (_GOES_ON.match(sentence.text) and _SPEAKS.search(sentence.text))
            )
        )
        before = theirs or goes_on
        if before:
            yield i, sentence


def _after(one: Sentence, other: Sentence) -> bool:
    """Whether one sentence directly follows the other in the article."""
    return 0 <= other.start - one.end < 4


def _attributed(sentence: Sentence, names: Sequence[Unit]) -> bool:
    """Whether a sentence gives what it says to one of those named."""
    each = [_spots(sentence, unit) for unit in names]
    if not all(each):
        return False
    spots = [s for found in each for s in found]
    said = wording(sentence)
    for group in (place[0] for place in said.speakers):
        start, end = said.tokens[group[0]].start, said.tokens[group[-1]].end
        if any(s.start < end and start < s.end for s in spots):
            return True
    role = all(unit.kind != "name" for unit in names)
    return any(_leads(sentence, s, role=role) or _led(sentence.text, s) for s in spots)


def _spots(sentence: Sentence, unit: Unit) -> list[Span]:
    """Where a sentence names somebody, by the word that stays of a name: the last."""
    meant = _translated(sentence, unit) if unit.kind == "name" else []
    if meant:
        return meant
    if match(unit, sentence) < _ASKED_SHARE:
        return []
    if unit.kind != "name":
        return sentence.places_of(unit)
    wanted = unit.stems[-1]
    there = sum(not stems.isdisjoint(sentence.stems) for stems in unit.stems)
    if there < _MOST * len(unit.words) and wanted.isdisjoint(sentence.stems):
        return []  # "Kementerian Kesehatan" is not "Kementerian Luar Negeri"
    last = [
        s
        for s in sentence.places_of(replace(unit, words=unit.words[-1:], stems=(wanted,)))
        if s.end - s.start > 1
    ]
    return last or sentence.places_of(unit)


def _translated(sentence: Sentence, unit: Unit) -> list[Span]:
    """Where a name of words that are known stands in the other language: "Qatari Foreign Ministry".

    Its words must be told there side by side, and all of them.
    """
    load = glossary.load()
    found = load.find(unit.text)
    covered = {i for m in found for i in range(m.start, m.end)}
    if any(c.isalnum() and i not in covered for i, c in enumerate(unit.text)):
        return []
    wanted = {m.concept_id for m in found}
    places = [m for m in sentence.meanings if m.concept_id in wanted]
    if len(wanted) < 2:
        return []
    for i, first in enumerate(places):
        here = [m for m in places[i:] if m.end - first.start <= _LONGEST_NAME]
        if {m.concept_id for m in here} == wanted:
            return [Span(first.start, max(m.end for m in here))]
    return []


def _leads(sentence: Sentence, spot: Span, *, role: bool) -> bool:
    """Whether a verb of saying follows closely: "Lapid, pemimpin oposisi, menuduhnya".

    Behind a `role` its holder's name may stand.
    """
    after = sentence.text[spot.end : spot.end + _REACH]
    found = _SPEAKS.search(after) or _REJECTS.search(after)
    if found is None:
        return False
    between = after[: found.start()]
    if any(
        n.kind in ("person", None)
        and spot.end + (3 if role else 0) <= n.start < spot.end + found.start()
        for n in sentence.names
    ):
        return False  # "the opposition leader of Israel, Yair Lapid, accused him"
    return not re.search(r"[;:]|[.!?][\s\"”]", between) and not re.search(
        r"\b(?:yang|who|which|that|bahwa|whom|and|dan)\b(?![^,]*,\s*\Z)", between
    )


def _led(text: str, spot: Span) -> bool:
    """Whether it is told whose words these are: "menurut", "kata", and a title before the name."""
    ahead = text[max(0, spot.start - _REACH) : spot.start]
    cues = list(_OF.finditer(ahead))
    if not cues:
        return False
    between = ahead[cues[-1].end() :]
    return not re.search(r"[.;:\"“”]|, (?![A-Z])", between)


def _share(about: Iterable[Unit], article: Sequence[Sentence], at: int) -> float:
    """How much of what it is to be about a sentence mentions.

    Less where only the sentence beside it does, and nothing where that is somebody else's.
    """
    units = list(about)
    if not units:
        return 1.0
    before = article[at - 1] if at else None
    after = article[at + 1] if at + 1 < len(article) else None
    got = 0.0
    for unit in units:
        here = match(unit, article[at])
        # Whom or what it is about is named first; what is told of it may be taken up.
        beside = [before] if unit.kind == "name" else [before, after]
        near = [match(unit, s) for s in beside if s is not None and not wording(s).attributed]
        got += max(here, 0.6 * max(near, default=0.0))
    return got / len(units)
