"""A chunk keeps what it shows: every kept span is the value, or its part, and no citation is lost."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.core.records.citations import decode_rows, encode_rows
from extract_bridge.core.records.narrow import Chunk, narrow
from extract_bridge.core.records.passages import Passage, passages
from extract_bridge.core.records.read import records_from_job

if TYPE_CHECKING:
    from collections.abc import Sequence

SCALARS = (
    st.none()
    | st.integers(-99, 10**6)
    | st.text(string.ascii_lowercase + " \n:é", max_size=60)
    | st.sampled_from(["same", "same same", "total: 5", ""])
)
ROWS = st.lists(st.dictionaries(st.sampled_from(["note", "total", "who"]), SCALARS, min_size=1), max_size=6)
DATA = st.fixed_dictionaries({"number": SCALARS, "total": SCALARS, "rows": ROWS})


def passage_of(data: dict[str, Any], **keywords: Any) -> Passage:
    entry = {"citation": [{"page": 1, "matching_text": "words"}], "confidence": 0.9}
    metadata = {
        "number": entry,
        "total": entry,
        "rows": [
            {
                name: {"citation": [{"page": 2 + at, "matching_text": "words"}], "confidence": 0.5}
                for name in row
            }
            for at, row in enumerate(data["rows"])
        ],
    }
    job = {
        "id": "ext-1",
        "status": "COMPLETED",
        "extract_result": data,
        "extract_metadata": {"field_metadata": {"document_metadata": metadata}},
    }
    (passage,) = passages(records_from_job(job), max_metadata_bytes=10**7, **keywords)
    return passage


@st.composite
def cuts(draw: st.DrawFn, text: str) -> list[tuple[int, str]]:
    """(start, chunk) in order, overlapping or not, with white space stripped or not."""
    size, overlap = draw(st.integers(8, 80)), draw(st.integers(0, 7))
    strip = draw(st.booleans())
    pieces, start = [], 0
    while start < len(text):
        piece = text[start : start + size]
        lead = len(piece) - len(piece.lstrip()) if strip else 0
        body = piece.strip() if strip else piece
        if body:
            pieces.append((start + lead, body))
        start += size - overlap
    return pieces


def squeezed(text: str) -> str:
    return "".join(text.split())


def check_places(
    passage: Passage, pieces: Sequence[tuple[int, str]], narrowed: Sequence[dict[str, Any]]
) -> None:
    """Every kept span is the row's own part of the chunk, and not an equal value beside it."""
    true = {row["path"]: row["span"] for row in decode_rows(passage.metadata) if "span" in row}
    for (at, text), metadata in zip(pieces, narrowed, strict=True):
        for row in decode_rows(metadata):
            if "span" in row:
                (start, end), (first, last) = row["span"], true[row["path"]]
                assert (at + start, at + end) == (max(first, at), min(last, at + len(text)))


def check(passage: Passage, texts: Sequence[str], narrowed: Sequence[dict[str, Any]]) -> None:
    values = {
        row["path"]: passage.text[slice(*row["span"])]
        for row in decode_rows(passage.metadata)
        if "span" in row
    }
    kept = set()
    for text, metadata in zip(texts, narrowed, strict=True):
        for row in decode_rows(metadata):
            kept.add(row["path"])
            if "span" in row:
                start, end = row["span"]
                assert 0 <= start <= end <= len(text)
                assert squeezed(text[start:end]) in squeezed(values[row["path"]])
                assert start < end or not values[row["path"]]
    assert kept == {row["path"] for row in decode_rows(passage.metadata)}


@pytest.mark.parametrize("content", ["lines", "json", "yaml", "markdown"])
@pytest.mark.parametrize("knows", ["parents", "start"])
@given(data=st.data())
def test_every_kept_span_is_its_value_and_nothing_is_lost(
    knows: str, content: str, data: st.DataObject
) -> None:
    passage = passage_of(data.draw(DATA), content=content)
    pieces = data.draw(cuts(passage.text))
    if not pieces:
        return
    chunks = [Chunk(text, passage.metadata, start if knows == "start" else None) for start, text in pieces]
    found = narrow(chunks, parents=[(passage.text, passage.metadata)] if knows == "parents" else ())
    assert found.lost == 0
    check(passage, [text for _, text in pieces], found.metadata)
    check_places(passage, pieces, found.metadata)
    if knows == "start":
        return
    for (start, text), metadata in zip(pieces, found.metadata, strict=True):
        shown = {row["path"] for row in decode_rows(metadata) if "span" in row}
        for row in decode_rows(passage.metadata):
            first, last = row.get("span", (0, 0))
            value = passage.text[max(first, start) : min(last, start + len(text))]
            if passage.text.count(text) == 1 and value.strip():
                assert row["path"] in shown


