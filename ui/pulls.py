"""Getting a language model from the page: what fits this machine, and how far a download is.

One download at a time, in a thread of its own: it goes on when the page is closed, and every page
shows the same one. Knows no component.
"""

from __future__ import annotations

import re
import threading
import time
from contextlib import closing
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

from rag import machine
from rag.engine import Engine
from rag.errors import KutipError
from rag.layout import one_line
from rag.schema import Progress
from rag.settings import Settings
from ui.desk import Desk, Reader
from ui.model_words import PULL_WORDS as WORDS
from ui.models import Seen, size_words
from ui.trouble import in_words

# As Ollama takes them: a host or a person may stand before the name, a tag after it.
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(?::\d{1,5}(?=/))?(?:/[\w.-]+){0,4}(?::[\w.-]+)?", re.ASCII)
_LONGEST = 200  # characters of a name
_UNKNOWN = 1 << 50  # bytes of memory, of another host's
_SETTLED = 5.0  # seconds until the pace of a download says something

# What speaks for a model; in English `rag.machine` says it.
_WHY_ID = {
    "gemma4:e4b": "membaca dan menulis bahasa Indonesia dan Inggris dengan baik; Kutip dibuat"
    " untuk model ini",
    "gemma4:26b": "menulis lebih baik, dan hampir sama cepatnya",
    "gemma4:31b": "yang paling teliti, tetapi lambat tanpa GPU besar",
    "gemma4:e2b": "lebih kecil dan lebih cepat, menguasai kedua bahasa",
    "qwen3:4b": "untuk memori 8 GB; menguasai kedua bahasa",
    "qwen3:1.7b": "untuk memori 4 GB; bahasa Indonesianya sederhana dan lebih sering keliru",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """A download of a model, as far as it has come."""

    model: str
    state: Literal["running", "done", "stopped", "failed"] = "running"
    progress: Progress | None = None  # None: nothing said yet
    seconds_left: float | None = None  # None: not known
    problem: KutipError | None = None  # why it failed


class Puller:
    """The one download that may run; its methods may be called from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._stop = threading.Event()  # of the download that runs
        self.now: Pull | None = None  # the latest one, running or over

    @property
    def running(self) -> bool:
        """Whether one runs."""
        return self.now is not None and self.now.state == "running"

    def start(self, model: str) -> bool:
        """Begin to download `model`; whether that could be, as one runs at a time.

        Raises what `Engine.pull` raises.
        """
        with self._lock:
            if self.running:
                return False
            lines = self._engine.pull(model)
            self._stop = stop = threading.Event()
            self.now = Pull(model=model)

        def work() -> None:
            end = Pull(model=model, state="failed")
            pace = _Pace()
            try:
                with closing(lines):
                    for progress in lines:
                        left = pace.left(progress)
                        self._tell(stop, Pull(model=model, progress=progress, seconds_left=left))
                        if stop.is_set():
                            return
                end = replace(end, state="done")
            except KutipError as error:
                end = replace(end, problem=error)
            finally:  # what nobody foresaw ends it too, and is told by the thread's own hook
                self._tell(stop, end)

        threading.Thread(target=work, name="kutip-pull", daemon=True).start()
        return True

    def stop(self) -> None:
        """End the download that runs; what has come is kept by Ollama."""
        with self._lock:
            if self.now is not None and self.running:
                # It is over for the page at once; the thread sees it with the next line.
                self._stop.set()
                self.now = replace(self.now, state="stopped")

    def _tell(self, stop: threading.Event, told: Pull) -> None:
        with self._lock:
            if stop is self._stop and not stop.is_set():
                self.now = told


class _Pace:
    """How long a download still takes, by how fast it has come so far."""

    def __init__(self) -> None:
        self._from: tuple[float, int] | None = None

    def left(self, progress: Progress) -> float | None:
        """Seconds; None while that cannot be said."""
        now = time.monotonic()
        # What an earlier download left behind is there at once, and says nothing of the pace.
        if self._from is None or progress.done < self._from[1]:
            if progress.done:
                self._from = (now, progress.done)
            return None
        since, before = self._from
        come = progress.done - before
        if now - since < _SETTLED or not come or progress.total is None:
            return None
        return (progress.total - progress.done) * (now - since) / come


def suggestions(
    seen: Seen, settings: Settings, memory: int, reader: Reader
) -> list[tuple[str, str]]:
    """Models worth getting, the one to take first: words and name.

    `memory` is in bytes, of this machine; models that are there already are left out.
    """
    there = {model.name for model in seen.models}
    fitting = machine.suggest(memory if seen.here and memory else _UNKNOWN)
    found = [
        " · ".join(
            (
                each.name,
                size_words(each.download_bytes, reader),
                _WHY_ID.get(each.name, each.why) if reader == "id" else each.why,
            )
        )
        for each in fitting
        if each.name not in there
    ]
    return [(told, told.partition(" · ")[0]) for told in found]


def machine_memory() -> int:
    """Bytes for a model on this machine: its memory, or its GPU's where that is more; 0 unknown.

    Takes up to two seconds: it asks the GPU's tool.
    """
    return max(machine.memory_bytes(), machine.gpu_bytes() or 0)


def about_html(seen: Seen, memory: int, reader: Reader) -> str:
    """What to know before getting a model."""
    words = WORDS[reader]
    told = [words["pulls_about"]]
    if seen.here and memory and not machine.suggest(memory):
        said = words["pulls_too_small"].format(memory=size_words(memory, reader))
        told.insert(0, said)
    return "".join(f'<p class="mod-about">{escape(said)}</p>' for said in told)


def start(desk: Desk, puller: Puller, name: str, reader: Reader) -> str:
    """Begin a download; what stands in its way, in words, or "".

    Raises `ReadOnly` on a page that changes nothing.
    """
    desk.must_write(reader)
    words = WORDS[reader]
    model = one_line(name)
    if not model:
        return words["pulls_no_name"]
    if len(model) > _LONGEST or not _NAME.fullmatch(model):
        return words["pulls_bad_name"]
    if model.lower().endswith((":cloud", "-cloud")):
        return words["pulls_cloud"].format(model=model)
    try:
        if puller.start(model):
            return ""
    except KutipError as error:
        return in_words(error, reader)
    running = puller.now.model if puller.now else model
    return words["pulls_busy"].format(model=running)


def stop(desk: Desk, puller: Puller, reader: Reader) -> None:
    """End the download that runs. Raises `ReadOnly` on a page that changes nothing."""
    desk.must_write(reader)
    puller.stop()


def pull_html(pull: Pull | None, reader: Reader, *, chosen: bool = False, refused: str = "") -> str:
    """How far a download has come, or how it ended; `refused` is why another one was not begun.

    `chosen`: the model answers from now on.
    """
    alert = f'<p class="mod-alert" role="alert">{escape(refused)}</p>' if refused else ""
    if pull is None:
        return alert
    words = WORDS[reader]
    if pull.state == "running":
        return alert + _running_html(pull, reader)
    if pull.state == "failed":
        said = words["pulls_broke"].format(model=pull.model)
        why = in_words(pull.problem, reader) if pull.problem else said
        return f'{alert}<p class="mod-alert" role="alert">{escape(why)}</p>'
    key = "pulls_stopped" if pull.state == "stopped" else "pulls_done"
    said = words["pulls_chosen" if chosen and pull.state == "done" else key]
    return f'{alert}<p class="mod-end" role="status">{escape(said.format(model=pull.model))}</p>'


def _running_html(pull: Pull, reader: Reader) -> str:
    words = WORDS[reader]
    progress = pull.progress
    doing, amount, per_cent = words["pulls_asking"], "", None
    if progress is not None:
        doing = _doing(progress.label, reader)
        if progress.total:
            # The whole is there only when Ollama says so: the last steps take their time.
            per_cent = min(99, 100 * progress.done // progress.total)
            amount = words["pulls_of"].format(
                done=size_words(progress.done, reader), total=size_words(progress.total, reader)
            )
    left = ""
    if pull.seconds_left is not None and progress and progress.done < (progress.total or 0):
        minutes = round(pull.seconds_left / 60)
        left = words["pulls_left"].format(n=minutes) if minutes else words["pulls_soon"]
    value = "" if per_cent is None else f' value="{per_cent}"'
    shown = "" if per_cent is None else f"{per_cent} %"
    details = " · ".join(filter(None, (doing, amount, left)))
    return (
        f'<div class="mod-pull"><p class="mod-pull-head"><strong>{escape(pull.model)}</strong>'
        f'<span class="mod-per-cent">{shown}</span></p>'
        f'<progress class="mod-progress" max="100"{value} aria-label="{escape(pull.model)}">'
        f'</progress><p class="mod-pull-said">{escape(details)}</p>'
        f'<p class="mod-about">{escape(words["pulls_goes_on"])}</p></div>'
    )


def _doing(status: str, reader: Reader) -> str:
    """What Ollama is doing, in the reader's words; in its own where they are not known."""
    said = one_line(status)
    for begins, key in (
        ("pulling manifest", "pulls_asking"),
        ("pulling ", "pulls_loading"),
        ("verifying", "pulls_checking"),
        ("writing", "pulls_finishing"),
        ("removing", "pulls_finishing"),
        ("success", "pulls_finishing"),
    ):
        if said.startswith(begins):
            return WORDS[reader][key]
    return said or WORDS[reader]["pulls_asking"]
