"""Documents that are drawn to schemas of their own: the words under each box say the value, nulls and rows have the schema's form."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from extract_bridge.bench.blocks import Column
from extract_bridge.bench.corpus import choose_layouts, generate
from extract_bridge.bench.document import BenchDocument, Place
from extract_bridge.bench.draft import Fact, day, many, new_draft, number, text, thing, whole
from extract_bridge.bench.layouts.fresh.strokes import ONE_LINE, comb, tick
from extract_bridge.bench.scoring.compare import plain
from extract_bridge.core.schema.normalize import normalize_schema
from extract_bridge.parse.model import Word
from extract_bridge.parse.open import parse_document

KINDS = {"string": {str}, "number": {int, float}, "integer": {int}, "boolean": {bool}}
GROUPS = [choose_layouts([group]) for group in ("fresh", "calibration", "held-out")]
# Group by group: what is drawn for one does not change when another grows.
DOCUMENTS = [document for group in GROUPS for document in generate(2 * len(group), 815, group)]


def leaf(value: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def words_at(place: Place, words: tuple[Word, ...]) -> str:
    """What a reader finds in the boxes, box by box."""
    return " ".join(
        word.text
        for box in place.boxes
        for word in words
        if box.x <= (word.x0 + word.x1) / 2 <= box.x + box.w
        and box.y <= (word.y0 + word.y1) / 2 <= box.y + box.h
    )


def says(shown: str, value: Any) -> bool:
    """Whether printed words state a value, in any language: text letter by letter, a number and a date by their digits."""
    digits = re.sub(r"\D", "", shown)
    if isinstance(value, bool):
        return bool(shown)  # a box with a cross, or what an empty one is for
    if isinstance(value, int | float):
        return float(digits) in (
            abs(value),
            round(abs(value) * 10, 2),
            round(abs(value) * 100, 2),
            round(abs(value) * 1000, 2),
        )
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value):
        year, month, day_of = found.groups()
        apart = str(int(day_of)) in re.split(r"\D+0?|^0", shown) and year[2:] in digits
        return apart or digits == day_of + month + year  # a digit to each cell
    return plain(value) in plain(shown)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda item: item.name)
def test_the_words_under_its_boxes_say_the_value(document: BenchDocument, tmp_path: Path) -> None:
    (tmp_path / "stored").write_bytes(document.content)
    pages = {
        page.number: page.words for page in parse_document(tmp_path / "stored", name=document.name).pages
    }
    assert document.places or not document.name.endswith(".pdf")  # only paper has places
    for pointer, places in document.places.items():
        value = leaf(document.expected, pointer)
        for place in places:
            shown = words_at(place, tuple(pages[place.page]))
            assert says(shown, value), (pointer, value, shown)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda item: item.name)
def test_every_value_is_of_its_kind_and_stands_somewhere(document: BenchDocument) -> None:
    normalize_schema(document.data_schema)
    records = document.expected if isinstance(document.expected, list) else [document.expected]
    assert records
    for at, record in enumerate(records):
        start = f"/{at}" if isinstance(document.expected, list) else ""
        for pointer, value, kind in typed(record, document.data_schema, start):
            if value is not None:
                assert pointer in document.places or not document.name.endswith(".pdf"), pointer
                assert (
                    type(value) in KINDS[kind["type"] if isinstance(kind["type"], str) else kind["type"][0]]
                )
                assert value in kind.get("enum", [value])


def typed(value: Any, schema: Any, pointer: str) -> list[tuple[str, Any, Any]]:
    if "properties" in schema:
        assert set(value) == set(schema["properties"])
        return [
            one
            for name, kind in schema["properties"].items()
            for one in typed(value[name], kind, f"{pointer}/{name}")
        ]
    if "items" in schema:
        return [
            one for at, item in enumerate(value) for one in typed(item, schema["items"], f"{pointer}/{at}")
        ]
    return [(pointer, value, schema)]


def test_what_no_text_states_is_null_and_a_list_without_rows_empty() -> None:
    schema = thing(who=text(), when=day(), owed=number(), lines=many(count=whole()), rest=many(name=text()))
    draft = new_draft(Random(1), "sv", schema)
    draft.say(50, 60, Fact("Elin", "/who"))
    draft.say(50, 80, Fact("", "/owed", 12.0))
    grid = draft.table(50, 200, [Column("Antal", 0.5), Column("", 0.5)])
    y = grid.head(100)
    draft.row(grid, draft.row(grid, y, [Fact("3", "/lines/0/count", 3), ""]), ["", ""])
    found = draft.finish("made", 0)
    assert found.expected == {"who": "Elin", "when": None, "owed": None, "lines": [{"count": 3}], "rest": []}
    assert set(found.places) == {"/who", "/lines/0/count"}


def test_a_value_in_running_text_has_a_box_on_each_of_its_lines() -> None:
    draft = new_draft(Random(1), "en", thing(name=text()))
    name = "Brackenfield and Oakmere Mutual Assurance Society"
    draft.prose(50, 60, 160, "This certificate is issued by ", Fact(name, "/name"), ", as its terms say.")
    (place,) = draft.finish("made", 0).places["/name"]
    assert len(place.boxes) > 1
    assert len({box.y for box in place.boxes}) == len(place.boxes)


def test_prose_stands_where_it_is_aligned_and_its_boxes_with_it() -> None:
    draft = new_draft(Random(1), "en", thing(code=text()))
    draft.prose(500, 60, ONE_LINE, "Invoice no. ", Fact("A-17", "/code"), bold=True, align="right")
    (place,) = draft.finish("made", 0).places["/code"]
    assert place.boxes[0].x + place.boxes[0].w == pytest.approx(500)


def test_a_comb_states_its_letters_together_and_an_empty_one_nothing() -> None:
    draft = new_draft(Random(1), "fr", thing(code=text(), other=text()))
    comb(draft, 50, 60, Fact("44000", "/code"), cells=5)
    comb(draft, 50, 90, Fact("", "/other"), cells=9)
    found = draft.finish("made", 0)
    assert found.expected == {"code": "44000", "other": None}
    assert set(found.places) == {"/code"}
    (place,) = found.places["/code"]
    assert place.boxes[0].w > 4 * 14


def test_a_crossed_box_states_its_value_and_an_open_one_nothing() -> None:
    flag = {"type": "boolean"}
    draft = new_draft(Random(1), "fr", {"type": "object", "properties": {"staff": flag, "left": flag}})
    tick(draft, 50, 60, "oui", on=False, at="/staff", value=True)
    tick(draft, 90, 60, "non", on=True, at="/staff", value=False)
    tick(draft, 50, 90, "oui", on=False, at="/left", value=True)
    assert draft.finish("made", 0).expected == {"staff": False, "left": None}


def test_a_file_that_is_no_paper_has_the_truth_without_places() -> None:
    draft = new_draft(Random(1), "en", thing(code=text(), count=whole()))
    line = draft.tell("Quotation ", Fact("Q-9", "/code"), " for ", Fact("3 pcs", "/count", 3))
    found = draft.finish("made", 7, suffix="eml", written=line.encode())
    assert (found.name, found.content) == ("made-0007.eml", b"Quotation Q-9 for 3 pcs")
    assert (found.expected, found.places) == ({"code": "Q-9", "count": 3}, {})
