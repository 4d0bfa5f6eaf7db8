"""The demo's software passkey: signs by ES256 as a browser's authenticator would, for people who do not exist.

Its answers are checked by the very code that checks a real key's, and what it enrols is marked as simulated. Keys are
derived from a seed in the vault's folder; outside the demo nothing here works.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from center.errors import Forbidden
from center.settings import Settings

_SEED_BYTES: Final = 32
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256 (FIPS 186-4, D.1.2.3)."""
_PRESENT_AND_VERIFIED: Final = 0b0000_0101
_ATTESTED: Final = 0b0100_0000
_AAGUID: Final = b"speccenter-demo\0"


@dataclass(frozen=True, slots=True)
class SoftwarePasskey:
    """An authenticator of one account of the demo."""

    seed: bytes
    account_id: str
    origin: str

    @property
    def credential_id(self) -> bytes:
        """The key's id."""
        return hashlib.sha256(b"demo passkey " + self.account_id.encode()).digest()

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """As ``navigator.credentials.create`` would answer."""
        numbers = self._key().public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        attested = _AAGUID + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cose
        data = self._authenticator_data(options["rp"]["id"], _PRESENT_AND_VERIFIED | _ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client_data("webauthn.create", options["challenge"])
        return self._answer(attestationObject=attestation, clientDataJSON=client)

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """As ``navigator.credentials.get`` would answer."""
        data = self._authenticator_data(options["rpId"], _PRESENT_AND_VERIFIED)
        client = self._client_data("webauthn.get", options["challenge"])
        signature = self._key().sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        handle = self.account_id.encode()
        return self._answer(authenticatorData=data, clientDataJSON=client, signature=signature, userHandle=handle)

    def _key(self) -> ec.EllipticCurvePrivateKey:
        derivation = HKDF(hashes.SHA256(), 48, salt=None, info=b"speccenter demo passkey " + self.account_id.encode())
        secret = int.from_bytes(derivation.derive(self.seed), "big") % (_ORDER - 1) + 1
        return ec.derive_private_key(secret, ec.SECP256R1())

    def _authenticator_data(self, party_id: str, flags: int) -> bytes:
        # The count stays 0, as that of a key that is kept in several places.
        return hashlib.sha256(party_id.encode()).digest() + bytes([flags]) + bytes(4)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        assert base64url_to_bytes(challenge)
        return json.dumps(told).encode()

    def _answer(self, **parts: bytes) -> dict[str, Any]:
        name = bytes_to_base64url(self.credential_id)
        response = {part: bytes_to_base64url(value) for part, value in parts.items()}
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}


def demo_seed(settings: Settings) -> bytes:
    """The seed of the demo's keys, made once; raises :class:`Forbidden` outside the demo."""
    if not settings.demo:
        raise Forbidden("Software passkeys exist in the demo only.")
    path = settings.vault / "demo-passkeys.seed"
    if not path.exists():
        _write_once(path)
    return path.read_bytes()


def _write_once(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(os.urandom(_SEED_BYTES))
