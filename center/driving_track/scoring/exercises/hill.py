"""Stop and start on the upgrade: the timer runs from the end of the stop's first second to moving off."""

from __future__ import annotations

from center.driving_track.scoring.measures.offered import conduct
from center.driving_track.scoring.measures.stop_line import move_off_after_stop

CONDUCT = conduct({"move_off_delay": move_off_after_stop})
