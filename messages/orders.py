"""An order of the centre is authentic by itself: it carries a signature over what it says and from when on it holds.

The chain's digests come up to a second later, and a centre that is killed in between leaves an order that no digest
covers. Without a signature of its own such an order could be anybody's who holds the centre's broker password.
"""

from __future__ import annotations

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from messages import keys
from messages.readings import ExamControl

_encoder = msgspec.json.Encoder()


def signed(order: ExamControl, centre_id: str, source_time_ns: int, private_key: Ed25519PrivateKey) -> ExamControl:
    """The order with the signature of the centre's own device; the same order and key give the same signature."""
    signature = private_key.sign(order_bytes(order, centre_id, source_time_ns))
    return msgspec.structs.replace(order, signature=signature.hex())


def is_signed(order: ExamControl, centre_id: str, source_time_ns: int, public_key: Ed25519PublicKey) -> bool:
    """Whether the order's own signature holds."""
    if order.signature is None:
        return False
    return keys.is_signed(public_key, order.signature, order_bytes(order, centre_id, source_time_ns))


def order_bytes(order: ExamControl, centre_id: str, source_time_ns: int) -> bytes:
    """What is signed: a fixed line, then the fields of this version in this order as a JSON array.

    Boot and sequence number are left out: an order that is said again after a restart is the same order.
    """
    said = (
        centre_id, source_time_ns, order.exam_id, order.action, order.car_id,
        order.first_exercise, order.last_exercise, order.reason,
    )  # fmt: skip
    return b"speccenter order v1\n" + _encoder.encode(said)
