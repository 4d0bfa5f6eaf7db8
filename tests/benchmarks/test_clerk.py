"""A clerk sends what a page's form holds, and says what the page told when there is none such."""

from __future__ import annotations

import pytest

from benchmarks.clerk import form_with
from benchmarks.desk_server import numbers
from center.casework.parties import iin

PAGE = """<main><form action="/sign-out"><input type="hidden" name="form_token" value="t"></form>
<form action="/cases/1/actions"><input type="hidden" name="kind" value="step.take"><input name="client_key" value="k">
</form><input name="stray" value="1"><form action="/cases/1/actions"><input name="kind" value="step.complete">
<input type="checkbox" name="documents" value="identity"><input type="checkbox" name="documents" value="order">
<input name="blank"></form><p>Nothing else.</p></main>"""


def test_the_form_that_holds_the_value_is_sent_with_everything_ticked() -> None:
    form = form_with(PAGE, "kind", "step.complete")
    assert form.action == "/cases/1/actions"
    assert form.fields == {"kind": ["step.complete"], "documents": ["identity", "order"], "blank": [""]}


def test_a_page_without_such_a_form_is_told() -> None:
    with pytest.raises(RuntimeError, match=r"kind = step\.skip: .*Nothing else"):
        form_with(PAGE, "kind", "step.skip")


def test_everybody_who_is_made_up_has_a_valid_number_of_their_own() -> None:
    found = numbers("8806279", 60)
    assert len(set(found)) == 60
    assert all(iin.is_valid(one) for one in found)
