"""Who answers, and where that runs: what the bar at the head of the page says. No component.

`Looker` asks the server of language models; the rest makes words and HTML of what it saw.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from html import escape
from typing import Literal
from urllib.parse import urlsplit

from rag import machine
from rag.answerers import Kind, address, wish
from rag.engine import Engine
from rag.errors import AnswererUnavailable, KutipError
from rag.layout import one_line
from rag.schema import LanguageModel
from rag.settings import Settings
from ui.desk import Reader
from ui.model_words import BAR_WORDS as WORDS
from ui.trouble import in_words

AUTO, QUOTES = "auto", "extractive"
Runs = Literal["here", "elsewhere", "cloud"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the server of language models said it has."""

    kind: Kind
    place: str  # host and port
    here: bool  # it should run, or runs, on this machine
    answers: bool
    models: tuple[LanguageModel, ...] = ()  # those that write
    auto: str = ""  # the model that answers when none is picked; "": none does
    wanted: str = ""  # the one that the settings would take
    silent: bool = False  # something listens there, and is no server that could be asked
    problem: KutipError | None = None  # why nobody could be asked


class Looker:
    """Looks what the server has, for all open pages at once; to be called from threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._begun = float("-inf")
        self.last: Seen | None = None  # None: not looked yet

    def look(self, *, not_older: float = 5.0) -> Seen:
        """What the server has, as seen at most `not_older` seconds ago.

        Takes a few seconds where nothing answers, and asks once for all that wait.
        """
        asked = time.monotonic()
        with self._lock:
            if self.last is None or self._begun < asked - not_older:
                self._begun = time.monotonic()
                self.last = _look(self._engine, anew=not_older == 0)
            return self.last


def _look(engine: Engine, *, anew: bool) -> Seen:
    settings = engine.settings
    usual: Kind = "openai" if settings.llm_url else "ollama"
    seen = Seen(kind=usual, place="", here=False, answers=False, wanted=settings.model)
    try:
        url = address(settings, usual)
        if anew:
            # A model named is looked for; who is at hand may be remembered for a while.
            with suppress(AnswererUnavailable):
                engine.answerer(f"model:{settings.model}")
        chosen = engine.answerer(AUTO)
    except KutipError as error:
        return replace(seen, problem=error)
    server = chosen.server
    models = server.models if server else ()
    return replace(
        seen,
        place=place_of(url),
        here=is_here(url),
        answers=server is not None,
        silent=server is None and not any(f"nothing answers at {url}" in r for r in chosen.remarks),
        models=tuple(model for model in models if not model.can or "completion" in model.can),
        auto=chosen.model.name if chosen.model else "",
    )


def place_of(url: str) -> str:
    """Host and port of an address, without a password that it may carry.

    >>> place_of("http://me:secret@box:11434/v1"), place_of("http://[::1]:80")
    ('box:11434', '[::1]:80')
    """
    return one_line(urlsplit(url).netloc.rpartition("@")[2])


def is_here(url: str) -> bool:
    """Whether an address is this machine's own.

    >>> is_here("http://127.0.0.1:1/v1"), is_here("http://localhost"), is_here("http://box:80")
    (True, True, False)
    """
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def first_pick(settings: Settings) -> str:
    """What the picker stands at before anybody picks: what the settings ask for.

    >>> first_pick(Settings()), first_pick(Settings(answerer="ollama:qwen3:4b"))
    ('auto', 'model:qwen3:4b')
    """
    asked = wish(settings)
    if asked.kind is None:
        return QUOTES
    if not asked.by_name:
        return AUTO
    usual = "openai" if settings.llm_url else "ollama"
    return f"{'model' if asked.kind == usual else asked.kind}:{asked.model}"


def model_at(seen: Seen, pick: str) -> LanguageModel | None:
    """The model that answers where the picker stands at `pick`; None: none does."""
    name = seen.auto if pick == AUTO else pick.partition("model:")[2]
    return next((model for model in seen.models if name and _same(model.name, name)), None)


def can_think(seen: Seen | None, pick: str) -> bool:
    """Whether the model that answers can think before it does."""
    model = model_at(seen, pick) if seen else None
    return model is not None and "thinking" in model.can


def lacks(seen: Seen, pick: str) -> bool:
    """Whether a model is wanted and not to be had, so that looking again may find it."""
    by_settings = pick not in (AUTO, QUOTES) and not pick.startswith("model:")
    return pick != QUOTES and not by_settings and model_at(seen, pick) is None


def runs(seen: Seen, model: LanguageModel) -> Runs:
    """Where a model runs."""
    return "cloud" if model.cloud else "here" if seen.here else "elsewhere"


def choices(seen: Seen | None, pick: str, reader: Reader) -> list[tuple[str, str]]:
    """What can be picked: words and value. What is picked is always among them."""
    words = WORDS[reader]
    auto = words["models_auto"]
    if seen and seen.auto:
        auto = words["models_auto_named"].format(model=seen.auto)
    found = [(auto, AUTO), (words["models_quotes"], QUOTES)]
    for model in seen.models if seen else ():
        size = size_words(model.size_bytes, reader) if model.size_bytes and not model.cloud else ""
        where = words[f"models_at_{runs(seen, model)}"] if seen else ""
        told = " · ".join(filter(None, (one_line(model.name), size, where)))
        value = f"model:{model.name}"
        if pick.startswith("model:") and _same(model.name, pick[6:]):
            value = pick
        found.append((told, value))
    if pick not in {value for _, value in found}:
        name = one_line(pick.partition(":")[2])
        is_gone = seen is not None and pick.startswith("model:")
        found.append((f"{name} · {words['models_not_there']}" if is_gone else name, pick))
    return found


def bar_html(
    seen: Seen | None,
    pick: str,
    reader: Reader,
    *,
    articles: int | None,
    can_pull: bool,
    trouble: str = "",
) -> str:
    """The line that is always there: who answers, where, from how many articles; what to do.

    `articles` is None while unknown. `trouble` is what is wrong with the library, in words.
    """
    look, head, note = _told(seen, pick, WORDS[reader], reader, can_pull=can_pull)
    counted = f' <span class="mod-count">· {_count(articles, reader)}</span>'
    notes = "".join(f'<p class="mod-note">{escape(said)}</p>' for said in (note, trouble) if said)
    return (
        f'<div class="mod-say mod-{look}" role="status"><p class="mod-line">'
        f'<span class="mod-dot" aria-hidden="true"></span><span class="mod-who">{head}</span>'
        f"{counted if articles is not None else ''}</p>{notes}</div>"
    )


def _told(
    seen: Seen | None, pick: str, words: dict[str, str], reader: Reader, *, can_pull: bool
) -> tuple[str, str, str]:
    """How the line looks, its words as HTML, and what to know or to do."""
    if pick == QUOTES:
        return "quotes", escape(words["models_quoting"]), ""
    name = one_line(pick.partition(":")[2])
    if seen is None:
        return "looking", escape(words["models_looking"]), ""
    if pick != AUTO and not pick.startswith("model:"):
        return "model", _named(words["models_by_settings"], name), ""
    model = model_at(seen, pick)
    if model is not None:
        where = runs(seen, model)
        head = _named(words[f"models_by_{where}"], one_line(model.name), place=seen.place)
        if where != "here":
            return where, head, words[f"models_leaves_{where}"]
        stands_in = pick == AUTO and not _same(model.name, seen.wanted)
        note = words["models_stands_in"].format(wanted=one_line(seen.wanted)) if stands_in else ""
        return "model", head, note
    note = _remedy(seen, words, reader, can_pull=can_pull, by_name=pick != AUTO)
    if pick == AUTO:
        return "none", escape(words["models_without"]), note
    choose = words["models_choose"]
    return "gone", _named(words["models_gone"], name), f"{note} {choose}".strip()


def _remedy(
    seen: Seen, words: dict[str, str], reader: Reader, *, can_pull: bool, by_name: bool
) -> str:
    """What to do where no model can be had."""
    if seen.problem is not None:
        return in_words(seen.problem, reader)
    if seen.silent:
        return words["models_silent"].format(place=seen.place)
    if seen.answers and by_name:
        return words["models_pull_it"] if can_pull and seen.kind == "ollama" else ""
    if seen.kind == "openai":
        key = "models_empty_openai" if seen.answers else "models_down_openai"
    elif seen.answers:
        key = "models_empty" if can_pull else "models_empty_said"
    else:
        key = "models_down_here" if seen.here else "models_down_elsewhere"
    return words[key].format(place=seen.place, wanted=one_line(seen.wanted))


def _named(words: str, model: str, *, place: str = "") -> str:
    return escape(words).format(model=f"<strong>{escape(model)}</strong>", place=escape(place))


def _count(articles: int | None, reader: Reader) -> str:
    key = {0: "models_none", 1: "models_one"}.get(articles or 0, "models_many")
    number = f"{articles:,}" if articles else "0"
    return WORDS[reader][key].format(n=number.replace(",", ".") if reader == "id" else number)


def size_words(size: int, reader: Reader) -> str:
    """Bytes as people say them.

    >>> size_words(9_600_000_000, "en"), size_words(9_600_000_000, "id")
    ('9.6 GB', '9,6 GB')
    """
    said = machine.gigabytes(size)
    return said.replace(".", ",") if reader == "id" else said


def _same(name: str, other: str) -> bool:
    """Whether two names mean one model: without a tag the latest is meant."""
    return _tagged(name) == _tagged(other)


def _tagged(name: str) -> str:
    plain = name.strip().lower()
    return plain if ":" in plain.rpartition("/")[2] else f"{plain}:latest"
