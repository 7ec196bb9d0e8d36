"""Teaching the encoder one's own words: pairs, what is kept, and the way back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from rag import tune
from rag.cli import main
from rag.engine import Engine
from rag.errors import BadSetting, BadSource
from rag.schema import Article, Entry, Metadata, Progress, article_id_of
from rag.search.adapter import Adapter, read_adapter
from rag.search.weights import ADAPTER
from rag.settings import TAUGHT, Settings
from rag.tune import BEFORE, FEWEST, headlines, read_pairs, split

QUERY = "encoder.layer.0.attention.self.query.weight"
TOWNS = ("Arunika", "Balerejo", "Cendana", "Damarsari", "Embun", "Giriasih", "Hargo", "Indrakila")
THINGS = ("pasar", "jembatan", "sekolah", "masjid", "bendungan", "stasiun", "kantor", "museum")
# The headline says it in other words than the text.
STORIES = [
    (f"{town}: {thing} baru dibuka", f"Warga {town} kini punya {thing}, kata camat {n}.")
    for n, (town, thing) in enumerate((t, x) for t in TOWNS for x in THINGS)
]


def quiet(_: Progress) -> None:
    """Nobody looks at the progress."""


def settings(folder: Path) -> Settings:
    """As the command line reads them, of this data folder alone."""
    return Settings.load(environment={}, data_dir=folder)


def entry(title: str, text: str) -> Entry:
    """An article of the library."""
    from datetime import UTC, datetime

    article = Article(
        article_id=article_id_of(text), text=text, metadata=Metadata(title=title, source="a.txt")
    )
    return Entry(
        article=article, sources=("a.txt",), passages=1, added_at=datetime.now(UTC), copies=()
    )


def pairs_file(folder: Path) -> Path:
    """The stories as a file of pairs."""
    path = folder / "pairs.jsonl"
    rows = ({"headline": headline, "body": body} for headline, body in STORIES)
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


# Pairs -------------------------------------------------------------------------------------


def test_pairs_are_read_by_either_name(tmp_path: Path) -> None:
    """Questions with passages, headlines with bodies; blank lines are none."""
    path = tmp_path / "p.jsonl"
    path.write_text(
        '{"question": " Siapa? ", "passage": "Dia."}\n\n{"headline": "Judul", "body": "Isi."}\n'
    )
    assert read_pairs(path) == [("Siapa?", "Dia."), ("Judul", "Isi.")]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON"),
        ("[]", "lacks"),
        ('{"question": "Siapa?"}', "lacks"),
        ('{"question": "Siapa?", "passage": " "}', "lacks"),
        ('{"question": 3, "passage": "Dia."}', "lacks"),
    ],
)
def test_a_line_that_is_no_pair_is_named(tmp_path: Path, line: str, told: str) -> None:
    """File and line, before anything is learnt."""
    path = tmp_path / "p.jsonl"
    path.write_text('{"question": "Siapa?", "passage": "Dia."}\n' + line)
    with pytest.raises(BadSource, match=told) as caught:
        read_pairs(path)
    assert "line 2" in caught.value.message


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """Gone, or not text."""
    with pytest.raises(BadSource, match="cannot be read"):
        read_pairs(tmp_path / "gone.jsonl")
    (tmp_path / "b.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadSource, match="UTF-8"):
        read_pairs(tmp_path / "b.jsonl")


def test_a_headline_goes_with_what_follows_it() -> None:
    """Not with itself, and not where it is only the text's own beginning."""
    found = headlines(
        [
            entry("Banjir surut", "Air kini turun."),
            entry("Harga naik", "Harga naik\n\nBeras mahal."),
            entry("Presiden tiba di…", "Presiden tiba di Doha kemarin."),
        ]
    )
    assert found == [("Banjir surut", "Air kini turun."), ("Harga naik", "Beras mahal.")]


def test_no_passage_is_learnt_from_and_measured_by() -> None:
    """All pairs of a passage go the same way, and a pair that is there twice counts once."""
    pairs = [(f"question {n}", f"passage {n // 3}") for n in range(300)] * 2
    learn, held = split(pairs)
    assert len(learn) + len(held) == 300
    assert 45 <= len(held) <= 47
    assert not {p for _, p in learn} & {p for _, p in held}
    assert split(pairs) == (learn, held)


# Teaching ----------------------------------------------------------------------------------


def test_too_few_pairs_and_another_encoder_are_refused(tmp_path: Path) -> None:
    """Before anything is loaded, in one line that says what would do."""
    with pytest.raises(BadSource, match=f"takes {FEWEST}") as caught:
        tune.tune(settings(tmp_path), Engine, on_progress=quiet)
    assert "articles" in caught.value.hint
    other = Settings.load(environment={"KUTIP_EMBEDDER": "some/model"}, data_dir=tmp_path)
    with pytest.raises(BadSetting, match="bundled"):
        tune.tune(other, Engine, on_progress=quiet)
    with pytest.raises(BadSetting, match="nothing was tuned"):
        tune.undo(settings(tmp_path), Engine, on_progress=quiet)


