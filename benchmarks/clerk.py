"""One operator at a browser of their own: signs in, and takes case after case through its first steps by forms."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

import httpx

Fields = dict[str, list[str]]
_APPLICANT: Final = {
    "service": "records_certificate", "applicant": "person", "family_name": "Орлов", "given_name": "Денис",
    "born_on": "2001-09-29", "citizenship": "KAZ", "address": "г. Сарытау, ул. Степная, д. 3",
    "document_kind": "identity_card", "document_number": "999000002", "document_issued_on": "2020-02-11",
    "document_issued_by": "МВД",
}  # fmt: skip
_STEPS: Final = ("step.release", "step.take", "step.complete")
"""After opening it: given back, taken up again, accepted."""


class Clerk:
    """Whoever is served has one of ``numbers`` (IINs), in turn."""

    def __init__(self, client: httpx.AsyncClient, login: str, numbers: Iterator[str]) -> None:
        self._client = client
        self._login = login
        self._numbers = numbers
        self._page = ""
        self._next = len(_STEPS)

    async def sign_in(self, home: str = "/desk") -> None:
        """By one press, with the demo's software passkey; raises RuntimeError if there is no such person."""
        page = (await self._client.get("/sign-in")).text
        found = re.search(
            rf'name="account" value="([\w-]+)">\s*<input[^>]*>\s*<button[^>]*id="demo-{self._login}"', page
        )
        if found is None:
            raise RuntimeError(f"Nobody named {self._login} can sign in.")
        answer = await self._client.post("/sign-in/demo", data={"account": found.group(1), "next": home})
        await self._follow(answer)

    async def act(self) -> float:
        """The next action; how long its answer took (s). Raises RuntimeError if the centre does not do it.

        The page that it leads to is fetched too, as a browser does, before and not within the next one's time.
        """
        if self._next == len(_STEPS):
            form = await self._form_of_a_new_case()
        else:
            form = form_with(self._page, "kind", _STEPS[self._next])
        began = time.monotonic()
        answer = await self._client.post(form.action, data=form.fields)
        took_s = time.monotonic() - began
        await self._follow(answer)
        self._next = 0 if self._next == len(_STEPS) else self._next + 1
        return took_s

    async def _form_of_a_new_case(self) -> Form:
        page = (await self._client.get("/cases/new")).text
        form = form_with(page, "applicant", "person")
        given = {**_APPLICANT, "iin": next(self._numbers)}
        form.fields.update({name: [text] for name, text in given.items()})
        return form

    async def _follow(self, answer: httpx.Response) -> None:
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise RuntimeError(f"{answer.request.url} answers {answer.status_code}: {_told(answer.text)}")
        page = await self._client.get(answer.headers["location"])
        page.raise_for_status()
        self._page = page.text


@dataclass
class Form:
    """A form of a page, as it is sent when everything in it is ticked and nothing typed."""

    action: str
    fields: Fields = field(default_factory=dict)


def form_with(page: str, name: str, value: str) -> Form:
    """The form of a page that holds a field with that value; raises RuntimeError if there is none."""
    reader = _Forms()
    reader.feed(page)
    for form in reader.forms:
        if value in form.fields.get(name, ()):
            return form
    raise RuntimeError(f"No form of the page has {name} = {value}: {_told(page)}")


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._is_within = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told: Mapping[str, str | None] = dict(attrs)
        if tag == "form":
            self.forms.append(Form(told.get("action") or ""))
            self._is_within = True
        elif tag == "input" and self._is_within and told.get("name"):
            self.forms[-1].fields.setdefault(told["name"] or "", []).append(told.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self._is_within = self._is_within and tag != "form"


def _told(page: str) -> str:
    """What a page says, in short."""
    main = page.partition("<main")[2] or page
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())[:200]
