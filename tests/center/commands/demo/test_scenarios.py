"""Which exams the headless demo drives, and which cars it switches on for them."""

from __future__ import annotations

from pathlib import Path

from center.commands.demo.scenarios import FOLDER, cars_of, drawn_scenarios
from simulators import scenario


def test_the_drawn_scenarios_begin_with_a_clean_route_and_are_the_seeds() -> None:
    assert drawn_scenarios(3, 1) == drawn_scenarios(3, 1)
    assert drawn_scenarios(3, 1)[0] == "clean"
    assert drawn_scenarios(3, 1)[1:] != drawn_scenarios(3, 2)[1:]


def test_the_cars_are_those_of_the_scenarios() -> None:
    names = [path.stem for path in FOLDER.glob("*.yaml")]
    assert cars_of(names) == {scenario.load(name).car for name in names}
    assert cars_of(["clean_niva"]) == {scenario.load("clean_niva").car}


def test_a_scenario_that_cannot_be_read_asks_for_no_car_in_particular(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("car: [")
    assert cars_of(["clean", "none-such"]) == set()
    assert cars_of([str(tmp_path / "broken.yaml")]) == set()
