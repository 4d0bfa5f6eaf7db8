"""The accounts' pages over HTTP: which role gets how far at each route, and what hostile or too long text comes to."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from center.access import ROUTES
from center.app import create_app
from tests.center.demo_staff import account_of, become, demo_centre, form_token, visitor

LOGIN_OF = {
    "administrator": "dauren", "supervisor": "saule", "safety_officer": "irina", "auditor": "asel",
    "operator": "akbota", "police_inspector": "viktor", "document_issuer": "gulnar", "theory_invigilator": "marat",
    "examiner": "oleg",
}  # fmt: skip
OVERSEERS = {"administrator", "supervisor", "safety_officer", "auditor"}
ACCOUNT = "/administration/accounts/none-such"
PROPOSAL = "/administration/proposals/none-such"
WHY = {"reason": "a reason of the test"}
REPLACE = {"action": "passkey.replace"}
NOBODY = {"login": "Nobody!", "name": "Nobody", "iin": "1"}
EXAMINER = {"action": "role.grant", "role": "examiner", "issued_on": "2026-01-02", "expires_on": "2026-12-31"}
# Route, what is sent, who may, and what they then hear: that the thing does not exist or does not fit.
MAY: list[tuple[str, str, dict[str, str], set[str], int]] = [
    ("GET", "/administration", {}, OVERSEERS, 200),
    ("GET", "/administration/new", {}, {"administrator"}, 200),
    ("POST", "/administration/new", NOBODY, {"administrator"}, 400),
    ("GET", ACCOUNT, {}, OVERSEERS, 404),
    ("POST", f"{ACCOUNT}/propose", REPLACE, {"administrator", "safety_officer"}, 404),
    ("POST", f"{ACCOUNT}/lock", WHY, {"administrator", "supervisor", "safety_officer"}, 404),
    ("POST", f"{ACCOUNT}/sign-out", {}, {"administrator", "supervisor", "safety_officer"}, 404),
    ("POST", f"{ACCOUNT}/revoke-role", {"role": "operator"} | WHY, {"administrator"}, 404),
    ("POST", f"{ACCOUNT}/revoke-passkey", {"passkey": "none"}, {"administrator", "safety_officer"}, 404),
    ("GET", "/administration/proposals", {}, OVERSEERS, 200),
    ("POST", f"{PROPOSAL}/confirm", {}, {"supervisor", "safety_officer", "auditor"}, 404),
    ("POST", f"{PROPOSAL}/decline", WHY, OVERSEERS, 404),
]
SCRIPT = "<script>alert(1)</script>"
# Text that no rule of a name or a reason forbids: it is taken, and shown as the text it is.
MARKED = [SCRIPT, "' OR 1=1 --", "../../etc/passwd", "100%", "%(name)s"]
HOSTILE = ["", "\x00", "a\x00b", "a\u202eb", *MARKED, "x" * 300, "x" * 301, "ж" * 70_000]
HOSTILE_IDS = [
    "empty", "zero", "zero inside", "turned", "script", "sql", "path", "percent", "format", "long", "longer", "longest",
]  # fmt: skip
IINS = ("951030902008", "951030902018", "951030902028", "951030902038")


@pytest.fixture(scope="module")
def app(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with demo_centre(shared_database_url, tmp_path_factory.mktemp("centre")) as centre:
        yield create_app(centre)


class Asking:
    """One of each role, signed in, who send forms."""

    def __init__(self, app: FastAPI) -> None:
        self.people = {role: visitor(app) for role in LOGIN_OF}
        for role, client in self.people.items():
            become(client, LOGIN_OF[role])
        self.accounts: dict[str, str] = {}
        self.tokens = {role: form_token(client) for role, client in self.people.items()}

    def get(self, path: str, role: str = "administrator") -> str:
        """A page that is shown."""
        answer = self.people[role].get(path, params={"lang": "en"})
        assert answer.status_code == 200
        return answer.text

    def post(self, path: str, data: dict[str, str], role: str = "administrator") -> tuple[int, str]:
        """Status and text of the answer to a form; it shows no script, whatever was typed."""
        answer = self.people[role].post(path, data=data | {"form_token": self.tokens[role]})
        assert SCRIPT not in answer.text
        return answer.status_code, answer.text

    def account(self, login: str) -> str:
        """The path of one of the demo's people."""
        if login not in self.accounts:
            self.accounts[login] = account_of(self.people["administrator"], login)
        return f"/administration/accounts/{self.accounts[login]}"

    def proposed(self) -> str:
        """The path of the newest proposal that waits."""
        found = re.search(r'id="proposal-([\w-]+)"', self.get("/administration/proposals", "supervisor"))
        assert found is not None
        return f"/administration/proposals/{found.group(1)}"


