"""A form tells all its faults at once, each at its field; hostile text is refused and honest names are not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.casework.fields import BadFields, Fault, Fields

HOSTILE = {
    "a zero byte": "Orlov\x00",
    "a control": "Or\x1blov",
    "a turned direction": "Orlov\u202egnp.exe",
    "an isolate": "\u2066Orlov",
    "a hidden sign": "Or\u200blov",
    "half a sign": "Or\ud800lov",
    "a sign of nobody": "Or\U000e0001lov",
    "a private sign": "Or\ue000lov",
    "a second line": "Orlov\nadmin: yes",
    "a line separator": "Orlov\u2028x",
    "a heap of marks": "O" + "\u0336\u0489\u0330\u0360" * 3,
}


def _faults(form: Fields) -> list[Fault]:
    with pytest.raises(BadFields) as refused:
        form.finish()
    return list(refused.value.faults)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_refused_in_every_kind_of_text(value: str) -> None:
    for kind in ("text", "name"):
        form = Fields({"field": value})
        if kind == "text":
            form.text("field", at_most=100)
        else:
            form.name("field")
        assert [fault.field for fault in _faults(form)] == ["field"]


@pytest.mark.parametrize(
    "name",
    [
        "Әбдіғаппар",
        "Сәрсенова-Жұмағұлова",
        "Tomás",
        "O’Brien",
        "Нұрлан",
        "Ó Súilleabháin",
        "ابن سينا",
        "王",
        "Д'Артаньян",
    ],
)
def test_an_honest_name_is_taken(name: str) -> None:
    form = Fields({"field": f"  {name} "})
    assert form.name("field") == name
    form.finish()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("<script>alert(1)</script>", "<"),
        ("Robert'); DROP TABLE cases", ")"),
        ("Орлов 2", "2"),
        ("{{7*7}}", "{"),
        ("--", "letters"),
        ("Орлoв", "Орлoв mixes"),
        ("", "Fill"),
        ("ж" * 101, "101"),
    ],
)
def test_what_is_no_name_is_refused_with_what_is_wrong(name: str, told: str) -> None:
    form = Fields({"field": name})
    form.name("field")
    assert told in _faults(form)[0].sentence


def test_text_of_the_greatest_length_fits_and_one_more_does_not() -> None:
    form = Fields({"fits": "ә" * 4000, "over": "ә" * 4001})
    assert len(form.text("fits", at_most=4000)) == 4000
    form.text("over", at_most=4000)
    assert [fault.field for fault in _faults(form)] == ["over"]


def test_free_text_may_hold_what_only_looks_dangerous() -> None:
    text = "<b>Robert'); DROP TABLE cases; -- {{7*7}} ${x} %s ../../etc\nsecond line 👨‍👩‍👧"
    form = Fields({"field": text})
    assert form.text("field", at_most=200, lines=True) == text
    form.finish()


@pytest.mark.parametrize(
    "value", ["2026-02-30", "14.04.2026", "2026-4-1", "٢٠٢٦-04-14", "2026-04-14T00:00", "0000-01-01"]
)
def test_what_is_no_date_is_refused(value: str) -> None:
    form = Fields({"on": value})
    assert form.day("on") is None
    assert "on" in {fault.field for fault in _faults(form)}


def test_a_date_has_its_bounds() -> None:
    form = Fields({"early": "1899-12-31", "late": "2026-04-15", "fits": "2026-04-14"})
    bounds = (date(1900, 1, 1), date(2026, 4, 14))
    form.day("early", earliest=bounds[0])
    form.day("late", latest=bounds[1])
    assert form.day("fits", earliest=bounds[0], latest=bounds[1]) == bounds[1]
    assert [fault.field for fault in _faults(form)] == ["early", "late"]


@pytest.mark.parametrize("value", ["87771234567x", "+7 777", "++77771234567", "٧٧٧٧١٢٣٤٥٦٧", "1" * 16])
def test_what_is_no_telephone_number_is_refused(value: str) -> None:
    form = Fields({"phone": value})
    form.phone("phone")
    assert _faults(form)


def test_a_telephone_number_is_written_in_one_form() -> None:
    form = Fields({"phone": "+7 (777) 123-45-67"})
    assert form.phone("phone") == "+77771234567"


@pytest.mark.parametrize("value", ["a@b", "a b@c.kz", "a@-", "@c.kz", "a@c.kz\r\nBcc: x@y.kz", "a@" + "b" * 64 + ".kz"])
def test_what_is_no_mail_address_is_refused(value: str) -> None:
    form = Fields({"email": value})
    form.email("email")
    assert _faults(form)


def test_a_field_that_nobody_asked_for_is_refused() -> None:
    form = Fields({"role": "administrator"})
    assert [fault.field for fault in _faults(form)] == ["role"]


def test_all_faults_are_told_at_once() -> None:
    form = Fields({"one": "", "two": "\x00"})
    form.text("one", at_most=5)
    form.text("two", at_most=5)
    form.choice("three", ["a"])
    assert [fault.field for fault in _faults(form)] == ["one", "two", "three"]


@given(st.text(st.characters(), max_size=60))
def test_any_text_gets_an_answer(value: str) -> None:
    form = Fields({"a": value, "b": value, "c": value, "d": value, "e": value, "f": value})
    form.text("a", at_most=50, lines=True)
    form.name("b")
    form.day("c")
    form.choice("d", ["x"])
    form.phone("e")
    form.email("f")
    for fault in form.faults:
        assert fault.sentence
