"""Documents of an answer's bytes are those of the decoded job, however the answer comes and however it is cut into Documents."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from extract_bridge import JobFailedError, ResultError
from extract_bridge.langchain import citations, documents_from_job, iter_documents

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = {
    "title": "Price",
    "type": "object",
    "properties": {"name": {"type": "string"}},
    "required": ["name"],
}


def job(target: str = "per_table_row", rows: int = 30) -> dict[str, Any]:
    result = [{"name": f"Tür {number}", "price": None if number % 3 else number} for number in range(rows)]
    entry = {"citation": [{"page": 2, "matching_text": "Tür"}], "confidence": 0.7}
    metadata = [{"name": entry, "price": entry} for _ in range(rows)]
    key = {"per_doc": "document_metadata", "per_page": "page_metadata", "per_table_row": "row_metadata"}[
        target
    ]
    single = target == "per_doc"
    return {
        "id": "ext-1",
        "status": "COMPLETED",
        "file_input": "dfl-1",
        "created_at": "2026-03-14T10:00:00Z",
        "configuration": {"data_schema": SCHEMA, "extraction_target": target, "tier": "agentic"},
        "extract_metadata": {
            "field_metadata": {key: {"items": metadata} if single else metadata},
            "parse_job_id": "pjb-9",
        },
        "extract_result": {"items": result} if single else result,
    }


@pytest.mark.parametrize("target", ["per_doc", "per_page", "per_table_row"])
@pytest.mark.parametrize("split_by", [None, "page", "row", "field"])
def test_documents_of_an_answer_are_those_of_the_job(target: str, split_by: Any) -> None:
    whole = job(target)
    style: Any = {"split_by": split_by, "job_metadata": True, "citations": "full", "source": "in/a.pdf"}
    expected = documents_from_job(whole, **style)
    assert expected
    assert documents_from_job(json.dumps(whole).encode(), **style) == expected


def test_every_source_gives_the_same(tmp_path: Path) -> None:
    whole = job()
    body = json.dumps(whole, ensure_ascii=False).encode()
    path = tmp_path / "answer.json"
    path.write_bytes(body)
    expected = documents_from_job(whole)
    assert list(iter_documents(path)) == list(iter_documents(io.BytesIO(body))) == expected
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body))
    with httpx.Client(transport=transport) as client, client.stream("GET", "http://x/job") as response:
        assert list(iter_documents(response)) == expected
    assert citations(expected[0])["/name"][0].page == 2
    assert expected[1].metadata["needs_review"]


def test_the_first_documents_come_before_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_bytes(json.dumps(job()).encode())
    documents = iter_documents(path)
    assert [next(documents).metadata["row"] for _ in range(2)] == [0, 1]
    documents.close()


def test_a_failed_job_and_a_broken_answer_are_the_errors_of_the_records() -> None:
    with pytest.raises(JobFailedError, match="no pages"):
        next(iter_documents(b'{"id": "ext-1", "status": "FAILED", "error_message": "no pages"}'))
    with pytest.raises(ResultError, match="byte 200"):
        next(iter_documents(json.dumps(job()).encode()[:200]))
