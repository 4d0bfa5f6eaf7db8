"""The demo begins with a vehicle that is to be inspected, and the centre draws who does it."""

from __future__ import annotations

import time
from pathlib import Path

from center.casework import queries
from center.casework.case import HolderKind
from center.casework.parties import kept
from center.casework.queue import draw_queries
from center.casework.queue.draw_record import DrawFacts
from center.commands.demo import inspection
from center.people.opening import open_office
from tests.center.demo_staff import demo_centre


def test_a_vehicle_is_brought_and_one_of_the_two_on_duty_is_drawn_by_the_running_centre(tmp_path: Path) -> None:
    with demo_centre(f"sqlite:///{tmp_path / 'centre.sqlite3'}", tmp_path) as centre:
        office = open_office(centre.settings, centre.database, centre.vault, centre.site.timezone)
        case = inspection.bring_vehicle(office, centre.settings, centre.site)
        deadline = time.monotonic() + 60
        drawn: list[DrawFacts] = []
        while not drawn and time.monotonic() < deadline:
            with centre.database.reading() as transaction:
                drawn = draw_queries.draws(transaction, case)
            time.sleep(0.05)
        with centre.database.reading() as transaction:
            state = queries.case_state(transaction, case)
            (party,) = kept.parties(transaction, centre.vault, case)
        vehicle = kept.vehicle(centre.vault, case)
    assert [(len(one.candidates), one.comes_out) for one in drawn] == [(2, True)]
    holder = state.holder_of("inspect")
    assert holder is not None
    assert (holder.kind, holder.name) == (HolderKind.PERSON, drawn[0].drawn)
    # Without registers nothing is guessed: the question stands in the case as one without an answer.
    assert state.inquiries == {("persons", party.party_id): "silent", ("pledged", ""): "silent"}
    assert vehicle == inspection.VIN
    assert party.kept is not None
    assert party.kept.party.full_name == "Сәрсенова Айгерім Нұрланқызы"
