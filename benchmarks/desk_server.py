"""A whole centre of the demo's kind with sixty operators, on a database that was filled before; served until killed."""

from __future__ import annotations

import sys
from itertools import count, islice
from pathlib import Path
from typing import Final

from benchmarks.outside import Outside
from benchmarks.recordings import ROOT
from center.app import open_centre
from center.casework.parties import iin
from center.commands.demo import staff
from center.commands.demo.staff import DemoPerson
from center.commands.serve import server_of
from center.people.opening import open_office
from center.people.persons import Person
from center.settings import Settings, load_settings

OPERATORS: Final = 60
LOGINS: Final = tuple(f"operator-{number:02d}" for number in range(OPERATORS))


def numbers(beginning: str, wanted: int) -> list[str]:
    """So many valid IINs of nobody, which begin with those seven digits."""
    return list(islice((one for serial in count() if iin.is_valid(one := f"{beginning}{serial:05d}")), wanted))


def settings_of(url: str, folder: Path, port: int, outside: Outside | None = None) -> Settings:
    """Of the centre that is measured: one that ships, but for its place and its made-up people."""
    return load_settings(
        site=ROOT / "sites" / "sarytau",
        data=folder / "data",
        vault=folder / "vault",
        control_key=folder / "vault" / "control.pem",
        database_url=url,
        demo=True,
        port=port,
        **(outside.settings() if outside else {}),
    )


def found(settings: Settings) -> None:
    """Let the operators in: the journal of a centre begins with its people."""
    centre = open_centre(settings)
    office = open_office(settings, centre.database, centre.vault, centre.site.timezone)
    people = zip(LOGINS, numbers("8806279", OPERATORS), strict=True)
    operators = (DemoPerson(Person(login, f"Operator {login}", number), "operator") for login, number in people)
    staff.found(office, settings, operators)
    centre.close()


def main(url: str, folder: Path, ports: tuple[int, int], port: int) -> None:
    """Serve until killed."""
    centre = open_centre(settings_of(url, folder, port, Outside(folder, *ports)))
    server_of(centre).run()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), (int(sys.argv[3]), int(sys.argv[4])), int(sys.argv[5]))
