"""What the staff's pages have in common: the parts behind them, words, names, and how they are laid out."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from center.casework import services_file
from center.casework.fields import BadFields, Fault
from center.casework.one_window import OneWindow
from center.casework.pages import words
from center.casework.services import PORTRAIT, Edition
from center.errors import CenterError
from center.web.languages import N_, language_of
from center.web.reader import Reader
from center.web.templating import Web

SELLER: Final = "seller_"
"""How fields about the seller begin; those about the buyer, who goes on with the vehicle, begin with nothing."""
PRINCIPAL: Final = "principal_"
"""How fields go on about somebody for whom another one stands at the window."""
_INVESTIGATION = N_("an investigation outside")
_QUEUE = N_("queue: {role}")


class StaffPages:
    """Given to every route of these pages."""

    def __init__(self, web: Web, window: OneWindow) -> None:
        self.web = web
        self.window = window

    def reader(self, request: Request) -> Reader:
        """Whoever asks."""
        return Reader(self.web.formats(language_of(request)))

    def page(self, request: Request, name: str, status: int = 200, **context: Any) -> HTMLResponse:
        """A page of these."""
        told = PageWords(self.reader(request), self.window)
        now = self.window.now()
        return self.web.page(request, f"casework/staff/{name}.html", status, told=told, now=now, words=words, **context)


class PageWords:
    """How a page says what the data holds."""

    def __init__(self, reader: Reader, window: OneWindow) -> None:
        self._reader = reader
        self._window = window

    def word(self, table: Mapping[str, str], key: str) -> str:
        """A word of a table; the key itself where the table has none."""
        return self._reader.translate(table[key]) if key in table else key

    def title(self, titles: Mapping[str, str]) -> str:
        """A text that the data holds in every language."""
        return titles[self._reader.language]

    def person(self, account_id: str) -> str:
        """What somebody of the staff is called."""
        return self._window.names.of(account_id, otherwise=account_id[-8:])

    def role(self, role: str) -> str:
        """A role's name; what is no role's in the words for others who hold steps."""
        return self.word(words.HELD_BY, role)

    def service(self, edition: str) -> str:
        """The service that a case is about."""
        return self.title(services_file.load().named(edition).title)

    def step(self, edition: str, step: str) -> str:
        """A step of it."""
        return self.title(services_file.load().named(edition).step(step).title)

    def requirement(self, edition: Edition, requirement: str) -> str:
        """What a scan shows: a document of the service, or the applicant."""
        document = next((one for one in edition.documents if one.id == requirement), None)
        return self.title(document.title) if document else self._reader.translate(words.FIELDS[PORTRAIT])

    def holder(self, kind: str, name: str) -> str:
        """Who holds a step."""
        if kind == "person":
            return self.person(name)
        if kind == "queue":
            return self._reader.translate(_QUEUE).replace("{role}", self.role(name))
        return self.register(name) if kind == "outside" else self.role(name)

    def register(self, name: str) -> str:
        """A state register, or whoever else outside holds a step."""
        for register, policy in self._window.registers.client.policies.registers.items():
            if register.value == name:
                return self.title(policy.title)
        return self.word({"investigation": _INVESTIGATION, "outside": words.HELD_BY["outside"]}, name)

    def actor(self, kind: str, name: str) -> str:
        """Who acted."""
        return self.person(name) if kind == "staff" else self.word(words.ACTORS, name.removeprefix("system:"))

    def whoever(self, name: str) -> str:
        """Who it was: somebody of the staff, the applicant, or a part of the centre."""
        return self.actor("system" if name in words.ACTORS else "staff", name)

    def new_key(self) -> str:
        """A client's key for a form: sent twice, it is done once."""
        return secrets.token_urlsafe(18)


def faults_of(error: CenterError) -> tuple[Fault, ...]:
    """What is wrong with a form, each at its field; what names no field stands at none."""
    return (
        error.faults
        if isinstance(error, BadFields)
        else tuple(Fault("", text, values) for text, values in error.parts())
    )


def told_faults(faults: Iterable[Fault], reader: Reader) -> list[dict[str, str]]:
    """Faults for the error summary and the fields, in the reader's language."""
    return [
        {"field": one.field, "label": _label(one.field, reader), "text": reader.say(one.text, one.values)}
        for one in faults
    ]


def _label(field: str, reader: Reader) -> str:
    """What the page calls a field; empty for one that needs no name, for the catalogue of nothing is its header."""
    own = field.removeprefix(SELLER).removeprefix(PRINCIPAL)
    name = words.FIELDS.get(own)
    if not name:
        return ""
    whose = [words.SIDES["seller"]] if field.startswith(SELLER) else []
    whose += [words.PRINCIPAL] if field.removeprefix(SELLER).startswith(PRINCIPAL) else []
    return ": ".join(reader.translate(one) for one in (*whose, name))
