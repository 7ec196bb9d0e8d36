"""Articles with the questions that a reader is taught by: read from a file, and asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.asked import asked_of_taught
from eval.datasets import DatasetError, Gold
from eval.reader import examples, main
from eval.taught import read_taught
from rag.settings import Settings

TAUGHT = Path(__file__).parents[2] / "eval" / "taught"
FERRY = """@ en
Ferry sinks off Olvar

The ferry Osprey sank off Port Olvar on Friday. Its captain, Ana Lee, was drowned.

Ana Lee was 41.
---
+ en | Who commanded the Osprey? | Ana Lee | Its captain
+ id | Di mana Osprey tenggelam? | off Port Olvar

- en | Who owns the Osprey?
"""
RICE = """@ id
Harga beras naik di Karsa

Harga beras di Karsa naik menjadi Rp15.000 pada hari Senin.
---
+ id | Berapa harga beras di Karsa? | Rp15.000
- en | how much is sugar in karsa
"""


def file(path: Path, text: str) -> Path:
    """A file of this text."""
    path.write_text(text, encoding="utf-8")
    return path


def test_articles_are_read_with_what_they_answer_and_what_not(tmp_path: Path) -> None:
    """The sentence that answers is the one with the answer; of several the one that is named."""
    ferry, rice = read_taught(file(tmp_path / "a.txt", FERRY + RICE))
    assert (ferry.name, rice.name) == ("en_a_01.txt", "id_a_02.txt")
    assert ferry.text.startswith("Ferry sinks off Olvar\n\nThe ferry Osprey")
    assert ferry.text.endswith("Ana Lee was 41.")
    assert [(q.question, q.language, q.answers, q.evidence) for q in ferry.questions] == [
        (
            "Who commanded the Osprey?",
            "en",
            ("Ana Lee",),
            (Gold(article="en_a_01.txt", quote="Its captain, Ana Lee, was drowned."),),
        ),
        (
            "Di mana Osprey tenggelam?",
            "id",
            ("off Port Olvar",),
            (Gold(article="en_a_01.txt", quote="The ferry Osprey sank off Port Olvar on Friday."),),
        ),
        ("Who owns the Osprey?", "en", (), ()),
    ]
    ids = [q.question_id for each in (ferry, rice) for q in each.questions]
    assert ids == [f"en_a_01.txt:{n}" for n in (1, 2, 3)] + [f"id_a_02.txt:{n}" for n in (1, 2)]


def test_each_is_asked_of_the_articles_of_its_file(tmp_path: Path) -> None:
    """As somebody asks who has pasted a few of them."""
    taught = read_taught(file(tmp_path / "a.txt", FERRY + RICE))
    settings = Settings.load(environment={})
    made = list(asked_of_taught(settings, taught, lambda _: None))
    told = examples(made)
    right = {(e.question.text, e.sentence.text) for e in told if e.answers}
    assert right == {
        ("Who commanded the Osprey?", "Its captain, Ana Lee, was drowned."),
        ("Di mana Osprey tenggelam?", "The ferry Osprey sank off Port Olvar on Friday."),
        (
            "Berapa harga beras di Karsa?",
            "Harga beras di Karsa naik menjadi Rp15.000 pada hari Senin.",
        ),
    }
    wrong = {e.question.text for e in told if not e.answers}
    assert {"Who owns the Osprey?", "how much is sugar in Karsa"} <= wrong  # cased


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("| off Port Olvar", "| off Port Halden", "line 9: no sentence holds the answer"),
        ("| Ana Lee | Its captain", "| Ana Lee", "line 8: 2 sentences hold 'Ana Lee'; give"),
        ("| Its captain", "| Her captain", "line 8: no sentence holds the answer 'Ana Lee' after"),
        ("| Ana Lee | Its captain", "", "line 8: '+ en | Who commanded the Osprey? ' is no"),
        ("- en | Who", "- en | Ana Lee | Who", "line 11: '- en | Ana Lee | Who"),
        ("- en | Who", "? en | Who", "line 11: '? en | Who owns the Osprey?' is no question in"),
        ("- en | Who", "- fr | Who", "line 11: 'fr' is no language here; write en or id"),
        ("@ en", "@ fr", "lines 1, 2, 4, 6, 7 and 3 more: it stands before the first article"),
    ],
)
def test_a_line_that_cannot_be_used_is_told(tmp_path: Path, old: str, new: str, why: str) -> None:
    """With its number, and what is wrong with it."""
    assert old in FERRY
    with pytest.raises(DatasetError) as error:
        read_taught(file(tmp_path / "a.txt", FERRY.replace(old, new, 1)))
    assert why in str(error.value)


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_a_file_without_an_article_is_refused(tmp_path: Path, text: str) -> None:
    """Rather than teach nothing."""
    with pytest.raises(DatasetError, match="holds no article"):
        read_taught(file(tmp_path / "a.txt", text))


def test_what_is_taught_with_kutip_can_be_read() -> None:
    """Every line of it; half of the articles are Indonesian, half of the questions unanswered."""
    every = [taught for path in sorted(TAUGHT.glob("*.txt")) for taught in read_taught(path)]
    assert len({taught.name for taught in every}) == len(every) > 300
    asked = [question for taught in every for question in taught.questions]
    good = sum(question.answerable for question in asked)
    assert 0.45 < good / len(asked) < 0.55
    for share in (
        sum(t.name.startswith("id_") for t in every) / len(every),
        sum(q.language == "id" for q in asked) / len(asked),
    ):
        assert 0.4 < share < 0.6


def test_the_command_teaches_on_by_articles(tmp_path: Path) -> None:
    """What was written is what a reader learns on from; one that is none is told."""
    taught = str(file(tmp_path / "a.txt", RICE))
    first, then = tmp_path / "r.safetensors", tmp_path / "s.safetensors"
    assert main(["--taught", taught, "--epochs", "1", "--out", str(first)]) == 0
    assert main(["--taught", taught, "--epochs", "1", "--on", str(first), "--out", str(then)]) == 0
    assert then.stat().st_size == first.stat().st_size
    assert then.read_bytes() != first.read_bytes()


def test_the_command_says_what_cannot_be_taught_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, and with the code of what cannot be done."""
    taught, out = str(file(tmp_path / "a.txt", RICE)), tmp_path / "s.safetensors"
    wrong = file(tmp_path / "r.safetensors", "no reader")
    assert main(["--taught", taught, "--on", str(wrong), "--out", str(out)]) == 2
    assert len(capsys.readouterr().err.splitlines()[-1]) < 300
    assert not out.exists()
