"""What `run` says and writes, in each of its forms: formats, plans, events, lists, quiet, streams that end."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from extract_bridge import ExtractedRecord
from extract_bridge.cli.app import start

SCHEMA = {
    "title": "Note",
    "type": "object",
    "properties": {"number": {"type": "string"}, "seller": {"type": "string"}, "total": {"type": "number"}},
}
HOSTILE = "[/red]=1+1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three notes, of which two are the same, and a schema."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "in").mkdir()
    for name, number in (("a", "A-17"), ("b", "B-18"), ("copy", "A-17")):
        (folder / "in" / f"{name}.txt").write_text(f"Number: {number}\nSeller: {HOSTILE}\nTotal: -12.50\n")
    (folder / "schema.json").write_text(json.dumps(SCHEMA))
    return folder


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str) -> int:
    return start(["run", *arguments, "--schema", "schema.json"])


def events(shown: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in shown.splitlines()]


def test_each_format_holds_the_same(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for suffix in ("jsonl", "json", "csv"):
        assert run("in", "--out", f"same.{suffix}", "--local", "--ordered", "--quiet") == 0
    assert capsys.readouterr() == ("", "")
    lines = [json.loads(line) for line in Path("same.jsonl").read_text().splitlines()]
    listed = json.loads(Path("same.json").read_text())
    rows = list(csv.DictReader(io.StringIO(Path("same.csv").read_text())))
    assert [line["source"] for line in lines] == ["in/a.txt", "in/b.txt", "in/copy.txt"]
    for line, item, row in zip(lines, listed, rows, strict=True):
        assert {**line, "job_id": None} == {**item, "job_id": None}
        assert (row["_id"], row["_source"]) == (line["id"], line["source"])
        assert row["number"] == line["data"]["number"]
        assert float(row["total"]) == line["data"]["total"] == -12.5


def test_full_lines_can_be_read_back(here: Path) -> None:
    assert run("in/a.txt", "--out", "full.jsonl", "--local", "--full", "--quiet") == 0
    (line,) = Path("full.jsonl").read_text().splitlines()
    record = ExtractedRecord.from_dict(json.loads(line))
    assert record["/number"].value == "A-17"
    assert record["/number"].citations


def test_a_plan_costs_what_is_billed_then(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("in/a.txt", "in/b.txt", "--dry-run", "--json", "--tier", "agentic", "--local") == 0
    (plan,) = events(capsys.readouterr().out)
    assert run("in/a.txt", "in/b.txt", "--out", "billed.jsonl", "--json", "--tier", "agentic", "--local") == 0
    end = events(capsys.readouterr().out)[-1]
    assert (end["event"], end["exit_code"]) == ("end", 0)
    assert (plan["documents"], plan["pages"], plan["credits"]) == (
        end["documents"],
        end["pages"],
        end["credits"],
    )
    assert (
        plan["credits"] == plan["credits_by_tier"]["agentic"] > plan["credits_by_tier"]["cost_effective"] > 0
    )


def test_a_plan_sends_nothing_and_needs_no_service(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("in", "dfl-1", "missing.pdf", "--dry-run") == 1
    shown = capsys.readouterr()
    assert "Service: none chosen; nothing is sent" in shown.out
    assert "4 documents" in shown.out
    assert "cost more on top: dfl-1" in shown.out
    assert "missing.pdf: there is no such file" in shown.err
    assert "per_page" not in shown.out
    assert run("in", "--dry-run", "--target", "per_page") == 0
    assert "turbo" not in capsys.readouterr().out, "a tier that knows per_doc alone"


def test_events_are_json_for_programs(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("in/a.txt", "missing.txt", "--out", "events.jsonl", "--json", "--local", "--ordered") == 1
    begin, good, bad, end = events(capsys.readouterr().out)
    assert (begin["event"], begin["service"], begin["documents"]) == ("start", "local", 2)
    assert (good["source"], good["status"], good["records"], good["pages"]) == ("in/a.txt", "read", 1, 1)
    assert (bad["status"], bad["error"]["code"], bad["records"]) == ("failed", "file_not_found", 0)
    assert (end["read"], end["failed"], end["records"], end["exit_code"]) == (1, 1, 1, 1)


def test_quiet_says_errors_alone(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("in/a.txt", "missing.txt", "--out", "quiet.jsonl", "--quiet", "--local") == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("Error") == 1


def test_a_list_comes_from_standard_input(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"in/b.txt\nin/a.txt\n")))
    assert run("-", "--out", "list.jsonl", "--local", "--ordered", "--quiet") == 0
    sources = [json.loads(line)["source"] for line in Path("list.jsonl").read_text().splitlines()]
    assert sources == ["in/b.txt", "in/a.txt"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["in"], "nothing says where the records go"),
        (["in", "--out", "x.xlsx"], ".xlsx says no format"),
        (["in/*.docx", "--out", "x.csv"], "no document is there"),
        (["in", "--out", "x.csv", "--target", "per_line"], "extraction_target is none of"),
        (["in", "--out", "x.csv", "--pages", "0-2"], "target_pages"),
        (["in", "--out", "x.csv", "--base-url", "http://127.0.0.1:1"], "given together"),
        (["in", "--out", "x.csv", "--max-pages", "0"], "--max-pages"),
    ],
)
def test_a_mistake_is_told_before_any_work(
    arguments: list[str], says: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments, "--local") == 2
    told = capsys.readouterr()
    assert says in told.err
    assert "Traceback" not in told.err
    assert not list(here.glob("x.*"))


def command(
    here: Path, *arguments: str, out: Any = subprocess.PIPE, **environment: str
) -> subprocess.Popen[str]:
    code = "import sys; from extract_bridge.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=here,
        stdout=out,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={"PYTHONUTF8": "1", "EXTRACT_BRIDGE_OCR": "none", "PATH": "/usr/bin:/bin", **environment},
    )


def test_records_may_go_into_a_pipe(here: Path) -> None:
    arguments = (
        "in/a.txt",
        "in/b.txt",
        "--schema",
        "schema.json",
        "--out",
        "/dev/stdout",
        "--local",
        "--quiet",
    )
    with command(here, "run", *arguments) as running:
        out, told = running.communicate()
    assert (running.returncode, told) == (0, "")
    assert sorted(json.loads(line)["data"]["number"] for line in out.splitlines()) == ["A-17", "B-18"]
