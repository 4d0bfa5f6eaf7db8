"""The one tree of errors: each knows its HTTP status, and its message is a full sentence with the values in it."""

from __future__ import annotations


class CenterError(Exception):
    """What the centre refuses or cannot do; never a bug."""

    status = 500


class BadRequest(CenterError):
    """The asker's input cannot be used."""

    status = 400


class SignInNeeded(CenterError):
    """The asker must say first who they are."""

    status = 401


class Forbidden(CenterError):
    """The asker may not do this here."""

    status = 403


class NotFound(CenterError):
    """There is no such thing."""

    status = 404


class Conflict(CenterError):
    """The thing is not in a state in which this can be done."""

    status = 409


class TooLarge(CenterError):
    """More was sent than is read here."""

    status = 413


class TooOften(CenterError):
    """Asked again too soon."""

    status = 429

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Unfit(Conflict):
    """An exam may not start: the reasons, each a sentence."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


class UnsafeSettings(CenterError):
    """The settings would let the centre run in a way that is not safe outside the demo."""


class StorageFault(CenterError):
    """What must be kept could not be written (disk full, read-only file system)."""

    status = 503


class BadRuleData(CenterError):
    """A rule pack that cannot be used; the text names file, line, value and what is allowed."""

    status = 422