@pytest.mark.parametrize("content", ["lines", "json", "yaml", "markdown"])
@given(data=st.data())
def test_without_parents_and_starts_no_span_is_wrong(content: str, data: st.DataObject) -> None:
    passage = passage_of(data.draw(DATA), content=content)
    pieces = data.draw(cuts(passage.text))
    found = narrow([Chunk(text, passage.metadata) for _, text in pieces])
    check_places(passage, pieces, found.metadata)
    if content == "lines":
        assert found.lost == 0


@given(data=st.data())
def test_some_chunks_of_a_text_have_no_wrong_span(data: st.DataObject) -> None:
    """What a search gives back: some chunks, and only what stands in one place alone has a span."""
    passage = passage_of(data.draw(DATA), content=data.draw(st.sampled_from(["lines", "markdown"])))
    pieces = [piece for piece in data.draw(cuts(passage.text)) if data.draw(st.booleans())]
    found = narrow(
        [Chunk(text, passage.metadata) for _, text in pieces], parents=[(passage.text, passage.metadata)]
    )
    check_places(passage, pieces, found.metadata)


def test_white_space_at_the_ends_tells_equal_texts_apart() -> None:
    passage = passage_of({"total": None, "rows": [], "number": " "}, content="yaml")
    texts = [passage.text[start : start + 8] for start in range(len(passage.text))]
    found = narrow(
        [Chunk(text, passage.metadata) for text in texts], parents=[(passage.text, passage.metadata)]
    ).metadata
    (row,) = decode_rows(found[texts.index(' "\n')])
    assert (row["path"], row["span"]) == ("/number", [0, 2]), "and not the quote that opens the value"


def test_equal_values_beside_each_other_are_told_apart_by_the_neighbours_or_not_at_all() -> None:
    passage = passage_of(
        {"number": None, "total": None, "rows": [{"note": 0, "total": 0}]}, content="markdown"
    )
    parents = [(passage.text, passage.metadata)]
    at = passage.text.index("| 0 | 0 |")
    texts = [passage.text[:at], "| 0 ", "| 0 |"]
    found = narrow([Chunk(text, passage.metadata) for text in texts], parents=parents).metadata
    assert [
        [(row["path"], row["span"]) for row in decode_rows(item) if "span" in row] for item in found[1:]
    ] == [[("/rows/0/note", [2, 3])], [("/rows/0/total", [2, 3])]]
    (alone,) = narrow([Chunk("| 0 |", passage.metadata)], parents=parents).metadata
    assert not any("span" in row for row in decode_rows(alone)), "it may be either"
    assert {"/rows/0/note", "/rows/0/total"} <= {row["path"] for row in decode_rows(alone)}


@given(data=st.data())
def test_names_alone_place_chunks_of_lines(data: st.DataObject) -> None:
    passage = passage_of(
        {"number": 7, "total": 1, "rows": [{"note": "x" * 20, "who": at} for at in range(9)]}
    )
    lines = passage.text.splitlines(keepends=True)
    size, overlap = data.draw(st.integers(1, 5)), data.draw(st.integers(0, 3))
    texts = ["".join(lines[at : at + size]).strip() for at in range(0, len(lines), max(size - overlap, 1))]
    found = narrow([Chunk(text, passage.metadata) for text in texts])
    assert found.lost == 0
    check(passage, texts, found.metadata)
    for text, metadata in zip(texts, found.metadata, strict=True):
        assert len([row for row in decode_rows(metadata) if "span" in row]) == len(text.splitlines())


def test_a_long_value_that_looks_like_fields_is_cut_in_the_right_place() -> None:
    passage = passage_of(
        {
            "number": "A",
            "total": 5,
            "rows": [{"note": "word " * 40 + "\ntotal: 99\n" + "word " * 40, "who": "z"}],
        }
    )
    texts = [passage.text[at : at + 50].strip() for at in range(0, len(passage.text), 50)]
    found = narrow([Chunk(text, passage.metadata) for text in texts])
    check(passage, texts, found.metadata)
    totals = [
        at
        for at, item in enumerate(found.metadata)
        if any(r["path"] == "/total" and "span" in r for r in decode_rows(item))
    ]
    assert totals == [0]


