"""Small random models in folders, as sentence-transformers keeps one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors


def tiny(folder: Path, *, unigram: bool = False, nan_word: str = "") -> Path:
    """A BERT of two layers with 16 numbers a vector; the vector of `nan_word` is no number."""
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "berita", "harga", "beras", "naik"]
    words += [*"0123456789", *(f"##{digit}" for digit in range(10)), "query", "passage", ":"]
    if unigram:
        words = ["<s>", "<pad>", "</s>", "<unk>", *("▁" + word for word in words[5:]), "▁", "a"]
        tokenizer = Tokenizer(models.Unigram([(w, -float(i)) for i, w in enumerate(words)], 3))
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
        )
        first, last, kind = ("<s>", 0), ("</s>", 2), "XLMRobertaTokenizer"
    else:
        numbered = {word: number for number, word in enumerate(words)}
        tokenizer = Tokenizer(models.WordPiece(numbered, unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer()
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        first, last, kind = ("[CLS]", 2), ("[SEP]", 3), "BertTokenizer"
    tokenizer.add_special_tokens([word for word in words if word[0] in "[<"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first[0]} $A {last[0]}", special_tokens=[first, last]
    )
    width, inner, layers, longest = 16, 32, 2, 40
    config = {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "vocab_size": len(words),
        "hidden_size": width,
        "intermediate_size": inner,
        "num_hidden_layers": layers,
        "num_attention_heads": 2,
        "max_position_embeddings": longest,
        "type_vocab_size": 2,
        "hidden_act": "gelu",
        "layer_norm_eps": 1e-12,
    }
    random = np.random.default_rng(0)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings": (len(words), width),
        "embeddings.position_embeddings": (longest, width),
        "embeddings.token_type_embeddings": (2, width),
    }
    dense = {"attention.self.query": (width, width), "attention.self.key": (width, width)}
    dense |= {"attention.self.value": (width, width), "attention.output.dense": (width, width)}
    dense |= {"intermediate.dense": (inner, width), "output.dense": (width, inner)}
    for layer in range(layers):
        shapes |= {f"encoder.layer.{layer}.{part}": shape for part, shape in dense.items()}
        shapes |= {f"encoder.layer.{layer}.attention.output.LayerNorm": (width,)}
        shapes |= {f"encoder.layer.{layer}.output.LayerNorm": (width,)}
    shapes |= {"embeddings.LayerNorm": (width,), "pooler.dense": (width, width)}
    weights = {}
    for name, shape in shapes.items():
        weights[name + ".weight"] = random.normal(0, 0.5, shape).astype(np.float32)
        if not name.endswith("_embeddings"):
            weights[name + ".bias"] = random.normal(0, 0.1, shape[0]).astype(np.float32)
    if nan_word:
        weights["embeddings.word_embeddings.weight"][words.index(nan_word)] = np.nan
    (folder / "1_Pooling").mkdir(parents=True)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer.save(str(folder / "tokenizer.json"))
    kinds = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    modules = [
        {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for i, (path, kind) in enumerate(kinds)
    ]
    pooling = {"word_embedding_dimension": width, "pooling_mode_mean_tokens": True}
    for name, content in {
        "config.json": config,
        "modules.json": modules,
        "1_Pooling/config.json": pooling,
        "sentence_bert_config.json": {"max_seq_length": 32, "do_lower_case": False},
        "tokenizer_config.json": {"tokenizer_class": kind, "model_max_length": 40},
    }.items():
        (folder / name).write_text(json.dumps(content))
    return folder


def change(file: Path, **settings: Any) -> None:
    """Set or replace entries of a JSON file."""
    file.write_text(json.dumps(json.loads(file.read_text()) | settings))


def noted(cache: Path, section: str) -> Any:
    """One section of what an embedder noted in its cache folder."""
    return json.loads((cache / "embedder.json").read_text())[section]
