"""Teach an encoder by pairs of texts that belong together; what it learns is an adapter.

With sentence-transformers' own trainer and loss (in-batch negatives, temperature 1/20) and
peft's low-rank matrices. Knows nothing of where the pairs come from, nor whether it helped.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.errors import BadSetting
from rag.search.adapter import Adapter
from rag.search.embed import load_model, quiet

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import nn

Pair = tuple[str, str]

_TAUGHT = r".*\bencoder\.layer\..*\.(query|key|value|dense)"  # every linear layer that is used
_KEPT = 10.0  # how much staying where it was counts against finding the right one


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """How to teach. The defaults made the adapter that Kutip brings: docs/encoder.md."""

    rank: int = 32
    rate: float = 1e-3
    epochs: float = 1.0
    batch: int = 32  # each pair's negatives are the other pairs of its batch
    longest: int = 208  # word pieces; what is beyond is not seen
    seed: int = 7
    threads: int = 0  # 0: as many as there are cores


def teach(
    folder: Path,
    pairs: Mapping[str, Sequence[Pair]],
    *,
    keep: Sequence[Pair] = (),
    start: Adapter | None,
    lessons: Lessons,
    on_step: Callable[[int, int], None],
) -> Adapter:
    """What the model in `folder`, with `start`, learns from the pairs, kind by kind.

    A batch has pairs of one kind only. Of `keep`, the first text of each pair is taught to lie
    where the untaught model puts the second: that keeps what the model could do before, and
    brings another language to it (Reimers and Gurevych, EMNLP 2020). `on_step` gets the steps
    done and their number. Raises `BadSetting` where a library is missing, `ModelError` where
    the model cannot be loaded.
    """
    try:
        from datasets import Dataset
        from peft import LoraConfig
        from sentence_transformers import (
            SentenceTransformerTrainer,
            SentenceTransformerTrainingArguments,
        )
        from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
        from transformers import PrinterCallback, TrainerCallback, set_seed
    except ImportError as error:
        raise BadSetting(
            f"teaching the encoder needs {error.name}, which is not installed",
            hint="Install it: pip install 'kutip[tune]'",
        ) from error

    class Steps(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            on_step(state.global_step, state.max_steps)

    model = load_model(folder, lessons.threads)
    model.max_seq_length = lessons.longest
    places: list[list[float]] = []
    if keep:
        places = model.encode([text for _, text in keep], show_progress_bar=False).tolist()
    set_seed(lessons.seed)
    model.add_adapter(
        LoraConfig(
            r=lessons.rank,
            lora_alpha=lessons.rank,
            lora_dropout=0.0,
            target_modules=_TAUGHT,
        )
    )
    matrices = _matrices(model)
    if start is not None:
        _begin(matrices, start)
    # Or examples would be embedded for a card that nobody reads.
    model.model_card_data.widget = [{"source_sentence": "-"}]
    data = {
        kind: Dataset.from_dict({"anchor": [a for a, _ in some], "positive": [b for _, b in some]})
        for kind, some in pairs.items()
        if len(some) >= lessons.batch
    }
    losses: dict[str, nn.Module] = dict.fromkeys(data, MultipleNegativesRankingLoss(model))
    if len(keep) >= lessons.batch:
        data["keep"] = Dataset.from_dict(
            {
                "sentence": [first for first, _ in keep],
                "label": [list(map(float, p)) for p in places],
            }
        )
        losses["keep"] = _staying(model)
    with tempfile.TemporaryDirectory() as scratch, quiet():
        trainer = SentenceTransformerTrainer(
            model=model,
            args=SentenceTransformerTrainingArguments(
                output_dir=scratch,
                num_train_epochs=lessons.epochs,
                per_device_train_batch_size=lessons.batch,
                learning_rate=lessons.rate,
                warmup_steps=0.06,
                lr_scheduler_type="cosine",
                batch_sampler="no_duplicates",
                multi_dataset_batch_sampler="proportional",
                dataloader_drop_last=True,
                dataloader_pin_memory=False,
                logging_strategy="no",
                save_strategy="no",
                report_to=[],
                disable_tqdm=True,
                seed=lessons.seed,
            ),
            train_dataset=data,
            loss=losses,
            callbacks=[Steps()],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    return _learnt(matrices)


def _staying(model: SentenceTransformer) -> nn.Module:
    """A loss: how far the model puts a text from where it should lie, in cosines."""
    import torch

    class Staying(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, features: Sequence[dict[str, torch.Tensor]], labels: torch.Tensor) -> Any:
            found = self.model(dict(features[0]))["sentence_embedding"]
            cosines = torch.nn.functional.cosine_similarity(found, labels.to(found.dtype))
            return _KEPT * (1 - cosines).mean()

    return Staying()


def _matrices(model: nn.Module) -> dict[str, tuple[Any, Any]]:
    """The matrices to be taught, by the name of the weight that they change: (b, a) as in peft."""
    found: dict[str, tuple[Any, Any]] = {}
    parts = dict(model.named_parameters())
    for name, a in parts.items():
        if ".lora_A." in name:
            weight = name[: name.index(".lora_A.")] + ".weight"
            found[_bare(weight)] = (parts[name.replace("lora_A", "lora_B")], a)
    return found


def _bare(name: str) -> str:
    """The name that the weight has in the model's file, without those of what wraps it."""
    return re.sub(r"^.*?(?=\bencoder\.layer\.|\bembeddings\.)", "", name)


def _begin(matrices: Mapping[str, tuple[Any, Any]], start: Adapter) -> None:
    """Go on from what was learnt before; raises `ValueError` where it is of another shape."""
    import torch

    with torch.no_grad():
        for name, (b, a) in matrices.items():
            for mine, theirs in zip((b, a), start.parts[name], strict=True):
                if tuple(mine.shape) != theirs.shape:
                    raise ValueError(f"{name}: {theirs.shape}, not {tuple(mine.shape)}")
                mine.copy_(torch.from_numpy(theirs))


def _learnt(matrices: Mapping[str, tuple[Any, Any]]) -> Adapter:
    return Adapter(
        {
            name: (
                np.ascontiguousarray(b.detach().float().cpu().numpy()),
                np.ascontiguousarray(a.detach().float().cpu().numpy()),
            )
            for name, (b, a) in matrices.items()
        }
    )
