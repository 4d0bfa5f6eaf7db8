"""What pages call statuses, holders and actions, in words that are translated where they are shown."""

from __future__ import annotations

from typing import Final

from center.web.languages import N_
from center.web.staff_words import ROLES

STATUSES: Final = {
    "open": N_("under way"),
    "suspended": N_("suspended"),
    "completed": N_("completed"),
    "refused": N_("refused"),
    "withdrawn": N_("withdrawn"),
}
STATUS_TAGS: Final = {
    "open": "blue",
    "suspended": "yellow",
    "completed": "green",
    "refused": "red",
    "withdrawn": "grey",
}
STEP_STATUSES: Final = {"waiting": N_("not yet"), "open": N_("under way"), "done": N_("done")}
STEP_TAGS: Final = {"waiting": "grey", "open": "blue", "done": "green"}
CHANNELS: Final = {
    "window": N_("at a window of the centre"),
    "home": N_("begun from home, finished at a window"),
    "mobile": N_("at a mobile centre"),
}
APPLICANTS: Final = {
    "person": N_("A person, for themselves"),
    "representative": N_("A representative of a person"),
    "firm": N_("A firm"),
    "contract": N_("Seller and buyer together"),
}
ACTIONS: Final = {
    "case.open": N_("Case opened"),
    "step.take": N_("Take"),
    "step.release": N_("Give back to the queue"),
    "step.complete": N_("Done"),
    "step.explain": N_("Say why it is late"),
    "step.reassign": N_("Give to somebody else"),
    "step.assign": N_("Assigned by lot"),
    "step.remind": N_("Reminder"),
    "step.escalate": N_("Told to the supervisor"),
    "case.correct": N_("Do a step again"),
    "case.refuse": N_("Refuse"),
    "case.withdraw": N_("Withdraw at the applicant's wish"),
    "case.suspend": N_("Suspend for an investigation"),
    "case.resume": N_("Go on after the investigation"),
    "blank.spoil": N_("Report a spoilt blank"),
    "document.scan": N_("Document scanned"),
    "document.refuse": N_("Scan refused"),
    "parties.record": N_("Parties recorded"),
    "ticket.called": N_("Called to the window"),
    "fee.asked": N_("Payment asked for"),
    "fee.paid": N_("Fee paid"),
    "fee.refunded": N_("Fee given back"),
    "propose:fee.refund": N_("Refund proposed"),
    "confirm:fee.refund": N_("Refund confirmed"),
    "decline:fee.refund": N_("Refund declined"),
    "register.asked": N_("Register asked"),
    "register.answered": N_("Register answered"),
    "register.silent": N_("Register does not answer"),
}
ACTORS: Final = {
    "applicant": N_("the applicant"),
    "payments": N_("the payment gateway"),
    "registers": N_("the state registers"),
    "queue": N_("the electronic queue"),
    "clock": N_("the centre's clock"),
}
HELD_BY: Final = {"applicant": N_("the applicant"), "outside": N_("an outside system"), **ROLES}
"""Who holds a step, to the staff."""
HOLDERS: Final = {**HELD_BY, "applicant": N_("you"), "outside": N_("state register")}
"""The same, to the applicant."""
PAYMENTS: Final = {
    "requested": N_("the gateway has not answered yet"),
    "open": N_("waits for the payer"),
    "paid": N_("paid"),
    "cancelled": N_("cancelled"),
}
PAYMENT_TAGS: Final = {"requested": "yellow", "open": "blue", "paid": "green", "cancelled": "grey"}
REFUND_REASONS: Final = {
    "case_withdrawn": N_("the case was withdrawn"),
    "case_refused": N_("the case was refused"),
    "paid_after_cancelling": N_("it was paid after it was cancelled"),
    "case_takes_no_fee": N_("the case takes no fee"),
    "draft_given_up": N_("the application from home was given up"),
    "paid_in_error": N_("it was paid in error"),
}
REFUNDS: Final = {
    "proposed": N_("waits for a second person"),
    "declined": N_("refund declined"),
    "requested": N_("the gateway has not given it back yet"),
    "done": N_("given back"),
    "refused": N_("the gateway refuses"),
}
REFUND_TAGS: Final = {"proposed": "blue", "declined": "grey", "requested": "yellow", "done": "green", "refused": "red"}
REGISTERS: Final = {
    "asked": N_("being asked"),
    "answered": N_("has answered"),
    "silent": N_("does not answer"),
}
REGISTER_TAGS: Final = {"asked": "blue", "answered": "green", "silent": "yellow"}
PURPOSES: Final = {
    "identity": N_("to see who the applicant is"),
    "representation": N_("to see whether somebody may act for another"),
    "vehicle_tax": N_("to see whether the vehicle's tax is paid"),
    "vehicle_check": N_("to check the vehicle"),
}
LEFT_OUT: Final = {
    "off_duty": N_("off duty"),
    "busy": N_("had a case in hand"),
    "not_qualified": N_("role or certificate not open"),
    "may_not": N_("a party, or excluded by what they did in the case"),
    "had_it": N_("was drawn before"),
}
LEGS: Final = {
    "waiting": N_("waits"),
    "called": N_("called"),
    "serving": N_("at the window"),
    "done": N_("done with"),
    "moved": N_("sent on"),
    "absent": N_("did not come"),
    "left": N_("left"),
}
WINDOWS: Final = {"open": N_("open"), "paused": N_("paused"), "closed": N_("closed")}
HOLDER_KINDS: Final = {
    "queue": N_("waiting for somebody to take it"),
    "person": N_("in somebody's hands"),
    "applicant": N_("with the applicant"),
    "outside": N_("with systems outside"),
}
SIDES: Final = {
    "applicant": N_("Applicant"),
    "seller": N_("Seller"),
    "buyer": N_("Buyer"),
    "representative": N_("Representative"),
    "applicant_representative": N_("The applicant's representative"),
    "seller_representative": N_("The seller's representative"),
    "buyer_representative": N_("The buyer's representative"),
}
SIDE_KINDS: Final = {
    "person": N_("in person"),
    "representative": N_("represented by somebody"),
    "firm": N_("a firm"),
}
PRINCIPAL: Final = N_("Whom they represent")
BASES: Final = {
    "parent": N_("Parent"),
    "guardian": N_("Guardian"),
    "head_of_firm": N_("Head of the firm"),
    "order": N_("Order that names the responsible person"),
    "power_of_attorney": N_("Power of attorney"),
}
DOCUMENT_KINDS: Final = {
    "identity_card": N_("Identity card"),
    "passport": N_("Passport"),
    "foreign_passport": N_("Foreign passport"),
    "residence_permit": N_("Residence permit"),
    "refugee_certificate": N_("Refugee certificate"),
}
FIELDS: Final = {
    "service": N_("Service"),
    "applicant": N_("Applicant"),
    "representative": N_("Representative"),
    "mandate_basis": N_("By what right"),
    "mandate_acts": N_("What the paper allows"),
    "mandate_services": N_("Services that the paper is limited to"),
    "mandate_vehicle": N_("VIN or plate that the paper is limited to"),
    "mandate_number": N_("Number of the paper"),
    "mandate_certified_by": N_("Certified by"),
    "mandate_issued_on": N_("Paper issued on"),
    "mandate_valid_until": N_("Paper valid until"),
    "iin": N_("IIN"),
    "vin": N_("VIN of the vehicle"),
    "seller": N_("Seller"),
    "buyer": N_("Buyer"),
    "buyer_representative": N_("The buyer's representative"),
    "firm_bin": N_("BIN"),
    "firm_name": N_("Name it is registered under"),
    "firm_registered_on": N_("Registered on"),
    "firm_address": N_("Address"),
    "firm_phone": N_("Telephone"),
    "firm_email": N_("E-mail"),
    "family_name": N_("Family name"),
    "given_name": N_("Given name"),
    "patronymic": N_("Patronymic"),
    "born_on": N_("Born on"),
    "citizenship": N_("Citizenship"),
    "address": N_("Address"),
    "phone": N_("Telephone"),
    "email": N_("E-mail"),
    "document_kind": N_("Kind"),
    "document_number": N_("Number"),
    "document_issued_on": N_("Issued on"),
    "document_valid_until": N_("Last day"),
    "document_issued_by": N_("Issued by"),
    "unit_body": N_("Number of the body (VIN)"),
    "unit_engine": N_("Number of the engine"),
    "unit_chassis": N_("Number of the chassis"),
    "blank": N_("Blank's serial number"),
    "receiver": N_("Who receives the document"),
    "serial": N_("Blank's serial number"),
    "portrait": N_("Portrait"),
    "reason": N_("Why"),
    "note": N_("What is done about it"),
    "outcome": N_("Outcome"),
    "answer": N_("Answer"),
    "amount_tenge": N_("Tenge"),
    "refund_reason": N_("Why"),
    "late_reason": N_("Why"),
    "reference": N_("Reference of the investigation"),
    "clause": N_("Clause of the law"),
    "to": N_("To whom"),
    "lines": N_("Lines"),
    "window": N_("Window"),
    "number": N_("Window"),
    "count": N_("How many"),
    "first": N_("First number"),
    "series": N_("Series"),
    "blanks_counted": N_("Blanks counted by hand"),
    "difference_reason": N_("Why it differs"),
    "account": N_("Whom"),
    "to_window": N_("To window"),
    "move_reason": N_("Why"),
    "desk": N_("Desk"),
}
"""What the error summary calls a field; the one entry field needs no name."""
COMPLAINTS: Final = {
    "delay": N_("It takes too long"),
    "refusal": N_("A refusal"),
    "courtesy": N_("How I was treated"),
    "data": N_("My data"),
    "fee": N_("A fee"),
    "other": N_("Something else"),
}
OUTCOMES: Final = {
    "upheld": N_("You were right"),
    "partly": N_("You were right in part"),
    "rejected": N_("The complaint was rejected"),
}
ASPECTS: Final = {
    "availability": N_("How easy it was to get the service"),
    "quality": N_("How well it was done"),
    "timeliness": N_("Whether it was in time"),
    "courtesy": N_("How polite the staff was"),
    "appeals": N_("How complaints are dealt with"),
    "electronic_form": N_("The electronic form"),
}
