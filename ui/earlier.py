"""Conversations kept earlier: their list, a file to take along, forgetting. Knows no component."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.conversations import Summary
from rag.errors import BadSetting
from rag.export import as_html, as_markdown
from rag.text.days import written
from ui.chat import exactly
from ui.desk import Desk, Reader
from ui.render import esc

_LISTED = 200  # the newest; older ones are named by `kutip chat --list`

WORDS = {
    "en": {
        "earlier_title": "Conversations",
        "earlier_new": "New conversation",
        "earlier_none": "None is kept yet. What you ask is kept here, on this machine only.",
        "earlier_one": "1 question",
        "earlier_many": "{n} questions",
        "earlier_damaged": "part of it cannot be read",
        "earlier_untitled": "(cannot be read)",
        "earlier_more": "Export or forget",
        "earlier_markdown": "Save as Markdown",
        "earlier_html": "Save as a page (HTML)",
        "earlier_forget": "Forget…",
        "earlier_sure": "Forget it for good",
        "earlier_forgotten": "Forgotten.",
        "earlier_older": "and {n} older ones: kutip chat --list",
    },
    "id": {
        "earlier_title": "Percakapan",
        "earlier_new": "Percakapan baru",
        "earlier_none": "Belum ada yang tersimpan. Pertanyaan Anda disimpan di sini, hanya di"
        " komputer ini.",
        "earlier_one": "1 pertanyaan",
        "earlier_many": "{n} pertanyaan",
        "earlier_damaged": "sebagian tidak terbaca",
        "earlier_untitled": "(tidak terbaca)",
        "earlier_more": "Ekspor atau hapus",
        "earlier_markdown": "Simpan sebagai Markdown",
        "earlier_html": "Simpan sebagai halaman (HTML)",
        "earlier_forget": "Hapus…",
        "earlier_sure": "Hapus selamanya",
        "earlier_forgotten": "Sudah dihapus.",
        "earlier_older": "dan {n} yang lebih lama: kutip chat --list",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file for the reader to save."""

    name: str
    kind: str  # its media type
    text: str


def list_html(desk: Desk, current: str, *, reader: Reader) -> str:
    """The conversations kept so far, the newest first; raises `StoreError`.

    Readers of a read-only page are not shown what others asked.
    """
    words = WORDS[reader]
    kept = [] if desk.read_only else desk.kept.list()
    if not kept:
        return f'<p class="quiet">{esc(words["earlier_none"])}</p>' if not desk.read_only else ""
    rows = "".join(_row(summary, current, reader) for summary in kept[:_LISTED])
    more = len(kept) - _LISTED
    tail = f'<p class="quiet">{esc(words["earlier_older"].format(n=more))}</p>' if more > 0 else ""
    return f'<ul class="earlier">{rows}</ul>{tail}'


def _row(summary: Summary, current: str, reader: Reader) -> str:
    words = WORDS[reader]
    named = esc(summary.conversation_id)
    title = esc(summary.title or words["earlier_untitled"])
    count = words["earlier_one" if summary.turns == 1 else "earlier_many"].format(n=summary.turns)
    told = [written(summary.last.astimezone().date(), reader), count]
    told += [words["earlier_damaged"]] * (summary.damaged or bool(summary.problem))
    here = ' aria-current="true"' if summary.conversation_id == current else ""
    actions = "".join(
        f'<button type="button" data-do="export" data-id="{named}" data-form="{form}">'
        f"{esc(words[f'earlier_{name}'])}</button>"
        for form, name in (("md", "markdown"), ("html", "html"))
    )
    return (
        f'<li id="kept-{named}"{here}>'
        f'<button type="button" class="open" data-do="choose" data-id="{named}">'
        f'<span class="title">{title}</span><span class="quiet">{esc(" · ".join(told))}</span>'
        "</button>"
        f'<details class="more" id="more-{named}"><summary>{esc(words["earlier_more"])}</summary>'
        f"{actions}"
        f'<details id="forget-{named}"><summary>{esc(words["earlier_forget"])}</summary>'
        f'<button type="button" class="danger" data-do="forget" data-id="{named}">'
        f"{esc(words['earlier_sure'])}</button></details></details></li>"
    )


def export(desk: Desk, conversation_id: str, form: str) -> Export:
    """A conversation as a file, "md" or "html"; raises `NotFound` and `BadSetting`."""
    makers = {"md": (as_markdown, "text/markdown"), "html": (as_html, "text/html")}
    if form not in makers:
        raise BadSetting(f"a conversation cannot be exported as {form!r}", hint="It is md or html.")
    make, kind = makers[form]
    conversation = exactly(desk, conversation_id)
    return Export(
        name=f"kutip-{conversation.conversation_id}.{form}", kind=kind, text=make(conversation)
    )


def forget(desk: Desk, conversation_id: str, *, reader: Reader) -> Sequence[str]:
    """Delete a conversation for good; raises `ReadOnly` and `NotFound`. The ids that are gone."""
    desk.must_write(reader)
    return [desk.kept.forget(exactly(desk, conversation_id).conversation_id).conversation_id]
