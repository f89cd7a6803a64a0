"""`extract-bridge schema generate`: a proposal that `run` can use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extract_bridge.cli.app import start


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "note.txt").write_text("Number: A-17\nTotal: 12.50\n")
    return tmp_path


def test_a_proposal_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert start(["schema", "generate", "number, total", "--local"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert set(schema["properties"]) >= {"number", "total"}


def test_a_proposal_can_be_used_and_replaces_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    generate = ["schema", "generate", "number, total", "--document", "note.txt", "--out", "s.json", "--local"]
    assert start(generate) == 0
    assert start(["schema", "check", "s.json"]) == 0
    assert start(["run", "note.txt", "--schema", "s.json", "--out", "o.jsonl", "--local", "--quiet"]) == 0
    assert json.loads(Path("o.jsonl").read_text())["data"]["number"] == "A-17"
    capsys.readouterr()
    assert start(generate) == 2
    assert "there is such a file already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "says"),
    [(["--document", "no.pdf"], "no such file"), (["--out", "no/s.json"], "cannot write there")],
)
def test_a_mistake_is_one_line(more: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert start(["schema", "generate", "number", "--local", *more]) == 2
    assert says in capsys.readouterr().err
