"""Level crossing: a stop at the line, held, and never on against the barrier."""

from __future__ import annotations

from center.driving_track.scoring.measures.offered import conduct

CONDUCT = conduct()