def test_page_confidence_and_review_are_told_anew() -> None:
    passage = passage_of({"number": "A", "total": None, "rows": [{"who": "x"}, {"who": "y"}]})
    assert (passage.metadata["pages"], passage.metadata["confidence_min"]) == ("1-3", 0.5)
    lines = passage.text.splitlines()
    first, second, third = narrow([Chunk(line, passage.metadata) for line in lines]).metadata
    assert (first["page"], first["page_label"], first["confidence_min"], first["needs_review"]) == (
        1,
        "1",
        0.9,
        False,
    )
    assert (second["page"], second["pages"], second["confidence_min"], second["needs_review"]) == (
        2,
        "2",
        0.5,
        True,
    )
    assert third["record_id"] == passage.metadata["record_id"]
    assert [row["path"] for row in decode_rows(first)] == ["/number", "/total"], "a null stays with the first"
    wide = narrow([Chunk(passage.text[:30], passage.metadata), Chunk(passage.text[30:], passage.metadata)])
    assert "page" not in wide.metadata[0]
    assert list(first) == sorted(first)


def test_markup_that_a_splitter_took_away() -> None:
    passage = passage_of(
        {"number": "A-17", "total": 1250, "rows": []},
        content="<h1>Invoice</h1>\n<p>No <b>{number}</b>: {total} EUR</p>",
    )
    text = "Invoice No A-17: 1250 EUR"
    (metadata,) = narrow([Chunk(text, passage.metadata)], parents=[(passage.text, passage.metadata)]).metadata
    assert {row["path"]: text[slice(*row["span"])] for row in decode_rows(metadata)} == {
        "/number": "A-17",
        "/total": "1250",
    }


def test_a_cut_character_does_not_hide_the_place() -> None:
    passage = passage_of({"number": "größe" * 5, "total": 3, "rows": []})
    text = "\ufffd" + passage.text[12:]
    (metadata,) = narrow([Chunk(text, passage.metadata)], parents=[(passage.text, passage.metadata)]).metadata
    check(passage, [text], [metadata])
    assert all("span" in row for row in decode_rows(metadata))


def test_what_cannot_be_placed_keeps_everything_without_spans() -> None:
    passage = passage_of({"number": "A", "total": 1, "rows": []}, content="json")
    found = narrow([Chunk("of no document", passage.metadata), Chunk("nor this", passage.metadata)])
    assert found.lost == 2
    assert all(
        len(decode_rows(item)) == 2 and not any("span" in row for row in decode_rows(item))
        for item in found.metadata
    )


def test_narrowing_twice_changes_nothing() -> None:
    passage = passage_of({"number": "A", "total": 12, "rows": [{"who": "x"}, {"who": "y"}]})
    at = passage.text.index("rows[0]")
    chunks = [
        Chunk(passage.text[: at - 1], passage.metadata, 0),
        Chunk(passage.text[at:], passage.metadata, at),
    ]
    once = narrow(chunks).metadata
    again = narrow(
        [Chunk(chunk.text, item, chunk.start) for chunk, item in zip(chunks, once, strict=True)]
    ).metadata
    assert again == once


def test_two_parents_and_one_without_citations() -> None:
    one, two = (passage_of({"number": name, "total": None, "rows": []}) for name in ("A", "BB"))
    chunks = [Chunk(two.text, two.metadata), Chunk("plain", {"source": "x"}), Chunk(one.text, one.metadata)]
    found = narrow(chunks, parents=[(item.text, item.metadata) for item in (one, two)]).metadata
    assert found == [two.metadata, {"source": "x"}, one.metadata]


@pytest.mark.parametrize("span", [None, [], [1], ["a", "b"], [5, 1], [-1, 2], "no", [10**9, 10**9 + 1]])
def test_odd_spans_do_no_harm(span: Any) -> None:
    metadata = {"citations": encode_rows([{"path": "/a", "span": span, "page": 1}]), "record_id": "r"}
    for start, parents in ((None, ()), (0, ()), (None, [("a: 1", metadata)])):
        (item,) = narrow([Chunk("a: 1", metadata, start)], parents=parents).metadata
        assert [row["path"] for row in decode_rows(item)] == ["/a"]
