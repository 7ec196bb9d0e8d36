"""A question that swaps a part of the one before it: "what about Egypt?", "why?"."""

from __future__ import annotations

import re

from rag.answer.followup import words
from rag.answer.followup.antecedents import Named, Past, Said, read
from rag.answer.followup.pointing import Fragment, bare
from rag.answer.followup.reworded import in_language
from rag.text import dates, glossary


def swapped(swap: Fragment, core: Said, before: Past, language: str) -> str:
    """The last question, refused or not, with the part that was asked anew."""
    base = in_language(before.base, before.language, language)
    if swap.x:
        base = read([_other_x(swap, core, base), base.text])[0]
    return _other_wh(swap.wh, base, language) if swap.wh or not swap.x else base.text


def _other_wh(wh: str, base: Said, language: str) -> str:
    """The question before with another question word: "Why did Blinken leave?"."""
    text = bare(base.text)
    if not wh:
        return text
    opening = words.OPENING.match(text)
    if opening is None:
        yes_no = words.YES_NO.match(text)
        if yes_no is None:
            inner = words.INNER_WH.search(text)
            rest = text[: inner.start()] + text[inner.end() :] if inner else text
            return f"{wh} {rest}" if language == "id" else f"{wh}: {rest}"
        keeps = yes_no["aux"].lower() in words.AUXILIARY
        return f"{wh} {text[:1].lower() + text[1:] if keeps else yes_no['rest']}"
    rest = opening["rest"].strip(" :,")
    if language == "id":
        return f"{wh} {_rest_id(wh, rest, opening)}"
    if wh.lower().startswith("who"):
        return f"{wh}{opening['aux'] or ''} {rest}"
    aux = (opening["aux"] or "").strip()
    if aux and not _leaves_subject_out(opening["wh"], rest):
        return f"{wh} {aux} {rest}"
    return f"{wh}: {rest}"  # "met Blinken" has no subject to put the verb after


def _leaves_subject_out(wh: str, rest: str) -> bool:
    """Whether the subject was in the question word: "How many were injured?", "Who was hurt?"."""
    first = rest.split()[0].lower() if rest else ""
    if not re.match(r"how (?:many|much)|who\b|what\b|which\b", wh, re.IGNORECASE):
        return False
    load = glossary.load()
    pos = {load.concept(c).pos for c in load.concepts_of(first, "en")}
    return first.endswith(("ed", "ing")) or first in words.AFTER_NOUN or pos == {"verb"}


def _rest_id(wh: str, rest: str, opening: re.Match[str]) -> str:
    """What stands after another Indonesian question word: "kereta berhenti" of "berapa"."""
    low = wh.lower()
    who = bool(re.match(r"(?:\w+ )?siapa", low))
    if who:
        return f"yang {rest}" if opening["yang"] and "yang" not in low else rest
    spoken = re.match(r"kata (.+?)(?P<of> (?:soal|tentang|mengenai) .+)?\Z", rest, re.IGNORECASE)
    if spoken:
        return f"{spoken[1]} berkata{spoken['of'] or ''}"
    if re.match(r"berapa", opening["wh"].strip(), re.IGNORECASE) and "berapa" not in low:
        return rest.replace(" yang ", " ", 1)
    return rest


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
        again = re.search(rf" {swap.prep} (?:the )?[A-Z]\w*(?: [A-Z]\w*)*\Z", text)
        return f"{text[: again.start()] if again else text} {swap.prep} {shown}"
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
    if known is None and not same and not swap.prep and swap.x[:1].isupper():
        same = [n for n in base.names if n.kind != "place"]  # "And Harrow?"
    if not same and swap.prep:
        led = re.compile(rf"\b{re.escape(swap.prep)} (?:the )?\Z", re.IGNORECASE)
        same = [n for n in base.names if led.search(base.text[: n.start])]
    if not same and kind in ("place", "organisation") and not swap.prep:
        # "what did Hamas demand" and "what about Israel?": countries act as bodies do
        actors: tuple[str, str] = ("organisation", "place")
        same = [n for n in base.names if n.kind in actors]
    if not same and kind in ("person", "organisation"):
        other = "organisation" if kind == "person" else "person"
        same = [n for n in base.names if n.kind == other]
    return (same[-1].start, same[-1].end) if same else None


def _like_noun(x: str, text: str) -> tuple[int, int] | None:
    """Where a question names its goods: "harga beras", for "bagaimana dengan jagung"."""
    match = re.search(
        r"\b(?:harga|price of|prices of|stok|impor|ekspor|produksi) "
        r"(\w+(?: (?!(?:di|in|at|on|pada|per|naik|turun|hari|tahun|bulan|saat|now)\b)\w+)?)",
        text,
        re.IGNORECASE,
    )
    return match.span(1) if match and len(x.split()) < 4 else None
