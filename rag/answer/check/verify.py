"""Check a sentence that a model wrote against the sentences it is to rest on.

In code, with no model: numbers, dates, names, denials, who did what and who said it, and how
much of what it says the evidence has at all. It can tell that two sentences do not agree;
"matches" means that nothing was found wrong, never that the sentence is true.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answer.check.backing import Backing, Problem
from rag.answer.check.contests import agreed, check_contests, tells_contest
from rag.answer.check.copied import check_copied
from rag.answer.check.dates import check_dates
from rag.answer.check.joined import check_joined
from rag.answer.check.names import check_names, locate
from rag.answer.check.numbers import check_numbers
from rag.answer.check.quoted import check_quoted
from rag.answer.check.roles import check_roles
from rag.answer.check.sense import check_sense
from rag.answer.check.slots import check_slots
from rag.answer.check.wording import Wording, claimed, with_names
from rag.answer.evidence import Sentence
from rag.schema import Verdict

# What share of a statement's plain words the evidence must have, in its own language and
# across languages, where only the glossary tells. Calibrated: docs/log.md, verifying.
_SHARE, _SHARE_ACROSS = 0.51, 0.34

_MARKS = re.compile(r"\s*[\[【［][0-9a-zA-Z, \-]{1,12}[\]】］]|[*_`#]{1,3}")


@dataclass(frozen=True, slots=True)
class Check:
    """What checking a statement found; reasons in the reader's language, one thing each."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A check with how well the statement's words are accounted for, to choose by."""

    check: Check
    share: float  # of the statement's plain words that the evidence has, 0 to 1
    problems: int


def check(statement: str, evidence: Sequence[Sentence], *, language: str) -> Check:
    """What is wrong with a statement by its evidence, which is one to three sentences.

    "matches": all its numbers, dates and names are there and most of its words. "not_found":
    one of these is not, or hardly any word. "conflict": the evidence has another value, denies
    it, or gives it to another speaker. "unchecked": there is nothing to go by. `language` is
    the reader's, "en" or "id", for the reasons.
    """
    return read(claimed(bare(statement), language), evidence, language=language).check


def bare(statement: str) -> str:
    """A statement without citation marks and markup."""
    return _MARKS.sub("", statement).strip()


def read(said: Wording, evidence: Sequence[Sentence], *, language: str) -> Reading:
    """As `check`, of a statement taken apart, with the share of its words that are borne out."""
    if not evidence:
        reason = "tidak ada sumber" if language == "id" else "no source"
        return Reading(Check("not_found", (reason,)), 0.0, 1)
    backing = Backing(evidence)
    said = _named(said, backing)
    places = {group[0]: locate(said, group, backing) for group in said.groups}
    problems: list[Problem] = [
        *check_numbers(said, backing),
        *check_dates(said, backing),
        *check_names(said, backing),
        *check_sense(said, backing),
    ]
    if not any(w.holds(said) for w in backing.wordings):  # it is no quotation
        problems += check_roles(said, backing, places)
        problems += check_copied(said, backing, places)
        problems += check_joined(said, backing, places)
        problems += check_slots(said, backing, places)
        problems += check_quoted(said, backing)
        problems += check_contests(said, backing, places)
    share, testable, unknown = accounted(said, backing)
    across = bool(backing.languages) and said.language not in backing.languages
    least = _SHARE_ACROSS if across else _SHARE
    told = len(said.groups) + len(said.sentence.dates) + len(said.sentence.numbers)
    weighs = (
        testable > 2 or (told < 2 and (testable == 2 or not unknown)) if across else testable > 0
    )
    if weighs and share < least:
        missing = next(said.written(i) for i in said.plain if not _has(said, i, backing))
        problems.append(
            Problem(
                "not_found",
                f"the source does not say this: “{missing}”",
                f"sumbernya tidak menyebut ini: “{missing}”",
            )
        )
    if agreed(said, backing, places):
        problems = [p for p in problems if not _of_contest(p, said)]
    facts = bool(
        said.groups
        or said.sentence.dates
        or said.sentence.numbers
        or any(ch.isdigit() for ch in said.text)
    )
    if not problems and not facts and (not testable or (across and testable < 2 and share < 1)):
        return Reading(Check("unchecked"), share, 0)
    return Reading(_verdict(problems, language), share, len(problems))


def _of_contest(problem: Problem, said: Wording) -> bool:
    """Whether what was found wrong is only the word for winning or losing, or the order."""
    text = problem.en.casefold()
    words = (said.tokens[i].text for i in said.plain)
    return any(f"“{word}”" in text for word in words if tells_contest(word))


def _named(said: Wording, backing: Backing) -> Wording:
    """The statement with the names that its own capitals do not show: its first word, or all."""
    plain = said.shouted or said.text.islower()
    open_to = said.tokens if plain else said.tokens[:1]
    known = backing.name_words & {t.text for t in open_to}
    known |= backing.first_names & {t.text for t in said.tokens[:1]}
    inside = {said.tokens[i].text for group in said.groups for i in group}
    return with_names(said, known) if known - inside else said


def _verdict(problems: Sequence[Problem], language: str) -> Check:
    if not problems:
        return Check("matches")
    worst: Verdict = "conflict" if any(p.verdict == "conflict" for p in problems) else "not_found"
    reasons = dict.fromkeys(p.id if language == "id" else p.en for p in problems)
    return Check(worst, tuple(reasons))


def accounted(said: Wording, backing: Backing) -> tuple[float, int, int]:
    """The share of the plain words that the evidence has; how many were tested, how many not.

    Offices and words of saying count only where the evidence lacks them and has no other words.
    """
    across = bool(backing.languages) and said.language not in backing.languages
    tested = found = unknown = 0
    for i in said.plain:
        held = _has(said, i, backing)
        if said.offices & {i} or "=say" in said.keys[i]:
            continue
        if held:
            tested += 1
            found += 1
        elif across and not said.concepts[i]:
            unknown += 1
        else:
            tested += 1
    return (found / tested if tested else 1.0), tested, unknown


def _has(said: Wording, i: int, backing: Backing) -> bool:
    return bool(said.keys[i] & backing.keys or backing.alike(said.tokens[i].text))
