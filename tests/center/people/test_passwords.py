"""What may be a password, how it is kept, and that nobody's takes as long as anybody's."""

from __future__ import annotations

import pytest

from center.errors import BadRequest
from center.people import passwords

GOOD = "тоғыз көгілдір трактор билейді"


def test_it_is_kept_by_argon2id_with_the_parameters_of_rfc_9106() -> None:
    stored = passwords.hash_of(GOOD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.fits(GOOD, stored)
    assert not passwords.fits(GOOD + " ", stored)
    assert not passwords.fits(GOOD, None)


def test_letters_typed_in_pieces_are_the_same_letters() -> None:
    assert passwords.fits("cafe\u0301 and more words", passwords.hash_of("caf\u00e9 and more words"))


@pytest.mark.parametrize(
    "password", [GOOD, "correct battery staple horse", "x7#Kq!vW2p$Lz9&d", "🚗🚦🛣️ жасыл жолақ алтын"]
)
def test_a_good_password_is_taken(password: str) -> None:
    passwords.check_new(password)


@pytest.mark.parametrize(
    "password",
    ["", "short", "x" * 14, "x" * 129, "aaaaaaaaaaaaaaaa", "qwertyuiopasdfg", "passwordpassword", "daurendaurendauren"],
)
def test_a_password_that_would_be_guessed_is_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(BadRequest) as caught:
        passwords.check_new(password, ["dauren", "kairatuly"])
    assert not password or password not in str(caught.value)
