"""`extract-bridge jobs`, against a service on this machine that keeps its jobs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from extract_bridge import ExtractClient, LocalService
from extract_bridge.cli import service
from extract_bridge.cli.app import start

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = {"type": "object", "properties": {"number": {"type": "string"}, "seller": {"type": "string"}}}
NOTE = b"Number: A-17\nSeller: Quay Ltd\n"
HOSTILE = "[/red]\x1b]8;;x\x07Q\u202e[b]"


def hostile_model(messages: object, json_schema: object) -> str:
    """A model that answers with what a terminal would obey."""
    return json.dumps({"number": "A-17", "seller": HOSTILE})


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalService, list[str]]]:
    """A service with three jobs: two good ones, and a failed one."""
    folder = tmp_path_factory.mktemp("kept")
    running = LocalService(data_dir=folder, llm=hostile_model, llm_mode="llm")
    with ExtractClient(local=running) as client:
        good = [client.run(("note.txt", NOTE), data_schema=SCHEMA).id for _ in range(2)]
        bad = client.files.create(b"%PDF-1.7 and then nothing", file_name="bad.pdf")
        failed = client.create(bad.id, data_schema=SCHEMA)
        for _ in client.as_completed([failed.id]):
            pass
        yield running, [*good, failed.id]


@pytest.fixture
def jobs(kept: tuple[LocalService, list[str]], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Their ids; `--local` means this service, whose model no command line can name."""
    monkeypatch.setattr(service, "ExtractClient", lambda local: ExtractClient(local=kept[0]))
    return kept[1]


def ask(*arguments: str) -> int:
    return start(["jobs", *arguments, "--local"])


def test_a_list_is_newest_first(jobs: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(reversed(jobs))
    assert [line.split()[1] for line in lines[1:]] == ["FAILED", "COMPLETED", "COMPLETED"]


def test_a_list_can_be_narrowed(jobs: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("list", "--status", "failed", "--json") == 0
    (job,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert job["id"] == jobs[2]
    assert ask("list", "-n", "1", "--json") == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert ask("list", "--all", "--json") == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert ask("list", "--status", "RUNNING") == 0
    assert capsys.readouterr().out == "no such job\n"


def test_a_job_is_shown_with_its_values_as_plain_text(
    jobs: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("show", jobs[0]) == 0
    shown = capsys.readouterr().out
    for word in (jobs[0], "COMPLETED", "cost_effective", "per_doc", "A-17", "[/red]", "[b]"):
        assert word in shown
    assert not set(shown) & {"\x1b", "\x07", "\u202e"}


def test_a_failed_job_says_why(jobs: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("show", jobs[2]) == 0
    shown = capsys.readouterr().out
    assert "FAILED" in shown
    assert "error" in shown


def test_a_job_as_json_is_the_apis(jobs: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("show", jobs[0], "--json") == 0
    job: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert job["extract_result"]["number"] == "A-17"
    assert job["extract_metadata"]["field_metadata"]


def test_an_unknown_job_is_an_error_without_a_traceback(
    jobs: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("show", "ext-nowhere") == 1
    told = capsys.readouterr().err
    assert told.startswith("Error")
    assert "Traceback" not in told


@pytest.mark.parametrize(("which", "code"), [(slice(0, 2), 0), (slice(0, 3), 1)])
def test_waiting_tells_how_they_ended(
    which: slice, code: int, jobs: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("wait", *jobs[which], *jobs[which]) == code
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines} == set(jobs[which])
    assert len(lines) == len(jobs[which]), "each once"


def test_what_cannot_be_cancelled_does_not_keep_the_others(
    jobs: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("cancel", jobs[0], "ext-nowhere", jobs[1]) == 1
    told = capsys.readouterr().err
    assert told.count("Error") == 3
    for job_id in (jobs[0], "ext-nowhere", jobs[1]):
        assert job_id in told


def test_without_a_service_it_says_how_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert start(["jobs", "list"]) == 2
    assert "--base-url" in capsys.readouterr().err