@pytest.fixture(scope="module")
def ask(app: FastAPI) -> Asking:
    return Asking(app)


def _too_long(text: str) -> int | None:
    """What a text is answered by its length alone: a field has its limit, and the form one for all of it."""
    return 413 if len(text) > 60_000 else 422 if len(text) > 300 else None


def test_each_route_of_the_accounts_is_asked() -> None:
    def in_table(path: str) -> str:
        account, request = "/administration/accounts/{account_id}", "/administration/proposals/{request_id}"
        return path.replace(ACCOUNT, account).replace(PROPOSAL, request)

    asked = {(method, in_table(path)) for method, path, *_ in MAY}
    assert asked == {route for route in ROUTES if route[1].startswith("/administration")}


@pytest.mark.parametrize("role", LOGIN_OF)
def test_a_role_gets_where_it_may_and_no_further(ask: Asking, role: str) -> None:
    for method, path, data, roles, told in MAY:
        answer = ask.people[role].request(method, path, data=data | {"form_token": ask.tokens[role]})
        assert answer.status_code == (told if role in roles else 403), (method, path)


def test_nobody_gets_no_further_than_the_sign_in(app: FastAPI) -> None:
    for method, path, data, _, _ in MAY:
        answer = visitor(app).request(method, path, data=data)
        if method == "GET":
            assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")
        else:
            assert answer.status_code == 401, path


@pytest.mark.parametrize("role", sorted(OVERSEERS))
def test_a_form_without_the_sessions_own_token_does_nothing(ask: Asking, role: str) -> None:
    for method, path, data, _, _ in MAY:
        if method == "POST":
            for token in ({}, {"form_token": ""}, {"form_token": ask.tokens["operator"]}):
                assert ask.people[role].post(path, data=data | token).status_code == 403, path


@pytest.mark.parametrize("text", HOSTILE, ids=HOSTILE_IDS)
def test_hostile_text_in_a_new_persons_fields_is_refused(ask: Asking, text: str) -> None:
    fits = {"login": "somebody", "name": "Some Body", "iin": IINS[0]}
    for field in ("login", "iin") if text in MARKED else fits:
        status, _ = ask.post("/administration/new", fits | {field: text})
        assert status == (_too_long(text) or 400), field


@pytest.mark.parametrize("text", HOSTILE, ids=HOSTILE_IDS)
@pytest.mark.parametrize("field", ["action", "role", "issued_on", "expires_on", "relative"])
def test_hostile_text_in_a_proposal_is_refused(ask: Asking, field: str, text: str) -> None:
    fits = EXAMINER if field != "relative" else {"action": "relative.withdraw"}
    status, _ = ask.post(f"{ask.account('marat')}/propose", fits | {field: text})
    assert status == (_too_long(text) or (404 if field == "relative" else 400))


@pytest.mark.parametrize("text", HOSTILE, ids=HOSTILE_IDS)
def test_hostile_text_in_place_of_a_role_a_key_or_a_reason_takes_nothing_away(ask: Asking, text: str) -> None:
    marat = ask.account("marat")
    for path, data in ((f"{marat}/revoke-role", WHY | {"role": text}), (f"{marat}/revoke-passkey", {"passkey": text})):
        assert ask.post(path, data)[0] == (_too_long(text) or 404), path
    if text not in MARKED:
        for path, data in ((f"{marat}/lock", {}), (f"{marat}/revoke-role", {"role": "theory_invigilator"})):
            assert ask.post(path, data | {"reason": text})[0] == (_too_long(text) or 400), path
    assert "Lock the account at once" in ask.get(marat)
    assert "Take the role away" in ask.get(marat)


@pytest.mark.parametrize(
    "text", ["%00", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "'%20OR%201=1", "x" * 5000, "%D0%B6", "%FF"],
    ids=["zero", "script", "sql", "long", "letter", "half a letter"],
)  # fmt: skip
def test_hostile_text_in_an_address_is_not_found(ask: Asking, text: str) -> None:
    for method, path, data, roles, _ in MAY:
        if "none-such" in path:
            role = "administrator" if "administrator" in roles else "supervisor"
            token = {"form_token": ask.tokens[role]}
            answer = ask.people[role].request(method, path.replace("none-such", text), data=data | token)
            assert answer.status_code == 404, (method, path)
            assert SCRIPT not in answer.text


@pytest.mark.parametrize(
    ("field", "text", "status"),
    [
        ("login", "a1", 400), ("login", "a12", 200), ("login", "b" * 32, 200), ("login", "b" * 33, 400),
        ("name", "", 400), ("name", "Ә", 200), ("name", "Ж" * 120, 200), ("name", "Ж" * 121, 400),
        ("iin", "95103090200", 400), ("iin", "951030902009", 400), ("iin", "9510309020080", 400),
        ("iin", "951030 902-008", 200),
    ],
)  # fmt: skip
def test_a_new_persons_fields_have_their_limits(ask: Asking, field: str, text: str, status: int) -> None:
    fits = {"login": "limits", "name": "On the Limit", "iin": IINS[0]}
    assert ask.post("/administration/new", fits | {field: text})[0] == status


