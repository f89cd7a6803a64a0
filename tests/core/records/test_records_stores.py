"""Metadata of every record is what vector stores take. Real stores are asked in `tests/slow/test_compat_stores.py`."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.core.records.passages import passages
from extract_bridge.core.records.read import records_from_job

PAYLOADS = sorted((Path(__file__).parents[2] / "data" / "payloads").glob("*.json"))

CHROMA = {
    "a name is text, and not empty": lambda name, value: isinstance(name, str) and name != "",
    "a name does not begin like Chroma's own": lambda name, value: not name.startswith("chroma:"),
    "a value is text, a number or a flag": lambda name, value: type(value) in (str, int, float, bool),
    "no value is null, a list or an object": lambda name, value: (
        value is not None and not isinstance(value, list | dict)
    ),
    "a number is finite": lambda name, value: not isinstance(value, float) or math.isfinite(value),
    "an integer has 64 bits": lambda name, value: not isinstance(value, int) or -(2**63) <= value < 2**63,
    "text can be encoded": lambda name, value: (
        not isinstance(value, str) or value.encode("utf-8") is not None
    ),
}
"""What Chroma asks of metadata, rule by rule (1.5, its validation of insert metadata); others ask for less."""


def check(metadata: dict[str, Any]) -> None:
    """Every rule of Chroma's, strict JSON, and LlamaIndex' flat metadata."""
    from llama_index.core.schema import TextNode
    from llama_index.core.vector_stores.utils import node_to_metadata_dict

    assert metadata  # Chroma refuses metadata of nothing
    for name, value in metadata.items():
        for rule, holds in CHROMA.items():
            assert holds(name, value), f"{name}: {rule}"
    json.dumps(metadata, allow_nan=False)
    node_to_metadata_dict(TextNode(text="x", metadata=metadata), remove_text=False, flat_metadata=True)
    assert list(metadata) == sorted(metadata)


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_metadata_of_every_payload(path: Path) -> None:
    fixture = json.loads(path.read_text(encoding="utf-8"))
    if "raises" in fixture:
        return
    records = records_from_job(fixture["job"], source="a.pdf")
    for citations in ("compact", "full", "none"):
        for split in (None, "page", "row", "field"):
            for passage in passages(
                records, job=fixture["job"], citations=citations, split_by=split, job_metadata=True
            ):
                check(passage.metadata)
                assert len(json.dumps(passage.metadata, ensure_ascii=False).encode()) <= 30_000


VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=9)
    | st.just(10**400)
)


@given(st.dictionaries(st.sampled_from(["a", "b", "total"]), VALUES, min_size=1, max_size=3))
def test_copied_fields_of_any_value(data: dict[str, Any]) -> None:
    job = {"id": "ext-1", "status": "COMPLETED", "extract_result": data}
    for passage in passages(records_from_job(job, source="a.pdf"), metadata_fields=list(data)):
        check(passage.metadata)


@pytest.mark.parametrize(
    "broken",
    [
        {"a": None},
        {"a": []},
        {"a": float("nan")},
        {"a": 2**63},
        {"": 1},
        {"chroma:x": 1},
        {"a": {"b": 1}},
        {},
    ],
)
def test_the_rules_find_what_is_wrong(broken: dict[str, Any]) -> None:
    with pytest.raises((AssertionError, ValueError)):
        check(broken)
