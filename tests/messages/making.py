"""Messages for tests: any body of any kind, and chained stretches of them."""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import strategies as st

from messages.chain import Chain
from messages.readings import Beam, FixQuality, Reading, SatellitePose
from messages.schemas import BODIES

CENTRE = "sarytau"
DEVICE = "car-1-gnss"
BOOT = "0192f0c1-aaaa-7bbb-8ccc-123456789abc"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
START_NS = 1_700_000_000_000_000_000
POSE = SatellitePose(51.128, 71.43, 340.25, FixQuality.RTK_FIXED, heading_deg=123.4, east_variance_m2=6.4e-5)


def values_of(annotation: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type, within its range."""
    if get_origin(annotation) is Annotated:
        plain, limits = annotation.__origin__, annotation.__metadata__[0]
        numbers = st.floats if plain is float else st.integers
        return numbers(limits.ge, limits.le)
    if get_origin(annotation) in (Union, UnionType):
        return st.one_of(*map(values_of, get_args(annotation)))
    if get_origin(annotation) is tuple:
        return st.lists(values_of(get_args(annotation)[0]), max_size=3).map(tuple)
    return st.from_type(annotation)


def bodies_of(kind: str) -> st.SearchStrategy[Reading]:
    """Bodies of a kind."""
    struct: Any = BODIES[kind]
    hints = get_type_hints(struct, include_extras=True)
    return st.builds(struct, **{name: values_of(hints[name]) for name in struct.__struct_fields__})


bodies: st.SearchStrategy[Reading] = st.sampled_from(sorted(BODIES)).flatmap(bodies_of)


def new_chain(*, boot_id: str = BOOT, key: Ed25519PrivateKey = KEY, device_id: str = DEVICE) -> Chain:
    """A chain at its beginning."""
    return Chain(CENTRE, device_id, boot_id, key)


def stretch(count: int, *, digest_every: int = 10, boot_id: str = BOOT) -> list[bytes]:
    """A boot's messages from the first on; every so many, and at the end, a digest."""
    chain = new_chain(boot_id=boot_id)
    payloads = []
    for number in range(count):
        is_digest = number % digest_every == digest_every - 1 or number == count - 1
        stamped = chain.digest(START_NS + number) if is_digest else None
        payloads.append((stamped or chain.stamp(START_NS + number, Beam("beam-1", number % 2 == 0)))[1])
    return payloads
