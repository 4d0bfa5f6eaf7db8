"""Every page renders in every language, says what it must, and refuses what it may not do."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from center.errors import Conflict
from center.web.languages import Language
from tests.center.driving_track.sample_drive import failed_sheet
from tests.center.driving_track.sample_track import SampleTrack, sample_app

PAGES = ("/", "/track", "/exams", "/exams/running", "/exams/failed", "/exams/passed", "/exams/void",
         "/exams/undetermined", "/health", "/exams/none-such")  # fmt: skip
LANGUAGES = pytest.mark.parametrize("language", list(Language), ids=str)


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> SampleTrack:
    return SampleTrack(tmp_path_factory.mktemp("recordings"))


@pytest.fixture(scope="module")
def shared_client(track: SampleTrack) -> Iterator[TestClient]:
    with TestClient(sample_app(track), base_url="http://localhost", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(shared_client: TestClient) -> TestClient:
    shared_client.cookies.clear()
    return shared_client


def _text(html: str) -> str:
    html = re.sub(r"<script.*?</script>|<svg.*?</svg>", " ", html, flags=re.DOTALL)
    return re.sub(r"[\s\xa0]+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


@LANGUAGES
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_in_its_language(client: TestClient, path: str, language: Language) -> None:
    answer = client.get(path, params={"lang": language})
    assert answer.status_code == (404 if "none-such" in path else 200)
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}"' in answer.text
    assert answer.text.count("<h1") == 1
    assert not re.search(r"{\w+}|{{|}}|\bNone\b|Undefined", _text(answer.text))
    assert "demo-banner" in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_no_inline_script_and_loads_nothing_from_elsewhere(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert not re.search(r"<script(?![^>]*(src=|application/json))|\son\w+=|\sstyle=|<style", answer.text)
    assert re.findall(r'(?:src|href)="(?:https?:)?//([^"]+)"', answer.text) == []


@pytest.mark.parametrize("path", PAGES)
def test_no_link_of_a_page_leads_nowhere(client: TestClient, path: str) -> None:
    html = client.get(path).text
    for address in set(re.findall(r'(?:href|src|action)="(/[^"#]*)', html)):
        if address.startswith("/track/faults/"):
            continue
        assert client.get(unescape(address)).status_code == (404 if "none-such" in address else 200), address


def test_the_language_asked_for_is_remembered(client: TestClient) -> None:
    assert client.get("/?lang=ru").cookies["lang"] == "ru"
    assert 'lang="ru"' in client.get("/exams").text
    assert 'lang="kk"' in client.get("/exams", headers={"cookie": "lang=xx"}).text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/exams/failed", ("Failed", "+63 ± 8 mm", "limit 0 mm", "170 penalty points; over 100 fail", "provisional")),
        ("/exams/passed", ("Passed", "Nothing was found against the candidate.")),
        ("/exams/void", ("Void", "does not count", "Satellite receiver: nothing from", "Gap told by the device")),
        (
            "/exams/void",
            ("Cone sensors: a sensor has failed (cone-2), told", "Fault told by the device: track"),
        ),
        ("/exams/undetermined", ("Waits for review", "With every open finding counted: 125")),
        ("/exams/running", ("Under way", "no score sheet yet")),
    ],
)
def test_a_report_tells_the_verdict_and_why(client: TestClient, path: str, words: tuple[str, ...]) -> None:
    text = _text(client.get(path, params={"lang": "en"}).text)
    assert [word for word in words if word not in text] == []


def test_a_report_says_how_sure_a_finding_is_and_how_to_check_the_sheet(client: TestClient) -> None:
    text = _text(client.get("/exams/failed?lang=en").text)
    sheet = failed_sheet()
    assert "at most 1 in 1,000,000,000" in text
    assert "snake-right, front right wheel" in text
    assert sheet.sha256 in text
    assert "center score sample.mcap" in text
    # 3 of 7,250 readings were not covered, and all of the other device's were.
    assert "99.9 %" in text
    assert "100.0 %" in text


def test_the_sheet_is_given_out_byte_for_byte(client: TestClient) -> None:
    data = client.get("/exams/failed/sheet.json").content
    assert hashlib.sha256(data).hexdigest() == failed_sheet().sha256
    assert client.get("/exams/running/sheet.json").status_code == 404


def test_the_recording_is_given_out_as_it_lies_on_disk(client: TestClient, track: SampleTrack) -> None:
    answer = client.get("/exams/failed/recording.mcap")
    path = track.exam("failed").recording
    assert path is not None
    assert answer.content == path.read_bytes()
    assert "sample.mcap" in answer.headers["content-disposition"]


def test_a_recording_that_is_gone_is_not_found(tmp_path: Path) -> None:
    with TestClient(sample_app(SampleTrack()), base_url="http://localhost") as client:
        assert client.get("/exams/failed").status_code == 200
        for path in ("recording.mcap", "traces.json", "findings/4.svg"):
            assert client.get(f"/exams/failed/{path}").status_code == 404


def test_a_finding_is_drawn_where_it_was_measured_beside_a_line(client: TestClient) -> None:
    drawn = client.get("/exams/failed/findings/4.svg?lang=ru")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "+63\xa0±\xa08\xa0мм" in drawn.text
    assert [client.get(f"/exams/failed/findings/{number}.svg").status_code for number in (0, 99)] == [404, 404]


def test_a_live_finding_comes_with_its_drawing_newest_first(client: TestClient) -> None:
    html = client.get("/track?lang=en").text
    assert html.count('class="finding-drawing"') == 2
    assert re.findall(r'data-number="(\d)"', html) == ["3", "2", "1"]


def test_what_a_candidate_is_called_cannot_become_markup(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.center.driving_track.sample_track.CANDIDATES", ("</script><b>x</b>",) * 5)
    for path in ("/track", "/exams", "/exams/failed"):
        assert "<b>x</b>" not in client.get(path).text


class TestBreaking:
    """The panel that breaks the demo's hardware."""

    def test_a_fault_is_set_and_mended(self, client: TestClient, track: SampleTrack) -> None:
        answer = client.post("/track/faults/beam_silent", data={"active": "1"}, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/track#break-heading")
        assert track.active == {"beam_silent"}
        assert "Mend: Silence a beam" in client.get("/track?lang=en").text
        part = client.post("/track/faults/beam_silent", data={"active": "0"}, headers={"HX-Request": "true"})
        assert track.active == set()
        assert "<html" not in part.text

    def test_a_fault_that_is_none_is_not_found(self, client: TestClient) -> None:
        assert client.post("/track/faults/nonsense", data={"active": "1"}).status_code == 404

    @pytest.mark.parametrize("data", [{}, {"active": "perhaps"}])
    def test_a_form_that_cannot_be_read_is_told_so(self, client: TestClient, data: dict[str, str]) -> None:
        answer = client.post("/track/faults/beam_silent?lang=en", data=data)
        assert answer.status_code == 422
        assert "cannot be read" in answer.text

    def test_outside_the_demo_nothing_can_be_broken(self, track: SampleTrack) -> None:
        with TestClient(sample_app(track, demo=False), base_url="http://localhost") as client:
            assert client.post("/track/faults/beam_silent", data={"active": "1"}).status_code == 403
            assert "demo-banner" not in client.get("/").text


@LANGUAGES
def test_an_unforeseen_fault_shows_no_trace(
    client: TestClient,
    track: SampleTrack,
    language: Language,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(exam_id: str) -> None:
        raise RuntimeError(f"secret of {exam_id} and Айгерім")

    monkeypatch.setattr(track, "exam", fail)
    answer = client.get("/exams/failed", params={"lang": language})
    assert answer.status_code == 500
    assert not re.search("secret|Traceback|RuntimeError", answer.text)
    assert "Айгерім" not in caplog.text


@LANGUAGES
def test_a_conflict_is_told_with_its_sentence(
    client: TestClient,
    track: SampleTrack,
    language: Language,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(exam_id: str) -> None:
        raise Conflict(f"Exam {exam_id} is closed.")

    monkeypatch.setattr(track, "exam", fail)
    answer = client.get("/exams/failed", params={"lang": language})
    assert answer.status_code == 409
    assert "Exam failed is closed." in answer.text


def test_below_api_an_error_is_json(client: TestClient) -> None:
    assert client.get("/api/nothing").json() == {"error": "Page not found"}
