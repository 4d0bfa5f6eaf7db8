"""What the actions for the centre as a whole carry. Pure."""

from __future__ import annotations

from typing import Annotated

import msgspec

from center.casework.payloads import Code, Payload, Serial, Written, written

Series = Annotated[str, msgspec.Meta(min_length=1, max_length=8, pattern=r"^[A-Z]+$")]
_MOST_BLANKS = 999_999


class BlanksReceived(Payload, frozen=True, forbid_unknown_fields=True):
    """Blanks came from the printing house."""

    series: Series
    first: Annotated[int, msgspec.Meta(ge=0, le=_MOST_BLANKS)]
    count: Annotated[int, msgspec.Meta(ge=1, le=_MOST_BLANKS)]


class BlankSpoilt(Payload, frozen=True, forbid_unknown_fields=True):
    """A blank was spoilt over no case: misprinted, torn, lost."""

    serial: Serial
    reason: Written


class DeskLeft(Payload, frozen=True, forbid_unknown_fields=True):
    """A desk is away: its clocks stand still, visibly."""

    desk: Code
    reason: Written


class DeskReturned(Payload, frozen=True, forbid_unknown_fields=True):
    """The desk is back."""

    desk: Code


class DayClosed(Payload, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The day is closed: what was counted by hand, and why it differs if it does."""

    blanks_counted: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
    difference_reason: Written | None = None


__all__ = ["BlankSpoilt", "BlanksReceived", "DayClosed", "DeskLeft", "DeskReturned", "Payload", "written"]
