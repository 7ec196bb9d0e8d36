"""Whether a question stands alone: what in it points back to something said before.

Pure rules on words; what is pointed at is for `antecedents`, the rewriting for `condense`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.answer.followup import words
from rag.answer.followup.antecedents import Said, known_terms
from rag.text import dates, glossary
from rag.text.stems import stop_words, tokens

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_BOUND_AFTER = frozenset(
    ["bahwa", "karena", "saat", "ketika", "setelah", "sebelum", "kalau", "jika", "yang"]
)
_MANY = frozenset(["people", "men", "women", "children", "police", "residents"])
_WHEN_CLAUSE = re.compile(
    r"(?:when|after|before|while|if|although|since|as) \w+ .*,", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A question that only swaps parts of the one before: "what about Egypt?", "why?"."""

    wh: str  # "why", "since when"; "" when it asks the same again
    x: str  # "Egypt"; "" when there is only a question word
    prep: str  # "in"


def connective(question: str) -> str:
    """The question without "and", "lalu" and the like before it."""
    match = words.CONNECTIVE.match(question)
    if not match or not question[match.end() :].strip(" ?!."):
        return question
    rest = question[match.end() :]
    # "Dan Brown wrote ..." begins with a name
    if match.group() == "Dan " and re.match(r"[A-Z]\w+ [a-z]+(?:ed|s|te)\b", rest):
        return question
    return rest


def owned(text: str, base: Said) -> str | None:
    """A possession alone made a question: "his wife?" is "Who is his wife?"; None if no such.

    Asked of a person in English; Indonesian needs no verb.
    """
    about = words.ABOUT.match(bare(text))
    text = about["x"] if about else text
    found = words.OWNED.match(bare(text))
    if found is None:
        return None
    asks = "Who" if found["noun"].lower() in words.RELATIVES else "What"
    verb = "are" if found["noun"].lower().endswith(("s", "children")) else "is"
    return f"{asks} {verb} {bare(text)}?" if base.text else None


def bare(question: str) -> str:
    """The question without the marks at its end."""
    return question.strip().rstrip(" ?!.…")


def content(text: str) -> list[str]:
    """The words of a question that are not small words of either language."""
    stops = stop_words("en") | stop_words("id")
    return [t.text for t in tokens(text) if t.text not in stops]


def fragment(core: Said) -> Fragment | None:
    """How a question without connective swaps parts of the one before, if it does."""
    text = bare(core.text)
    about = words.ABOUT.match(text)
    if about:
        inner = _wh_and_rest(about["x"])
        if len(inner[1].split()) <= 8 and not (inner[0] == "" and "," in inner[1]):
            return _preposed(inner[0], inner[1])
        return None
    last = words.HOW_LAST.match(text)
    if last and _short(core, last["x"]):
        return _preposed("", last["x"])
    wh, rest = _wh_and_rest(text)
    if not rest:
        return Fragment(wh, "", "")
    if words.PREPOSED.match(rest) and not words.HAS_WH.search(rest) and _short(core, rest):
        return _preposed(wh, rest)
    if not wh and _short(core, rest) and (core.text.rstrip().endswith("?") or _dated(rest)):
        return Fragment("", rest, "")
    return None


def _wh_and_rest(text: str) -> tuple[str, str]:
    """A leading or trailing question word apart from the rest."""
    opening = words.OPENING.match(text)
    if opening:
        return opening["wh"].strip(), f"{opening['aux'] or ''}{opening['rest']}".strip(" ,")
    found = [m for m in words.INNER_WH.finditer(text) if m.end() == len(text)]
    if found:
        return found[0].group().strip(), text[: found[0].start()].strip(" ,")
    return "", text


def _preposed(wh: str, x: str) -> Fragment:
    match = words.PREPOSED.match(x)
    return Fragment(wh, match["x"], match["prep"]) if match else Fragment(wh, x, "")


def _short(core: Said, x: str) -> bool:
    """Whether a phrase is a name or a date, perhaps with a preposition, and nothing else."""
    match = words.PREPOSED.match(x)
    inner = match["x"] if match else x
    inner = re.sub(r"\A(?:the|a|an|kota|provinsi|negara) ", "", inner, flags=re.IGNORECASE)
    names = {n.text.lower() for n in core.names}
    if inner.lower() in names or _dated(inner):
        return True
    capital = all(w[0].isupper() for w in inner.split()) and len(inner.split()) < 4
    return capital and bool(content(inner)) and not set(content(inner)) <= words.GENERIC


