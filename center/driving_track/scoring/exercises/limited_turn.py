"""Turn in limited space: attempted once the car was driven in reverse gear."""

from __future__ import annotations

from center.driving_track.scoring.measures.offered import conduct
from center.driving_track.scoring.measures.reverse import not_reversed

CONDUCT = conduct({"not_attempted": not_reversed})
