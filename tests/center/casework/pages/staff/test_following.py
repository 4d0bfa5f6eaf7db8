"""Of a contract everybody is asked about at once, and a register that is silent about one of them stops the case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from starlette.testclient import TestClient

from center.app import Centre, create_app
from center.casework import queries
from center.casework.opening import open_one_window
from center.casework.pages.staff import opening_case
from center.casework.pages.staff.opening_case import NewCase
from center.casework.parties import kept
from center.casework.parties.entries import Entry
from center.casework.parties.persons import Firm
from center.casework.parties.representation import Basis, Mandate
from center.casework.registers import queries as reads
from center.commands.demo.inspection import VIN
from center.people.names import StaffNames
from center.people.opening import open_office
from center.people.powers import Actor, Strength
from tests.center.casework.parties.people import AIGERIM, DENIS, GRANDMOTHER, power
from tests.center.demo_staff import account_of, become, demo_centre, form_token, visitor
from tests.services.outside_systems import TOKEN, OutsideSystem

FIRM = Firm("200190000017", "«Жел-Транс» ЖШС", "Сарытау", "", "", date(2020, 1, 14))
HEAD = Mandate(Basis.HEAD_OF_FIRM, "", "", date(2020, 1, 14), None, frozenset())
SELLER = Entry("seller", FIRM, DENIS, (HEAD,))
LAST_MONTH = (datetime.now(UTC) - timedelta(days=30)).date()
"""The running centre asks a real clock."""
POWER = msgspec.structs.replace(power("apply", "give_consent"), issued_on=LAST_MONTH, valid_until=None)
BUYER = Entry("buyer", AIGERIM, GRANDMOTHER, (POWER,))
NUMBERS = {"persons": {DENIS.iin, AIGERIM.iin, GRANDMOTHER.iin}, "firms": {FIRM.bin}, "pledged": {VIN}}


@pytest.fixture
def centre(tmp_path_factory: pytest.TempPathFactory, registers: OutsideSystem) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("centre")
    url = f"sqlite:///{folder / 'centre.sqlite3'}"
    with demo_centre(url, folder, registers_url=registers.url, registers_token=TOKEN) as opened:
        yield opened


@pytest.fixture
def desk(centre: Centre) -> TestClient:
    client = visitor(create_app(centre))
    become(client, "akbota")
    return client


def _opened(centre: Centre) -> str:
    office = open_office(centre.settings, centre.database, centre.vault, centre.site.timezone)
    window = open_one_window(centre.settings, office, StaffNames(centre.vault), centre.payments, centre.registers)
    account = account_of(visitor(create_app(centre)), "akbota")
    akbota = Actor(account, frozenset({"operator"}), Strength.PASSKEY, simulated_key=True)
    asked = NewCase("vehicle_inspection", "contract", (SELLER, BUYER), "", "a-contract-0000001", VIN)
    return opening_case.begin(window, akbota, asked)


def _accepted(desk: TestClient, case: str, without: str = "") -> int:
    """All papers seen, all agreements given but for one; the status."""
    page = desk.get(f"/cases/{case}?lang=en").text
    boxes = re.findall(r'name="(documents|consent)" type="checkbox" value="([\w:-]+)"', page)
    form = {name: [value for kind, value in boxes if kind == name and value != without] for name, _ in boxes}
    told = {**form, "kind": "step.complete", "step": "accept", "client_key": "an-acceptance-00001"}
    return desk.post(f"/cases/{case}/actions", data={**told, "form_token": form_token(desk)}).status_code


def _asked(registers: OutsideSystem) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in registers.get("/asked")["asked"]:
        found.setdefault(one["register"], set()).update(one["question"].values())
    return found


def test_everybody_in_a_contract_is_asked_about_and_listed(
    centre: Centre, desk: TestClient, registers: OutsideSystem
) -> None:
    case = _opened(centre)
    assert _accepted(desk, case) == 303
    assert _asked(registers) == NUMBERS
    with centre.database.reading() as transaction:
        state = queries.case_state(transaction, case)
        told = [(one.register.value, one.party, one.outcome) for one in reads.of_case(transaction, case)]
        roles = kept.roles(transaction, case)
        mine = reads.accesses_to_person(transaction, centre.vault.fingerprint("iin", DENIS.iin))
    assert [state.steps[one] for one in ("ask_persons", "ask_firms", "ask_pledged")] == ["done"] * 3
    assert {(register, roles.get(party, "")) for register, party, _ in told} == {
        ("persons", "seller_representative"),
        ("persons", "buyer"),
        ("persons", "buyer_representative"),
        ("firms", "seller"),
        ("pledged", ""),
    }
    assert [one.registers for one in mine] == [("persons",)]


def test_each_party_agrees_and_one_who_does_not_keeps_every_register_unasked(
    centre: Centre, desk: TestClient, registers: OutsideSystem
) -> None:
    case = _opened(centre)
    with centre.database.reading() as transaction:
        (seller,) = [one for one, role in kept.roles(transaction, case).items() if role == "seller_representative"]
    assert _accepted(desk, case, without=f"persons:{seller}") == 400
    assert _asked(registers) == {}


@pytest.mark.parametrize("silent", ["persons", "firms"])
def test_a_register_that_is_silent_about_one_of_them_stops_the_case_until_it_is_asked_again(
    centre: Centre, desk: TestClient, registers: OutsideSystem, silent: str
) -> None:
    case = _opened(centre)
    registers.breaks("error", path=f"/v1/{silent}/query", times=2)
    assert _accepted(desk, case) == 303
    with centre.database.reading() as transaction:
        assert queries.case_state(transaction, case).steps[f"ask_{silent}"] == "open"
        assert [one.register for one in reads.of_case(transaction, case) if one.is_silent] == [silent]
    page = desk.get(f"/cases/{case}?lang=en").text
    assert page.count("Nothing is known and nothing is guessed.") == 1
    step, party = re.findall(
        r'name="step" value="(ask_\w+)">\s*<input type="hidden" name="party" value="([\w-]+)"', page
    )[0]
    again = {"step": step, "party": party, "client_key": "asked-again-000001", "form_token": form_token(desk)}
    assert desk.post(f"/cases/{case}/registers", data=again).status_code == 303
    with centre.database.reading() as transaction:
        assert queries.case_state(transaction, case).steps[f"ask_{silent}"] == "done"


def test_a_register_is_asked_about_nobody_who_is_not_in_the_case(
    centre: Centre, desk: TestClient, registers: OutsideSystem
) -> None:
    case = _opened(centre)
    told = {"step": "ask_persons", "party": "x" * 36, "client_key": "asked-again-000001"}
    assert desk.post(f"/cases/{case}/registers", data={**told, "form_token": form_token(desk)}).status_code == 409
    assert _asked(registers) == {}
