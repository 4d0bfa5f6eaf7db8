"""A scanner that types into a Russian or Kazakh layout is still understood."""

from __future__ import annotations

import pytest

from center.casework.keyboard_layout import as_typed_on_latin


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("C001", "C001"),
        ("С001", "C001"),
        ("с001", "c001"),
        ('Сққ"', "C001"),
        ("ЗТЛФЯЫФКЫУТЩМФББФШПУКШЬ", "PNKAZSARSENOVA<<AIGERIM"),
        ("2026-0000017", "2026-0000017"),
    ],
)
def test_the_same_keys_mean_the_same(typed: str, meant: str) -> None:
    assert as_typed_on_latin(typed) == meant
