"""Every route, pages too, asked all that its description allows and much that it does not: always a clear answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from httpx import Response
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import status_code_conformance

from center.access import ROUTES
from center.app import Centre, create_app
from center.commands.demo import staff
from tests.center.demo_staff import become, demo_centre, form_token, visitor
from tests.sampling import SOAK, amount, sample
from tests.services.outside_systems import SECRET, TOKEN, OutsideSystem

NOBODY = "nobody"
STAFF = [staff.ADMINISTRATOR.login, staff.SUPERVISOR.login, *(one.person.login for one in staff.STAFF)]
STREAMS = {"/track/events"}
"""Never ends: what it tells is tested where it is made."""

load_all_checks()


@pytest.fixture
def centre(
    shared_database_url: str, tmp_path_factory: pytest.TempPathFactory, gateway: OutsideSystem
) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("centre")
    paying: dict[str, Any] = {"payment_url": gateway.url, "payment_token": TOKEN, "payment_secret": SECRET}
    with demo_centre(shared_database_url, folder, **paying) as opened:
        yield opened


def described(app: FastAPI) -> dict[str, Any]:
    """The whole interface as OpenAPI, with the pages that are left out of what is published."""
    contexts = [one for one in iter_route_contexts(app.routes) if isinstance(one.original_route, APIRoute)]
    for one in contexts:
        one._effective_route.include_in_schema = True  # type: ignore[union-attr]
    return get_openapi(title="Speccenter", version="1", routes=contexts)


def operations(app: FastAPI) -> list[APIOperation[Any, Any, Any, Any]]:
    """Every operation of the interface that ends by itself."""
    found = []
    for one in schemathesis.openapi.from_dict(described(app)).get_all_operations():
        assert isinstance(one, Ok), one
        found.append(one.ok())
    return [one for one in found if one.path not in STREAMS]


class Asker:
    """Somebody of the staff, or nobody, in one session for as long as it lasts."""

    def __init__(self, app: FastAPI, who: str) -> None:
        self._client, self._who = visitor(app), who
        self._headers: dict[str, str] = {}

    def ask(self, case: schemathesis.Case[Any]) -> Response:
        """Send what was made up; what was asked before may have signed out."""
        if self._who != NOBODY and not self._client.cookies.get("staff"):
            become(self._client, self._who)
            self._headers = {"X-Form-Token": form_token(self._client)}
        sent = case.as_transport_kwargs(base_url="http://localhost:8000")
        # The session belongs to the browser that opened it, and the made-up requests name another one.
        headers = {name: value for name, value in sent.get("headers", {}).items() if name.lower() != "user-agent"}
        answer = self._client.request(**{**sent, "headers": {**headers, **self._headers}})
        by_signature = case.path == "/payments/callback"
        lost = answer.status_code == 401 or answer.headers.get("location", "").startswith("/sign-in?next=")
        assert self._who == NOBODY or by_signature or not lost, f"{self._who} at {case.method} {case.path}"
        return answer


@pytest.mark.timeout(600 if not SOAK else 72_000)
def test_whoever_asks_whatever_gets_a_clear_answer(centre: Centre) -> None:
    app = create_app(centre)
    walked = operations(app)
    there = {(one.method.upper(), one.path) for one in walked}
    assert {route for route in ROUTES if not route[1].startswith("/static/") and route[1] not in STREAMS} == there
    askers = [Asker(app, who) for who in [NOBODY, *sample(STAFF, 4, name="whoever asks every route")]]
    requests = amount(100, 2, name="requests made up for each route")
    for operation in walked:
        _ask(askers, operation, requests)


def _ask(askers: Sequence[Asker], operation: APIOperation[Any, Any, Any, Any], requests: int) -> None:
    """Everybody sends the same: making up takes longer than answering."""

    @settings(
        max_examples=requests,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not SOAK,
    )
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE) | operation.as_strategy())
    def asked(case: schemathesis.Case[Any]) -> None:
        for asker in askers:
            case.validate_response(asker.ask(case), checks=[not_a_server_error, status_code_conformance])

    asked()
