"""Codes of 80 random bits that a citizen types: sixteen signs in four groups, none of which looks like another. Pure.

Crockford's base 32: digits and capitals without I, L, O and U. Who types O for 0, or I or L for 1, means the digit.
Only a code's SHA-256 is kept: at 80 bits nobody finds the code to a hash, and none can be guessed.

>>> code_of(bytes(range(10)))
'000G-40R4-0M30-E209'
>>> normalised(" ooog 40r4 om30 e2o9")
'000G-40R4-0M30-E209'
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from center.errors import N_, BadRequest

RANDOM_BYTES: Final = 10
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 16
_GROUP: Final = 4
_MEANT: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "\u00a0": None, "\u2011": None})
_LONGEST_TYPED: Final = 40


def code_of(random_bytes: bytes) -> str:
    """The code that shows these ten random bytes."""
    if len(random_bytes) != RANDOM_BYTES:
        raise ValueError(f"a code shows {RANDOM_BYTES} bytes, not {len(random_bytes)}")
    number = int.from_bytes(random_bytes, "big")
    signs = "".join(_ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))
    return "-".join(signs[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def code_for(key: str) -> str:
    """The code that belongs to a form's random key, so that a form sent twice shows one code; as random as the key."""
    return code_of(sha256(b"speccenter draft code v1 " + key.encode()).digest()[:RANDOM_BYTES])


def normalised(typed: str) -> str:
    """A code in its one form; raises :class:`BadRequest`, without repeating what was typed."""
    signs = typed.upper().translate(_MEANT) if len(typed) <= _LONGEST_TYPED else ""
    if len(signs) != _LENGTH or not set(signs) <= set(_ALPHABET):
        raise BadRequest(N_("A code has sixteen letters and digits, in four groups of four."))
    return "-".join(signs[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def digest(code: str) -> str:
    """What is kept of a code (hex); raises :class:`BadRequest`."""
    return sha256(b"speccenter code v1 " + normalised(code).encode()).hexdigest()
