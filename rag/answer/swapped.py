"""A question that swaps a part of the one before it: "what about Egypt?", "why?"."""

from __future__ import annotations

import re

from rag.answer import followup_words as words
from rag.answer.antecedents import Named, Past, Said, read
from rag.answer.pointing import Fragment, bare
from rag.answer.reworded import in_language
from rag.text import dates


def swapped(swap: Fragment, core: Said, before: Past, language: str) -> str:
    if not swap.x:
        return _other_wh(swap.wh, in_language(before.base, before.language, language))
    base = in_language(before.last, before.last_language, language)
    if before.last is not before.base and not _fits(swap, core, base):
        base = in_language(before.base, before.language, language)
    text = _other_x(swap, core, base)
    if swap.wh:
        text = _other_wh(swap.wh, read([text])[0])
    return text


def _fits(swap: Fragment, core: Said, base: Said) -> bool:
    """Whether a refused question has a place for the phrase: "in Doha" for its "in Paris"."""
    old = _like(swap, next(iter(core.names), None), base)
    led = base.text[: old[0]].split()[-1:] if old else []
    return old is not None and (not swap.prep or led == [swap.prep.lower()])


def _other_wh(wh: str, base: Said) -> str:
    """The question before with another question word: "Why did Blinken leave?"."""
    text = bare(base.text)
    if not wh:
        return text
    opening = words.OPENING.match(text)
    if opening is None:
        yes_no = words.YES_NO.match(text)
        if yes_no is None:
            inner = words.INNER_WH.search(text)
            return f"{wh} {text[: inner.start()] + text[inner.end() :] if inner else text}"
        keeps = yes_no["aux"].lower() in words.AUXILIARY
        return f"{wh} {text if keeps else yes_no['rest']}"
    keeps = bool(opening["yang"]) and wh.lower().startswith("siapa") and "yang" not in wh
    return f"{wh}{' yang' if keeps else ''}{opening['aux'] or ''} {opening['rest'].strip()}"


def _other_x(swap: Fragment, core: Said, base: Said) -> str:
    """The question before with another name, place or date in the place of its own."""
    text = bare(base.text)
    x = re.sub(r"\A(?:kota|negara|the city of) |['’]s\Z", "", swap.x, flags=re.IGNORECASE)
    if x.lower() in (n.text.lower() for n in base.names):
        return text
    known = next((n for n in core.names if n.text.lower() == x.lower()), None)
    shown = known.text if known else x
    old = _like(swap, known, base)
    if old is not None:
        start, end = old
        return text[:start] + shown + text[end:]
    if known is None and not swap.prep:
        noun = _like_noun(shown, text)
        if noun:
            return text[: noun[0]] + shown + text[noun[1] :]
    if swap.prep:
        return f"{text} {swap.prep} {shown}"
    return f"{text} {shown}" if dates.find(shown) else f"{text} ({shown})"


def _like(swap: Fragment, known: Named | None, base: Said) -> tuple[int, int] | None:
    """Where the question before names something of the same kind."""
    when = [m for m in dates.find(base.text) if m.end <= len(bare(base.text))]
    if dates.find(swap.x):
        return (when[-1].start, when[-1].end) if when else None
    kind = known.kind if known else None
    if kind is None and swap.prep.lower() in words.PLACE_PREPOSITIONS:
        kind = "place"
    same = [n for n in base.names if n.kind == kind]
    if not same and kind in ("place", "organisation") and not swap.prep:
        # "what did Hamas demand" and "what about Israel?": countries act as bodies do
        actors: tuple[str, str] = ("organisation", "place")
        same = [n for n in base.names if n.kind in actors]
    if not same and kind == "person":
        same = [n for n in base.names if n.kind == "organisation"]
    return (same[-1].start, same[-1].end) if same else None


def _like_noun(x: str, text: str) -> tuple[int, int] | None:
    """Where a question names its goods: "harga beras", for "bagaimana dengan jagung"."""
    match = re.search(r"\b(?:harga|price of|prices of|stok|impor|ekspor|produksi) (\w+)", text)
    return match.span(1) if match and len(x.split()) == 1 else None
