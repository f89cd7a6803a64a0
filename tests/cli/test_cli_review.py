"""`extract-bridge review` and `correct`: from what `run` wrote to a page, and from what the page saves to corrected records."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from extract_bridge import ExtractClient, ExtractedRecord
from extract_bridge.cli.app import start
from extract_bridge.testing.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = {
    "title": "Invoice",
    "type": "object",
    "properties": {"invoice_number": {"type": "string"}, "total": {"type": "number"}},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, samples: Callable[[int], dict[str, Any]]) -> Path:
    """An invoice, its schema, its job, and the records that `run` wrote."""
    home = tmp_path_factory.mktemp("review")
    (home / "invoice.pdf").write_bytes(samples(1)["invoice"].path.read_bytes())
    (home / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    with pytest.MonkeyPatch.context() as patch, ExtractClient(local=True) as client:
        patch.chdir(home)
        job = client.run("invoice.pdf", data_schema=SCHEMA)
        (home / "invoice.json").write_text(job.model_dump_json(), "utf-8")
        (home / "damaged.ledger").write_bytes(b"SQLite format 3\x00" + b"\x01" * 5000)
        assert start(["run", "invoice.pdf", "--schema", "schema.json", "--out", "r.jsonl", "--local"]) == 0
    return home


def data_of(page: Path) -> dict[str, Any]:
    text = page.read_text("utf-8")
    return json.loads(re.findall(r'id="data">(.*?)</script>', text, re.DOTALL)[0])


def corrections(page: Path, pointer: str, value: object) -> dict[str, Any]:
    """What the page's own script saves for an edit of one field; the browser's tests hold this against the script itself."""
    told = data_of(page)
    (record,) = told["records"]
    field = {"pointer": pointer, "action": "edit", "value": value, "at": "2026-11-24T18:00:00.000Z"}
    return {
        "format_version": 1, "kind": "extract-bridge corrections", "reviewer": "Ada",
        "records": [{"record_id": record["id"], "content_key": record["key"], "fields": [field]}],
    }  # fmt: skip


@pytest.mark.parametrize("source", ["r.jsonl", "invoice.json", "r.jsonl.ledger"])
def test_a_page_and_back(
    folder: Path,
    source: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    page, out = tmp_path / "page.html", tmp_path / "out.jsonl"
    assert start(["review", source, "--out", str(page)]) == 0
    assert "1 record, 2 fields, 1 page in " in " ".join(capsys.readouterr().out.split())
    (tmp_path / "c.json").write_text(json.dumps(corrections(page, "/total", 7.5)), "utf-8")
    assert start(["correct", source, str(tmp_path / "c.json"), "--out", str(out)]) == 0
    assert "1 decision put into 1 record" in " ".join(capsys.readouterr().out.split())
    (line,) = [json.loads(text) for text in out.read_text("utf-8").splitlines()]
    assert line["data"]["total"] == 7.5
    if source == "r.jsonl":
        assert line["id"] == json.loads((folder / source).read_text("utf-8"))["id"]
    else:
        assert ExtractedRecord.from_dict(line)["/total"].extra["correction"]["by"] == "Ada"
    assert start(["review", str(out), "--out", str(page), "--documents", "."]) == 0, (
        "corrected records are records"
    )
    capsys.readouterr()
    assert start(["correct", str(out), str(tmp_path / "c.json"), "--out", str(out)]) == 2
    assert "another content of this record" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["review", "gone.jsonl", "--out", "p.html"], "there is no such file"),
        (["correct", "gone.jsonl", "schema.json", "--out", "o.jsonl"], "no corrections in it"),
        (["review", "damaged.ledger", "--out", "p.html"], "damaged.ledger"),
        (["review", "schema.json", "--out", "p.html"], "neither a record nor a job"),
        (["review", "invoice.pdf", "--out", "p.html"], "UTF-8"),
        (["review", "r.jsonl", "--out", "no/p.html"], "cannot write there"),
        (["review", "ext-1", "--out", "p.html"], "No Extract service chosen"),
        (["correct", "r.jsonl", "schema.json", "--out", "o.jsonl"], "no corrections in it"),
        (["correct", "r.jsonl", "gone.json", "--out", "o.jsonl"], "cannot be read"),
    ],
)
def test_bad_input_is_said_in_a_line(
    folder: Path,
    arguments: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    before = sorted(item.name for item in folder.iterdir())
    assert start(arguments) in (1, 2)
    told = capsys.readouterr().err
    assert said in " ".join(told.split())
    assert str(folder) not in told
    assert sorted(item.name for item in folder.iterdir()) == before


def test_a_job_is_shown_by_its_id_beside_the_users_own_file(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(tmp_path / "service") as service:
        with ExtractClient(base_url=service.base_url) as client:
            job = client.run(folder / "invoice.pdf", data_schema=SCHEMA)
        for where, options in ((folder, ()), (tmp_path, ("--documents", str(folder)))):
            monkeypatch.chdir(where)
            page = tmp_path / "page.html"
            command = ["review", job.id, "--out", str(page), "--base-url", service.base_url, *options]
            assert start(command) == 0
            assert "1 record, 2 fields, 1 page" in capsys.readouterr().out
