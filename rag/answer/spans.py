"""The words of a sentence that answer a question: one span, or None where none surely do.

Pure: a question taken apart and a sentence in, a span of the sentence's text out. Which sentence
answers is `extract`'s to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.answer import told
from rag.answer.evidence import Sentence
from rag.answer.question import Question, Unit
from rag.answer.sought import Role, Sort, Sought, sought
from rag.answer.typed import UNSURE, SpanSort, Typed, clean_names, coordinated, spans_of
from rag.schema import Span
from rag.text.cues import pattern
from rag.text.names import Name
from rag.text.stems import stop_words, tokens

# In words of distance: what a clause's end between a span and what is asked about costs, what the
# wrong role does, and how far away a word can be to tell anything. Set on development questions.
_CLAUSE, _ROLE, _FAR = 3.0, 9.0, 14.0
_BESIDE = frozenset(
    {"place", "date", "time", "number", "measure", "percentage", "money", "duration", "age"}
)
_BLANKS = 2  # characters between two sentences
# A span that stands behind the verb is its object more often than one before it.
_BEFORE = 1.0
_BREAK = re.compile(
    r"[,;:()]|\s[–—-]\s|\b(?:dan|tetapi|sedangkan|sementara|yang|setelah|and|but|while|who|which"
    r"|after|before|when|ketika|saat|sebelum)\b",
    re.IGNORECASE,
)
_BE = re.compile(r"\b(?:was|were|is|are|been|be|being|got)\s+(?:\w+ly\s+)?\Z", re.IGNORECASE)
_BY_NEXT = re.compile(r"(?:\s+\S+){0,6}?\s+(?:by|oleh)\s", re.IGNORECASE)
_BY_BEFORE = re.compile(r"\b(?:oleh|by)\s+(?:\S+\s+){0,6}\Z", re.IGNORECASE)
_DONE = re.compile(r"di[a-z]{4,}|ter(?:tangkap|bunuh|pilih|tembak)")
_PARTICIPLE = re.compile(r"\w+(?:ed|en|wn|ught|old|ung|uilt|made|led|id|ept|ent|elt|ost|uck)\Z")
_WITH = re.compile(
    r"\b(?:dengan|bersama|with|alongside|kepada|terhadap|to|and|dan)\s+(?:\S+\s+){0,5}\Z", re.I
)
_WITH_VERB = re.compile(r"(?:met|meet|meets|meeting|host|hosts|hosted|received|bertemu)\Z", re.I)
_BORN = re.compile(r"\b(?:\w*lahir\w*|born|birth|dimulai|mulai|began|begin|start)\b", re.IGNORECASE)
_DIED = re.compile(
    r"\b(?:meninggal|wafat|mati|died|die|death|gugur|berakhir|ended|end)\b", re.IGNORECASE
)
_TO = re.compile(r"\s*(?:[-–—]|dan|and|hingga|sampai|to|until)\s*", re.IGNORECASE)
_LIFE = re.compile(r"\(([^()]*\d{3,4}[^()]*?)\s*[-–—]\s*([^()]*\d{3,4}[^()]*)\)")
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
_VERB = re.compile(
    r"\w+(?:ed|ing)|met|won|led|said|told|spoke|took|gave|built|wrote|sold|bought|hit|shot|saw|found"
    r"|beat|held|made|sent|paid|chose|began|ran|left|lost|fled|killed|meets?|hosts?|says|accuses|wins"
    r"|sat|flew|broke|drew|put|set|stole|taught|threw|wore|knew|drove|sang|struck|sued|dined|known"
    r"|taken|given|built|written|seen|chosen|stolen|shown|driven|beaten|broken|drawn|thrown|borne"
)
_TITLE_LETTERS = 3  # letters of a title that stands before a name

_AMOUNTS = frozenset({"number", "money", "percentage", "measure", "duration", "age"})
# Words for the same loss of people, by how bad it is.
_TOLLS = (
    pattern(
        "dead|died|dies|death|deaths|killed|killing|kills|kill|fatalities|lives|perished|drowned",
        "tewas|meninggal|menewaskan|korban jiwa|jiwa|mati|gugur|toll|wafat",
    ),
    pattern(
        "hurt|injured|injuring|injuries|wounded|wounding|luka|luka-luka|terluka|melukai|cedera",
        "mencederai|dilukai",
    ),
    pattern("missing|hilang|unaccounted"),
    pattern("displaced|evacuated|fled|mengungsi|dievakuasi|pengungsi|mengungsikan|homeless"),
)
# Words that ask what something is, and are no part of it.
_ASKS_WHAT = pattern(
    "arti|artinya|pengertian|definisi|maksud|dimaksud|dimaksudkan|makna|istilah|kata|meaning|mean",
    "meant|means|definition|term|word|disebut|bedanya",
)

_NAMELY = pattern(
    "nama|namanya|name|named|called|sebutan|judul|berjudul|title|titled|dijuluki|julukan|nickname",
    "kepanjangan|singkatan|stand for|stands for|nama lain|disebut",
)

_EXPANDS = pattern("kepanjangan|singkatan|stand for|stands for|short for|akronim|acronym")
_ACRONYM = re.compile(r"\b[A-Z][A-Za-z]*[A-Z][\w]*\b|\b[A-Z][\w]+\b")

_STOPS = stop_words("en") | stop_words("id")


@dataclass(frozen=True, slots=True)
class Located:
    """Where words stand that answer: in a sentence, at a span of that sentence's own text."""

    sentence: Sentence
    span: Span


