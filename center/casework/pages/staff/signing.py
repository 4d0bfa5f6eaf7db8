"""The applicant's signature at the hand-over: drawn or written, kept in the vault, committed to in the case."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from starlette.datastructures import FormData

from center.casework.documents import png
from center.casework.documents.refusal import BadScan
from center.casework.fields import N_, BadFields, Fault, Fields
from center.casework.one_window import OneWindow
from center.casework.pages.staff.case_now import CaseNow
from center.casework.parties import kept
from center.casework.payloads import Completed
from center.casework.permission import completion_faults
from center.casework.services import Step

_PICTURE: Final = "data:image/png;base64,"
_LONGEST: Final = 120_000
_FIELD: Final = "signature"


def signature_of(window: OneWindow, case: CaseNow, step: Step, form: FormData) -> dict[str, str]:
    """The payload's part for the signature that came with a form; raises :class:`BadFields` without a good one."""
    drawn, written = str(form.get("drawn", "")), str(form.get("written", ""))
    value = _drawn(drawn) if drawn else _written(written)
    if faults := completion_faults(case.edition, case.state, step.id, Completed(signature="0")):
        raise BadFields(faults)
    sealed = window.vault.seal(kept.subject_of(case.row.id), {_FIELD: value}, window.now())
    return {_FIELD: sealed.commitments[_FIELD]}


def _drawn(text: str) -> str:
    try:
        if len(text) > _LONGEST or not text.startswith(_PICTURE):
            raise ValueError
        data = base64.b64decode(text.removeprefix(_PICTURE), validate=True)
        png.size_of(data)
    except (ValueError, binascii.Error, BadScan) as error:
        raise BadFields([Fault("written", N_("The signature's drawing cannot be read; sign again."))]) from error
    return text


def _written(text: str) -> str:
    if not text.strip():
        raise BadFields([Fault("written", N_("The applicant signs on the pad, or writes their name here."))])
    fields = Fields({"written": text})
    name = fields.name("written")
    fields.finish()
    return name
