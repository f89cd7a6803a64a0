from __future__ import annotations

import json
import uuid
from datetime import date
from typing import Any

import pytest
from langchain_core.documents import Document

from extract_bridge import ConfigurationError
from extract_bridge.langchain import documents_from_job, flatten_metadata, format_evidence, stable_key


def document(
    total: Any = 10, *, page: int = 1, confidence: float = 0.9, job_id: str = "ext-1", **keywords: Any
) -> Document:
    entry = {"citation": [{"page": page, "matching_text": str(total)}], "confidence": confidence}
    job = {
        "id": job_id,
        "status": "COMPLETED",
        "extract_result": {"number": "A", "total": total},
        "extract_metadata": {
            "field_metadata": {
                "document_metadata": {
                    "number": {"citation": [{"page": 1, "matching_text": "A"}]},
                    "total": entry,
                }
            }
        },
    }
    return documents_from_job(job, source="in/acme.pdf", job_metadata=True, **keywords)[0]


def test_a_key_changes_exactly_when_what_is_said_changes() -> None:
    key = stable_key(document())
    assert uuid.UUID(key)
    assert stable_key(document(confidence=0.3, job_id="ext-2")) == key
    others = [
        document(99),
        document(page=2),
        document(extra_metadata={"tenant": "t"}),
        document(content="json"),
    ]
    assert len({key, *(stable_key(item) for item in others)}) == 5
    assert stable_key(Document("a")) != stable_key(Document("b"))


def test_metadata_that_every_store_takes() -> None:
    given = Document(
        "x",
        metadata={"a": None, "b": [1, "x"], "c": {"d": None}, "n": 2**70, "ok": True, "s": "\ud800", 5: 1.5},
    )
    flat = flatten_metadata(given).metadata
    assert flat == {"b": '[1,"x"]', "c": '{"d":null}', "n": str(2**70), "ok": True, "s": "\ufffd", "5": 1.5}
    assert given.metadata["a"] is None, "a copy"
    for bad in ({"when": date(2026, 1, 1)}, {"n": float("nan")}):
        with pytest.raises(ConfigurationError) as caught:
            flatten_metadata(Document("x", metadata=bad))
        assert caught.value.where in bad
    with pytest.raises(ConfigurationError):
        flatten_metadata(given, store="drawer")  # type: ignore[arg-type]


def test_pinecone_has_room_for_forty_kilobytes() -> None:
    long = document("word " * 20_000, max_metadata_bytes=10**6)
    small = flatten_metadata(long, store="pinecone").metadata
    assert len(json.dumps(small)) < 40_960
    assert small["citations_truncated"] is True
    assert flatten_metadata(long).metadata["citations"] == long.metadata["citations"]


def test_evidence_for_a_prompt() -> None:
    assert format_evidence([document()]) == "[acme.pdf p.1]\nnumber: A\ntotal: 10"
    two = format_evidence(
        [document(page=3), Document("no [evidence]\u202e", metadata={"source": "/x/b]\n[c.pdf"})]
    )
    assert two == (
        "[acme.pdf p.1,3]\nnumber: A [acme.pdf p.1]\ntotal: 10 [acme.pdf p.3]\n\n[b) (c.pdf]\nno [evidence]"
    )
