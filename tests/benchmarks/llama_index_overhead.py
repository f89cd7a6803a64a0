"""LlamaIndex: what a node costs over the bare constructor, a document over the client's own run, and a big job as nodes.

    python tests/benchmarks/llama_index_overhead.py [--nodes 5000] [--documents 100] [--rows 100000] [--rounds 3]

Nodes are built from records that are already read, so what is left over is ours: passage, metadata, citations, id. The reader is measured
against `client.run` on the same documents, in turns; processor time counts all threads of the process, the service's included, whose part is the same
in both. Not in any test suite: it asserts nothing. Prints medians of processor time, and their distance from the base.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Callable
from typing import Any

from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import NodeRelationship, ObjectType, RelatedNodeInfo, TextNode

from extract_bridge import ExtractClient, records_from_job
from extract_bridge.llama_index import (
    CitationNarrower,
    ExtractNodeParser,
    ExtractReader,
    documents_from_job,
    iter_documents,
    iter_nodes,
)
from extract_bridge.llama_index.nodes import nodes_of

SCHEMA = {
    "title": "Note",
    "type": "object",
    "properties": {name: {"type": ["string", "null"]} for name in ("number", "seller", "total", "date")},
}
NOTE = "Number: A-{}\nSeller: ACME\nTotal: 12.50\nDate: 2026-01-31\n"


def rows_job(rows: int) -> dict[str, Any]:
    """A finished job with a table of one column."""
    entry = {"name": {"citation": [{"page": 1, "matching_text": "n"}], "confidence": 0.9}}
    return {
        "id": "ext-1",
        "status": "COMPLETED",
        "configuration": {"extraction_target": "per_table_row"},
        "extract_result": [{"name": f"n{at}"} for at in range(rows)],
        "extract_metadata": {"field_metadata": {"row_metadata": [entry] * rows}},
    }


def cpu(work: Callable[[], Any]) -> float:
    """Seconds of processor time of this process."""
    began = time.process_time()
    work()
    return time.process_time() - began


def compared(ways: dict[str, Callable[[], Any]], count: int, rounds: int, unit: tuple[float, str]) -> None:
    """Medians of each way, in turns, and their distance from the first."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            taken[name].append(cpu(way) / count * unit[0])
    base = statistics.median(next(iter(taken.values())))
    for name, values in taken.items():
        middle = statistics.median(values)
        print(
            f"{name:34} {middle:8.2f} {unit[1]} ({middle - base:+.2f} over the first, x{middle / base:.2f})"
        )


def bare(count: int) -> list[TextNode]:
    """Nodes as somebody writes them by hand: text, id, a little metadata, SOURCE."""
    return [
        TextNode(
            id_=f"n{at}",
            text=f"name: n{at}",
            metadata={"file_name": "a.pdf", "page_label": "1"},
            relationships={
                NodeRelationship.SOURCE: RelatedNodeInfo(node_id="a", node_type=ObjectType.DOCUMENT)
            },
        )
        for at in range(count)
    ]


def nodes(count: int, rounds: int) -> None:
    """A node over the bare constructor."""
    records = records_from_job(rows_job(count), source="a.pdf")
    documents = documents_from_job(rows_job(count), source="a.pdf")
    chunks = SentenceSplitter()(documents)
    ways: dict[str, Callable[[], Any]] = {
        "TextNode(...)": lambda: bare(count),
        "nodes of records (split_by=row)": lambda: list(nodes_of(iter(records), split_by="row")),
        "nodes of records (split_by=field)": lambda: list(nodes_of(iter(records))),
        "ExtractNodeParser": lambda: ExtractNodeParser()(documents),
        "CitationNarrower": lambda: CitationNarrower()(chunks),
    }
    compared(ways, count, rounds, (1e6, "us CPU a node"))


def reading(count: int, rounds: int) -> None:
    """A document over the client's own run."""
    files = [(f"note-{number}.txt", NOTE.format(number).encode()) for number in range(count)]
    with ExtractClient(local=True) as client:
        client.run(("warm.txt", b"Number: 1\n"), data_schema=SCHEMA)
        reader = ExtractReader(data_schema=SCHEMA, client=client, max_concurrency=1)
        ways: dict[str, Callable[[], Any]] = {
            "client.run": lambda: [client.run(file, data_schema=SCHEMA) for file in files],
            "load_data": lambda: reader.load_data(files),
            "aload_data": lambda: asyncio.run(reader.aload_data(files)),
        }
        compared(ways, count, rounds, (1e3, "ms CPU a document"))


def big_job(rows: int) -> None:
    """One answer with many rows, already decoded."""
    job = rows_job(rows)
    for name, made in (("documents", iter_documents), ("nodes", iter_nodes)):
        seconds = cpu(lambda made=made: sum(1 for _ in made(job)))
        print(f"{rows} rows as {name}: {seconds:.2f} s CPU, {seconds / rows * 1e6:.0f} us each")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=5_000)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    nodes(asked.nodes, asked.rounds)
    reading(asked.documents, asked.rounds)
    big_job(asked.rows)


if __name__ == "__main__":
    main()
