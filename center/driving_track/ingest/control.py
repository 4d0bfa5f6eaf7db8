"""The centre's own device: it publishes the orders of exams, chained and signed like everything in a recording."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from center.driving_track import queries
from center.driving_track.actions import devices
from center.driving_track.actions.devices import NewDevice
from center.driving_track.ingest.context import Context
from messages import keys, orders, topics
from messages.broker import BrokerAddress
from messages.readings import ExamControl
from messages.transmitter import Identity, Transmitter

ACTOR = "centre"


class ControlDevice:
    """Says the centre's orders, each with its own signature."""

    def __init__(self, transmitter: Transmitter, centre_id: str, private_key: Ed25519PrivateKey) -> None:
        self.transmitter = transmitter
        self._centre_id = centre_id
        self._private_key = private_key

    def tell(self, order: ExamControl, time_ns: int) -> None:
        """Publish an order that holds from an instant on (UTC ns)."""
        signed = orders.signed(order, self._centre_id, time_ns, self._private_key)
        self.transmitter.publish(topics.CENTRE_DEVICE, time_ns, signed)


def open_control(context: Context, broker: BrokerAddress) -> ControlDevice:
    """The device with its way out, not started yet; it is enrolled with the key of its file."""
    settings = context.settings
    settings.control_key.parent.mkdir(parents=True, exist_ok=True)
    key = keys.load_or_make(settings.control_key)
    _enrol(context, keys.public_hex(key))
    folder = settings.data / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    identity = Identity(topics.CENTRE_DEVICE, "center", ("exam_control",), key)
    transmitter = Transmitter(
        broker,
        context.site.centre_id,
        topics.CENTRE_GATEWAY,
        [identity],
        folder,
        machine_ns=context.clock.machine_ns,
        time_scale=context.clock.scale,
    )
    return ControlDevice(transmitter, context.site.centre_id, key)


def _enrol(context: Context, public_key: str) -> None:
    now = context.clock.now()
    with context.database.writing() as transaction:
        known = {one.device_id: one for one in queries.enrolments(transaction)}.get(topics.CENTRE_DEVICE)
        if known is not None and known.public_key == public_key:
            return
        if known is not None:
            devices.revoke(
                transaction, topics.CENTRE_DEVICE, reason="its key file is another one", actor=ACTOR, now=now
            )
            transaction.flush()
        device = NewDevice(topics.CENTRE_DEVICE, public_key, simulated=False, gateway_id=topics.CENTRE_GATEWAY)
        devices.enrol(transaction, device, actor=ACTOR, now=now)
