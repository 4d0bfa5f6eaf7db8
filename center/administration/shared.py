"""What the pages of accounts have in common: names, words, and how a refusal is told on the page itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from center.errors import BadRequest, CenterError
from center.people.names import StaffNames
from center.people.office import Office
from center.people.powers import PROPOSE, Actor
from center.web.staff_words import ACCOUNT_STATES, ACTIONS, REQUEST_STATES, ROLES
from center.web.templating import Web


@dataclass(frozen=True, slots=True)
class StaffPages:
    """Renders them."""

    web: Web
    office: Office
    names: StaffNames

    def page(
        self, request: Request, name: str, status: int = 200, error: CenterError | None = None, **context: Any
    ) -> HTMLResponse:
        """A page of this feature; with an error, what it says stands above."""
        shared: dict[str, Any] = {
            "role_words": ROLES,
            "action_words": ACTIONS,
            "request_states": REQUEST_STATES,
            "account_states": ACCOUNT_STATES,
            "name_of": self.names.of,
            "field": error.field if error else "",
            "error": self.web.reader(request).refusal(error) if error else None,
        }
        return self.web.page(request, f"administration/{name}.html", status, **(shared | context))

    def half(self, request: Request, half: str, *, first: bool, account_id: str | None = None) -> HTMLResponse:
        """Half of a slip, shown this once."""
        return self.page(request, "half", half=half, first=first, account_id=account_id)

    def proposable(self, actor: Actor) -> list[str]:
        """What the actor may propose about an account that exists."""
        offered = self.office.powers.open_actions(actor)
        names = [one.removeprefix(PROPOSE) for one in offered if one.startswith(PROPOSE)]
        return [one for one in names if one not in ("account.create", "relative.withdraw")]


def read_day(text: str, wrong: str) -> date:
    """A day from a form; raises :class:`BadRequest`, which says ``wrong``, a text of the catalogues."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadRequest(wrong) from error
