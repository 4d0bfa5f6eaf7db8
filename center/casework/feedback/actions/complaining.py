"""A complaint about a case, filed under its code and answered by somebody who had no part in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from center.casework import calendar_file, permission, queries, retention, retention_file
from center.casework.feedback.answerers import ANSWER, answerers
from center.casework.feedback.tables import Complaint
from center.casework.fields import Fields
from center.casework.tables import Case
from center.database import Transaction, new_id
from center.errors import N_, Conflict, Forbidden, NotFound
from center.journal.entries import NOTHING_PERSONAL, Sealed, append
from center.journal.vault import Vault
from center.people import powers_file
from center.people.powers import Actor

ABOUT = ("delay", "refusal", "courtesy", "data", "fee", "other")
OUTCOMES = ("upheld", "partly", "rejected")
_LONGEST = 4000
_MOST_OPEN = 5


@dataclass(frozen=True, slots=True)
class ComplaintFacts:
    """A complaint with its words; they are empty once the case was shredded."""

    complaint_id: str
    case_id: str
    about: str
    filed_at: datetime
    due_at: datetime
    answered_at: datetime | None
    upheld: str | None
    text: str
    answer: str


def file(
    transaction: Transaction,
    vault: Vault,
    case_id: str,
    given: dict[str, str],
    *,
    client_key: str,
    due_at: datetime,
    at: datetime,
    zone: str,
) -> str:
    """File a complaint (fields ``about`` and ``text``); returns its id, for the same key the same one.

    Raises :class:`Conflict` once the time to complain is over, and for too many that wait.
    """
    form = Fields(given)
    about = form.choice("about", ABOUT)
    text = form.text("text", at_most=_LONGEST, lines=True)
    form.finish()
    case = queries.case_row(transaction, case_id)
    case_id = case.id
    rows = _of_case(transaction, case_id)
    if (before := next((row for row in rows if row.client_key == client_key), None)) is not None:
        return before.id
    if is_too_late(case, at, zone):
        raise Conflict(N_("The time to complain about this case is over."))
    if sum(row.answered_at is None for row in rows) >= _MOST_OPEN:
        raise Conflict(N_("%(most)s complaints about this case wait for an answer already."), most=_MOST_OPEN)
    complaint_id = new_id()
    transaction.add(
        Complaint(
            id=complaint_id,
            centre_id=transaction.centre_id,
            case_id=case_id,
            about=about,
            client_key=client_key,
            filed_at=at,
            due_at=due_at,
        )
    )
    transaction.flush()
    sealed = vault.seal(f"case:{case_id}", {f"complaint:{complaint_id}": text}, at)
    _note(transaction, "complaint_filed", case_id, "applicant", at, {"complaint": complaint_id, "about": about}, sealed)
    return complaint_id


def answer(
    transaction: Transaction, vault: Vault, actor: Actor, complaint_id: str, given: dict[str, str], at: datetime
) -> None:
    """Answer one (fields ``outcome`` and ``answer``); raises :class:`Forbidden` for who acted in the case."""
    form = Fields(given)
    outcome = form.choice("outcome", OUTCOMES)
    text = form.text("answer", at_most=_LONGEST, lines=True)
    form.finish()
    row = _answerable(transaction, actor, complaint_id, at)
    if row.answered_at is not None:
        raise Conflict(N_("This complaint is answered already."))
    row.answered_at, row.answered_by, row.upheld = at, actor.account_id, outcome
    sealed = vault.seal(f"case:{row.case_id}", {f"answer:{row.id}": text}, at)
    facts = {"complaint": row.id, "outcome": outcome}
    _note(transaction, "complaint_answered", row.case_id, actor.account_id, at, facts, sealed)


def to_answer(transaction: Transaction, vault: Vault, actor: Actor, complaint_id: str, at: datetime) -> ComplaintFacts:
    """A complaint with its words, to whoever may answer it; raises :class:`Forbidden`, :class:`NotFound`."""
    row = _answerable(transaction, actor, complaint_id, at)
    return next(one for one in complaints(transaction, vault, row.case_id) if one.complaint_id == row.id)


def is_too_late(case: Case, at: datetime, zone: str) -> bool:
    """Whether the time to complain about a case is over, after which its data goes."""
    if case.ended_at is None:
        return False
    ended_on, today = (one.astimezone(ZoneInfo(zone)).date() for one in (case.ended_at, at))
    return retention.is_due(ended_on, today, retention_file.load())


def complaints(transaction: Transaction, vault: Vault, case_id: str) -> list[ComplaintFacts]:
    """A case's complaints with their words."""
    rows = _of_case(transaction, case_id)
    values = vault.reveal(f"case:{case_id}") if rows else {}
    return [
        ComplaintFacts(
            complaint_id=row.id,
            case_id=row.case_id,
            about=row.about,
            filed_at=row.filed_at,
            due_at=row.due_at,
            answered_at=row.answered_at,
            upheld=row.upheld,
            text=values.get(f"complaint:{row.id}", ""),
            answer=values.get(f"answer:{row.id}", ""),
        )
        for row in rows
    ]


def _answerable(transaction: Transaction, actor: Actor, complaint_id: str, at: datetime) -> Complaint:
    row = transaction.get(Complaint, complaint_id) if queries.is_id(complaint_id) else None
    if row is None or row.centre_id != transaction.centre_id:
        raise NotFound("There is no such complaint.")
    state = queries.case_state(transaction, row.case_id)
    powers, today = powers_file.load(), at.astimezone(calendar_file.load().zone).date()
    refusal = powers.may(actor, ANSWER, facts=permission.facts_of(state))
    if refusal is not None:
        raise refusal.error()
    if any(account == actor.account_id for _, account in state.taken):
        raise Forbidden(N_("Whoever acted in a case does not answer a complaint about it."))
    if not answerers(transaction, powers, [row.case_id], today)[row.case_id].may(powers, actor):
        raise Forbidden(N_("A supervisor who had no part in this case answers this complaint."))
    return row


def _of_case(transaction: Transaction, case_id: str) -> list[Complaint]:
    query = select(Complaint).where(Complaint.centre_id == transaction.centre_id, Complaint.case_id == case_id)
    return list(transaction.scalars(query.order_by(Complaint.id)))


def _note(
    transaction: Transaction,
    kind: str,
    case_id: str,
    actor: str,
    at: datetime,
    facts: dict[str, str],
    sealed: Sealed = NOTHING_PERSONAL,
) -> None:
    append(
        transaction,
        kind=kind,
        subject=f"case:{case_id}",
        actor=actor,
        occurred_at=at,
        recorded_at=at,
        facts=facts,
        personal=sealed,
    )
