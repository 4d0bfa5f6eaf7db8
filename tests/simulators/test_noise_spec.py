"""The loader of noise descriptions: every file that comes along is read, every bad one is refused, saying why."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulators.noise_spec import BadNoise, load_noise, names

GOOD = "like: healthy\n"


@pytest.mark.parametrize("name", names())
def test_every_description_is_read(name: str) -> None:
    assert load_noise(name).receiver.rate_hz >= 10.0


def test_a_file_says_only_what_differs_from_another() -> None:
    modest, healthy = load_noise("modest"), load_noise("healthy")
    assert modest.receiver.position_white_m == 0.012
    assert modest.car_bus == healthy.car_bus


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("receiver: {rate_hz: 20}", "missing required field"),
        (GOOD + "reciever: {}", "unknown field `reciever`"),
        (GOOD + "receiver: {position_white_m: -1}", r">= 0.0 - at `\$.receiver.position_white_m`"),
        (GOOD + "receiver: {position_white_m: wide}", r"Expected `float`.* - at `\$.receiver.position_white_m`"),
        (GOOD + "receiver: {rate_hz: 500}", r"<= 50.0 - at `\$.receiver.rate_hz`"),
        (GOOD + "sickness: {duplicates: 3}", r"<= 1.0 - at `\$.sickness.duplicates`"),
        (GOOD + "sickness: {dropouts: {every_s: 0, for_s: 1}}", r"> 0.0 - at `\$.sickness.dropouts.every_s`"),
        ("like: nobody", "like: 'nobody' is unknown; there are clock_offset"),
        ("- 1", "holds no mapping"),
        ("receiver: {", "expected"),
    ],
)
def test_a_bad_description_is_refused_with_its_place(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(BadNoise, match=says) as refused:
        load_noise(str(path))
    assert "bad.yaml" in str(refused.value)


def test_an_unknown_name_is_refused_with_those_known() -> None:
    with pytest.raises(BadNoise, match=r"no such file.*healthy"):
        load_noise("heathly")
