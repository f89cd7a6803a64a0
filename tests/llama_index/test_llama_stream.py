"""Documents and nodes of an answer's bytes are those of the decoded job."""

from __future__ import annotations

import io
import json
import uuid
from typing import TYPE_CHECKING

import pytest
from llama_index.core.schema import NodeRelationship

from extract_bridge.core.errors import ResultError
from extract_bridge.llama_index import documents_from_job, iter_documents, iter_nodes, nodes_from_job

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = {"source": "invoices/a.pdf", "source_id": "invoices/a.pdf"}


def _rows(job):
    job["configuration"]["extraction_target"] = "per_table_row"
    job["extract_result"] = job["extract_result"]["line_items"]
    entries = job["extract_metadata"]["field_metadata"].pop("document_metadata")["line_items"]
    job["extract_metadata"]["field_metadata"]["row_metadata"] = entries
    return job


@pytest.mark.parametrize("split_by", [None, "page", "row", "field"])
@pytest.mark.parametrize("rows", [False, True])
def test_an_answer_gives_what_its_job_gives(make_job, split_by, rows, tmp_path: Path):
    job = _rows(make_job(items=20)) if rows else make_job(items=20)
    body = json.dumps(job).encode()
    path = tmp_path / "answer.json"
    path.write_bytes(body)
    keywords = {"split_by": split_by, "job_metadata": True, "metadata_fields": ["amount"], **SOURCE}
    documents, nodes = documents_from_job(job, **keywords), nodes_from_job(job, **keywords)
    for answer in (body, path, io.BytesIO(body)):
        assert list(iter_documents(answer, **keywords)) == documents
        assert list(iter_nodes(answer, **keywords)) == nodes


def test_a_node_hides_what_its_document_hides(make_job):
    body = json.dumps(_rows(make_job(items=3))).encode()
    pairs = zip(iter_documents(body, **SOURCE), iter_nodes(body, split_by="row", **SOURCE), strict=True)
    for document, node in pairs:
        assert str(uuid.UUID(node.id_)) == node.id_
        assert node.text == document.text
        assert node.metadata == document.metadata
        assert node.excluded_embed_metadata_keys == document.excluded_embed_metadata_keys
        assert node.excluded_llm_metadata_keys == document.excluded_llm_metadata_keys
        assert node.relationships[NodeRelationship.SOURCE] == document.relationships[NodeRelationship.SOURCE]
        assert node.hash == document.hash


def test_a_cut_answer_is_an_error(make_job):
    body = json.dumps(make_job()).encode()
    for read in (iter_documents, iter_nodes):
        with pytest.raises(ResultError, match="byte 100"):
            next(read(body[:100]))
