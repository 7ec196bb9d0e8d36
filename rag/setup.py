"""`kutip setup`: from nothing to a first answer, in steps that say what is missing and what to do.

Talks through a `Console` and prints nothing. Nothing is installed, and nothing is downloaded
unless that was agreed to; a step that fails says so in one line and the next one follows.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rag import configure, health, machine
from rag.dialogue import Console, Dialogue
from rag.errors import AnswererUnavailable, KutipError, ModelError
from rag.examples import examples
from rag.layout import one_line, sentence
from rag.listings import failure_line, summary_line
from rag.schema import LanguageModel, ModelServer
from rag.settings import Settings
from rag.terminal import answer_lines

if TYPE_CHECKING:
    from rag.engine import Engine

READY, FAILED = 0, 2
_LOOKS = 20  # for a server that somebody says has been started
_EMBEDDER_BYTES = 490_000_000  # of health.MULTILINGUAL, approximately
_ROOM = 1.05  # of a download's size must be free: there is a little more than the model
_UNKNOWN = 1 << 50  # bytes of memory, of another host's


def run_setup(
    engine_factory: Callable[[Settings], Engine],
    settings: Settings,
    console: Console,
    *,
    assume_yes: bool,
    interactive: bool,
) -> int:
    """Go through every step; 0 when a question can be asked, 2 if something asked for failed.

    With `assume_yes` nothing is asked and every offer is taken, downloads included. Neither
    that nor `interactive`: nothing is done, and what could be is said with what to type.
    """
    talk = Dialogue(console, assume_yes=assume_yes, interactive=interactive)
    for number, (title, step) in enumerate(_Setup(engine_factory, settings, talk).steps, 1):
        talk.head(f"{number}. {title}")
        try:
            step()
        except KutipError as error:
            talk.fail(sentence(error.message, error.hint))
        except OSError as error:
            talk.fail(f"This did not work: {error.strerror or error}.")
    if talk.failed:
        talk.head('Not everything worked. "kutip setup" can be run again at any time.')
    return FAILED if talk.failed else READY


class _Setup:
    """One run of the dialogue, and what it has found and changed so far."""

    def __init__(
        self,
        engine_factory: Callable[[Settings], Engine],
        settings: Settings,
        talk: Dialogue,
    ) -> None:
        self.steps: tuple[tuple[str, Callable[[], None]], ...] = (
            ("Your articles", self._articles),
            ("The server for language models", self._find_server),
            ("A language model", self._model),
            ("The model that searches", self._embedder),
            ("A first question", self._question),
        )
        self._engine_factory = engine_factory
        self._settings = settings
        self._talk = talk
        # Read before anything sets it: opening an embedding model does.
        self._offline = os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE")
        self._server: ModelServer | None = None

    # 1

    def _articles(self) -> None:
        folder = self._settings.data_dir.absolute()
        with self._engine_factory(self._settings) as engine:
            counts = engine.library.counts()
            self._talk.say(f"Everything is kept in {folder}.")
            for problem in engine.library.problems():
                self._talk.say(f"! {problem}")
            if counts["articles"]:
                self._talk.say(f"{counts['articles']:,} articles, {counts['passages']:,} passages.")
                return
            self._talk.say('There is no article yet. "kutip add FOLDER" adds your own.')
            seeds = examples()
            if seeds is None or not self._talk.agreed(
                "Add the example articles that Kutip comes with?",
                otherwise='"kutip add --examples" adds the ones that Kutip comes with.',
            ):
                return
            outcomes = list(engine.add([str(seeds)], on_progress=self._talk.console.meter))
        self._talk.say(f"{summary_line(outcomes)}.")
        for outcome in outcomes:
            if outcome.status == "failed":
                self._talk.fail(failure_line(outcome))

    # 2

    def _find_server(self) -> None:
        from rag.answer.model import server as servers
        from rag.answerers import address, wish

        wished = wish(self._settings)
        if wished.kind is None:
            self._talk.say("None is looked for: the settings ask for quotes only.")
            return
        url = address(self._settings, wished.kind)
        if not self._awaited(url, wished.kind):
            self._talk.say("Until then Kutip answers with quotes, which needs no model.")
            return
        found = servers.inspect(url, kind=wished.kind, key=self._settings.llm_key)
        name = "Ollama" if found.kind == "ollama" else "A server"
        self._talk.say(
            f"{' '.join(filter(None, [name, found.version]))} at {url}, on {found.where}."
        )
        for problem in found.problems:
            self._talk.say(f"! {problem}")
        if found.version is not None or found.models:
            self._server = found

    def _awaited(self, url: str, kind: str) -> bool:
        """Whether something answers at `url`, now or after the reader has started it."""
        from rag.answer.model import server as servers

        for look in range(_LOOKS):
            if servers.reachable(url):
                return True
            self._talk.say(f"{'Still nothing' if look else 'Nothing'} answers at {url}.")
            if look == 0:
                for line in missing(kind, here=servers.where(url) == "this machine"):
                    self._talk.say(line)
            if not self._talk.interactive:
                return False
            if not self._talk.console.confirm("Look again?", look == 0):
                return False
        return False

    # 3

    def _model(self) -> None:
        from rag.answer.model import server as servers
        from rag.answerers import wish

        if self._server is None:
            self._talk.say("There is no server to ask for one.")
            return
        names = [model.name for model in self._server.models]
        self._talk.say(f"It has {', '.join(names)}." if names else "It has no model yet.")
        wished = wish(self._settings)
        try:
            chosen, remark = servers.choose(
                self._server, wanted=wished.model, by_name=wished.by_name
            )
        except AnswererUnavailable as error:
            chosen, remark = None, error.message
        if remark:
            self._talk.say(sentence(remark, ""))
        if chosen is not None and _same(chosen.name, wished.model):
            self._talk.say(f"{chosen.name} will write the answers.")
            return
        if self._server.kind != "ollama":
            self._talk.say("That server is given its models by whoever runs it; Kutip cannot.")
            return
        here = self._server.where == "this machine"
        memory = max(machine.memory_bytes(), machine.gpu_bytes() or 0) if here else 0
        fitting = machine.suggest(memory or _UNKNOWN)
        name = self._which(chosen, wished.model, fitting, memory)
        if name is None:
            return
        if self._has(name):
            self._use(name)
            return
        sizes = {suggestion.name: suggestion.download_bytes for suggestion in fitting}
        size = sizes.get(name)
        told = f" (about {machine.gigabytes(size)})" if size else ""
        room = machine.disk_free(_models_folder()) if here else None
        if size and room is not None and room < size * _ROOM:
            free = f"{machine.gigabytes(room)} of disk is free in {_models_folder()}"
            self._talk.say(f"! Only {free}; {name} takes {machine.gigabytes(size)}.")
        agreed = self._talk.agreed(
            f"Let Ollama load {name}{told} from the internet?",
            otherwise=f'"ollama pull {name}" loads it{told}.',
        )
        if agreed and self._pull(name):
            self._use(name)

    def _which(
        self,
        chosen: LanguageModel | None,
        wanted: str,
        fitting: Sequence[machine.Suggestion],
        memory: int,
    ) -> str | None:
        """The name of the model to have; None for none. `memory` is 0 when not known."""
        if wanted != Settings().model:
            name = wanted  # somebody set it, and knows why
        elif fitting:
            name = fitting[0].name
        else:
            self._talk.say(machine.too_small(memory))
            return None
        if not self._talk.interactive:
            return name
        fit = f"fits its {machine.gigabytes(memory)} of memory" if memory else "can be had"
        self._talk.say(f"What reads Indonesian and English and {fit}:")
        for suggestion in fitting:
            download = machine.gigabytes(suggestion.download_bytes)
            self._talk.say(f"  {suggestion.name} (about {download}): {suggestion.why}.")
        said = self._talk.console.ask('Which one? A name, or "none":', "none" if chosen else name)
        return None if said.strip().lower() in ("", "none", "no", "n") else said.strip()

    def _has(self, name: str) -> bool:
        assert self._server is not None
        return any(_same(name, model.name) for model in self._server.models)

    def _pull(self, name: str) -> bool:
        from rag.answer.model import server as servers

        assert self._server is not None
        if not self._talk.show(servers.pull(self._server.url, name)):
            kept = f'"ollama pull {name}" goes on from there'
            self._talk.say(f"Stopped. What was loaded is kept by Ollama: {kept}.")
            return False
        self._server = servers.inspect(
            self._server.url, kind=self._server.kind, key=self._settings.llm_key
        )
        if not self._has(name):
            self._talk.fail(f'{name} was loaded and is not there. Look with "ollama list".')
            return False
        self._talk.say(f"{name} is there.")
        return True

    def _use(self, name: str) -> None:
        """Make `name` the model that writes the answers."""
        from rag.answerers import wish

        wished = wish(self._settings)
        if not _same(name, wished.model):
            if wished.by_name:
                self._talk.put(self._settings.data_dir, "answerer", f"ollama:{name}")
                self._settings = replace(self._settings, answerer=f"ollama:{name}")
            else:
                self._talk.put(self._settings.data_dir, "model", name)
                self._settings = replace(self._settings, model=name)
        self._talk.say(f"{name} will write the answers.")

    # 4

    def _embedder(self) -> None:
        name, settings = health.MULTILINGUAL, self._settings
        if settings.embedder != "bundled":
            self._talk.say(f"{settings.embedder}, as the settings say.")
            return
        self._talk.say("The model that Kutip comes with; it reads English best.")
        here = health.multilingual_is_here()
        if self._talk.assume_yes and not here and self._offline:
            self._talk.say(f"{name} is not fetched: HF_HUB_OFFLINE is set.")
            return
        size = "already here" if here else f"about {machine.gigabytes(_EMBEDDER_BYTES)} to load"
        if not self._talk.agreed(
            f"Use {name}, which reads Indonesian as well ({size})? All articles are read anew.",
            otherwise=f'{name} reads Indonesian as well ({size}); "kutip setup" on a terminal '
            "changes over.",
            default=here,
        ):
            return
        if not here and not self._fetch(name):
            return
        config = configure.Kept(settings.data_dir)
        self._talk.put(self._settings.data_dir, "embedder", name)
        try:
            with self._engine_factory(replace(settings, embedder=name)) as engine:
                passages = engine.reindex(on_progress=self._talk.console.meter)
        except BaseException:  # an interrupt too: what is indexed is still of the former model
            config.put_back()
            raise
        self._settings = replace(settings, embedder=name)
        self._talk.say(f"{name} searches from now on; {passages:,} passages are indexed for it.")

    def _fetch(self, name: str) -> bool:
        from rag.hub import fetch

        try:
            if not self._talk.show(fetch(name)):
                self._talk.say("Stopped; the next time it goes on from there. Nothing has changed.")
                return False
        except ModelError as error:
            # With --yes nobody asked for this model by name, and the other one goes on working.
            told = sentence(error.message, error.hint)
            if self._talk.assume_yes:
                self._talk.say(told)
            else:
                self._talk.fail(told)
            return False
        if not health.multilingual_is_here():
            self._talk.fail(f"{name} was loaded and is not complete. Run kutip setup again.")
            return False
        return True

    # 5

    def _question(self) -> None:
        with self._engine_factory(self._settings) as engine:
            entry = next(iter(engine.entries()), None)
            if entry is None:
                self._talk.say('Add articles first, then: kutip ask "..."')
                return
            metadata = entry.article.metadata
            question = opening(metadata.title, metadata.language)
            if self._talk.interactive:
                question = self._talk.console.ask("Ask your articles something:", question).strip()
            elif not self._talk.assume_yes:
                self._talk.say(f"Ask with: kutip ask {shlex.quote(question)}")
                return
            self._talk.say(question)
            answer = engine.ask(question)
        for line in answer_lines(answer):
            self._talk.say(line)
        self._talk.say('That is all. From now on: kutip ask "..."')


def missing(kind: str, *, here: bool, system: str | None = None) -> tuple[str, ...]:
    """What to do about a model server that does not answer, a line each.

    `here`: it should run on this machine, whose operating system is `system`.
    """
    system = platform.system() if system is None else system
    if kind != "ollama":
        return ("Start that server, or name another in KUTIP_LLM_URL.",)
    if not here:
        return ("Start Ollama on that host, or name another in OLLAMA_HOST.",)
    app = system == "Darwin" and Path("/Applications/Ollama.app").exists()
    if shutil.which("ollama") or app:
        other = " or open the Ollama app" if system in ("Darwin", "Windows") else ""
        return (f'Ollama is installed and not running: type "ollama serve" elsewhere{other}.',)
    first = "Ollama runs language models on this machine; it is free, and is not installed."
    if system == "Linux":
        return (
            first,
            "Install it as https://ollama.com/download tells, with this line, then look again:",
            "  curl -fsSL https://ollama.com/install.sh | sh",
        )
    return (first, "Install it from https://ollama.com/download and start it, then look again.")


def opening(title: str, language: str | None) -> str:
    """A first question about the article of this title, in its language.

    >>> opening("Banjir Demak", "id")
    'Apa isi artikel "Banjir Demak"?'
    """
    named = one_line(title).replace('"', "'")[:200]
    return f'Apa isi artikel "{named}"?' if language == "id" else f'What does "{named}" say?'


def _same(name: str, other: str) -> bool:
    """Whether two names mean one model: without a tag the latest is meant."""
    return (name if ":" in name else f"{name}:latest") == (
        other if ":" in other else f"{other}:latest"
    )


def _models_folder() -> Path:
    """Where Ollama keeps models, unless it runs as a service of the system's."""
    return Path(os.environ.get("OLLAMA_MODELS") or Path.home() / ".ollama")
