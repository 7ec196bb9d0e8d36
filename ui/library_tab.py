# Gradio finds a request or an event among a handler's arguments by the type it evaluates, so
# annotations here are not put off, and handlers stand where gradio has been imported.
"""The Library tab: its components and what each calls. What is done stands in the other modules."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rag.errors import KutipError
from ui import assets, library_words, reading, trouble
from ui.adding import Adding, Work
from ui.desk import Desk, Reader, reader_of
from ui.library import Details, Listing, Shelf, Wanted, sorted_by
from ui.library_html import details_html, language_name, said_html, table_html, work_html
from ui.library_words import WORDS

if TYPE_CHECKING:
    import gradio as gr
    from gradio.data_classes import FileData

ALL_WORDS = (library_words.WORDS,)
Say = Callable[[str], Any]

_ADDS = 24  # additions that a server keeps in hand; one is done at a time
_EVENTS = assets.ON_LOAD + " // 'article' 'choose' 'order' 'leaf' 'restore'"


def _show(element: str) -> str:
    """Script that brings an element into view, once the page has it."""
    return f"""() => {{ setTimeout(() => {{
  const it = document.getElementById('{element}');
  if (it) it.scrollIntoView({{block: 'nearest'}});
}}, 120); return []; }}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryTab:
    """What the rest of the page needs of the tab."""

    changed: "gr.State"  # another value whenever the library was changed through this tab
    load: tuple[Callable[..., Any], list[Any], list[Any]]  # brings the table up to date


