"""Who gets in, what slows a guesser down, and that a stranger locks nobody out."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from center.errors import BadRequest, CenterError, Forbidden, TooOften
from center.people import sessions
from center.people.actions import keys, sign_in, ways_in
from center.people.actions.sign_in import Machine
from center.people.demo_passkeys import SoftwarePasskey
from center.people.details import keys as keys_of
from center.people.powers import Strength
from center.people.proposals import PasskeyReplace, PasswordReset
from center.people.session_limits import binding
from tests.center.people.office_rig import Rig, rig, shared_rig

__all__ = ["rig", "shared_rig"]
PASSWORD = "тоғыз көгілдір трактор билейді"
_machines = iter(range(10**6))


def _machine() -> Machine:
    """One that nobody has used yet."""
    address = f"10.1.{next(_machines)}"
    return Machine(address, binding(address, "Firefox"))


def _with_password(rig: Rig) -> tuple[str, str]:
    account_id, code = rig.newcomer()
    ways_in.set_password(rig.office, code, PASSWORD)
    return account_id, code.login


def _fails(rig: Rig, login: str, password: str = "wrong", machine: Machine | None = None) -> None:
    with pytest.raises(Forbidden, match="Name or password are wrong"):
        sign_in.by_password(rig.office, machine or _machine(), login, password)


def test_the_password_opens_a_session_of_its_strength(rig: Rig) -> None:
    account_id, login = _with_password(rig)
    machine = _machine()
    token = sign_in.by_password(rig.office, machine, f" {login} ", PASSWORD)
    office = rig.office
    found = sessions.find(
        office.database, office.powers, token, machine.binding, now=office.now(), today=office.today
    )  # fmt: skip
    assert found is not None
    assert (found.account_id, found.actor.strength) == (account_id, Strength.PASSWORD)


@pytest.mark.parametrize("login", ["", "nobody", "x" * 500, "' OR 1=1 --", "a\x01b", "ақбота"])
def test_an_unknown_name_hears_what_a_wrong_password_hears(rig: Rig, login: str) -> None:
    _fails(rig, login)


def test_who_has_no_password_gets_in_by_none(rig: Rig) -> None:
    _fails(rig, "akbota", "")


def test_five_wrong_passwords_block_the_right_one_for_a_quarter_of_an_hour(rig: Rig) -> None:
    _, login = _with_password(rig)
    for _ in range(5):
        _fails(rig, login)
    _fails(rig, login, PASSWORD)
    rig.later(minutes=15.1)
    assert sign_in.by_password(rig.office, _machine(), login, PASSWORD)


def test_a_success_forgets_the_wrong_ones_before_it(rig: Rig) -> None:
    _, login = _with_password(rig)
    for _ in range(3):
        for _ in range(4):
            _fails(rig, login)
        assert sign_in.by_password(rig.office, _machine(), login, PASSWORD)


def test_twenty_wrong_ones_close_the_password_until_two_persons_reset_it(rig: Rig) -> None:
    account_id, login = _with_password(rig)
    for _ in range(20):
        _fails(rig, login)
        rig.later(minutes=16)
    _fails(rig, login, PASSWORD)
    _, code = rig.agree(PasswordReset(account_id))
    ways_in.set_password(rig.office, code, PASSWORD + "!")
    assert sign_in.by_password(rig.office, _machine(), login, PASSWORD + "!")


def test_whoever_guesses_a_password_locks_no_passkey_out(rig: Rig) -> None:
    account_id, code = rig.newcomer()
    ways_in.set_password(rig.office, code, PASSWORD)
    rig.enrol(account_id, code)
    for _ in range(6):
        _fails(rig, code.login)
    assert sign_in.as_demo_person(rig.office, rig.seed, _machine(), account_id)


def test_one_machine_tries_twenty_times_and_then_waits(rig: Rig) -> None:
    machine = _machine()
    for number in range(20):
        _fails(rig, f"name-{number}", machine=machine)
    with pytest.raises(TooOften):
        sign_in.by_password(rig.office, machine, "dauren", "wrong")
    _fails(rig, "dauren", machine=_machine())
    rig.later(minutes=15.1)
    _fails(rig, "dauren", machine=machine)


def test_many_tries_at_once_are_no_more_than_five(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    _, login = _with_password(rig)
    tried: list[str | None] = []

    def fits(_password: str, stored: str | None) -> bool:
        tried.append(stored)
        return False

    monkeypatch.setattr("center.people.passwords.fits", fits)

    def guess() -> None:
        with pytest.raises(Forbidden):
            sign_in.by_password(rig.office, _machine(), login, "guess")

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tried) == 12
    assert sum(stored is not None for stored in tried) == 5


class AnotherDevice(SoftwarePasskey):
    """A key of the same person under another id."""

    @property
    def credential_id(self) -> bytes:
        return hashlib.sha256(b"another " + self.account_id.encode()).digest()


Change = Callable[[dict[str, Any]], None]


def _with_response(name: str, change: Callable[[bytes], bytes]) -> Change:
    def apply(answer: dict[str, Any]) -> None:
        answer["response"][name] = bytes_to_base64url(change(base64url_to_bytes(answer["response"][name])))

    return apply


@pytest.mark.parametrize(
    "change",
    [
        _with_response("signature", lambda data: data[:-1] + bytes([data[-1] ^ 1])),
        _with_response("authenticatorData", lambda data: hashlib.sha256(b"evil.example").digest() + data[32:]),
        _with_response("authenticatorData", lambda data: data[:32] + b"\x01" + data[33:]),
        _with_response("clientDataJSON", lambda data: data.replace(b"webauthn.get", b"webauthn.create")),
        _with_response("clientDataJSON", lambda data: data.replace(b"localhost", b"evil.test")),
        _with_response("clientDataJSON", lambda _data: b"{}"),
        _with_response("userHandle", lambda _data: b"another"),
        lambda answer: answer.update(response=None),
        lambda answer: answer.update(response={}),
        lambda answer: answer.update(type="password"),
        lambda answer: answer.update(rawId="AAAA"),
    ],
)
def test_a_passkeys_answer_that_was_changed_opens_nothing(rig: Rig, change: Change) -> None:
    person = rig.actor("akbota").account_id
    attempt, options = sign_in.begin_passkey(rig.office)
    answer = rig.key(person).get(options)
    change(answer)
    with pytest.raises(Forbidden):
        sign_in.by_passkey(rig.office, _machine(), attempt, answer)


def test_an_answer_given_on_another_site_opens_nothing(rig: Rig) -> None:
    attempt, options = sign_in.begin_passkey(rig.office)
    elsewhere = rig.key(rig.actor("akbota").account_id, "http://evil.example").get(options)
    with pytest.raises(Forbidden, match="origin"):
        sign_in.by_passkey(rig.office, _machine(), attempt, elsewhere)


def test_an_answer_opens_once(rig: Rig) -> None:
    attempt, options = sign_in.begin_passkey(rig.office)
    answer = rig.key(rig.actor("akbota").account_id).get(options)
    assert sign_in.by_passkey(rig.office, _machine(), attempt, answer)
    with pytest.raises(Forbidden, match="used already"):
        sign_in.by_passkey(rig.office, _machine(), attempt, answer)


def test_an_answer_that_comes_too_late_opens_nothing(rig: Rig) -> None:
    attempt, options = sign_in.begin_passkey(rig.office)
    answer = rig.key(rig.actor("akbota").account_id).get(options)
    rig.later(minutes=5.1)
    with pytest.raises(Forbidden, match="too long ago"):
        sign_in.by_passkey(rig.office, _machine(), attempt, answer)


def test_a_lost_passkey_is_replaced_and_the_old_one_and_its_sessions_end(rig: Rig) -> None:
    account_id, code = rig.newcomer()
    rig.enrol(account_id, code)
    machine = _machine()
    token = sign_in.as_demo_person(rig.office, rig.seed, machine, account_id)
    _, slip = rig.agree(PasskeyReplace(account_id))
    with rig.office.database.writing() as transaction:
        attempt, options = ways_in.begin_passkey(transaction, rig.office, slip)
        made = AnotherDevice(b"another seed of the same length!", account_id, rig.office.party.origin).create(options)
        ways_in.enrol_passkey(transaction, rig.office, slip, attempt, made, simulated=True)
    with pytest.raises(Forbidden, match="opens nothing here"):
        sign_in.as_demo_person(rig.office, rig.seed, _machine(), account_id)
    office = rig.office
    assert sessions.find(
        office.database, office.powers, token, machine.binding, now=office.now(), today=office.today
    ) is None  # fmt: skip
    with office.database.reading() as transaction:
        assert len(keys_of(transaction, account_id)) == 1


def test_outside_the_demo_no_software_passkey_opens_anything(rig: Rig) -> None:
    strict = replace(rig.office, demo=False)
    person = rig.actor("akbota").account_id
    with pytest.raises(Forbidden, match="demo only"):
        sign_in.as_demo_person(strict, rig.seed, _machine(), person)
    attempt, options = sign_in.begin_passkey(strict)
    with pytest.raises(Forbidden, match="opens nothing here"):
        sign_in.by_passkey(strict, _machine(), attempt, rig.key(person).get(options))


def test_a_slip_works_once_for_its_owner_and_only_with_both_halves(rig: Rig) -> None:
    account_id, code = rig.newcomer()
    _, other = rig.newcomer()
    for wrong in (
        replace(code, login=other.login),
        replace(code, second_half=code.first_half),
        replace(code, second_half=other.second_half),
        replace(code, first_half="", second_half=""),
    ):
        with rig.office.database.reading() as transaction, pytest.raises(Forbidden):
            ways_in.look(transaction, rig.office, wrong)
    typed = replace(
        code, first_half=code.second_half.lower(), second_half=f" {code.first_half[:4]}-{code.first_half[4:]}"
    )
    rig.enrol(account_id, typed)
    with pytest.raises(Forbidden, match="has enrolled one"):
        rig.enrol(account_id, code)
    ways_in.set_password(rig.office, code, PASSWORD)
    with pytest.raises(Forbidden, match="has set one"):
        ways_in.set_password(rig.office, code, PASSWORD)


def test_a_slip_expires(rig: Rig) -> None:
    account_id, code = rig.newcomer()
    rig.later(days=3.1)
    with pytest.raises(Forbidden, match="has expired"):
        rig.enrol(account_id, code)


@pytest.mark.parametrize("password", ["short", "x" * 129, "aaaaaaaaaaaaaaaa", "qwertyuiopasdfg", "passwordpassword"])
def test_a_password_that_would_be_guessed_is_not_set(rig: Rig, password: str) -> None:
    _, code = rig.newcomer()
    with pytest.raises(BadRequest):
        ways_in.set_password(rig.office, code, password)


def test_a_revoked_passkey_is_not_revoked_again(rig: Rig) -> None:
    account_id, code = rig.newcomer()
    rig.enrol(account_id, code)
    with rig.office.database.reading() as transaction:
        (key,) = keys_of(transaction, account_id)
    with rig.office.database.writing() as transaction:
        keys.revoke(transaction, rig.office, key.passkey_id, rig.administrator.account_id)
    with rig.office.database.writing() as transaction, pytest.raises(CenterError):
        keys.revoke(transaction, rig.office, key.passkey_id, rig.administrator.account_id)
