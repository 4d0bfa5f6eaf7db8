"""What the citizen's pages have in common: the parts behind them, words, and how they are laid out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from center.casework.fields import BadFields
from center.casework.one_window import OneWindow
from center.casework.pages import words
from center.web.languages import language_of
from center.web.reader import Reader
from center.web.staff_words import ROLES
from center.web.templating import Web


class CitizenPages:
    """Given to every route of these pages."""

    def __init__(self, web: Web, window: OneWindow) -> None:
        self.web = web
        self.window = window

    def reader(self, request: Request) -> Reader:
        """Whoever asks."""
        return Reader(self.web.formats(language_of(request)))

    def page(self, request: Request, name: str, status: int = 200, **context: Any) -> HTMLResponse:
        """A page in the reader's language; ``said`` gives a text of rule data in it."""
        language = language_of(request)

        def said(titles: Mapping[str, str]) -> str:
            return titles[language]

        shared: dict[str, Any] = {"said": said, "words": words, "roles": ROLES}
        return self.web.page(
            request, f"casework/citizen/{name}.html", status, now=self.window.now(), **shared, **context
        )

    def faults(self, request: Request, error: BadFields | None) -> list[dict[str, str]]:
        """What is wrong with a form, each at its field, in the reader's language."""
        say = self.reader(request).say
        found = error.faults if error is not None else ()
        return [{"field": one.field, "text": say(one.text, one.values)} for one in found]


def address_of(request: Request) -> str:
    """Where a request comes from, for counting attempts."""
    return request.client.host if request.client else ""
