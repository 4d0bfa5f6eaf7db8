"""The demo's examiner, over all of the demo's real programs."""

from __future__ import annotations

import pytest

from center.commands.demo.flow import Examiner
from center.commands.demo.simulators import Simulators
from center.commands.demo.world import World
from center.driving_track import queries
from center.errors import Conflict

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(120)]


def test_what_is_broken_before_the_start_holds_the_track_no_longer_than_the_candidate_is_waited_for() -> None:
    with World(10.0) as world:
        assert world.simulators is not None
        simulators = Simulators(world.simulators)
        examiner = Examiner(world.settings, world.site, simulators, lambda _: None, ready_within_s=8.0)
        simulators.break_("car-1-gnss", "silent")
        with pytest.raises(Conflict, match="gives no position"):
            examiner.examine("start_no_indicator", "Candidate")
        simulators.mend("car-1-gnss")
        result = examiner.examine("finish_no_handbrake", "Candidate")
        with examiner._database.reading() as transaction:
            first, second = reversed(queries.exams(transaction))
        examiner.close()
    assert result.differences == []
    assert (first.end_reason, first.started_at) == ("stop", None)
    assert second.exam_id == result.exam.exam_id
