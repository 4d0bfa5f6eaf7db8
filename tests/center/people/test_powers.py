"""The table of powers: who may do what, in which state, and why not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.people import powers_file
from center.people.powers import Actor, CaseFacts, Powers, Strength, Why

TABLE = powers_file.parse(
    b"""
roles:
  clerk: {passkey: false, certificate: false}
  judge: {passkey: true, certificate: true}
actions:
  case.open: {roles: [clerk, judge], states: [new]}
  case.sign: {roles: [judge], states: [open, late]}
  case.print: {roles: [clerk], passkey: true}
separations:
  - {pair: [case.open, case.sign], reason: "who opens does not sign."}
exclusions:
  - {pair: [clerk, judge], reason: "never both."}
"""
)


def _actor(*roles: str, strength: Strength = Strength.PASSKEY) -> Actor:
    return Actor("anna", frozenset(roles), strength)


def _why(
    actor: Actor, action: str, state: str = "", facts: CaseFacts | None = None, table: Powers = TABLE
) -> Why | None:
    refusal = table.may(actor, action, state, facts or CaseFacts())
    return None if refusal is None else refusal.why


@pytest.mark.parametrize(
    ("roles", "strength", "action", "state", "why"),
    [
        ({"clerk"}, "password", "case.open", "new", None),
        ({"clerk"}, "password", "case.open", "open", Why.STATE),
        ({"clerk"}, "passkey", "case.sign", "open", Why.ROLE),
        ({"judge"}, "passkey", "case.sign", "late", None),
        ({"judge"}, "password", "case.sign", "late", Why.PASSKEY),
        ({"judge"}, "password", "case.open", "new", Why.PASSKEY),
        ({"clerk", "judge"}, "password", "case.open", "new", None),
        ({"clerk"}, "password", "case.print", "any", Why.PASSKEY),
        ({"clerk"}, "passkey", "case.print", "any", None),
        (set(), "passkey", "case.open", "new", Why.ROLE),
        ({"clerk"}, "passkey", "case.burn", "new", Why.UNKNOWN),
    ],
)
def test_an_action_is_open_to_its_roles_in_its_states_by_their_proof(
    roles: set[str], strength: str, action: str, state: str, why: Why | None
) -> None:
    assert _why(_actor(*roles, strength=Strength(strength)), action, state) == why


def test_nobody_acts_in_a_case_that_concerns_them() -> None:
    facts = CaseFacts(concerned=frozenset({"anna"}))
    assert _why(_actor("clerk"), "case.open", "new", facts) is Why.PARTY
    assert TABLE.open_actions(_actor("clerk", "judge"), "new", facts) == []


@pytest.mark.parametrize(
    ("done", "wanted", "state"), [("case.open", "case.sign", "open"), ("case.sign", "case.open", "new")]
)
def test_who_did_one_of_a_pair_may_not_do_the_other_and_hears_why(done: str, wanted: str, state: str) -> None:
    both = _actor("clerk", "judge")
    refusal = TABLE.may(both, wanted, state, CaseFacts(frozenset({(done, "anna")})))
    assert refusal is not None
    assert refusal.why is Why.SEPARATION
    assert "who opens does not sign" in refusal.sentence
    assert _why(both, wanted, state, CaseFacts(frozenset({(done, "boris")}))) is None


def test_what_is_offered_is_what_is_allowed() -> None:
    assert TABLE.open_actions(_actor("clerk"), "new") == ["case.open", "case.print"]
    assert TABLE.open_actions(_actor("clerk", strength=Strength.PASSWORD), "new") == ["case.open"]


@given(st.sets(st.sampled_from(["clerk", "judge"])), st.sampled_from(Strength), st.sampled_from(["new", "open", "x"]))
def test_another_role_or_a_stronger_proof_never_takes_a_power_away(roles: set[str], how: Strength, state: str) -> None:
    less = TABLE.open_actions(_actor(*roles, strength=how), state)
    assert set(less) <= set(TABLE.open_actions(_actor("clerk", "judge", strength=Strength.PASSKEY), state))


class TestTheCentresOwnTable:
    """What stands in powers.yaml."""

    powers = powers_file.load()

    def test_it_has_the_nine_roles(self) -> None:
        assert set(self.powers.roles) >= {
            "operator", "police_inspector", "document_issuer", "theory_invigilator", "examiner", "safety_officer",
            "supervisor", "auditor", "administrator",
        }  # fmt: skip

    @pytest.mark.parametrize("role", ["police_inspector", "document_issuer", "examiner", "supervisor", "administrator"])
    def test_who_inspects_approves_or_issues_needs_a_passkey(self, role: str) -> None:
        assert self.powers.roles[role].passkey

    @pytest.mark.parametrize("action", ["account.create", "role.grant", "passkey.enrol", "passkey.replace"])
    def test_what_gives_power_takes_two_persons_of_two_roles(self, action: str) -> None:
        assert action in self.powers.two_person_actions()
        propose, confirm = (self.powers.actions[f"{half}:{action}"] for half in ("propose", "confirm"))
        assert not propose.roles & confirm.roles
        both = Actor("anna", propose.roles | confirm.roles, Strength.PASSKEY)
        proposed = CaseFacts(frozenset({(propose.name, "anna")}))
        assert _why(both, confirm.name, "", proposed, self.powers) is Why.SEPARATION

    def test_the_administrator_has_no_other_role_and_takes_no_action_of_a_case(self) -> None:
        others = set(self.powers.roles) - {"administrator"}
        assert all(self.powers.clash(frozenset({"administrator"}), role) for role in others)
        assert all(self.powers.clash(frozenset({role}), "administrator") for role in others)
        open_to = self.powers.open_actions(Actor("anna", frozenset({"administrator"}), Strength.PASSKEY))
        assert [one for one in open_to if one.startswith(("case.", "step.", "document."))] == []
