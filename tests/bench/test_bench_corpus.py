"""The drawn corpus: the same seed draws the same bytes, and its truth stands where it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from extract_bridge.bench.corpus import choose_layouts, generate
from extract_bridge.bench.document import BenchDocument
from extract_bridge.bench.layouts import LAYOUTS
from extract_bridge.bench.layouts.kinds import HIDDEN, Group
from extract_bridge.bench.scoring.score import judge
from extract_bridge.core.errors import ConfigurationError
from extract_bridge.core.records.fields import Citation, ExtractedField
from extract_bridge.core.records.model import ExtractedRecord
from extract_bridge.core.schema.normalize import normalize_schema
from extract_bridge.parse.open import parse_document

DOCUMENTS = list(generate(len(LAYOUTS), seed=4711))


def test_a_seed_draws_the_same_and_another_seed_others() -> None:
    few = LAYOUTS[:3]
    first, again, other = (list(generate(3, seed, few)) for seed in (1, 1, 2))
    assert [item.expected for item in first] == [item.expected for item in again]
    assert [item.content for item in first] == [item.content for item in again]
    assert [item.expected for item in first] != [item.expected for item in other]


def test_layouts_are_of_a_group_and_can_be_chosen() -> None:
    groups = [choose_layouts([group]) for group in get_args(Group)]
    assert all(groups)
    assert sum(map(len, groups)) == len(LAYOUTS) == len({item.name for item in LAYOUTS})
    with pytest.raises(ConfigurationError, match="there is no layout"):
        choose_layouts(["nowhere"])


@pytest.mark.parametrize("group", HIDDEN)
def test_the_hidden_layouts_are_measured_together_or_not_at_all(group: str) -> None:
    hidden = choose_layouts([group])
    documents = list(generate(len(hidden), 1, hidden))
    assert {document.layout for document in documents} == {group}
    assert [re.fullmatch(rf"{group}-(\d+)\.\w+", document.name)[1] for document in documents] == [  # type: ignore[index]
        f"{number:04}" for number in range(len(hidden))
    ]
    for name in (hidden[0].name, hidden[0].family):
        with pytest.raises(ConfigurationError) as raised:
            choose_layouts([name])
        assert hidden[0].family not in (raised.value.hint or "")


def leaves(value: Any, pointer: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        return {k: v for name, item in value.items() for k, v in leaves(item, f"{pointer}/{name}").items()}
    if isinstance(value, list):
        return {k: v for at, item in enumerate(value) for k, v in leaves(item, f"{pointer}/{at}").items()}
    return {pointer: value}


def records_of(document: BenchDocument) -> list[ExtractedRecord]:
    """The truth itself as an answer, with its places as citations."""
    whole = document.extraction_target == "per_doc"
    records = []
    for at, data in enumerate([document.expected] if whole else document.expected):
        fields = {}
        for pointer, value in leaves(data).items():
            places = document.places.get(pointer if whole else f"/{at}{pointer}", ())
            cited = tuple(Citation(page=places[0].page, quote="", boxes=places[0].boxes) for _ in places[:1])
            fields[pointer] = ExtractedField(pointer=pointer, value=value, confidence=0.9, citations=cited)
        records.append(
            ExtractedRecord(data=data, fields=fields, extraction_target=document.extraction_target)
        )
    return records


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda item: item.layout)
def test_the_truth_scores_one_and_nothing_scores_zero(document: BenchDocument) -> None:
    normalize_schema(document.data_schema)
    verdicts = judge(document, records_of(document))
    assert all(item.right and item.box_right is not False for item in verdicts if item.wanted)
    assert not any(item.given for item in verdicts if not item.wanted)
    nothing = judge(document, [])
    assert sum(item.wanted for item in nothing) == sum(item.wanted for item in verdicts)
    assert not any(item.right for item in nothing)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda item: item.layout)
def test_the_boxes_of_the_truth_hold_words_of_the_page(document: BenchDocument, tmp_path: Path) -> None:
    (tmp_path / "stored").write_bytes(document.content)
    pages = {page.number: page for page in parse_document(tmp_path / "stored", name=document.name).pages}
    for places in document.places.values():
        for place in places:
            page = pages[place.page]
            for box in place.boxes:
                assert 0 <= box.x < box.x + box.w <= page.width
                assert 0 <= box.y < box.y + box.h <= page.height
                assert any(
                    word.x0 < box.x + box.w
                    and word.x1 > box.x
                    and word.y0 < box.y + box.h
                    and word.y1 > box.y
                    for word in page.words
                )
