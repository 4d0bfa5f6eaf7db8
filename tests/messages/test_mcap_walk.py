"""One flipped bit, wherever it is, costs no more than the chunk or group that it hit; the rest is read as it was."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest
from mcap.records import Chunk
from mcap.stream_reader import StreamReader

from messages.intake_log import LogWriter, RecordedMessage, read_messages
from messages.mcap_format import MAGIC, Opcode
from messages.recording import read_payloads, read_recording, write_recording
from tests.messages.making import START_NS, new_chain
from tests.messages.recordings import HEADER, PACK, SITE, messages_of, write_log
from tests.sampling import sample


@pytest.fixture(scope="module")
def messages() -> list[RecordedMessage]:
    return messages_of(new_chain(), 40)


@pytest.fixture(scope="module")
def long(tmp_path_factory) -> Path:
    """A recording of several chunks."""
    path = tmp_path_factory.mktemp("recordings") / "long.mcap"
    write_recording(path, HEADER, SITE, PACK, messages_of(new_chain(), 3000))
    return path


def flipped(path: Path, bit: int) -> Path:
    """A copy with one bit changed; bits are counted from the file's start."""
    data = bytearray(path.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    copy = path.with_name("flipped.mcap")
    copy.write_bytes(data)
    return copy


def any_bit(path: Path, seed: int) -> int:
    return random.Random(seed).randrange(8 * len(MAGIC), 8 * path.stat().st_size)


def framing_bits(path: Path) -> list[int]:
    """The kinds and lengths of all records, of each chunk what stands before its records, and each channel whole."""
    data, start = path.read_bytes(), len(MAGIC)
    bits: list[int] = []
    while start + 9 <= len(data):
        opcode, length = struct.unpack_from("<BQ", data, start)
        behind = start + 9
        if opcode == Opcode.CHUNK:
            times_size_and_checksum = 8 + 8 + 8 + 4
            (name_length,) = struct.unpack_from("<I", data, behind + times_size_and_checksum)
            behind += times_size_and_checksum + 4 + name_length + 8
        elif opcode == Opcode.CHANNEL:
            behind += length
        bits += range(8 * start, 8 * behind)
        start += 9 + length
    return bits


def assert_one_chunk_at_most_is_lost(whole: Path, bit: int) -> None:
    original, damaged = read_recording(whole), flipped(whole, bit)
    found = read_recording(damaged)
    assert (found.header, found.site, found.pack) == (HEADER, SITE, PACK)
    assert set(found.messages) <= set(original.messages)
    with whole.open("rb") as file:
        chunks = [one for one in StreamReader(file, emit_chunks=True).records if isinstance(one, Chunk)]
    # The arrivals of ``messages_of`` are a nanosecond apart.
    largest = max(chunk.message_end_time - chunk.message_start_time + 1 for chunk in chunks)
    lost = len(original.messages) - len(found.messages)
    assert 0 <= lost <= largest < len(original.messages) / 4
    assert found.damages or not lost
    fast, payloads = read_payloads(damaged)
    assert payloads == [(message.arrival_ns, message.payload) for message in found.messages]
    assert bool(fast.damages) == bool(found.damages)


@pytest.mark.parametrize("seed", sample(range(2000), 20, name="bits flipped in a recording"))
def test_a_flipped_bit_costs_one_chunk_at_most_and_no_message_comes_out_changed(long, seed):
    assert_one_chunk_at_most_is_lost(long, any_bit(long, seed))


def test_a_flipped_bit_of_what_frames_the_chunks_costs_one_chunk_at_most(long):
    for bit in sample(framing_bits(long), 20, name="bits flipped between the chunks of a recording"):
        assert_one_chunk_at_most_is_lost(long, bit)


def assert_one_group_at_most_is_lost(
    whole: Path, offsets: list[int], messages: list[RecordedMessage], bit: int
) -> None:
    """Also for who goes on reading at an offset, and after the log was opened again."""
    path = flipped(whole, bit)
    reader = read_messages(path)
    found = list(reader)
    assert set(found) <= set(messages)
    assert len(found) >= len(messages) - 5
    assert len(found) == len(messages) or reader.damages
    assert reader.offset == whole.stat().st_size or len(found) < len(messages)
    later = [message for message in read_messages(path, offsets[3]) if message in messages]
    assert later == [message for message in found if message in messages[20:]]
    writer = LogWriter(path)
    writer.append(messages[0].topic, b"{}", START_NS, START_NS)
    writer.close()
    assert list(read_messages(path)) == [*found, RecordedMessage(START_NS, START_NS, messages[0].topic, b"{}")]


@pytest.mark.parametrize("seed", sample(range(2000), 60, name="bits flipped in a log"))
def test_a_flipped_bit_in_a_log_costs_one_group_at_most(tmp_path, messages, seed):
    path = tmp_path / "log.mcap"
    offsets = write_log(path, messages, group=5)
    assert_one_group_at_most_is_lost(path, offsets, messages, any_bit(path, seed))


def test_a_flipped_bit_of_what_frames_the_groups_of_a_log_costs_one_group_at_most(tmp_path, messages):
    path = tmp_path / "log.mcap"
    offsets = write_log(path, messages, group=5)
    for bit in sample(framing_bits(path), 100, name="bits flipped between the groups of a log"):
        assert_one_group_at_most_is_lost(path, offsets, messages, bit)
