"""Parallel parking: attempted once the car, after reversing, stopped touching the bay."""

from __future__ import annotations

from center.driving_track.scoring.measures.bay import not_parked
from center.driving_track.scoring.measures.offered import conduct

CONDUCT = conduct({"not_attempted": not_parked})
