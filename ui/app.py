# Gradio finds a request or an event among a handler's arguments by the type it evaluates, so
# annotations here are not put off, and handlers stand where gradio has been imported.
"""The page: its layout and its wiring. What the handlers do stands in the other modules."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui import (
    api,
    assets,
    chat,
    earlier,
    evaluation_tab,
    library_tab,
    model_bar,
    reading,
    theme,
    trouble,
)
from ui.chat import Chat, View
from ui.desk import Desk, reader_of

if TYPE_CHECKING:
    import gradio as gr

_ASKS = 16  # answers in the making at once; each mostly waits for a model
_QUICK = 32  # short pieces of work of one kind at once; outside the queue, warnings would be lost
_WAITING = 200  # requests in the queue; more are told that the page is busy
_LOOK = 0.02  # seconds between two looks into the queue
_LONGEST = 2_000  # characters the question box takes; the engine has the say

WORDS = {
    "en": {
        "app_ask": "Ask",
        "app_library": "Library",
        "app_question": "Your question",
        "app_placeholder": "Ask in English or Indonesian",
        "app_stop": "Stop",
    },
    "id": {
        "app_ask": "Tanya",
        "app_library": "Perpustakaan",
        "app_question": "Pertanyaan Anda",
        "app_placeholder": "Bertanya dalam bahasa Indonesia atau Inggris",
        "app_stop": "Hentikan",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that is built, and what it wants where it is mounted."""

    blocks: "gr.Blocks"
    mounting: dict[str, Any]


