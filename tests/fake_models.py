"""The models that the doubles of model servers have, and what a server tells of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeModel:
    """A model that the server has."""

    name: str
    size: int  # bytes
    context_length: int  # tokens, as trained
    capabilities: tuple[str, ...]
    parameters: str  # "8.0B"
    family: str

    def entry(self) -> Body:
        """How lists of models show it."""
        entry: Body = {
            "name": tagged(self.name),
            "model": tagged(self.name),
            "modified_at": "2026-05-04T09:12:33.123456789+07:00",
            "size": self.size,
            "digest": hashlib.sha256(tagged(self.name).encode()).hexdigest(),
            "details": self.details(),
        }
        if is_cloud(self.name):
            remote = re.sub(r"[:-]cloud$", "", self.name)
            entry |= {"remote_model": remote, "remote_host": "https://ollama.com:443"}
        return entry

    def shown(self) -> Body:
        """What Ollama's /api/show tells."""
        family = self.family
        return {
            "modelfile": f"# Modelfile of {self.name}\nFROM {self.name}\n",
            "parameters": "temperature                    1",
            "template": "{{ .Prompt }}",
            "details": self.details(),
            "model_info": {
                "general.architecture": family,
                "general.file_type": 15,
                f"{family}.block_count": 42,
                f"{family}.context_length": self.context_length,
                f"{family}.embedding_length": 2560,
            },
            "capabilities": list(self.capabilities),
            "modified_at": "2026-05-04T09:12:33.123456789+07:00",
        }

    def details(self) -> Body:
        """What kind of model it is."""
        return {
            "parent_model": "",
            "format": "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": self.parameters,
            "quantization_level": "Q4_K_M",
        }


def tagged(name: str) -> str:
    """The full name: one without a tag means the latest.

    >>> tagged("gemma4"), tagged("hf.co:443/some/model"), tagged("gemma4:e4b")
    ('gemma4:latest', 'hf.co:443/some/model:latest', 'gemma4:e4b')
    """
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def is_cloud(name: str) -> bool:
    """Whether the name stands for a model that runs elsewhere."""
    return name.endswith((":cloud", "-cloud"))


GEMMA = FakeModel(
    name="gemma4:e4b",
    size=9_608_350_718,
    context_length=131_072,
    capabilities=("completion", "vision", "tools", "thinking"),
    parameters="8.0B",
    family="gemma4",
)
LLAMA = FakeModel(  # cannot think
    name="llama3.2:latest",
    size=2_019_393_189,
    context_length=131_072,
    capabilities=("completion", "tools"),
    parameters="3.2B",
    family="llama",
)
EMBEDDING = FakeModel(  # cannot chat
    name="nomic-embed-text:latest",
    size=274_302_450,
    context_length=2048,
    capabilities=("embedding",),
    parameters="137M",
    family="nomic-bert",
)
CLOUD = FakeModel(  # runs on ollama.com
    name="gpt-oss:120b-cloud",
    size=12_384,
    context_length=131_072,
    capabilities=("completion", "tools", "thinking"),
    parameters="116.8B",
    family="gptoss",
)
# What `ollama pull` finds.
LIBRARY = {model.name: model for model in (GEMMA, LLAMA, EMBEDDING, CLOUD)}


def pull_lines(name: str) -> Iterator[Body]:
    """The lines of a pull of `name`, as Ollama sends them: bytes are counted layer by layer."""
    yield {"status": "pulling manifest"}
    model = LIBRARY.get(tagged(name))
    if model is None:
        yield {"error": "pull model manifest: file does not exist"}
        return
    for part, total in (("weights", model.size - 11_839), ("template", 11_355), ("config", 484)):
        digest = "sha256:" + hashlib.sha256(f"{model.name} {part}".encode()).hexdigest()
        line = {"status": f"pulling {digest[7:19]}", "digest": digest, "total": total}
        yield line  # the first line of a layer has no "completed"
        for quarter in (1, 2, 3, 4):
            yield line | {"completed": total * quarter // 4}
    for status in ("verifying sha256 digest", "writing manifest", "success"):
        yield {"status": status}