def locate(question: Question, sentences: Sequence[Sentence]) -> Located | None:
    """The words that answer, in the first of the sentences quoted, else in one right beside it.

    When, where and how much is often told next to what happened; who did it is looked for in
    the best sentence only, as its neighbours name others.
    """
    for sentence in sentences:
        if sentence is not sentences[0] and not (
            sought(question.text).sort in _BESIDE and _touches(sentence, sentences[0])
        ):
            continue
        span = answer_span(question, sentence)
        if span is not None:
            return Located(sentence, span)
    return None


def _touches(one: Sentence, other: Sentence) -> bool:
    """Whether nothing but blanks stands between two sentences of an article."""
    near = max(one.start, other.start) - min(one.end, other.end) <= _BLANKS
    return one.passage.article_id == other.passage.article_id and near


def answer_span(question: Question, sentence: Sentence) -> Span | None:
    """Where in the sentence's own text the words stand that answer; None where none surely do."""
    asked = sought(question.text)
    chooser = _CHOOSERS.get(asked.sort)
    if chooser is None:
        return None
    found = chooser(_Look(question, asked, sentence))
    if found is None:
        return None
    text = sentence.text
    end = len(text[: found.end].rstrip(" ,;:"))
    return Span(found.start, end) if end > found.start else None


class _Look:
    """One sentence looked at with one question in mind."""

    def __init__(self, question: Question, asked: Sought, sentence: Sentence) -> None:
        self.question = question
        self.asked = asked
        self.sentence = sentence
        self.text = sentence.text
        self.words = [(t.start, t.end) for t in sentence.tokens]
        self.places = {u: self._mentions(u) for u in question.units}
        self.asked_words = frozenset(w for u in question.units for w in u.words)
        self.breaks = [m.start() for m in _BREAK.finditer(self.text)]

    def _mentions(self, unit: Unit) -> list[Span]:
        """Where the sentence has a unit, or says of people hurt or killed what it does."""
        found = self.sentence.places_of(unit)
        for group in _TOLLS if unit.kind == "word" else ():
            if any(group.fullmatch(w) for w in unit.words):
                found += [Span(m.start(), m.end()) for m in group.finditer(self.text)]
        return found

    def word_at(self, at: int) -> int:
        """How many words of the sentence stand before a place of its text."""
        return sum(start < at for start, _ in self.words)

    def distance(self, span: Typed, unit: Unit) -> float:
        """Words between a span and the nearest mention of a unit outside of it."""
        best = _FAR
        for place in self.places[unit]:
            if span.start <= place.start and place.end <= span.end:
                # What is counted stands in the span itself.
                best = min(best, 0.0)
                continue
            low, high = sorted(((span.start, span.end), (place.start, place.end)))
            gap = float(max(0, self.word_at(high[0]) - self.word_at(low[1] - 1) - 1))
            # A comma or bracket right behind the first opens what is said of it: "Ana Lee (bass)".
            gap += sum(
                1.0 if b <= low[1] + 1 else _CLAUSE for b in self.breaks if low[1] <= b < high[0]
            )
            if span.end <= place.start:
                gap += _BEFORE
            best = min(best, gap)
        return best

    def cost(self, span: Typed) -> float:
        """How far a span is from what is asked about, its doubts counted in."""
        units = [u for u in self.question.units if self.places[u]]
        if not units:
            return span.doubt
        # A name is mentioned for many reasons; what is said of it tells more.
        named = 1.0 if self.asked.sort in _AMOUNTS else 0.5
        weights = {u: named if u.kind == "name" else 1.0 for u in units}
        far = sum(self.distance(span, u) * w for u, w in weights.items()) / sum(weights.values())
        nearest = min(self.distance(span, u) for u in units)
        return far + nearest + span.doubt

    def is_asked(self, text: str) -> bool:
        """Whether these words only name again what the question names."""
        words = [t.text for t in tokens(text) if t.text not in _STOPS]
        if not words or all(w in self.asked_words for w in words):
            return True
        named = [u.words for u in self.question.units if u.kind == "name"]
        # "Arquel" is "Tomas Arquel", but "Telkom" is not "Telkom Arwin Rasyid".
        return any(set(n) <= set(words) and n[-1] == words[-1] for n in named)

    def new(self, spans: Sequence[Typed]) -> list[Typed]:
        """The spans that say something the question does not."""
        return [
            s
            for s in spans
            if not self.is_asked(self.text[slice(*(s.core or (s.start, s.end)))])
            and not self.is_asked(self.text[s.start : s.end])
        ]

    def trimmed(self, span: Typed) -> Typed:
        """A name without the words of the question's own names that stand before it.

        Capitals run on: "Direktur Utama PT Telkom Arwin Rasyid".
        """
        words = [t for t in self.sentence.tokens if span.start <= t.start and t.end <= span.end]
        led = 0
        while led < len(words) and words[led].text in self.asked_words:
            led += 1
        if led and len(words) - led >= 2:
            return Typed(words[led].start, span.end, span.doubt)
        return span

    def nearest(
        self, spans: Sequence[Typed], more: Callable[[Typed], float] | None = None
    ) -> Typed | None:
        """The one that costs least; the first of equals."""
        if not spans:
            return None
        return min(spans, key=lambda s: (self.cost(s) + (more(s) if more else 0.0), s.start))

    def of(self, sort: SpanSort) -> list[Typed]:
        """The new spans of a sort."""
        return self.new(spans_of(self.sentence, sort))


