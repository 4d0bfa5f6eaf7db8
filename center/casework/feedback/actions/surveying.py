"""The survey after a visit: six aspects, answered once for each code, kept without the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from center.casework import codes
from center.casework.feedback.tables import SurveyAnswer
from center.casework.fields import N_, BadFields, Fault, Fields
from center.database import Transaction
from center.errors import Conflict

ASPECTS = ("availability", "quality", "timeliness", "courtesy", "appeals", "electronic_form")
_GRADES = ("1", "2", "3", "4", "5")


def answer(transaction: Transaction, code: str, service: str, given: Mapping[str, str], on: date) -> None:
    """Keep an answer: a grade from 1 to 5 for each aspect, or nothing. Raises :class:`Conflict` for a second one."""
    form = Fields(given)
    grades = {aspect: form.choice(aspect, _GRADES, required=False) for aspect in ASPECTS}
    form.finish()
    if not any(grades.values()):
        raise BadFields([Fault(ASPECTS[0], N_("Fill this in."))])
    visit = _visit(code)
    told = {aspect: int(grade) if grade else None for aspect, grade in grades.items()}
    row = SurveyAnswer(centre_id=transaction.centre_id, visit_sha256=visit, day=on, service=service, **told)
    if is_answered(transaction, code):
        raise Conflict(N_("The survey about this visit was answered already."))
    transaction.add(row)
    try:
        transaction.flush()
    except IntegrityError as error:
        raise Conflict(N_("The survey about this visit was answered already.")) from error


def is_answered(transaction: Transaction, code: str) -> bool:
    """Whether the survey about this code's visit was answered."""
    query = select(SurveyAnswer.id).where(
        SurveyAnswer.centre_id == transaction.centre_id, SurveyAnswer.visit_sha256 == _visit(code)
    )
    return transaction.scalar(query) is not None


def _visit(code: str) -> str:
    return sha256(b"speccenter survey v1 " + codes.normalised(code).encode()).hexdigest()
