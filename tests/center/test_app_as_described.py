"""Every route, pages too, asked all that its description allows and much that it does not: always a clear answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import status_code_conformance
from starlette.testclient import TestClient

from center.access import ROUTES
from center.app import Centre, create_app
from center.commands.demo import staff
from tests.center.demo_staff import become, demo_centre, form_token, visitor
from tests.sampling import SOAK, sample

NOBODY = "nobody"
WHO = [NOBODY, staff.ADMINISTRATOR.login, staff.SUPERVISOR.login, *(one.person.login for one in staff.STAFF)]
STREAMS = {"/track/events"}
"""Never ends: what it tells is tested where it is made."""

load_all_checks()


@pytest.fixture(scope="module")
def centre(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    with demo_centre(shared_database_url, tmp_path_factory.mktemp("centre")) as opened:
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


def _headers(client: TestClient, who: str) -> dict[str, str]:
    """Sign in anew, for what was asked before may have signed out; what a form of this session carries."""
    client.cookies.clear()
    if who == NOBODY:
        return {}
    become(client, who)
    return {"X-Form-Token": form_token(client)}


@pytest.mark.timeout(600 if not SOAK else 36_000)
@pytest.mark.parametrize("who", sample(WHO, 3, name="who asks every route"))
def test_whoever_asks_whatever_gets_a_clear_answer(centre: Centre, who: str) -> None:
    app = create_app(centre)
    client = visitor(app)
    walked = operations(app)
    there = {(one.method.upper(), one.path) for one in walked}
    assert {route for route in ROUTES if not route[1].startswith("/static/") and route[1] not in STREAMS} == there
    for operation in walked:
        _ask(client, operation, _headers(client, who))


def _ask(client: TestClient, operation: APIOperation[Any, Any, Any, Any], headers: dict[str, str]) -> None:
    @settings(
        max_examples=100 if SOAK else 4,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not SOAK,
    )
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE) | operation.as_strategy())
    def asked(case: schemathesis.Case[Any]) -> None:
        sent = case.as_transport_kwargs(base_url="http://localhost:8000")
        answer = client.request(**{**sent, "headers": {**sent.get("headers", {}), **headers}})
        case.validate_response(answer, checks=[not_a_server_error, status_code_conformance])

    asked()
