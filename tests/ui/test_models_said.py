"""What the bar says of who answers and where, and what its picker offers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from rag.errors import ServerError
from rag.schema import LanguageModel, Progress
from rag.settings import Settings
from tests.ui.model_desk import SEEN, line_of
from ui import model_bar, models, pulls
from ui.desk import Reader
from ui.models import AUTO, QUOTES
from ui.pulls import Pull

HOSTILE = "<img src=x onerror=alert(1)>\"'"

# What is said --------------------------------------------------------------------------------


def test_before_the_first_look() -> None:
    """Until something was seen the line says that it looks, and both sure choices are there."""
    assert line_of(None, articles=None) == "Looking for a model …"
    assert [value for _, value in models.choices(None, AUTO, "id")] == [AUTO, QUOTES]


@pytest.mark.parametrize(
    ("articles", "reader", "said"),
    [
        (0, "en", "no articles yet"),
        (1, "en", "1 article"),
        (12_345, "en", "12,345 articles"),
        (0, "id", "belum ada artikel"),
        (1, "id", "1 artikel"),
        (12_345, "id", "12.345 artikel"),
    ],
)
def test_how_many_articles(articles: int, reader: Reader, said: str) -> None:
    """The number is written as the reader's language writes it."""
    assert line_of(SEEN, QUOTES, reader, articles=articles).endswith(f"· {said}")


def test_another_host_is_named() -> None:
    """A model elsewhere is shown with the address, and that passages go there."""
    model = LanguageModel(name="m:1", can=("completion",))
    seen = replace(SEEN, here=False, place="10.0.0.7:11434", models=(model,), auto="m:1")
    html = models.bar_html(seen, AUTO, "en", articles=3, can_pull=True)
    assert "mod-elsewhere" in html
    assert "on another host: 10.0.0.7:11434" in html
    assert "go to that host" in html
    down = replace(seen, answers=False, models=(), auto="")
    assert "Ollama does not answer at 10.0.0.7:11434" in line_of(down)


def test_what_was_picked_and_is_gone() -> None:
    """It stays picked and is said to be gone: another model never takes its place unseen."""
    found = models.choices(SEEN, "model:gone:7b", "en")
    assert found[-1] == ("gone:7b · not there", "model:gone:7b")
    assert line_of(SEEN, "model:gone:7b").startswith("gone:7b cannot be had")
    assert models.lacks(SEEN, "model:gone:7b")


def test_a_name_without_its_tag() -> None:
    """A model picked without a tag is the latest: its choice is not offered twice."""
    latest = LanguageModel(name="llama3.2:latest", can=("completion",))
    seen = replace(SEEN, models=(latest,))
    assert [value for _, value in models.choices(seen, "model:llama3.2", "en")] == [
        AUTO,
        QUOTES,
        "model:llama3.2",
    ]
    assert models.model_at(seen, "model:llama3.2") == latest


@pytest.mark.parametrize(
    ("settings", "pick"),
    [
        (Settings(), "auto"),
        (Settings(answerer="extractive"), "extractive"),
        (Settings(answerer="ollama"), "model:gemma4:e4b"),
        (Settings(answerer="openai:m", llm_url="http://127.0.0.1:1/v1"), "model:m"),
        (Settings(answerer="ollama:m", llm_url="http://127.0.0.1:1/v1"), "ollama:m"),
    ],
)
def test_where_the_picker_starts(settings: Settings, pick: str) -> None:
    """It starts at what the settings ask for."""
    assert models.first_pick(settings) == pick


@pytest.mark.parametrize("reader", ["en", "id"])
def test_names_stay_text(reader: Reader) -> None:
    """A model or a place with a hostile name puts no tag into the page."""
    model = LanguageModel(name=HOSTILE, can=("completion",))
    for here, cloud in ((True, False), (False, False), (False, True)):
        bad = replace(model, cloud=cloud)
        seen = replace(SEEN, here=here, place=HOSTILE, wanted=HOSTILE, models=(bad,), auto=HOSTILE)
        for pick in (AUTO, f"model:{HOSTILE}", "model:<b>", f"ollama:{HOSTILE}"):
            for shown in (seen, replace(seen, answers=False, models=(), auto=""), None):
                html = models.bar_html(
                    shown, pick, reader, articles=1, can_pull=False, trouble=HOSTILE
                )
                assert "<img" not in html
                assert "<b>" not in html
    loading = Progress(stage="loading", done=1, total=2, label=HOSTILE)
    for pull in (
        Pull(model=HOSTILE, progress=loading),
        Pull(model=HOSTILE, state="failed", problem=ServerError(HOSTILE, hint=HOSTILE)),
        Pull(model=HOSTILE, state="stopped"),
        Pull(model=HOSTILE, state="done"),
    ):
        assert "<img" not in pulls.pull_html(pull, reader, refused=HOSTILE)


def test_both_languages_have_every_word() -> None:
    """Indonesian and English have the same words, with the same blanks to fill."""
    for words in model_bar.ALL_WORDS:
        assert words["en"].keys() == words["id"].keys()
        for key, text in words["en"].items():
            blanks = re.findall(r"{\w+}", text)
            assert sorted(re.findall(r"{\w+}", words["id"][key])) == sorted(blanks), key
