"""``center exam call|start|stop`` from the command line: with a centre that runs, and without one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from center.commands import exam as command
from center.commands.line import main
from tests.center.driving_track.ingest.rig import Rig
from tests.services.mosquitto import StartMosquitto

NOBODY = "01990000-0000-7000-8000-000000000000"


@pytest.fixture
def rig(start_mosquitto: StartMosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    gateways = ["car-1", "car-2", "track-west", "track-east", "track-north"]
    rig = Rig(start_mosquitto(gateways, centre_id="sarytau-1"), tmp_path)
    rig.enrol()
    for name, value in rig.environment().items():
        monkeypatch.setenv(name, value)
    yield rig
    rig.stop()


def test_an_exam_is_called_started_and_stopped(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    rig.start()
    rig.drive()
    assert main(["exam", "call", "car-1", "--candidate", "Ақбота Жұмабаева"]) == 0
    exam_id = capsys.readouterr().out.strip()
    assert rig.exam(exam_id).state == "called"

    assert main(["exam", "call", "car-1", "--candidate", "Виктор Ким"]) == 1
    assert f"refused: Car car-1 is in exam {exam_id}" in capsys.readouterr().err

    while main(["exam", "start", exam_id]) != 0:
        assert "refused: " in capsys.readouterr().err
    assert rig.exam(exam_id).state == "running"
    capsys.readouterr()
    assert main(["exam", "start", exam_id]) == 1
    assert "is running; start is open only when called" in capsys.readouterr().err

    assert main(["exam", "stop", exam_id, "--safety", "--reason", "a child on the track"]) == 0
    closed = rig.closed(exam_id)
    assert (closed.verdict, closed.verdict_reason) == ("void", "void:safety_stop")
    capsys.readouterr()
    assert main(["exam", "stop", exam_id]) == 1
    assert "is closed" in capsys.readouterr().err


def test_each_wrong_order_is_refused_with_its_reason(rig: Rig, capsys: pytest.CaptureFixture[str]) -> None:
    rig.start()
    for words, told in (
        (["call", "car-9", "--candidate", "X"], "car-9"),
        (["call", "car-1", "--candidate", "X", "--first-exercise", "somersault"], "somersault"),
        (["call", "car-1", "--candidate", "X", "--last-exercise", "somersault"], "somersault"),
        (["start", NOBODY], f"no exam {NOBODY}"),
        (["stop", NOBODY], f"no exam {NOBODY}"),
        (["start", "not-an-id"], "no exam"),
    ):
        assert main(["exam", *words]) == 1, words
        assert told in capsys.readouterr().err.replace("'", "")


def test_without_a_running_centre_it_says_that_nobody_answers(
    rig: Rig, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command.await_answer, "__defaults__", (0.3,))
    assert main(["exam", "call", "car-1", "--candidate", "X"]) == 1
    assert "No running centre has answered" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["call"], ["call", "car-1"], ["start"], ["stop"], ["sing"], []])
def test_a_word_too_few_tells_the_use(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["exam", *words])
    assert ended.value.code == 2
    assert "usage: center exam" in capsys.readouterr().err
