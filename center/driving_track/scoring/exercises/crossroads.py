"""Signalled crossroads: the stop line, the light and the time to clear the junction."""

from __future__ import annotations

from center.driving_track.scoring.measures.offered import conduct

CONDUCT = conduct()