# Names ---------------------------------------------------------------------------------------


def _person(look: _Look) -> Typed | None:
    """Who: a person, else a body, else whoever "by" names."""
    role = look.asked.role
    people = look.new([look.trimmed(s) for s in spans_of(look.sentence, "person")])
    known = {(s.start, s.end) for s in people}
    bodies = [s for s in look.of("organisation") if s.doubt < _NO_BODY]
    more = _RATHER_A_PERSON if any(s.doubt <= 1 for s in people) else 4.0
    spans = people + [
        Typed(s.start, s.end, s.doubt + more) for s in bodies if (s.start, s.end) not in known
    ]
    if not spans:
        agents = look.new(told.agents(look.text)) if role == "doer" else []
        return look.nearest(agents)
    best = look.nearest(spans, lambda s: _misfit(look, s, role) + _described(look, s, role))
    if best is not None and _misfit(look, best, role):
        return None  # everybody named here has another part in it
    return _with_others(look, best, spans)


def _described(look: _Look, span: Typed, role: Role | None) -> float:
    """What it costs, or gains, that a span is called what the question says.

    Who is asked for by an office or a kinship ("who is the mayor") stands right beside it; who
    is asked for by a deed is not the one whom the question calls by an office.
    """
    text = look.text
    cost = 0.0
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


def _body(look: _Look) -> Typed | None:
    spans = look.new([look.trimmed(s) for s in spans_of(look.sentence, "organisation")])
    spans = [s for s in spans if s.doubt < _NO_BODY]
    for head in look.asked.head:
        named = look.new(told.headed(look.text, head))
        if named:
            return look.nearest(named)
    best = look.nearest(spans, lambda s: _misfit(look, s, look.asked.role))
    return _with_others(look, best, spans)


def _place(look: _Look) -> Typed | None:
    spans = look.of("place")
    if look.asked.capital:
        spans = [Typed(s.start, s.end, min(s.doubt, 4.0), s.core) for s in spans]
    else:
        spans = [s for s in spans if s.doubt < UNSURE]
    best = look.nearest(spans, lambda s: _told_as(look, s) if look.asked.capital else 0.0)
    return _with_others(look, best, spans) if look.asked.many else best


