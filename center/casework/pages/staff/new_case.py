"""Beginning a case: whom it is for, filled in from an identity document where one was scanned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework import services_file
from center.casework.drafts.queries import DraftFacts
from center.casework.fields import N_, BadFields, Fault
from center.casework.pages.staff import parties_form
from center.casework.pages.staff.entry import Entry
from center.casework.pages.staff.opening_case import NewCase, begin
from center.casework.pages.staff.staff_pages import SELLER, StaffPages, faults_of, told_faults
from center.casework.parties import representation_law
from center.casework.parties.actions.recording import vehicle_faults
from center.casework.queue.queries import TicketFacts
from center.casework.tables import Case
from center.errors import BadRequest
from center.web.staff import StaffActor

_OTHERS: Final = ("service", "vin", "applicant", "ticket", "draft", "client_key", "form_token")
_CITIZENSHIPS: Final = ("principal_citizenship", f"{SELLER}citizenship", f"{SELLER}principal_citizenship")
"""Of whom no document was scanned."""
_LONGEST: Final = 2000
_FORM: Final = "/cases/new"


async def form_of(request: Request) -> FormData:
    """A request's form; the routes themselves run in threads and cannot wait for it."""
    return await request.form(max_files=0, max_fields=100)


Filled = Annotated[FormData, Depends(form_of)]


def texts_of(form: FormData) -> dict[str, str]:
    """The last value of each field, without what browsers may not have sent."""
    return {name: value[:_LONGEST] for name, value in form.multi_items() if isinstance(value, str)}


def add_to(router: APIRouter, pages: StaffPages) -> None:
    """Add the routes."""

    @router.get(_FORM)
    def new(request: Request, applicant: str = "person") -> HTMLResponse:
        kinds = _applicants()
        return show(pages, request, {"applicant": applicant if applicant in kinds else kinds[0], "citizenship": "KAZ"})

    @router.post("/cases")
    def create(request: Request, actor: StaffActor, form: Filled) -> Response:
        given = texts_of(form)
        if changed := parties_form.changed(given):
            return show(pages, request, changed)
        try:
            case_id = begin(pages.window, actor, _read(pages, given))
        except BadRequest as error:
            return show(pages, request, given, status=400, error=error)
        return RedirectResponse(f"/cases/{case_id}", 303)


def filled_from(entry: Entry, visit: TicketFacts | None) -> dict[str, str]:
    """The form's fields as far as an entry and the visit tell them."""
    given = {"applicant": "person", "citizenship": "KAZ"}
    if visit is not None:
        given |= {"service": visit.service, "ticket": visit.ticket_id}
    if entry.mrz is None:
        return given | {"iin": entry.text}
    told = entry.mrz
    return given | {
        "iin": told.iin,
        "family_name": told.family_name.title(),
        "given_name": told.given_names.title(),
        "born_on": told.born_on.isoformat() if told.born_on else "",
        "citizenship": told.citizenship,
        "document_kind": _kind(told.is_passport, told.citizenship),
        "document_number": told.number,
        "document_valid_until": told.valid_until.isoformat() if told.valid_until else "",
    }


def filled_from_draft(
    draft: DraftFacts, typed: Mapping[str, str], code: str, visit: TicketFacts | None
) -> dict[str, str]:
    """The form as far as the applicant filled it in at home."""
    prefix = {"firm": "firm_", "representative": "principal_"}.get(draft.applicant, "")
    given = {prefix + name: value for name, value in typed.items()}
    told = {"applicant": draft.applicant, "service": draft.service, "draft": code, "citizenship": "KAZ"}
    return {**told, **given, "ticket": visit.ticket_id if visit else ""}


def show(
    pages: StaffPages,
    request: Request,
    given: Mapping[str, str],
    *,
    known: Sequence[Case] = (),
    status: int = 200,
    error: BadRequest | None = None,
) -> HTMLResponse:
    """The form as far as it is filled in."""
    given = {**dict.fromkeys(_CITIZENSHIPS, "KAZ"), **dict.fromkeys(parties_form.KINDS, "person"), **given}
    faults = told_faults(faults_of(error), pages.reader(request)) if error else []
    return pages.page(
        request, "new_case", status, at=_FORM, given=given, known=known, faults=faults,
        services=services_file.load().latest(), applicants=_applicants(),
        acts=sorted(representation_law.load(pages.window.today()).acts), side_kinds=parties_form.SIDE_KINDS,
    )  # fmt: skip


def _read(pages: StaffPages, given: Mapping[str, str]) -> NewCase:
    """The case that is asked for; raises :class:`BadFields` with the faults of everybody in it at once."""
    applicant, today = given.get("applicant", ""), pages.window.today()
    faults = [Fault(name, N_("There is no such field.")) for name in _strangers(given)]
    faults += [] if given.get("service") else [Fault("service", N_("Fill this in."))]
    entries = parties_form.read(given, applicant, today, faults)
    faults += _vehicle_faults(given, today)
    if faults:
        raise BadFields(faults)
    ticket, client_key, draft = (given.get(name, "") for name in ("ticket", "client_key", "draft"))
    return NewCase(given["service"], applicant, entries, ticket, client_key, given.get("vin", ""), draft)


def _vehicle_faults(given: Mapping[str, str], today: date) -> list[Fault]:
    try:
        edition = services_file.load().on(given.get("service", ""), today)
    except BadRequest:
        return []
    return vehicle_faults(edition, given.get("vin", ""))


def _strangers(given: Mapping[str, str]) -> list[str]:
    known = parties_form.FIELDS | set(_OTHERS)
    return sorted(name[:40] for name in given if name not in known)


def _applicants() -> list[str]:
    """Kinds of applicant that some service knows and this form can take."""
    known = {kind for edition in services_file.load().latest() for kind in edition.applicants}
    return [kind for kind in (*parties_form.SIDE_KINDS, parties_form.CONTRACT) if kind in known]


def _kind(is_passport: bool, citizenship: str) -> str:
    if not is_passport:
        return "identity_card" if citizenship == "KAZ" else "residence_permit"
    return "passport" if citizenship == "KAZ" else "foreign_passport"
