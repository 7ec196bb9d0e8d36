"""Write one setting into the settings file of a data folder, and leave every other line alone."""

from __future__ import annotations

import json
import os
import re
import tempfile
import tomllib
from contextlib import suppress
from pathlib import Path

from rag.errors import BadSetting, StoreError

_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)


class Kept:
    """The settings file of a data folder as it was when this was made."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "config.toml"
        self._text = _read(self._path)

    def put_back(self) -> None:
        """Make the file what it was; raises `StoreError`."""
        if self._text is None:
            self._path.unlink(missing_ok=True)
        else:
            _write(self._path, self._text)


def put(folder: Path, name: str, value: str) -> Path:
    """Set `name` to `value` in the folder's ``config.toml``, which is returned.

    The file is replaced whole, so a reader sees all of the old one or all of the new one.
    Raises `BadSetting` when the file is not TOML, or sets `name` in a way that cannot be
    changed without touching other lines, and `StoreError` when it cannot be written.
    """
    path = folder / "config.toml"
    before = _read(path) or ""
    # A TOML basic string escapes what JSON does, and U+007F besides.
    line = f"{name} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
    table = _TABLE.search(before)
    end = table.start() if table else len(before)
    top, rest = before[:end], before[end:]
    setting = re.compile(rf"^[ \t]*{re.escape(name)}[ \t]*=.*$", re.MULTILINE)
    if setting.search(top):
        top = setting.sub(lambda _: line, top, count=1)
    else:
        top = f"{top}{chr(10) * bool(top and not top.endswith(chr(10)))}{line}\n"
    after = top + rest
    try:
        wanted = tomllib.loads(before) | {name: value}
        right = tomllib.loads(after) == wanted
    except tomllib.TOMLDecodeError:
        right = False
    if not right:
        raise BadSetting(
            f"{path} cannot be changed without harm to its other lines",
            hint=f"Write this into it yourself: {line}",
        )
    _write(path, after)
    return path


def _read(path: Path) -> str | None:
    """The text of a settings file; None when there is none."""
    try:
        # As bytes: line ends stay what they are.
        return path.read_bytes().decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError as error:
        raise BadSetting(f"{path} is not UTF-8", hint="Mend the file.") from error
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error


def _write(path: Path, text: str) -> None:
    temporary: Path | None = None
    try:
        # The data folder may not be there yet; it is nobody else's to read.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "wb", dir=path.parent, prefix=".config-", delete=False
        ) as file:
            temporary = Path(file.name)
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        raise StoreError(
            f"{path} cannot be written: {error.strerror}",
            hint="Look at the data folder, or name another with --data-dir.",
        ) from error
