"""Rows 7 to 11: a 53 MB answer to Documents and nodes, official SDK beside ours, on the same bytes.

    python tests/benchmarks/big_answers.py [--rounds 3] [--rows 100000] [--many 1000000]

The answer is `per_table_row`: rows of 5 fields, each with a citation and a confidence. The peer is the official SDK reading it (its own client, the bytes
handed over in memory) and then what a user has to write to get the same objects: text with spans, citations as JSON, stable ids, flat metadata. Each
measurement runs in a process of its own, peer and ours in turns; user and system time counts, from the bytes in memory to the last object dropped
(streamed) or kept (the SDK can do nothing else than keep its job). Peak memory is the process's own, above what it had with the bytes loaded.
Not in any test suite: it asserts nothing about time. Prints medians and ratios.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import deque
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCE = "tables/prices.pdf"
SCHEMA = {
    "title": "Price",
    "type": "object",
    "properties": {
        "name": {"type": ["string", "null"]},
        "sku": {"type": ["string", "null"]},
        "price": {"type": ["number", "null"]},
        "stock": {"type": ["integer", "null"]},
        "note": {"type": ["string", "null"]},
    },
}
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://example.com/prices")


def row(number: int) -> dict[str, Any]:
    """One row's values."""
    return {
        "name": f"Part {number:06d} of the price list",
        "sku": f"SK-{number * 7 % 99991:05d}",
        "price": number % 9973 + 0.25,
        "stock": number % 97,
        "note": None if number % 5 else f"see page {number // 40 + 1}",
    }


def entry(value: Any, number: int, place: int) -> dict[str, Any]:
    """What the service says of one value."""
    return {
        "citation": [{"page": number // 40 + 1, "matching_text": "" if value is None else f"| {value} |"}],
        "confidence": round(0.75 + (number * 5 + place) % 250 / 1000, 3),
    }


def write_answer(file: IO[str], rows: int) -> None:
    """The answer of a finished job, evidence before the result as the service documents it."""
    head = {
        "id": "ext-0000000000000000000000000000",
        "status": "COMPLETED",
        "file_input": "dfl-11111111-2222-3333-4444-555555555555",
        "document_input_value": "dfl-11111111-2222-3333-4444-555555555555",
        "project_id": "11111111-2222-3333-4444-555555555555",
        "created_at": "2026-11-23T10:00:00Z",
        "updated_at": "2026-11-23T10:05:00Z",
        "configuration": {"data_schema": SCHEMA, "extraction_target": "per_table_row", "tier": "agentic"},
    }
    dumps = json.JSONEncoder(separators=(",", ":")).encode
    file.write(dumps(head)[:-1] + ',"extract_metadata":{"field_metadata":{"row_metadata":[')
    for number in range(rows):
        values = row(number)
        said = {name: entry(value, number, place) for place, (name, value) in enumerate(values.items())}
        file.write(("," if number else "") + dumps(said))
    file.write(']},"parse_job_id":"pjb-1"},"extract_result":[')
    for number in range(rows):
        file.write(("," if number else "") + dumps(row(number)))
    file.write("]}")


def sdk_job(body: bytes) -> Any:
    """The job as the official client reads it."""
    import httpx
    from llama_cloud import LlamaCloud

    headers = {"content-type": "application/json"}
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=body, headers=headers))
    client = LlamaCloud(api_key="llx-local", http_client=httpx.Client(transport=transport))
    return client.extract.get("ext-1", expand=["configuration", "extract_metadata"])


