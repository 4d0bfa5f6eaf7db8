"""The table of who may ask what: method and path → everybody, the demo's visitors, or roles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from center.people.powers import Actor, Powers


@dataclass(frozen=True, slots=True)
class Access:
    """Who may ask a route."""

    everybody: bool = False
    """No sign-in: what the public may see, or what a code in the request opens."""
    demo_only: bool = False
    """Not served outside the demo."""
    open_in_demo: bool = False
    """Roles outside the demo, everybody in it."""
    roles: frozenset[str] | None = None
    """None: whoever has signed in."""

    def without_sign_in(self, demo: bool) -> bool:
        """Whether nobody needs to say who they are."""
        return self.everybody or (demo and (self.demo_only or self.open_in_demo))

    def admits(self, powers: Powers, actor: Actor) -> bool:
        """Whether one of the staff may ask."""
        return self.roles is None or bool(self.roles & powers.usable_roles(actor))


PUBLIC: Final = Access(everybody=True)
CITIZEN: Final = Access(everybody=True)
"""Opened by a code that the citizen holds; the route itself checks it."""
DEMO: Final = Access(demo_only=True)
SIGNED_IN: Final = Access()


def only(*roles: str) -> Access:
    """For these roles."""
    return Access(roles=frozenset(roles))


def shown_in_demo(*roles: str) -> Access:
    """For these roles; in the demo, where nobody and nothing is real, for everybody."""
    return Access(roles=frozenset(roles), open_in_demo=True)


_EXAM = shown_in_demo("examiner", "safety_officer", "supervisor", "auditor")
_HEALTH = shown_in_demo("examiner", "safety_officer", "supervisor", "auditor", "administrator")
_ACCOUNTS = only("administrator", "supervisor", "safety_officer", "auditor")
_PROPOSING = only("administrator", "safety_officer")
_LOCKING = only("administrator", "supervisor", "safety_officer")
_OPERATOR = only("operator")
_DECIDING = only("police_inspector", "document_issuer")
_CASES = only("operator", "police_inspector", "document_issuer", "supervisor", "auditor")
_ACTING = only("operator", "police_inspector", "document_issuer", "supervisor")

# A route that is not here is not served.
ROUTES: dict[tuple[str, str], Access] = {
    ("GET", "/"): PUBLIC,
    ("GET", "/static/web"): PUBLIC,
    ("GET", "/static/track"): PUBLIC,
    # Opened by the gateway's signature, which the route itself checks.
    ("POST", "/payments/callback"): PUBLIC,
    # The staff
    ("GET", "/sign-in"): PUBLIC,
    ("POST", "/sign-in"): PUBLIC,
    ("POST", "/sign-in/demo"): DEMO,
    ("POST", "/sign-in/passkey/begin"): PUBLIC,
    ("POST", "/sign-in/passkey"): PUBLIC,
    ("POST", "/sign-out"): SIGNED_IN,
    # Opened by the two codes of a slip.
    ("GET", "/slip"): PUBLIC,
    ("POST", "/slip"): PUBLIC,
    ("POST", "/slip/password"): PUBLIC,
    ("POST", "/slip/passkey/begin"): PUBLIC,
    ("POST", "/slip/passkey"): PUBLIC,
    ("GET", "/me"): SIGNED_IN,
    ("POST", "/me/password"): SIGNED_IN,
    ("POST", "/me/relatives"): SIGNED_IN,
    ("POST", "/me/sign-out-everywhere"): SIGNED_IN,
    ("GET", "/administration"): _ACCOUNTS,
    ("GET", "/administration/new"): only("administrator"),
    ("POST", "/administration/new"): only("administrator"),
    ("GET", "/administration/accounts/{account_id}"): _ACCOUNTS,
    ("POST", "/administration/accounts/{account_id}/propose"): _PROPOSING,
    ("POST", "/administration/accounts/{account_id}/lock"): _LOCKING,
    ("POST", "/administration/accounts/{account_id}/sign-out"): _LOCKING,
    ("POST", "/administration/accounts/{account_id}/revoke-role"): only("administrator"),
    ("POST", "/administration/accounts/{account_id}/revoke-passkey"): _PROPOSING,
    ("GET", "/administration/proposals"): _ACCOUNTS,
    ("POST", "/administration/proposals/{request_id}/confirm"): only("supervisor", "safety_officer", "auditor"),
    ("POST", "/administration/proposals/{request_id}/decline"): _ACCOUNTS,
    # What the centre tells everybody
    ("GET", "/services"): PUBLIC,
    ("GET", "/services/{service}"): PUBLIC,
    ("GET", "/figures"): PUBLIC,
    ("GET", "/queue/ticket"): PUBLIC,
    ("POST", "/queue/ticket"): PUBLIC,
    ("GET", "/queue/ticket/booked"): CITIZEN,
    ("POST", "/queue/ticket/booked"): CITIZEN,
    # A ticket's address holds its random id.
    ("GET", "/queue/tickets/{ticket_id}"): CITIZEN,
    ("GET", "/queue/tickets/{ticket_id}/now"): CITIZEN,
    ("POST", "/queue/tickets/{ticket_id}/leave"): CITIZEN,
    ("GET", "/apply"): PUBLIC,
    ("POST", "/apply"): PUBLIC,
    ("GET", "/apply/draft"): CITIZEN,
    ("POST", "/apply/draft"): CITIZEN,
    ("GET", "/apply/draft/fees"): CITIZEN,
    ("GET", "/apply/draft/code"): CITIZEN,
    ("POST", "/apply/draft/book"): CITIZEN,
    ("POST", "/apply/draft/pay"): CITIZEN,
    ("POST", "/apply/draft/withdraw"): CITIZEN,
    ("POST", "/apply/draft/leave"): CITIZEN,
    ("GET", "/my"): CITIZEN,
    ("POST", "/my"): CITIZEN,
    ("POST", "/my/leave"): CITIZEN,
    ("POST", "/my/complaint"): CITIZEN,
    ("POST", "/my/survey"): CITIZEN,
    # The one window
    ("GET", "/static/casework"): PUBLIC,
    ("GET", "/queue/board"): PUBLIC,
    ("GET", "/queue/board/now"): PUBLIC,
    ("GET", "/desk"): _OPERATOR,
    ("POST", "/desk/entry"): _OPERATOR,
    ("POST", "/desk/window"): _OPERATOR,
    ("POST", "/desk/call"): _OPERATOR,
    ("POST", "/desk/return"): _OPERATOR,
    ("POST", "/desk/visits/{leg_id}/{what}"): _OPERATOR,
    ("GET", "/work"): _DECIDING,
    ("GET", "/work/changes"): _DECIDING,
    ("POST", "/work/duty"): only("police_inspector"),
    ("GET", "/alerts"): only("police_inspector"),
    ("GET", "/alerts/{alert_id}"): only("police_inspector"),
    ("POST", "/alerts/{alert_id}"): only("police_inspector"),
    ("GET", "/board"): only("supervisor", "auditor"),
    ("GET", "/cases"): only("supervisor", "auditor"),
    ("GET", "/complaints"): only("supervisor", "auditor"),
    ("GET", "/complaints/{complaint_id}"): only("supervisor", "auditor"),
    ("POST", "/complaints/{complaint_id}"): only("supervisor", "auditor"),
    ("GET", "/refunds"): only("supervisor", "safety_officer"),
    ("GET", "/refunds/{refund_id}"): only("supervisor", "safety_officer"),
    ("POST", "/refunds/{refund_id}/confirm"): only("supervisor", "safety_officer"),
    ("POST", "/refunds/{refund_id}/decline"): only("supervisor", "safety_officer"),
    ("GET", "/hall"): only("supervisor"),
    ("POST", "/hall/moves"): only("supervisor"),
    ("POST", "/hall/windows"): only("supervisor"),
    ("GET", "/day"): only("supervisor", "document_issuer", "auditor"),
    ("POST", "/day"): only("supervisor", "document_issuer"),
    ("POST", "/day/reconcile"): only("supervisor", "auditor"),
    ("GET", "/cases/new"): _OPERATOR,
    ("POST", "/cases"): _OPERATOR,
    ("GET", "/cases/{case_id}"): _CASES,
    ("GET", "/cases/{case_id}/changes"): _CASES,
    ("GET", "/cases/{case_id}/receipt"): _CASES,
    ("POST", "/cases/{case_id}/receipt"): _OPERATOR,
    ("POST", "/cases/{case_id}/scans"): _OPERATOR,
    # Whoever makes a document sees the portrait for it, and no paper: the page asks the table of powers.
    ("GET", "/cases/{case_id}/scans/{scan_id}/{page}"): only("operator", "document_issuer", "supervisor", "auditor"),
    ("POST", "/cases/{case_id}/portrait/check"): _OPERATOR,
    ("POST", "/cases/{case_id}/portrait"): _OPERATOR,
    ("GET", "/cases/{case_id}/refused-scans/{scan_id}"): _OPERATOR,
    ("POST", "/cases/{case_id}/refused-scans/{scan_id}"): _OPERATOR,
    ("POST", "/cases/{case_id}/payments/{payment_id}/cancel"): only("operator", "supervisor"),
    ("GET", "/cases/{case_id}/payments/{payment_id}/refund"): _OPERATOR,
    ("POST", "/cases/{case_id}/payments/{payment_id}/refund"): _OPERATOR,
    ("GET", "/cases/{case_id}/actions/{kind}"): _ACTING,
    ("POST", "/cases/{case_id}/actions"): _ACTING,
    ("GET", "/cases/{case_id}/draws"): _CASES,
    ("POST", "/cases/{case_id}/draws"): only("supervisor"),
    ("POST", "/cases/{case_id}/fees"): _OPERATOR,
    ("POST", "/cases/{case_id}/registers"): only("operator", "police_inspector"),
    ("POST", "/cases/{case_id}/data"): only("operator", "police_inspector", "document_issuer"),
    # The practical exam
    ("GET", "/track"): _EXAM,
    ("GET", "/track/events"): _EXAM,
    ("GET", "/track/faults"): DEMO,
    ("POST", "/track/faults/{fault_id}"): DEMO,
    ("GET", "/exams"): _EXAM,
    ("GET", "/exams/{exam_id}"): _EXAM,
    ("GET", "/exams/{exam_id}/sheet.json"): _EXAM,
    ("GET", "/exams/{exam_id}/recording.mcap"): _EXAM,
    ("GET", "/exams/{exam_id}/traces.json"): _EXAM,
    ("GET", "/exams/{exam_id}/findings/{number}.svg"): _EXAM,
    ("GET", "/health"): _HEALTH,
    ("GET", "/health/now"): _HEALTH,
    ("GET", "/api/exams"): _EXAM,
    ("GET", "/api/exams/{exam_id}"): _EXAM,
    ("GET", "/api/exams/{exam_id}/sheet"): _EXAM,
    ("GET", "/api/exams/{exam_id}/recording"): _EXAM,
    ("GET", "/api/live"): _EXAM,
    ("GET", "/api/health"): _HEALTH,
}


def routes_without_access(routes: Sequence[BaseRoute]) -> list[str]:
    """What an application serves and the table does not name, as ``METHOD /path``."""
    return [f"{method} {path}" for method, path in asked(routes) if (method, path) not in ROUTES]


def asked(routes: Sequence[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Method and path of every route, those of included routers too; a folder of files counts as one GET."""
    for context in iter_route_contexts(routes):
        for method in sorted(getattr(context, "methods", None) or {"GET"}):
            yield method, str(context.path)
