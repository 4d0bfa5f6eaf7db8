"""What a desk action is held against: a FastAPI route that inserts one row by SQLAlchemy, and does nothing else."""

from __future__ import annotations

import sys
from typing import Any

import uvicorn
from fastapi import FastAPI
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from center.database import Database, new_id


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
    app = FastAPI()

    @app.post("/bare")
    def insert(asked: dict[str, Any]) -> dict[str, Any]:
        row_id = new_id()
        with database.writing() as transaction:
            transaction.add(BareRow(id=row_id, kind=asked["kind"], text="x" * 300))
        return {"id": row_id}

    return app


def main(url: str, port: int) -> None:
    """Serve until killed."""
    database = Database(url, "bench")
    with database.engine.begin() as connection:
        _Base.metadata.create_all(connection)
    uvicorn.run(
        make_app(database), host="127.0.0.1", port=port, log_level="warning", access_log=False, timeout_keep_alive=75
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
