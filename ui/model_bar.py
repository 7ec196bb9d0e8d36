# Gradio finds a request among a handler's arguments by the type it evaluates, so annotations
# here are not put off, and handlers stand where gradio has been imported.
"""The bar at the head of the page: who answers, where, and getting a model. Layout and wiring."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rag.errors import KutipError
from ui import models, pulls
from ui.desk import Desk, Reader, reader_of
from ui.model_words import BAR_WORDS, PULL_WORDS
from ui.models import Looker, Seen
from ui.pulls import Puller
from ui.trouble import in_words

if TYPE_CHECKING:
    import gradio as gr
    from gradio.i18n import I18nData

    Say = Callable[[str], I18nData]
    Handler = tuple[Callable[..., Any], list[Any], list[Any]]  # function, inputs, outputs

ALL_WORDS = (BAR_WORDS, PULL_WORDS)

_POLL = 30.0  # seconds between two looks for a model, while there is none
_TICK = 1.0  # seconds between two looks at a download


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelBar:
    """What the rest of the page uses of the bar."""

    answerer: "gr.Dropdown"  # its value is the answerer to ask with
    think: "gr.Checkbox"  # whether the model shall think first
    load: "Handler"  # its function is a generator
    settle: "Handler"  # to follow `load`: the answerer may have been picked while that looked


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What one page shows of the bar."""

    line: str  # HTML
    choices: list[tuple[str, str]]
    pick: str
    can_think: bool
    looked: bool  # else it still looks for a model
    poll: bool  # look again by and by
    can_pull: bool
    about: str = ""  # HTML
    suggestions: list[tuple[str, str]] | None = None  # words and name; None: not asked yet


def view_of(desk: Desk, seen: Seen | None, pick: str, reader: Reader, *, memory: int = 0) -> View:
    """The bar for what was seen; reads the number of articles, so call it from a thread."""
    articles, trouble = None, ""
    try:
        articles = desk.engine.library.counts()["articles"]
    except KutipError as error:
        trouble = in_words(error, reader)
    can_pull = bool(seen and seen.answers and seen.kind == "ollama" and not desk.read_only)
    line = models.bar_html(
        seen, pick, reader, articles=articles, can_pull=can_pull, trouble=trouble
    )
    return View(
        line=line,
        choices=models.choices(seen, pick, reader),
        pick=pick,
        can_think=models.can_think(seen, pick),
        looked=seen is not None,
        poll=seen is not None and models.lacks(seen, pick),
        can_pull=can_pull,
        about=pulls.about_html(seen, memory, reader) if seen and can_pull else "",
        suggestions=pulls.suggestions(seen, desk.engine.settings, memory, reader)
        if seen and can_pull
        else None,
    )


