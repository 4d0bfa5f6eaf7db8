"""The parts of the centre that somebody may open, by what they are needed for: for navigation and home page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from center.web.languages import N_


class Need(StrEnum):
    """What a part is opened for, in the order in which they are shown."""

    WORK = "work"
    SUPERVISION = "supervision"
    VISIT = "visit"
    EXAM = "exam"
    ACCOUNTS = "accounts"


TITLES: Final = {
    Need.WORK: N_("My work"),
    Need.SUPERVISION: N_("Supervision"),
    Need.VISIT: N_("For visitors"),
    Need.EXAM: N_("Practical exam"),
    Need.ACCOUNTS: N_("Administration"),
}
_FEW: Final = 6
"""So many parts stand in one row beside the home page; more are grouped."""


@dataclass(frozen=True, slots=True)
class Door:
    """A part of the centre that works. Texts are marked by ``N_``."""

    href: str
    title: str
    text: str
    need: Need
    also: tuple[str, ...] = ()
    """Beginnings of other addresses whose pages belong to it."""

    def leads_to(self, path: str) -> bool:
        """Whether a page belongs to this part."""
        return any(path == one or path.startswith(f"{one}/") for one in (self.href, *self.also))


@dataclass(frozen=True, slots=True)
class Group:
    """What is needed together; the title is a text of the catalogues."""

    title: str
    doors: tuple[Door, ...]
    is_current: bool
    """Whether the page that is shown belongs to it."""


def grouped(doors: Iterable[Door], path: str) -> list[Group]:
    """Every need that somebody has, with its parts; of parts that share a page the first holds it."""
    known = list(doors)
    current = next((one for one in known if one.leads_to(path)), None)
    return [
        Group(TITLES[need], of_need, current in of_need)
        for need in Need
        if (of_need := tuple(one for one in known if one.need is need))
    ]


def in_one_row(doors: Sequence[Door]) -> bool:
    """Whether so few parts are open that the navigation shows each of them at once."""
    return len(doors) <= _FEW
