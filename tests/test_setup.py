"""`kutip setup`, step by step: what it says, asks, writes, and what it leaves alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rag.health import MULTILINGUAL
from rag.settings import Settings
from rag.setup import FAILED, READY, missing, opening
from tests import setting_up
from tests.fakes import EMBEDDING, GEMMA, FakeOllama
from tests.setting_up import INSTALL, NobodyThere, Script, articles, config, engine_of, setup

here = setting_up.here
nobody = setting_up.nobody


# Without a terminal --------------------------------------------------------------------------


def test_without_a_terminal_nothing_is_asked_or_done(tmp_path: Path, nobody: str) -> None:
    """Every step says what is missing and what to type; the folder stays empty."""
    console = NobodyThere()
    assert setup(tmp_path, nobody, console) == READY, console.text
    for words in (
        '"kutip add --examples"',
        f"Nothing answers at {nobody}.",
        "is not installed",
        INSTALL,
        "answers with quotes",
        MULTILINGUAL,
        "Add articles first",
    ):
        assert words in console.text, words
    assert articles(tmp_path) == 0
    assert config(tmp_path) == {}


def test_without_a_terminal_a_missing_model_is_named_and_not_pulled(tmp_path: Path) -> None:
    """The command to type is given, with the size."""
    console = NobodyThere()
    with FakeOllama(models=(EMBEDDING,)) as server:
        assert setup(tmp_path, server.url, console) == READY
        assert server.pulling == []
    assert '"ollama pull gemma4:e4b" loads it (about 9.6 GB).' in console.text


# With --yes ----------------------------------------------------------------------------------


def test_yes_goes_from_nothing_to_a_first_answer(tmp_path: Path) -> None:
    """The examples are added, the model is pulled with its progress, a question is answered."""
    console = NobodyThere()
    with FakeOllama(models=()) as server:
        assert setup(tmp_path, server.url, console, yes=True) == READY, console.text
        assert [chat.prompt for chat in server.pulling] == ["gemma4:e4b"]
        assert [chat.ended for chat in server.pulling] == [True]
    assert articles(tmp_path) == 3
    pulled = [p for p in console.progress if p.total == GEMMA.size]
    assert pulled[-1].done == GEMMA.size
    assert "gemma4:e4b will write the answers." in console.text
    assert "5. A first question" in console.told
    # The question is of an article that is there, and so is what comes after it.
    after = console.told[console.told.index("5. A first question") + 1 :]
    assert after[0].startswith("   ")
    assert len(after) > 3
    assert config(tmp_path) == {}  # the model that is set was taken


def test_yes_fetches_no_embedding_model_where_the_hub_is_forbidden(tmp_path: Path) -> None:
    """HF_HUB_OFFLINE, which the tests run under, is a wish that --yes does not overrule."""
    console = NobodyThere()
    with FakeOllama() as server:
        assert setup(tmp_path, server.url, console, yes=True) == READY
    assert f"{MULTILINGUAL} is not fetched: HF_HUB_OFFLINE is set." in console.text


def test_a_pull_that_fails_is_one_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    """The server's own words, status 2, and still a first answer."""
    lines = [{"status": "pulling manifest"}, {"error": "dial tcp: no route to host"}]
    console = NobodyThere()
    with FakeOllama(models=(), pulls=lines) as server:
        assert setup(tmp_path, server.url, console, yes=True) == FAILED
    failures = [line for line in console.told if "no route to host" in line]
    assert len(failures) == 1
    assert "5. A first question" in console.told
    assert articles(tmp_path) == 3


# The server ----------------------------------------------------------------------------------


def test_a_server_that_is_started_meanwhile_is_found(tmp_path: Path) -> None:
    """ "Look again?" looks again: the reader starts Ollama in another window."""
    server = FakeOllama()
    with server:
        url, port = server.url, server.port
    assert port

    class Starter(Script):
        def confirm(self, question: str, default: bool) -> bool:
            if question == "Look again?" and len([q for q in self.asked if q == question]) == 1:
                server.start()
            return super().confirm(question, default)

    console = Starter({"Look again?": True, "Add the example": False, "Use intfloat": False})
    try:
        assert setup(tmp_path, url, console) == READY
    finally:
        server.stop()
    assert console.asked.count("Look again?") == 2
    assert f"Ollama 0.35.2 at {url}, on this machine." in console.text
    assert "gemma4:e4b will write the answers." in console.text


def test_looking_again_does_not_go_on_for_ever(tmp_path: Path, nobody: str) -> None:
    """Whoever says yes and yes again is let go in the end."""
    console = Script({"Look again?": True, "Add the example": False, "Use intfloat": False})
    assert setup(tmp_path, nobody, console) == READY, console.text
    assert 1 < console.asked.count("Look again?") <= 20


@pytest.mark.parametrize(
    ("system", "installed", "words"),
    [
        ("Linux", False, INSTALL),
        ("Darwin", False, "https://ollama.com/download"),
        ("Windows", False, "https://ollama.com/download"),
        ("Linux", True, 'type "ollama serve"'),
        ("Windows", True, "open the Ollama app"),
    ],
)
def test_what_is_missing_is_said_for_each_system(
    monkeypatch: pytest.MonkeyPatch, system: str, installed: bool, words: str
) -> None:
    """Not installed and not running are told apart."""
    monkeypatch.setattr(shutil, "which", lambda _: "/bin/ollama" if installed else None)
    said = " ".join(missing("ollama", here=True, system=system))
    assert words in said
    assert ("is not installed" in said) is not installed


def test_a_server_elsewhere_is_not_installed_here() -> None:
    """For another host, or another kind of server, the advice is to start that one."""
    assert missing("ollama", here=False, system="Linux") == (
        "Start Ollama on that host, or name another in OLLAMA_HOST.",
    )
    assert "KUTIP_LLM_URL" in missing("openai", here=True, system="Linux")[0]


# The question --------------------------------------------------------------------------------


def test_the_question_that_is_typed_is_answered(tmp_path: Path, nobody: str) -> None:
    """Its answer is shown, with its source."""
    console = Script(
        {
            "Ask your articles": "Kapan Blinken meninggalkan Doha?",
            "Look again?": False,
            "Use intfloat": False,
        }
    )
    assert setup(tmp_path, nobody, console) == READY, console.text
    with engine_of(Settings(data_dir=tmp_path / "data", ollama_host=nobody)) as engine:
        expected = engine.ask("Kapan Blinken meninggalkan Doha?").text
    shown = "\n".join(console.told).splitlines()
    assert all(f"   {line}" in shown for line in expected.splitlines() if line)
    assert "Doha" in expected


def test_a_question_that_cannot_be_read_is_one_line(tmp_path: Path, nobody: str) -> None:
    """The last step fails like any other."""
    console = Script({"Ask your articles": "???", "Look again?": False, "Use intfloat": False})
    assert setup(tmp_path, nobody, console) == FAILED
    assert any("holds no word" in line for line in console.told)


def test_a_made_question_is_one_line_in_the_article_s_language() -> None:
    """Quotation marks and line ends of a title do not break it; long titles are cut."""
    assert opening('Kata "siapa"\nitu', "id") == "Apa isi artikel \"Kata 'siapa' itu\"?"
    assert opening("Flood", "en") == 'What does "Flood" say?'
    assert len(opening("x" * 5_000, None)) < 300