def model_bar(desk: Desk, say: "Say") -> ModelBar:
    """The bar, put where the page is being laid out."""
    import gradio as gr

    looker, puller = Looker(desk.engine), Puller(desk.engine)
    memory = lru_cache(maxsize=1)(pulls.machine_memory)
    settings = desk.engine.settings
    thinks = settings.think == "on"
    pick = _first(desk)
    start_choices: list[tuple[Any, str]] = [
        (say("models_auto"), models.AUTO),
        (say("models_quotes"), models.QUOTES),
    ]
    if pick not in (models.AUTO, models.QUOTES):
        start_choices.append((pick.partition(":")[2], pick))

    with gr.Column(elem_classes="mod-bar"):
        with gr.Row(elem_classes="mod-row"):
            line = gr.HTML(elem_classes="mod-says", js_on_load=None)
            answerer = gr.Dropdown(
                start_choices,
                value=pick,
                label=say("models_pick"),
                show_label=False,
                container=False,
                filterable=False,
                interactive=True,
                elem_id="answerer",
                elem_classes="mod-pick",
            )
            # A page that was open while the server was started anew holds what it picked before,
            # which Gradio would refuse; the engine judges what an answerer may be.
            vars(answerer)["preprocess"] = _as_sent
            think = gr.Checkbox(
                thinks,
                label=say("models_think"),
                show_label=False,
                container=False,
                visible=False,
                elem_classes="mod-think",
            )
            again = gr.Button(
                say("models_again"), size="sm", min_width=104, scale=0, elem_classes="mod-again"
            )
        with gr.Accordion(
            say("pulls_get"), open=False, visible=False, elem_classes="mod-get"
        ) as get:
            about = gr.HTML(js_on_load=None)
            suggested = gr.Radio(
                [], label=say("pulls_fitting"), elem_classes="mod-fitting", visible=False
            )
            with gr.Row(equal_height=False, elem_classes="mod-row"):
                name = gr.Textbox(
                    label=say("pulls_name"),
                    max_length=200,
                    max_lines=1,
                    scale=3,
                    min_width=200,
                    elem_classes="mod-name",
                )
                begin = gr.Button(
                    say("pulls_start"), variant="primary", size="md", scale=0, min_width=110
                )
                halt = gr.Button(
                    say("pulls_stop"), size="md", scale=0, min_width=110, visible=False
                )
            pulled = gr.HTML(js_on_load=None, elem_classes="mod-pulled")
    shown = gr.State(None)  # the View that the page shows
    mine = gr.State("")  # the model whose download was begun on this page and has not ended
    poll, tick = gr.Timer(_POLL, active=False), gr.Timer(_TICK, active=False)

    bar_outputs = [line, answerer, think, poll, get, about, suggested, name, shown]
    pull_outputs = [pulled, begin, halt, tick, mine]

    async def view(seen: Seen | None, picked: str, reader: Reader) -> View:
        kept = await asyncio.to_thread(memory) if seen and seen.answers else 0
        return await asyncio.to_thread(view_of, desk, seen, picked, reader, memory=kept)

    def placed(new: View, old: View | None, picked: str) -> list[Any]:
        """The view as updates of `bar_outputs`: what has changed since the page showed `old`."""
        same = _Same(new, old)
        dropdown: dict[str, Any] = {} if same("choices") else {"choices": new.choices}
        if new.pick != picked:
            dropdown["value"] = new.pick
        listed = new.suggestions or []
        # The best one is offered when there is first something to offer, and never put over
        # what the reader has written since.
        offered = listed[0][1] if listed and (old is None or old.suggestions is None) else ""
        return [
            gr.skip() if same("line") else new.line,
            gr.update(**dropdown) if dropdown else gr.skip(),
            gr.skip()
            if same("can_think")
            else gr.update(visible=new.can_think, value=new.can_think and thinks),
            gr.skip() if same("poll") else gr.Timer(active=new.poll),
            gr.skip() if same("can_pull") else gr.update(visible=new.can_pull),
            gr.skip() if same("about") else new.about,
            gr.skip()
            if same("suggestions")
            else gr.update(choices=listed, value=offered or None, visible=bool(listed)),
            offered or gr.skip(),
            new,
        ]

    def pulling(pull: pulls.Pull | None, own: str, reader: Reader, **more: Any) -> list[Any]:
        """A download as updates of `pull_outputs`."""
        running = pull is not None and pull.state == "running"
        return [
            pulls.pull_html(pull, reader, **more),
            gr.update(visible=not running),
            gr.update(visible=running),
            gr.Timer(active=running),
            own if running else "",
        ]

    async def loaded(
        picked: str, old: View | None, own: str, request: gr.Request
    ) -> AsyncIterator[list[Any]]:
        reader = reader_of(request.headers)
        picked = picked or pick
        # The pull of before is shown only while it runs: how it ended was said at its time.
        now = puller.now if puller.running else None
        idle = [gr.skip()] * len(pull_outputs)
        first = pulling(now, own, reader) if old is None else idle
        if old is None:
            begun = await view(looker.last, picked, reader)
            yield [*placed(begun, None, picked), *first]
            old = begun
        seen = await asyncio.to_thread(looker.look)
        new = await view(seen, picked, reader)
        yield [*placed(new, old, picked), *idle]

    async def looked(
        picked: str, old: View | None, request: gr.Request, *, not_older: float
    ) -> list[Any]:
        reader = reader_of(request.headers)
        seen = await asyncio.to_thread(looker.look, not_older=not_older)
        return placed(await view(seen, picked, reader), old, picked)

    async def looked_again(picked: str, old: View | None, request: gr.Request) -> list[Any]:
        return await looked(picked, old, request, not_older=0)

    async def polled(picked: str, old: View | None, request: gr.Request) -> list[Any]:
        return await looked(picked, old, request, not_older=_POLL / 2)

    async def chosen(picked: str, old: View | None, request: gr.Request) -> list[Any]:
        new = await view(looker.last, picked, reader_of(request.headers))
        # Always with the line: a look that was under way when this was picked may have put its
        # own there, which the page shows and `old` need not know.
        return [new.line, *placed(new, old, picked)[1:]]

    async def begun(named: str, own: str, request: gr.Request) -> list[Any]:
        reader = reader_of(request.headers)
        try:
            refused = await asyncio.to_thread(pulls.start, desk, puller, named, reader)
        except KutipError as error:
            refused = in_words(error, reader)
        if not refused and puller.now is not None:
            own = puller.now.model
        return pulling(puller.now, own, reader, refused=refused)

    async def halted(own: str, request: gr.Request) -> list[Any]:
        reader = reader_of(request.headers)
        refused = ""
        try:
            await asyncio.to_thread(pulls.stop, desk, puller, reader)
        except KutipError as error:
            refused = in_words(error, reader)
        return pulling(puller.now, own, reader, refused=refused)

    async def ticked(picked: str, old: View | None, own: str, request: gr.Request) -> list[Any]:
        reader, now = reader_of(request.headers), puller.now
        if now is None or now.state != "done":
            return [*[gr.skip()] * len(bar_outputs), *pulling(now, own, reader)]
        seen = await asyncio.to_thread(looker.look, not_older=0)
        target = f"model:{now.model}"
        is_chosen = own == now.model and models.model_at(seen, target) is not None
        new = await view(seen, target if is_chosen else picked, reader)
        return [*placed(new, old, picked), *pulling(now, own, reader, chosen=is_chosen)]

    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    settle = (chosen, [answerer, shown], bar_outputs)
    again.click(
        looked_again,
        [answerer, shown],
        bar_outputs,
        concurrency_limit=4,
        **{**quiet, "show_progress": "minimal", "show_progress_on": [line]},
    ).then(*settle, queue=False, **quiet)
    poll.tick(polled, [answerer, shown], bar_outputs, concurrency_limit=4, **quiet).then(
        *settle, queue=False, **quiet
    )
    answerer.input(*settle, queue=False, **quiet)
    suggested.input(None, [suggested], [name], js="(name) => [name]", **quiet)
    for trigger in (begin.click, name.submit):
        trigger(begun, [name, mine], pull_outputs, concurrency_limit=4, **quiet)
    halt.click(halted, [mine], pull_outputs, queue=False, **quiet)
    tick.tick(
        ticked,
        [answerer, shown, mine],
        [*bar_outputs, *pull_outputs],
        concurrency_limit=8,
        **quiet,
    )
    return ModelBar(
        answerer=answerer,
        think=think,
        load=(loaded, [answerer, shown, mine], [*bar_outputs, *pull_outputs]),
        settle=settle,
    )


def _first(desk: Desk) -> str:
    """Where the picker starts; where the settings mean nothing, the line says so later."""
    try:
        return models.first_pick(desk.engine.settings)
    except KutipError:
        return models.AUTO


def _as_sent(picked: object) -> str:
    return str(picked or "")


class _Same:
    """Whether a part of two views is the same."""

    def __init__(self, new: View, old: View | None) -> None:
        self._new, self._old = new, old

    def __call__(self, part: str) -> bool:
        return self._old is not None and getattr(self._new, part) == getattr(self._old, part)
