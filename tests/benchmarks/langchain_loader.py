"""LangChain loader: cost a document, time to the first Document, memory over many inputs, Documents of one big job.

    python tests/benchmarks/langchain_loader.py [--documents 200] [--inputs 10000] [--rows 100000] [--rounds 3]

The loader is measured against the client's own `run` on the same documents, in turns, so that what is left over is the loader's: records, passages,
Documents, window. The service is the one on this machine, in this process, and answers with one small record a document. Processor time counts all
threads of the process, the service's included; its part is the same in both. Not in any test suite: it asserts nothing. Prints medians.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from extract_bridge import ExtractClient
from extract_bridge.langchain import ExtractLoader, iter_documents

SCHEMA = {
    "title": "Note",
    "type": "object",
    "properties": {name: {"type": ["string", "null"]} for name in ("number", "seller", "total", "date")},
}
NOTE = "Number: A-{}\nSeller: ACME\nTotal: 12.50\nDate: 2026-01-31\n"


class Notes:
    """Inputs that may be read again; tells how far they were read."""

    def __init__(self, count: int) -> None:
        self.count, self.seen = count, 0

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        for number in range(self.count):
            self.seen = number + 1
            yield f"note-{number}.txt", NOTE.format(number).encode()


def cpu(work: Callable[[], Any]) -> float:
    """Seconds of processor time of this process."""
    began = time.process_time()
    work()
    return time.process_time() - began


def per_document(client: ExtractClient, count: int, rounds: int) -> None:
    loader = ExtractLoader(Notes(count), data_schema=SCHEMA, client=client, max_concurrency=1)
    ways: dict[str, Callable[[], Any]] = {
        "client.run": lambda: [client.run(note, data_schema=SCHEMA) for note in Notes(count)],
        "lazy_load": loader.load,
        "alazy_load": lambda: asyncio.run(loader.aload()),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            taken[name].append(cpu(way) / count * 1000)
    base = statistics.median(taken["client.run"])
    for name, values in taken.items():
        middle = statistics.median(values)
        print(
            f"{name:12} {middle:7.2f} ms CPU a document  ({middle - base:+.2f} over client.run, x{middle / base:.2f})"
        )


def first_document(client: ExtractClient, rounds: int) -> None:
    for count in (1, 1000):
        seconds = []
        for _ in range(rounds):
            notes = Notes(count)
            began = time.perf_counter()
            stream = ExtractLoader(notes, data_schema=SCHEMA, client=client).lazy_load()
            next(stream)
            seconds.append(time.perf_counter() - began)
            stream.close()
        print(
            f"first of {count:4}: {statistics.median(seconds) * 1000:7.1f} ms, {notes.seen} inputs read by then"
        )


def memory(client: ExtractClient, count: int) -> None:
    """Resident memory as it grows, after the first tenth."""
    stream = ExtractLoader(Notes(count), data_schema=SCHEMA, client=client, on_error="skip").lazy_load()
    before = 0
    for number, _ in enumerate(stream, 1):
        if number == count // 10:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"{count} inputs: peak {before / 1024:.0f} MB after a tenth, {grown / 1024:+.1f} MB by the end")


def big_job(rows: int) -> None:
    entry = {"name": {"citation": [{"page": 1, "matching_text": "n"}], "confidence": 0.9}}
    job = {
        "id": "ext-1",
        "status": "COMPLETED",
        "configuration": {"extraction_target": "per_table_row"},
        "extract_result": [{"name": f"n{at}"} for at in range(rows)],
        "extract_metadata": {"field_metadata": {"row_metadata": [entry] * rows}},
    }
    seconds = cpu(lambda: sum(1 for _ in iter_documents(job)))
    print(f"{rows} rows of one job: {seconds:.2f} s CPU, {seconds / rows * 1e6:.0f} us a Document")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with ExtractClient(local=True) as client:
        client.run(("warm.txt", b"Number: 1\n"), data_schema=SCHEMA)
        per_document(client, asked.documents, asked.rounds)
        first_document(client, asked.rounds)
        memory(client, asked.inputs)
        big_job(asked.rows)


if __name__ == "__main__":
    main()
