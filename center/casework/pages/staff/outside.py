"""From a case's page: asking for its fees, asking its registers, and looking at what they told."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework import queries, vin
from center.casework.pages.staff import cases, following, reading_units
from center.casework.pages.staff.data_rows import answer_rows, party_rows
from center.casework.pages.staff.staff_pages import StaffPages
from center.casework.parties import kept
from center.casework.payments.office import GatewaySilent
from center.casework.registers.actions.showing import Viewer, show
from center.casework.registers.policy import PURPOSES
from center.errors import N_, BadRequest, Conflict
from center.web.staff import StaffActor

Step = Annotated[str, Form(max_length=64)]


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""
    window = pages.window

    @router.post("/cases/{case_id}/fees")
    def fees(request: Request, actor: StaffActor, case_id: str, step: Step) -> Response:
        try:
            following.charge(window, actor, case_id, step)
        except (Conflict, GatewaySilent) as error:
            return cases.show(pages, request, actor, case_id, status=error.status, refusal=error)
        return _to_case(case_id)

    @router.post("/cases/{case_id}/registers")
    def registers(
        request: Request,
        actor: StaffActor,
        case_id: str,
        step: Step,
        client_key: Annotated[str, Form(max_length=64)],
        party: Annotated[str, Form(max_length=36)] = "",
    ) -> Response:
        try:
            following.ask_register(window, actor, case_id, step, client_key=client_key, party=party)
        except Conflict as error:
            return cases.show(pages, request, actor, case_id, status=409, refusal=error)
        return _to_case(case_id)

    @router.post("/cases/{case_id}/data")
    def data(
        request: Request, actor: StaffActor, case_id: str, purpose: Annotated[str, Form(max_length=64)]
    ) -> HTMLResponse:
        if purpose not in PURPOSES:
            raise BadRequest(
                N_("'%(purpose)s' is no purpose; there are %(purposes)s."),
                purpose=purpose,
                purposes=", ".join(PURPOSES),
            )
        fetched = show(window.registers, case_id, Viewer(actor, purpose))
        with window.database.reading() as transaction:
            row = queries.case_row(transaction, case_id)
            parties, roles = kept.parties(transaction, window.vault, row.id), kept.roles(transaction, row.id)
        vehicle = kept.vehicle(window.vault, row.id)
        told = reading_units.kept_units(window, row.id)
        units = msgspec.structs.asdict(told) if told else {}
        reads = [unit for step in queries.edition_of(row).steps.values() for unit in step.reads]
        translate = pages.reader(request).translate
        return pages.page(
            request, "data", row=row, units=units, reads=reads, purpose=purpose, fetched=fetched.values(),
            vehicle=vehicle, roles=roles,
            check_digit_fits=bool(vehicle) and vin.check_digit_fits(vehicle),
            parties=[one for one in parties if one.kept is not None],
            party_rows=lambda party: party_rows(party, translate),
            answer_rows=lambda answer: answer_rows(answer, translate),
        )  # fmt: skip


def _to_case(case_id: str) -> Response:
    return RedirectResponse(f"/cases/{case_id}", 303)