def by_hand(job: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Id, text and metadata of every row, as a user would write it who wants all of what ours gives."""
    entries = job.extract_metadata.field_metadata.row_metadata
    for number, (values, said) in enumerate(zip(job.extract_result, entries, strict=True)):
        lines, spans, length = [], {}, 0
        for name, value in values.items():
            if value is None:
                continue
            shown = value if isinstance(value, str) else json.dumps(value)
            begin = length + len(name) + 2
            spans[name] = [begin, begin + len(shown)]
            lines.append(f"{name}: {shown}")
            length = begin + len(shown) + 1
        citations, pages, confidences = [], set(), []
        for name, value in values.items():
            about = said.get(name) or {}
            for citation in about.get("citation") or [{}]:
                cited = {"path": f"/{name}", "span": spans.get(name), "page": citation.get("page")}
                cited |= {"confidence": about.get("confidence"), "quote": citation.get("matching_text")}
                citations.append({key: item for key, item in cited.items() if item is not None})
                if citation.get("page"):
                    pages.add(citation["page"])
            if value is not None and about.get("confidence") is not None:
                confidences.append(about["confidence"])
        evidence = {
            name: [[c.get("page"), c.get("matching_text")] for c in said[name]["citation"]] for name in values
        }
        identity = str(uuid.uuid5(SPACE, f"{SOURCE}|Price|per_table_row|row:{number}"))
        metadata = {
            "source": SOURCE,
            "file_name": "prices.pdf",
            "page": min(pages) if len(pages) == 1 else None,
            "pages": ",".join(map(str, sorted(pages))),
            "page_label": ",".join(map(str, sorted(pages))),
            "row": number,
            "extraction_target": "per_table_row",
            "schema_name": "Price",
            "confidence_min": min(confidences, default=None),
            "needs_review": any(item < 0.8 for item in confidences),
            "record_id": identity,
            "content_key": _sha256(json.dumps([values, evidence], sort_keys=True)),
            "citations": json.dumps(citations, ensure_ascii=False),
        }
        yield (
            identity,
            "\n".join(lines),
            {k: metadata[k] for k in sorted(metadata) if metadata[k] is not None},
        )


def _sha256(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def sdk_documents(body: bytes) -> Iterator[Any]:
    from langchain_core.documents import Document

    for identity, text, metadata in by_hand(sdk_job(body)):
        yield Document(id=identity, page_content=text, metadata=metadata)


def sdk_nodes(body: bytes) -> Iterator[Any]:
    from llama_index.core.schema import NodeRelationship, ObjectType, RelatedNodeInfo, TextNode

    for identity, text, metadata in by_hand(sdk_job(body)):
        hidden = [name for name in metadata if name not in ("file_name", "page_label")]
        about = RelatedNodeInfo(node_id=identity, node_type=ObjectType.DOCUMENT)
        yield TextNode(
            id_=identity,
            text=text,
            metadata=metadata,
            excluded_embed_metadata_keys=hidden,
            excluded_llm_metadata_keys=list(hidden),
            relationships={NodeRelationship.SOURCE: about},
        )


def our_documents(answer: Any) -> Iterator[Any]:
    from extract_bridge.langchain import iter_documents

    return iter_documents(answer, source=SOURCE)


def our_nodes(answer: Any) -> Iterator[Any]:
    from extract_bridge.llama_index import iter_nodes

    return iter_nodes(answer, source=SOURCE, source_id=SOURCE, split_by="row")


def our_records(answer: Any) -> Iterator[Any]:
    from extract_bridge import iter_records

    return iter_records(answer, source=SOURCE)


def plain(_: Any) -> Iterator[Any]:
    """The floor of row 11: the parts of each object, made once, in a new dict each."""
    parts = {"id": "x" * 36, "text": "name: Part 000001", "metadata": {"source": SOURCE, "row": 1}}
    return ({**parts, "metadata": dict(parts["metadata"])} for _ in range(100_000))


def langchain_alone(_: Any) -> Iterator[Any]:
    from langchain_core.documents import Document

    return (Document(id=p["id"], page_content=p["text"], metadata=p["metadata"]) for p in plain(None))


def llama_index_alone(_: Any) -> Iterator[Any]:
    from llama_index.core.schema import TextNode

    return (TextNode(id_=p["id"], text=p["text"], metadata=p["metadata"]) for p in plain(None))


WAYS: dict[str, Callable[[Any], Iterator[Any]]] = {
    "sdk_documents": sdk_documents,
    "our_documents": our_documents,
    "sdk_nodes": sdk_nodes,
    "our_nodes": our_nodes,
    "our_records": our_records,
    "plain": plain,
    "langchain_alone": langchain_alone,
    "llama_index_alone": llama_index_alone,
}


def measure(way: str, path: str, mode: str) -> dict[str, float]:
    """One way in this process: milliseconds of processor time, of the first object, and peak memory above the start."""
    next(WAYS[way](small()), None)  # imports, and what is made once a process
    answer = Path(path) if mode == "spooled" else Path(path).read_bytes()
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins here (Linux)
    before = peak()
    began, wall = time.process_time(), time.perf_counter()
    objects = WAYS[way](answer)
    next(objects)
    first, first_wall = time.process_time() - began, time.perf_counter() - wall
    deque(objects, maxlen=0)
    taken = time.process_time() - began
    return {
        "ms": taken * 1000,
        "first_ms": first * 1000,
        "first_wall_ms": first_wall * 1000,
        "peak_mb": (peak() - before) / 1024,
        "process_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def peak() -> int:
    """The process's peak of resident memory since the last reset, in kB (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def small() -> bytes:
    """An answer of two rows."""
    import io

    file = io.StringIO()
    write_answer(file, 2)
    return file.getvalue().encode()


def child(way: str, path: Path, mode: str) -> dict[str, float]:
    """`measure` in a process of its own."""
    command = [sys.executable, __file__, "--child", way, str(path), mode]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def in_turns(path: Path, rounds: int, ways: list[tuple[str, str]]) -> dict[tuple[str, str], dict[str, float]]:
    """Medians of each (way, mode), all in turns."""
    taken: dict[tuple[str, str], list[dict[str, float]]] = {way: [] for way in ways}
    for number in range(rounds):
        for way in reversed(ways) if number % 2 else ways:
            taken[way].append(child(way[0], path, way[1]))
    return {
        way: {name: round(statistics.median(one[name] for one in all_), 1) for name in all_[0]}
        for way, all_ in taken.items()
    }


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument(
        "--many", type=int, default=0, help="rows of a second answer, to show that memory is flat"
    )
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = answer_file(Path(folder), asked.rows)
        print(json.dumps({"rows": asked.rows, "answer_mb": round(path.stat().st_size / 1e6, 1)}))
        found = in_turns(
            path, asked.rounds, [(way, "memory") for way in WAYS] + [("our_documents", "spooled")]
        )
        for (way, mode), medians in found.items():
            print(json.dumps({"way": way, "mode": mode, **medians}))
        at = {way: medians["ms"] for (way, mode), medians in found.items() if mode == "memory"}
        first = {way: medians["first_ms"] for (way, mode), medians in found.items() if mode == "memory"}
        ratios = {
            "row_7_sdk_over_ours_documents": at["sdk_documents"] / at["our_documents"],
            "row_8_sdk_over_ours_nodes": at["sdk_nodes"] / at["our_nodes"],
            "row_9_first_sdk_over_ours": first["sdk_documents"] / first["our_documents"],
            "row_11_document_over_plain": at["langchain_alone"] / at["plain"],
            "row_11_node_over_plain": at["llama_index_alone"] / at["plain"],
        }
        print(json.dumps({name: round(ratio, 2) for name, ratio in ratios.items()}))
        if asked.many:
            many = answer_file(Path(folder), asked.many)
            print(
                json.dumps({"rows": asked.many, "mode": "spooled", **child("our_documents", many, "spooled")})
            )


def answer_file(folder: Path, rows: int) -> Path:
    """A generated answer on disk."""
    path = folder / f"answer-{rows}.json"
    with path.open("w", encoding="utf-8") as file:
        write_answer(file, rows)
    return path


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        print(json.dumps(measure(*sys.argv[2:])))
    else:
        main()
