"""A case with two parties to one contract: each proven by a document of their own, and neither acting for the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

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


LAST_MONTH = (datetime.now(UTC) - timedelta(days=30)).date().isoformat()
"""The running centre asks a real clock."""
HEAD = {"firm_bin": "200190000017", "firm_name": "«Жел-Транс» ЖШС", "firm_registered_on": "2020-01-14",
        "firm_address": "Сарытау қ., Өнеркәсіп аймағы, 2", "mandate_basis": "head_of_firm",
        "mandate_issued_on": "2020-01-14"}  # fmt: skip
POWER = {"mandate_basis": "power_of_attorney", "mandate_number": "17-204", "mandate_certified_by": "Notary",
         "mandate_issued_on": LAST_MONTH, "mandate_acts": "apply give_consent"}  # fmt: skip
OWNER = BUYER | {
    "iin": "480308900050", "family_name": "Жүнісова", "given_name": "Зейнеп", "born_on": "1948-03-08",
    "document_number": "999000006",
}  # fmt: skip
PRINCIPAL = {f"principal_{name}": value for name, value in OWNER.items()}
"""The firm sells; the grandmother buys through whoever stands at the window."""


def _with_agents(desk: TestClient, key: str, *, power: dict[str, str], **more: str) -> dict[str, str]:
    form = _form(desk, key, BUYER | PRINCIPAL | power, SELLER | HEAD, **more)
    return {**form, "seller_is": "firm", "buyer_is": "representative", **more}


def test_a_firm_sells_and_a_power_of_attorney_buys(centre: Centre, desk: TestClient) -> None:
    answer = desk.post("/cases", data=_with_agents(desk, "contract-agents-0001", power=POWER))
    assert answer.status_code == 303
    case = answer.headers["location"]
    with centre.database.reading() as transaction:
        parties = kept.parties(transaction, centre.vault, case.rsplit("/", 1)[1])
        roles = kept.roles(transaction, case.rsplit("/", 1)[1])
    assert {roles[one.party_id]: one.kept.party.full_name for one in parties if one.kept} == {
        "seller": "«Жел-Транс» ЖШС",
        "seller_representative": "Орлов Денис",
        "buyer": "Жүнісова Зейнеп",
        "buyer_representative": "Сәрсенова Айгерім",
    }
    page = desk.get(f"{case}?lang=en").text
    asked = re.findall(r'name="documents" type="checkbox" value="(\w+)"', page)
    assert {"right_to_act_for_seller", "right_to_act_for_buyer"} < set(asked)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"mandate_acts": "pay"}, "The buyer&#39;s representative: The paper does not cover this act."),
        ({"mandate_vehicle": "WBA3A5C51CF990007"}, "The paper covers the vehicle WBA3A5C51CF990007 only."),
        ({"mandate_services": "records_certificate"}, "The paper does not cover this service."),
        ({"mandate_issued_on": "2020-01-10"}, "The paper was valid until 2021-01-09."),
        ({"mandate_basis": "parent"}, "A parent does not act for a child who is "),
        ({"mandate_basis": "order"}, "Only a firm has a head or an order that names who is responsible."),
        ({"seller_mandate_basis": "guardian"}, "Seller: Representative: A firm has no parent or guardian."),
        ({"seller_iin": BUYER["iin"], "seller_document_number": BUYER["document_number"]},
         "Buyer: One person cannot act for both sides of a contract."),
        ({"principal_iin": BUYER["iin"]}, "Nobody represents themselves."),
        ({"principal_iin": "1"}, "Whom they represent: IIN: "),
        ({"seller_firm_bin": SELLER["iin"]}, "Seller: BIN: "),
        ({"buyer_is": "ghost"}, "ghost is not one of the choices."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_who_acts_for_a_side_is_told_at_that_side(
    desk: TestClient, wrong: dict[str, str], told: str
) -> None:
    answer = desk.post("/cases?lang=en", data=_with_agents(desk, "contract-refused-001", power=POWER) | wrong)
    assert answer.status_code == 400
    (summary,) = re.findall(r"govuk-error-summary__list.*?</ul>", answer.text, re.DOTALL)
    assert told in summary
    for anchor in re.findall(r'href="#(\w+)"', summary):
        assert f'id="{anchor}"' in answer.text, anchor


def test_how_a_side_comes_is_changed_by_a_button_that_keeps_what_is_filled_in(desk: TestClient) -> None:
    form = _form(desk, "contract-changed-001", BUYER, SELLER, seller_other="firm")
    page = desk.post("/cases?lang=en", data=form).text
    assert re.search(r'name="seller_is" value="firm"', page)
    assert re.search(r'name="buyer_is" value="person"', page)
    assert 'id="seller_firm_bin"' in page
    assert 'id="firm_bin"' not in page
    assert re.search(r'id="seller_iin"[^>]*value="010929900020"', page)


def test_whoever_may_not_agree_for_the_buyer_cannot_give_the_consent(centre: Centre, desk: TestClient) -> None:
    power = POWER | {"mandate_acts": "apply"}
    case = desk.post("/cases", data=_with_agents(desk, "contract-consent-001", power=power)).headers["location"]
    page = desk.get(f"{case}?lang=en").text
    boxes = re.findall(r'name="(documents|consent)" type="checkbox" value="([\w:-]+)"', page)
    form = {name: [value for kind, value in boxes if kind == name] for name, _ in boxes}
    told = {**form, "kind": "step.complete", "step": "accept", "client_key": "an-agreement-00001"}
    answer = desk.post(f"{case}/actions?lang=en", data={**told, "form_token": form_token(desk)})
    assert answer.status_code == 400
    assert "A representative cannot agree for whom they represent (give_consent)." in answer.text
