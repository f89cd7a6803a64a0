"""`extract-bridge bench`: figures on the drawn corpus and on a user's folder, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extract_bridge.bench.layouts.kinds import HIDDEN
from extract_bridge.cli.app import app, start

SCHEMA = {"type": "object", "properties": {"invoice_number": {"type": "string"}}}


def case(folder: Path, number: str, said: str) -> None:
    (folder / number).mkdir()
    (folder / number / "document.txt").write_text(f"Invoice number: {said}\n")
    (folder / number / "schema.json").write_text(json.dumps(SCHEMA))
    (folder / number / "expected.json").write_text(json.dumps({"invoice_number": number}))


def test_the_drawn_corpus_is_measured(tmp_path: Path) -> None:
    arguments = ["bench", "--documents", "6", "--layouts", "invoice", "--out", str(tmp_path / "report.json")]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    for word in (
        "page, box: F1",
        "precision_target=0.95",
        "calibration error (ECE)",
        "95% precision",
        "pages/s",
    ):
        assert word in done.output
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["documents"], report["service"], report["failures"]) == (6, "local", [])
    assert report["total"]["f1"] > 0.7
    assert report["total"]["boxes_right"] > 0.9


def test_a_users_folder_is_measured(tmp_path: Path) -> None:
    case(tmp_path, "A-17", "A-17")
    case(tmp_path, "A-18", "B-99")
    done = CliRunner().invoke(app, ["bench", "--folder", str(tmp_path), "--fail-under", "0.9"])
    assert done.exit_code == 1
    assert "0.500" in done.output
    assert "F1 is below 0.9" in done.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--layouts", "nowhere"], "there is no layout"),
        (["--folder", "{here}"], "there is no case"),
        (["--folder", "{here}/nowhere"], "there is no such folder"),
        (["--folder", "{here}", "--layouts", "fitted"], "layouts are drawn, a folder is read"),
        (["--folder", "{here}", "--scanned"], "drawn documents are scanned, a folder is read"),
        (["--out", "{here}/nowhere/report.json"], "the folder of the report is not there"),
        (["--api-key-env", "NO_SUCH_KEY"], "a key without a base_url"),
        (["--base-url", "http://127.0.0.1:1", "--api-key-env", "NO_SUCH_KEY"], "NO_SUCH_KEY holds no key"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start(["bench", *(item.replace("{here}", str(tmp_path)) for item in arguments)]) == 2
    told = capsys.readouterr()
    assert says in told.err + told.out
    assert str(tmp_path) not in told.err


def test_a_case_that_is_not_whole_says_which(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case(tmp_path, "A-17", "A-17")
    (tmp_path / "A-17" / "schema.json").write_text("{")
    assert start(["bench", "--folder", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert "A-17" in told
    assert "its schema.json is missing or no JSON" in told


@pytest.mark.parametrize(
    ("file", "holds", "says"),
    [
        ("expected.json", '[{"invoice_number": "A-17"}]', "is not an object"),
        ("expected.json", '{"invoice_nr": "A-17"}', "names that schema.json has not: invoice_nr"),
        ("schema.json", "[]", "its schema.json is no object"),
        ("target", "per_table_row", "is not a list of objects"),
        ("target", "per_line", "its target is none of"),
        ("expected.json", None, "it has a document, but no expected.json"),
    ],
)
def test_a_truth_that_no_answer_could_have_is_a_mistake(
    file: str, holds: str | None, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case(tmp_path, "A-17", "A-17")
    case(tmp_path, "A-18", "A-18")
    at = tmp_path / "A-17" / file
    at.unlink() if holds is None else at.write_text(holds)
    assert start(["bench", "--folder", str(tmp_path)]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert says in told
    assert "A-17" in told


def test_the_worst_fields_are_shown_where_they_are_asked_for(tmp_path: Path) -> None:
    for number, said in (("A-17", "B-99"), ("A-18", "B-98"), ("A-19", "A-19")):
        case(tmp_path, number, said)
    shown = CliRunner().invoke(app, ["bench", "--folder", str(tmp_path), "--worst", "3"]).output
    assert "2 wrong: folder /invoice_number" in shown
    assert "A-17, not B-99 (A-17.txt)" in shown
    assert "B-99" not in CliRunner().invoke(app, ["bench", "--folder", str(tmp_path)]).output


@pytest.mark.parametrize("group", HIDDEN)
def test_mistakes_on_hidden_layouts_stay_unseen(group: str) -> None:
    arguments = ["bench", "--layouts", f"letter,{group}", "--documents", "22", "--worst", "1000"]
    shown = CliRunner().invoke(app, arguments).output
    assert "letter_plain" in shown
    assert f"mistakes on {group} layouts are not shown" in shown
    assert not [line for line in shown.splitlines() if f": {group}" in line or f"({group}-" in line]
