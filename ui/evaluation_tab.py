# Gradio finds a request or an event among a handler's arguments by the type it evaluates, so
# annotations here are not put off, and handlers stand where gradio has been imported.
"""The Evaluation tab: its components and what each calls. What is done stands in the others."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui import assets, evaluation_words, trouble
from ui.desk import Desk, Reader, reader_of
from ui.evaluating import LANGUAGES, OWN, SETS, Evaluating, Wish
from ui.evaluation import (
    Beside,
    Evaluations,
    Export,
    Opened,
    Summary,
    Wanted,
    leaf,
    sifted,
    turned,
)
from ui.evaluation_beside import beside_html
from ui.evaluation_html import (
    course_html,
    moment,
    questions_html,
    run_html,
    runs_html,
    said_html,
    trouble_html,
)
from ui.evaluation_words import WORDS

if TYPE_CHECKING:
    import gradio as gr
    from gradio.data_classes import FileData

ALL_WORDS = (evaluation_words.WORDS,)
Say = Callable[[str], Any]

_TICK = 0.7  # seconds between two looks at how far a run is
_EVENTS = assets.ON_LOAD + " // 'choose' 'resume' 'leaf'"
_NONE = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationTab:
    """What the rest of the page needs of the tab."""

    load: tuple[Callable[..., Any], list[Any], list[Any]]  # brings the list up to date


def evaluation_tab(desk: Desk, say: Say, *, answerer: "gr.Dropdown") -> EvaluationTab:
    """The tab's components, within the tab that is being built; `answerer` is the page's."""
    import gradio as gr

    evaluating = Evaluating(desk)
    evaluations = Evaluations(desk, evaluating)
    may_write = not desk.read_only
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    chosen = gr.State("")  # the id of the run in the panel
    mine = gr.State("")  # the id of the run that was begun here
    wanted = gr.State(Wanted())
    exported = gr.JSON(visible="hidden", elem_id="eval-exported")
    timer = gr.Timer(_TICK, active=False)

    lead = "evaluation_lead" if may_write else "evaluation_lead_read_only"
    gr.Markdown(say(lead), elem_id="eval-lead")
    with gr.Column(visible=may_write, elem_id="eval-form"):
        with gr.Row(elem_id="eval-wish"):
            questions = gr.Dropdown(
                [(say(f"evaluation_set_{each}"), each) for each in SETS],
                value="usual",
                label=say("evaluation_questions"),
                filterable=False,
                scale=2,
                min_width=220,
                elem_id="eval-questions-of",
            )
            language = gr.Dropdown(
                _languages(say),
                value=_NONE,
                label=say("evaluation_language"),
                filterable=False,
                min_width=120,
            )
            limit = gr.Textbox(
                label=say("evaluation_limit"),
                placeholder=say("evaluation_limit_all"),
                max_length=7,
                min_width=120,
                elem_id="eval-limit",
            )
        robust = gr.Checkbox(
            label=say("evaluation_robustness"),
            info=say("evaluation_robustness_says"),
            value=True,
            elem_id="eval-robust",
        )
        with gr.Row(visible=False, elem_id="eval-own") as files:
            own = gr.File(
                label=say("evaluation_own"),
                file_count="single",
                height=120,
                min_width=260,
                elem_id="eval-own-questions",
            )
            texts = gr.File(
                label=say("evaluation_texts"),
                file_count="multiple",
                height=120,
                min_width=260,
                elem_id="eval-own-texts",
            )
        with gr.Row(elem_id="eval-go"):
            begin = gr.Button(say("evaluation_run"), variant="primary", elem_id="eval-run-it")
            stop = gr.Button(say("evaluation_stop"), visible=False, elem_id="eval-stop")
    for box in (own, texts):
        # Gradio's own makes an empty file for each that comes, and leaves it.
        box._process_single_file = _path_of  # type: ignore[method-assign,assignment]
    work = gr.HTML(elem_id="eval-work", js_on_load=None, apply_default_css=False, padding=False)
    runs = gr.HTML(elem_id="eval-runs", js_on_load=_EVENTS, apply_default_css=False, padding=False)

    with gr.Column(visible=False, elem_id="eval-panel") as panel:
        with gr.Row(elem_id="eval-acts"):
            against = gr.Dropdown(
                [(say("evaluation_no_other"), _NONE)],
                value=_NONE,
                label=say("evaluation_against"),
                # A value that is gone with its run must not be an error.
                allow_custom_value=True,
                filterable=False,
                min_width=220,
                elem_id="eval-against",
            )
            save = gr.Button(say("evaluation_download"), size="sm", elem_id="eval-save")
            delete = gr.Button(
                say("evaluation_delete"), size="sm", visible=may_write, elem_id="eval-delete"
            )
            close = gr.Button(say("evaluation_close"), size="sm", elem_id="eval-close")
        with gr.Column(visible=False, elem_id="eval-sure") as sure:
            gr.Markdown(say("evaluation_doubt"))
            with gr.Row():
                yes = gr.Button(
                    say("evaluation_yes"), variant="stop", size="sm", elem_id="eval-yes"
                )
                no = gr.Button(say("evaluation_cancel"), size="sm", elem_id="eval-no")
        beside = gr.HTML(
            elem_id="eval-beside", js_on_load=None, apply_default_css=False, padding=False
        )
        about = gr.HTML(
            elem_id="eval-about", js_on_load=None, apply_default_css=False, padding=False
        )
        with gr.Column(visible=False, elem_id="eval-each") as each:
            gr.Markdown(say("evaluation_each"), elem_id="eval-each-title")
            with gr.Row(elem_id="eval-sift"):
                standing = gr.Dropdown(
                    [(say("evaluation_any"), _NONE)],
                    value=_NONE,
                    label=say("evaluation_standing"),
                    filterable=False,
                    allow_custom_value=True,
                    min_width=160,
                    elem_id="eval-standing",
                )
                tongue = gr.Dropdown(
                    _languages(say),
                    value=_NONE,
                    label=say("evaluation_language"),
                    filterable=False,
                    min_width=110,
                )
                tag = gr.Dropdown(
                    [(say("evaluation_any"), _NONE)],
                    value=_NONE,
                    label=say("evaluation_tag"),
                    filterable=False,
                    allow_custom_value=True,
                    min_width=120,
                )
                holding = gr.Textbox(
                    label=say("evaluation_words"),
                    max_length=200,
                    min_width=140,
                    elem_id="eval-holding",
                )
            cases = gr.HTML(
                elem_id="eval-cases", js_on_load=_EVENTS, apply_default_css=False, padding=False
            )

    # The list, and how far a run is

    state = [work, begin, stop, timer, runs]

    async def seen(shown: str, reader: Reader) -> list[Any]:
        """Where things stand now, for `state`."""
        now = evaluating.now
        going = bool(evaluating.running)
        return [
            course_html(now, reader, _rev()),
            gr.update(interactive=not going),
            gr.update(visible=going),
            gr.Timer(active=going),
            await listed(shown, reader),
        ]

    async def listed(shown: str, reader: Reader) -> str:
        work: Awaitable[list[Summary] | str] = asyncio.to_thread(evaluations.kept)
        found = await trouble.safely(work, str, reader)
        if isinstance(found, str):
            return trouble_html(found, _rev())
        return runs_html(
            found,
            chosen=shown,
            running=evaluating.running,
            may_write=may_write,
            reader=reader,
            rev=_rev(),
        )

    async def looked(shown: str, request: gr.Request) -> list[Any]:
        return await seen(_text(shown), reader_of(request.headers))

    async def ticked(shown: str, request: gr.Request) -> list[Any]:
        reader = reader_of(request.headers)
        if evaluating.running:
            return [course_html(evaluating.now, reader, _rev()), *[gr.skip()] * 4, gr.skip()]
        now = evaluating.now
        over = now.run_id if now is not None and now.kept else ""
        return [*await seen(_text(shown), reader), over]

    ended = gr.State("")  # the id of the run that was seen to end
    # Through the queue: what is not tells nobody that a state has changed.
    timer.tick(ticked, [chosen], [*state, ended], concurrency_limit=8, **quiet)
    load = (looked, [chosen], state)
    again: dict[str, Any] = {"fn": looked, "inputs": [chosen], "outputs": state, **quiet}

    # Running

    def chose_set(name: str) -> Any:
        return gr.update(visible=name == OWN)

    questions.change(chose_set, [questions], [files], queue=False, **quiet)

    async def started(
        name: str,
        language: str,
        limit: Any,
        robust: Any,
        answerer: str,
        own: Any,
        texts: Any,
        shown: str,
        request: gr.Request,
    ) -> list[Any]:
        reader = reader_of(request.headers)
        wish = Wish(
            questions=_text(name),
            language=_text(language),
            limit=_whole(limit),
            robustness=robust is True,
            answerer=_text(answerer),
        )

        def begin() -> str:
            return evaluating.start(wish, own=_paths(own), texts=_paths(texts), reader=reader)

        made = await trouble.safely(asyncio.to_thread(begin), _Trouble, reader)
        return await begun(made, _text(shown), reader)

    async def begun(made: "str | _Trouble", shown: str, reader: Reader) -> list[Any]:
        """What is to be seen after a run was begun, or was not."""
        now = await seen(shown, reader)
        if isinstance(made, _Trouble):
            return [trouble_html(made.told, _rev()), *now[1:], gr.skip(), gr.skip(), gr.skip()]
        return [*now, made, None, None]

    async def resumed(shown: str, event: gr.EventData, request: gr.Request) -> list[Any]:
        reader, run_id = reader_of(request.headers), _text(_data(event).get("run"))
        work = asyncio.to_thread(evaluating.go_on, run_id, reader=reader)
        return await begun(await trouble.safely(work, _Trouble, reader), _text(shown), reader)

    async def stopped(request: gr.Request) -> Any:
        reader = reader_of(request.headers)

        def work() -> str:
            evaluating.stop(reader=reader)
            return ""

        told = await trouble.safely(asyncio.to_thread(work), str, reader)
        return trouble_html(told, _rev()) or course_html(evaluating.now, reader, _rev())

    one_by_one: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "evaluation", **quiet}
    wishes = [questions, language, limit, robust, answerer, own, texts, chosen]
    begin.click(started, wishes, [*state, mine, own, texts], **one_by_one)
    runs.resume(resumed, [chosen], [*state, mine, own, texts], **one_by_one)
    stop.click(stopped, None, [work], queue=False, **quiet)

    # One run

    face = [chosen, panel, about, against, save, sure, beside, each, standing, tag, wanted, cases]

    def opened(run: Opened, others: list[Summary], reader: Reader) -> list[Any]:
        words = WORDS[reader]
        every = (words["evaluation_any"], _NONE)
        outcomes = [
            (f"{words[f'evaluation_is_{name}']} ({n})", name)
            for name, n in sorted(run.counts.items(), key=lambda each: -each[1])
        ]
        rest = [
            (f"{moment(other.begun, reader)} · {other.answerer}", other.run_id)
            for other in others
            if other.run_id != run.run_id and other.numbers
        ]
        nothing = words["evaluation_no_other"] if not rest else "–"
        return [
            run.run_id,
            gr.update(visible=True),
            run_html(run, reader, _rev()),
            gr.update(choices=[(nothing, _NONE), *rest], value=_NONE),
            gr.update(visible=True),
            gr.update(visible=False),
            "",
            gr.update(visible=True),
            gr.update(choices=[every, *outcomes], value=_NONE),
            gr.update(choices=[every, *((tag, tag) for tag in run.tags)], value=_NONE),
            Wanted(),
            questions_html(leaf(run, Wanted()), reader, _rev()),
        ]

    def shut(told: str, run_id: str = "") -> list[Any]:
        """No run; or one that cannot be shown, and can be deleted."""
        return [
            run_id,
            gr.update(visible=bool(run_id)),
            told,
            *[gr.skip()],
            gr.update(visible=False),
            gr.update(visible=False),
            "",
            gr.update(visible=False),
            *[gr.skip()] * 2,
            Wanted(),
            "",
        ]

    async def open_run(run_id: str, reader: Reader) -> list[Any]:
        def work() -> tuple[Opened, list[Summary]]:
            return evaluations.open(run_id, reader=reader), evaluations.kept()

        found: tuple[Opened, list[Summary]] | str
        found = await trouble.safely(asyncio.to_thread(work), str, reader)
        if isinstance(found, str):
            return shut(trouble_html(found, _rev()), run_id)
        return opened(*found, reader)

    async def chose(event: gr.EventData, request: gr.Request) -> list[Any]:
        return await open_run(_text(_data(event).get("run")), reader_of(request.headers))

    async def at_end(over: str, begun: str, shown: str, request: gr.Request) -> list[Any]:
        """The run that this page began, once it is over."""
        if not over or (over != begun and over != shown):
            return [gr.skip() for _ in face]
        return await open_run(_text(over), reader_of(request.headers))

    async def put_away() -> list[Any]:
        return shut("")

    few: dict[str, Any] = {"concurrency_limit": 4, "concurrency_id": "evaluations", **quiet}
    into_view = {"fn": None, "js": _show("eval-panel"), **quiet}
    runs.choose(chose, None, face, **few).then(**again, queue=False).then(**into_view)
    ended.change(at_end, [ended, mine, chosen], face, **few).then(**again, queue=False)
    close.click(put_away, None, face, queue=False, **quiet).then(**again, queue=False)

    # Its questions

    async def paged(run_id: str, want: Wanted, reader: Reader) -> list[Any]:
        def work() -> str:
            page = leaf(evaluations.open(run_id, reader=reader), want)
            return questions_html(page, reader, _rev())

        def told(text: str) -> str:
            return trouble_html(text, _rev())

        return [want, await trouble.safely(asyncio.to_thread(work), told, reader)]

    async def filtered(
        run_id: str, standing: Any, tongue: Any, tag: Any, holding: Any, request: gr.Request
    ) -> list[Any]:
        want = sifted(
            standing=_text(standing), language=_text(tongue), tag=_text(tag), words=_text(holding)
        )
        if not run_id:
            return [gr.skip(), gr.skip()]
        return await paged(_text(run_id), want, reader_of(request.headers))

    async def leafed(run_id: str, want: Any, event: gr.EventData, request: gr.Request) -> list[Any]:
        page = _number(_data(event).get("page"))
        now = turned(want if isinstance(want, Wanted) else Wanted(), page)
        return await paged(_text(run_id), now, reader_of(request.headers))

    fields = [chosen, standing, tongue, tag, holding]
    gr.on(
        [standing.input, tongue.input, tag.input, holding.change],
        filtered,
        fields,
        [wanted, cases],
        queue=False,
        trigger_mode="always_last",
        **quiet,
    )
    cases.leaf(leafed, [chosen, wanted], [wanted, cases], queue=False, **quiet).then(
        None, None, None, js=_show("eval-each"), **quiet
    )

    # Beside another, as a file, gone

    async def compared(run_id: str, other: Any, request: gr.Request) -> Any:
        reader, first = reader_of(request.headers), _text(other)
        if not first or not run_id:
            return ""

        def work() -> Beside:
            return evaluations.compare(first, _text(run_id), reader=reader)

        found: Beside | str = await trouble.safely(asyncio.to_thread(work), str, reader)
        if isinstance(found, str):
            return trouble_html(found, _rev())
        return beside_html(found, reader, _rev())

    async def saved(run_id: str, request: gr.Request) -> Any:
        reader = reader_of(request.headers)
        work = asyncio.to_thread(evaluations.report, _text(run_id), reader=reader)
        made: Export | str = await trouble.safely(work, str, reader)
        if isinstance(made, str):
            gr.Warning(made)
            return None
        return {"name": made.name, "kind": made.kind, "text": made.text}

    async def doubted(request: gr.Request) -> Any:
        reader = reader_of(request.headers)

        def work() -> str:
            desk.must_write(reader)
            return ""

        told = await trouble.safely(asyncio.to_thread(work), str, reader)
        if told:
            gr.Warning(told)
        return gr.update(visible=not told)

    async def kept() -> Any:
        return gr.update(visible=False)

    async def deleted(run_id: str, request: gr.Request) -> list[Any]:
        reader = reader_of(request.headers)
        work = asyncio.to_thread(evaluations.delete, _text(run_id), reader=reader)
        made = await trouble.safely(work, _Trouble, reader)
        if isinstance(made, _Trouble):
            return [*[gr.skip()] * len(face), trouble_html(made.told, _rev())]
        return [*shut(""), said_html(made, _rev())]

    async def relisted(shown: str, request: gr.Request) -> str:
        return await listed(_text(shown), reader_of(request.headers))

    against.input(compared, [chosen, against], [beside], **few).then(
        None, None, None, js=_show("eval-beside"), **quiet
    )
    save.click(saved, [chosen], [exported], **few).then(
        None, [exported], None, js="(file) => { kutip.save(file); return []; }", **quiet
    )
    delete.click(doubted, None, [sure], queue=False, **quiet)
    no.click(kept, None, [sure], queue=False, **quiet)
    yes.click(deleted, [chosen], [*face, work], **one_by_one).then(
        relisted, [chosen], [runs], queue=False, **quiet
    ).then(None, None, None, js=_show("eval-work"), **quiet)
    return EvaluationTab(load=load)


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What went wrong, in words."""

    told: str


