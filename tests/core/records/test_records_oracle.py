"""Results with metadata of every irregularity, made from a truth that is known: no value lost, no evidence on the wrong value.

`.ci/slow fuzz` runs the same with ten times the examples (`tests/slow/test_fuzz_records.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from extract_bridge.core.records.clean import escape
from extract_bridge.core.records.read import records_from_job

NAMES = st.sampled_from(
    ["a", "b", "total", "confidence", "citation", "citations", "reasoning", "error", "page", "fields", "raw_value", "document_metadata",
     "x/y", "~t", " ", "\U0001f600", "", "0", "matching_text", "row"]
)  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=10,
)
OBJECTS = st.dictionaries(NAMES, TREES, min_size=1, max_size=5)


@dataclass
class Truth:
    """What each leaf must come with, by pointer."""

    values: dict[str, Any] = field(default_factory=dict)
    quotes: dict[str, list[str]] = field(default_factory=dict)
    pages: dict[str, list[int | None]] = field(default_factory=dict)
    confidences: dict[str, float | None] = field(default_factory=dict)
    reasoning: dict[str, str | None] = field(default_factory=dict)


class Writer:
    """Writes metadata for a result as some service might, and keeps the truth."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw, self.truth, self.numbers = draw, Truth(), count()

    def choose(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def metadata(self, data: Any, pointer: str = "", around: str | None = None) -> Any:
        if isinstance(data, dict):
            return self.object(data, pointer, around)
        if isinstance(data, list):
            return self.list(data, pointer, around)
        return self.leaf(data, pointer, around)

    def object(self, data: dict[str, Any], pointer: str, around: str | None) -> Any:
        reasoning = None
        if "reasoning" not in data and self.choose(False, False, True):
            reasoning = around = f"because {next(self.numbers)}"
        entries: dict[str, Any] = {}
        for name, value in data.items():
            entry = self.metadata(value, f"{pointer}/{escape(name)}", around)
            # A null entry, none at all, or one of nothing for what nothing is known of.
            if entry or self.choose(True, False):
                entries[name] = entry
        if reasoning is not None:
            entries["reasoning"] = reasoning
        shuffled: list[str] = self.draw(st.permutations(list(entries)))
        return {name: entries[name] for name in shuffled}

    def list(self, data: list[Any], pointer: str, around: str | None) -> Any:
        entries = [self.metadata(value, f"{pointer}/{index}", around) for index, value in enumerate(data)]
        more = self.choose(0, 0, 1)
        return [*entries, *[self.evidence("nothing")[0]] * more]

    def leaf(self, value: Any, pointer: str, around: str | None) -> Any:
        truth = self.truth
        truth.values[pointer] = value
        truth.reasoning[pointer] = around
        truth.quotes[pointer], truth.pages[pointer], truth.confidences[pointer] = [], [], None
        if self.choose(False, False, True):
            return self.choose(None, {})
        entry, quotes, pages, confidence = self.evidence(pointer)
        truth.quotes[pointer], truth.pages[pointer], truth.confidences[pointer] = quotes, pages, confidence
        if self.choose(False, True):
            entry["reasoning"] = truth.reasoning[pointer] = f"own {next(self.numbers)}"
        if quotes and self.choose(False, False, False, True):  # one entry a place
            key = next(iter(entry.keys() & {"citation", "citations"}))
            places = entry[key] if isinstance(entry[key], list) else [entry[key]]
            return [{**entry, key: [place]} for place in places]
        return entry

    def evidence(self, pointer: str) -> tuple[dict[str, Any], list[str], list[int | None], float | None]:
        quotes, pages, places = [], [], []
        for _ in range(self.choose(0, 1, 1, 2)):
            number = self.draw(st.integers(1, 40))
            quotes.append(f"{pointer} #{next(self.numbers)}")
            written = self.choose(number, float(number), str(number), None, 0)
            pages.append(number if written not in (None, 0) else None)
            place: dict[str, Any] = {"page": written, "matching_text": quotes[-1]}
            box = self.choose(
                None,
                {"x": 1, "y": 2, "w": 3, "h": 4},
                {"x1": 1, "y1": 2, "x2": 4, "y2": 6},
                [1, 2, 4, 6],
                {"x": None},
            )
            if box is not None:
                place["bounding_boxes"] = self.choose([box], box)
            if self.choose(False, True):
                place["page_dimensions"] = {"width": 600, "height": 800}
            places.append(place)
        entry: dict[str, Any] = {}
        if places or self.choose(False, True):
            entry[self.choose("citation", "citations")] = (
                places[0] if len(places) == 1 and self.choose(False, True) else places
            )
        confidence = self.choose(None, 0, 1, 0.25, 0.5)
        if confidence is not None:
            entry["confidence"] = confidence
        if self.choose(False, True):
            entry["parsing_confidence"] = self.choose(None, 1.0)
        return entry, quotes, pages, confidence


@st.composite
def answers(draw: st.DrawFn) -> tuple[dict[str, Any], list[Truth], bool]:
    """A job, the truth of each record, and whether an error stands at its root."""
    target = draw(st.sampled_from(["per_doc", "per_page", "per_table_row"]))
    results = draw(st.lists(OBJECTS, min_size=1, max_size=1 if target == "per_doc" else 3))
    entries, truths = [], []
    has_error = False
    for result in results:
        writer = Writer(draw)
        entry = writer.metadata(result)
        if target == "per_doc" and "error" not in result and writer.choose(False, False, True):
            entry, has_error = {**entry, "error": "half of it failed"}, True
        if (
            target != "per_doc"
            and "fields" not in result
            and "page" not in result
            and writer.choose(False, True)
        ):
            entry = {"page": draw(st.integers(1, 9)), "fields": entry}
        entries.append(entry)
        truths.append(writer.truth)
    known: dict[str, Any] = {"document_metadata": None, "page_metadata": None, "row_metadata": None}
    if target == "per_doc":
        known["document_metadata"] = entries[0]
        direct = "document_metadata" not in results[0] and draw(st.booleans())
        field_metadata = entries[0] if direct else known
    else:
        known["page_metadata" if target == "per_page" else "row_metadata"] = entries
        field_metadata = known
    asked = draw(st.booleans())
    schema = {"type": "object", "properties": {name: {} for result in results for name in result}}
    job = {
        "id": "ext-1",
        "status": "COMPLETED",
        "extract_result": results[0] if target == "per_doc" else results,
        "extract_metadata": {"field_metadata": field_metadata},
        "configuration": {"extraction_target": target, "data_schema": schema}
        if asked or target != "per_doc"
        else None,
    }
    return job, truths, has_error


def check(answer: tuple[dict[str, Any], list[Truth], bool]) -> None:
    """Each value is a field, with its own evidence and no other."""
    job, truths, has_error = answer
    records = records_from_job(job)
    assert len(records) == len(truths)
    for record, truth in zip(records, truths, strict=True):
        found = record.fields
        assert {pointer: item.value for pointer, item in found.items()} == truth.values
        assert list(found) == list(truth.values)
        assert {p: [c.quote for c in item.citations] for p, item in found.items()} == truth.quotes
        assert {p: [c.page for c in item.citations] for p, item in found.items()} == truth.pages
        assert {p: item.confidence for p, item in found.items()} == truth.confidences
        assert {p: item.reasoning for p, item in found.items()} == truth.reasoning
        assert any("half of it failed" in said for said in record.warnings) == has_error


@settings(max_examples=200)
@given(answers())
def test_no_value_is_lost_and_no_evidence_goes_astray(
    answer: tuple[dict[str, Any], list[Truth], bool],
) -> None:
    check(answer)
