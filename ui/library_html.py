"""The Library tab's own HTML: the table, what an addition is doing, one article's particulars.

Pure: records in, escaped HTML out. `rev` makes two values differ that show the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rag.exported import web_link
from rag.layout import one_line
from rag.schema import Entry, Metadata
from rag.text.days import written
from ui.adding import Item, Work
from ui.desk import Reader
from ui.library import Column, Details, Listing, Row, mark
from ui.library_words import WORDS
from ui.render import attributes, esc, link

_LINES = 200  # that were taken out of an article; more are counted
_LINE_CHARS = 400
_LANGUAGES = {
    "en": {"id": "Indonesian", "en": "English", "ms": "Malay", "jv": "Javanese"},
    "id": {"id": "Indonesia", "en": "Inggris", "ms": "Melayu", "jv": "Jawa"},
}
_HEADS: tuple[tuple[Column, str], ...] = (
    ("title", "title"),
    ("publisher", "publisher"),
    ("published", "published"),
    ("language", "language"),
    ("passages", "passages"),
    ("added", "added"),
)
_GLYPHS = {
    "queued": "·",
    "reading": "…",
    "embedding": "…",
    "added": "✓",
    "unchanged": "=",
    "updated": "↻",
    "listed": "≡",
    "failed": "✕",
    "undone": "–",
}


def table_html(listing: Listing, *, reader: Reader, may_write: bool, rev: str) -> str:
    """The rows of one page of the library, with its count and its pager."""
    words = WORDS[reader]
    parts = [f'<p class="lib-wrong" role="alert">{esc(text)}</p>' for text in listing.problems]
    parts.append(f'<p class="lib-count" role="status">{esc(_count(listing, reader))}</p>')
    if listing.rows:
        heads = "".join(_head(listing, column, word, reader) for column, word in _HEADS)
        rows = "".join(_row(row, reader) for row in listing.rows)
        parts.append(
            f'<table class="lib-table"><caption class="lib-unseen">'
            f"{esc(words['library_caption'])}</caption><thead><tr>{heads}"
            f'<th scope="col"><span class="lib-unseen">{esc(words["library_details"])}</span>'
            f"</th></tr></thead><tbody>{rows}</tbody></table>{_pager(listing, reader)}"
        )
    elif listing.total:
        parts.append(f'<p class="lib-quiet">{esc(words["library_none"])}</p>')
    else:
        empty = words["library_empty" if may_write else "library_empty_read_only"]
        parts.append(f'<p class="lib-quiet">{esc(empty)}</p>')
    return f'<div class="lib"{attributes({"data-rev": rev})}>{"".join(parts)}</div>'


def work_html(work: Work, *, reader: Reader, rev: str) -> str:
    """What has become of each file and address so far; nothing when nothing was given."""
    if not work.items and not work.note:
        return ""
    note = f'<p class="lib-note{" lib-wrong" * work.wrong}" role="status">{esc(work.note)}</p>'
    rows = "".join(_item(item, reader) for item in work.items)
    listed = f'<ul class="lib-work">{rows}</ul>' if rows else ""
    return f'<div class="lib"{attributes({"data-rev": rev})}>{note}{listed}</div>'


def details_html(details: Details, *, reader: Reader, may_write: bool, rev: str) -> str:
    """What is known of one article, and what was taken out of its text."""
    words, entry = WORDS[reader], details.entry
    article, metadata = entry.article, entry.article.metadata
    known = [
        ("publisher", _or_dash(metadata.publisher)),
        ("authors", esc(one_line(", ".join(metadata.authors)))),
        ("published", _published(metadata, reader)),
        ("modified", esc(written(metadata.modified, reader)) if metadata.modified else ""),
        ("language", esc(language_name(metadata.language, reader))),
        ("passages", f"{entry.passages:,}"),
        ("added", esc(written(entry.added_at.date(), reader))),
        ("address", link(metadata.url, metadata.url) if metadata.url else ""),
        ("sources", _listed(map(_source, entry.sources))),
        ("copies", _listed(_copy(row, reader) for row in details.copies)),
    ]
    pairs = "".join(
        f"<dt>{esc(words[f'library_{key}'])}</dt><dd>{value}</dd>" for key, value in known if value
    )
    return (
        f'<div class="lib lib-details"{attributes({"data-rev": rev})}>'
        f'<h2 class="lib-title">{esc(one_line(metadata.title))}</h2>'
        f"<p>{_button('article', words['library_open'], {'data-article': article.article_id})}</p>"
        f'<dl class="lib-known">{pairs}</dl>{_removed(entry, reader, may_write)}</div>'
    )


def said_html(text: str, *, wrong: bool, rev: str) -> str:
    """One line on what was done, or on what went wrong."""
    if not text:
        return ""
    role = "alert" if wrong else "status"
    kind = "lib-note lib-wrong" if wrong else "lib-note"
    told = f'<p class="{kind}" role="{role}">{esc(text)}</p>'
    return f'<div class="lib"{attributes({"data-rev": rev})}>{told}</div>'


def language_name(code: str | None, reader: Reader) -> str:
    """A language by its name, or by its code where that has none here; "" when not known.

    >>> language_name("id", "en"), language_name("fr", "id"), language_name(None, "en")
    ('Indonesian', 'FR', '')
    """
    return _LANGUAGES[reader].get(code, code.upper()) if code else ""


def _count(listing: Listing, reader: Reader) -> str:
    words = WORDS[reader]
    if listing.matched != listing.total:
        return words["library_count"].format(n=f"{listing.matched:,}", m=f"{listing.total:,}")
    if listing.total == 1:
        return words["library_count_one"]
    return words["library_count_all"].format(m=f"{listing.total:,}") if listing.total else ""


def _head(listing: Listing, column: Column, word: str, reader: Reader) -> str:
    words, wanted = WORDS[reader], listing.wanted
    name = words[f"library_{word}"]
    here = wanted.column == column
    order = ("descending" if wanted.down else "ascending") if here else None
    arrow = f'<span aria-hidden="true">{" ↓" if wanted.down else " ↑"}</span>' if here else ""
    head = attributes({"scope": "col", "class": f"lib-col-{column}", "aria-sort": order})
    button = attributes(
        {
            "type": "button",
            "class": "lib-sort",
            "data-do": "order",
            "data-column": column,
            "title": words["library_sort"].format(column=name),
        }
    )
    return f"<th{head}><button{button}>{esc(name)}{arrow}</button></th>"


def _row(row: Row, reader: Reader) -> str:
    words = WORDS[reader]
    title = one_line(row.title)
    opened = {"data-article": row.article_id}
    details = {**opened, "aria-label": words["library_details_of"].format(title=title)}
    cells = (
        ("publisher", _or_dash(row.publisher)),
        ("published", _day(row.published, row.inferred, reader)),
        ("language", esc(language_name(row.language, reader)) or "–"),
        ("passages", f"{row.passages:,}"),
        ("added", esc(row.added.date().isoformat())),
    )
    return (
        f'<tr><th scope="row">{_button("article", title, opened, kind="lib-open")}</th>'
        + "".join(
            f"<td{attributes({'class': f'lib-col-{key}', 'data-label': words[f'library_{key}']})}>"
            f"{value}</td>"
            for key, value in cells
        )
        + f"<td>{_button('choose', words['library_details'], details)}</td></tr>"
    )


def _pager(listing: Listing, reader: Reader) -> str:
    if listing.pages == 1:
        return ""
    words, page = WORDS[reader], listing.wanted.page

    def turn(key: str, to: int) -> str:
        values: dict[str, object] = {"data-page": to, "disabled": not 0 <= to < listing.pages}
        return _button("leaf", words[f"library_{key}"], values)

    where = words["library_page"].format(n=page + 1, m=listing.pages)
    return (
        f'<nav class="lib-pager" aria-label="{esc(where)}">{turn("before", page - 1)}'
        f"<span>{esc(where)}</span>{turn('after', page + 1)}</nav>"
    )


def _item(item: Item, reader: Reader) -> str:
    words = WORDS[reader]
    state = words[f"library_state_{item.state}"].format(n=f"{item.pages:,}")
    title = one_line(item.title or "")
    if item.article_id and title:
        told = _button("article", title, {"data-article": item.article_id}, kind="lib-open")
    else:
        told = esc(title)
    why = " ".join(filter(None, (_sentence(item.why), _sentence(item.hint))))
    return (
        f'<li class="lib-item" data-state="{item.state}">'
        f'<span class="lib-glyph" aria-hidden="true">{_GLYPHS[item.state]}</span>'
        f'<span class="lib-name">{esc(one_line(item.name))}</span>'
        f'<span class="lib-state">{esc(state)}</span>'
        + (f'<span class="lib-told">{told}</span>' if told else "")
        + (f'<span class="lib-why">{esc(one_line(why))}</span>' if why else "")
        + "</li>"
    )


def _removed(entry: Entry, reader: Reader, may_write: bool) -> str:
    words, removed = WORDS[reader], entry.article.removed
    if not removed:
        return f'<p class="lib-quiet">{esc(words["library_nothing_removed"])}</p>'
    lines = "".join(
        f"<li><span>{esc(_cut(line))}</span>{_back(entry, line, reader) if may_write else ''}</li>"
        for line in removed[:_LINES]
    )
    if len(removed) > _LINES:
        more = words["library_removed_more"].format(n=f"{len(removed) - _LINES:,}")
        lines += f"<li>{esc(more)}</li>"
    every = {"data-article": entry.article.article_id, "data-line": "*"}
    all_of_it = _button("restore", words["library_put_all_back"], every) if may_write else ""
    head = words["library_removed"].format(n=f"{len(removed):,}")
    return (
        f'<details class="lib-removed"><summary>{esc(head)}</summary>'
        f'<p class="lib-quiet">{esc(words["library_removed_why"])}</p>'
        f"<ul>{lines}</ul>{all_of_it}</details>"
    )


def _back(entry: Entry, line: str, reader: Reader) -> str:
    words = WORDS[reader]
    values = {
        "data-article": entry.article.article_id,
        "data-line": mark(line),
        "aria-label": words["library_put_back_of"].format(line=_cut(line)[:80]),
    }
    return _button("restore", words["library_put_back"], values)


def _published(metadata: Metadata, reader: Reader) -> str:
    words = WORDS[reader]
    told = _day(metadata.published, metadata.published_basis == "inferred", reader)
    why = {"inferred": "library_inferred", "edited": "library_edited"}.get(
        metadata.published_basis or ""
    )
    return f'{told} <span class="lib-quiet">({esc(words[why])})</span>' if why else told


def _day(day: date | None, inferred: bool, reader: Reader) -> str:
    words = WORDS[reader]
    if day is None:
        return f'<span class="lib-quiet">{esc(words["library_undated"])}</span>'
    title = words["library_inferred"] if inferred else None
    told = f"~ {written(day, reader)}" if inferred else written(day, reader)
    return f"<span{attributes({'title': title})}>{esc(told)}</span>"


def _copy(row: Row, reader: Reader) -> str:
    parts = (row.publisher, row.title, written(row.published, reader) if row.published else None)
    named = " · ".join(one_line(part) for part in parts if part)
    return _button("choose", named, {"data-article": row.article_id}, kind="lib-open")


def _source(source: str) -> str:
    source = one_line(source)
    return link(source, source) if web_link(source) else esc(source)


def _listed(items: Iterable[str]) -> str:
    made = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{made}</ul>" if made else ""


def _button(do: str, label: str, values: dict[str, object] | dict[str, str], kind: str = "") -> str:
    told = attributes(
        {"type": "button", "class": f"lib-do {kind}".strip(), "data-do": do, **values}
    )
    return f"<button{told}>{esc(label)}</button>"


def _or_dash(text: str | None) -> str:
    return esc(one_line(text)) if text else "–"


def _cut(line: str) -> str:
    line = one_line(line)
    return line if len(line) <= _LINE_CHARS else line[:_LINE_CHARS] + "…"


def _sentence(text: str) -> str:
    """The text with a full stop; its first letter may be that of a name."""
    text = text.strip()
    if not text:
        return ""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
