"""What a question was about: its event, its thing, whom it asks for, as words of the question.

Reads the question alone. What an answer told is for `filled`.
"""

from __future__ import annotations

import re

from rag.answer.followup import words
from rag.answer.followup.antecedents import Said, flat
from rag.text import glossary

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_IN_PLACE = re.compile(r" (?:in|at|di) [A-Z][\w-]*(?: [A-Z][\w-]*)*")
# "Zorvanian Prime Minister ..."
_NATION = re.compile(r"\w+(?:an|ese|ish|i) (?:prime |presid|minist|foreig|financ|leader).*")
_LONGEST = 90  # characters of what a pronoun is replaced with
_THE = re.compile(r"\bthe (?=\S)", re.IGNORECASE)
_PLACE_AFTER = re.compile(r"(?:in|at|di) (?:the )?[A-Z]")


def topic(said: Said) -> str:
    """The event a question names, else all but its question word, size and speaker."""
    text = said.text.strip().rstrip(" ?!.…")
    found = event(said)
    if found:
        return found
    if body := _which(text):
        return body
    opening = words.OPENING.match(text) or words.YES_NO.match(text)
    rest = (opening["rest"] if opening else text).strip(" :,")
    rest = words.SPOKEN_OF.sub("", words.LED_IN.sub("", rest))
    rest = words.SPEAKS_AFTER.sub("", words.INNER_WH.sub("", rest)).strip(" :,")
    return _cut(words.MEASURED.sub("", rest))


def owner(said: Said) -> str:
    """What a possession is of: the topic without what was asked of it, "harga", "the price of"."""
    found = topic(said)
    while (shorter := words.ASKED_OF.sub("", found)) not in (found, ""):
        found = shorter
    return found


def event(said: Said) -> str:
    """ "flood in Garut" of "How many people died in the flood in Garut"; "" when there is none."""
    text = said.text.strip().rstrip(" ?!.…")
    found = list(_WORD.finditer(text))
    for i, word in enumerate(found):
        if word.group().lower() not in words.EVENTS:
            continue
        end = word.end()
        for after in found[i + 1 :]:
            if after.group().lower() in words.NOT_EVENT or words.HAS_WH.fullmatch(after.group()):
                where = _IN_PLACE.match(text, after.end())
                if where:  # "gempa terjadi di Cianjur"
                    return _cut(f"{text[word.start() : end]} {where.group().strip()}")
                break
            end = after.end()
        first = i
        while first and any(n.start <= found[first - 1].start() < n.end for n in said.names):
            first -= 1  # "the Lembayung flood"
        if first and found[first - 1].group().lower() == "the":
            first -= 1
        start = found[first].start()
        return _cut(text[start:end])
    return ""


def thing(said: Said) -> str:
    """What "it" means: "the fisheries accord" of "Who signed the fisheries accord?"."""
    nouns = [n for n in _noun_phrases(said) if not _is_person(n)]
    if nouns:
        return next((n for n in nouns if not words.ASKED_OF.match(n)), owner(said))
    return ""


def things(said: Said) -> str:
    """Several, or many as one: "the paintings", "tim bulu tangkis putri"; "" when none."""
    text = said.text.strip().rstrip(" ?!.…")
    for noun in _noun_phrases(said):
        first = re.split(r" (?:of|in) ", noun)[0].split()[-1].lower()
        if first in words.COLLECTIVE or (first.endswith("s") and not first.endswith("ss")):
            return noun
    found = words.TEAM_ID.search(text)
    return _cut(found.group().strip()) if found else ""


def described(said: Said, language: str) -> str:
    """Whom a question asks for: "the president of France", "orang yang memimpin rapat"."""
    text = said.text.strip().rstrip(" ?!.…")
    opening = words.OPENING.match(text)
    if body := _which(text):
        return body
    if opening is None or not asks_who(said):
        return next((n for n in _noun_phrases(said) if _is_person(n)), "")
    rest = _cut(words.SPOKEN_OF.sub("", opening["rest"].strip(" :,")))
    if not rest or (opening["aux"] or "").strip().lower() in ("did", "do", "does"):
        return ""
    if names_somebody(said):  # a translation has no article
        return f"the {rest}" if language == "en" and is_role(rest.split()[0].lower()) else rest
    return f"orang yang {rest}" if language == "id" else f"the one who {rest}"


def _which(text: str) -> str:
    """ "the team that won" of "Which team won", "tim yang juara" of "Tim mana yang juara"."""
    found = words.WHICH.match(text)
    if found is None:
        return ""
    rest = text[found.end() :].strip()
    first, last = found.group().split()[0], found.group().split()[-1]
    if first.lower() in ("which", "what"):
        subject = rest and rest.split()[0].lower() not in words.AUXILIARY
        return _cut(f"the {last} that {rest}") if subject else ""
    return _cut(f"{first.lower()} {rest}")


