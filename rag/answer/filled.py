"""A question with names for its pronouns, or with its topic where it names too little."""

from __future__ import annotations

import re
from collections.abc import Callable

from rag.answer import followup_words as words
from rag.answer.antecedents import Past, Said, read_with, subject_first
from rag.answer.pointing import bare, content, names_little
from rag.answer.reworded import in_language

_LONGEST = 300
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_JOIN = {"en": " and ", "id": " dan "}


def filled(core: Said, before: Past, language: str) -> str:
    base = in_language(before.base, before.language, language)
    topic = _topic(base)
    text, open_ends = _replaced(core, before, base, topic, language)
    if open_ends or names_little(read_with(text, before), before.base):
        text = _with_topic(text, topic)
    return text


def _with_topic(text: str, topic: str) -> str:
    """A question with what it is about after it, in brackets, as far as there is room."""
    text = bare(text)
    have = set(content(text))
    if not topic or set(content(topic)) <= have:
        return text
    room = _LONGEST - len(text) - 5
    kept = topic if len(topic) <= room else topic[: max(room, 0)].rpartition(" ")[0]
    return f"{text} ({kept})" if kept else text


def _topic(base: Said) -> str:
    """What a question was about: the event it names, else all but its question word."""
    text = bare(base.text)
    event = _event(text)
    if event:
        return event
    opening = words.OPENING.match(text) or words.YES_NO.match(text)
    rest = (opening["rest"] if opening else text).strip()
    return words.INNER_WH.sub("", rest).strip()


def _event(text: str) -> str:
    """ "flood in Garut" of "How many people died in the flood in Garut"; "" when there is none."""
    found = list(_WORD.finditer(text))
    for i, word in enumerate(found):
        if word.group().lower() not in words.EVENTS:
            continue
        end = word.end()
        for after in found[i + 1 :]:
            if after.group().lower() in words.NOT_EVENT or words.HAS_WH.fullmatch(after.group()):
                break
            end = after.end()
        the = i and found[i - 1].group().lower() == "the"
        return text[found[i - 1].start() if the else word.start() : end]
    return ""


def _replaced(core: Said, before: Past, base: Said, topic: str, language: str) -> tuple[str, bool]:
    """The question with names for its pronouns, and whether something was left without one."""
    text = bare(core.text)
    person = _person(core, before)
    group = _group(core, before, language)
    body = next(iter(base.of("organisation")), "")
    place = _place(core, before)
    event = _event(bare(base.text))
    edits: list[tuple[int, int, str]] = []
    open_ends = False

    def put(start: int, end: int, new: str) -> None:
        nonlocal open_ends
        if new:
            edits.append((start, end, new))
        else:
            open_ends = True

    head = re.match(r"(?:the )?(\w+)", event, re.IGNORECASE)
    if head and language == "en":
        again = rf"\b(?:the|that|this) {head[1]}\b(?! (?:in|of|at|on|between|near)\b)"
        for same in re.finditer(again, text, re.IGNORECASE):
            put(same.start(), same.end(), event)
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
            owner = group if low in words.GROUP_EN else person
            put(start, end, f"{owner}'s" if owner and _possessive(low, text[end:]) else owner)
        elif low in words.THING_EN:
            happens = bool(words.HAPPENS & {w.lower() for w in text.split()})
            thing = event if event and happens else body or event
            put(start, end, f"{thing}'s" if thing and low == "its" else thing)
        elif low in words.PERSON_ID:
            put(start, end, person)
        elif low == "mereka":
            put(start, end, group)
        elif low in ("itu", "tersebut") and language == "id":
            _point(text, start, end, event, put)
        elif low.endswith("nya") and len(low) > 5 and low not in words.NO_POSSESSIVE:
            noun = word.group()[:-3]
            owner = _owner(noun, person or (group if group != topic else ""), body, topic)
            clash = topic.lower().startswith(noun.lower())
            put(start, end, "" if not owner else owner if clash else f"{noun} {owner}")
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


def _owner(noun: str, person: str, body: str, topic: str) -> str:
    """Whose thing "-nya" is: a person has a wife, an event has victims."""
    if noun.lower() in words.OF_PERSONS | words.PERSONAL_ID or noun.lower().startswith("di"):
        return person or body or topic
    return topic


def _person(core: Said, before: Past) -> str:
    """Whom "he" means: asked about last, else named first in the answer."""
    named = {n.text for n in core.names}
    groups = [subject_first(before.last), subject_first(before.base), before.answer.of("person")]
    groups += [said.of("person") for said in before.earlier]
    return next((p for people in groups for p in people if p not in named), "")


def _group(core: Said, before: Past, language: str) -> str:
    """Whom "they" means: two persons, a body, or what the question was about."""
    base, answer = before.base, before.answer
    named = {n.text for n in core.names}
    bodies = [b for b in base.of("organisation") if b not in named]
    people = [p for p in base.of("person") if p not in named]
    if len(people) < 2 and not bodies:
        known = {w.lower() for p in people for w in p.split()}
        others = [p for p in answer.of("person") if not known & {w.lower() for w in p.split()}]
        people += [p for p in others if p not in named]
    if len(people) > 1:
        return _JOIN.get(language, " and ").join(people[:2])
    both = [p for p in base.of("place") if p not in named]
    if people and not bodies:
        return people[0]
    if bodies:
        return bodies[0]
    told = [b for b in answer.of("organisation") if b not in named]
    return told[0] if told else _JOIN[language].join(both[:2]) if len(both) > 1 else ""


def _place(core: Said, before: Past) -> str:
    """Where "there" is: the place asked about last, else the first that the answer names."""
    named = {n.text for n in core.names}
    groups = [before.base.of("place")[::-1], before.answer.of("place"), before.last.of("place")]
    groups += [said.of("place") for said in before.earlier]
    return next((p for places in groups for p in places if p not in named), "")
