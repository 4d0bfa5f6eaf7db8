"""What was typed at home: in the vault alone, and gone once the draft is over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from center.casework.drafts.tables import Draft
from center.database import Database
from center.journal.vault import Vault

_FIELD: Final = "typed"


def subject_of(draft_id: str) -> str:
    """The draft in the vault and in the journal."""
    return f"draft:{draft_id}"


def keep(vault: Vault, draft_id: str, typed: Mapping[str, str], now: datetime) -> None:
    """Keep it, in place of what was typed before."""
    vault.seal(subject_of(draft_id), {_FIELD: json.dumps(dict(typed), ensure_ascii=False)}, now)


def read(vault: Vault, draft_id: str) -> dict[str, str]:
    """What was typed; empty once it is forgotten."""
    text = vault.reveal(subject_of(draft_id)).get(_FIELD)
    return {} if text is None else dict(json.loads(text))


def empty(database: Database, vault: Vault, draft_id: str, now: datetime) -> None:
    """Forget it, and note that it is gone; cut off by a crash, it is done again (see ``forgetting``)."""
    vault.forget(subject_of(draft_id))
    with database.writing() as transaction:
        row = transaction.get_one(Draft, draft_id)
        row.emptied_at = row.emptied_at or now
