"""A run beside an earlier one, as HTML: what changed, how surely, and which questions flipped.

Pure: records in, escaped HTML out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eval.compare import SURE, Change, Flip, Unpaired
from eval.compare_lines import beside, signed
from eval.tables import COST, GROUPS, OTHER, group_of, told
from rag.layout import one_line
from ui.desk import Reader
from ui.evaluation import Beside
from ui.evaluation_figures import HEADLINES, wide
from ui.evaluation_html import box, fold, moment
from ui.evaluation_words import WORDS
from ui.render import esc

_FLIPS = 40  # shown; the command line has all
_TEXT = 400  # characters of an answer


def beside_html(beside: Beside, reader: Reader, rev: str) -> str:
    """A run and an earlier one: what differs for sure, the rest, the questions that flipped."""
    words, comparison = WORDS[reader], beside.comparison
    lines = [words["evaluation_paired"].format(n=f"{comparison.paired:,}")]
    if comparison.only_first or comparison.only_second:
        apart = {"first": comparison.only_first, "second": comparison.only_second}
        lines.append(words["evaluation_apart"].format(**apart))
    lines += [words["evaluation_articles_differ"].format(told=w) for w in comparison.warnings]
    whole = [change for change in comparison.changes if not change.part]
    sure, tested = sum(c.sure for c in comparison.changes), len(comparison.changes)
    lines.append(
        words["evaluation_sure"].format(n=sure, m=tested, false=f"{SURE * tested:.0f}")
        if sure
        else words["evaluation_sure_none"]
    )
    names = {each.name: words[f"evaluation_{each.key}"] for each in HEADLINES}
    first = [change for name in names for change in whole if change.name == name]
    order = [*GROUPS, OTHER]
    every = sorted(
        comparison.changes, key=lambda c: (order.index(group_of(c.name)), c.name, c.part)
    )
    more = _changes(every, {}, reader) + _unpaired(comparison.unpaired, reader)
    earlier = moment(beside.first, reader)
    return box(
        f'<h3 id="eval-compared">{esc(words["evaluation_compared"].format(first=earlier))}</h3>'
        f"<p>{esc(' '.join(lines))}</p>{_changes(first, names, reader)}"
        f"{fold('more', words['evaluation_more'], more)}"
        f"{_flips(comparison.flips, reader)}",
        rev,
    )


def _changes(changes: Iterable[Change], names: Mapping[str, str], reader: Reader) -> str:
    words = WORDS[reader]
    keys = ("measure", "first", "second", "change", "interval", "p", "count", "verdict")
    heads = "".join(
        f'<th scope="col">{esc("p" if key == "p" else words[f"evaluation_{key}"])}</th>'
        for key in keys
    )
    body = []
    for change in changes:
        found, p = change.difference.interval, change.difference.p
        cost = change.name.startswith(COST)
        name = names.get(change.name, change.name) + (f" ({change.part})" if change.part else "")
        cells = [
            *(told(each, cost=cost) for each in (change.first, change.second)),
            signed(found.value, cost=cost),
            words["evaluation_range"].format(
                low=signed(found.low, cost=cost), high=signed(found.high, cost=cost)
            ),
            f"{p:.3f}" if p >= 0.001 else "<.001",
            str(found.n),
        ]
        numbers = "".join(f"<td>{esc(cell)}</td>" for cell in cells)
        verdict = esc(words[f"evaluation_{change.verdict}"])
        body.append(
            f'<tr class="eval-{change.verdict}"><th scope="row">{esc(one_line(name))}</th>{numbers}'
            f'<td class="eval-verdict">{verdict}</td></tr>'
        )
    if not body:
        return ""
    return wide(f"<thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody>", reader)


def _unpaired(found: Sequence[Unpaired], reader: Reader) -> str:
    """What no question has a value of its own of: both values and how far apart, untested."""
    words = WORDS[reader]
    heads = "".join(
        f'<th scope="col">{esc(words[f"evaluation_{key}"])}</th>'
        for key in ("measure", "first", "second", "change")
    )
    body = []
    for each in found:
        name = each.name + (f" ({each.part})" if each.part else "")
        cells = "".join(f"<td>{esc(cell)}</td>" for cell in beside(each))
        body.append(f'<tr><th scope="row">{esc(one_line(name))}</th>{cells}</tr>')
    if not body:
        return ""
    table = wide(f"<thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody>", reader)
    return f'<p class="eval-soft">{esc(words["evaluation_unpaired"])}</p>{table}'


def _flips(flips: Sequence[Flip], reader: Reader) -> str:
    words = WORDS[reader]
    if not flips:
        return f"<p>{esc(words['evaluation_flips_none'])}</p>"
    counts = {name: sum(flip.verdict == name for flip in flips) for name in ("worse", "better")}
    items = "".join(_flip(flip, reader) for flip in flips[:_FLIPS])
    more = len(flips) - _FLIPS
    rest = words["evaluation_flips_more"].format(n=more)
    tail = f'<p class="eval-soft">{esc(rest)}</p>' if more > 0 else ""
    return f"<h4>{esc(words['evaluation_flips'].format(**counts))}</h4>{items}{tail}"


def _flip(flip: Flip, reader: Reader) -> str:
    words = WORDS[reader]
    sides = "".join(
        f"<dt>{esc(words[f'evaluation_{side}'])}</dt>"
        f'<dd><span class="badge {standing}">{esc(words[f"evaluation_is_{standing}"])}</span> '
        f"{esc(_cut(text) or words['evaluation_no_words'])}</dd>"
        for side, standing, text in (
            ("was", flip.first, flip.first_text),
            ("now", flip.second, flip.second_text),
        )
    )
    verdict = esc(words[f"evaluation_{flip.verdict}"])
    return (
        f'<details class="question eval-flip"><summary><span class="eval-{flip.verdict}">'
        f"<b>{verdict}</b></span> "
        f'<span class="asked">{esc(one_line(flip.question.question))}</span> '
        f'<span class="soft">{esc(one_line(flip.question.question_id))}</span></summary>'
        f'<dl class="eval-known inside">{sides}</dl></details>'
    )


def _cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _TEXT else f"{line[:_TEXT]}…"
