"""Who beat whom: "X beat Y", "X menang atas Y", "Y kalah dari X", in a statement and its evidence.

Goes by a word of winning or losing with a name on either side of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.answer.check.backing import Backing, Places, Problem
from rag.answer.check.wording import Wording

_GAP = r"(?:[^.;:!?]|\.(?=\d)){0,48}?"
_WON = re.compile(
    r"\b(?:beat|beats|beating|defeat(?:s|ed|ing)?|overcame|thrashed|edged|outplayed|routed"
    r"|(?:meng|me)?(?:alahkan|naklukkan|nundukkan|numbangkan|mbungkam|mpermalukan|kandaskan)"
    rf"|(?:menang|unggul|kemenangan)\b{_GAP}\s(?:atas|melawan)"
    rf"|(?:won|win|wins|winning|victory|victories|triumph\w*)\b{_GAP}\s(?:over|against))\b",
    re.IGNORECASE,
)
_LOST = re.compile(
    rf"\b(?:(?:kalah|takluk|tunduk|tumbang|kekalahan)\b{_GAP}\s(?:dari|atas|oleh|kepada)"
    r"|(?:di)(?:kalahkan|taklukkan|tundukkan|tumbangkan)(?:\s+oleh)?"
    rf"|(?:lost|lose|loses|losing|fell)\b{_GAP}\sto"
    rf"|(?:was|were|been|being|is|are)\s+(?:beaten|defeated|thrashed|routed)\b{_GAP}\sby)\b",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are|be)\s+\Z", re.IGNORECASE)
_FAR = 60  # characters between the word and the name behind it

Contest = tuple[tuple[int, ...], tuple[int, ...]]  # the tokens of who won, of who lost


def contests(words: Wording) -> list[Contest]:
    """Every winner with the loser that a sentence names."""
    found: list[Contest] = []
    for cue, won in ((_WON, True), (_LOST, False)):
        for m in cue.finditer(words.text):
            if won and _PASSIVE.search(words.text[: m.start()]):
                continue
            before = [g for g in words.groups if words.tokens[g[-1]].end <= m.start()]
            after = [g for g in words.groups if 0 <= words.tokens[g[0]].start - m.end() <= _FAR]
            if before and after:
                pair = (tuple(before[-1]), tuple(after[0]))
                found.append(pair if won else pair[::-1])
    return found


def tells_contest(word: str) -> bool:
    """Whether a word is one of winning or losing."""
    return bool(_WORD.match(word))


_WORD = re.compile(
    r"(?:beat|defeat|overc[ao]m|thrash|won|win|lost|los[ei]|fell|kalah|menang|takluk|tunduk"
    r"|tumbang|mengalahkan|menaklukkan|menundukkan|dikalahkan|ditaklukkan|kekalahan|kemenangan)",
    re.IGNORECASE,
)


def check_contests(said: Wording, backing: Backing, places: Places) -> Iterator[Problem]:
    """A winner who lost there, or who beat another; one problem at most."""
    mine = contests(said)
    for winner, loser in mine:
        if agreed(said, backing, places):
            return
        for s, words in enumerate(backing.wordings):
            for there in contests(words):
                first, last = (_is(said, side, s, words, there, places) for side in (winner, loser))
                if (first, last) in ((1, 0), (1, None), (None, 0)):
                    name = said.text[said.tokens[winner[0]].start : said.tokens[winner[-1]].end]
                    yield Problem(
                        "conflict",
                        f"in the source “{name}” is not who won",
                        f"di sumbernya bukan “{name}” yang menang",
                    )
                    return


def agreed(said: Wording, backing: Backing, places: Places) -> bool:
    """Whether the evidence has the statement's winner and loser as such, in whatever words."""
    mine = contests(said)
    return bool(mine) and all(
        any(
            [_is(said, side, s, words, there, places) for side in pair] == [0, 1]
            for s, words in enumerate(backing.wordings)
            for there in contests(words)
        )
        for pair in mine
    )


def _is(
    said: Wording,
    group: Sequence[int],
    s: int,
    words: Wording,
    there: Contest,
    places: Places,
) -> int | None:
    """0 when a name of the statement is who won there, 1 when it is who lost, else None."""
    spots = {p.token for p in places.get(group[0], ()) if p.sentence == s}
    for rank, side in enumerate(there):
        if spots & set(side) or any(
            said.tokens[i].text == words.tokens[j].text for i in group for j in side
        ):
            return rank
    return None
