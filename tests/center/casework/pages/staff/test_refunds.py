"""The page of refunds tells with whom each lies, and opens to nobody else; who sees no case finds none on it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from center.app import Centre, create_app
from center.casework.commands import System
from center.casework.payments.actions import catching_up
from center.casework.payments.actions.asking import ask
from center.casework.payments.actions.proposing_refunds import propose
from center.casework.payments.actions.refunding import RefundOrder
from center.casework.payments.queries import RefundFacts
from tests.center.casework.payments.offices import pays, request
from tests.center.casework.sample_cases import AKBOTA, command, do
from tests.center.demo_staff import account_of, become, demo_centre, form_token, visitor
from tests.services.outside_systems import SECRET, TOKEN, OutsideSystem

NOBODY = "nobody in this role may; somebody must be given it"


@pytest.fixture
def centre(tmp_path: Path, gateway: OutsideSystem) -> Iterator[Centre]:
    url = f"sqlite:///{tmp_path / 'centre.sqlite3'}"
    with demo_centre(
        url, tmp_path, payment_url=gateway.url, payment_token=TOKEN, payment_secret=SECRET
    ) as opened:  # fmt: skip
        yield opened


def _as(centre: Centre, login: str) -> TestClient:
    client = visitor(create_app(centre))
    become(client, login)
    return client


def _proposed(centre: Centre, gateway: OutsideSystem) -> RefundFacts:
    paid = ask(centre.payments, request(centre.payments))
    pays(gateway, paid)
    catching_up.catch_up(centre.payments)
    return propose(centre.payments, RefundOrder(paid.intent_id, 81, "paid_in_error", "click-0001", AKBOTA))


def _is_a_party(centre: Centre, login: str, case_id: str) -> None:
    account = account_of(visitor(create_app(centre)), login)
    told = command("parties.record", case_id, parties=["p-1"], concerned=[account])
    do(centre.database, System("parties"), told)


def _listed(client: TestClient) -> tuple[str, bool, bool]:
    """Text of the waiting refund's row, whether it leads on, and whether the navigation counts it."""
    page = client.get("/refunds?lang=en").text
    row = page.partition("<tbody")[2].partition("</tbody>")[0]
    return html.unescape(re.sub(r"<[^>]+>", " ", row)), 'href="/refunds/' in row, "Refunds (1)" in page


def _decide(client: TestClient, refund: RefundFacts) -> int:
    return client.post(
        f"/refunds/{refund.refund_id}/confirm", data={"form_token": form_token(client)}
    ).status_code  # fmt: skip


def test_it_lies_with_the_supervisor_and_the_safety_officer_reads_of_it_alone(
    centre: Centre, gateway: OutsideSystem
) -> None:
    refund = _proposed(centre, gateway)
    supervisor, safety = _as(centre, "saule"), _as(centre, "irina")
    for client, mine in ((supervisor, True), (safety, False)):
        told, leads_on, counted = _listed(client)
        assert ("Supervisor" in told, NOBODY in told, leads_on, counted) == (True, False, mine, mine)
    assert "/confirm" not in safety.get(f"/refunds/{refund.refund_id}").text
    assert _decide(safety, refund) == 403
    assert _decide(supervisor, refund) == 303


def test_where_the_supervisor_is_a_party_the_safety_officer_decides_without_seeing_the_case(
    centre: Centre, gateway: OutsideSystem
) -> None:
    refund = _proposed(centre, gateway)
    supervisor, safety = _as(centre, "saule"), _as(centre, "irina")
    _is_a_party(centre, "saule", refund.case_id)
    for client, mine in ((supervisor, False), (safety, True)):
        told, leads_on, counted = _listed(client)
        assert ("Safety officer" in told, NOBODY in told, leads_on, counted) == (True, False, mine, mine)
    page = safety.get(f"/refunds/{refund.refund_id}?lang=en").text
    # What can be judged by: the service, how the case stands, and every payment in it.
    for word in ("Certificate of the centre&#39;s records", "under way", "13,191", "the money comes from this one"):
        assert word in page
    assert f"/cases/{refund.case_id}" not in page
    assert safety.get(f"/cases/{refund.case_id}").status_code == 403
    assert _decide(supervisor, refund) == 403
    assert _decide(safety, refund) == 303


def test_where_nobody_may_the_page_says_that_somebody_must_be_given_the_role(
    centre: Centre, gateway: OutsideSystem
) -> None:
    refund = _proposed(centre, gateway)
    supervisor = _as(centre, "saule")
    for login in ("saule", "irina"):
        _is_a_party(centre, login, refund.case_id)
    told, leads_on, counted = _listed(supervisor)
    assert ("Safety officer" in told, NOBODY in told, leads_on, counted) == (True, True, False, False)
    assert NOBODY in supervisor.get(f"/refunds/{refund.refund_id}?lang=en").text