def test_it_is_taught_and_measured_for_real(tmp_path: Path) -> None:
    """Two steps of the real encoder: figures of both, and kept only if it is better."""
    stages = []
    result = tune.tune(
        settings(tmp_path / "data"),
        Engine,
        pairs=pairs_file(tmp_path),
        on_progress=lambda progress: stages.append(progress.stage),
    )
    assert result.learnt_from + result.held_back == len(STORIES)
    assert 0 < result.before <= 1
    assert 0 < result.after <= 1
    assert result.low <= result.after - result.before <= result.high
    assert result.kept == (result.after > result.before)
    assert (tmp_path / "data" / TAUGHT).is_file() == result.kept
    assert list(dict.fromkeys(stages)) == ["embedding", "teaching"]
    assert not list((tmp_path / "data").glob("*.new"))


@pytest.fixture
def learns(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """An encoder that is taught at once; what it is found to be worth, before and after."""
    worth: list[float] = []
    ours = read_adapter(ADAPTER)

    def teach(*_: object, start: Adapter, **__: object) -> Adapter:
        b, a = start.parts[QUERY]
        return Adapter({**ours.parts, QUERY: (b * np.float32(1.5), a)})

    def ranks(*_: object) -> object:
        return np.full(4, worth.pop(0))

    monkeypatch.setattr(tune, "teach", teach)
    monkeypatch.setattr(tune, "_ranks", ranks)
    return worth


def test_what_is_better_is_kept_and_can_be_undone(tmp_path: Path, learns: list[float]) -> None:
    """The articles change over with it, twice; each undo goes one step back."""
    data = tmp_path / "data"
    with Engine(settings(data)) as engine:
        story = tmp_path / "a.txt"
        story.write_text("Gempa mengguncang Arunika pada Senin. Tidak ada korban jiwa.")
        assert [o.status for o in engine.add([str(story)])] == ["added"]
        first = engine.library.stored_fingerprint()
    fingerprints = [first]
    for _ in range(2):
        learns[:] = [0.5, 0.6]
        result = tune.tune(settings(data), Engine, pairs=pairs_file(tmp_path), on_progress=quiet)
        assert (result.kept, result.passages) == (True, 1)
        with Engine(settings(data)) as engine:
            assert engine.search("gempa Arunika")
            fingerprints.append(engine.library.stored_fingerprint())
    assert len(set(fingerprints)) == 3
    for expected in (fingerprints[1], first):
        assert tune.undo(settings(data), Engine, on_progress=quiet) == 1
        with Engine(settings(data)) as engine:
            assert engine.search("gempa Arunika")
            assert engine.library.stored_fingerprint() == expected
    assert not (data / TAUGHT).exists()
    assert not (data / BEFORE).exists()


@pytest.mark.parametrize("after", [0.5, 0.4])
def test_what_is_no_better_changes_nothing(
    tmp_path: Path, learns: list[float], after: float
) -> None:
    """As good is not better."""
    learns[:] = [0.5, after]
    result = tune.tune(settings(tmp_path), Engine, pairs=pairs_file(tmp_path), on_progress=quiet)
    assert (result.before, result.after, result.kept) == (0.5, after, False)
    assert not (tmp_path / TAUGHT).exists()
    assert not list(tmp_path.glob("*.new"))


def test_the_verb_says_what_came_of_it(
    tmp_path: Path, learns: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    """Figures and whether it was kept; undone in a line; what cannot be is an error of a line."""
    data = ["--data-dir", str(tmp_path / "data")]
    learns[:] = [0.5, 0.625]
    assert main(["tune", str(pairs_file(tmp_path)), *data]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "54 pairs learnt from, 10 held back to measure by",
        "MRR@10 of those: 0.500 before, 0.625 after",
        "difference: +0.125, 95 % interval +0.125 to +0.125",
        "Kept; 0 passages are embedded anew. Undo: kutip tune --undo",
    ]
    learns[:] = [0.5, 0.5]
    assert main(["tune", str(pairs_file(tmp_path)), "--json", *data]) == 0
    assert json.loads(capsys.readouterr().out)["kept"] is False
    assert main(["tune", "--undo", *data]) == 0
    assert capsys.readouterr().out.startswith("Undone; 0 passages")
    assert main(["tune", "--undo", *data]) == 2
    assert "nothing was tuned" in capsys.readouterr().err
    assert main(["tune", "--undo", "pairs.jsonl", *data]) == 2
    assert "takes no pairs" in capsys.readouterr().err
