"""Templates into pages: an environment for each language, with the design system's macros and what every page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from center.people.sessions import SignedIn
from center.web.formats import Formats
from center.web.languages import COOKIE, OWN_NAMES, PARAMETER, YEAR_S, Language, asked_for, language_of, texts
from center.web.navigation import Door, grouped, in_one_row
from center.web.page_above import page_above
from center.web.reader import Reader
from center.web.staff import FORM_TOKEN_FIELD, signed_in

FOLDER = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


@dataclass(slots=True)
class Web:
    """Renders every page of one centre."""

    centre_name: Mapping[str, str]
    """By language."""
    zone: str
    demo: bool
    doors: Sequence[Door]
    feature_templates: Sequence[Path] = ()
    clock_rate: float | None = None
    """How fast simulated time runs; None: the machine's own clock."""
    may_open: Callable[[Request, str], bool] = lambda _request, _path: True
    """Whether whoever asks may open a page; a door that they may not open is not shown."""
    waiting: dict[str, Callable[[Request], int]] = field(default_factory=dict)
    """By a door's address, how many things wait behind it for whoever asks; asked for doors that they may open."""
    has_sign_in: bool = False
    has_slips: bool = False
    """Whether pages are there on which staff signs in, and uses a slip with codes."""
    _environments: dict[Language, Environment] = field(default_factory=dict)

    def page(
        self, request: Request, template: str, status: int = 200, at: str | None = None, **context: Any
    ) -> HTMLResponse:
        """A page in the visitor's language; an address that asks for a language is remembered in a cookie.

        ``at``: the path under which the page can be opened again, where that is not the one that was asked for.
        """
        language = language_of(request)
        # A page that tells of a fault must not ask the store that may be its cause.
        waiting = self._waiting(request) if status < 500 else {}
        shared = self._shared(request, language, at or page_above(request)) | {"waiting_behind": waiting}
        body = self.environment(language).get_template(template).render(shared | context)
        response = HTMLResponse(body, status, headers={"Content-Language": language, "Cache-Control": "no-store"})
        if asked_for(request) is not None:
            response.set_cookie(COOKIE, language, max_age=YEAR_S, samesite="lax", httponly=True)
        return response

    def formats(self, language: Language) -> Formats:
        """Numbers and times of a language, in the centre's zone."""
        return Formats(language, self.zone)

    def reader(self, request: Request) -> Reader:
        """Whoever asks."""
        return Reader(self.formats(language_of(request)))

    def environment(self, language: Language) -> Environment:
        """The templates of a language."""
        if language not in self._environments:
            self._environments[language] = _environment(language, self.feature_templates)
        return self._environments[language]

    def _waiting(self, request: Request) -> dict[str, int]:
        return {href: count(request) for href, count in self.waiting.items() if self.may_open(request, href)}

    def _shared(self, request: Request, language: Language, at: str) -> dict[str, Any]:
        person = signed_in(request)
        links = [(one, OWN_NAMES[one], _in_language(request, one, at), one is language) for one in Language]
        doors = [door for door in self.doors if self.may_open(request, door.href)]
        return {
            "language": language,
            "language_links": links,
            "fmt": self.formats(language),
            "demo": self.demo,
            "clock_rate": self.clock_rate,
            "doors": doors if in_one_row(doors) else [],
            "groups": grouped(doors, request.url.path),
            "person": person,
            "has_sign_in": self.has_sign_in,
            "has_slips": self.has_slips,
            "form_token": person.form_token if person else "",
            "form_token_field": _hidden_token(person),
            "centre_name": self.centre_name[language],
            "path": request.url.path,
        }


def _hidden_token(person: SignedIn | None) -> Markup:
    """What stands in every form of a signed-in person, as ``{{ form_token_field }}``."""
    if person is None:
        return Markup("")
    return Markup('<input type="hidden" name="{}" value="{}">').format(FORM_TOKEN_FIELD, person.form_token)


def _environment(language: Language, folders: Sequence[Path]) -> Environment:
    environment = Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # another version of a page comes with a restart; until then no file is looked at again
        extensions=["jinja2.ext.i18n"],
        loader=ChoiceLoader(
            [
                FileSystemLoader([FOLDER, *folders]),
                PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            ]
        ),
    )
    environment.install_gettext_translations(texts(language), newstyle=True)  # type: ignore[attr-defined]
    # For sentences that may quote what somebody typed: _() takes its text for markup and for a format.
    environment.globals["translated"] = texts(language).gettext
    return environment


def _in_language(request: Request, language: Language, path: str) -> str:
    """This page's address in another language; never another host's, nor one that takes only what is sent."""
    parameters = [(key, value) for key, value in request.query_params.multi_items() if key != PARAMETER]
    query = request.url.replace_query_params(**dict(parameters), **{PARAMETER: str(language)}).query
    return f"{path}?{query}"
