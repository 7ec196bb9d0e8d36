"""What a reader says who reads the question and the best sentences together, and what that moves.

Reading is slow, some 20 ms a sentence (docs/log.md, "A reader"), so only the best sentences are
read, while another could still come first; and none where nobody reads. Pure: the reader is given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

_READ = 5  # of the best sentences, at most
# No further sentence is read that could not come first with these log-odds of the reader. Most
# that answer have more; this keeps most of what reading all five gains, for a third of the reading
# (docs/log.md, "News with questions, by the thousand").
_GOOD = 3.0
_SUREST = 1e-5  # no probability is nearer to none, or to certainty


def hear(scores: Sequence[float], order: float, read: Callable[[int], float]) -> dict[int, float]:
    """What a reader says of the best candidates, by their numbers, the best one first.

    `scores` is how good each seems; `read` gives, for the number of one, the log-odds that it
    answers. `order` is what they count for where candidates are put in order, as for `moved`.
    """
    heard: dict[int, float] = {}
    first = best = 0.0
    for k in sorted(range(len(scores)), key=lambda k: (-scores[k], k))[:_READ]:
        thought = _log_odds(scores[k])
        if heard and thought + order * (_GOOD - first) <= best:
            break
        heard[k] = read(k)
        if len(heard) == 1:
            first, best = heard[k], thought
        best = max(best, thought + order * (heard[k] - first))
    return heard


def _log_odds(likely: float) -> float:
    kept = min(max(likely, _SUREST), 1 - _SUREST)
    return math.log(kept / (1 - kept))


def moved(likely: Sequence[float], heard: Mapping[int, float], order: float) -> list[float]:
    """How likely each candidate is to answer, by what was thought and by what a reader says.

    The first of the `heard` stays as likely as it was, and the others move beside it: by `order`
    times what the reader's log-odds are more than the first one's.
    """
    found = list(likely)
    first = next(iter(heard), None)
    for number, odds in heard.items():
        if first is not None and number != first:
            more = _log_odds(likely[number]) + order * (odds - heard[first])
            found[number] = 1 / (1 + math.exp(-more))
    return found