def test_what_was_typed_stands_there_still_when_a_field_is_empty(ask: Asking) -> None:
    _, page = ask.post("/administration/new", {"login": "kept", "name": "", "iin": IINS[0]})
    assert 'value="kept"' in page
    assert f'value="{IINS[0]}"' in page


@pytest.mark.parametrize(("length", "status"), [(2, 400), (3, 303), (255, 303), (256, 400), (601, 422)])
def test_a_reason_has_its_limits(ask: Asking, length: int, status: int) -> None:
    fits = {"login": f"reason-{length}", "name": "Without Reason", "iin": IINS[1]}
    assert ask.post("/administration/new", fits)[0] == 200
    proposal = ask.proposed()
    assert ask.post(f"{proposal}/decline", {"reason": "y" * length}, "supervisor")[0] == status
    waits = f'id="proposal-{proposal.rsplit("/", 1)[1]}"' in ask.get("/administration/proposals")
    assert waits == (status != 303)


def test_a_name_and_a_reason_made_of_markup_are_shown_as_the_text_they_are(ask: Asking) -> None:
    assert ask.post("/administration/new", {"login": "markup", "name": SCRIPT, "iin": IINS[2]})[0] == 200
    proposal = ask.proposed()
    for role in OVERSEERS:
        assert SCRIPT not in ask.get("/administration/proposals", role)
    assert ask.post(f"{proposal}/confirm", {}, "supervisor")[0] == 200
    assert ask.post(f"{ask.account('marat')}/propose", REPLACE)[0] == 200
    assert ask.post(f"{ask.proposed()}/decline", {"reason": SCRIPT}, "auditor")[0] == 303
    for path in ("/administration", "/administration/proposals"):
        page = ask.get(path)
        assert SCRIPT not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_who_proposed_does_not_confirm_and_nobody_confirms_twice(ask: Asking) -> None:
    assert ask.post("/administration/new", {"login": "twice", "name": "Twice", "iin": IINS[3]})[0] == 200
    proposal = ask.proposed()
    for role in ("administrator", "auditor"):
        assert ask.post(f"{proposal}/confirm", {}, role)[0] == 403
    status, page = ask.post(f"{proposal}/confirm", {}, "safety_officer")
    assert status == 200
    assert re.search(r'id="half">([0-9A-Z]{4}-){3}[0-9A-Z]{4}<', page)
    assert ask.post(f"{proposal}/confirm", {}, "supervisor")[0] == 409
    assert ask.post(f"{proposal}/decline", WHY)[0] == 409


def test_nobody_confirms_what_is_about_themselves(ask: Asking) -> None:
    assert ask.post(f"{ask.account('saule')}/propose", REPLACE)[0] == 200
    proposal = ask.proposed()
    assert ask.post(f"{proposal}/confirm", {}, "supervisor")[0] == 403
    assert ask.post(f"{proposal}/confirm", {}, "auditor")[0] == 200


@pytest.mark.parametrize(
    ("login", "role"),
    [("dauren", "operator"), ("akbota", "operator"), ("viktor", "document_issuer"), ("asel", "supervisor")],
)
def test_a_role_that_cannot_be_granted_is_not_even_proposed(ask: Asking, login: str, role: str) -> None:
    before = ask.get("/administration/proposals").count('class="boxed proposal"')
    assert ask.post(f"{ask.account(login)}/propose", {"action": "role.grant", "role": role})[0] == 409
    assert ask.get("/administration/proposals").count('class="boxed proposal"') == before


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"login": "Nobody!"}, "login"),
        ({"name": " "}, "name"),
        ({"iin": "1"}, "iin"),
        ({"login": "akbota"}, "login"),
    ],
    ids=["login", "name", "number", "taken login"],
)
def test_what_is_wrong_with_a_new_account_is_told_at_its_field_in_the_readers_language(
    app: FastAPI, given: dict[str, str], field: str
) -> None:
    asking = Asking(app)
    fits = {"login": "new-colleague", "name": "New Colleague", "iin": IINS[0]}
    asking.people["administrator"].get("/administration/new", params={"lang": "ru"})
    status, page = asking.post("/administration/new", fits | given)
    assert status in (400, 409)
    assert f'<a href="#{field}">' in page
    assert page.count("govuk-error-message") == 1
    assert page.index(f'id="{field}-error"') < page.index(f'id="{field}" ')
    assert "/administration/new?lang=kk" in page
