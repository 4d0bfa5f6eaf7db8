"""A server of one route that takes a desk action and one that inserts a bare row, on the centre's own database code."""

from __future__ import annotations

import sys
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from center.casework.actions.acting import act
from center.casework.commands import CaseCommand, System, Who
from center.clock import Clock
from center.database import Database, new_id
from center.journal.worker import ChainWorker
from center.people.powers import Actor, Strength


class _Base(DeclarativeBase):
    """Apart from the centre's own tables."""


class BareRow(_Base):
    """What the bare insert writes: about as much as an action."""

    __tablename__ = "bench_rows"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(String(400))


def make_app(database: Database) -> FastAPI:
    """The application."""
    app, clock = FastAPI(), Clock()

    @app.post("/act")
    def take(asked: dict[str, Any]) -> dict[str, Any]:
        who = _who(asked["actor"], asked["role"])
        command = CaseCommand(asked["kind"], asked["key"], asked["case"], asked["step"], asked["payload"])
        with database.writing() as transaction:
            state = act(transaction, who, command, clock.now())
        return {"case": state.case_id, "ordinal": state.ordinal}

    @app.post("/bare")
    def insert(asked: dict[str, Any]) -> dict[str, Any]:
        row_id = new_id()
        with database.writing() as transaction:
            transaction.add(BareRow(id=row_id, kind=asked["kind"], text="x" * 300))
        return {"id": row_id}

    return app


def _who(name: str, role: str) -> Who:
    return Actor(name, frozenset({role}), Strength.PASSKEY) if role else System(name)


def main(url: str, centre_id: str, port: int) -> None:
    """Serve until killed."""
    database = Database(url, centre_id)
    with database.engine.begin() as connection:
        _Base.metadata.create_all(connection)
    worker = ChainWorker(database)
    worker.start()
    uvicorn.run(make_app(database), host="127.0.0.1", port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
