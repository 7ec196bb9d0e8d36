"""Teach a reader by questions with sentences that answer them, and with others that do not.

Each sentence teaches twice: whether it answers, and which of its words do (as a span reader is
taught: Devlin et al., 2019, arXiv:1810.04805, 4.3); only the first is asked of it later. Knows
nothing of where the examples come from, nor whether it helped.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.schema import MarkedText, Span
from rag.search.adapter import Adapter
from rag.search.reader import KINDS, TOLD, Learnt, Piece, end_of, kinds_of, laid_out

if TYPE_CHECKING:
    import torch
    from torch import nn

_CHUNK = 40  # batches that are filled together, so that texts of like length stand in one
_NEVER = -1e4  # the log-odds of what cannot be
_MOST = 0.9999  # the likelihood of no words, at most, where there are some
_WARM = 0.06  # of all steps
_LONGEST_STEP = 1.0  # the norm of a gradient at most
_APART = 0.02  # how far kinds of words are from one another at first
_NEW = "embeddings.token_type_embeddings"
_KEPT = ("embeddings.word_embeddings", "embeddings.position_embeddings", "pooler")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question with a sentence, and what stands before that."""

    question: MarkedText
    before: MarkedText
    sentence: MarkedText
    answers: bool
    words: Span | None = None  # of the sentence, that answer; None: none, or who can say
    near: bool = False  # of those that do not answer: one that is most like those that do


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """How to teach. The defaults made the reader that Kutip brings: docs/log.md, "A reader"."""

    rate: float = 1.5e-4
    new_rate: float = 1e-3  # of what the encoder has nothing of yet: the head, kinds of words
    epochs: float = 3.0
    batch: int = 32
    others: float = 1.45  # sentences that do not answer, in an epoch, for each that does
    near: float = 0.55  # the share of those that are near, where there are as many
    seed: int = 0
    threads: int = 0  # 0: as many as there are cores