def _told_as(look: _Look, span: Typed) -> float:
    """Less than nothing for what "is" says the thing asked for is."""
    for places in look.places.values():
        for place in places:
            if any(0 <= span.start - p.start <= 12 for p in told.predicates(look.text, place.end)):
                return -6.0
    return 0.0


def _with_others(look: _Look, best: Typed | None, spans: Sequence[Typed]) -> Typed | None:
    """The span with those that "and" joins to it: what is said of one is said of all."""
    if best is None:
        return None
    titles = [n.title for n in look.sentence.names if n.title]
    ordered = sorted((s for s in spans if s.doubt <= best.doubt + 6), key=lambda s: s.start)
    for run in coordinated(look.sentence, ordered, titles):
        if best in run:
            return Typed(run[0].start, run[-1].end)
    return best


def _misfit(look: _Look, span: Typed, role: Role | None) -> float:
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


def _role_at(look: _Look, span: Typed, verb: Span) -> Role | None:
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


# Days and numbers ----------------------------------------------------------------------------


def _date(look: _Look) -> Typed | None:
    """When: a day, else a time of day."""
    spans = look.of("date")
    life = _of_a_life(look, spans)
    if life is not None:
        return life
    spans = _periods(look.text, spans)
    if look.asked.year:
        dated = [s for s in spans if re.search(r"\d{3}", look.text[s.start : s.end])]
        return look.nearest(dated)
    return look.nearest(spans) or look.nearest(look.of("time"))


def _periods(text: str, spans: Sequence[Typed]) -> list[Typed]:
    """Two days with "to" or "and" between them as one."""
    found: list[Typed] = []
    for span in spans:
        if found and _TO.fullmatch(text, found[-1].end, span.start):
            found[-1] = Typed(found[-1].start, span.end, found[-1].doubt)
        else:
            found.append(span)
    return found


def _of_a_life(look: _Look, spans: Sequence[Typed]) -> Typed | None:
    """The day of birth or of death, of the two that stand in brackets behind a name."""
    born, died = _BORN.search(look.question.text), _DIED.search(look.question.text)
    both = _LIFE.search(look.text)
    if not both or bool(born) == bool(died) or (born or died) is None:
        return None
    cue = _BORN if born else _DIED
    if cue.search(look.text):
        return None  # it says so itself
    low, high = both.span(1 if born else 2)
    inside = [s for s in spans if low <= s.start and s.end <= high]
    return inside[-1] if inside else None


def _time(look: _Look) -> Typed | None:
    return look.nearest(look.of("time"))


def _number(look: _Look) -> Typed | None:
    """How many; a share or a sum only where nothing is counted and nothing else is asked."""
    spans = look.of("number")
    if spans:
        return look.nearest(spans, lambda s: _other_unit(look, s))
    if look.asked.counted:
        return None
    for sort in ("percentage", "money", "duration"):
        others = look.of(sort)
        if others:
            return look.nearest(others)
    return None


def _other_unit(look: _Look, span: Typed) -> float:
    """Less than nothing for a number of what the question counts."""
    core = span.core or (span.start, span.end)
    unit = look.text[core[1] : span.end]
    asked = [g for g in _TOLLS if any(g.fullmatch(w) for u in look.question.units for w in u.words)]
    if asked:
        following = " ".join(look.text[span.end :].split()[:1]).strip(",.;")
        if span.core is None and any(g.search(look.text[span.start : span.end]) for g in asked):
            return -8.0  # "no deaths"
        if any(g.fullmatch(following) for g in _TOLLS if g not in asked):
            return 6.0
        if any(g.fullmatch(following) for g in asked):
            return -5.0
    if unit.strip() and any(
        core[1] <= place.start and place.end <= span.end
        for places in look.places.values()
        for place in places
    ):
        return -4.0
    return 0.0


def _of_sort(*sorts: SpanSort) -> Callable[[_Look], Typed | None]:
    """A chooser of the nearest span of the first of these sorts that the sentence has."""

    def choose(look: _Look) -> Typed | None:
        for sort in sorts:
            best = look.nearest(look.of(sort))
            if best is not None:
                return best
        return None

    return choose


# Clauses -------------------------------------------------------------------------------------


def _reason(look: _Look) -> Typed | None:
    """Why: what "because" opens, or what "caused" closes, where it is not what is asked about."""
    spans = [s for s in told.reasons(look.text) if _says_more(look, s)]
    sure = [s for s in spans if s.doubt == 0]
    if sure:
        return look.nearest(sure)
    causers = [s for s in told.causers(look.text) if _says_more(look, s)]
    return look.nearest(causers) or look.nearest(spans)


