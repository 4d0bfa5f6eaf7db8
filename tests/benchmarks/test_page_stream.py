"""Reading the live page's event stream: what it showed, and since when."""

from __future__ import annotations

from benchmarks.page_stream import PageStream, Shown, first_shown_ns, titles_of
from center.driving_track.live_events import event

_ITEM = '<li data-number="{0}"><p class="finding__head">Fault</p>\n<p class="finding__title">{1}</p>\n<p>quiet</p></li>'


def _list(*titles: str) -> str:
    """As the page writes it: the newest first."""
    numbered = [_ITEM.format(number, title) for number, title in enumerate(titles, 1)]
    return "<ol>\n" + "\n".join(reversed(numbered)) + "\n</ol>"


def test_titles_are_read_oldest_first() -> None:
    assert titles_of(_list("Door open", "Belt &amp; door")) == ("Door open", "Belt & door")
    assert titles_of("<p>None so far.</p>") == ()


def test_the_centres_own_events_are_read() -> None:
    stream = PageStream()
    sent = b"retry: 1000\n\n" + event("findings", _list("Door open")) + event("state", "{}") + b": alive\n\n"
    stream.take((sent + event("findings", _list("Door open", "Stall"))).decode().split("\n"))
    assert [one.titles for one in stream.shown] == [("Door open",), ("Door open", "Stall")]
    assert stream.shown[0].at_ns <= stream.shown[1].at_ns


def test_an_event_that_broke_off_was_not_shown() -> None:
    stream = PageStream()
    stream.take(["event: findings", "data: " + _list("Door open").replace("\n", "")])
    assert stream.shown == []


def test_each_finding_is_shown_from_the_first_event_on_that_has_it() -> None:
    shown = [Shown(1, ()), Shown(2, ("Stall",)), Shown(3, ("Door", "Stall")), Shown(4, ("Door", "Stall", "Stall"))]
    assert first_shown_ns(shown, 3) == [3, 2, 4]


def test_what_the_page_does_not_have_at_the_end_never_came_to_it() -> None:
    assert first_shown_ns([Shown(2, ("Stall",))], 2) == [2, None]
    assert first_shown_ns([], 1) == [None]