def library_tab(desk: Desk, say: Say, *, reader_holder: "gr.HTML") -> LibraryTab:
    """The tab's components, within the tab that is being built."""
    import gradio as gr

    shelf, adding = Shelf(desk), Adding(desk)
    may_write = not desk.read_only
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    order = gr.State(Wanted())  # column, direction and page; what is searched for is in fields
    chosen = gr.State("")  # the id of the article in the panel
    changed = gr.State("")

    # Adding

    with (
        gr.Accordion(say("library_add"), visible=may_write, elem_id="lib-add"),
        gr.Column(elem_classes="lib-give") as give,
    ):
        with gr.Row():
            with gr.Column(min_width=260):
                files = gr.File(
                    file_count="multiple",
                    label=say("library_files"),
                    height=150,
                    elem_id="lib-files",
                )
                folder = gr.UploadButton(
                    say("library_folder"), file_count="directory", size="sm", elem_id="lib-folder"
                )
            with gr.Column(min_width=260):
                addresses = gr.Textbox(
                    label=say("library_addresses"),
                    placeholder="https://",
                    lines=5,
                    max_lines=12,
                    elem_id="lib-addresses",
                )
                fetch = gr.Button(say("library_add_addresses"), size="sm", elem_id="lib-fetch")
        with gr.Accordion(say("library_paste"), open=False, elem_id="lib-paste"):
            pasted = gr.Textbox(
                label=say("library_text"), lines=6, max_lines=16, elem_id="lib-text"
            )
            with gr.Row():
                pasted_title = gr.Textbox(label=say("library_title"), min_width=200)
                pasted_publisher = gr.Textbox(label=say("library_publisher"), min_width=140)
                pasted_day = gr.Textbox(label=say("library_date"), min_width=140)
            take = gr.Button(say("library_add_text"), size="sm", elem_id="lib-take")
    for box in (files, folder):
        # Gradio's own makes an empty file for each that comes, and leaves it.
        box._process_single_file = _path_of  # type: ignore[method-assign,assignment]
    work = gr.HTML(
        elem_id="lib-work", js_on_load=_EVENTS, apply_default_css=False, visible=may_write
    )
    stop = gr.Button(say("library_stop"), visible=False, size="sm", elem_id="lib-stop")

    # Looking

    with gr.Row(elem_id="lib-filters"):
        query = gr.Textbox(
            label=say("library_search"), scale=4, min_width=220, max_length=300, elem_id="lib-query"
        )
        # A value that is gone with its article must not be an error.
        publisher = gr.Dropdown(
            label=say("library_publisher"),
            value="",
            choices=[("", "")],
            allow_custom_value=True,
            min_width=150,
        )
        language = gr.Dropdown(
            label=say("library_language"),
            value="",
            choices=[("", "")],
            allow_custom_value=True,
            min_width=110,
        )
        since = gr.Textbox(
            label=say("library_since"),
            placeholder=say("library_day_hint"),
            min_width=110,
            max_length=20,
            elem_id="lib-since",
        )
        until = gr.Textbox(
            label=say("library_until"),
            placeholder=say("library_day_hint"),
            min_width=110,
            max_length=20,
            elem_id="lib-until",
        )
    said = gr.HTML(elem_id="lib-said", js_on_load=None, apply_default_css=False)
    with gr.Row(elem_id="lib-shelf"):
        table = gr.HTML(
            elem_id="lib-table", js_on_load=_EVENTS, apply_default_css=False, min_width=280
        )
        with gr.Column(visible=False, elem_id="lib-details", min_width=280) as panel:
            about = gr.HTML(elem_id="lib-about", js_on_load=_EVENTS, apply_default_css=False)
            with gr.Accordion(
                say("library_correct"), visible=may_write, open=False, elem_id="lib-correct"
            ):
                title = gr.Textbox(label=say("library_title"), elem_id="lib-title")
                by = gr.Textbox(label=say("library_publisher"), elem_id="lib-by")
                day = gr.Textbox(
                    label=say("library_date"),
                    placeholder=say("library_day_hint"),
                    elem_id="lib-day",
                )
                save = gr.Button(
                    say("library_save"), variant="primary", size="sm", elem_id="lib-save"
                )
            with gr.Row():
                delete = gr.Button(
                    say("library_delete"), size="sm", visible=may_write, elem_id="lib-delete"
                )
                close = gr.Button(say("library_close"), size="sm", elem_id="lib-close")
            with gr.Column(visible=False, elem_id="lib-sure") as sure:
                question = gr.HTML(js_on_load=None, apply_default_css=False)
                with gr.Row():
                    yes = gr.Button(
                        say("library_delete_yes"), variant="stop", size="sm", elem_id="lib-yes"
                    )
                    no = gr.Button(say("library_cancel"), size="sm", elem_id="lib-no")

    # The table

    fields = [query, publisher, language, since, until]
    shown = [table, publisher, language, order]

    def placed(listing: Listing, reader: Reader) -> list[Any]:
        words = WORDS[reader]
        every = (words["library_any"], "")
        languages = [(language_name(code, reader), code) for code in listing.languages]
        return [
            table_html(listing, reader=reader, may_write=may_write, rev=_rev()),
            gr.update(choices=[every, *((name, name) for name in listing.publishers)]),
            gr.update(choices=[every, *languages]),
            listing.wanted,
        ]

    async def listed(
        query: str, publisher: Any, language: Any, since: str, until: str, wanted: Any, headers: Any
    ) -> list[Any]:
        """The table for what stands in the fields, in an order and on a page."""
        reader = reader_of(headers)
        asked = replace(
            wanted if isinstance(wanted, Wanted) else Wanted(),
            query=_text(query),
            publisher=_text(publisher),
            language=_text(language),
            since=_text(since),
            until=_text(until),
        )
        work: Awaitable[Listing | str] = asyncio.to_thread(shelf.listing, asked, reader=reader)
        found = await trouble.safely(work, str, reader)
        if isinstance(found, str):
            return [said_html(found, wrong=True, rev=_rev()), *[gr.skip()] * 3]
        return placed(found, reader)

    async def fresh(
        q: str, p: Any, g: Any, a: str, z: str, wanted: Any, request: gr.Request
    ) -> list[Any]:
        return await listed(q, p, g, a, z, wanted, request.headers)

    async def filtered(
        q: str, p: Any, g: Any, a: str, z: str, wanted: Any, request: gr.Request
    ) -> list[Any]:
        return await listed(q, p, g, a, z, _first(wanted), request.headers)

    async def ordered(
        q: str,
        p: Any,
        g: Any,
        a: str,
        z: str,
        wanted: Any,
        event: gr.EventData,
        request: gr.Request,
    ) -> list[Any]:
        column = str(_data(event).get("column", ""))
        asked = sorted_by(wanted if isinstance(wanted, Wanted) else Wanted(), column)
        return await listed(q, p, g, a, z, asked, request.headers)

    async def turned(
        q: str,
        p: Any,
        g: Any,
        a: str,
        z: str,
        wanted: Any,
        event: gr.EventData,
        request: gr.Request,
    ) -> list[Any]:
        asked = replace(_first(wanted), page=_number(_data(event).get("page")))
        return await listed(q, p, g, a, z, asked, request.headers)

    load = (fresh, [*fields, order], shown)
    again: dict[str, Any] = {"fn": fresh, "inputs": [*fields, order], "outputs": shown, **quiet}
    gr.on(
        [query.change, since.change, until.change],
        filtered,
        [*fields, order],
        shown,
        queue=False,
        trigger_mode="always_last",
        **quiet,
    )
    gr.on(
        [publisher.input, language.input], filtered, [*fields, order], shown, queue=False, **quiet
    )
    table.order(ordered, [*fields, order], shown, queue=False, **quiet)
    table.leaf(turned, [*fields, order], shown, queue=False, **quiet)

    # The whole article

    async def in_reader(event: gr.EventData, request: gr.Request) -> Any:
        reader = reader_of(request.headers)
        work = asyncio.to_thread(reading.article, desk, _data(event), reader=reader)
        return await trouble.safely(work, lambda text: reading.missing(text, reader), reader)

    # An event of our own HTML cannot be given to `gr.on`.
    for part in (table, about, work):
        part.article(in_reader, None, [reader_holder], queue=False, **quiet)

    # One article

    face = [chosen, panel, about, title, by, day, sure, said]

    def opened(details: Details, reader: Reader, told: str = "") -> list[Any]:
        metadata = details.entry.article.metadata
        words = WORDS[reader]
        inferred = metadata.published_basis == "inferred" and metadata.published
        hint = (
            words["library_date_inferred"].format(day=inferred.isoformat())
            if inferred
            else words["library_day_hint"]
        )
        stated = metadata.published if not inferred else None
        return [
            details.entry.article.article_id,
            gr.update(visible=True),
            details_html(details, reader=reader, may_write=may_write, rev=_rev()),
            metadata.title,
            metadata.publisher or "",
            gr.update(value=stated.isoformat() if stated else "", placeholder=hint),
            gr.update(visible=False),
            said_html(told, wrong=False, rev=_rev()),
        ]

    def closed(told: str = "", *, wrong: bool = False) -> list[Any]:
        return [
            "",
            gr.update(visible=False),
            "",
            *[""] * 3,
            gr.update(visible=False),
            said_html(told, wrong=wrong, rev=_rev()),
        ]

    def complained(told: str) -> list[Any]:
        """The panel as it is, and what went wrong."""
        return [*[gr.skip()] * 7, said_html(told, wrong=True, rev=_rev())]

    async def looked_at(article_id: str, reader: Reader, told: str = "") -> list[Any]:
        """The panel of an article, or that it is gone."""
        work: Awaitable[Details | str] = asyncio.to_thread(shelf.details, article_id, reader=reader)
        found = await trouble.safely(work, str, reader)
        if isinstance(found, str):
            return closed(found, wrong=True)
        return opened(found, reader, told)

    async def chose(event: gr.EventData, request: gr.Request) -> list[Any]:
        return await looked_at(_text(_data(event).get("article")), reader_of(request.headers))

    for part in (table, about):
        part.choose(chose, None, face, queue=False, **quiet).then(
            None, None, None, js=_show("lib-details"), **quiet
        )

    async def put_away() -> list[Any]:
        return closed()

    close.click(put_away, None, face, queue=False, **quiet)

    # Changing it

    async def saved(
        article_id: str, title: str, by: str, day: str, request: gr.Request
    ) -> list[Any]:
        reader = reader_of(request.headers)

        def work() -> str:
            return shelf.correct(
                _text(article_id),
                title=_text(title),
                publisher=_text(by),
                published=_text(day),
                reader=reader,
            )

        return await changing(work, _text(article_id), reader)

    async def restored(event: gr.EventData, request: gr.Request) -> list[Any]:
        reader, data = reader_of(request.headers), _data(event)
        article_id, line = _text(data.get("article")), _text(data.get("line"))
        made = await attempted(lambda: shelf.put_back(article_id, line, reader=reader), reader)
        if isinstance(made, _Trouble):
            return [*complained(made.told), gr.skip()]
        done = WORDS[reader]["library_put_back_done"]
        return [*await looked_at(made, reader, done), _rev()]

    async def changing(work: Callable[[], str], article_id: str, reader: Reader) -> list[Any]:
        """The panel after a change that tells what it did."""
        made = await attempted(work, reader)
        if isinstance(made, _Trouble):
            return [*complained(made.told), gr.skip()]
        return [*await looked_at(article_id, reader, made), _rev()]

    async def attempted(work: Callable[[], str], reader: Reader) -> "str | _Trouble":
        return await trouble.safely(asyncio.to_thread(work), _Trouble, reader)

    async def doubted(article_id: str, request: gr.Request) -> list[Any]:
        """Ask whether the article is really to be deleted."""
        reader = reader_of(request.headers)

        def title_of() -> Details:
            desk.must_write(reader)
            return shelf.details(_text(article_id), reader=reader)

        work: Awaitable[Details | str] = asyncio.to_thread(title_of)
        found = await trouble.safely(work, str, reader)
        if isinstance(found, str):
            return [gr.update(visible=False), "", said_html(found, wrong=True, rev=_rev())]
        named = found.entry.article.metadata.title
        told = WORDS[reader]["library_delete_sure"].format(title=named)
        return [gr.update(visible=True), said_html(told, wrong=False, rev=_rev()), ""]

    async def deleted(article_id: str, request: gr.Request) -> list[Any]:
        reader = reader_of(request.headers)
        made = await attempted(lambda: shelf.delete(_text(article_id), reader=reader), reader)
        if isinstance(made, _Trouble):
            return [*closed(made.told, wrong=True), gr.skip()]
        return [*closed(made), _rev()]

    async def kept() -> Any:
        return gr.update(visible=False)

    one_by_one: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "library", **quiet}
    to_said: dict[str, Any] = {"fn": None, "js": _show("lib-said"), **quiet}
    save.click(saved, [chosen, title, by, day], [*face, changed], **one_by_one).then(
        **again, queue=False
    ).then(**to_said)
    about.restore(restored, None, [*face, changed], **one_by_one).then(**again, queue=False).then(
        **to_said
    )
    delete.click(doubted, [chosen], [sure, question, said], queue=False, **quiet).then(
        None, None, None, js=_show("lib-sure"), **quiet
    )
    no.click(kept, None, [sure], queue=False, **quiet)
    yes.click(deleted, [chosen], [*face, changed], **one_by_one).then(**again, queue=False).then(
        **to_said
    )

    # Adding

    progress = [give, work, stop, files, folder, changed]

    def progressed(now: Work, reader: Reader) -> list[Any]:
        return [
            gr.update(visible=not now.running),
            work_html(now, reader=reader, rev=_rev()),
            gr.update(visible=now.running),
            None,
            gr.skip(),
            _rev() if now.changed and not now.running else gr.skip(),
        ]

    def broken(told: str) -> Work:
        return Work(note=told, wrong=True, running=False)

    async def given_files(paths: Any, request: gr.Request) -> AsyncIterator[list[Any]]:
        if not paths:
            return
        reader = reader_of(request.headers)
        try:
            known = await asyncio.to_thread(shelf.titles)
        except KutipError:  # the addition itself will say so
            known = {}
        work = adding.files(_session(request), list(paths), reader=reader, known=known)
        async for now in trouble.all_safely(work, broken, reader):
            yield progressed(now, reader)

    async def given_addresses(text: str, request: gr.Request) -> AsyncIterator[list[Any]]:
        reader = reader_of(request.headers)
        work = adding.addresses(_session(request), _text(text), reader=reader)
        async for now in trouble.all_safely(work, broken, reader):
            # What failed stays in the field, to be mended.
            keep = now.running or (now.wrong and not now.items)
            yield [*progressed(now, reader), gr.skip() if keep else "\n".join(now.left)]

    async def given_text(
        text: str, title: str, by: str, day: str, request: gr.Request
    ) -> AsyncIterator[list[Any]]:
        reader = reader_of(request.headers)
        work = adding.text(
            _session(request),
            _text(text),
            title=_text(title),
            publisher=_text(by),
            published=_text(day),
            reader=reader,
        )
        async for now in trouble.all_safely(work, broken, reader):
            keep = now.running or now.wrong or bool(now.left)
            yield [*progressed(now, reader), *[gr.skip() if keep else ""] * 4]

    many: dict[str, Any] = {"concurrency_limit": _ADDS, "concurrency_id": "library-add", **quiet}
    gr.on([files.upload], given_files, [files], progress, **many).then(**again, queue=False)
    gr.on([folder.upload], given_files, [folder], progress, **many).then(**again, queue=False)
    fetch.click(given_addresses, [addresses], [*progress, addresses], **many).then(
        **again, queue=False
    )
    text_fields = [pasted, pasted_title, pasted_publisher, pasted_day]
    take.click(given_text, text_fields, [*progress, *text_fields], **many).then(
        **again, queue=False
    )

    async def stopped(request: gr.Request) -> None:
        told = adding.stop(_session(request))
        if told:
            gr.Info(told)

    stop.click(stopped, None, None, concurrency_limit=8, **quiet)
    return LibraryTab(changed=changed, load=load)


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What went wrong, in words."""

    told: str


def _first(wanted: object) -> Wanted:
    """The same order, from its first page."""
    return replace(wanted, page=0) if isinstance(wanted, Wanted) else Wanted()


def _path_of(file: "FileData") -> str:
    """Where an uploaded file lies."""
    return file.path


def _rev() -> str:
    return secrets.token_hex(4)


def _session(request: "gr.Request") -> str:
    return str(request.session_hash or "")


def _data(event: "gr.EventData") -> dict[str, object]:
    """What a click in our HTML carries; a browser can send anything."""
    data = event._data
    return data if isinstance(data, dict) else {}


def _text(value: object) -> str:
    """A field's text, whatever a browser sent in its place."""
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    """A page's number, as an attribute tells it."""
    text = str(value if value is not None else "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
