"""Beginning a case: whom it is for, filled in from an identity document where one was scanned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Final, TypeVar

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from center.casework import services_file
from center.casework.drafts.queries import DraftFacts
from center.casework.fields import N_, BadFields, Fault
from center.casework.pages.staff.entry import Entry
from center.casework.pages.staff.opening_case import NewCase, begin
from center.casework.pages.staff.staff_pages import SELLER, StaffPages, faults_of, told_faults
from center.casework.parties import representation_law
from center.casework.parties.actions.recording import vehicle_faults
from center.casework.parties.entries import Entry as PartyEntry
from center.casework.parties.mandates import read_mandate
from center.casework.parties.persons import Party, read_firm, read_person
from center.casework.queue.queries import TicketFacts
from center.casework.tables import Case
from center.errors import BadRequest
from center.web.staff import StaffActor

PERSON_FIELDS: Final = (
    "iin", "family_name", "given_name", "patronymic", "born_on", "citizenship", "document_kind", "document_number",
    "document_issued_on", "document_valid_until", "document_issued_by", "address", "phone", "email",
)  # fmt: skip
FIRM_FIELDS: Final = ("bin", "name", "registered_on", "address", "phone", "email")
MANDATE_FIELDS: Final = ("basis", "number", "certified_by", "issued_on", "valid_until", "acts")
CONTRACT: Final = "contract"
"""Seller and buyer come together, each in person."""
_PARTS: Final = {
    "": PERSON_FIELDS,
    "principal_": PERSON_FIELDS,
    SELLER: PERSON_FIELDS,
    "firm_": FIRM_FIELDS,
    "mandate_": MANDATE_FIELDS,
}
_OTHERS: Final = ("service", "vin", "applicant", "ticket", "draft", "client_key", "form_token")
_LONGEST: Final = 2000
_FORM: Final = "/cases/new"
_Read = TypeVar("_Read")


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
        if "other" in given:
            return show(pages, request, {**given, "applicant": given["other"]})
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
    given = {f"{SELLER}citizenship": "KAZ", **given}
    faults = told_faults(faults_of(error), pages.reader(request)) if error else []
    return pages.page(
        request, "new_case", status, at=_FORM, given=given, known=known, faults=faults,
        services=services_file.load().latest(), applicants=_applicants(),
        acts=sorted(representation_law.load(pages.window.today()).acts),
    )  # fmt: skip


def _read(pages: StaffPages, given: Mapping[str, str]) -> NewCase:
    """The case that is asked for; raises :class:`BadFields` with the faults of everybody in it at once."""
    applicant, today = given.get("applicant", ""), pages.window.today()
    faults = [Fault(name, N_("There is no such field.")) for name in _strangers(given)]
    faults += [] if given.get("service") else [Fault("service", N_("Fill this in."))]
    part = partial(_part, given, faults)
    at_window = part("", PERSON_FIELDS, partial(read_person, on=today))
    party: Party | None = at_window
    seller = part(SELLER, PERSON_FIELDS, partial(read_person, on=today)) if applicant == CONTRACT else None
    mandate = None
    if applicant in ("firm", "representative"):
        law = representation_law.load(today)
        mandate = part("mandate_", MANDATE_FIELDS, partial(read_mandate, law=law, on=today))
        if applicant == "firm":
            party = part("firm_", FIRM_FIELDS, partial(read_firm, on=today))
        else:
            party = part("principal_", PERSON_FIELDS, partial(read_person, on=today))
    faults += _vehicle_faults(given, today)
    if faults or party is None or at_window is None:
        raise BadFields(faults)
    if seller is not None:
        entries: tuple[PartyEntry, ...] = (PartyEntry("seller", seller), PartyEntry("buyer", at_window))
    elif mandate is not None:
        entries = (PartyEntry("applicant", party, at_window, (mandate,)),)
    else:
        entries = (PartyEntry("applicant", party),)
    ticket, client_key, draft = (given.get(name, "") for name in ("ticket", "client_key", "draft"))
    return NewCase(given["service"], applicant, entries, ticket, client_key, given.get("vin", ""), draft)


def _vehicle_faults(given: Mapping[str, str], today: date) -> list[Fault]:
    try:
        edition = services_file.load().on(given.get("service", ""), today)
    except BadRequest:
        return []
    return vehicle_faults(edition, given.get("vin", ""))


def _part(
    given: Mapping[str, str],
    faults: list[Fault],
    prefix: str,
    names: Sequence[str],
    read: Callable[[Mapping[str, str]], _Read],
) -> _Read | None:
    """One person, firm or paper of the form, its faults noted at the form's own fields."""
    try:
        return read({name: given.get(prefix + name, "") for name in names})
    except BadFields as error:
        faults += [Fault(prefix + one.field, one.text, one.values) for one in error.faults]
        return None


def _strangers(given: Mapping[str, str]) -> list[str]:
    known = {prefix + name for prefix, names in _PARTS.items() for name in names} | set(_OTHERS)
    return sorted(name[:40] for name in given if name not in known)


def _applicants() -> list[str]:
    """Kinds of applicant that some service knows and this form can take."""
    known = {kind for edition in services_file.load().latest() for kind in edition.applicants}
    return [kind for kind in ("person", "representative", "firm", CONTRACT) if kind in known]


def _kind(is_passport: bool, citizenship: str) -> str:
    if not is_passport:
        return "identity_card" if citizenship == "KAZ" else "residence_permit"
    return "passport" if citizenship == "KAZ" else "foreign_passport"
