"""What beams, loops, strips and cones feel of a car."""

from __future__ import annotations

import pytest

from messages.site import Element, ElementKind
from simulators.elements import FeltElement

SQUARE = [(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (0.0, 2.0)]
TYRES = [((3.0, 0.1), (3.0, 0.3)), ((3.0, 1.7), (3.0, 1.9))]


def _felt(kind: ElementKind, points: tuple[tuple[float, float], ...]) -> bool:
    return FeltElement(Element("one", kind, "device", points)).feels(SQUARE, TYRES)


@pytest.mark.parametrize(
    ("kind", "points", "felt"),
    [
        (ElementKind.BEAM, ((2.0, -3.0), (2.0, 5.0)), True),
        (ElementKind.BEAM, ((4.1, -3.0), (4.1, 5.0)), False),
        (ElementKind.INDUCTION_LOOP, ((1.0, 0.5), (2.0, 0.5), (2.0, 1.5), (1.0, 1.5)), True),
        (ElementKind.INDUCTION_LOOP, ((-9.0, -9.0), (9.0, -9.0), (9.0, 9.0), (-9.0, 9.0)), True),
        (ElementKind.INDUCTION_LOOP, ((5.0, 0.0), (6.0, 0.0), (6.0, 1.0), (5.0, 1.0)), False),
        (ElementKind.KERB_STRIP, ((2.0, 0.2), (5.0, 0.2)), True),
        (ElementKind.KERB_STRIP, ((2.0, 1.0), (5.0, 1.0)), False),
        (ElementKind.CONE_TILT, ((4.15, 1.0),), True),
        (ElementKind.CONE_TILT, ((4.17, 1.0),), False),
        (ElementKind.CONE_TILT, ((2.0, 1.0),), True),
    ],
)
def test_an_element_feels_what_is_over_it(
    kind: ElementKind, points: tuple[tuple[float, float], ...], felt: bool
) -> None:
    assert _felt(kind, points) is felt
