"""`BatchExtractor`: batches of each kind in, the same kind out, and the records of a plain call."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from extract_bridge import ConfigurationError, ExtractClient, ExtractedRecord, FileInputError
from extract_bridge.bulk import BatchExtractor, extract_many
from extract_bridge.bulk.batch import COLUMNS


class Note(BaseModel):
    number: str | None = None
    total: float | None = None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("batch")
    for name in "abc":
        (folder / f"{name}.txt").write_text(f"Number: {name.upper()}-17\nTotal: 12.50\n")
    return folder


@pytest.fixture
def here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    return folder


def plain(names: list[str]) -> list[dict[str, Any]]:
    """What one call says, without the job, which is another each time."""
    found = extract_many(names, data_schema=Note, local=True, ordered=True)
    return [stripped(record.to_dict()) for done in found for record in done.records]


def stripped(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key != "job_id"}


def records(batch: dict[str, Any]) -> list[dict[str, Any]]:
    return [stripped(json.loads(text)) for text in batch["record"] if text is not None]


NAMES = ["a.txt", "b.txt", "c.txt"]


def test_paths_in_records_out_as_from_one_call(here: Path) -> None:
    extract = BatchExtractor(data_schema=Note, local=True)
    out = extract({"path": NAMES, "tenant": [1, 2, 3]})
    assert list(out) == ["path", "tenant", *COLUMNS]
    assert (out["path"], out["tenant"]) == (NAMES, [1, 2, 3])
    assert [json.loads(data)["number"] for data in out["data"]] == ["A-17", "B-17", "C-17"]
    assert records(out) == plain(NAMES)
    assert out["record_id"] == [ExtractedRecord.from_dict(json.loads(text)).id for text in out["record"]]
    assert out["error"] == [None] * 3
    assert all(0 < confidence <= 1 for confidence in out["confidence_min"])


def test_bytes_are_the_same_documents(here: Path) -> None:
    extract = BatchExtractor(content="bytes", data_schema=Note, local=True)
    out = extract({"path": ["./a.txt", "b.txt"], "bytes": [Path(name).read_bytes() for name in NAMES[:2]]})
    assert "bytes" not in out
    wanted = plain(["./a.txt", "b.txt"])
    assert records(out) == wanted


def test_it_pickles_with_its_keywords_alone(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLAMA_CLOUD_API_KEY", "llx-secret")
    told = pickle.dumps(BatchExtractor(data_schema=Note, api_key="llx-secret", columns={"page": None}))
    assert b"llx-secret" not in told
    extract = BatchExtractor(data_schema=Note, local=True, columns={"page": None, "data": "json"})
    extract({"path": ["a.txt"]})
    again = pickle.loads(pickle.dumps(extract))
    out = again({"path": ["a.txt"]})
    assert "page" not in out
    assert json.loads(out["json"][0])["number"] == "A-17"
    assert "Note" not in repr(extract)


def test_a_document_that_fails_is_a_row_with_its_error(here: Path) -> None:
    extract = BatchExtractor(data_schema=Note, local=True)
    out = extract({"path": ["a.txt", "missing.txt", None, "", "."]})
    assert out["error_code"] == [None, "file_not_found", "not_a_document", "file_not_found", "is_a_directory"]
    assert "missing.txt: there is no such file" in out["error"][1]
    assert out["record"][1:] == [None] * 4


def test_failed_documents_may_be_left_out_or_stop_the_batch(here: Path) -> None:
    batch = {"path": ["missing.txt", "a.txt"]}
    assert BatchExtractor(data_schema=Note, local=True, on_error="skip")(batch)["path"] == ["a.txt"]
    with pytest.raises(FileInputError, match="no such file"):
        BatchExtractor(data_schema=Note, local=True, on_error="raise")(batch)
    no_bytes = BatchExtractor(data_schema=Note, local=True, content="bytes")
    assert no_bytes({"path": ["a.txt"], "bytes": [None]})["error_code"] == ["not_a_document"]


def test_a_document_may_have_many_records_or_none(here: Path) -> None:
    rows = "item,amount\n" + "".join(f"thing {n},{n}.50\n" for n in range(1, 5))
    Path("rows.csv").write_text(rows)
    schema = {"type": "object", "properties": {"item": {"type": "string"}, "amount": {"type": "number"}}}
    extract = BatchExtractor(data_schema=schema, extraction_target="per_table_row", local=True)
    out = extract({"path": ["rows.csv"], "tenant": ["t"]})
    assert (out["row"], out["tenant"]) == ([0, 1, 2, 3], ["t"] * 4)
    assert [json.loads(data)["amount"] for data in out["data"]] == [1.5, 2.5, 3.5, 4.5]


def test_an_empty_batch_asks_nobody() -> None:
    with ExtractClient(base_url="http://127.0.0.1:1") as nowhere:
        out = BatchExtractor(data_schema=Note, client=nowhere)({"path": []})
    assert out == {name: [] for name in ("path", *COLUMNS)}


@pytest.mark.parametrize(
    ("keywords", "batch", "says"),
    [
        ({"columns": {"pgae": "p"}}, {"path": []}, "no column 'pgae'"),
        ({"columns": {"page": "row"}}, {"path": []}, "two columns have one name"),
        ({"on_error": "ignore"}, {"path": []}, "on_error is none of"),
        ({"path": "file"}, {"path": ["a"]}, "no column 'file'"),
        ({"content": "bytes"}, {"path": ["a"]}, "no column 'bytes'"),
        ({}, {"path": ["a"], "data": ["b"]}, "a column 'data' already"),
        ({}, {"path": ["a"], "other": []}, "differ in length"),
        ({}, ["a"], "a list is no batch"),
        ({"tier": "x", "configuration_id": "cfg-1"}, {"path": []}, "given together"),
    ],
)
def test_a_mistake_is_told(keywords: dict[str, Any], batch: Any, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        BatchExtractor(data_schema=Note, local=True, **keywords)(batch)


def test_arrays_come_back_as_arrays(here: Path) -> None:
    numpy = pytest.importorskip("numpy")
    batch = {"path": numpy.array(NAMES[:2], dtype=object), "tenant": numpy.array([1, 2])}
    out = BatchExtractor(data_schema=Note, local=True)(batch)
    assert {type(values) for values in out.values()} == {numpy.ndarray}
    assert records(out) == plain(NAMES[:2])


def test_a_frame_comes_back_as_a_frame(here: Path) -> None:
    pandas = pytest.importorskip("pandas")
    extract = BatchExtractor(data_schema=Note, local=True)
    frame = pandas.DataFrame({"path": [*NAMES[:2], "missing.txt"], "tenant": [1, 2, 3]})
    out = extract(frame)
    assert records(out.where(out.notna(), None).to_dict("list")) == plain(NAMES[:2])
    assert (str(out["page"].dtype), str(out["tenant"].dtype)) == ("Int64", "int64")
    assert list(extract(frame.iloc[:0]).dtypes) == list(out.dtypes), "an empty one has the same types"


def test_arrow_comes_back_as_arrow(here: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    extract = BatchExtractor(data_schema=Note, local=True)
    for kind in (arrow.Table, arrow.RecordBatch):
        table = kind.from_pydict({"path": [*NAMES[:2], "missing.txt"], "tenant": [1, 2, 3]})
        out = extract(table)
        assert isinstance(out, kind)
        assert records(out.to_pydict()) == plain(NAMES[:2])
        assert extract(table.slice(0, 0)).schema == out.schema
