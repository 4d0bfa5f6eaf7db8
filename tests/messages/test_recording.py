"""Log and recording: the stock reader opens them, and damage costs no more than what it hit."""

from __future__ import annotations

from contextlib import suppress

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcap.exceptions import EndOfFile
from mcap.reader import make_reader
from mcap.records import Message
from mcap.stream_reader import StreamReader

from messages import topics
from messages.intake_log import LogWriter, RecordedMessage, read_messages
from messages.recording import (
    BadRecording,
    read_payloads,
    read_recording,
    write_recording,
)
from tests.messages.making import CENTRE, DEVICE, START_NS, bodies, new_chain
from tests.messages.recordings import HEADER, PACK, SITE, messages_of, write_log
from tests.sampling import sample


@pytest.fixture(scope="module")
def messages() -> list[RecordedMessage]:
    return messages_of(new_chain(), 40)


def test_a_recording_comes_back_as_it_was_written(tmp_path, messages):
    path = tmp_path / "exam.mcap"
    write_recording(path, HEADER, SITE, PACK, messages)
    found = read_recording(path)
    assert (found.header, found.site, found.pack, found.messages) == (HEADER, SITE, PACK, messages)
    assert found.damages == []
    fast, payloads = read_payloads(path)
    assert (fast.header, fast.damages) == (HEADER, [])
    assert payloads == [(message.arrival_ns, message.payload) for message in messages]
    assert list(tmp_path.iterdir()) == [path]


@given(st.lists(bodies, min_size=1, max_size=20))
def test_the_stock_reader_opens_it_and_every_payload_fits_its_schema(tmp_path_factory, drawn):
    path = tmp_path_factory.mktemp("exam") / "exam.mcap"
    chain = new_chain()
    written = []
    for number, body in enumerate(drawn):
        topic = topics.device_topic(CENTRE, "car-1", DEVICE, str(body.__struct_config__.tag))
        payload = chain.stamp(START_NS, body)[1]
        written.append(RecordedMessage(START_NS + number, START_NS, topic, payload))
    write_recording(path, HEADER, SITE, PACK, written)
    with path.open("rb") as file:
        reader = make_reader(file, validate_crcs=True)
        found = list(reader.iter_messages())
        assert [attachment.name for attachment in reader.iter_attachments()] == ["site.json", "rule_pack.yaml"] * 2
    assert [(message.log_time, message.publish_time, message.data) for _, _, message in found] == [
        (message.arrival_ns, message.source_time_ns, message.payload) for message in written
    ]
    for schema, channel, message in found:
        assert schema is not None
        assert (schema.encoding, channel.message_encoding) == ("jsonschema", "json")
        jsonschema.validate(msgspec.json.decode(message.data), msgspec.json.decode(schema.data))


def test_a_log_is_read_by_the_stock_stream_reader(tmp_path, messages):
    write_log(tmp_path / "log.mcap", messages)
    with (tmp_path / "log.mcap").open("rb") as file:
        # The log ends without a footer; what stands before it is as the format has it.
        found = []
        with suppress(EndOfFile):
            for record in StreamReader(file, validate_crcs=True).records:
                found += [record.data] if isinstance(record, Message) else []
    assert found == [message.payload for message in messages]


def test_a_log_is_read_while_it_is_written_and_from_an_offset(tmp_path, messages):
    path = tmp_path / "log.mcap"
    writer = LogWriter(path)
    reader, got, offset = read_messages(path), [], writer.offset
    for number, message in enumerate(messages, 1):
        writer.append(message.topic, message.payload, message.arrival_ns, message.source_time_ns)
        if number % 8 == 0:
            writer.sync()
            reader = read_messages(path, offset)
            got += list(reader)
            offset = reader.offset
            assert got == messages[:number]
            assert reader.damages == []
    assert offset == writer.offset


def test_a_log_cut_off_at_any_byte_holds_every_group_before_and_goes_on(tmp_path, messages):
    whole = tmp_path / "whole.mcap"
    offsets = write_log(whole, messages[:21])
    data = whole.read_bytes()
    path = tmp_path / "cut.mcap"
    in_its_beginning = range(60)
    for cut in [*in_its_beginning, *sample(range(60, len(data)), 240, name="bytes a log is cut off at")]:
        path.write_bytes(data[:cut])
        kept = 7 * sum(offset <= cut for offset in offsets[:3])
        reader = read_messages(path)
        assert list(reader) == messages[:kept]
        writer = LogWriter(path)
        for message in messages[21:24]:
            writer.append(message.topic, message.payload, message.arrival_ns, message.source_time_ns)
        writer.close()
        again = read_messages(path)
        assert list(again) == messages[:kept] + messages[21:24]
        assert again.damages == []
        path.unlink()


def test_what_is_declared_wrongly_between_chunks_changes_no_topic_when_a_log_goes_on(tmp_path, messages):
    path = tmp_path / "log.mcap"
    write_log(path, messages[:7])
    data, topic = path.read_bytes(), messages[0].topic
    other = topic.replace(DEVICE, DEVICE[:-1] + "x")
    path.write_bytes(data.replace(topic.encode(), other.encode(), 1))
    writer = LogWriter(path)
    went_on = [messages[7], RecordedMessage(1, 1, other, b"{}"), messages[8]]
    for message in went_on:
        writer.append(message.topic, message.payload, message.arrival_ns, message.source_time_ns)
    writer.close()
    assert writer.damages == []
    assert list(read_messages(path)) == [*messages[:7], *went_on]


def test_a_recording_cut_off_at_any_byte_says_so(tmp_path, messages):
    whole = tmp_path / "whole.mcap"
    write_recording(whole, HEADER, SITE, PACK, messages[:5])
    data = whole.read_bytes()
    path = tmp_path / "cut.mcap"
    outcomes = set()
    for cut in range(len(data)):
        path.write_bytes(data[:cut])
        try:
            found = read_recording(path)
        except BadRecording:
            outcomes.add(-1)
            continue
        assert found.damages
        assert (found.header, found.site, found.pack) == (HEADER, SITE, PACK)
        assert found.messages in ([], messages[:5])
        outcomes.add(len(found.messages))
    assert outcomes == {-1, 0, 5}


def test_a_folder_of_a_half_written_recording_holds_none(tmp_path, messages):
    def failing():
        yield messages[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_recording(tmp_path / "exam.mcap", HEADER, SITE, PACK, failing())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\x89MCAP0\r\n", b"no recording at all" * 100, bytes(5000)])
def test_a_file_that_is_no_recording_is_refused(tmp_path, content):
    (tmp_path / "x.mcap").write_bytes(content)
    with pytest.raises(BadRecording, match=r"x\.mcap"):
        read_recording(tmp_path / "x.mcap")


def test_a_log_whose_disk_is_full_keeps_what_it_could_not_write(tmp_path, messages):
    from tests.messages.test_outbox import largest_file

    path = tmp_path / "log.mcap"
    writer = LogWriter(path)
    writer.append(messages[0].topic, messages[0].payload, 1, 1)
    writer.sync()
    with largest_file(writer.offset + 20):
        writer.append(messages[1].topic, messages[1].payload, 2, 2)
        with pytest.raises(OSError, match="large"):
            writer.sync()
        assert [message.payload for message in read_messages(path)] == [messages[0].payload]
    writer.sync()
    assert [message.payload for message in read_messages(path)] == [messages[0].payload, messages[1].payload]
