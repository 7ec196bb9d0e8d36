"""Describe each line of a pasted page in numbers: what it is, where it stands, what is around it.

The features are general ones: how much a line looks like a sentence (`shape.py`), where it
stands to the body of the article, what stands around it, whether it speaks of the article's
subject. Drawn from the published ideas on boilerplate: text density in blocks and their
neighbours (Kohlschütter et al., WSDM 2010), stop-word density (jusText, Pomikálek 2011).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from rag.ingest.shape import Features, Line, described, headed
from rag.text.language import ENGLISH_WORDS, INDONESIAN_WORDS

_NEAR = 3  # lines on each side that are looked at
_TEXT = 3  # sentences under one another are no list of teasers any more
_ON_SUBJECT = 0.15  # of a sentence's content words are in others of the body
_OF_A_SENTENCE = 6  # words that prose is worth beside its own, when the body is looked for
_MORE = 0.15
_DISTANCES = (0, 1, 2, 3, 5, 8, 12, 10**7)
_WITH_PLACE = (
    *(
        "prose",
        "headline",
        "ended",
        "credit",
        "date line",
        "label",
        "bullet",
        "quotes",
        "half furniture",
    ),
    *("all furniture", "promotion", "label alone", "suggestion", "upper"),
)
_OF_NEIGHBOURS = (
    *("prose", "headline", "all furniture", "promotion", "label alone", "related at all"),
    *("popular at all", "date line", "ago", "short credit", "marks", "only figures", "bullet"),
    *(
        "comments at all",
        "subscribe at all",
        "tags at all",
        "small first",
        "name",
        "photo",
        "share",
    ),
)
_FURNITURE_SIGNS = (
    *(
        "promotion",
        "suggestion",
        "ago",
        "marks",
        "bars",
        "address",
        "only figures",
        "under a heading",
    ),
)
_HEADLINE_WITHIN = 30  # lines above the report
_NUMBERED = re.compile(r"\d{1,2}$")


def body_of(lines: Sequence[Line]) -> tuple[int, int]:
    """The stretch [start, end) of lines that holds the most prose and the least else."""
    best = (0, 0)
    best_sum = total = 0.0
    start = 0
    for number, line in enumerate(lines):
        worth = -(5.0 + 7.0 * line.covered)
        if line.sentence:
            worth = min(len(line.words), 60) + (_OF_A_SENTENCE if line.prose else 0)
        if total <= 0:
            start, total = number, 0.0
        total += worth
        if total > best_sum:
            best_sum, best = total, (start, number + 1)
    return best


def features(lines: Sequence[str], *, repeated: Collection[str] = ()) -> list[Features]:
    """The features of every line of a page, with what its place and its neighbours add.

    `repeated` holds lines that several articles of one outlet have.
    """
    language = _language(lines)
    known = [described(line, language) for line in lines]
    start, end = body_of(known)
    of_body = Counter(
        word
        for n, line in enumerate(known[start:end], start)
        if line.prose
        for word in line.content
    )
    told = [_told(line, of_body, start <= n < end) for n, line in enumerate(known)]
    report = _grown(known, _reported(known, told, range(start, end)))
    behind, ahead = _distances(report), _distances(report[::-1])[::-1]
    first = next((n for n, there in enumerate(report) if there), len(lines))
    last = next((n for n in range(len(lines) - 1, -1, -1) if report[n]), -1)
    not_prose = [not line.prose for line in known]
    runs_before, runs_after = _runs(not_prose), _runs(not_prose[::-1])[::-1]
    sentences = [line.sentence for line in known]
    texts_before, texts_after = _runs(sentences), _runs(sentences[::-1])[::-1]
    under = _headings(known, report)
    headline = _headline(known, told, first)
    counts = Counter(line.strip().lower() for line in lines)
    page = {
        "page prose": sum(line.prose for line in known) / max(1, len(lines)),
        "page furniture": sum(line.covered > 0.5 for line in known) / max(1, len(lines)),
    }
    result: list[Features] = []
    for number, line in enumerate(known):
        found = dict(line.own) | page | under[number]
        place = "before" if number < first else "after" if number > last else "inside"
        found[place] = 1.0
        if headline is not None and number <= first:
            place = "head" if headline <= number < first else place
            found["the headline" if number == headline else place] = 1.0
        if not any(sign in found for sign in _FURNITURE_SIGNS) and line.covered < 0.4:
            found["plain"] = 1.0
            found[f"plain {place}"] = 1.0
            if "ended" in found:
                found[f"plain ended {place}"] = 1.0
        if start <= number < end:
            found["body"] = 1.0
        for trait in _WITH_PLACE:
            if trait in line.own:
                found[f"{trait} {place}"] = 1.0
        for side, distance in (("since report", behind[number]), ("until report", ahead[number])):
            found[f"{side} {next(near for near in _DISTANCES if distance <= near)}"] = 1.0
        if place == "inside":
            gap = behind[number] + ahead[number]
            found[f"gap {next(near for near in _DISTANCES if gap <= near)}"] = 1.0
        if line.content:
            share = told[number]
            found["on the subject"] = share
            found[f"on the subject {place}"] = share
            if line.prose:
                found[f"prose on the subject {place}"] = share
            if "headline" in line.own:
                found[f"headline on the subject {place}"] = share
            if share == 0 and len(line.content) >= 3:
                found[f"off the subject {place}"] = 1.0
        if counts[lines[number].strip().lower()] > 1:
            found["twice"] = 1.0
        if repeated and lines[number] in repeated:
            found["repeated"] = 1.0
        if (run := texts_before[number] + texts_after[number]) > 1:
            found["sentence run"] = min(run - 1, 8) / 8
            if run > _TEXT:
                found["text"] = 1.0
                found[f"text {place}"] = 1.0
        found["run"] = min(runs_before[number] + runs_after[number], 12) / 12
        if runs_before[number] + runs_after[number] >= 5:
            found[f"long run {place}"] = 1.0
        for side, other in (
            ("previous", number - 1),
            ("next", number + 1),
            ("second previous", number - 2),
            ("second next", number + 2),
        ):
            if not 0 <= other < len(lines):
                found[f"{side} none"] = 1.0
                continue
            beside = known[other]
            for trait in _OF_NEIGHBOURS:
                if trait in beside.own:
                    found[f"{side} {trait}"] = 1.0
            found[f"{side} covered"] = beside.covered
            if report[other]:
                found[f"{side} report"] = 1.0
        for side, near in (
            ("behind", known[max(0, number - _NEAR) : number]),
            ("ahead", known[number + 1 : number + 1 + _NEAR]),
        ):
            if near:
                found[f"prose {side}"] = sum(other.prose for other in near) / len(near)
                found[f"furniture {side}"] = sum(other.covered > 0.5 for other in near) / len(near)
                found[f"headlines {side}"] = sum("headline" in o.own for o in near) / len(near)
        result.append(found)
    return result


def _language(lines: Sequence[str]) -> str:
    words = " ".join(lines).lower().split()
    indonesian = sum(word in INDONESIAN_WORDS for word in words)
    return "id" if indonesian > sum(word in ENGLISH_WORDS for word in words) else "en"


def _told(line: Line, of_body: Counter[str], inside: bool) -> float:
    """The share of a line's content words that other sentences of the body have too."""
    if not line.content:
        return 0.0
    mine = 1 if line.prose and inside else 0
    return sum(of_body[word] > mine for word in line.content) / len(line.content)


