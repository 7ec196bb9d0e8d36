"""The exceptions that reach a user. Each says what, which, and what to do next."""

from __future__ import annotations


class KutipError(Exception):
    """The root of every error Kutip raises on purpose; `str()` is one line without the hint."""

    kind = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadQuestion(KutipError):
    """The question is empty, too long, or holds nothing that can be searched for."""

    kind = "bad_question"


class BadSource(KutipError):
    """A source could not be read as an article."""

    kind = "bad_source"


class NotFound(KutipError):
    """No article has this id, or several do."""

    kind = "not_found"


class BadSetting(KutipError):
    """A setting, an option or an environment variable has a value that means nothing."""

    kind = "bad_setting"


class StoreError(KutipError):
    """The data folder cannot be used: read-only, full, damaged or of another version."""

    kind = "store"


class StoreBusy(StoreError):
    """Another process is writing to the data folder."""

    kind = "busy"


class OtherFingerprint(StoreError):
    """The index was made with another embedding model or splitter; nothing is searched."""

    kind = "fingerprint"


class ModelError(KutipError):
    """An embedding model cannot be loaded, or is not the one it claims to be."""

    kind = "model"
