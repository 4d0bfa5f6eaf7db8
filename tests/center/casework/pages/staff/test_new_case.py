"""A case with two parties to one contract: each proven by a document of their own, and neither acting for the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from center.app import Centre, create_app
from center.casework.parties import kept
from tests.center.demo_staff import become, demo_centre, form_token, visitor

BUYER = {
    "iin": "980417900018", "family_name": "Сәрсенова", "given_name": "Айгерім", "born_on": "1998-04-17",
    "citizenship": "KAZ", "document_kind": "identity_card", "document_number": "999000001",
    "document_issued_on": "2021-05-21", "document_issued_by": "ІІМ", "address": "Сарытау қ., Бәйтерек көшесі, 14-үй",
}  # fmt: skip
SELLER = BUYER | {
    "iin": "010929900020", "family_name": "Орлов", "given_name": "Денис", "born_on": "2001-09-29",
    "document_number": "999000002", "address": "г. Сарытау, ул. Степная, д. 3",
}  # fmt: skip


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("centre")
    with demo_centre(f"sqlite:///{folder / 'centre.sqlite3'}", folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def desk(centre: Centre) -> TestClient:
    client = visitor(create_app(centre))
    become(client, "akbota")
    return client


def _form(desk: TestClient, key: str, buyer: dict[str, str], seller: dict[str, str], **more: str) -> dict[str, str]:
    return {
        **buyer,
        **{f"seller_{name}": value for name, value in seller.items()},
        "service": "vehicle_inspection",
        "applicant": "contract",
        "vin": "XWBJA69V8CA999001",
        "client_key": key,
        "form_token": form_token(desk),
        **more,
    }


def test_both_parties_are_recorded_and_each_shows_a_document_of_their_own(centre: Centre, desk: TestClient) -> None:
    answer = desk.post("/cases", data=_form(desk, "contract-both-0001", BUYER, SELLER))
    assert answer.status_code == 303
    case = answer.headers["location"]
    with centre.database.reading() as transaction:
        parties = kept.parties(transaction, centre.vault, case.rsplit("/", 1)[1])
    assert {one.side: one.kept.party.full_name for one in parties if one.kept} == {
        "seller": "Орлов Денис",
        "buyer": "Сәрсенова Айгерім",
    }
    page = desk.get(f"{case}?lang=en").text
    asked = re.findall(r'name="documents" type="checkbox" value="(\w+)"', page)
    assert "Each agrees that these are asked about them" in page
    agreed = re.findall(r'name="consent" type="checkbox" value="([\w:-]+)"', page)
    assert agreed == [*(f"persons:{one.party_id}" for one in parties), "pledged"]
    assert asked == ["identity_of_seller", "identity_of_buyer", "contract_of_sale", "technical_document"]


def test_one_person_is_not_both_sides(desk: TestClient) -> None:
    answer = desk.post("/cases?lang=en", data=_form(desk, "contract-one-000001", BUYER, BUYER))
    assert answer.status_code == 400
    assert "The two sides of a contract are two." in answer.text


def test_what_is_wrong_with_the_seller_is_told_as_the_sellers(desk: TestClient) -> None:
    answer = desk.post("/cases?lang=en", data=_form(desk, "contract-wrong-0001", BUYER, SELLER | {"iin": "1"}))
    assert answer.status_code == 400
    assert re.search(r'href="#seller_iin">Seller: IIN: ', answer.text)


def test_a_service_without_a_contract_takes_none(desk: TestClient) -> None:
    form = _form(desk, "contract-none-00001", BUYER, SELLER, service="records_certificate", vin="")
    answer = desk.post("/cases?lang=en", data=form)
    assert answer.status_code == 400
    assert "contract" in answer.text
