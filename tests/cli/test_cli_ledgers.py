"""`extract-bridge jobs` and a ledger: results that were submitted are collected once, into a file that grows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extract_bridge import ExtractClient
from extract_bridge.bulk import Extraction, Ledger, collect, submit
from extract_bridge.cli.app import start
from extract_bridge.cli.output.append import AppendedLines
from extract_bridge.core.errors import ConfigurationError

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": "string"}}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ledgers")


@pytest.fixture
def here(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in; one service for all tests, which keeps its jobs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXTRACT_BRIDGE_DATA_DIR", str(folder / "service"))
    for name in "abc":
        Path(f"{name}.txt").write_text(f"Number: {name.upper()}-17\n")
    return tmp_path


def lines_of(file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(file).read_text().splitlines()]


def collected(*more: str) -> int:
    return start(
        ["jobs", "collect", "--ledger", "l.ledger", "--out", "late.jsonl", "--wait", "60", "--local", *more]
    )


def test_what_was_submitted_is_collected_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Ledger("l.ledger") as ledger:
        submit(["a.txt", "b.txt"], ledger=ledger, data_schema=SCHEMA, local=True)
    assert collected() == 0
    assert "2 collected, 0 failed, 2 records added to late.jsonl" in capsys.readouterr().out
    assert collected() == 0
    assert "0 collected" in capsys.readouterr().out
    with Ledger("l.ledger") as ledger:
        submit(["c.txt"], ledger=ledger, data_schema=SCHEMA, local=True)
    assert collected("--json") == 0
    document, end = map(json.loads, capsys.readouterr().out.splitlines())
    assert (document["source"], end["records"], end["open"]) == ("c.txt", 1, 0)
    lines = lines_of("late.jsonl")
    assert sorted(line["source"] for line in lines) == ["a.txt", "b.txt", "c.txt"]
    assert {line["data"]["number"] for line in lines} == {"A-17", "B-17", "C-17"}


def test_a_call_that_was_killed_leaves_no_line_twice(here: Path) -> None:
    with Ledger("l.ledger") as ledger, ExtractClient(local=True) as client:
        submit(["a.txt", "b.txt"], ledger=ledger, data_schema=SCHEMA, client=client)
        with AppendedLines(Path("late.jsonl")) as sink:
            for done in collect(ledger, client=client, wait=60):
                sink.write(done)
                break  # written, and not counted as given
    before = Path("late.jsonl").read_bytes()
    Path("late.jsonl").write_bytes(before + b'{"id": "half a li')
    assert collected() == 0
    assert sorted(line["source"] for line in lines_of("late.jsonl")) == ["a.txt", "b.txt"]
    assert Path("late.jsonl").read_bytes().startswith(before)


def test_lines_of_others_stay(here: Path) -> None:
    Path("late.jsonl").write_text('not json\n{"job_id": "ext-1", "source": "x"}\n[1]\n')
    with AppendedLines(Path("late.jsonl")) as sink:
        assert sink.write(Extraction(0, "x", None, [])) == 0
    assert len(Path("late.jsonl").read_text().splitlines()) == 3


def test_only_lines_can_grow(here: Path) -> None:
    with pytest.raises(ConfigurationError, match="line by line"):
        AppendedLines(Path("late.csv"))


def test_a_ledger_is_listed_and_looked_after(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Ledger("l.ledger") as ledger:
        submit(["a.txt", "missing.txt"], ledger=ledger, data_schema=SCHEMA, local=True)
    assert collected() == 0
    capsys.readouterr()
    assert start(["jobs", "list", "--ledger", "l.ledger"]) == 0
    shown = capsys.readouterr().out
    assert "completed" in shown
    assert "a.txt" in shown
    assert start(["jobs", "list", "--ledger", "l.ledger", "--status", "COMPLETED", "--json"]) == 0
    (entry,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert entry["job_id"] in shown
    assert start(["jobs", "recover", "--ledger", "l.ledger"]) == 0
    assert capsys.readouterr().out == "nothing to take over\nthe ledger is whole\n"


@pytest.mark.parametrize("command", [("list",), ("recover",), ("collect", "--out", "x.jsonl", "--local")])
def test_a_ledger_that_is_not_there_is_not_made(
    command: tuple[str, ...], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start(["jobs", *command, "--ledger", "no.ledger"]) == 2
    assert "there is no such ledger" in capsys.readouterr().err
    assert not Path("no.ledger").exists()
    assert not Path("x.jsonl").exists()


def test_something_else_is_no_ledger(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("no.ledger").write_text("not a ledger at all, but long enough to be looked at as one " * 20)
    assert start(["jobs", "recover", "--ledger", "no.ledger"]) in (1, 2)
    told = capsys.readouterr().err
    assert told.startswith("Error")
    assert "Traceback" not in told
