"""What of an answer a language model wrote, and what became of the model that was asked.

Below a reply that is no answer, Kutip sets quotes of its own; the notices tell. The reader has
both before him, but the quotes say nothing for the model.
"""

from __future__ import annotations

import re
from dataclasses import replace

from eval.answers import unmarked
from eval.given import Given, GivenStatement, Outcome

# How an answer says that what follows are quotes, in both its languages.
_INSTEAD = frozenset({"What follows are quotes.", "Yang berikut ini kutipan."})
_BELOW = frozenset(
    {
        "The articles do not back what the model wrote; below it stands what they say.",
        (
            "Artikel-artikel ini tidak mendukung tulisan model; di bawahnya apa yang dikatakan "
            "artikel."
        ),
    }
)
# What the model did wrong; all else that ends a reply early is its server's, or takes too long.
_OF_THE_MODEL = re.compile(
    r" sent something that cannot be read: "
    r"| said nothing\. | said nothing\Z"  # "said nothing within 20 s" is slow
    r"| sent far more than an answer, and no answer in it\. "
    r"|\Athe model wrote only signs of its chat format and no word\. "
    r"|\AThe answer was stopped: (?:the model wrote on and on|one sentence after another"
    r"|the model began to repeat itself)"
    r"|\AJawaban dihentikan: (?:model menulis terus|kalimat demi kalimat"
    r"|model mulai mengulang-ulang)"
)
_CUT = re.compile(r" … \((?:cut off|terpotong)\)")  # said by Kutip, in the question's language
_WORD = re.compile(r"[^\W\d_]{2,}")
_READABLE = 0.5  # of the characters that are no blanks: letters and figures


def outcome_of(given: Given) -> Outcome:
    """What became of a question, the quotes below a failed reply aside.

    "malformed" is also a model's reply that is no answer: nothing, what cannot be read, no
    words, the same again and again, or on and on. "failed" is also a model's server that died,
    was gone, or was too slow.
    """
    if given.outcome != "answered":
        return given.outcome
    if any(notice in _INSTEAD for notice in given.notices):
        return "malformed" if any(map(_OF_THE_MODEL.search, given.notices)) else "failed"
    if any(notice in _BELOW for notice in given.notices):
        written = " ".join(told(given, each) for each in _own(given))
        return "answered" if _readable(written) else "malformed"
    return "answered"


def asked(given: Given) -> bool:
    """Whether a model was asked at all: not where Kutip refuses first, or only quotes."""
    return given.generated or "planned" in given.tokens


def quoted_instead(given: Given) -> bool:
    """Whether a model was asked, and what the reader goes by are quotes that Kutip chose."""
    below = any(notice in _BELOW | _INSTEAD for notice in given.notices)
    return given.outcome == "answered" and asked(given) and (below or not given.generated)


def by_model(given: Given) -> Given | None:
    """The answer as if only what the model wrote stood there; None where none could write.

    A reply that is no answer is one of "malformed", without sentences; a refusal is the model's
    own when it was asked.
    """
    outcome = outcome_of(given)
    if outcome == "failed" or not asked(given):
        return None
    if outcome != "answered":
        return replace(given, outcome=outcome, statements=(), text="", citations=())
    if not given.generated:  # what it wrote was a refusal, and no word of it is left
        return replace(given, outcome="refused", statements=(), text="", citations=())
    own = _own(given)
    return replace(given, statements=own, text=given.text[: own[-1].end] if own else "")


def told(given: Given, statement: GivenStatement) -> str:
    """A sentence that a model wrote, without its marks and without Kutip's "(cut off)"."""
    return _CUT.sub("", unmarked(given, statement))


def _own(given: Given) -> tuple[GivenStatement, ...]:
    """The sentences that stand above the quotes, or all where none were added.

    Quotes stand on a line each, and a blank line parts them from what is above.
    """
    if not any(notice in _BELOW | _INSTEAD for notice in given.notices):
        return given.statements
    for at in range(len(given.statements) - 1, -1, -1):
        begun = given.statements[at].start
        if begun == 0 or given.text[:begun].endswith("\n\n"):
            return given.statements[:at]
    return given.statements


def _readable(text: str) -> bool:
    """Whether a text has words, and is not mostly signs.

    >>> _readable("Odile Marsh."), _readable("{{{<<>>]]]] asdf 12a] [[[ ///"), _readable("- 1.")
    (True, False, False)
    """
    marks = [mark for mark in text if not mark.isspace()]
    letters = sum(mark.isalnum() for mark in marks)
    return bool(_WORD.search(text)) and letters >= _READABLE * len(marks)
