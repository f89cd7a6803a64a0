"""What the LangChain parts add: a tool's call over the same work by hand, and their imports over the framework's own.

    python tests/benchmarks/langchain_overhead.py [--rounds 9] [--calls 60]

Calls ask the stand-in of `fake_service.py` (a new job each time, a 7.8 kB answer, no upload), by hand with `client.run` and
`records_from_job`, and through the tool, in turns within one process. Imports are processes of their own, in turns. Processor time counts;
prints medians, differences and ratios (goal of the imports: 1.05); asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from client_cpu import service
from langchain_core.tools import BaseTool
from pydantic import BaseModel

from extract_bridge import AsyncExtractClient, ExtractClient, records_from_job
from extract_bridge.langchain import ExtractTool

DEPTHS = (0, 3, 6, 9, 12, 15)
IMPORTS = {
    "tool": ("from langchain_core.tools import BaseTool", "from extract_bridge.langchain import ExtractTool"),
    "loader": (
        "from langchain_core.document_loaders import BaseLoader",
        "from extract_bridge.langchain import ExtractLoader",
    ),
    "runnable": (
        "from langchain_core.runnables import RunnableSerializable",
        "from extract_bridge.langchain import ExtractRunnable",
    ),
}


class Item(BaseModel):
    description: str | None = None
    amount: float | None = None


class Invoice(BaseModel):
    field_0: str | None = None
    field_1: str | None = None
    items: list[Item] = []


class Empty(BaseTool):
    """What any tool costs."""

    name: str = "empty"
    description: str = "Does nothing."

    def _run(self, document: str) -> str:
        return document

    async def _arun(self, document: str) -> str:
        return document


def ways(url: str, loop: asyncio.AbstractEventLoop) -> dict[str, Callable[[], Any]]:
    """Each way to one answer."""
    settings = {"api_key": "llx-local", "base_url": url}
    client, later = ExtractClient(**settings), AsyncExtractClient(**settings)
    tool, async_tool = (
        ExtractTool(data_schema=Invoice, client=given, allow_any_id=True) for given in (client, later)
    )
    schema, empty, numbers = tool.normalized_schema(), Empty(), itertools.count()
    assert schema is not None

    def fresh() -> str:
        return f"dfl-{next(numbers)}"

    def said(job: Any) -> str:
        return json.dumps(records_from_job(job, schema.json_schema, name=schema.name)[0].data)

    async def by_hand() -> str:
        return said(await later.run(fresh(), data_schema=schema))

    return {
        "by hand": lambda: said(client.run(fresh(), data_schema=schema)),
        "tool": lambda: tool.invoke({"document": fresh()}),
        "tool, same question": lambda: tool.invoke({"document": "dfl-same"}),
        "empty tool": lambda: empty.invoke({"document": "dfl-1"}),
        "by hand, async": lambda: loop.run_until_complete(by_hand()),
        "tool, async": lambda: loop.run_until_complete(async_tool.ainvoke({"document": fresh()})),
        "empty tool, async": lambda: loop.run_until_complete(empty.ainvoke({"document": "dfl-1"})),
    }


def calls(rounds: int, per_round: int) -> dict[str, Any]:
    """Milliseconds of processor time a call."""
    loop = asyncio.new_event_loop()
    with service() as url:
        every = ways(url, loop)
        taken: dict[str, list[float]] = {name: [] for name in every}
        for call in every.values():
            call()  # imports, first connection
        for number in range(rounds):
            for name in sorted(every, reverse=bool(number % 2)):
                began = time.process_time()
                for _ in range(per_round):
                    every[name]()
                taken[name].append((time.process_time() - began) / per_round * 1000)
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
    median = {name: statistics.median(values) for name, values in taken.items()}
    return {
        "ms_a_call": {name: round(value, 3) for name, value in median.items()},
        "ms_added": {
            "sync": round(median["tool"] - median["by hand"], 3),
            "async": round(median["tool, async"] - median["by hand, async"], 3),
        },
        "spread": {name: [round(min(values), 3), round(max(values), 3)] for name, values in taken.items()},
    }


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _within(depth: int, line: str) -> str:
    """A program that imports from within so many calls, as a program's own modules do.

    CPython keeps its frames in chunks and gives a chunk back when it is left. Code that runs just at such an edge pays a page fault for every
    other call: the same import, theirs or ours, costs 50 ms more or less by how deep it happens. So each is measured at several depths.
    """
    return f"def at(depth):\n    if depth:\n        return at(depth - 1)\n    {line}\nat({depth})"


def imports(rounds: int) -> dict[str, Any]:
    """Milliseconds of processor time of a process that imports, the bare interpreter taken off; the mean of `DEPTHS`."""
    lines = {"nothing": "pass"}
    for name, (theirs, ours) in IMPORTS.items():
        lines[f"{name}, theirs"], lines[f"{name}, ours"] = theirs, ours
    taken: dict[str, list[float]] = {name: [] for name in lines}
    # What is installed is compiled; a checkout is so only if its modules may be.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for number in range(rounds + 1):
        for name in sorted(lines, reverse=bool(number % 2)):
            before = _spent()
            for depth in DEPTHS:
                subprocess.run(
                    [sys.executable, "-c", _within(depth, lines[name])], check=True, env=environment
                )
            if number:  # the first round fills the caches
                taken[name].append((_spent() - before) * 1000 / len(DEPTHS))
    bare = statistics.median(taken["nothing"])
    median = {name: statistics.median(values) - bare for name, values in taken.items()}
    return {
        name: {
            "theirs_ms": round(median[f"{name}, theirs"]),
            "ours_ms": round(median[f"{name}, ours"]),
            "ratio": round(median[f"{name}, ours"] / median[f"{name}, theirs"], 3),
        }
        for name in IMPORTS
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--calls", type=int, default=60)
    given = parser.parse_args()
    print(json.dumps({"calls": calls(given.rounds, given.calls), "imports": imports(given.rounds)}, indent=1))


if __name__ == "__main__":
    main()
