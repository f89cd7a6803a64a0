"""What a user does with records later: look things up, compare, show them, know rows again, read what an earlier version kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.core.errors import ConfigurationError, ResultError
from extract_bridge.core.records.citations import decode_citations, decode_confidences
from extract_bridge.core.records.model import Box, Citation, ExtractedRecord, PageSize
from extract_bridge.core.records.passages import page_texts_of, passages
from extract_bridge.core.records.read import records_from_job
from extract_bridge.core.records.stream import iter_records
from extract_bridge.core.records.write import write_records

CONTENT_KEY = "665febe82c29bb66ae6e2fc1708acf8da14c8e4d4832a9b1753c424589c90acf"
FORMATS = Path(__file__).parents[2] / "data" / "formats"


def leaf(page: int, quote: str, confidence: float = 0.9) -> dict[str, Any]:
    return {"citation": [{"page": page, "matching_text": quote}], "confidence": confidence}


def job(result: Any, metadata: Any = None, target: str = "per_doc", **configuration: Any) -> dict[str, Any]:
    key = {"per_doc": "document_metadata", "per_page": "page_metadata", "per_table_row": "row_metadata"}[
        target
    ]
    return {
        "id": "ext-1",
        "status": "COMPLETED",
        "file_input": "dfl-1",
        "extract_result": result,
        "extract_metadata": {"field_metadata": {key: metadata}},
        "configuration": {
            "data_schema": {"title": "T", "type": "object"},
            "extraction_target": target,
            **configuration,
        },
    }


def record(result: Any, metadata: Any = None, **more: Any) -> ExtractedRecord:
    return records_from_job(job(result, metadata), **more)[0]


# --- looking up and comparing ------------------------------------------------------------------------------------------------


def test_fields_are_found_by_pointer_and_in_order() -> None:
    found = record({"a/b": 1, "rows": [{"x": None}]})
    assert (found["/a~1b"].value, found["/rows/0/x"].value) == (1, None)
    assert [field.pointer for field in found] == ["/a~1b", "/rows/0/x"]
    assert "/rows/0/x" in found
    assert "/rows" not in found
    with pytest.raises(KeyError):
        found["/rows"]


def test_a_diff_names_what_changed_and_nothing_else() -> None:
    before = record(
        {"same": 1, "sure": 1, "was": "x", "moved": "m", "flag": 1, "gone": 2, "null": None, "lost": 3},
        {"same": leaf(1, "1"), "sure": leaf(1, "1", 0.5), "moved": leaf(1, "m")},
    )
    after = record(
        {
            "same": 1,
            "sure": 1,
            "was": "y",
            "moved": "m",
            "flag": True,
            "null": 4,
            "lost": None,
            "new": 5,
            "none": None,
        },
        {"same": leaf(1, "1"), "sure": leaf(1, "1", 0.9), "moved": leaf(2, "m")},
    )
    changes = before.diff(after)
    assert [(change.pointer, change.kind) for change in changes] == [
        ("/was", "changed"),
        ("/moved", "evidence"),
        ("/flag", "changed"),
        ("/null", "added"),
        ("/lost", "removed"),
        ("/new", "added"),
        ("/gone", "removed"),
    ]
    assert changes[0].before is not None
    assert changes[0].after is not None
    assert (changes[0].before.value, changes[0].after.value) == ("x", "y")
    assert before.diff(before) == []
    assert repr(changes[0]) == "<FieldChange changed /was>"


# --- in notebooks ------------------------------------------------------------------------------------------------------------


def test_a_notebook_shows_text_and_runs_none_of_it() -> None:
    hostile = "<script>alert(1)</script>\u202e" + "x" * 500
    found = record(
        {hostile: hostile, "b": None}, {hostile: leaf(3, hostile), "b": {"reasoning": "<b>"}, "error": "<i>"}
    )
    shown = found._repr_html_()
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert "&lt;b&gt;" in shown
    assert "&lt;i&gt;" in shown
    assert "90%" in shown
    assert len(shown) < 5000
    many = record({f"f{number}": number for number in range(500)})._repr_html_()
    assert many.count("<tr>") == 201
    assert "and 300 more fields" in many


# --- rows with natural keys --------------------------------------------------------------------------------------------------

ROWS = [{"sku": "a", "n": 1}, {"sku": "b", "n": 2}]


def ids(rows: list[Any], **more: Any) -> list[str]:
    return [found.id for found in records_from_job(job(rows, None, "per_table_row"), source="t.pdf", **more)]


def test_a_row_put_in_at_the_top_changes_no_other_rows_id() -> None:
    longer = [{"sku": "new", "n": 0}, *ROWS]
    assert ids(longer, row_key="sku")[1:] == ids(ROWS, row_key="sku")
    assert ids(longer, row_key=["/sku", "/n"])[1:] == ids(ROWS, row_key=["/sku", "/n"])
    assert ids(longer, row_key=lambda row: row["sku"])[1:] == ids(ROWS, row_key="sku")
    assert ids(longer)[1:] != ids(ROWS)
    assert ids(ROWS, row_key="sku") != ids(ROWS)


def test_keys_that_are_missing_or_not_alone_are_said() -> None:
    rows = [{"sku": "a"}, {"sku": "a"}, {"sku": None}, {}, {"sku": "b", "long": "x" * 999}]
    found = records_from_job(job(rows, None, "per_table_row"), row_key="sku")
    assert [item.row_key for item in found] == ['"a"', '"a"#2', None, None, '"b"']
    assert len({item.id for item in found}) == 5
    assert [item.warnings for item in found] == [
        (),
        ("another row has the same natural key",),
        ("the row has no natural key, and is known by its place",),
        ("the row has no natural key, and is known by its place",),
        (),
    ]
    assert len(records_from_job(job(rows[4:], None, "per_table_row"), row_key="long")[0].row_key or "") == 64
    with pytest.raises(ConfigurationError, match="names no field"):
        records_from_job(job(rows, None, "per_table_row"), row_key=[])


def test_natural_keys_survive_stream_wire_and_dict() -> None:
    payload = job(ROWS, [{"sku": leaf(1, "a")}, {"sku": leaf(1, "b")}], "per_table_row")
    plain = records_from_job(payload, row_key="sku")
    assert list(iter_records(json.dumps(payload).encode(), row_key="sku")) == plain
    result, metadata = write_records(plain, extraction_target="per_table_row")
    again = {**payload, "extract_result": result, "extract_metadata": {"field_metadata": metadata}}
    assert records_from_job(again) == plain
    assert [ExtractedRecord.from_dict(item.to_dict()) for item in plain] == plain


def test_a_key_counts_for_rows_alone() -> None:
    assert record({"sku": "a"}, row_key="sku").row_key is None


# --- parts -------------------------------------------------------------------------------------------------------------------

NAMES = st.sampled_from(["a", "b/c", "~", "0", ""])
LEAVES = st.none() | st.integers(-3, 3) | st.sampled_from(["x", "y z"])
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=9,
)


@given(
    st.dictionaries(NAMES, TREES, min_size=1, max_size=4),
    st.sampled_from(["lines", "markdown", "json", "yaml"]),
)
def test_parts_hold_every_value_at_its_place(data: dict[str, Any], content: str) -> None:
    whole = record(data)
    for split in ("row", "field"):
        found: dict[str, str] = {}
        for passage in passages([whole], content=content, split_by=split):  # type: ignore[arg-type]
            for row in json.loads(passage.metadata["citations"]):
                if "span" in row:
                    assert row["path"] not in found
                    found[row["path"]] = passage.text[slice(*row["span"])]
        (everything,) = passages([whole], content=content)
        spans = {row["path"]: row.get("span") for row in json.loads(everything.metadata["citations"])}
        assert found == {path: everything.text[slice(*span)] for path, span in spans.items() if span}
        assert found.keys() == {field.pointer for field in whole if field.value is not None}


def test_a_field_of_a_long_list_keeps_its_place() -> None:
    rows = [{"n": number, "t": "x"} for number in range(300)]
    found = list(passages([record({"rows": rows})], split_by="field", content="lines"))
    assert (found[599].text, found[598].text) == ("rows[299].t: x", "rows[299].n: 299")
    as_json = list(passages([record({"rows": rows})], split_by="row", content="json"))
    assert json.loads(as_json[299].text) == {"rows": [rows[299]]}


# --- the document's own text ---------------------------------------------------------------------------------------------------

TEXTS = {1: "Invoice A-17\nTotal due: 1,250.00 EUR", 2: "Terms\nTotal 7, again 7"}


def test_source_is_the_page_text_with_spans_where_values_were_read() -> None:
    found = record(
        {"number": "A-17", "total": 1250.0, "seven": 7, "absent": None, "elsewhere": "zzz"},
        {
            "number": leaf(1, "Invoice A-17"),
            "total": leaf(1, "1,250.00 EUR"),
            "seven": leaf(2, "Total 7"),
            "elsewhere": leaf(2, "not on the page"),
        },
    )
    (passage,) = passages([found], content="source", page_texts=TEXTS)
    assert passage.text == f"{TEXTS[1]}\n\n{TEXTS[2]}"
    spans = {row["path"]: row.get("span") for row in json.loads(passage.metadata["citations"])}
    shown = {path: passage.text[slice(*span)] for path, span in spans.items() if span}
    assert shown == {"/number": "A-17", "/total": "1,250.00 EUR", "/seven": "7"}
    assert spans["/seven"] == [50, 51]
    pages = list(passages([found], content="source", page_texts=TEXTS, split_by="page"))
    assert [item.text for item in pages] == [TEXTS[1], TEXTS[2]]
    (field,) = [
        item
        for item in passages([found], content="source", page_texts=TEXTS, split_by="field")
        if item.metadata["field"] == "/seven"
    ]
    assert field.text == TEXTS[2]


@pytest.mark.parametrize(
    ("value", "quote", "text", "span"),
    [
        (10, "10", "Number 100, quantity 10", (21, 23)),  # a quote that stands there twice
        (5, "Total 15.00", "Total 15.00", (0, 11)),  # inside a longer number: all of the quote
        (5, "lost", "Total 15.00", None),
        (12, "lost", "Total 12.50", None),
        (12, "lost", "Total 12.", (6, 8)),
        ("art", "lost", "a part of art", (10, 13)),
        ("東京", "lost", "発行東京都", (2, 4)),  # words without spaces between them
        ("x", "twice", "x twice twice", (0, 1)),
    ],
)
def test_a_span_in_the_source_is_where_it_was_read_or_none(
    value: Any, quote: str, text: str, span: tuple[int, int] | None
) -> None:
    (passage,) = passages(
        [record({"a": value}, {"a": leaf(1, quote)})], content="source", page_texts={1: text}
    )
    (row,) = json.loads(passage.metadata["citations"])
    assert row.get("span") == (None if span is None else list(span))


@pytest.mark.parametrize("key", [float("nan"), {1, 2}, b"x"])
def test_a_key_that_json_cannot_hold_is_refused(key: Any) -> None:
    with pytest.raises(ConfigurationError, match="row_key"):
        records_from_job(job(ROWS, None, "per_table_row"), row_key=lambda _: key)


def test_source_of_a_page_is_that_page() -> None:
    found = records_from_job(
        job([{"a": 1}, {"a": None}], [{"a": leaf(2, "x")}, {}], "per_page", target_pages="2,1")
    )
    assert [item.text for item in passages(found, content="source", page_texts=TEXTS)] == [TEXTS[2], TEXTS[1]]
    with pytest.raises(ConfigurationError, match="text of the parse job"):
        list(passages(found, content="source"))


def test_page_texts_of_a_parse_answer() -> None:
    answer = {
        "job": {"id": "pjb-1"},
        "text": {
            "pages": [
                {"success": True, "page_number": 3, "text": "three"},
                {"success": False, "page_number": 4, "error": "broken"},
                {"page_number": "5", "text": "no number"},
            ]
        },
    }
    assert page_texts_of(answer) == {3: "three"}
    assert page_texts_of({"text": None}) == {}


def test_a_function_gets_spans_of_what_stands_in_it_once() -> None:
    (passage,) = passages(
        [record({"a": "ACME", "b": 3, "c": 3})], content=lambda item: f"{item['/a'].value} owes 3, that is 3"
    )
    spans = {row["path"]: row.get("span") for row in json.loads(passage.metadata["citations"])}
    assert spans == {"/a": [0, 4], "/b": None, "/c": None}


# --- formats that last -----------------------------------------------------------------------------------------------------


def test_the_first_version_of_a_record_is_read_for_good() -> None:
    kept = json.loads((FORMATS / "record-1.json").read_text(encoding="utf-8"))
    found = ExtractedRecord.from_dict(kept)
    assert (found.id, found.content_key) == ("68600f66-8bee-598e-9984-c7d38199cb7f", CONTENT_KEY)
    assert (found.schema_name, found.extraction_target, found.page, found.row) == (
        "Invoice",
        "per_table_row",
        2,
        4,
    )
    assert found["/seller"].citations == (
        Citation(
            page=2,
            quote="ACME Ltd",
            boxes=(Box(10, 20, 30.5, 8),),
            page_size=PageSize(595, 842),
            match="exact",
            extra={"odd": [1]},
        ),
    )
    assert (found["/seller"].raw_value, found["/seller"].confidence, found["/due"].reasoning) == (
        "ACME Ltd ",
        0.75,
        "no date",
    )
    assert found.to_dict() == kept


def test_the_first_version_of_citations_is_read_for_good() -> None:
    kept = (FORMATS / "citations-1.json").read_text(encoding="utf-8").strip()
    assert decode_citations(kept) == {
        "/seller": [
            Citation(page=1, quote="ACME"),
            Citation(
                page=2,
                quote="ACME Ltd",
                boxes=(Box(1, 2, 3, 4),),
                page_size=PageSize(595, 842),
                match="exact",
            ),
        ],
        "/due": [],
    }
    assert decode_confidences(kept) == {"/seller": 0.75}


def test_citations_of_a_newer_version_are_refused_by_name() -> None:
    with pytest.raises(ResultError, match="format_version 2") as caught:
        decode_citations({"citations": '{"format_version":2,"rows":[]}'})
    assert "newer" in (caught.value.hint or "")


# --- numbers that stores refuse -----------------------------------------------------------------------------------------------


def test_an_integer_beyond_64_bits_is_copied_as_text() -> None:
    found = record({"big": 2**63, "small": -(2**63), "flag": True})
    (passage,) = passages([found], metadata_fields=["big", "small", "flag"])
    assert (passage.metadata["big"], passage.metadata["small"], passage.metadata["flag"]) == (
        str(2**63),
        -(2**63),
        True,
    )
