"""Passwords: argon2id (RFC 9106, second recommended parameters), and what may be one.

Length decides (NIST SP 800-63B-4, 3.1.1.2, gives 15 for a password that stands alone; no rules of composition, no
forced change). A password that a guesser would try early is refused.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from center.errors import N_, BadRequest

SHORTEST: Final = 15
LONGEST: Final = 128
_STRONG: Final = 3
"""zxcvbn's "safely unguessable": some 10⁸ guesses and more, offline protection by the slow hash."""
_JUDGED: Final = 72
"""zxcvbn reads no further."""
_hasher = PasswordHasher()
# Each takes 64 MiB while it works, and what waits here costs nothing.
_at_work = threading.BoundedSemaphore(2)


def hash_of(password: str) -> str:
    """The PHC string that is stored."""
    with _at_work:
        return _hasher.hash(_normal(password))


def fits(password: str, stored: str | None) -> bool:
    """Whether it is the password. For nobody's it takes as long, so that time tells nothing of who has an account."""
    with _at_work:
        try:
            _hasher.verify(stored or _nobodys(), _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def check_new(password: str, known: Sequence[str] = ()) -> None:
    """Whether it may become a password; ``known`` are words that others know of the person.

    Raises :class:`BadRequest` saying what is wrong, and never the password.
    """
    password = _normal(password)
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadRequest(
            N_("A password has %(shortest)s to %(longest)s characters."), shortest=SHORTEST, longest=LONGEST
        ).at("new")
    words = [*known, "speccenter"]
    if zxcvbn(password[:_JUDGED], user_inputs=words)["score"] < _STRONG:
        text = N_("This password is too easy to guess. Take four or more words that do not belong together.")
        raise BadRequest(text).at("new")


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody's")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