def asks_who(said: Said) -> bool:
    """Whether a question asks for a person or a body."""
    return bool(words.WHO.match(said.text))


def answered(query: Said, answer: Said) -> list[str]:
    """The persons that an answer gives to a question for somebody, without who only speaks in it.

    Of several, who holds an office is the one named beside it; nobody when that is not told.
    """
    asked = query.text.lower() if names_somebody(query) else ""  # "Lembayung" of its mayor
    people = [
        n
        for n in answer.names
        if n.kind == "person"
        and n.text.lower() not in asked
        and not _NATION.fullmatch(n.text + answer.text[n.end : n.end + 7].lower())
    ]
    spoken = {n.text for n in people if words.SPEAKER.search(answer.text[: n.start])}
    told = list(dict.fromkeys(n.text for n in people if n.text not in spoken))
    if len(told) < 2 or not names_somebody(query):
        return told
    opening = words.OPENING.match(query.text)
    office = _WORD.findall(
        re.sub(r"\A(?:the|an?) ", "", opening["rest"].strip() if opening else "")
    )
    holds = []
    for n in people:
        before = [w.lower() for w in _WORD.findall(answer.text[: n.start])[-5:]]
        after = _WORD.findall(answer.text[n.end : n.end + 60].lower())[:4]
        if office and office[0].lower() in (*before[-len(office) - 1 :], *after):
            holds += [n.text] if n.text in told and n.text not in holds else []
    return holds if len(holds) == 1 else []


def names_somebody(said: Said) -> bool:
    """Whether it asks who somebody is: "Who is the mayor?"; not "Who met the mayor?"."""
    opening = words.OPENING.match(said.text.strip().rstrip(" ?!.…"))
    if opening is None or not asks_who(said):
        return False
    aux = (opening["aux"] or "").strip().lower()
    rest = opening["rest"].strip(" :,")
    first = rest.split()[:1]
    if aux in ("is", "are", "was", "were", "'s"):
        return not (first and (first[0].endswith("ing") or first[0] == "with"))
    if not first or aux or opening["yang"]:
        return False
    load = glossary.load()
    office = any(load.concept(m.concept_id).pos == "role" for m in load.find(rest) if not m.start)
    if office or is_role(first[0].lower()):
        return True
    siapa = opening["wh"].strip().lower().endswith(("siapa", "siapakah"))
    return siapa and not words.HAS_VERB.search(rest) and first[0].lower() not in words.SAYING


def _noun_phrases(said: Said) -> list[str]:
    """What stands after "the" in a question, each up to its verb or preposition."""
    text = said.text.strip().rstrip(" ?!.…")
    return [p for m in _THE.finditer(text) if (p := _phrase(text, m.start(), said))]


def _phrase(text: str, start: int, said: Said) -> str:
    end = start + 3
    for count, word in enumerate(_WORD.finditer(text, start + 3)):
        low = word.group().lower()
        in_name = any(n.start <= word.start() < n.end for n in said.names)
        if re.search(r"[,;:?!]", text[end : word.start()]):
            break
        if low in ("of", "in", "at", "di"):
            if not count or (low != "of" and not _PLACE_AFTER.match(text, word.start())):
                break
        elif count and not (in_name and word.group()[0].isupper()) and _ends(low):
            break
        end = word.end()
    phrase = re.sub(r" (?:of|in|at|the)\Z", "", text[start:end])
    return _cut(phrase) if len(phrase) > 4 else ""


def _ends(low: str) -> bool:
    """Whether a word cannot belong to the noun before it: a verb, a preposition."""
    if low in words.AFTER_NOUN or low in words.AUXILIARY or words.HAS_WH.fullmatch(low):
        return True
    if low.endswith("ed") and len(low) > 4:
        return True
    load = glossary.load()
    pos = {load.concept(c).pos for c in load.concepts_of(low, "en")}
    return pos == {"verb"} and not low.endswith("ing")


def _is_person(noun: str) -> bool:
    """Whether a noun phrase means somebody: "the union leader of Corvane"."""
    return is_role(re.split(r" (?:of|in|at) ", noun)[0].split()[-1].lower())


def is_role(word: str) -> bool:
    """Whether a word means somebody by what they are: "mayor", "ketua"."""
    load = glossary.load()
    found = (load.concept(c).pos for x in ("en", "id") for c in load.concepts_of(word, x))
    return word in words.ROLES or "role" in set(found)


def _cut(text: str) -> str:
    """A phrase no longer than what may stand for a pronoun, cut between words."""
    text = flat(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST].rpartition(" ")[0]
