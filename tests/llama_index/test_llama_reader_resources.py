"""The reader beyond Documents: jobs as resources, records, nodes, source text, estimates and budgets; one bill each."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from llama_index.core.node_parser import SentenceSplitter
from pydantic import BaseModel

from extract_bridge import ConfigurationError, ExtractClient, ExtractError
from extract_bridge.bulk import Budget, source_texts
from extract_bridge.core.records.citations import decode_rows
from extract_bridge.llama_index import CitationNarrower, ExtractNodeParser, ExtractReader

if TYPE_CHECKING:
    from pathlib import Path


class Invoice(BaseModel):
    invoice_number: str | None = None
    seller: str | None = None
    total: float | None = None


def reader(client: Any, **keywords: Any) -> ExtractReader:
    return ExtractReader(data_schema=Invoice, client=client, **keywords)


def test_jobs_are_resources_that_cost_nothing(client: ExtractClient, folder: Path) -> None:
    one = reader(client)
    (loaded,) = one.load_data("a.txt")
    (job_id,) = one.list_resources()
    assert asyncio.run(one.alist_resources(limit=1)) == [job_id]
    assert one.list_resources(limit=0) == one.list_resources(status="CANCELLED") == []
    info = one.get_resource_info(job_id)
    assert (info["job_id"], info["status"]) == (job_id, "COMPLETED")
    assert asyncio.run(one.aget_resource_info(job_id)) == info
    assert one.list_resources_with_info() == {job_id: info}
    named = one.load_resource(job_id, {"desk": "7"}, source="a.txt", source_id="a.txt")
    assert [(item.id_, item.text, item.metadata["desk"]) for item in named] == [
        (loaded.id_, loaded.text, "7")
    ]
    again = asyncio.run(one.aload_resource(job_id, source="a.txt", source_id="a.txt"))
    assert [item.id_ for item in again] == [loaded.id_]
    assert [item.text for item in one.load_resources([job_id])] == [loaded.text]
    assert [item.text for item in asyncio.run(one.aload_resources([job_id]))[job_id]] == [loaded.text]
    assert len(list(client.list())) == 1
    with pytest.raises(ExtractError) as caught:
        one.load_resource("ext-missing")
    assert caught.value.hint


def test_records_and_nodes(client: ExtractClient, folder: Path) -> None:
    one = reader(client)
    (record,) = one.load_records("a.txt")
    assert record.parse(Invoice) == Invoice(
        invoice_number="INV-2041", seller="Borealis Supply Ltd", total=1240.5
    )
    assert [item.id for item in asyncio.run(one.aload_records("a.txt"))] == [record.id]
    nodes = one.load_nodes("a.txt", {"desk": "7"})
    assert [node.text for node in nodes] == [
        "invoice_number: INV-2041",
        "seller: Borealis Supply Ltd",
        "total: 1240.5",
    ]
    assert {node.metadata["desk"] for node in nodes} == {"7"}
    assert asyncio.run(one.aload_nodes("a.txt", {"desk": "7"})) == nodes
    parsed = ExtractNodeParser()(one.load_data("a.txt", {"desk": "7"}))
    assert [(node.id_, node.text) for node in parsed] == [(node.id_, node.text) for node in nodes]
    (page,) = one.load_nodes("a.txt", split_by="page")
    assert page.text == "\n".join(node.text for node in nodes)
    assert [node.id_ for node in ExtractNodeParser(split_by="page")(one.load_data("a.txt"))] == [page.id_]
    root, *rest = one.load_nodes("a.txt", parents=True)
    assert [child.node_id for child in root.child_nodes or []] == [node.id_ for node in rest]
    (folder / "b.txt").write_bytes(b"")
    files = ["a.txt", "b.txt"]
    assert len(reader(client, on_error="skip").load_records(files)) == 1
    assert len(reader(client, on_error="yield").load_nodes(files)) == 3
    for load in (one.load_records, one.load_nodes):
        with pytest.raises(ExtractError):
            load(files)


def test_nodes_that_cannot_be_are_refused_before_anything_is_paid(
    client: ExtractClient, folder: Path
) -> None:
    one = reader(client)
    for wrong in ({"split_by": "word"}, {"split_by": "page", "parents": True}):
        with pytest.raises(ConfigurationError) as caught:
            one.load_nodes("a.txt", **wrong)
        assert caught.value.hint
        with pytest.raises(ConfigurationError):
            asyncio.run(one.aload_nodes("a.txt", **wrong))
    with pytest.raises(ConfigurationError):
        ExtractNodeParser(split_by="page", parents=True)
    assert list(client.list()) == []


@pytest.mark.parametrize("is_async", [False, True])
def test_the_text_of_the_parse_at_no_new_bill(client: ExtractClient, folder: Path, is_async: bool) -> None:
    one = reader(client, content="source")
    (document,) = asyncio.run(one.aload_data("a.txt")) if is_async else one.load_data("a.txt")
    assert "Invoice date: 2026-03-14" in document.text, "what no field asks for is there, too"
    spans = {row["path"]: document.text[slice(*row["span"])] for row in decode_rows(document.metadata)}
    assert spans == {"/invoice_number": "INV-2041", "/seller": "Borealis Supply Ltd", "/total": "1240.50"}
    chunks = CitationNarrower()(SentenceSplitter(chunk_size=24, chunk_overlap=0)([document]))
    shown = {
        row["path"]: chunk.get_content()[slice(*row["span"])]
        for chunk in chunks
        for row in decode_rows(chunk.metadata)
        if "span" in row
    }
    assert shown == spans
    (job_id,) = one.list_resources()
    again = asyncio.run(one.aload_resource(job_id)) if is_async else one.load_resource(job_id)
    assert [item.text for item in again] == [document.text]
    assert len(list(client.list())) == 1


def test_a_text_that_cannot_be_fetched_is_that_documents_error(
    client: ExtractClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_texts, "_parse_job_of", lambda _: "pjb-00000000-0000-4000-8000-000000000000")
    with pytest.raises(ExtractError) as caught:
        reader(client, content="source").load_data("a.txt")
    assert caught.value.code == "not_found"
    (job_id,) = caught.value.job_ids  # type: ignore[attr-defined]
    assert client.get(job_id).status == "COMPLETED"
    one = reader(client, content="source", on_error="yield")
    for (bad,) in (one.load_data("a.txt"), asyncio.run(one.aload_data("a.txt"))):
        assert bad.metadata["error"] == "not_found"
    monkeypatch.undo()
    job = client.get(job_id).to_dict()
    del job["extract_metadata"]["parse_job_id"]
    with pytest.raises(ExtractError) as unsaid:
        reader(client, content="source").from_job(job)
    assert unsaid.value.code == "no_parse_job"


def test_an_estimate_and_a_budget(client: ExtractClient, folder: Path) -> None:
    (folder / "b.txt").write_bytes((folder / "a.txt").read_bytes())
    one = reader(client)
    told = one.estimate("*.txt")
    assert (told.documents, told.pages, told.credits, told.unknown) == (2, 2, 16.0, ())
    assert asyncio.run(one.aestimate(["a.txt", "dfl-1", "no.txt"])).unknown == ("dfl-1", "no.txt")
    assert list(client.list()) == [], "nothing was sent"
    budget = Budget(10)
    found = reader(client, budget=budget, on_error="yield", max_concurrency=1).load_data("*.txt")
    assert [item.metadata.get("error") for item in found] == [None, "budget_exceeded"]
    assert budget.spent == 8
    assert len(list(client.list())) == 1
