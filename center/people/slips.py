"""Slips: one-time codes in two halves, one from each of the two who agreed, so that neither alone can use them.

A half has 80 random bits in Crockford's base 32 (no I, L, O, U), written in groups of four.

>>> normal(" oil1-abcd ")
'0111ABCD'
>>> shown("0123456789ABCDEF")
'0123-4567-89AB-CDEF'
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Final

GOOD_FOR: Final = timedelta(days=3)
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHARACTERS: Final = 16
_MISREAD: Final = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})


def new_half() -> str:
    """A fresh half."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_CHARACTERS))


def normal(half: str) -> str:
    """As it was made, however it was typed."""
    return half.upper().translate(_MISREAD)


def shown(half: str) -> str:
    """In groups of four."""
    return "-".join(half[at : at + 4] for at in range(0, len(half), 4))


def half_hash(half: str) -> str:
    """What is stored of one half."""
    return sha256(b"speccenter half " + normal(half).encode()).hexdigest()


def slip_hash(first_hash: str, second_hash: str) -> str:
    """What is stored of a slip, from its halves' hashes in either order."""
    return sha256("speccenter slip {} {}".format(*sorted((first_hash, second_hash))).encode()).hexdigest()