def teach_reader(
    folder: Path,
    examples: Sequence[Example],
    *,
    start: Adapter,
    on: Learnt | None = None,
    lessons: Lessons,
    on_step: Callable[[int, int, float], None],
) -> Learnt:
    """What the encoder in `folder`, with the changes of `start`, learns by these examples.

    One that learns `on` begins with what it has learnt before. In each epoch stand all examples
    that answer, and others drawn anew. `on_step` gets the steps done, their number and the loss.
    Raises ValueError where no example answers, or what was learnt before is of another model.
    """
    import torch
    from transformers import AutoModel, AutoTokenizer

    rng = random.Random(lessons.seed)
    torch.manual_seed(lessons.seed)
    if lessons.threads:
        torch.set_num_threads(lessons.threads)
    bert: Any = AutoModel.from_pretrained(str(folder), attn_implementation="eager")
    _put_in(bert, start)
    kinds = _with_kinds(bert)
    taught = _taught(bert)
    before = {name: weight.detach().clone() for name, weight in taught.items()}
    net = _net(bert)
    if on is not None:
        _remember(net, taught, on)
    lay = _Layout(AutoTokenizer.from_pretrained(str(folder)))
    right = [lay.out(each) for each in examples if each.answers]
    if not right:
        raise ValueError("nothing to teach: no sentence answers")
    wrong = _Wrong.of([each for each in examples if not each.answers], lay, len(right), lessons)
    steps = max(1, int(lessons.epochs * (len(right) + wrong.drawn) / lessons.batch))
    optimiser, schedule = _course(net, taught, lessons, steps)
    net.train()
    done = 0
    while done < steps:
        for batch in _batches([*right, *wrong.some(rng)], lessons.batch, rng):
            if done == steps:
                break
            with torch.autocast("cpu", dtype=torch.bfloat16):
                words, answers = net(*_padded(batch))
            loss = _loss(words, answers, batch)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(
                [p for p in net.parameters() if p.requires_grad], _LONGEST_STEP
            )
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            done += 1
            on_step(done, steps, loss.item())
    linear = net.head[-1]
    return Learnt(
        added={name: _numbers(weight - before[name]) for name, weight in taught.items()},
        kinds=_numbers(kinds.weight),
        head={"weight": _numbers(linear.weight), "bias": _numbers(linear.bias)},
    )


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What does not answer, of which some is drawn in each epoch."""

    near: Sequence[_Text]
    far: Sequence[_Text]
    drawn: int
    drawn_near: int

    @classmethod
    def of(cls, examples: Sequence[Example], lay: _Layout, right: int, lessons: Lessons) -> _Wrong:
        """As the lessons have it, beside so many that are `right`."""
        near, far = (
            [lay.out(each) for each in examples if each.near == near] for near in (True, False)
        )
        drawn = min(len(near) + len(far), int(lessons.others * right))
        drawn_near = max(drawn - len(far), min(len(near), int(lessons.near * drawn)))
        return cls(near, far, drawn, drawn_near)

    def some(self, rng: random.Random) -> list[_Text]:
        """Those of one epoch."""
        return rng.sample(self.near, self.drawn_near) + rng.sample(
            self.far, self.drawn - self.drawn_near
        )


def _course(net: Any, taught: Mapping[str, nn.Parameter], lessons: Lessons, steps: int) -> Any:
    """What changes the weights, and how much at each step."""
    import torch

    kinds = net.bert.embeddings.token_type_embeddings.weight
    optimiser = torch.optim.AdamW(
        [
            {"params": list(taught.values()), "lr": lessons.rate},
            {"params": [*net.words.parameters(), *net.head.parameters()], "lr": lessons.new_rate},
            {"params": [kinds], "lr": lessons.new_rate, "weight_decay": 0.0},
        ],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min((step + 1) / (_WARM * steps), (steps - step) / ((1 - _WARM) * steps)),
    )
    return optimiser, schedule


@dataclass(frozen=True, slots=True)
class _Text:
    """An example as the model is given it."""

    pieces: list[int]
    kinds: list[int]
    told: tuple[int, int]  # where the sentence's pieces begin and end
    answers: bool
    words: tuple[int, int] | None  # the first and the last piece of the words that answer


class _Layout:
    """Examples in word pieces."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._ends = (tokenizer.cls_token_id, tokenizer.sep_token_id)

    def out(self, example: Example) -> _Text:
        """The pieces of an example, laid out as the reader lays them out."""
        told, places = self._pieces(example.sentence)
        pieces, kinds = laid_out(
            self._pieces(example.question)[0],
            self._pieces(end_of(example.before))[0],
            told,
            self._ends,
        )
        end = len(pieces) - 1
        start = end - min(TOLD, len(told))
        inside: list[int] = []
        if example.words is not None:
            inside = [
                start + number
                for number, (first, last) in enumerate(places[:TOLD])
                if last > example.words.start and first < example.words.end
            ]
        words = (inside[0], inside[-1]) if inside else None
        return _Text(pieces, kinds, (start, end), example.answers, words)

    def _pieces(self, text: MarkedText) -> tuple[list[Piece], list[tuple[int, int]]]:
        found = self._tokenizer(text.text, add_special_tokens=False, return_offsets_mapping=True)
        places: list[tuple[int, int]] = found["offset_mapping"]
        kinds = kinds_of(places, text.marks)
        return list(zip(found["input_ids"], kinds, strict=True)), places


def _put_in(bert: nn.Module, start: Adapter) -> None:
    """Add what was learnt before to the weights themselves."""
    import torch

    parts = dict(bert.named_parameters())
    with torch.no_grad():
        for name, (b, a) in start.parts.items():
            parts[name].add_(torch.from_numpy(b @ a))


def _with_kinds(bert: Any) -> nn.Embedding:
    """Give it a row for each kind of words: of the question's, BERT's first, nearly, and so on."""
    import torch

    old = bert.embeddings.token_type_embeddings.weight.detach()
    rows = torch.cat([old[:1].repeat(KINDS[0], 1), old[1:].repeat(sum(KINDS[1:]), 1)])
    kinds = torch.nn.Embedding(*rows.shape)
    with torch.no_grad():
        kinds.weight.copy_(rows + torch.randn(rows.shape) * _APART)
    bert.embeddings.token_type_embeddings = kinds
    return kinds