def _dated(text: str) -> bool:
    return any(m.start == 0 and m.end == len(text) for m in dates.find(text))


def defines(core: Said) -> bool:
    """Whether a question asks what a thing is: "Apa itu GPS?"; not "Apakah itu benar?"."""
    text = bare(core.text)
    if not words.DEFINITION.match(text) or set(content(text)) <= words.GENERIC:
        return False
    apakah = re.match(r"apakah itu (.+)", text, re.IGNORECASE)
    if apakah is None or core.names:
        return True
    found = glossary.load().find(apakah[1], "id")
    told = {glossary.load().concept(m.concept_id).pos for m in found}
    return len(apakah[1].split()) < 3 and not told & {"verb", "adj", "adv"}


def points_back(core: Said, base: Said) -> bool:
    """Whether a pronoun or the like in it has nothing in the question that it stands for."""
    text = core.text
    return _english(core) or _indonesian(core, base) or _places_and_times(text, core)


def _english(core: Said) -> bool:
    text = core.text
    for word in _WORD.finditer(text):
        low = word.group().lower()
        if low in words.PERSON_EN | words.GROUP_EN:
            if not _bound_english(core, word):
                return True
        elif low in words.THING_EN and not words.EXPLETIVE.search(text):
            if not text[: word.start()].strip() and re.match(
                r"it (?:was|is) \w+ing\b", text.lower()
            ):
                continue
            if not any(n.start < word.start() for n in core.names) and not _noun_before(text, word):
                return True
    if words.ONE.search(text) and not core.names:
        return True
    two = words.THE_TWO.search(text)
    if two and sum(n.start < two.start() for n in core.names) < 2:
        after = text[two.end() : two.end() + 2].strip()
        return not after[:1].isupper()
    return bool(words.DEMONSTRATIVE.search(text)) and not _named_by(core)


def _named_by(core: Said) -> bool:
    """Whether "that" only joins: "the claim that Hamas rejected"."""
    found = words.DEMONSTRATIVE.search(core.text)
    if found is None:
        return False
    rest = core.text[found.end() :].strip()
    # "is that Blinken ..." joins; "did that meeting ..." points
    return bool(rest) and any(
        n.start == found.end() + 1 and found.group().lower().endswith("that") for n in core.names
    )


def _bound_english(core: Said, word: re.Match[str]) -> bool:
    """Whether "he" or "they" stands for something in the same question."""
    text, low = core.text, word.group().lower()
    before = text[: word.start()].split()
    people = low in words.PERSON_EN
    named = [n for n in core.names if not (people and n.kind == "place")]
    if any(n.start < word.start() and not _in_place(text, n.start) for n in named):
        return True
    if any(n.start > word.start() for n in named) and _WHEN_CLAUSE.match(text):
        return True
    if re.match(r"\s+(?:that|who)\b", text[word.end() :]):
        return True
    led = before[-1].lower() if before else ""
    if not before or led in words.AUXILIARY:
        return False
    if low in ("him", "them", "her"):
        return False
    if re.match(r"who\b", text, re.IGNORECASE):
        return len(before) > 1 and before[1].lower() not in words.AUXILIARY | {"else"}
    return _noun_before(text, word)


def _noun_before(text: str, word: re.Match[str]) -> bool:
    """Whether something that is no verb is named before a pronoun: "Why do farmers say they"."""
    before = text[: word.start()].split()
    if len(before) < 3 or before[-1].lower() in words.AUXILIARY:
        return False
    terms = [w for w in content(" ".join(before)) if w not in words.GENERIC or w in _MANY]
    low = word.group().lower()
    if low in words.GROUP_EN:
        return any(w.endswith("s") or w in _MANY for w in terms)
    if low in words.PERSON_EN:
        pos = {glossary.load().concept(c).pos for w in terms for c in _concepts(w)}
        return "role" in pos
    return len(terms) > 1


def _concepts(word: str) -> tuple[str, ...]:
    return glossary.load().concepts_of(word, "en")


