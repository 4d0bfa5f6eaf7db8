"""The outbox keeps what was synced, in order, whatever happens to the process or the disk."""

from __future__ import annotations

import itertools
import random
import resource
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from messages.outbox import Outbox, OutboxFull
from tests.sampling import sample

BOOT = "boot-1"

_PRODUCER = """
import sys
from pathlib import Path
from messages.outbox import Outbox
outbox = Outbox(Path(sys.argv[1]), sys.argv[2], segment_bytes=20_000)
seq = 0
while True:
    for _ in range(37):
        outbox.append(seq, "beam", seq * 5, b"payload %d" % seq * 10)
        seq += 1
    outbox.sync()
    print(seq - 1, flush=True)
"""


def filled(folder: Path, count: int, *, boot_id: str = BOOT, segment_bytes: int = 1000) -> Outbox:
    outbox = Outbox(folder, boot_id, segment_bytes=segment_bytes)
    for seq in range(count):
        outbox.append(seq, "beam", seq, b"message %d" % seq)
        if seq % 3 == 2:
            outbox.sync()
    outbox.sync()
    return outbox


def waiting(outbox: Outbox) -> list[tuple[str, int]]:
    return [(stored.boot_id, stored.seq) for _, stored in outbox.pending()]


def test_nothing_is_shown_before_it_is_synced(tmp_path):
    outbox = Outbox(tmp_path, BOOT)
    outbox.append(0, "beam", 7, b"x")
    assert list(outbox.pending()) == []
    assert outbox.sync()
    ((_, stored),) = outbox.pending()
    assert (stored.boot_id, stored.seq, stored.kind, stored.source_time_ns, stored.payload) == (
        BOOT,
        0,
        "beam",
        7,
        b"x",
    )
    assert not outbox.sync()


def test_reading_goes_on_behind_a_position(tmp_path):
    outbox = filled(tmp_path, 100)
    seen = list(outbox.pending())
    assert [stored.seq for _, stored in seen] == list(range(100))
    for place in (0, 30, 98):
        assert [stored.seq for _, stored in outbox.pending(seen[place][0])] == list(range(place + 1, 100))
    assert list(outbox.pending(seen[-1][0])) == []
    outbox.append(100, "beam", 1, b"later")
    outbox.sync()
    assert [stored.seq for _, stored in outbox.pending(seen[-1][0])] == [100]


def test_what_is_acknowledged_is_gone_and_its_files_with_it(tmp_path):
    outbox = filled(tmp_path, 200)
    files = len(list(tmp_path.glob("*.segment")))
    assert outbox.waiting == 200
    assert outbox.acknowledge(BOOT, 149)
    assert outbox.waiting == 50
    assert waiting(outbox) == [(BOOT, seq) for seq in range(150, 200)]
    assert len(list(tmp_path.glob("*.segment"))) < files / 2
    assert not outbox.acknowledge(BOOT, 149)
    assert not outbox.acknowledge(BOOT, 20)


def test_an_acknowledgement_of_what_was_never_sent_is_passed_over(tmp_path):
    outbox = filled(tmp_path, 10)
    assert not outbox.acknowledge(BOOT, 10)
    assert not outbox.acknowledge("another", 3)
    assert outbox.waiting == 10


def test_an_earlier_boot_waits_until_it_is_acknowledged_too(tmp_path):
    first = filled(tmp_path, 20)
    first.acknowledge(BOOT, 9)
    first.close()
    second = filled(tmp_path, 5, boot_id="boot-2")
    assert waiting(second) == [(BOOT, seq) for seq in range(10, 20)] + [("boot-2", seq) for seq in range(5)]
    assert second.last is not None
    assert second.last.seq == 19
    second.acknowledge("boot-2", 4)
    assert waiting(second) == [(BOOT, seq) for seq in range(10, 20)]
    second.acknowledge(BOOT, 19)
    assert waiting(second) == []
    second.close()
    third = Outbox(tmp_path, "boot-3")
    assert third.waiting == 0
    assert not list(tmp_path.glob(f"*.{BOOT}.segment"))


def test_the_last_message_of_an_earlier_boot_is_known_even_when_acknowledged(tmp_path):
    first = filled(tmp_path, 20)
    first.acknowledge(BOOT, 19)
    first.close()
    last = Outbox(tmp_path, "boot-2").last
    assert last is not None
    assert (last.boot_id, last.seq, last.source_time_ns) == (BOOT, 19, 19)


