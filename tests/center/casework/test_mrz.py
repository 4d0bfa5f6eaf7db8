"""Identity documents as scanners type them; the specimens are those of ICAO Doc 9303."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.casework import mrz
from center.casework.fields import BadFields

ON = date(2026, 4, 14)
TD1 = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


@pytest.mark.parametrize(
    ("text", "number", "is_passport"),
    [(TD1, "D23145890", False), (TD2, "D23145890", False), (TD3, "L898902C3", True)],
)
def test_icao_specimens_are_read(text: str, number: str, is_passport: bool) -> None:
    told = mrz.read(text, ON)
    assert (told.family_name, told.given_names, told.number) == ("ERIKSSON", "ANNA MARIA", number)
    assert (told.born_on, told.valid_until, told.citizenship) == (date(1974, 8, 12), date(2012, 4, 15), "UTO")
    assert told.is_passport is is_passport
    assert told.iin == ""


def test_a_kazakh_card_gives_the_iin() -> None:
    assert mrz.read(kazakh_card(), ON).iin == "980417900018"


def test_a_number_longer_than_nine_signs_goes_on_in_the_optional_field() -> None:
    # ICAO Doc 9303 part 5, figure of a TD1 with a long document number (D23145890734).
    one = "I<UTOD23145890<7349<<<<<<<<<<<"
    two = "3407127M9507122UTO<<<<<<<<<<<" + mrz.check_digit(one[5:30] + "3407127" + "9507122" + "<" * 11)
    told = mrz.read(f"{one}\n{two}\nSTEVENSON<<PETER<JOHN<<<<<<<<<", ON)
    assert told.number == "D23145890734"


@pytest.mark.parametrize("text", [TD1, TD2, TD3])
@given(st.data())
def test_one_wrong_digit_of_number_or_dates_is_never_believed(text: str, data: st.DataObject) -> None:
    line = 0 if text is TD1 else 1
    lines = text.splitlines()
    places = range(5, 14) if text is TD1 else range(9)
    place = data.draw(st.sampled_from([one for one in places if lines[line][one].isdigit()]))
    wrong = data.draw(st.sampled_from([one for one in "0123456789" if one != lines[line][place]]))
    lines[line] = lines[line][:place] + wrong + lines[line][place + 1 :]
    with pytest.raises(BadFields):
        mrz.read("\n".join(lines), ON)


@pytest.mark.parametrize("text", ["", "<", TD1[:-1], TD3 + "\n" + "<" * 44, TD2.replace("<", "é", 1), "\n" * 50])
def test_what_is_no_document_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(BadFields) as told:
        mrz.read(text, ON)
    assert told.value.faults[0].field == "entry"


@given(st.text(max_size=200))
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    try:
        mrz.read(text, ON)
    except BadFields:
        return


def kazakh_card() -> str:
    """A card of the demo world, with its check digits."""
    one = f"IDKAZ999000001{mrz.check_digit('999000001')}980417900018<<<"
    dates = f"980417{mrz.check_digit('980417')}F310520{mrz.check_digit('310520')}"
    composite = mrz.check_digit(one[5:30] + dates[:7] + dates[8:] + "<" * 11)
    return f"{one}\n{dates}KAZ{'<' * 11}{composite}\n" + "SARSENOVA<<AIGERIM".ljust(30, "<")