def _in_place(text: str, at: int) -> bool:
    before = text[:at].split()
    return bool(before) and before[-1].lower() in words.PLACE_PREPOSITIONS


def _indonesian(core: Said, base: Said) -> bool:
    text = core.text
    for word in _WORD.finditer(text):
        low = word.group().lower()
        before = text[: word.start()].split()
        led = before[-1].lower() if before else ""
        named = any(n.start < word.start() and n.kind != "place" for n in core.names)
        if low in words.PERSON_ID:
            siapa = before[:1] and before[0].lower() == "siapa" and led in _BOUND_AFTER
            if not named and not (siapa and len(before) > 3):
                return True
        elif low == "mereka":
            people = words.PEOPLE_ID.search(text[: word.start()])
            if not any(n.start < word.start() for n in core.names) and not people:
                return True
        elif low in ("itu", "ini", "tersebut") and _itu(core, base, word):
            return True
        elif low.endswith("nya") and len(low) > 5 and low not in words.NO_POSSESSIVE:
            if word.group()[0].isupper() and word.start():
                continue
            owners = sum(n.start < word.start() for n in core.names)
            if words.ACTIVE_ID.match(low):  # its object is not its subject
                owners -= 1
            if owners < 1 and not _owner(core, word):
                return True
    kedua = words.KEDUA.search(text)
    return bool(kedua and sum(n.start < kedua.start() for n in core.names) < 2)


def _owner(core: Said, word: re.Match[str]) -> bool:
    """Whether the owner stands around "-nya": "istrinya Prabowo", "petani dan anaknya"."""
    after = core.text[word.end() :]
    if re.match(r" (?:di|ke|dari|pada|saat|soal|tentang|mengenai|terhadap|bagi|untuk) ", after):
        return False
    if any(n.start > word.start() for n in core.names):
        return True
    own = set(content(core.text)) - words.GENERIC - {word.group().lower()}
    nouns = [w for w in own if not w.endswith("nya")]
    return len(nouns) >= 2 or bool(words.PEOPLE_ID.search(core.text[: word.start()]))


def _itu(core: Said, base: Said, word: re.Match[str]) -> bool:
    """Whether "itu", "ini" or "tersebut" points out of the question."""
    text = core.text
    before = text[: word.start()].split()
    led = before[-1].lower() if before else ""
    after = text[word.end() :].strip(" ?!.")
    if word.group().lower() == "ini" and led in words.NOW_ID and led not in ("apa", "siapa"):
        return False
    if re.match(r"(?:siapa|apa|apakah|siapakah)\Z", led) and len(before) == 1 and after:
        return set(content(after)) <= words.GENERIC
    if any(n.end in (word.start() - 1, word.start()) for n in core.names):
        return False
    if led in words.THINGS_ID or (
        led and content(led) and known_terms(led) & known_terms(base.text)
    ):
        return True
    return not any(n.kind != "place" and (n.end <= word.start() or after) for n in core.names)


def _places_and_times(text: str, core: Said) -> bool:
    place_before = any(n.kind == "place" for n in core.names)
    if words.SANA.search(text) or words.THERE.search(words.THERE_IS.sub("", text)):
        return not place_before
    time = words.THAT_TIME.search(text)
    return bool(time) and not dates.find(text[: time.start()] if time else "")


def names_little(core: Said, base: Said) -> bool:
    """Whether a question without names says only what the one before was about, or less.

    "How many people died?", "What caused the flood?" after a question on the flood.
    """
    text = core.text
    if core.names or defines(core):
        return False
    asked = [w for w in content(text) if w not in words.GENERIC]
    if not content(text):
        return True
    if not words.HAS_WH.search(text) and not words.YES_NO.match(text):
        return not asked and len(text.split()) < 3
    known = known_terms(base.text)
    if known & words.MEETING_CONCEPTS:
        asked = [w for w in asked if w not in words.MEETINGS]
    if asked and all(known_terms(w) & known for w in asked):
        whole = [w for w in content(base.text) if w not in words.GENERIC]
        mine = known_terms(text)
        return not all(known_terms(w) & mine for w in whole)  # else it is the same question
    if len(content(text)) > 1:
        return not asked
    found = glossary.load().find(text)
    verbs = {m.start for m in found if glossary.load().concept(m.concept_id).pos in ("verb", "adj")}
    return not asked or bool(verbs)
