"""How alembic runs here: on the connection it is given, in that connection's transaction."""

from __future__ import annotations

from alembic import context

from center.casework import tables as casework_tables
from center.casework.booking import tables as booking_tables
from center.casework.documents import tables as document_tables
from center.casework.drafts import tables as draft_tables
from center.casework.feedback import tables as feedback_tables
from center.casework.parties import tables as party_tables
from center.casework.payments import tables as payment_tables
from center.casework.queue import tables as queue_tables
from center.casework.receipts import tables as receipt_tables
from center.casework.registers import tables as register_tables
from center.database import Base
from center.driving_track import tables as driving_track_tables
from center.journal import tables as journal_tables
from center.people import tables as people_tables

# Imported so that their tables are known when a new revision is drafted.
TABLES = (
    booking_tables,
    document_tables,
    draft_tables,
    feedback_tables,
    party_tables,
    receipt_tables,
    casework_tables,
    driving_track_tables,
    journal_tables,
    payment_tables,
    people_tables,
    queue_tables,
    register_tables,
)

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
context.run_migrations()
