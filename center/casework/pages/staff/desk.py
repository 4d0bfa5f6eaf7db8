"""The operator's desk: one entry field, the window, what one holds and what waits for whoever is free."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework import queries, work_lists
from center.casework.drafts import queries as drafts
from center.casework.drafts.actions.at_window import open_at_window
from center.casework.drafts.office import DraftOffice
from center.casework.fields import N_, BadFields, Fault
from center.casework.mrz import FIELD
from center.casework.pages.staff import new_case
from center.casework.pages.staff.entry import Entry, EntryKind, read_entry
from center.casework.pages.staff.staff_pages import StaffPages, faults_of, told_faults
from center.casework.parties import iin
from center.casework.queue import board as hall_board
from center.casework.queue import queries as hall
from center.casework.queue.queries import TicketFacts, WindowFacts
from center.casework.receipts.actions import following
from center.database import Transaction
from center.errors import BadRequest, CenterError, Conflict, NotFound
from center.journal.vault import Vault
from center.people.powers import Actor
from center.web.staff import StaffActor


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""

    @router.get("/desk")
    def desk(request: Request, actor: StaffActor) -> HTMLResponse:
        return show(pages, request, actor)

    @router.post("/desk/entry")
    def entry(request: Request, actor: StaffActor, entry: Annotated[str, Form(max_length=1000)] = "") -> Response:
        try:
            return _go(pages, request, actor, read_entry(entry, pages.window.today()))
        except BadRequest as error:
            return show(pages, request, actor, status=400, error=error)


def show(
    pages: StaffPages, request: Request, actor: Actor, *, status: int = 200, error: CenterError | None = None
) -> HTMLResponse:
    """The desk, with what was wrong with what was entered."""
    faults = told_faults(faults_of(error), pages.reader(request)) if error else []
    return pages.page(request, "desk", status, faults=faults, **_desk(pages, actor))


def window_of(transaction: Transaction, actor: Actor) -> WindowFacts | None:
    """The window at which somebody sits."""
    return next((one for one in hall.windows(transaction) if one.account_id == actor.account_id), None)


def visit_of(transaction: Transaction, actor: Actor) -> TicketFacts | None:
    """The ticket that is being served at somebody's window."""
    mine = window_of(transaction, actor)
    ticket = mine.ticket if mine else None
    return ticket if ticket is not None and ticket.state == "serving" else None


def _desk(pages: StaffPages, actor: Actor) -> dict[str, Any]:
    window = pages.window
    now = window.now()
    policy = window.hall.policy(now)
    with window.database.reading() as transaction:
        windows = hall.windows(transaction)
        mine = next((one for one in windows if one.account_id == actor.account_id), None)
        lines = hall_board.board(transaction, policy, now).lines
        waiting = {line.line: line.waiting for line in lines}
        free = [one for one in windows if one.account_id is None]
        return {
            "mine": mine,
            # The one that most people wait for stands first.
            "free_windows": sorted(free, key=lambda one: -sum(waiting.get(line, 0) for line in one.lines)),
            "lines": lines,
            "policy": policy,
            "in_hand": work_lists.in_hand(transaction, actor.account_id),
            "queued": work_lists.queued(transaction, window.powers.usable_roles(actor)),
        }


def _go(pages: StaffPages, request: Request, actor: Actor, entry: Entry) -> Response:
    window = pages.window
    if entry.kind is EntryKind.CASE:
        with window.database.reading() as transaction:
            return _to_case(_numbered(transaction, entry.text))
    if entry.kind is EntryKind.TICKET:
        with window.database.reading() as transaction:
            return _to_case(_case_of_ticket(pages, transaction, entry.text))
    if entry.kind is EntryKind.CODE:
        return _coded(pages, request, actor, entry.text)
    number = entry.text or (entry.mrz.iin if entry.mrz else "")
    with window.database.reading() as transaction:
        visit = visit_of(transaction, actor)
        found = [queries.case_row(transaction, one) for one in _cases_of(window.vault, number)] if number else []
        open_cases = [row for row in found if row.status in ("open", "suspended")]
    if visit is None and len(open_cases) == 1:
        return _to_case(open_cases[0].id)
    return new_case.show(pages, request, new_case.filled_from(entry, visit), known=found)


def _coded(pages: StaffPages, request: Request, actor: Actor, code: str) -> Response:
    """The case of a code; or the draft of one, to be compared with the papers and become a case, noted as shown."""
    office = DraftOffice(pages.window.hall, pages.window.vault)
    try:
        with pages.window.database.reading() as transaction:
            case_id = _case_of_code(transaction, code)
        if case_id is not None:
            return _to_case(case_id)
        draft, typed = open_at_window(office, actor, code)
    except (BadRequest, Conflict, NotFound) as error:
        raise BadFields([Fault(FIELD, N_("There is no case or draft with this code."))]) from error
    with pages.window.database.reading() as transaction:
        visit = visit_of(transaction, actor)
    return new_case.show(pages, request, new_case.filled_from_draft(draft, typed, code, visit))


def _case_of_code(transaction: Transaction, code: str) -> str | None:
    """The case whose receipt shows the code, or that the code's draft became."""
    try:
        return following.case_of(transaction, code)
    except NotFound:
        return drafts.case_of(transaction, code)


def _cases_of(vault: Vault, number: str) -> list[str]:
    """Ids of all cases in which somebody with this IIN or BIN is a party, oldest first."""
    subjects = vault.subjects_with("bin" if iin.looks_like_a_firms(number) else "iin", number)
    return sorted(one.removeprefix("case:") for one in subjects if one.startswith("case:"))


def _to_case(case_id: str) -> Response:
    return RedirectResponse(f"/cases/{case_id}", 303)


def _numbered(transaction: Transaction, number: str) -> str:
    try:
        return queries.numbered(transaction, number)
    except NotFound as error:
        raise BadFields([Fault(FIELD, N_("There is no case number %(number)s."), {"number": number})]) from error


def _case_of_ticket(pages: StaffPages, transaction: Transaction, number: str) -> str:
    today = pages.window.today().isoformat()
    try:
        ticket = hall.ticket_numbered(transaction, today, number)
    except NotFound as error:
        raise BadFields([Fault(FIELD, N_("There is no ticket %(number)s today."), {"number": number})]) from error
    if ticket.case_id is None:
        raise BadFields([Fault(FIELD, N_("Ticket %(number)s has no case yet."), {"number": number})])
    return ticket.case_id
