"""What `ExtractRunnable` adds to the same work done by hand: `client.run`, `records_from_job`, `parse`.

    python tests/benchmarks/langchain_runnable.py [--rounds 9] [--calls 60]

Both ask the stand-in of `fake_service.py` (three requests, a 7.8 kB answer, no upload), in turns within one process; its own processor
time counts. Sync and async, without callbacks and with a tracer that keeps the run. Prints medians and differences; asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from client_cpu import service
from langchain_core.tracers.base import BaseTracer
from pydantic import BaseModel

from extract_bridge import AsyncExtractClient, ExtractClient, records_from_job
from extract_bridge.langchain import ExtractRunnable


class Item(BaseModel):
    description: str | None = None
    amount: float | None = None


class Invoice(BaseModel):
    field_0: str | None = None
    field_1: str | None = None
    items: list[Item] = []


class Kept(BaseTracer):
    def _persist_run(self, run: Any) -> None:
        self.last = run


def ways(url: str, loop: asyncio.AbstractEventLoop) -> dict[str, Callable[[], Any]]:
    """Each way to one object."""
    settings = {"api_key": "llx-local", "base_url": url}
    client, later = ExtractClient(**settings), AsyncExtractClient(**settings)
    extract = ExtractRunnable(data_schema=Invoice, client=client)
    async_extract = ExtractRunnable(data_schema=Invoice, client=later)
    schema = extract.normalized_schema()
    assert schema is not None

    def parsed(job: Any) -> Invoice:
        return records_from_job(job, schema.json_schema, name=schema.name)[0].parse(Invoice)

    async def by_hand() -> Invoice:
        return parsed(await later.run("dfl-1", data_schema=schema))

    return {
        "sync by hand": lambda: parsed(client.run("dfl-1", data_schema=schema)),
        "invoke": lambda: extract.invoke("dfl-1"),
        "invoke, traced": lambda: extract.invoke("dfl-1", {"callbacks": [Kept()]}),
        "stream": lambda: list(extract.stream("dfl-1")),
        "async by hand": lambda: loop.run_until_complete(by_hand()),
        "ainvoke": lambda: loop.run_until_complete(async_extract.ainvoke("dfl-1")),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--calls", type=int, default=60)
    given = parser.parse_args()
    loop = asyncio.new_event_loop()
    with service() as url:
        calls = ways(url, loop)
        taken: dict[str, list[float]] = {name: [] for name in calls}
        for call in calls.values():
            call()  # imports, first connection
        for number in range(given.rounds):
            for name in sorted(calls, reverse=bool(number % 2)):
                began = time.process_time()
                for _ in range(given.calls):
                    calls[name]()
                taken[name].append((time.process_time() - began) / given.calls * 1000)
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
    median = {name: statistics.median(values) for name, values in taken.items()}
    added = {
        name: round(median[name] - median["async by hand" if name == "ainvoke" else "sync by hand"], 3)
        for name in ("invoke", "invoke, traced", "stream", "ainvoke")
    }
    report = {"ms_a_call": {name: round(value, 3) for name, value in median.items()}, "ms_added": added}
    report["spread"] = {
        name: [round(min(values), 3), round(max(values), 3)] for name, values in taken.items()
    }
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