def _remember(net: Any, taught: Mapping[str, nn.Parameter], learnt: Learnt) -> None:
    """Give it what was learnt before; which words answer is learnt anew, as no reader keeps it."""
    import torch

    weights = {
        f"bert.{name}": weight + torch.tensor(learnt.added[name])
        for name, weight in taught.items()
        if name in learnt.added
    }
    if len(weights) != len(learnt.added):
        raise ValueError("what is taught on was learnt by another model")
    weights[f"bert.{_NEW}.weight"] = torch.tensor(learnt.kinds)
    weights |= {f"head.1.{name}": torch.tensor(w) for name, w in learnt.head.items()}
    try:
        net.load_state_dict(weights, strict=False)
    except RuntimeError as error:
        raise ValueError(f"what is taught on was learnt by another model: {error}") from error


def _taught(bert: nn.Module) -> dict[str, nn.Parameter]:
    """What is taught besides new things: all but the tables of words and of places.

    Of those a few rows are used.
    """
    found = {}
    for name, weight in bert.named_parameters():
        kept = name.startswith(_KEPT)
        weight.requires_grad_(not kept)
        if not kept and not name.startswith(_NEW):
            found[name] = weight
    return found


def _net(bert: Any) -> Any:
    """The model with what it is taught by: which words answer, and whether the sentence does."""
    import torch

    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert
            size = bert.config.hidden_size
            self.words = torch.nn.Linear(size, 2)
            self.head = torch.nn.Sequential(torch.nn.Dropout(0.1), torch.nn.Linear(2 * size, 1))

        def forward(self, pieces: Any, kinds: Any, mask: Any) -> tuple[Any, Any]:
            states = self.bert(
                input_ids=pieces, token_type_ids=kinds, attention_mask=mask
            ).last_hidden_state
            share = mask[..., None] / mask.sum(1)[:, None, None]
            read = torch.cat([states[:, 0], (states * share).sum(1)], dim=1)
            return self.words(states).float(), self.head(read)[:, 0].float()

    return Net()


def _batches(texts: Sequence[_Text], size: int, rng: random.Random) -> Iterator[list[_Text]]:
    """All texts in a new order, those of like length together."""
    mixed = list(texts)
    rng.shuffle(mixed)
    found: list[list[_Text]] = []
    for start in range(0, len(mixed), size * _CHUNK):
        chunk = sorted(mixed[start : start + size * _CHUNK], key=lambda text: len(text.pieces))
        found += [chunk[at : at + size] for at in range(0, len(chunk), size)]
    rng.shuffle(found)
    yield from found


def _padded(batch: Sequence[_Text]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Pieces, their kinds and what is no padding, each of shape (texts, longest)."""
    import torch

    shape = (len(batch), max(len(text.pieces) for text in batch))
    pieces, kinds, mask = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    for row, text in enumerate(batch):
        length = len(text.pieces)
        pieces[row, :length] = torch.tensor(text.pieces)
        kinds[row, :length] = torch.tensor(text.kinds)
        mask[row, :length] = 1
    return pieces, kinds, mask


def _loss(words: torch.Tensor, answers: torch.Tensor, batch: Sequence[_Text]) -> torch.Tensor:
    """How wrong the net is: about the sentence, and about the words of it, together.

    `words` has shape (texts, pieces, 2), for the first and the last piece of the words that
    answer, `answers` (texts,). The first piece of all stands for no words.
    """
    import torch

    about = torch.tensor([float(text.answers) for text in batch])
    whether = torch.nn.functional.binary_cross_entropy_with_logits(answers, about)
    may = torch.zeros(words.shape[:2], dtype=torch.bool)
    may[:, 0] = True
    for row, text in enumerate(batch):
        may[row, text.told[0] : text.told[1]] = True
    likely = words.masked_fill(~may[..., None], _NEVER).log_softmax(1)
    which = []
    for row, text in enumerate(batch):
        if text.answers and text.words is None:
            # Some words of it answer, nobody told which.
            which.append(-torch.log1p(-likely[row, 0].exp().clamp(max=_MOST)).sum())
        else:
            first, last = text.words or (0, 0)
            which.append(-(likely[row, first, 0] + likely[row, last, 1]) / 2)
    return whether + torch.stack(which).mean()


def _numbers(weight: torch.Tensor) -> np.ndarray[Any, Any]:
    return np.ascontiguousarray(weight.detach().float().cpu().numpy())
