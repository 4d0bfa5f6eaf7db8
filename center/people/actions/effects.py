"""What a confirmed proposal does, and whether it could be done at all."""

from __future__ import annotations

from center.database import Transaction
from center.errors import N_, BadRequest, Conflict, Forbidden, RoleName
from center.people.actions import accounts, relatives, ways_in
from center.people.office import Office
from center.people.persons import check_certificate
from center.people.proposals import (
    AccountCreate,
    AccountUnlock,
    CertificateRecord,
    PasskeyEnrol,
    PasskeyReplace,
    PasswordReset,
    Proposal,
    RelativeWithdraw,
    RoleGrant,
)
from center.people.tables import AccountState


def check(transaction: Transaction, office: Office, proposal: Proposal) -> None:
    """Raise what would forbid it, so that nobody is asked to confirm what cannot be."""
    if isinstance(proposal, AccountCreate):
        if proposal.simulated and not office.demo:
            raise Forbidden(N_("Simulated people exist in the demo only."))
        accounts.refuse_known(transaction, office.vault, proposal.person)
        return
    account = accounts.loaded(transaction, proposal.account_id)
    if isinstance(proposal, AccountUnlock) and account.state != AccountState.LOCKED and not account.failures:
        raise Conflict(N_("The account is not locked."))
    if isinstance(proposal, RelativeWithdraw):
        relatives.loaded(transaction, proposal.account_id, proposal.relative_id)
    if isinstance(proposal, RoleGrant | CertificateRecord):
        _check_role(office, proposal)
    if isinstance(proposal, RoleGrant):
        accounts.refuse_clash(transaction, office, proposal.account_id, proposal.role)


def apply(transaction: Transaction, office: Office, proposal: Proposal, by: str) -> str:
    """Do it; returns the account it is about."""
    check(transaction, office, proposal)
    match proposal:
        case AccountCreate():
            account = accounts.create(transaction, office, proposal.person, simulated=proposal.simulated)
            accounts.note_created(transaction, office, account, proposal.person, by)
            return account.id
        case RoleGrant():
            accounts.grant(transaction, office, proposal.account_id, proposal.role, by)
            if proposal.certificate is not None:
                accounts.record_certificate(
                    transaction, office, proposal.account_id, proposal.role, proposal.certificate, by
                )
        case CertificateRecord():
            accounts.record_certificate(
                transaction, office, proposal.account_id, proposal.role, proposal.certificate, by
            )
        case AccountUnlock():
            accounts.unlock(transaction, office, proposal.account_id, by)
        case RelativeWithdraw():
            relatives.withdraw(transaction, office, proposal.account_id, proposal.relative_id, by)
        case PasskeyEnrol() | PasskeyReplace() | PasswordReset():
            pass  # the slip is all of it
    return proposal.account_id


def give_slip(
    transaction: Transaction, office: Office, proposal: Proposal, account_id: str, halves: tuple[str, str]
) -> None:
    """Make the slip that a confirmed proposal gives, from the hashes of both halves."""
    ways_in.give(
        transaction,
        office,
        account_id,
        halves,
        sets_password=isinstance(proposal, AccountCreate | PasswordReset),
        enrols_passkey=isinstance(proposal, AccountCreate | PasskeyEnrol | PasskeyReplace),
        replaces=isinstance(proposal, PasskeyReplace),
    )


def _check_role(office: Office, proposal: RoleGrant | CertificateRecord) -> None:
    role = office.powers.roles.get(proposal.role)
    if role is None:
        raise BadRequest(N_("There is no role '%(role)s'."), role=proposal.role[:40])
    if proposal.certificate is not None:
        check_certificate(*proposal.certificate, office.today)
    if role.certificate == (proposal.certificate is None):
        text = N_("This role needs a staff certificate: %(role)s.")
        if not role.certificate:
            text = N_("This role has no use for a staff certificate: %(role)s.")
        raise BadRequest(text, role=RoleName(role.name))