def _says_more(look: _Look, span: Typed) -> bool:
    """Whether most of a clause is not in the question."""
    words = [
        t for t in look.sentence.tokens if span.start <= t.start < span.end and t.text not in _STOPS
    ]
    if not words:
        return False
    places = [p for found in look.places.values() for p in found]
    met = sum(any(p.start <= t.start < p.end for p in places) for t in words)
    return met * 2 <= len(words)


def _definition(look: _Look) -> Typed | None:
    """What somebody or something is: behind "is" or "adalah", else as a comma or a title says."""
    subject = _subject(look)
    if subject is None:
        return None
    for span in told.predicates(look.text, subject.end):
        between = look.text[subject.end : span.core[0]] if span.core else ""
        if len(between.split()) <= 12 and not re.search(
            r"[;.]\s", re.sub(r"\([^)]*\)", "", between)
        ):
            return span
        break
    for span in told.named_as(look.text, subject.end):
        return span
    return _title_before(look, subject)


def _subject(look: _Look) -> Span | None:
    """Where the sentence first has all of what the question asks about."""
    units = [u for u in look.question.units if not all(_ASKS_WHAT.fullmatch(w) for w in u.words)]
    met = [u for u in units if look.places[u]]
    mentions = [place for u in met for place in look.places[u]]
    if not mentions or len(met) * 2 <= len(units) - 1:
        return None
    first = min(p.start for p in mentions)
    end = first
    for place in sorted(mentions, key=lambda p: p.start):
        if place.start - end <= 2:
            end = max(end, place.end)
    return Span(first, end)


def _title_before(look: _Look, subject: Span) -> Typed | None:
    """The office that stands before a name: "Menteri Luar Negeri Marenia"."""
    name: Name | None = next(
        (
            n
            for n in clean_names(look.sentence)
            if n.start <= subject.start < n.end or n.start == subject.start
        ),
        None,
    )
    if name is None or not name.title or len(name.title) < _TITLE_LETTERS:
        return None
    start = look.text.rfind(name.title, 0, name.start)
    if start < 0 or name.start - start > 80:
        return None
    end = subject.start if look.text[start : subject.start].strip() else name.start
    return Typed(start, len(look.text[:end].rstrip(" ,")))


def _called(look: _Look) -> Typed | None:
    """What something is called, where its name is asked for and "bernama" or the like tells it."""
    if not _NAMELY.search(look.question.text):
        return None
    return look.nearest(look.new(told.called(look.text)))


def _stands_for(look: _Look) -> Typed | None:
    """What an acronym of the question stands for."""
    if not _EXPANDS.search(look.question.text):
        return None
    for acronym in _ACRONYM.findall(look.question.text):
        for span in told.expansions(look.text, acronym):
            return span
    return None


def _thing(look: _Look) -> Typed | None:
    """What: only where the sentence says so plainly, behind a copula or as a list."""
    if look.asked.many:
        listed = [s for s in told.examples(look.text) if _says_more(look, s)]
        if listed:
            return look.nearest(listed)
    named = _stands_for(look) or _called(look)
    if named is not None:
        return named
    for head in look.asked.head:
        of_it = look.new(told.headed(look.text, head))
        if of_it:
            return look.nearest(of_it)
    nouns = [u for u in look.question.units if u.kind == "word" and not _NAMELY.fullmatch(u.text)]
    if not nouns or not look.places[nouns[0]]:
        return None
    noun = look.places[nouns[0]][0]
    for span in told.predicates(look.text, noun.end):
        between = look.text[noun.end : span.core[0]] if span.core else ""
        if len(between.split()) <= 8 and not re.search(r"[,;]", between) and _says_more(look, span):
            return span
        break
    return None


_CHOOSERS: dict[Sort, Callable[[_Look], Typed | None]] = {
    "person": _person,
    "organisation": _body,
    "place": _place,
    "date": _date,
    "time": _time,
    "number": _number,
    "measure": _of_sort("measure"),
    "percentage": _of_sort("percentage"),
    "money": _of_sort("money"),
    "duration": _of_sort("duration"),
    "age": _of_sort("age"),
    "reason": _reason,
    "definition": _definition,
    "thing": _thing,
}
