"""The languages of the pages: which one a visitor reads, and its catalogue of texts."""

from __future__ import annotations

import gettext
from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.requests import Request

from center.errors import N_ as N_

FOLDER = Path(__file__).parent / "locale"
PARAMETER = "lang"
COOKIE = "lang"
YEAR_S = 365 * 24 * 3600


class Language(StrEnum):
    """BCP 47 tags of the languages that every text exists in."""

    KK = "kk"
    RU = "ru"
    EN = "en"


OWN_NAMES = {Language.KK: "Қазақша", Language.RU: "Русский", Language.EN: "English"}


def asked_for(request: Request) -> Language | None:
    """The language that the address itself asks for, if it is one of ours."""
    return _known(request.query_params.get(PARAMETER, ""))


def language_of(request: Request) -> Language:
    """The visitor's language: from the address, else the cookie, else the browser's wish, else Kazakh."""
    return (
        asked_for(request)
        or _known(request.cookies.get(COOKIE, ""))
        or preferred(request.headers.get("accept-language", ""))
        or Language.KK
    )


def preferred(header: str) -> Language | None:
    """The best of our languages by an Accept-Language header (RFC 9110 §12.5.4); None if it names none."""
    wishes: list[tuple[float, int, Language]] = []
    for position, part in enumerate(header.split(",")):
        tag, _, parameters = part.strip().partition(";")
        language = _known(tag.split("-")[0].lower())
        weight = _weight(parameters)
        if language is not None and weight > 0:
            wishes.append((-weight, position, language))
    return min(wishes)[2] if wishes else None


@cache
def texts(language: Language) -> gettext.NullTranslations:
    """The catalogue of a language, compiled from its .po file when first asked for."""
    with catalogue_path(language).open("rb") as file:
        catalogue = read_po(file, locale=str(language))
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def catalogue_path(language: Language) -> Path:
    """Where the texts of a language lie."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def _known(tag: str) -> Language | None:
    return Language(tag) if tag in set(Language) else None


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
