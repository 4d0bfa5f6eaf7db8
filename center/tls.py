"""The centre's own certificate authority, and a certificate by it, so that pages can be served outside loopback.

The authority may sign for the centre's own names only (RFC 5280, 4.2.1.10): a machine that trusts it trusts it for
nothing else. Its key is needed again when the certificate is renewed; better kept offline.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from center.errors import BadRequest, Conflict

AUTHORITY_DAYS: Final = 3650
CERTIFICATE_DAYS: Final = 397
"""The longest that browsers take."""
_BEFORE: Final = timedelta(minutes=5)
_LONGEST_NAME: Final = 253


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Where it lies: the authority's certificate goes to every machine of the hall, its key to nobody."""

    folder: Path

    @property
    def authority(self) -> Path:
        """The authority's certificate (PEM)."""
        return self.folder / "authority.pem"

    @property
    def authority_key(self) -> Path:
        """The authority's key (PEM)."""
        return self.folder / "authority.key.pem"

    @property
    def certificate(self) -> Path:
        """The server's certificate, with the authority's after it (PEM)."""
        return self.folder / "server.pem"

    @property
    def key(self) -> Path:
        """The server's key (PEM)."""
        return self.folder / "server.key.pem"


def make(files: TlsFiles, centre_name: str, names: Sequence[str], now: datetime) -> None:
    """A certificate for these names, by the authority in the folder, which is made if there is none.

    Raises :class:`BadRequest` for what is no host name, :class:`Conflict` for a name that the authority may not sign.
    """
    wanted = [_general_name(name) for name in dict.fromkeys(names)]
    if not wanted:
        raise BadRequest("A certificate needs a host name.")
    files.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not files.authority.exists():
        _make_authority(files, centre_name, wanted, now)
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    _refuse_strange(authority, wanted)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(authority, files.authority_key, key, wanted, now)
    _write(files.key, _private_bytes(key), 0o600)
    _write(files.certificate, _pem(certificate) + _pem(authority), 0o644)


def _make_authority(files: TlsFiles, centre_name: str, names: Sequence[x509.GeneralName], now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{centre_name[:40]} authority")])
    usage = x509.KeyUsage(
        key_cert_sign=True, crl_sign=True, digital_signature=False, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        _builder(subject, subject, key, now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints([_subtree(name) for name in names], None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(files.authority_key, _private_bytes(key), 0o600)
    _write(files.authority, _pem(certificate), 0o644)


def _certificate(
    authority: x509.Certificate,
    authority_key: Path,
    key: ec.EllipticCurvePrivateKey,
    names: Sequence[x509.GeneralName],
    now: datetime,
) -> x509.Certificate:
    signing = serialization.load_pem_private_key(authority_key.read_bytes(), password=None)
    if not isinstance(signing, ec.EllipticCurvePrivateKey) or signing.public_key() != authority.public_key():
        raise Conflict(f"{authority_key} is not the key of the authority beside it.")
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(names[0].value)[:64])])
    return (
        _builder(subject, authority.subject, key, now, CERTIFICATE_DAYS)
        .add_extension(x509.SubjectAlternativeName(list(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .sign(signing, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + timedelta(days=days))
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    labels = name.split(".")
    fits = (
        name.isascii()
        and len(name) <= _LONGEST_NAME
        and all(
            0 < len(label) <= 63 and label.strip("-") == label and label.replace("-", "").isalnum() for label in labels
        )
    )
    if not fits:
        raise BadRequest(f"{name[:80]!r} is no host name (a name with other letters in its xn-- form).")
    return x509.DNSName(name.lower())


def _subtree(name: x509.GeneralName) -> x509.GeneralName:
    return x509.IPAddress(ipaddress.ip_network(name.value)) if isinstance(name, x509.IPAddress) else name


def _refuse_strange(authority: x509.Certificate, names: Sequence[x509.GeneralName]) -> None:
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    allowed = [one.value for one in constraints.permitted_subtrees or ()]
    for name in names:
        value = ipaddress.ip_network(name.value) if isinstance(name, x509.IPAddress) else name.value
        if value not in allowed and not any(str(value).endswith(f".{one}") for one in allowed):
            told = ", ".join(str(one) for one in allowed)
            raise Conflict(f"The authority signs for {told} only, not for {name.value}; move it away to make another.")


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, data: bytes, mode: int) -> None:
    """All of it or nothing, never readable by others before its mode is set."""
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
