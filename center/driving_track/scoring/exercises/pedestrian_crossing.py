"""Pedestrian crossing: giving way to who is on it."""

from __future__ import annotations

from center.driving_track.scoring.measures.offered import conduct

CONDUCT = conduct()
