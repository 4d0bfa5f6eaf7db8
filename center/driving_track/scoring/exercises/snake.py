"""The snake: wheels within the lines, cones left standing."""

from __future__ import annotations

from center.driving_track.scoring.measures.offered import conduct

CONDUCT = conduct()
