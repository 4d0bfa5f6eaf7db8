"""Edge lines, centre lines and kerbs of the whole route: passages that are over, in pieces of the path as it goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from center.driving_track.scoring.logbook import Logbook
from center.driving_track.scoring.measures.lines import APART_NS, observed, passages, watched_line
from center.driving_track.scoring.observations import Observation
from center.driving_track.scoring.path import PathPoint
from center.driving_track.scoring.rules import Rule


class LaneLines:
    """Remembers for each rule and line how far the path has been judged, so that no passage is cut in two."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._done_ns: dict[tuple[str, str], int] = {}

    def judge(self, log: Logbook, path: Sequence[PathPoint], *, is_last: bool) -> Iterator[Observation]:
        """The passages that ended since the last time; of those that may go on, nothing yet."""
        if not path:
            return
        closed_ns = path[-1].time_ns if is_last else path[-1].time_ns - APART_NS
        near = log.line_grid.along(path) if self._rules else {}
        for rule in self._rules:
            for name in log.site.route.general_lines:
                yield from self._judge_line(log, rule, name, path, near.get(name, []), closed_ns)

    @property
    def is_used(self) -> bool:
        """Whether the pack has a rule about the lines of the route."""
        return bool(self._rules)

    def needs_from_ns(self, now_ns: int) -> int:
        """From where on the path is still needed."""
        return min(self._done_ns.values(), default=now_ns)

    def _judge_line(
        self, log: Logbook, rule: Rule, name: str, path: Sequence[PathPoint], near: list[int], closed_ns: int
    ) -> Iterator[Observation]:
        watched = watched_line(log, name, str(rule.parameters["part"]))
        done_ns = self._done_ns.get((rule.id, name), 0)
        indexes = [index for index in near if path[index].time_ns > done_ns]
        new_done_ns = closed_ns
        for one in passages(watched, path, indexes, log.edition.decision.k_f):
            if path[one.last].time_ns > closed_ns and one.is_excess:
                new_done_ns = min(new_done_ns, path[one.first].time_ns - 1)
                continue
            found = observed(log, rule, watched, path, one, None)
            if found is not None:
                yield found
        self._done_ns[rule.id, name] = max(new_done_ns, done_ns)
