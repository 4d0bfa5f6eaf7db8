"""What a scanner typed while a Cyrillic keyboard layout was on: a scanner sends keys, the layout makes letters. Pure.

>>> as_typed_on_latin("С001")
'C001'
"""

from __future__ import annotations

import re
from typing import Final

_RUSSIAN: Final = "йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_KAZAKH_DIGITS: Final = '"әіңғ,.үұқөһ', "1234567890-="
"""The Kazakh layout has letters where others have digits."""
_OF_KAZAKH: Final = re.compile("[әіңғүұқөһ]", re.IGNORECASE)
_CYRILLIC: Final = re.compile("[а-яёәіңғүұқөһ]", re.IGNORECASE)
_LETTERS: Final = str.maketrans(
    _RUSSIAN[0] + _RUSSIAN[0].upper(),
    # With Shift the keys of comma and point make the signs that fill an identity document's lines.
    _RUSSIAN[1] + _RUSSIAN[1].upper().translate(str.maketrans(",.", "<>")),
)
_DIGITS: Final = str.maketrans(*_KAZAKH_DIGITS)


def as_typed_on_latin(text: str) -> str:
    """The text as the same keys make it in the Latin layout; a text without Cyrillic letters stays as it is."""
    if _CYRILLIC.search(text) is None:
        return text
    if _OF_KAZAKH.search(text) is not None:
        text = "".join(sign.translate(_DIGITS) for sign in text)
    return text.translate(_LETTERS)
