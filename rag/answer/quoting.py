"""Which names of a sentence are only of who says it.

"Barwani said the two delegations had met 23 times" tells of the delegations. Pure.
"""

from __future__ import annotations

import re

from rag.answer.evidence import Sentence
from rag.text.names import Name

_VERB_EN = (
    r"said|says|told|added|explained|stated|noted|confirmed|announced|reported|claimed|insisted|warned|recalled"
    r"|estimated|argued|stressed|acknowledged|wrote"
)
_VERB_ID = (
    r"mengatakan|berkata|menyatakan|menegaskan|menuturkan|menambahkan|menjelaskan|mengungkapkan|menyebut|menyebutkan"
    r"|menilai|memaparkan|menyampaikan|menerangkan|memastikan|mengonfirmasi|mengumumkan|melaporkan|bercerita"
    r"|menceritakan|memperkirakan|mengakui"
)
# "Barwani said", "Hafiz Romli, its spokesman, said", "Bupati Lea (53) mengatakan".
_SAYS = re.compile(
    r"(?:\s*\([^()]{1,40}\))?(?:,\s(?!who\b|which\b|yang\b)[^,.;:!?\"“”]{1,80}){0,2},?\s+(?:\w+ly\s+|juga\s+|also\s+)?"
    rf"(?:{_VERB_EN}|{_VERB_ID})\b",
    re.IGNORECASE,
)
# "Said Barwani", "kata Kepala Desa Watu Lepa, Agus Wolo", "menurut Felix", "according to Lea".
_SAID_BY = re.compile(
    r"\b(?:said|says|kata|ujar|tutur|ungkap|imbuh|jelas|tegas|papar|sebut|ucap|tukas|terang|menurut|according\s+to)"
    r"\s+(?:(?!(?:had|has|have|is|are|was|were|that|would|will|could|to|in|at|on|by|when|after|bahwa|yang|di|ke)\b)"
    r"[\w'’.-]+,?\s+){0,6}\Z",
    re.IGNORECASE,
)
# What makes who says it matter.
_ASKS_WHO_SAYS = re.compile(
    r"\b(?:say|says|said|saying|tell|tells|told|claim\w*|according|state[ds]?|statement|comment\w*|quote\w*|cite\w*|den(?:y|ied|ies)"
    r"|accus\w*|blam\w*|warn\w*|announce\w*|explain\w*|admit\w*|call(?:s|ed)?|describe\w*|think|thinks|thought|believe\w*|kata\w*|bilang"
    r"|ujar\w*|menurut|mengatakan|berkata|menyatakan|menyebut\w*|dikatakan|disebut|pernyataan|komentar|membantah|bantah\w*"
    r"|menuduh|menuding|tuding\w*|memperingatkan|mengumumkan|menjelaskan|mengakui|menilai|anggap\w*|menganggap|pendapat)\b",
    re.IGNORECASE,
)


def asks_who_says(question: str) -> bool:
    """Whether it matters to a question who says what: "What did Blinken say?"."""
    return bool(_ASKS_WHO_SAYS.search(question))


def only_says(sentence: Sentence, name: Name) -> bool:
    """Whether a name stands there for who says the sentence."""
    return bool(
        _SAYS.match(sentence.text, name.end) or _SAID_BY.search(sentence.text, 0, name.start)
    )
