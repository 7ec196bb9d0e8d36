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


class AnswererUnavailable(KutipError):
    """A language model that was asked for by name cannot be had."""

    kind = "answerer"


class ServerError(KutipError):
    """The server that runs language models does not answer, or answers with an error."""

    kind = "server"


class GenerationFailed(KutipError):
    """A language model began, or should have begun, and did not come to an end."""

    kind = "generation"

    def __init__(self, message: str, *, hint: str = "", cause: str = "error") -> None:
        super().__init__(message, hint=hint)
        self.cause = cause  # one word for what went wrong, such as "refused" or "no_done"