def _reported(lines: Sequence[Line], told: Sequence[float], body: range) -> list[bool]:
    """Which lines are sentences of the report: prose that speaks of what the body speaks of.

    A sentence alone between two headlines may announce another article, and one under a
    heading of furniture mostly does: these must speak of it more.
    """
    under = _headings(lines, [False] * len(lines))
    result: list[bool] = []
    for number, line in enumerate(lines):
        needed = _ON_SUBJECT
        before = lines[number - 1] if number else None
        after = lines[number + 1] if number + 1 < len(lines) else None
        if not (before and before.sentence) and not (after and after.sentence):
            needed += _MORE
        if "under a heading" in under[number]:
            needed += _MORE
        result.append(line.prose and (told[number] >= needed or "dateline" in line.own))
    if not any(result):  # a report so short that no two of its sentences share a word
        return [line.prose and number in body for number, line in enumerate(lines)]
    return result


def _headline(lines: Sequence[Line], told: Sequence[float], first: int) -> int | None:
    """The line above the report that looks most like its headline: on its subject, and long."""
    best, best_worth = None, 0.0
    for number in range(max(0, first - _HEADLINE_WITHIN), min(first, len(lines))):
        line = lines[number]
        if 3 <= len(line.words) <= 25 and line.covered < 0.5 and not line.promoting:
            worth = told[number] * min(len(line.content), 8)
            if "label first" in line.own or "date line" in line.own or "credit" in line.own:
                worth /= 2
            if worth > best_worth:
                best, best_worth = number, worth
    return best


def _grown(lines: Sequence[Line], report: Sequence[bool]) -> list[bool]:
    """`report`, with the prose that follows on or leads up to it, sentence after sentence."""
    grown = list(report)
    for order in (range(len(lines)), range(len(lines) - 1, -1, -1)):
        joined = False
        for number in order:
            joined = grown[number] or (joined and lines[number].sentence)
            grown[number] = joined and (grown[number] or lines[number].prose)
    return grown


def _distances(report: Sequence[bool]) -> list[int]:
    """How many lines ago the last sentence of the report stood; a large number before the first."""
    distances: list[int] = []
    distance = 10**6
    for there in report:
        distance = 0 if there else distance + 1
        distances.append(distance)
    return distances


def _headings(lines: Sequence[Line], report: Sequence[bool]) -> list[Features]:
    """Under which kind of heading, or after which list's colon, each line stands."""
    result: list[Features] = []
    heading, colon, item, run = "", False, 0, 0
    for line, there in zip(lines, report, strict=True):
        found: Features = {}
        run = run + 1 if line.sentence else 0
        if there or run >= _TEXT:
            heading, item = "", 0
            colon = "label alone" in line.own
        elif "label alone" in line.own and line.covered < 0.5 and len(line.words) > 3:
            colon = True
        else:
            if heading:
                found[f"under {heading}"] = 1.0
                found["under a heading"] = 1.0
            if colon:
                found["in a list"] = 1.0
            kinds = headed(line)
            if kinds:
                heading, colon = kinds[0], False
        numbered = _NUMBERED.match(" ".join(line.words[:1]))
        if numbered:
            if int(numbered[0]) == item + 1:
                found["next number"] = 1.0
            item = int(numbered[0])
        result.append(found)
    return result


def _runs(traits: Sequence[bool]) -> list[int]:
    """For each line with a trait: how many lines with it stand right before it, with it; else 0."""
    runs: list[int] = []
    run = 0
    for trait in traits:
        run = run + 1 if trait else 0
        runs.append(run)
    return runs
