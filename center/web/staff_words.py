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
    "safety_officer": N_("answers for accounts and keys beside the supervisor"),
    "supervisor": N_("sees who holds each case, and moves staff between desks"),
    "auditor": N_("reads everything and changes nothing"),
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
# What actions refuse in constant sentences, so that a form can tell it in the reader's language.
SENTENCES: Final = (
    N_("An IIN has twelve digits."),
    N_("A name holds no control characters."),
    N_("A reason has 3 to 255 characters, and no control characters."),
    N_("This person has an account already."),
    N_("The account is not locked."),
    N_("The account is locked already."),
    N_("This relative is declared already."),
    N_("Choose a role."),
    N_("The day of issue is no date."),
    N_("The day of expiry is no date."),
    N_("The new password was not typed the same way twice."),
    N_("The present password is wrong."),
    N_("A password has 15 to 128 characters."),
    N_("This password is too easy to guess. Take four or more words that do not belong together."),
    N_("Nobody confirms what is about themselves."),
    N_("This proposal has expired."),
    N_("The last administrator stays one: nobody could propose anything any more."),
    N_("This slip enrols no passkey, or has enrolled one."),
    N_("This slip sets no password, or has set one."),
    N_("This passkey is enrolled already."),
)
