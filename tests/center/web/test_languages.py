"""Which language a visitor reads."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from center.web.languages import Language, language_of, preferred, texts


def _request(query: str = "", cookie: str = "", accepts: str = "") -> Request:
    headers = [(b"cookie", cookie.encode()), (b"accept-language", accepts.encode())]
    return Request({"type": "http", "query_string": query.encode(), "headers": headers, "path": "/"})


@pytest.mark.parametrize(
    ("query", "cookie", "accepts", "language"),
    [
        ("", "", "", Language.KK),
        ("", "", "de, fr;q=0.8", Language.KK),
        ("", "", "en-GB,en;q=0.9,ru;q=0.8", Language.EN),
        ("", "lang=ru", "en", Language.RU),
        ("lang=en", "lang=ru", "kk", Language.EN),
        ("lang=xx", "lang=ru", "kk", Language.RU),
        ("lang=xx", "lang=<script>", "", Language.KK),
    ],
)
def test_the_address_comes_before_the_cookie_and_the_browser(
    query: str, cookie: str, accepts: str, language: Language
) -> None:
    assert language_of(_request(query, cookie, accepts)) is language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ru;q=0.5, kk;q=0.9", Language.KK),
        ("ru;q=0, en;q=0.1", Language.EN),
        ("ru;q=nonsense", None),
        ("*", None),
        (",,;q=1", None),
    ],
)
def test_the_browsers_wish_is_read_by_its_weights(header: str, language: Language | None) -> None:
    assert preferred(header) is language


def test_a_catalogue_translates_and_counts() -> None:
    assert texts(Language.RU).gettext("Exams") == "Экзамены"
    forms = [texts(Language.RU).ngettext("+{count} point", "+{count} points", count) for count in (1, 2, 5)]
    assert forms == ["+{count} балл", "+{count} балла", "+{count} баллов"]
