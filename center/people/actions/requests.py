"""What takes two persons: one proposes, another one of another role confirms or declines, or it expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from center.database import Transaction
from center.errors import N_, Conflict, NotFound
from center.people import proposals
from center.people.actions import accounts, effects
from center.people.actions.notes import note
from center.people.office import Office
from center.people.powers import CONFIRM, PROPOSE, Actor, CaseFacts, Refusal, Why
from center.people.proposals import AccountCreate, Proposal
from center.people.slips import half_hash, new_half
from center.people.tables import RequestState, StaffRequest

GOOD_FOR: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal that waits, and the proposer's half of the slip if it will give one; the half is stored nowhere."""

    request_id: str
    half: str | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What came of a confirmation: the account it was about, and the confirmer's half of the slip if it gives one."""

    account_id: str
    half: str | None


def propose(office: Office, actor: Actor, proposal: Proposal) -> Proposed:
    """Propose; raises ``Forbidden`` or ``Conflict`` for what could not be confirmed either."""
    refuse(office.powers.may(actor, PROPOSE + proposal.action))
    half = new_half() if proposal.gives_slip else None
    with office.database.writing() as transaction:
        effects.check(transaction, office, proposal)
        role = office.powers.acting_role(actor, PROPOSE + proposal.action)
        now = office.now()
        row = StaffRequest(
            centre_id=transaction.centre_id,
            action=proposal.action,
            account_id=proposal.account_id,
            details=proposals.details(proposal),
            proposer_id=actor.account_id,
            proposer_role=role,
            proposed_at=now,
            expires_at=now + GOOD_FOR,
            state=RequestState.WAITING,
            decider_id=None,
            decider_role=None,
            decided_at=None,
            reason=None,
            half_sha256=half_hash(half) if half else None,
        )
        transaction.add(row)
        transaction.flush()
        if isinstance(proposal, AccountCreate):
            person = {accounts.NAME: proposal.person.name, accounts.IIN: proposal.person.iin}
            office.vault.seal(vault_subject(row.id), person, now)
        about = proposal.account_id or actor.account_id
        facts = {"request": row.id, "action": proposal.action, "role": role, "details": row.details}
        note(transaction, "request.proposed", about, actor.account_id, now, facts)
    return Proposed(row.id, half)


def confirm(office: Office, actor: Actor, request_id: str) -> Confirmed:
    """Confirm and so do it; raises ``Forbidden`` for the proposer, the person it is about, and who may not."""
    with office.database.writing() as transaction:
        row = _waiting(transaction, office, request_id)
        refuse(may_decide(office, actor, row.action, row.proposer_id, row.account_id))
        proposal = read(office, row)
        half = new_half() if row.half_sha256 else None
        _decide(transaction, office, row, actor, RequestState.CONFIRMED)
        account_id = effects.apply(transaction, office, proposal, actor.account_id)
        row.account_id = account_id
        if half is not None and row.half_sha256 is not None:
            effects.give_slip(transaction, office, proposal, account_id, (row.half_sha256, half_hash(half)))
        facts = {"request": row.id, "action": row.action, "role": row.decider_role, "proposer": row.proposer_id}
        note(transaction, "request.confirmed", account_id, actor.account_id, office.now(), facts)
    office.vault.forget(vault_subject(request_id))
    return Confirmed(account_id, half)


def decline(office: Office, actor: Actor, request_id: str, reason: str) -> None:
    """Say no, with a reason: whoever may confirm it, or the proposer taking it back."""
    with office.database.writing() as transaction:
        row = _waiting(transaction, office, request_id)
        own = row.proposer_id == actor.account_id
        if not own:
            refuse(may_decide(office, actor, row.action, row.proposer_id, row.account_id))
        _decide(transaction, office, row, actor, RequestState.WITHDRAWN if own else RequestState.DECLINED)
        row.reason = reason
        about = row.account_id or row.proposer_id
        facts = {"request": row.id, "action": row.action, "reason": reason}
        note(transaction, f"request.{row.state}", about, actor.account_id, office.now(), facts)
    office.vault.forget(vault_subject(request_id))


def expire_old(office: Office) -> int:
    """Close the proposals that nobody decided in time; returns how many."""
    with office.database.writing() as transaction:
        query = select(StaffRequest).where(
            StaffRequest.centre_id == transaction.centre_id,
            StaffRequest.state == RequestState.WAITING,
            StaffRequest.expires_at <= office.now(),
        )
        old = transaction.scalars(query).all()
        for row in old:
            row.state, row.decided_at = RequestState.EXPIRED, office.now()
            about = row.account_id or row.proposer_id
            facts = {"request": row.id, "action": row.action}
            note(transaction, "request.expired", about, row.proposer_id, office.now(), facts)
    for row in old:
        office.vault.forget(vault_subject(row.id))
    return len(old)


def may_decide(office: Office, actor: Actor, action: str, proposer_id: str, account_id: str | None) -> Refusal | None:
    """Whether somebody may confirm or decline: never the proposer, nor whom it is about."""
    concerned = frozenset({account_id}) if account_id else frozenset[str]()
    facts = CaseFacts(frozenset({(PROPOSE + action, proposer_id)}), concerned)
    refusal = office.powers.may(actor, CONFIRM + action, RequestState.WAITING, facts)
    if refusal is not None and refusal.why is Why.PARTY:
        return Refusal(Why.PARTY, refusal.action, N_("Nobody confirms what is about themselves."))
    return refusal


def refuse(refusal: Refusal | None) -> None:
    """Raise what a refusal means to whoever asked."""
    if refusal is not None:
        raise refusal.error()


def read(office: Office, row: StaffRequest) -> Proposal:
    """The proposal as it was made, with what lies in the vault."""
    personal = office.vault.reveal(vault_subject(row.id)) if row.action == AccountCreate.action else {}
    return proposals.read(row.action, row.account_id, row.details, personal)


def vault_subject(request_id: str) -> str:
    """The person that a proposal is about, until there is an account."""
    return f"request:{request_id}"


def _waiting(transaction: Transaction, office: Office, request_id: str) -> StaffRequest:
    query = select(StaffRequest).where(StaffRequest.centre_id == transaction.centre_id, StaffRequest.id == request_id)
    row = transaction.scalar(query)
    if row is None:
        raise NotFound(f"There is no proposal {request_id[:40]!r}.")
    if row.state != RequestState.WAITING:
        raise Conflict(N_("This proposal was decided or withdrawn already."))
    if row.expires_at <= office.now():
        raise Conflict(N_("This proposal has expired."))
    return row


def _decide(transaction: Transaction, office: Office, row: StaffRequest, actor: Actor, state: RequestState) -> None:
    action = (PROPOSE if state is RequestState.WITHDRAWN else CONFIRM) + row.action
    row.state, row.decider_id, row.decided_at = state, actor.account_id, office.now()
    usable = office.powers.usable_roles(actor) & office.powers.actions[action].roles
    row.decider_role = min(usable, default=row.proposer_role)
    transaction.flush()
