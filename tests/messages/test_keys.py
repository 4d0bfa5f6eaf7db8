"""Keys are made once, kept to their owner, and never written over."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from messages import keys
from messages.keys import BadKey


def test_a_key_comes_back_and_only_its_owner_may_read_it(tmp_path):
    key, path = keys.make(), tmp_path / "device.pem"
    keys.save(path, key)
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.public_hex(keys.load(path)) == keys.public_hex(key)
    assert keys.public_hex(keys.load_or_make(path)) == keys.public_hex(key)


def test_a_missing_key_is_made_on_request(tmp_path):
    made = keys.load_or_make(tmp_path / "new.pem")
    assert keys.public_hex(keys.load(tmp_path / "new.pem")) == keys.public_hex(made)


def test_a_key_is_never_written_over(tmp_path):
    keys.save(tmp_path / "device.pem", keys.make())
    with pytest.raises(FileExistsError):
        keys.save(tmp_path / "device.pem", keys.make())


def test_a_key_that_others_may_read_is_refused(tmp_path):
    path = tmp_path / "device.pem"
    keys.save(path, keys.make())
    path.chmod(0o640)
    with pytest.raises(BadKey, match="others may read"):
        keys.load(path)


def test_a_file_that_holds_no_such_key_is_refused(tmp_path):
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    contents = {b"": "no unencrypted private key", b"secret": "no unencrypted private key", other: "not an Ed25519"}
    for content, message in contents.items():
        path = tmp_path / "bad.pem"
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(BadKey, match=message) as refusal:
            keys.load(path)
        assert "secret" not in str(refusal.value)
    with pytest.raises(BadKey, match="cannot be read"):
        keys.load(tmp_path / "nowhere.pem")


def test_a_public_key_is_64_hex_digits():
    key = keys.make()
    assert keys.public_hex(keys.make()) != keys.public_hex(key)
    signature = key.sign(b"x")
    keys.public_from_hex(keys.public_hex(key)).verify(signature, b"x")
    for text in ("", "00", "zz" * 32, "00" * 33):
        with pytest.raises(BadKey, match="64 hex digits"):
            keys.public_from_hex(text)
