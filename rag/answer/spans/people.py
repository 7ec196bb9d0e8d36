"""Who, of those whom a sentence names, is asked for: by nearness, office and part in the deed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answer.posts import holders
from rag.answer.spans import told
from rag.answer.spans.by_sort import spans_of
from rag.answer.spans.look import Look
from rag.answer.spans.sought import Role
from rag.answer.spans.typed import Typed, coordinated
from rag.schema import Span
from rag.text.cues import pattern

_ROLE = 9.0  # words of distance that the wrong part in a deed costs
_BE = re.compile(r"\b(?:was|were|is|are|been|be|being|got)\s+(?:\w+ly\s+)?\Z", re.IGNORECASE)
_BY_BEFORE = re.compile(r"\b(?:oleh|by)\s+(?:\S+\s+){0,6}\Z", re.IGNORECASE)
_DONE = re.compile(r"di[a-z]{4,}|ter(?:tangkap|bunuh|pilih|tembak)")
_PARTICIPLE = re.compile(
    r"(?:\w+(?:ed|en|wn|ught|old|ung|uilt|made|led|id|ept|ent|elt|ost|uck)"
    r"|won|shot|hit|cut|put|set|run|read|met|hurt|shut|split|done|begun)\Z"
)
_WITH = re.compile(
    r"\b(?:dengan|bersama|with|alongside|kepada|terhadap|to|and|dan)\s+(?:\S+\s+){0,5}\Z", re.I
)
# What it costs a body to be told for a person, where persons are named too.
_RATHER_A_PERSON = 8.0
# A body that is rather a place.
_NO_BODY = 5.0
_TITLE_WORDS = 6
_TITLE_GAP = re.compile(r"(?:\s+[^\W\d_][\w'’-]*){0,4}[\s,(]*")
_ALONG = pattern(
    "dengan siapa|bersama siapa|with whom|with who|dgn siapa|bareng siapa|meet|bertemu"
)
_IS_NEXT = re.compile(
    r"\s*(?:\([^()]*\)\s*)?,?\s*(?:adalah|ialah|merupakan|menjadi|is|was|became)\s", re.IGNORECASE
)
_NEAR = 40  # characters
_AS_ASKED = 10.0  # words of distance that holding the post asked about is worth
_VERB = re.compile(
    r"\w+(?:ed|ing)|met|won|led|said|told|spoke|took|gave|built|wrote|sold|bought|hit|shot|saw|found"
    r"|beat|held|made|sent|paid|chose|began|ran|left|lost|fled|killed|meets?|hosts?|says|accuses|wins"
    r"|sat|flew|broke|drew|put|set|stole|taught|threw|wore|knew|drove|sang|struck|sued|dined|known"
    r"|taken|given|built|written|seen|chosen|stolen|shown|driven|beaten|broken|drawn|thrown|borne"
)

_SPEECH = pattern(
    "say|says|said|saying|tell|tells|told|claim*|announce*|accus*|blam*|den*|warn*|describ*|call*",
    "critici*|explain*|confirm*|complain*|estimat*|predict*|compar*|thank*|promis*|urge*|demand*",
    "report*|believ*|think*|deplor*|condemn*|prais*|insist*|argu*|reveal*|ask*|quot*|speak*|spoke",
    "according|mention*|kata*|mengata*|menyebut*|sebut*|menudu*|menudi*|membantah|mengumumkan",
    "menjelaskan|menilai|mengkritik|mengaku|mengungkap*|menyatakan|menyampaikan|berkata|bilang",
    "memperkirakan|memuji|mengecam|meminta|menjanjikan|membandingkan|melaporkan|menurut|ujar*",
    "membenarkan|memastikan|bicara|berbicara|komentar*|berkomentar|bersaksi|menegaskan|keluh*",
    "mengeluh*|dikutip|sumber|source|pendapat|berpendapat|yakin|menduga|suggest*|admit*|vow*",
)
_TOLD_BY = re.compile(
    r"(?:\b(?:kata|ujar|ucap|tutur|jelas|tegas|tandas|menurut)|\baccording\s+to|[,\"”]\s*said)\s+"
    r"(?:[\w.'’/-]+\s+){0,8}\Z",
    re.IGNORECASE,
)


def _only_tells(text: str, span: Typed) -> bool:
    """Whether somebody is named as whose word it is: "kata Kepala Dinas Ana Lee"."""
    return _TOLD_BY.search(text[: span.start]) is not None


def person(look: Look) -> Typed | None:
    """Who: a person, else a body, else whoever "by" names."""
    role = look.asked.role
    people = look.new([look.trimmed(s) for s in spans_of(look.sentence, "person")])
    known = {(s.start, s.end) for s in people}
    bodies = [s for s in look.of("organisation") if s.doubt < _NO_BODY]
    more = _RATHER_A_PERSON if any(s.doubt <= 1 for s in people) else 4.0
    spans = people + [
        Typed(s.start, s.end, s.doubt + more) for s in bodies if (s.start, s.end) not in known
    ]
    if role is not None:
        # "Who phoned the emir?" is not answered by "the emir, Sheikh Tamim".
        spans = [s for s in spans if not _holds_asked_post(look, s)]
        if not _SPEECH.search(look.question.text):
            # Who told the news that something was stolen is not who stole it.
            spans = [s for s in spans if not _only_tells(look.text, s)]
    if not spans:
        agents = look.new(told.agents(look.text)) if role == "doer" else []
        return look.nearest(agents)
    best = look.nearest(spans, lambda s: _misfit(look, s, role) + _described(look, s, role))
    if best is not None and _misfit(look, best, role):
        return None  # everybody named here has another part in it
    return with_others(look, best, spans)


def _described(look: Look, span: Typed, role: Role | None) -> float:
    """What it costs, or gains, that a span is called what the question says.

    Who is asked for by an office or a kinship ("who is the mayor") stands right beside it; who
    is asked for by a deed is not the one whom the question calls by an office.
    """
    text = look.text
    cost = -_AS_ASKED if role is None and _holds_asked_post(look, span) else 0.0
    if _BY_BEFORE.search(text[: span.start]):
        cost -= 4.0 if role == "doer" else 2.0 if role is None else 0.0
    if role == "done_to" and _WITH.search(text[: span.start]) and _ALONG.search(look.question.text):
        cost -= 4.0
    before = [
        place
        for unit, places in look.places.items()
        for place in places
        if place.end <= span.start
        and look.word_at(span.start) - look.word_at(place.start) <= _TITLE_WORDS
        and _TITLE_GAP.fullmatch(text[place.end : span.start])
    ]
    if role is None and before:
        return cost - 4.0
    verbs = [p for p in before if _role_at(look, span, p) is not None]
    if role is not None and len(before) >= 2 and not verbs:
        return cost + 8.0
    copula = _IS_NEXT.match(text, span.end)
    if (
        role is None
        and copula
        and any(
            0 <= p.start - copula.end() < _NEAR for places in look.places.values() for p in places
        )
    ):
        return cost - 6.0  # "Bisma adalah salah satu tokoh ..."
    predicates = [
        p.start for u in look.places.values() for m in u for p in told.predicates(text, m.end)
    ]
    if role is None and any(0 <= span.start - p <= 12 for p in predicates):
        cost -= 4.0
    return cost


def _holds_asked_post(look: Look, span: Typed) -> bool:
    """Whether the question speaks of somebody by the post that stands beside his name here."""
    words = {t.text for t in look.sentence.tokens if span.start <= t.start and t.end <= span.end}
    posts = frozenset().union(*(u.concepts for u in look.question.units if u.kind == "word"))
    return any(h.words & words and h.concepts & posts for h in holders([look.sentence]))


def body(look: Look) -> Typed | None:
    spans = look.new([look.trimmed(s) for s in spans_of(look.sentence, "organisation")])
    spans = [s for s in spans if s.doubt < _NO_BODY]
    for head in look.asked.head:
        named = look.new(told.headed(look.text, head))
        if named:
            return look.nearest(named)
    best = look.nearest(spans, lambda s: _misfit(look, s, look.asked.role))
    return with_others(look, best, spans)


def with_others(look: Look, best: Typed | None, spans: Sequence[Typed]) -> Typed | None:
    """The span with those that "and" joins to it: what is said of one is said of all."""
    if best is None:
        return None
    titles = [n.title for n in look.sentence.names if n.title]
    ordered = sorted((s for s in spans if s.doubt <= best.doubt + 6), key=lambda s: s.start)
    for run in coordinated(look.sentence, ordered, titles):
        if best in run:
            return Typed(run[0].start, run[-1].end)
    return best


def _misfit(look: Look, span: Typed, role: Role | None) -> float:
    """What it costs that a span stands where the other role of the verb does."""
    if role is None:
        return 0.0
    fits: list[bool] = []
    for unit, places in look.places.items():
        if unit.kind != "word":
            continue
        for place in places:
            stands = _role_at(look, span, place)
            if stands is not None:
                fits.append(stands == role)
    if not fits:
        return 0.0
    return 0.0 if any(fits) else _ROLE


def _role_at(look: Look, span: Typed, verb: Span) -> Role | None:
    """The role that a span has with a verb, by order, voice and "by"; None for no verb."""
    text = look.text
    word = text[verb.start : verb.end]
    if not word or not (word[0].islower() or verb.start == 0):
        return None
    before = span.end <= verb.start
    indonesian = look.sentence.language == "id"
    if indonesian:
        if not re.match(r"(?:me|ber|di|ter)[a-z]{3}", word, re.I) and "temu" not in word:
            return None
        passive = bool(_DONE.fullmatch(word))
    else:
        if not _VERB.fullmatch(word.casefold()):
            return None
        passive = bool(_BE.search(text[: verb.start]) and _PARTICIPLE.match(word)) or bool(
            _PARTICIPLE.match(word) and re.match(r"\s+by\s", text[verb.end :])
        )
    if before:
        if any(verb.start > b >= span.end for b in look.breaks) and not passive:
            # "Ana, who came, met": still before the verb and its subject.
            pass
        return "done_to" if passive else "doer"
    if passive:
        gap = text[verb.end : span.start]
        if _BY_BEFORE.search(text[: span.start]) or (indonesian and len(gap.split()) <= 3):
            return "doer"
        return None
    return "done_to"
