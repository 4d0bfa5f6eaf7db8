"""The live page's event stream as a browser gets it: which findings it showed, and when each was there first."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx


@dataclass(frozen=True, slots=True)
class Shown:
    """The findings that stood on the page from an instant on (machine's ns), oldest first, by title."""

    at_ns: int
    titles: tuple[str, ...]


@dataclass(slots=True)
class PageStream:
    """Listens in a thread of the caller's."""

    shown: list[Shown] = field(default_factory=list)

    def listen(self, url: str) -> None:
        """Note what comes until the server goes; raises httpx.HTTPStatusError if there is no stream to be had."""
        try:
            with httpx.stream("GET", url, timeout=None) as response:
                response.raise_for_status()
                self.take(response.iter_lines())
        except httpx.TransportError:
            return  # The centre was stopped: the measurement is over.

    def take(self, lines: Iterable[str]) -> None:
        """Note the events of ``findings`` among the lines of a stream; each counts from when it was there whole."""
        name, data = "", list[str]()
        for line in lines:
            if line:
                key, _, value = line.partition(": ")
                name = value if key == "event" else name
                data += [value] if key == "data" else []
            else:
                if name == "findings":
                    self.shown.append(Shown(time.time_ns(), titles_of("\n".join(data))))
                name, data = "", []


def titles_of(html: str) -> tuple[str, ...]:
    """The titles of the page's list of findings, which has the newest first; the oldest first here."""
    parser = _Titles()
    parser.feed(html)
    return tuple(title.strip() for title in reversed(parser.titles))


def first_shown_ns(shown: Sequence[Shown], count: int) -> list[int | None]:
    """Of each of so many stored findings, in their order, when the page first had it; None: not to the end.

    The page lists what is final in the order in which it was stored, and then what may still pass: so the last event
    says what the title of each is. A finding is there as soon as its title stands there as often as it must.
    """
    last = shown[-1].titles if shown else ()
    wanted: Counter[str] = Counter()
    found: list[int | None] = []
    for title in last[:count]:
        wanted[title] += 1
        found.append(next(one.at_ns for one in shown if one.titles.count(title) >= wanted[title]))
    return [*found, *[None] * (count - len(found))]


class _Titles(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.titles: list[str] = []
        self._is_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "p" and ("class", "finding__title") in attrs:
            self._is_title = True
            self.titles.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._is_title = False

    def handle_data(self, data: str) -> None:
        if self._is_title:
            self.titles[-1] += data
