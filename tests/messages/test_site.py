"""A survey with any one mistake is refused, naming the file or place and the value."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from messages import site
from messages.site import FILES, BadSite

SARYTAU = Path(__file__).resolve().parents[2] / "sites" / "sarytau"
Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="session")
def documents() -> dict[str, str]:
    return {name: (SARYTAU / name).read_text("utf-8") for name in FILES}


def test_the_reference_centre_is_read_and_survives_being_attached():
    found = site.load(SARYTAU)
    assert found.centre_id.startswith("sarytau")
    assert site.from_bytes(site.to_bytes(found)) == found


def test_records_are_found_by_name():
    found = site.load(SARYTAU)
    for get, records in (
        (found.line, found.lines),
        (found.element, found.elements),
        (found.car, found.cars),
        (found.device, found.devices),
        (found.exercise, found.route.exercises),
    ):
        assert get(records[-1].id) is records[-1]
        with pytest.raises(KeyError, match="nowhere"):
            get("nowhere")


def _put(*path: Any, value: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


def _drop(*path: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


def _double(*path: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        place: Any = document
        for step in path:
            place = place[step]
        place.append(place[0])

    return change


MISTAKES: list[tuple[str, Change, str]] = [
    ("site.yaml", _drop("centre_id"), "missing required field `centre_id`"),
    ("site.yaml", _put("colour", value="red"), "unknown field `colour`"),
    ("site.yaml", _put("anchor", "latitude_deg", value="north"), r"Expected `float`, got `str` - at `\$.anchor"),
    ("track.yaml", _put("centre_id", value="twice"), "'centre_id' stands in another file too"),
    ("track.yaml", _put("lines", 0, "kind", value="zigzag"), "Invalid enum value 'zigzag'"),
    ("track.yaml", _put("lines", 0, "reference_edge", value="up"), "Invalid enum value 'up'"),
    ("track.yaml", _put("lines", 0, "points", value=[[1, 2, 3]]), "length"),
    ("track.yaml", _put("lines", 0, "witdh_m", value=0.1), "unknown field `witdh_m`"),
    ("track.yaml", _drop("lines", 0, "survey_sigma_m"), "missing required field `survey_sigma_m`"),
    ("track.yaml", _double("lines"), "lines holds .* more than once"),
    ("track.yaml", _double("elements"), "elements holds .* more than once"),
    ("track.yaml", _put("elements", 0, "device", value="ghost"), "names 'ghost', which the survey does not hold"),
    ("cars.yaml", _double("cars"), "cars holds .* more than once"),
    ("cars.yaml", _put("cars", 0, "satellite_device", value="ghost"), "names 'ghost'"),
    ("cars.yaml", _put("cars", 0, "outline", value=[[0, 0]] * 10), "10 outline points .* at least 24"),
    ("cars.yaml", _put("cars", 0, "tyres", value=[[0, 0]] * 3), "3 tyres"),
    ("devices.yaml", _double("devices"), "devices holds .* more than once"),
    ("devices.yaml", _put("devices", 0, "kinds", value="beam"), "Expected `array`, got `str`"),
    ("route.yaml", _double("route", "exercises"), "exercises holds .* more than once"),
    ("route.yaml", _put("route", "exercises", 0, "kind", value="jump"), "Invalid enum value 'jump'"),
    ("route.yaml", _put("route", "exercises", 0, "lines", value=["ghost"]), "exercise .* names 'ghost'"),
    ("route.yaml", _put("route", "exercises", 0, "signal", value="ghost"), "exercise .* names 'ghost'"),
    ("route.yaml", _put("route", "general_lines", value=["ghost"]), "route.general_lines names 'ghost'"),
    ("route.yaml", _put("route", "kerb_strips", value=["ghost"]), "route.kerb_strips names 'ghost'"),
]


@pytest.mark.parametrize(("name", "change", "message"), MISTAKES, ids=[message for _, _, message in MISTAKES])
def test_a_mistake_is_named(tmp_path, documents, name, change, message):
    for file, text in documents.items():
        (tmp_path / file).write_text(text, "utf-8")
    document = yaml.load(documents[name], Loader=yaml.CSafeLoader)
    change(document)
    (tmp_path / name).write_text(yaml.safe_dump(document), "utf-8")
    with pytest.raises(BadSite, match=message) as refusal:
        site.load(tmp_path)
    assert str(tmp_path) in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read"), ("a: [1", "track.yaml"), ("- 1\n- 2\n", "holds no mapping"), ("", "holds no mapping")],
)
def test_a_file_that_is_no_document_is_named(tmp_path, content, message):
    shutil.copytree(SARYTAU, tmp_path, dirs_exist_ok=True)
    if content is None:
        (tmp_path / "track.yaml").unlink()
    else:
        (tmp_path / "track.yaml").write_text(content)
    with pytest.raises(BadSite, match=message) as refusal:
        site.load(tmp_path)
    assert "track.yaml" in str(refusal.value)


@pytest.mark.parametrize("data", [b"{", b"{}", b"\xff"])
def test_an_attached_survey_that_cannot_be_read_is_refused(data):
    with pytest.raises(BadSite, match="attached survey"):
        site.from_bytes(data)
