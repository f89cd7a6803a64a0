"""`extract-bridge run`: files in, one line a record out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from extract_bridge.cli import main
from extract_bridge.cli.samples.models import Certificate, Invoice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Samples = Callable[[int], dict[str, Any]]


def call(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as leaving:
        main([str(argument) for argument in arguments])
    assert isinstance(leaving.value.code, int)
    return leaving.value.code


def schema_file(folder: Path, model: Any) -> Path:
    file = folder / "schema.json"
    file.write_text(json.dumps(model.model_json_schema()))
    return file


def read_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_records_are_written_one_a_line(
    samples: Samples, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sample = samples(2)["certificates"]
    out = tmp_path / "records.jsonl"
    schema = schema_file(tmp_path, Certificate)
    assert call("run", sample.path, "--schema", schema, "--out", out, "--target", "per_page", "--local") == 0
    lines = read_lines(out)
    assert [line["data"] for line in lines] == sample.records
    assert [line["page"] for line in lines] == [1, 2, 3, 4]
    assert {line["service"] for line in lines} == {"local"}
    number = lines[2]["evidence"]["/certificate_number"]
    assert (number["page"], number["quote"]) == (3, sample.records[2]["certificate_number"])
    assert 0 < number["confidence"] <= 1
    assert "1 read, 0 failed, 4 records" in capsys.readouterr().out


def test_one_bad_file_does_not_stop_the_others(
    samples: Samples, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, out = tmp_path / "bad.pdf", tmp_path / "records.jsonl"
    bad.write_bytes(b"%PDF-1.7 and then nothing")
    good = samples(1)["invoice"]
    assert (
        call("run", bad, good.path, "--schema", schema_file(tmp_path, Invoice), "--out", out, "--local") == 1
    )
    assert [line["data"]["total"] for line in read_lines(out)] == [good.records[0]["total"]]
    shown = capsys.readouterr()
    assert "1 read, 1 failed, 1 record in" in shown.out
    assert "bad.pdf" in shown.err
    assert str(tmp_path) not in shown.err


def test_with_neither_key_nor_terminal_it_refuses(
    samples: Samples, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "records.jsonl"
    path = samples(1)["invoice"].path
    assert call("run", path, "--schema", schema_file(tmp_path, Invoice), "--out", out) == 2
    assert "No Extract service chosen" in capsys.readouterr().err
    assert not out.exists()


def test_a_place_that_cannot_be_written_is_said_before_any_work(
    samples: Samples, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = samples(1)["invoice"].path
    schema = schema_file(tmp_path, Invoice)
    assert call("run", path, "--schema", schema, "--out", tmp_path / "no" / "out.jsonl", "--local") == 2
    assert "--out out.jsonl" in capsys.readouterr().err
