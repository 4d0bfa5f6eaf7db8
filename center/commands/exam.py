"""``center exam call|start|stop``: orders to the running centre, left in its database and answered by it."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace

from center.app import open_vault
from center.commands.devices import opened
from center.commands.words import Words
from center.database import Database, new_id
from center.driving_track import queries
from center.driving_track.actions import requests
from center.driving_track.actions.requests import Order
from center.driving_track.track_data import NAME
from center.errors import StorageFault
from center.journal.entries import append
from center.settings import Settings, load_settings
from messages.site import Site

ACTOR = "command"
_ANSWER_WITHIN_S = 30.0


def add_to(words: Words) -> None:
    """Add the commands."""
    parser = words.add_parser("exam", help="call, start and stop an exam")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    call = actions.add_parser("call", help="call a candidate to a car; prints the exam's id")
    call.add_argument("car")
    call.add_argument("--candidate", required=True, help="the candidate's name; it goes to the vault")
    call.add_argument("--first-exercise", help="begin here instead of at the route's start")
    call.add_argument("--last-exercise", help="end after this one instead of at the route's end")
    call.set_defaults(run=_call)
    for word, text in (("start", "give the start signal"), ("stop", "end the exam")):
        action = actions.add_parser(word, help=text)
        action.add_argument("exam")
        if word == "stop":
            action.add_argument(
                "--safety", action="store_true", help="stopped by the safety officer: the attempt is void"
            )
            action.add_argument("--reason")
        action.set_defaults(run=_order, word=word, safety=False, reason=None)


def place_call(settings: Settings, site: Site, database: Database, order: Order, name: str, actor: str) -> str:
    """Put a candidate's name into the vault and leave the call; returns the request's id, which the exam takes."""
    subject, now = new_id(), settings.clock.now()
    vault = open_vault(settings, site)
    sealed = vault.seal(subject, {NAME: name}, now)
    vault.close()
    with database.writing() as transaction:
        request_id = requests.leave(transaction, replace(order, candidate=subject), actor=actor, now=now)
        append(
            transaction,
            kind="candidate_presented",
            subject=subject,
            actor=actor,
            occurred_at=now,
            recorded_at=now,
            facts={"request": request_id},
            personal=sealed,
        )
    return request_id


def leave_order(settings: Settings, database: Database, order: Order, actor: str) -> str:
    """Leave an order; returns the request's id."""
    with database.writing() as transaction:
        return requests.leave(transaction, order, actor=actor, now=settings.clock.now())


def await_answer(database: Database, request_id: str, within_s: float = _ANSWER_WITHIN_S) -> list[str]:
    """The running centre's refusals, each a sentence; empty when it was done. Raises :class:`StorageFault`."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        with database.reading() as transaction:
            request = queries.request(transaction, request_id)
            if request.handled_at is not None:
                return request.refusals or []
        time.sleep(0.02)
    raise StorageFault(f"No running centre has answered request {request_id} within {within_s:.0f} s.")


def _call(options: argparse.Namespace) -> int:
    settings = load_settings()
    with opened(settings) as (site, database):
        order = Order(
            "call", car_id=options.car, first_exercise=options.first_exercise, last_exercise=options.last_exercise
        )
        request_id = place_call(settings, site, database, order, options.candidate, ACTOR)
        return _told(await_answer(database, request_id), request_id)


def _order(options: argparse.Namespace) -> int:
    settings = load_settings()
    word = "safety_stop" if options.safety else options.word
    with opened(settings) as (_, database):
        order = Order(word, exam_id=options.exam, reason=options.reason)
        request_id = leave_order(settings, database, order, ACTOR)
        return _told(await_answer(database, request_id), options.exam)


def _told(refusals: list[str], exam_id: str) -> int:
    for refusal in refusals:
        print(f"refused: {refusal}", file=sys.stderr)
    if not refusals:
        print(exam_id)
    return 1 if refusals else 0
