"""`run` is stopped and goes on: each document once in the file, and once paid."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from extract_bridge.bulk import Ledger
from extract_bridge.cli.app import start

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": "string"}}}
NAMES = [f"{number:02}.txt" for number in range(24)]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    for name in NAMES:
        (tmp_path / "in" / name).write_text(f"Number: N-{name}\n")
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    return tmp_path


def run(*arguments: str) -> int:
    return start(["run", *arguments, "--schema", "schema.json", "--local"])


def events(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def sources(out: str) -> Counter[str]:
    return Counter(json.loads(line)["source"] for line in Path(out).read_text().splitlines())


def jobs(ledger: str) -> list[Any]:
    with Ledger(ledger) as kept:
        return list(kept.entries())


def test_the_same_command_again_pays_for_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("in", "--out", "o.jsonl", "--json") == 0
    first = events(capsys)[-1]
    assert (first["read"], first["reused"]) == (24, 0)
    assert first["credits"] > 0
    before = Path("o.jsonl").read_text()
    Path("in/new.txt").write_text("Number: NEW\n")
    Path("in/00.txt").write_text("Number: changed\n")
    assert run("in", "--out", "o.jsonl", "--dry-run", "--json") == 0
    (plan,) = events(capsys)
    assert (plan["documents"], plan["in_ledger"], plan["jobs"]) == (25, 23, 2)
    assert run("in", "--out", "o.jsonl", "--json", "--ordered") == 0
    second = events(capsys)[-1]
    assert (second["read"], second["reused"]) == (25, 23)
    assert (second["pages"], second["credits"]) == (plan["pages"], plan["credits"]) == (2, 16)
    assert sources("o.jsonl") == Counter(f"in/{name}" for name in [*NAMES, "new.txt"])
    kept = {json.loads(line)["id"]: json.loads(line) for line in before.splitlines()}
    for line in map(json.loads, Path("o.jsonl").read_text().splitlines()[1:-1]):
        assert line == kept[line["id"]], "the same record from the ledger"


def test_without_a_ledger_everything_is_read_anew(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert run("in/00.txt", "--out", "o.jsonl", "--json", "--no-resume") == 0
        assert events(capsys)[-1]["reused"] == 0
    assert not list(here.glob("*.ledger*"))


def test_equal_bytes_are_one_job_and_cost_what_was_planned(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("copy.txt").write_text(Path("in/00.txt").read_text())
    for more, count in (((), 1), (("--no-resume",), 2)):
        assert run("in/00.txt", "copy.txt", "--dry-run", "--json", *more) == 0
        (plan,) = events(capsys)
        assert run("in/00.txt", "copy.txt", "--out", f"{count}.jsonl", "--json", *more) == 0
        end = events(capsys)[-1]
        assert (plan["jobs"], plan["credits"]) == (count, end["credits"])
        assert end["read"] == 2


def test_what_failed_is_tried_again_when_asked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    assert run("bad.pdf", "in/00.txt", "--out", "o.jsonl", "--quiet") == 1
    capsys.readouterr()
    assert run("bad.pdf", "in/00.txt", "--out", "o.jsonl", "--quiet") == 1
    assert "add --retry-failed" in capsys.readouterr().err
    assert len(jobs("o.jsonl.ledger")) == 2, "it is told again, and not paid again"
    assert run("bad.pdf", "in/00.txt", "--out", "o.jsonl", "--quiet", "--retry-failed") == 1
    assert len(jobs("o.jsonl.ledger")) == 3
    capsys.readouterr()
    assert run("bad.pdf", "--out", "x.jsonl", "--retry-failed", "--no-resume") == 2
    assert "nobody remembers what failed" in capsys.readouterr().err


def test_a_budget_is_kept(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("in", "--out", "o.jsonl", "--json", "--budget", "24", "--ordered") == 1
    *_, end = told = events(capsys)
    assert (end["read"], end["failed"], end["credits"]) == (3, 21, 24)
    assert {item["error"]["code"] for item in told if item.get("error")} == {"budget_exceeded"}


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    code = "from extract_bridge.cli import main; main()"
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            code,
            "run",
            "in",
            "--schema",
            "schema.json",
            "--out",
            "o.jsonl",
            "--local",
            *arguments,
        ],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )


def until_some_are_done(running: subprocess.Popen[str], count: int) -> list[dict[str, Any]]:
    """Reads events until so many documents are done."""
    assert running.stdout is not None
    told: list[dict[str, Any]] = []
    while sum(item["event"] == "document" for item in told) < count:
        told.append(json.loads(running.stdout.readline()))
    return told


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_and_resumed_each_document_is_there_once(
    number: int, code: int, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with started(here, "--json", "--concurrency", "1") as running:
        told = until_some_are_done(running, 3)
        running.send_signal(number)
        rest, errors = running.communicate(timeout=60)
    assert running.returncode == code, errors
    assert "Traceback" not in errors
    told += [json.loads(line) for line in rest.splitlines()]
    stopped = told[-1]
    assert (stopped["event"], stopped["exit_code"]) == ("stopped", code)
    assert 3 <= stopped["read"] < len(NAMES)
    assert stopped["read"] == sum(item["event"] == "document" for item in told)
    assert "The same command goes on" in stopped["said"]
    assert not Path("o.jsonl").exists()
    assert sum(sources("o.jsonl.part").values()) == stopped["read"]
    assert run("in", "--out", "o.jsonl", "--json") == 0
    end = events(capsys)[-1]
    assert (end["read"], end["reused"]) == (len(NAMES), stopped["read"])
    assert sources("o.jsonl") == Counter(f"in/{name}" for name in NAMES)
    assert Counter(entry.state for entry in jobs("o.jsonl.ledger")) == {"completed": len(NAMES)}
    assert not Path("o.jsonl.part").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_second_signal_leaves_at_once_and_loses_nothing(here: Path) -> None:
    with started(here, "--json") as running:
        until_some_are_done(running, 1)
        running.send_signal(signal.SIGINT)
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=60)
    assert running.returncode in (130, 0), "all may be done by then"
    assert "Traceback" not in errors
    (here / "o.jsonl").unlink(missing_ok=True)
    assert run("in", "--out", "o.jsonl", "--quiet") == 0
    assert sources("o.jsonl") == Counter(f"in/{name}" for name in NAMES)
    done = [entry for entry in jobs("o.jsonl.ledger") if entry.state == "completed"]
    assert len(done) == len(NAMES), "no document was paid for twice"
