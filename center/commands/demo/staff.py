"""The demo's people of the staff, who do not exist, made the way real ones are: two found the centre, the rest are
proposed by one and confirmed by the other. Each has a software passkey, and signs in by one click.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from center.people.actions import bootstrap, requests, ways_in
from center.people.actions.bootstrap import Founder
from center.people.actions.requests import Confirmed, Proposed
from center.people.actions.ways_in import SlipCode
from center.people.demo_passkeys import SoftwarePasskey, demo_seed
from center.people.office import Office
from center.people.persons import Person
from center.people.powers import Actor, Strength
from center.people.proposals import AccountCreate, Proposal, RoleGrant
from center.settings import Settings

ADMINISTRATOR: Final = Person("dauren", "Дәурен Қайратұлы", "850312900040")
SUPERVISOR: Final = Person("saule", "Сәуле Төлегенова", "791108900117")
_CERTIFICATE_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo's staff, and what they do."""

    person: Person
    role: str


STAFF: Final = (
    DemoPerson(Person("akbota", "Ақбота Жұмабаева", "880627900128"), "operator"),
    DemoPerson(Person("yerlan", "Ерлан Жақсыбеков", "900203900139"), "operator"),
    DemoPerson(Person("viktor", "Виктор Ким", "830916900144"), "police_inspector"),
    DemoPerson(Person("natalya", "Наталья Воронцова", "760411900159"), "police_inspector"),
    DemoPerson(Person("gulnar", "Гүлнәр Өтегенова", "921219900162"), "document_issuer"),
    DemoPerson(Person("marat", "Марат Ысқақов", "710701900176"), "theory_invigilator"),
    DemoPerson(Person("oleg", "Олег Петренко", "810828900188"), "examiner"),
    DemoPerson(Person("irina", "Ирина Ли", "940515900192"), "safety_officer"),
    DemoPerson(Person("asel", "Әсел Нұрғалиева", "870224900204"), "auditor"),
)


def found(office: Office, settings: Settings, staff: Iterable[DemoPerson] = STAFF) -> None:
    """Fill an empty centre with its founders and those people; raises ``Conflict`` where anybody is already."""
    seed = demo_seed(settings)
    first, second = bootstrap.bootstrap(office, Founder(ADMINISTRATOR), Founder(SUPERVISOR), simulated=True)
    for one in (first, second):
        _enrol(office, seed, one.account_id, SlipCode(one.login, *one.halves))
    one_proposes = Actor(first.account_id, frozenset({first.role}), Strength.PASSKEY, simulated_key=True)
    other_confirms = Actor(second.account_id, frozenset({second.role}), Strength.PASSKEY, simulated_key=True)
    for demo_person in staff:
        create = AccountCreate(demo_person.person, simulated=True)
        proposed, confirmed = _agree(office, one_proposes, other_confirms, create)
        code = SlipCode(demo_person.person.login, proposed.half or "", confirmed.half or "")
        _enrol(office, seed, confirmed.account_id, code)
        _agree(office, one_proposes, other_confirms, _role(office, confirmed.account_id, demo_person.role))


def _agree(office: Office, one: Actor, other: Actor, proposal: Proposal) -> tuple[Proposed, Confirmed]:
    proposed = requests.propose(office, one, proposal)
    return proposed, requests.confirm(office, other, proposed.request_id)


def _enrol(office: Office, seed: bytes, account_id: str, code: SlipCode) -> None:
    key = SoftwarePasskey(seed, account_id, office.party.origin)
    with office.database.writing() as transaction:
        attempt, options = ways_in.begin_passkey(transaction, office, code)
        ways_in.enrol_passkey(transaction, office, code, attempt, key.create(options), simulated=True)


def _role(office: Office, account_id: str, role: str) -> RoleGrant:
    if not office.powers.roles[role].certificate:
        return RoleGrant(account_id, role)
    today = office.today
    return RoleGrant(account_id, role, (today, today + timedelta(days=_CERTIFICATE_DAYS)))
