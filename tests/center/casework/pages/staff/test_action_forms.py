"""Forms of actions: every field of every one keeps its length and refuses hostile text, at the field."""

from __future__ import annotations

import pytest
from starlette.datastructures import FormData

from center.casework.fields import BadFields
from center.casework.pages.staff.action_forms import FIELDS, payload_of
from tests.center.casework.test_fields import HOSTILE

LONGEST = {"reason": 2000, "clause": 200, "to": 64, "reference": 64, "serial": 32}
FORMS = [(kind, name) for kind, names in FIELDS.items() for name in names]


def _filled(kind: str, **changes: str) -> FormData:
    return FormData(
        {"kind": kind, "client_key": "key-0000000000001", **dict.fromkeys(FIELDS[kind], "A" * 12), **changes}
    )


def _faulty(kind: str, **changes: str) -> list[str]:
    with pytest.raises(BadFields) as refused:
        payload_of(kind, _filled(kind, **changes))
    return [fault.field for fault in refused.value.faults]


@pytest.mark.parametrize(("kind", "name"), FORMS)
def test_hostile_text_is_refused_at_its_field(kind: str, name: str) -> None:
    for what, text in HOSTILE.items():
        if (name, what) != ("reason", "a second line"):
            assert _faulty(kind, **{name: f"{text} was written"}) == [name], what


@pytest.mark.parametrize(("kind", "name"), FORMS)
def test_the_longest_text_fits_and_one_more_sign_does_not(kind: str, name: str) -> None:
    assert payload_of(kind, _filled(kind, **{name: "A" * LONGEST[name]}))[name] == "A" * LONGEST[name]
    assert _faulty(kind, **{name: "A" * (LONGEST[name] + 1)}) == [name]


@pytest.mark.parametrize("kind", FIELDS)
def test_a_field_that_no_form_has_is_refused(kind: str) -> None:
    assert _faulty(kind, stranger="x") == ["stranger"]
