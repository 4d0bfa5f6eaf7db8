"""The centre's own authority: its certificate is trusted for the centre's names, and for nothing else."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from center import tls
from center.errors import BadRequest, Conflict
from center.tls import TlsFiles

NAME = "centre.example"


@pytest.fixture
def files(tmp_path: Path) -> TlsFiles:
    made = TlsFiles(tmp_path / "tls")
    tls.make(made, "sarytau", [NAME, "127.0.0.1"], datetime.now(UTC))
    return made


def _shake_hands(files: TlsFiles, name: str, trusted: Path | None = None) -> str | None:
    """Meet a server with the certificate over a real connection, by a name; the protocol that was agreed on."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(files.certificate, files.key)
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(theirs, server_side=True).close()
        except OSError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        context = ssl.create_default_context(cafile=trusted or files.authority)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        with context.wrap_socket(ours, server_hostname=name) as line:
            return line.version()
    finally:
        ours.close()
        thread.join()


@pytest.mark.parametrize("name", [NAME, "127.0.0.1"])
def test_who_trusts_the_authority_meets_the_centre_by_its_names(files: TlsFiles, name: str) -> None:
    assert _shake_hands(files, name) == "TLSv1.3"


def test_by_another_name_or_trusting_another_authority_nobody_does(files: TlsFiles, tmp_path: Path) -> None:
    other = TlsFiles(tmp_path / "other")
    tls.make(other, "sarytau", [NAME], datetime.now(UTC))
    with pytest.raises(ssl.SSLCertVerificationError):
        _shake_hands(files, "other.example")
    with pytest.raises(ssl.SSLCertVerificationError):
        _shake_hands(files, NAME, trusted=other.authority)


def test_only_its_owner_may_read_a_key(files: TlsFiles) -> None:
    for path in (files.key, files.authority_key):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_is_renewed_under_the_same_authority(files: TlsFiles) -> None:
    authority, before = files.authority.read_bytes(), files.certificate.read_bytes()
    tls.make(files, "sarytau", [NAME, f"desk.{NAME}"], datetime.now(UTC))
    assert (files.authority.read_bytes(), files.certificate.read_bytes() == before) == (authority, False)
    assert _shake_hands(files, f"desk.{NAME}") == "TLSv1.3"


def test_the_authority_signs_for_no_other_name(files: TlsFiles) -> None:
    with pytest.raises(Conflict, match=r"centre\.example"):
        tls.make(files, "sarytau", ["bank.example"], datetime.now(UTC))


@pytest.mark.parametrize(
    "name", ["", "a b", "https://centre.example", "-a.example", "орталық.kz", "a..b", "x" * 64, "a." * 130]
)
def test_what_is_no_host_name_gets_no_certificate(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadRequest, match="host name"):
        tls.make(TlsFiles(tmp_path), "sarytau", [name], datetime.now(UTC))


def test_a_key_that_is_another_authoritys_is_refused(files: TlsFiles, tmp_path: Path) -> None:
    other = TlsFiles(tmp_path / "other")
    tls.make(other, "sarytau", [NAME], datetime.now(UTC))
    files.authority_key.write_bytes(other.authority_key.read_bytes())
    with pytest.raises(Conflict, match="is not the key"):
        tls.make(files, "sarytau", [NAME], datetime.now(UTC))
