"""Draws the README's picture with the pages' own drawing code: ``python -m tooling.pictures``."""

from __future__ import annotations

import math
from pathlib import Path

from center.driving_track.drawing import at_pose
from center.driving_track.finding_drawing import Excess, edge_of, finding_svg
from center.driving_track.traces import tyre_corners
from center.driving_track.views import Pose
from messages import site as survey

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs/pictures/finding.svg"
EXCESS_M, SIGMA_M, TURNED_DEG = 0.063, 0.008, 4.0


def finding_picture() -> str:
    """A front wheel 63 mm beyond the right line of the snake, the car turned by 4° to the line."""
    site = survey.load(ROOT / "sites/sarytau")
    car, line = site.cars[0], site.line("snake-right")
    angle = math.radians(90 - TURNED_DEG)
    forward = (math.cos(angle), math.sin(angle))
    left = (-forward[1], forward[0])
    corners = [at_pose(Pose(0, 0.0, 0.0, forward, left), corner) for corner in tyre_corners(car)[1]]
    outermost = max(corners)
    edge = edge_of(line, (line.points[0][0], 50.0))[0]
    place = (edge[0] + EXCESS_M, edge[1])
    pose = Pose(0, place[0] - outermost[0], place[1] - outermost[1], forward, left)
    words = "A wheel beyond the line: +63 ± 8 mm, fault"
    return finding_svg(car, pose, line, Excess(place, EXCESS_M, SIGMA_M, "+63 ± 8 mm, fault", "10 cm", words))


if __name__ == "__main__":
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(finding_picture(), "utf-8")
