"""What each kind of action asks for on paper, read from its form into the payload that the case keeps."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.datastructures import FormData

from center.casework import register_subjects
from center.casework.case import CaseState
from center.casework.fields import N_, Fields
from center.casework.services import PORTRAIT, Edition, Step

_COMMON: Final = ("kind", "step", "client_key", "form_token")
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "step.take": (),
    "step.release": (),
    "step.explain": ("reason",),
    "step.reassign": ("to", "reason"),
    "case.correct": ("reason",),
    "case.refuse": ("reason", "clause"),
    "case.withdraw": ("reason",),
    "case.suspend": ("reference", "reason"),
    "case.resume": ("reason",),
    "blank.spoil": ("serial", "reason"),
}
"""Kinds of action with a form of texts; completing a step has one by what the step needs."""


def payload_of(kind: str, form: FormData) -> dict[str, Any]:
    """The payload of an action with a form of texts; raises :class:`BadFields`."""
    given = {name: value for name, value in form.items() if isinstance(value, str) and name not in _COMMON}
    fields = Fields(given)
    payload = {name: _READERS[name](fields) for name in FIELDS[kind]}
    fields.finish()
    return {name: value for name, value in payload.items() if value or name != "clause"}


def completion_of(form: FormData, edition: Edition, state: CaseState, step: Step) -> dict[str, Any]:
    """What completes a step of the staff, the signature apart; raises :class:`BadFields`."""
    needs = step.needs
    texts = {name: str(form.get(name, "")) for name in ("blank", "late_reason")}
    fields = Fields(texts if "blank" in needs else {**texts, "blank": ""})
    blank = fields.text("blank", at_most=32, required="blank" in needs)
    blank = unicodedata.normalize("NFKC", blank).upper().replace(" ", "")
    if blank and not all(sign.isascii() and (sign.isalnum() or sign == "-") for sign in blank):
        fields.fault("blank", N_("%(value)s is no serial number: letters, digits and hyphens only."), value=blank)
    late = fields.reason("late_reason", required=False)
    documents, consent = _several(form, "documents"), _several(form, "consent")
    asked = {one.id for one in edition.documents_of(state) if not one.optional}
    if "documents" in needs and asked - state.documents - set(documents):
        fields.fault("documents", N_("Tick each document that you have seen in the original, or scan it."))
    if PORTRAIT in needs and PORTRAIT not in state.documents:
        fields.fault(PORTRAIT, N_("Take the applicant's portrait first."))
    if "consent" in needs and register_subjects.lacks_consent(edition, state, consent):
        fields.fault("consent", N_("Without the applicant's consent no register is asked and the case cannot go on."))
    fields.finish()
    payload: dict[str, Any] = {
        "documents": documents,
        "consent": consent,
        "blank": blank or None,
        "late_reason": late or None,
    }
    return {name: value for name, value in payload.items() if value}


def _several(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str)][:50]


def _code(name: str) -> Callable[[Fields], str]:
    def read(fields: Fields) -> str:
        text = fields.text(name, at_most=64)
        if text and not all(sign.isascii() and (sign.isalnum() or sign in "_.:@/-") for sign in text):
            fields.fault(name, N_("Latin letters, digits and _ . : @ / - only."))
        return text

    return read


def _serial(fields: Fields) -> str:
    text = fields.text("serial", at_most=32).upper().replace(" ", "")
    if text and not all(sign.isascii() and (sign.isalnum() or sign == "-") for sign in text):
        fields.fault("serial", N_("%(value)s is no serial number: letters, digits and hyphens only."), value=text)
    return text


_READERS: Final[Mapping[str, Callable[[Fields], str]]] = {
    "reason": lambda fields: fields.reason("reason"),
    "clause": lambda fields: fields.text("clause", at_most=200, required=False),
    "to": _code("to"),
    "reference": _code("reference"),
    "serial": _serial,
}