@pytest.mark.parametrize("moment_ms", sample(range(20, 600, 5), 8, name="moments at which a producer is killed"))
def test_kill_9_loses_nothing_that_was_synced_and_keeps_the_order(tmp_path, moment_ms):
    producer = subprocess.Popen([sys.executable, "-c", _PRODUCER, tmp_path, BOOT], stdout=subprocess.PIPE)
    assert producer.stdout is not None
    said = producer.stdout.readline()
    time.sleep(moment_ms / 1000)
    producer.kill()
    said += producer.stdout.read()
    producer.wait()
    producer.stdout.close()
    synced = int(said.decode().rsplit("\n", 1)[0].split("\n")[-1])
    outbox = Outbox(tmp_path, "boot-2")
    found = [stored for _, stored in outbox.pending()]
    assert [stored.seq for stored in found] == list(range(len(found)))
    assert len(found) > synced
    assert all(stored.payload == b"payload %d" % stored.seq * 10 for stored in found)


def test_a_tail_torn_at_any_byte_is_dropped_and_told(tmp_path):
    filled(tmp_path / "whole", 4, segment_bytes=1 << 20).close()
    (segment,) = (tmp_path / "whole").glob("*.segment")
    data = segment.read_bytes()
    size = len(data) // 4
    for cut in range(len(data)):
        folder = tmp_path / f"cut-{cut}"
        folder.mkdir()
        (folder / segment.name).write_bytes(data[:cut])
        outbox = Outbox(folder, "boot-2")
        assert waiting(outbox) == [(BOOT, seq) for seq in range(cut // size)]
        assert bool(outbox.damages) == bool(cut % size)
        outbox.close()


@pytest.mark.parametrize("seed", range(20))
def test_a_flipped_bit_is_never_handed_on(tmp_path, seed):
    filled(tmp_path, 60).close()
    chance = random.Random(seed)
    path = chance.choice([path for path in sorted(tmp_path.glob("*.segment")) if path.stat().st_size])
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    outbox = Outbox(tmp_path, "boot-2")
    found = [stored for _, stored in outbox.pending()]
    assert all(stored.payload == b"message %d" % stored.seq for stored in found)
    assert all(earlier.seq < later.seq for earlier, later in itertools.pairwise(found))
    assert len(outbox.damages) == 1


def test_a_spoilt_cursor_means_that_everything_is_sent_again(tmp_path):
    outbox = filled(tmp_path, 10, segment_bytes=1 << 20)
    outbox.acknowledge(BOOT, 5)
    outbox.close()
    (tmp_path / "cursor.json").write_text("{")
    again = Outbox(tmp_path, "boot-2")
    assert len(waiting(again)) == 10
    assert any("cursor" in damage for damage in again.damages)


@contextmanager
def largest_file(size: int):
    """No file grows beyond this size, as on a full disk."""
    import signal

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_is_told_and_loses_nothing_once_there_is_room(tmp_path):
    outbox = Outbox(tmp_path, BOOT)
    outbox.append(0, "beam", 0, b"a" * 100)
    outbox.sync()
    with largest_file(300):
        outbox.append(1, "beam", 0, b"b" * 500)
        with pytest.raises(OutboxFull, match="disk is full"):
            outbox.sync()
        outbox.append(2, "beam", 0, b"c")
        assert waiting(outbox) == [(BOOT, 0)]
    outbox.sync()
    assert waiting(outbox) == [(BOOT, 0), (BOOT, 1), (BOOT, 2)]
    outbox.close()
    assert waiting(Outbox(tmp_path, "boot-2")) == [(BOOT, 0), (BOOT, 1), (BOOT, 2)]


def test_memory_is_bounded_while_the_disk_takes_nothing(tmp_path):
    outbox = Outbox(tmp_path, BOOT, buffer_bytes=100_000)
    seq = 0
    while outbox.has_room:
        outbox.append(seq, "beam", 0, b"x" * 1000)
        seq += 1
    assert 50 < seq < 100
    with pytest.raises(OutboxFull, match="messages wait"):
        outbox.append(seq, "beam", 0, b"x" * 60_000)
    outbox.sync()
    assert outbox.has_room


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        Outbox(tmp_path / "file", BOOT)
