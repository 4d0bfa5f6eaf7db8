"""What pages call the staff's roles, states and actions, in words that are translated where they are shown."""

from __future__ import annotations

from typing import Final

from center.web.languages import N_

ROLES: Final = {
    "operator": N_("Operator"),
    "police_inspector": N_("Police inspector"),
    "document_issuer": N_("Document issuer"),
    "theory_invigilator": N_("Theory invigilator"),
    "examiner": N_("Examiner"),
    "safety_officer": N_("Safety officer"),
    "supervisor": N_("Supervisor"),
    "auditor": N_("Auditor"),
    "administrator": N_("Administrator"),
}
ROLE_TASKS: Final = {
    "operator": N_("receives applicants at the window"),
    "police_inspector": N_("inspects vehicles"),
    "document_issuer": N_("produces and issues documents"),
    "theory_invigilator": N_("watches the theory exam"),
    "examiner": N_("reviews what the machine decided"),
    "safety_officer": N_(
        "answers for accounts and keys beside the supervisor, and for a refund that no supervisor may confirm"
    ),
    "supervisor": N_("sees who holds each case, and moves staff between desks"),
    "auditor": N_("reads everything, acts in no case, and answers complaints that no supervisor may"),
    "administrator": N_("manages accounts and sees no case"),
}
ACTIONS: Final = {
    "account.create": N_("Create an account"),
    "role.grant": N_("Grant a role"),
    "passkey.enrol": N_("Enrol a passkey"),
    "passkey.replace": N_("Replace a lost passkey"),
    "password.reset": N_("Reset a password"),
    "account.unlock": N_("Open a locked account"),
    "certificate.record": N_("Record a certificate"),
    "relative.withdraw": N_("Strike off a relative"),
}
REQUEST_STATES: Final = {
    "waiting": N_("waits"),
    "confirmed": N_("confirmed"),
    "declined": N_("declined"),
    "withdrawn": N_("withdrawn"),
    "expired": N_("expired"),
}
ACCOUNT_STATES: Final = {"active": N_("active"), "locked": N_("locked")}
# Why two actions or two roles are never one person's: what the table of powers says, so that a refusal tells it in the
# reader's language.
REASONS: Final = (
    N_("an account is made by two persons."),
    N_("a role is granted by two persons."),
    N_("a passkey is enrolled by two persons."),
    N_("a lost passkey is replaced by two persons."),
    N_("a password is reset by two persons."),
    N_("a locked account is opened by two persons."),
    N_("a certificate opens a role, which takes two persons."),
    N_("a declared relative is struck off by two persons."),
    N_("money is given back by two persons."),
    N_("who accepts an application does not decide on it."),
    N_("who makes a document does not meet the applicant."),
    N_("who accepts an application does not inspect for it."),
    N_("who inspects does not issue."),
    N_("who inspects does not meet the applicant."),
    N_("the administrator sees no case."),
    N_("one of them proposes, the other confirms."),
    N_("who is audited does not audit."),
    N_("the applicant never meets those who decide."),
)
