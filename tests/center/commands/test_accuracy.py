"""``center accuracy``: real drives by the simulators' own process, scored, compared, told."""

from __future__ import annotations

import json
from argparse import Namespace

import pytest

from center.commands import accuracy
from center.commands.accuracy import Exam, measure, summary
from center.commands.line import main
from center.driving_track.accuracy import Difference, Kind
from center.errors import StorageFault
from tests.sampling import amount


def exam(number: int, *kinds: Kind) -> Exam:
    found = tuple(Difference(kind, "snake_line", "snake", "snake-left", 0.03, 0.006, -0.01) for kind in kinds)
    return Exam(number, ("line_excess +0.030 snake-left",), "pass", 90, 1, found)


def test_no_verdict_is_wrong_and_no_fault_false(capsys: pytest.CaptureFixture[str]) -> None:
    exams = amount(200, 2, name="random exams against the oracle")
    status = main(["accuracy", "--exams", str(exams), "--seed", "7", "--json"])
    report = json.loads(capsys.readouterr().out)
    assert (report["exams"], report["wrong_definite_verdicts"], report["false_faults"]) == (exams, 0, 0)
    assert report["missed_faults"] == 0, report["differences"]
    assert report["undetermined"] <= exams / 10, report["differences"]
    assert report["true_faults"] > 0
    assert sum(report["verdicts"].values()) == exams
    assert status == 0


def test_what_is_wrong_is_counted_by_kind_and_told_with_its_exam() -> None:
    exams = [exam(3), exam(4, Kind.WRONG_FAIL, Kind.FALSE_FAULT), exam(5, Kind.WRONG_PASS, Kind.MISSED_FAULT)]
    report = summary(7, exams)
    figures = ("exams", "wrong_definite_verdicts", "false_faults", "missed_faults", "undetermined")
    assert [report[name] for name in figures] == [3, 2, 1, 1, 0]
    assert [(one["exam"], one["kind"]) for one in report["differences"]] == [
        (4, "wrong_fail"), (4, "false_fault"), (5, "wrong_pass"), (5, "missed_fault")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.WRONG_FAIL, 1),
        (Kind.WRONG_PASS, 1),
        (Kind.FALSE_FAULT, 1),
        (Kind.MISSED_FAULT, 0),
        (Kind.UNDETERMINED, 0),
    ],
)
def test_only_a_wrong_verdict_or_a_false_fault_fails_the_command(
    kind: Kind, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(accuracy, "measure", lambda *_: [exam(12, kind)])
    assert accuracy.run(Namespace(seed=7, first=12, exams=1, json=False)) == status
    told = capsys.readouterr().out
    assert f"{kind.value:14}exam 12 (pass): snake_line snake snake-left judged_excess +0.030" in told
    assert "center accuracy --seed 7 --exams 1 --from EXAM" in told


def test_simulators_that_fail_are_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accuracy, "_PACK", accuracy._PACK.with_name("no_such_pack.yaml"))
    with pytest.raises(StorageFault, match="status 2"):
        measure(7, 0, 1)


def test_asking_for_no_exam_is_refused() -> None:
    with pytest.raises(SystemExit):
        main(["accuracy", "--exams", "0"])
