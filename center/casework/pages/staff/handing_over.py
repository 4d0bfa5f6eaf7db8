"""Who receives a document at the window and signs for it: one of the people of the case, if their paper lets them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from starlette.datastructures import FormData

from center.casework.fields import BadFields, Fault, Fields
from center.casework.one_window import OneWindow
from center.casework.pages.staff.case_now import CaseNow
from center.casework.parties import kept, representation_law
from center.casework.parties.entries import Entry, agent_refusal
from center.casework.parties.kept import PartyFacts
from center.casework.parties.persons import Person
from center.casework.parties.representation import Deed

_ACT: Final = "receive_document"
_FIELD: Final = "receiver"


def people(parties: Iterable[PartyFacts]) -> list[PartyFacts]:
    """Those of a case's parties who can stand at the window."""
    return [one for one in parties if one.kept is not None and isinstance(one.kept.party, Person)]


def receiver_of(window: OneWindow, case: CaseNow, form: FormData) -> dict[str, str]:
    """The payload's part for who receives; raises :class:`BadFields` where it is not said, or they may not."""
    with window.database.reading() as transaction:
        parties = kept.parties(transaction, window.vault, case.row.id)
    ids = [one.party_id for one in people(parties)]
    fields = Fields({_FIELD: ids[0] if len(ids) == 1 else str(form.get(_FIELD, ""))})
    chosen = fields.choice(_FIELD, ids)
    fields.finish()
    today = window.today()
    deed = Deed(_ACT, case.state.service, today, kept.vehicle(window.vault, case.row.id))
    refused = agent_refusal(representation_law.load(today), _entry(parties, chosen), deed)
    if refused is not None:
        # Where only one can come, nothing on the page says who it is.
        raise BadFields([Fault(_FIELD if len(ids) > 1 else "written", refused.text, refused.values)])
    return {"received_by": chosen}


def _entry(parties: Sequence[PartyFacts], chosen: str) -> Entry:
    """The party for whom somebody has come, or which has come itself."""
    by_id = {one.party_id: one for one in parties}
    comes = by_id[chosen]
    side = by_id[comes.represents or chosen].side
    (entry,) = [one for one in kept.entries_of(parties) if one.side == side]
    return entry if comes.represents else replace(entry, agent=None)
