"""The output files: what a record becomes in each format, and that a file is there whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge import ExtractedRecord
from extract_bridge.agent.text import is_clean
from extract_bridge.cli.output.columns import Columns
from extract_bridge.cli.output.file import OutputFile, format_of
from extract_bridge.cli.output.lines import as_json, shown_json
from extract_bridge.cli.output.writers import Csv, JsonArray, csv_cell
from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.schema.normalize import normalize_schema

SCHEMA = normalize_schema(
    {
        "type": "object",
        "properties": {
            "number": {"type": "string"},
            "paid": {"type": "boolean"},
            "seller": {"type": "object", "properties": {"name": {"type": "string"}}},
            "seller.name": {"type": "string"},
            "total": {"anyOf": [{"type": "number"}, {"type": "null"}]},
            "count": {"type": "integer"},
            "lines": {
                "type": "array",
                "items": {"type": "object", "properties": {"amount": {"type": "number"}}},
            },
        },
    }
).json_schema
DATA: dict[str, Any] = {
    "number": "=1+1",
    "paid": True,
    "seller": {"name": "Grüße\n[/red]"},
    "seller.name": "the other",
    "total": -12.5,
    "count": 3,
    "lines": [{"amount": 1.5}],
}


def record(data: dict[str, Any] | None = None, **more: Any) -> ExtractedRecord:
    return ExtractedRecord(
        data=DATA if data is None else data, fields={}, source="a.pdf", source_id="a.pdf", **more
    )


def written(out: Path, *records: ExtractedRecord, **keywords: Any) -> None:
    with OutputFile(out, SCHEMA, **keywords) as sink:
        assert sink.write(records) == len(records)
        sink.commit()


def rows_of(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"), newline="")))


def test_a_csv_has_a_column_for_each_value_of_a_record(tmp_path: Path) -> None:
    written(tmp_path / "a.csv", record(row=4, warnings=("odd", "very")))
    (row,) = rows_of(tmp_path / "a.csv")
    assert list(row) == [
        "_id", "_source", "_page", "_row", "number", "paid", "seller.name", "seller.name_2", "total", "count", "lines",
        "_confidence_min", "_warnings", "_job_id", "_other",
    ]  # fmt: skip
    assert row["number"] == "'=1+1"
    assert (row["paid"], row["total"], row["count"]) == ("true", "-12.5", "3")
    assert (row["seller.name"], row["seller.name_2"]) == ("Grüße\n[/red]", "the other")
    assert json.loads(row["lines"]) == DATA["lines"]
    assert (row["_row"], row["_page"], row["_warnings"], row["_other"]) == ("4", "", "odd; very", "")


def test_what_fits_no_column_is_kept_beside(tmp_path: Path) -> None:
    odd = {"number": 7, "seller": "ACME", "count": 2.0, "total": "12,50", "more": {"deep": [1]}}
    written(tmp_path / "a.csv", record(odd))
    (row,) = rows_of(tmp_path / "a.csv")
    assert (row["number"], row["seller.name"], row["total"], row["count"]) == ("", "", "", "2")
    assert json.loads(row["_other"]) == {key: value for key, value in odd.items() if key != "count"}


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["name", "amount", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([*DATA, "more"]), VALUES, max_size=7))
def test_no_value_is_lost_in_a_row(data: dict[str, Any]) -> None:
    cells = Columns(SCHEMA).row(record(data))
    columns = {column.title: column for column in Columns(SCHEMA).data}
    back: dict[str, Any] = json.loads(cells["_other"]) if cells["_other"] else {}
    for title, column in columns.items():
        if cells[title] is not None:
            place = back
            for key in column.path[:-1]:
                place = place.setdefault(key, {})
            place[column.path[-1]] = json.loads(cells[title]) if column.kind == "json" else cells[title]

    def said(value: Any) -> Any:
        """Without what says nothing: nulls, and objects of nothing else."""
        if isinstance(value, dict):
            return {key: said(item) for key, item in value.items() if said(item) not in (None, {})}
        return value

    assert said(back) == said(data)


@pytest.mark.parametrize(
    "value", ["=cmd()", "+41 44 123", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1", "-", "+"]
)
def test_a_formula_is_quoted(value: str) -> None:
    assert csv_cell(value) == "'" + value


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("-12.50", "-12.50"),
        ("+7", "+7"),
        ("-3%", "-3%"),
        ("-1.234,50", "-1.234,50"),
        ("a=b", "a=b"),
        (-3, "-3"),
        (None, ""),
    ],
)
def test_a_number_is_not(value: Any, cell: str) -> None:
    assert csv_cell(value) == cell


@given(st.lists(st.text(), min_size=1, max_size=3))
def test_no_cell_of_a_csv_begins_a_formula(values: list[str]) -> None:
    file = io.BytesIO()
    columns = Columns(
        {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(len(values))}}
    )
    writer = Csv(file, columns)
    writer.write({**dict.fromkeys(columns.kinds), **{f"p{n}": value for n, value in enumerate(values)}})
    writer.close()
    header, row = csv.reader(io.StringIO(file.getvalue().decode("utf-8"), newline=""))
    assert header == list(columns.kinds)
    for value, cell in zip(values, row[4:], strict=False):
        assert cell.encode("utf-8", "replace") in (
            value.encode("utf-8", "replace"),
            ("'" + value).encode("utf-8", "replace"),
        )
        assert cell[:1] not in "=@" or not cell
        assert (
            cell[:1] not in "+-"
            or not cell
            or cell.strip("+-%").replace(",", "").replace(".", "").isdecimal()
        )


@given(VALUES)
def test_json_can_always_be_encoded(value: Any) -> None:
    assert json.loads(as_json({"a": value, "b": "\ud800"}).encode("utf-8")) == {"a": value, "b": "\ud800"}


@given(VALUES | st.text())
def test_json_on_a_terminal_is_the_same_without_controls(value: Any) -> None:
    told = {"a": value, "b": "\x9b31m\u202e\x1b]0;x\x07\U000e0041\ud800"}
    shown = shown_json(told)
    assert json.loads(shown) == told
    assert is_clean(shown)
    assert json.loads(shown_json(told, indent=2)) == told


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_json_list_is_closed(count: int) -> None:
    file = io.BytesIO()
    writer = JsonArray(file)
    for number in range(count):
        writer.write({"n": number})
    writer.close()
    assert json.loads(file.getvalue()) == [{"n": number} for number in range(count)]


def test_full_lines_are_whole_records(tmp_path: Path) -> None:
    one = record()
    written(tmp_path / "a.jsonl", one, full=True)
    assert ExtractedRecord.from_dict(json.loads((tmp_path / "a.jsonl").read_text())) == one


@pytest.mark.parametrize("suffix", [".jsonl", ".json", ".csv"])
def test_an_old_file_stays_until_the_new_one_is_whole(suffix: str, tmp_path: Path) -> None:
    out = tmp_path / f"a{suffix}"
    out.write_text("old")
    out.chmod(0o640)
    with OutputFile(out, SCHEMA) as sink:
        sink.write([record()])
        assert out.read_text() == "old"
    assert out.read_text() == "old"
    kept = (tmp_path / f"a{suffix}.part").read_text()
    assert "Grüße" in kept
    if suffix == ".json":
        assert len(json.loads(kept)) == 1, "readable, too"
    written(out, record())
    assert "Grüße" in out.read_text()
    assert out.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_a_run_without_a_record_leaves_nothing_behind(tmp_path: Path) -> None:
    with OutputFile(tmp_path / "a.csv", SCHEMA):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.jsonl").write_text("old")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    written(tmp_path / "link.jsonl", record())
    assert (tmp_path / "link.jsonl").is_symlink()
    assert "Grüße" in (tmp_path / "real.jsonl").read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    out = tmp_path / "a.jsonl"
    with OutputFile(out, SCHEMA) as sink:
        sink.write([record()])
        with pytest.raises(ConfigurationError, match="another run is writing this file"):
            OutputFile(out, SCHEMA)
        sink.write([record()])
        sink.commit()
    assert len(out.read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("a.xlsx", ".xlsx says no format"),
        ("a", "a name without a suffix"),
        ("no/a.csv", "cannot write there"),
    ],
)
def test_a_name_that_cannot_be_is_refused(name: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=says) as refused:
        OutputFile(tmp_path / name, SCHEMA)
    assert str(tmp_path) not in str(refused.value)


def test_a_folder_is_refused_before_anything_is_paid(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").mkdir()
    with pytest.raises(ConfigurationError, match="cannot write there"):
        OutputFile(tmp_path / "a.jsonl", SCHEMA)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_full_disk_is_told() -> None:
    with (
        OutputFile(Path("/dev/full"), SCHEMA) as sink,
        pytest.raises(ConfigurationError, match="No space left") as told,
    ):
        sink.write([record()])
    assert told.value.code == "output_unwritable"


def test_parquet_without_pyarrow_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigurationError, match="pyarrow") as refused:
        format_of(Path("a.parquet"))
    assert refused.value.hint
    assert "pip install pyarrow" in refused.value.hint


def test_parquet_has_the_types_of_the_schema(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    big = {**DATA, "total": 2**60, "number": "\ud800"}
    written(tmp_path / "a.parquet", record(), record({"total": "12,50"}), record(big))
    table = parquet.read_table(tmp_path / "a.parquet")
    types = {field.name: str(field.type) for field in table.schema}
    assert (types["number"], types["total"], types["count"], types["paid"]) == (
        "string",
        "double",
        "int64",
        "bool",
    )
    first, second, third = table.to_pylist()
    assert (first["number"], first["total"], first["seller.name_2"]) == ("=1+1", -12.5, "the other")
    assert (second["total"], json.loads(second["_other"])) == (None, {"total": "12,50"})
    assert (third["total"], third["number"]) == (2.0**60, "?")