def _languages(say: Say) -> list[tuple[Any, str]]:
    named = dict(zip(LANGUAGES, ("english", "indonesian"), strict=True))
    known = [(say(f"evaluation_{named[code]}"), code) for code in LANGUAGES]
    return [(say("evaluation_any"), _NONE), *known]


def _show(element: str) -> str:
    """Script that brings an element into view, once the page has it."""
    return f"""() => {{ setTimeout(() => {{
  const it = document.getElementById('{element}');
  if (it) it.scrollIntoView({{block: 'start'}});
}}, 120); return []; }}"""


def _path_of(file: "FileData") -> str:
    """Where an uploaded file lies."""
    return file.path


def _paths(value: object) -> list[str]:
    """The uploads that a field holds, one or several."""
    many = value if isinstance(value, list) else [value]
    return [each for each in many if isinstance(each, str)]


def _rev() -> str:
    return secrets.token_hex(4)


def _data(event: "gr.EventData") -> dict[str, object]:
    """What a click in our HTML carries; a browser can send anything."""
    data = event._data
    return data if isinstance(data, dict) else {}


def _text(value: object) -> str:
    """A field's text, whatever a browser sent in its place."""
    return value if isinstance(value, str) else ""


def _whole(value: object) -> int | None:
    """How many questions at most; None where the field is empty, 0 for what is no whole number."""
    text = _text(value).strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _number(value: object) -> int:
    """A page's number, as an attribute tells it."""
    text = str(value if value is not None else "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
