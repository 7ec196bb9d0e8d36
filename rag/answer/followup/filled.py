"""A question with names for its pronouns, or with its topic where it names too little."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from rag.answer.followup import words
from rag.answer.followup.antecedents import Past, Said, read_with, subject_first
from rag.answer.followup.pointing import bare, content, names_little
from rag.answer.followup.reworded import in_language
from rag.answer.followup.topic import (
    answered,
    asks_who,
    described,
    event,
    names_somebody,
    owner,
    thing,
    things,
    topic,
)

_LONGEST = 160  # characters of a rewriting; what was typed is never cut for it
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_JOIN = {"en": " and ", "id": " dan "}


def filled(core: Said, before: Past, language: str) -> str:
    """The question with what its pronouns stand for, and its topic if it still names little."""
    base = in_language(before.base, before.language, language)
    text, open_ends = _replaced(core, before, base, language)
    about = before.about or topic(base)
    unsaid = text == bare(core.text) or not words.NOUN_PUT.search(text)
    if open_ends or (unsaid and names_little(read_with(text, before), before.base)):
        text = with_topic(text, about, base, language)
    return text


def with_topic(text: str, about: str, base: Said, language: str) -> str:
    """A question with what it is about after it, as far as there is room.

    In brackets only when it reads like nothing else: "signed the accord".
    """
    text = bare(text)
    if not about or set(content(about)) <= set(content(text)):
        return text
    led = "("
    if about == event(base):
        said = words.SAYING & {w.lower() for w in text.split()}
        led = {"en": "about" if said else "in", "id": "tentang" if said else "dalam"}[language]
    elif language == "en" and about[:4].lower() == "the ":
        led = "about"
    elif language == "id" and about == topic(base) and not words.HAS_VERB.search(about):
        led = ""  # "Kapan dibangun jembatan Kalimas?"
    room = _LONGEST - len(text) - len(led) - 4
    kept = about if len(about) <= room else about[: max(room, 0)].rpartition(" ")[0]
    if not kept or "(" in text:
        return text
    return f"{text} ({kept})" if led == "(" else " ".join(f"{text} {led} {kept}".split())


def _replaced(core: Said, before: Past, base: Said, language: str) -> tuple[str, bool]:
    """The question with names for its pronouns, and whether something was left without one."""
    text = bare(core.text)
    person = _person(core, before, base, language)
    group = _group(core, before, base, language)
    place = _place(core, before)
    happened = event(base)
    it = _it(core, before, base)
    given: list[str] = []
    if words.WHICH.match(before.base.text):  # "Which team won?"
        given = before.answer.of("organisation") or answered(before.base, before.answer)
    told = given[0] if len(given) == 1 else owner(base)
    near = replace(before, earlier=())  # "-nya" leans on the last turn; "dia" may go further back
    edits: list[tuple[int, int, str]] = []
    open_ends = False

    def put(start: int, end: int, new: str) -> None:
        nonlocal open_ends
        if new:
            edits.append((start, end, new))
        else:
            open_ends = True

    head = re.match(r"(?:the )?(\w+)", happened, re.IGNORECASE)
    if head and language == "en":
        again = rf"\b(?:the|that|this) {head[1]}\b(?! (?:in|of|at|on|between|near)\b)"
        for same in re.finditer(again, text, re.IGNORECASE):
            put(same.start(), same.end(), happened)
    for one in () if language == "id" else words.ONE.finditer(text):
        put(one.start(), one.end(), _one_of(one["which"], base))
    for two in (*words.THE_TWO.finditer(text), *words.KEDUA.finditer(text)):
        put(two.start(), two.end(), group)
    if place:
        for sana in words.SANA.finditer(text):
            put(sana.start("prep"), sana.end(), f"{sana['prep']} {place}")
        for there in () if language == "id" else words.THERE.finditer(text):
            led = text[: there.start()].split()[-1:]
            prep = "" if led and led[0].lower() in words.PLACE_PREPOSITIONS | {"over"} else "in "
            put(there.start(), there.end(), prep + place)
    elif words.SANA.search(text) or words.THERE.search(text):
        open_ends = True
    for word in _WORD.finditer(text):
        low, start, end = word.group().lower(), word.start(), word.end()
        if any(s < end and start < e for s, e, _ in edits):
            continue
        if low in words.PERSON_EN | words.GROUP_EN:
            meant = group if low in words.GROUP_EN else person
            own = meant and _possessive(low, text[end:])
            last = re.fullmatch(r" (\w+)", text[end:])
            if own and last and meant[:4].lower() == "the ":
                put(start, len(text), f"the {last[1]} of {meant}")
            else:
                put(start, end, _of(meant) if own else meant)
        elif low in words.THING_EN:
            happens = bool(words.HAPPENS & {w.lower() for w in text.split()})
            meant = happened if happens else it
            last = re.fullmatch(r" (\w+)", text[end:])
            if low == "its" and last and meant[:4].lower() == "the ":
                put(start, len(text), f"the {last[1]} of {meant}")
            else:
                put(start, end, _of(meant) if meant and low == "its" else meant)
        elif low in words.PERSON_ID:
            put(start, end, person)
        elif low == "mereka":
            put(start, end, group)
        elif low in ("itu", "tersebut") and language == "id":
            _point(text, start, end, happened, put)
        elif low.endswith("nya") and len(low) > 5 and low not in words.NO_POSSESSIVE:
            noun = word.group()[:-3]
            whose = _whose(noun, before, base, person, _person(core, near, base, language), told)
            clash = whose.lower().startswith(noun.lower())
            put(start, end, "" if not whose else whose if clash else f"{noun} {whose}")
    rest = "".join(c for i, c in enumerate(text) if not any(s <= i < e for s, e, _ in edits))
    if words.DEMONSTRATIVE.search(rest) or words.THAT_TIME.search(text):
        open_ends = True
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text, open_ends


def _point(
    text: str, start: int, end: int, event: str, put: Callable[[int, int, str], None]
) -> None:
    """ "banjir itu" is the event, if it was of that kind; another thing is left open."""
    noun = text[:start].split()[-1:]
    if event and noun and event.lower().split()[0] == noun[0].lower():
        put(start - len(noun[0]) - 1, end, event)
    elif event and not (noun and content(noun[0])):
        put(start, end, event)
    else:
        put(start, end, "")


def _possessive(low: str, after: str) -> bool:
    if low == "her":
        following = _WORD.match(after.strip())
        return bool(following) and bool(content(following.group() if following else ""))
    return low in words.POSSESSIVE_EN


def _one_of(which: str, base: Said) -> str:
    """ "the most valuable of the paintings", for "the most valuable one"; "" when of nothing."""
    several = things(base) or thing(base)
    return f"{which} of {several}" if several else ""


def _of(somebody: str) -> str:
    return f"{somebody}'" if somebody.endswith("s") and somebody[:1].islower() else f"{somebody}'s"


def _whose(noun: str, before: Past, base: Said, far: str, near: str, told: str) -> str:
    """Whose thing "-nya" is: a person or a body has a wife or demands, an event victims."""
    low = noun.lower()
    bodies = [*base.of("organisation"), *base.of("place")[::-1]]
    if low in words.OF_PERSONS | words.PERSONAL_ID or low.startswith("di"):
        if near:
            return near
        if low in words.OF_ONE and before.answer.text and far:
            return far
        if several := things(base):
            return several
        return bodies[0] if bodies and not event(base) else told
    return told


def _it(core: Said, before: Past, base: Said) -> str:
    """What "it" is: a thing, a body or an event of the last question, else all it was about."""
    named = {n.text for n in core.names}
    people = set(subject_first(base))
    about = before.about if not words.HAS_VERB.search(before.about) else ""
    found = [thing(base), about, *base.of("organisation"), event(base)]
    found += [n.text for n in base.names if n.text not in people]
    whole = "" if people or asks_who(base) else topic(base)
    short = whole if len(whole.split()) < 8 and not words.HAS_VERB.search(whole) else ""
    # "How tall is Mount Everest?" names a thing, "What did Blinken say?" nobody who is an "it"
    still = base.of("person") if words.IS_THING.match(base.text) else []
    return next((f for f in [*found, short, *still] if f and f not in named), "")


def _person(core: Said, before: Past, base: Said, language: str) -> str:
    """Whom "he" means: named in the last question, or whom it asked for; else one asked about.

    Who only spoke in an answer is not meant. Who was asked for and not told is said in the words
    of the question: "the president of France".
    """
    named = {n.text for n in core.names}
    pairs = ((before.base, before.answer), *before.earlier)
    for i, (query, answer) in enumerate(pairs):
        people = [p for p in subject_first(query) if p not in named]
        if names_somebody(query):  # "Who is Blinken?" names him, "the mayor of Corvane" does not
            opening = words.OPENING.match(query.text)
            rest = opening["rest"].strip() if opening else ""
            people = [p for p in people if rest.startswith(p)]
        if not people and asks_who(query):
            given = [p for p in answered(query, answer) if p not in named]
            people = given if len(given) == 1 else []  # of several, who is meant is not told
        if people:
            return people[0]
        if not i and (found := described(base, language)):
            return found
    return ""


def _group(core: Said, before: Past, base: Said, language: str) -> str:
    """Whom "they" means: two persons, a body, several of something; one person last of all."""
    named = {n.text for n in core.names}
    single = ""
    for i, (query, answer) in enumerate(((before.base, before.answer), *before.earlier)):
        bodies = [b for b in query.of("organisation") if b not in named]
        people = [p for p in query.of("person") if p not in named]
        several = things(base if not i else query)
        if bodies and len(people) < 2:
            return bodies[0]
        if several and len(people) < 2:
            return several
        asked = asks_who(query)
        if asked and len(people) < 2 and not (names_somebody(query) and i):
            known = {w.lower() for p in people for w in p.split()}
            given = [p for p in answered(query, answer) if p not in named]
            people += [p for p in given if not known & {w.lower() for w in p.split()}]
        if len(people) > 1:
            return _JOIN.get(language, " and ").join(people[:2])
        told = [b for b in answer.of("organisation") if b not in named] if asked else []
        if told:
            return told[0]
        both = [p for p in query.of("place") if p not in named]
        if len(both) > 1:
            return _JOIN.get(language, " and ").join(both[:2])
        single = single or (people[0] if people else "")
        if not answer.text:  # refused: what came before it is not meant
            break
    return single or described(base, language)


def _place(core: Said, before: Past) -> str:
    """Where "there" is: the place asked about last, else the first that the answer names."""
    named = {n.text for n in core.names}
    groups = [before.base.of("place")[::-1], before.answer.of("place")]
    if before.answer.text:  # refused: what came before it is not meant
        groups += [said.of("place") for pair in before.earlier for said in pair]
    return next((p for places in groups for p in places if p not in named), "")