def page(desk: Desk) -> Page:
    """The whole page over one desk."""
    import gradio as gr

    words = _words()
    i18n = gr.I18n(**words)
    say = i18n
    talks = Chat(desk)

    with gr.Blocks(
        title="Kutip", analytics_enabled=False, fill_width=True, delete_cache=(3_600, 3_600)
    ) as blocks:
        conversation = gr.Textbox(visible="hidden", elem_id="conversation", container=False)
        recalled = gr.Textbox(visible="hidden", elem_id="recalled", container=False)
        exported = gr.JSON(visible="hidden", elem_id="exported")
        holder = gr.HTML(elem_id="reader", js_on_load=assets.READER_ON_LOAD, visible="hidden")

        with gr.Sidebar(open=False, width=300, elem_id="earlier-bar"):
            fresh = gr.Button(say("earlier_new"), elem_id="new", size="sm")
            known = gr.HTML(
                elem_id="earlier",
                js_on_load=assets.ON_LOAD + " // 'export' 'forget'",
                apply_default_css=False,
            )

        with gr.Row(elem_id="head"):
            gr.HTML(
                '<h1 class="name">Kutip</h1>',
                elem_id="name",
                js_on_load=None,
                apply_default_css=False,
                min_width=90,
            )
            bar = model_bar.model_bar(desk, say)

        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab(say("app_ask"), id="ask", elem_id="tab-ask"):
                history = gr.HTML(
                    elem_id="history", js_on_load=assets.ON_LOAD, apply_default_css=False
                )
                live = gr.HTML(elem_id="live", js_on_load=assets.ON_LOAD, apply_default_css=False)
                with gr.Row(elem_id="ask-bar", equal_height=True):
                    box = gr.Textbox(
                        elem_id="question",
                        label=say("app_question"),
                        show_label=False,
                        placeholder=say("app_placeholder"),
                        lines=1,
                        max_lines=6,
                        max_length=_LONGEST,
                        autofocus=True,
                        container=False,
                        scale=8,
                    )
                    send = gr.Button(
                        say("app_ask"), variant="primary", elem_id="send", min_width=90
                    )
                    stop = gr.Button(say("app_stop"), elem_id="stop", min_width=90, visible=False)
            with gr.Tab(say("app_library"), id="library", elem_id="tab-library") as shelf_tab:
                shelf = library_tab.library_tab(desk, say, reader_holder=holder)
            with gr.Tab(
                say("evaluation_tab"), id="evaluation", elem_id="tab-evaluation"
            ) as suite_tab:
                suite = evaluation_tab.evaluation_tab(desk, say, answerer=bar.answerer)

        outputs = [conversation, history, live, box, send, stop]

        def placed(view: View) -> list[Any]:
            """The view as updates of `outputs`."""
            if view.warning:
                gr.Warning(view.warning)
            asking = view.asking
            return [
                gr.skip() if view.conversation_id is None else view.conversation_id,
                gr.skip() if view.history is None else view.history,
                gr.skip() if view.live is None else view.live,
                gr.skip() if view.box is None else view.box,
                gr.skip() if asking is None else gr.update(visible=not asking),
                gr.skip() if asking is None else gr.update(visible=asking),
            ]

        def failed(text: str) -> View:
            return View(warning=text, asking=False)

        # Opening

        async def opened(named: str, request: gr.Request) -> list[Any]:
            reader = reader_of(request.headers)
            view = await trouble.safely(
                talks.open(_session(request), named, reader=reader), failed, reader
            )
            # A quick reader has asked something before the page had come up.
            return placed(View() if talks.has_asked(_session(request)) else view)

        async def welcomed(named: str, request: gr.Request) -> Any:
            reader = reader_of(request.headers)
            if named or talks.has_asked(_session(request)):
                return gr.skip()
            work = talks.welcome(reader=reader, examples=True)
            html = await trouble.safely(work, lambda _: "", reader)
            return html if html and not talks.has_asked(_session(request)) else gr.skip()

        async def listed(named: str, request: gr.Request) -> Any:
            reader = reader_of(request.headers)
            work = asyncio.to_thread(earlier.list_html, desk, named, reader=reader)
            return await trouble.safely(work, _paragraph, reader)

        welcome = {"fn": welcomed, "inputs": [conversation], "outputs": [live]}
        listing = {"fn": listed, "inputs": [conversation], "outputs": [known]}
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        blocks.load(
            opened,
            [recalled],
            outputs,
            js="() => [kutip.recall()]",
            queue=False,
            **quiet,
        ).then(**welcome, **quiet, concurrency_limit=4).then(
            **listing, **quiet, concurrency_limit=_QUICK
        )
        blocks.load(*bar.load, **quiet, concurrency_limit=8).then(*bar.settle, **quiet, queue=False)

        def left(request: gr.Request) -> None:
            talks.left(_session(request))

        blocks.unload(left)
        conversation.change(
            None, [conversation], None, js="(id) => { kutip.remember(id); return []; }", **quiet
        )

        # Asking

        async def asked(
            named: str,
            question: str,
            answerer: str,
            think: bool,
            event: gr.EventData,
            request: gr.Request,
        ) -> AsyncIterator[list[Any]]:
            reader, session = reader_of(request.headers), _session(request)
            data = _data(event)
            at = None
            if data:  # a click in a turn, and not in the bar below
                at = _number(data.get("turn"))
                question = str(data.get("question") or "")
                if at is not None and not question:
                    question = await talks.question_at(session, named, at)
            else:
                yield [*[gr.skip()] * 3, "", gr.skip(), gr.skip()]
            work = talks.ask(
                session,
                named,
                question,
                reader=reader,
                at=at,
                answerer=answerer or None,
                think=think,
            )
            async for view in trouble.all_safely(work, failed, reader):
                yield placed(view)

        for trigger in (box.submit, send.click, live.ask, history.ask, live.edit, history.edit):
            trigger(
                asked,
                [conversation, box, bar.answerer, bar.think],
                outputs,
                concurrency_limit=_ASKS,
                concurrency_id="asks",
                trigger_mode="multiple",
                **quiet,
            ).then(**listing, **quiet, concurrency_limit=_QUICK).then(
                *bar.load, **quiet, concurrency_limit=_QUICK
            ).then(*bar.settle, **quiet, queue=False)

        async def stopped(request: gr.Request) -> None:
            talks.stop(_session(request))

        stop.click(stopped, None, None, queue=False, **quiet)

        async def undone(named: str, event: gr.EventData, request: gr.Request) -> list[Any]:
            reader = reader_of(request.headers)
            turn = _number(_data(event).get("turn"))
            if turn is None:
                return placed(View())
            work = talks.undo(_session(request), named, turn, reader=reader)
            return placed(await trouble.safely(work, failed, reader))

        for trigger in (live.undo, history.undo):
            trigger(undone, [conversation], outputs, concurrency_limit=_QUICK, **quiet).then(
                **listing, **quiet, concurrency_limit=_QUICK
            )

        async def thought(named: str, event: gr.EventData, request: gr.Request) -> None:
            reader, data = reader_of(request.headers), _data(event)
            turn = _number(data.get("turn"))
            if turn is None:
                return
            work = talks.opine(
                named,
                turn,
                liked=str(data.get("liked", "")) == "true",
                note=str(data.get("note") or ""),
                reader=reader,
            )
            said = await trouble.safely(work, str, reader)
            if said:
                gr.Warning(said)

        for trigger in (live.like, history.like, live.note, history.note):
            trigger(thought, [conversation], None, concurrency_limit=_QUICK, **quiet)

        # The article behind a quote

        async def in_article(event: gr.EventData, request: gr.Request) -> Any:
            reader = reader_of(request.headers)
            work = asyncio.to_thread(reading.article, desk, _data(event), reader=reader)
            return await trouble.safely(work, lambda text: reading.missing(text, reader), reader)

        for trigger in (live.article, history.article):
            trigger(in_article, None, [holder], concurrency_limit=_QUICK, **quiet)

        # Earlier conversations

        async def chosen(event: gr.EventData, request: gr.Request) -> list[Any]:
            reader = reader_of(request.headers)
            talks.turn_away(_session(request))
            view = talks.open(_session(request), str(_data(event).get("id", "")), reader=reader)
            return placed(await trouble.safely(view, failed, reader))

        async def begun(request: gr.Request) -> list[Any]:
            reader = reader_of(request.headers)
            talks.turn_away(_session(request))
            view = talks.open(_session(request), "", reader=reader)
            return placed(await trouble.safely(view, failed, reader))

        async def saved(event: gr.EventData, request: gr.Request) -> Any:
            reader, data = reader_of(request.headers), _data(event)
            work = asyncio.to_thread(
                earlier.export, desk, str(data.get("id", "")), str(data.get("form", ""))
            )
            made = await trouble.safely(work, str, reader)
            if isinstance(made, str):
                gr.Warning(made)
                return gr.skip()
            return {"name": made.name, "kind": made.kind, "text": made.text}

        async def forgotten(named: str, event: gr.EventData, request: gr.Request) -> list[Any]:
            reader = reader_of(request.headers)
            wanted = str(_data(event).get("id", ""))
            work = asyncio.to_thread(earlier.forget, desk, wanted, reader=reader)
            gone = await trouble.safely(work, str, reader)
            if isinstance(gone, str):
                return placed(View(warning=gone))
            if named not in gone:
                return placed(View())
            view = talks.open(_session(request), "", reader=reader)
            return placed(await trouble.safely(view, failed, reader))

        known.choose(chosen, None, outputs, concurrency_limit=_QUICK, **quiet).then(
            **listing, **quiet, concurrency_limit=_QUICK
        )
        fresh.click(begun, None, outputs, concurrency_limit=_QUICK, **quiet).then(
            **welcome, **quiet, concurrency_limit=4
        ).then(**listing, **quiet, concurrency_limit=_QUICK)
        known.export(saved, None, [exported], concurrency_limit=_QUICK, **quiet).then(
            None, [exported], None, js="(file) => { kutip.save(file); return []; }", **quiet
        )
        known.forget(forgotten, [conversation], outputs, concurrency_limit=_QUICK, **quiet).then(
            **listing, **quiet, concurrency_limit=_QUICK
        )

        # The library

        def to_library() -> Any:
            return gr.Tabs(selected="library")

        for trigger in (live.choose, history.choose):
            trigger(to_library, None, [tabs], concurrency_limit=_QUICK, **quiet)
        blocks.load(*shelf.load, **quiet, concurrency_limit=8)
        shelf_tab.select(*shelf.load, **quiet, concurrency_limit=8)
        suite_tab.select(*suite.load, **quiet, concurrency_limit=8)
        shelf.changed.change(*bar.load, **quiet, concurrency_limit=8).then(
            *bar.settle, **quiet, queue=False
        ).then(**welcome, **quiet, concurrency_limit=4)
        api.publish(desk)

    blocks.queue(max_size=_WAITING)
    # Gradio looks whether anything waits a thousand times a second, which takes 7 % of a core while
    # nobody asks anything; fifty times is soon enough. There is no public setting for it.
    blocks._queue.sleep_when_free = _LOOK
    blocks._queue.progress_update_sleep_when_free = _LOOK
    mounting = {
        "theme": theme.theme(),
        "head": assets.head(),
        "i18n": i18n,
    }
    return Page(blocks=blocks, mounting=mounting)


def _words() -> dict[str, dict[str, str]]:
    """Every word of the page, by language."""
    parts = (
        *(WORDS, chat.WORDS, earlier.WORDS),
        *(*library_tab.ALL_WORDS, *evaluation_tab.ALL_WORDS, *model_bar.ALL_WORDS),
    )
    return {
        language: {key: text for part in parts for key, text in part[language].items()}
        for language in ("en", "id")
    }


def _session(request: "gr.Request") -> str:
    return str(request.session_hash or "")


def _data(event: "gr.EventData") -> dict[str, object]:
    """What a click in our HTML carries; a browser can send anything."""
    data = event._data
    return data if isinstance(data, dict) else {}


def _number(value: object) -> int | None:
    """A turn's place, as an attribute tells it."""
    text = str(value if value is not None else "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _paragraph(text: str) -> str:
    from ui.render import esc

    return f'<p class="quiet">{esc(text)}</p>'
