"""Passkeys by WebAuthn (W3C, level 2): what a browser is asked, and the check of what it answers.

The person must be verified by the authenticator (a finger, a face, a PIN), so that a passkey alone is two factors.
Attestation is not asked for: which make of key somebody uses is not the centre's business.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from center.errors import N_, BadRequest, Forbidden

LONGEST_ANSWER = 16_384
"""Characters of a browser's answer; a real one has some thousand."""
_LONGEST_ID = 1364


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The centre, as passkeys know it: keys are bound to the host of its address."""

    name: str
    origin: str

    @property
    def id(self) -> str:
        """The host's name."""
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What is kept of a new key."""

    credential_id: str
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class KnownPasskey:
    """What is known of a key that was enrolled before."""

    account_id: str
    public_key: bytes
    sign_count: int


def enrolment_options(
    party: RelyingParty, challenge: bytes, account_id: str, login: str, known: list[str]
) -> dict[str, Any]:
    """What ``navigator.credentials.create`` is given; ``known`` are the person's other keys (base64url)."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=account_id.encode(),
        user_name=login,
        user_display_name=login,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(one)) for one in known],
    )
    return _as_json(webauthn.options_to_json(options))


def sign_in_options(party: RelyingParty, challenge: bytes) -> dict[str, Any]:
    """What ``navigator.credentials.get`` is given; the browser offers the keys that it has for this centre."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return _as_json(webauthn.options_to_json(options))


def read_answer(text: str) -> dict[str, Any]:
    """A browser's answer; raises :class:`BadRequest` for what is none."""
    if len(text) > LONGEST_ANSWER:
        raise BadRequest(
            N_("A passkey's answer has %(length)s characters; at most %(most)s are read."),
            length=len(text),
            most=LONGEST_ANSWER,
        )
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(N_("A passkey's answer is JSON, and this is none.")) from error
    if not isinstance(answer, dict) or not isinstance(answer.get("id"), str) or len(answer["id"]) > _LONGEST_ID:
        raise BadRequest(N_("A passkey's answer names its key by an id, and this does not."))
    return answer


def check_enrolment(party: RelyingParty, challenge: bytes, answer: dict[str, Any]) -> NewPasskey:
    """A new key that has signed the challenge; raises :class:`Forbidden` for what does not hold."""
    try:
        verified = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Forbidden(N_("The new passkey does not hold: %(detail)s."), detail=_told(error)) from error
    return NewPasskey(
        bytes_to_base64url(verified.credential_id), verified.credential_public_key, verified.sign_count
    )  # fmt: skip


def check_sign_in(party: RelyingParty, challenge: bytes, answer: dict[str, Any], known: KnownPasskey) -> int:
    """The key's new count of signatures; raises :class:`Forbidden` for an answer that does not hold."""
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
        handle = answer["response"].get("userHandle")
        if handle is not None and base64url_to_bytes(handle) != known.account_id.encode():
            raise Forbidden(N_("The passkey's answer does not hold: it names another account."))
    except (WebAuthnException, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Forbidden(N_("The passkey's answer does not hold: %(detail)s."), detail=_told(error)) from error
    return verified.new_sign_count


def _as_json(text: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text)
    return read


def _told(error: Exception) -> str:
    """What the library says of an answer, cut short; anything else only by its kind."""
    return str(error)[:200].rstrip(".") if isinstance(error, WebAuthnException) else type(error).__name__
