"""The sources of an answer as HTML: a card for each passage it cites, lines for the others."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.exported import Source, sources
from rag.layout import one_line
from rag.located import in_quote
from rag.reference import reference
from rag.schema import Answer, AnswerSpan, Citation, Hit, Metadata
from rag.text.days import written
from ui.desk import Reader
from ui.render import attributes, esc, link
from ui.shown import Standing

WORDS = {
    "en": {
        "cards_no_date": "no date",
        "cards_inferred": "inferred: the article does not state it",
        "cards_edited": "corrected by hand",
        "cards_modified": "updated {day}",
        "cards_in_article": "In the article",
        "cards_copy": "Copy as reference",
        "cards_whole": "Whole passage",
        "cards_back": "Back to the answer",
        "cards_changed": "The article has changed since this answer was written.",
        "cards_gone": "The article is no longer in the library.",
        "cards_number": "Source {n}",
        "cards_closest": "Closest passage, which does not answer",
    },
    "id": {
        "cards_no_date": "tanpa tanggal",
        "cards_inferred": "perkiraan: tidak tertulis di artikelnya",
        "cards_edited": "dikoreksi dengan tangan",
        "cards_modified": "diperbarui {day}",
        "cards_in_article": "Di artikelnya",
        "cards_copy": "Salin sebagai rujukan",
        "cards_whole": "Seluruh bagian",
        "cards_back": "Kembali ke jawaban",
        "cards_changed": "Artikelnya telah berubah sejak jawaban ini ditulis.",
        "cards_gone": "Artikelnya sudah tidak ada di perpustakaan.",
        "cards_number": "Sumber {n}",
        "cards_closest": "Bagian yang paling dekat, tetapi tidak menjawab",
    },
}

_NEAR = 180  # characters of a passage that are shown on each side of the evidence
_OPENING = 360  # of a passage without any
_GAP = re.compile(r"\s+")


def cards_html(answer: Answer, *, turn: int, standing: dict[str, Standing], reader: Reader) -> str:
    """A card for each passage that the answer cites, by their numbers."""
    made = []
    for source in sources(answer, reader):
        cited = [c for c in answer.citations if c.marker == source.marker]
        cited.sort(key=lambda citation: (citation.start, citation.end))
        became = standing.get(cited[0].passage.article_id)
        made.append(
            card_html(
                turn,
                source.marker,
                cited,
                source=source,
                span=answer.answer_span,
                standing=became,
                reader=reader,
            )
        )
    return "".join(made)


def card_html(
    turn: int,
    marker: int,
    citations: Sequence[Citation],
    *,
    source: Source,
    span: AnswerSpan | None = None,
    standing: Standing | None = None,
    reader: Reader = "en",
) -> str:
    """The card of one cited passage, its evidence marked; `citations` by their places, not none.

    `source` is what `rag.exported.sources` tells of it; `span` the words that answer, which
    have a look of their own in the evidence; `standing` what became of the article.
    """
    words = WORDS[reader]
    first = citations[0]
    named = f"src-{turn}-{marker}"
    whole = _whole(named, source.runs, reader)
    lit = span if any(in_quote(span, citation) for citation in citations) else None
    passage = _runs_html(source.runs, first.passage.start, lit)
    remarks = "".join(f'<p class="remark">{esc(remark)}</p>' for remark in source.remarks)
    became = f'<p class="standing">{esc(words[f"cards_{standing}"])}</p>' if standing else ""
    buttons = [] if standing == "gone" else [_opener(first, turn, reader)]
    # One reference for all the evidence of the passage: each quote of its own, then the origin.
    told = "\n\n".join(
        dict.fromkeys(reference(citation, language=reader) for citation in citations)
    )
    copied = {"type": "button", "class": "act", "data-copy": told}
    buttons.append(f"<button{attributes(copied)}>{esc(words['cards_copy'])}</button>")
    back = {"class": "back", "href": f"#turn-{turn}", "data-card": named}
    buttons.append(f"<a{attributes(back)}>{esc(words['cards_back'])}</a>")
    card = {
        "class": "src",
        "id": named,
        "tabindex": "-1",
        "aria-label": words["cards_number"].format(n=marker),
        "data-standing": standing,
    }
    return (
        f"<article{attributes(card)}>"
        f'<div class="number" aria-hidden="true">{marker}</div>'
        f"{_origin(source.metadata, reader)}{became}"
        f'<blockquote class="passage">{passage}</blockquote>{whole}'
        f"{remarks}{_where(source.metadata)}"
        f'<div class="actions">{"".join(buttons)}</div></article>'
    )


def closest_html(turn: int, hit: Hit, *, quote: str = "", reader: Reader) -> str:
    """The card of the passage that came closest to a question that the articles do not answer.

    `quote` is the sentence of it that came closest, where that is known.
    """
    words = WORDS[reader]
    named = f"closest-{turn}"
    before, _, after = hit.passage.text.partition(quote) if quote else (hit.passage.text, "", "")
    runs = ((before, False), (quote, True), (after, False)) if quote else ((before, False),)
    card = {"class": "src closest", "id": named, "tabindex": "-1"}
    return (
        f"<article{attributes(card)}>"
        f'<p class="label">{esc(words["cards_closest"])}</p>'
        f"{_origin(hit.passage.metadata, reader)}"
        f'<blockquote class="passage">{_runs_html(runs)}</blockquote>'
        f"{_whole(named, runs, reader)}{_where(hit.passage.metadata)}"
        f'<div class="actions">{passage_opener(hit, reader)}</div></article>'
    )


def passage_opener(hit: Hit, reader: Reader) -> str:
    """A button that opens the article at a passage."""
    opens = {
        "type": "button",
        "class": "act",
        "data-do": "article",
        "data-article": hit.passage.article_id,
        "data-start": hit.passage.start,
        "data-end": hit.passage.end,
    }
    return f"<button{attributes(opens)}>{esc(WORDS[reader]['cards_in_article'])}</button>"


def dated_html(metadata: Metadata, reader: Reader) -> str:
    """The day of an article, with how it is known where the article does not simply state it."""
    words = WORDS[reader]
    if metadata.published is None:
        return f'<span class="dated none">{esc(words["cards_no_date"])}</span>'
    inferred = metadata.published_basis == "inferred"
    day = ("~" if inferred else "") + written(metadata.published, reader)
    told = f"<time{attributes({'datetime': metadata.published.isoformat()})}>{esc(day)}</time>"
    how = ""
    if metadata.published_basis in ("inferred", "edited"):
        how = f' <span class="basis">({esc(words[f"cards_{metadata.published_basis}"])})</span>'
    if metadata.modified and metadata.modified != metadata.published:
        changed = words["cards_modified"].format(day=written(metadata.modified, reader))
        how += f' <span class="basis">· {esc(changed)}</span>'
    return f'<span class="dated">{told}{how}</span>'


def head_html(metadata: Metadata, reader: Reader) -> str:
    """Publisher, title and day on one line, for a list."""
    publisher = one_line(metadata.publisher or "")
    from_whom = f'<span class="publisher">{esc(publisher)}</span> · ' if publisher else ""
    title = f'<span class="title">{esc(one_line(metadata.title))}</span>'
    return f"{from_whom}{title} · {dated_html(metadata, reader)}"


# The parts of a card -------------------------------------------------------------------------


def _origin(metadata: Metadata, reader: Reader) -> str:
    publisher = one_line(metadata.publisher or "")
    from_whom = f'<span class="publisher">{esc(publisher)}</span> · ' if publisher else ""
    authors = ", ".join(filter(None, map(one_line, metadata.authors)))
    by = f'<p class="by">{esc(authors)}</p>' if authors else ""
    return (
        f'<p class="from">{from_whom}{dated_html(metadata, reader)}</p>'
        f'<h4 class="title">{esc(one_line(metadata.title))}</h4>{by}'
    )


def _where(metadata: Metadata) -> str:
    """The address as a link, or the name of the file without its folders."""
    if metadata.url and (told := link(metadata.url, one_line(metadata.url))).startswith("<a"):
        return f'<p class="where">{told}</p>'
    name = re.split(r"[/\\]", one_line(metadata.source).rstrip("/\\"))[-1]
    return f'<p class="where">{esc(name)}</p>' if name else ""


def _opener(citation: Citation, turn: int, reader: Reader) -> str:
    opens = {
        "type": "button",
        "class": "act",
        "data-do": "article",
        "data-article": citation.passage.article_id,
        "data-start": citation.start,
        "data-end": citation.end,
        "data-turn": turn,
        "data-marker": citation.marker,
    }
    return f"<button{attributes(opens)}>{esc(WORDS[reader]['cards_in_article'])}</button>"


def _runs_html(
    runs: Sequence[tuple[str, bool]], begin: int = 0, lit: AnswerSpan | None = None
) -> str:
    """The passage, which begins at `begin` of its article, evidence marked, `lit` set off in it.

    What is far from any is there, but folded away.
    """
    made = []
    at = begin
    alone = not any(marked for _, marked in runs)
    marks = 0
    for number, (text, marked) in enumerate(runs):
        start, at = at, at + len(text)
        if marked:
            place = {"data-place": marks, "data-start": start, "data-end": at}
            made.append(f"<mark{attributes(place)}>{_set_off(text, start, lit)}</mark>")
            marks += 1
            continue
        before = _OPENING if alone else _NEAR if number else 0
        after = _NEAR if not alone and number + 1 < len(runs) else 0
        left, right = _far(text, before, after)
        far = text[left:right]
        folded = (
            f'<span class="far">{esc(far)}</span><span class="gap" aria-hidden="true"> … </span>'
            if far.strip()
            else esc(far)
        )
        made.append(esc(text[:left]) + folded + esc(text[right:]))
    return "".join(made)


def _set_off(text: str, start: int, lit: AnswerSpan | None) -> str:
    """A run of evidence that begins at `start` of the article, `lit` of it in bold."""
    if lit is None or not start <= lit.start < lit.end:
        return esc(text)
    first, last = lit.start - start, lit.end - start
    if text[first:last] != lit.text:  # the passage is not the one it was
        return esc(text)
    words = f'<strong class="answer-span">{esc(lit.text)}</strong>'
    return f"{esc(text[:first])}{words}{esc(text[last:])}"


def _far(text: str, before: int, after: int) -> tuple[int, int]:
    """The stretch of whole words that is further in than so many characters from each end."""
    if len(text) <= before + after + 40:
        return 0, 0
    # Both ends are moved outwards to a gap between words.
    left = _GAP.search(text, before) if before else None
    start = left.end() if left else len(text) if before else 0
    gaps = list(_GAP.finditer(text, max(start, len(text) - after - 40))) if after else []
    near = [gap.end() for gap in gaps if gap.end() >= len(text) - after]
    end = (near[0] if near else len(text)) if after else len(text)
    return start, max(start, end)


def _whole(named: str, runs: Sequence[tuple[str, bool]], reader: Reader) -> str:
    """A button that unfolds the passage, where something of it is folded away."""
    if 'class="far"' not in _runs_html(runs):
        return ""
    unfolds = {
        "type": "button",
        "class": "act whole",
        "data-unfold": named,
        "aria-expanded": "false",
    }
    return f"<button{attributes(unfolds)}>{esc(WORDS[reader]['cards_whole'])}</button>"
