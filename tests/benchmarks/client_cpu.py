"""Rows 1, 2 and 3: what a client costs, official SDK and a bare aiohttp beside ours, against a service that costs next to nothing.

    python tests/benchmarks/client_cpu.py [--rounds 5] [--jobs 400] [--many 1000] [--flight 10000]

Rows 1 and 2: a job is one create and two reads of the finished job, everything expanded; `--jobs` of them ten at once, and `--many` all at once
as a user who knows no better starts them (nothing holds either client back but itself). Row 3: `--flight` jobs in flight in one process, each done a
second after its create: created, watched by `as_completed` and read in full.
Each client runs in a process of its own, in turns with the other; its user and system time is measured, so the stand-in of `fake_service.py` does
not count, and neither does what else the machine does, but for the caches it takes away. Prints medians and ratios; asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = {
    "type": "object",
    "properties": {"number": {"type": ["string", "null"]}, "total": {"type": ["number", "null"]}},
}
EXPAND = ["configuration", "extract_metadata", "usage", "metadata"]
HERE = Path(__file__).parent
LONGEST = 240.0  # seconds for one child; a client that needs more is reported as not done


async def sdk(url: str, jobs: int, at_once: int) -> None:
    """The official async client."""
    from llama_cloud import AsyncLlamaCloud

    async with AsyncLlamaCloud(api_key="llx-local", base_url=url) as client:

        async def one() -> None:
            job = await client.extract.create(file_input="dfl-1", configuration={"data_schema": SCHEMA})
            for _ in range(2):
                await client.extract.get(job.id, expand=EXPAND)

        await _measured(one, jobs, at_once)


async def sdk_sync(url: str, jobs: int, at_once: int) -> None:
    """The official blocking client, in threads."""
    from llama_cloud import LlamaCloud

    with LlamaCloud(api_key="llx-local", base_url=url) as client:

        def one(_: int = 0) -> None:
            job = client.extract.create(file_input="dfl-1", configuration={"data_schema": SCHEMA})
            for _ in range(2):
                client.extract.get(job.id, expand=EXPAND)

        _in_threads(one, jobs, at_once)


async def ours_sync(url: str, jobs: int, at_once: int) -> None:
    """Our blocking client, in threads."""
    from extract_bridge import ExtractClient

    with ExtractClient(api_key="llx-local", base_url=url, http_timeout=600) as client:

        def one(_: int = 0) -> None:
            job = client.create("dfl-1", data_schema=SCHEMA)
            for _ in range(2):
                client.get(job.id, expand=EXPAND)

        _in_threads(one, jobs, at_once)


async def bare_aiohttp(url: str, jobs: int, at_once: int) -> None:
    """No client at all: aiohttp, and one model that is read with pydantic; no retries, no checks, nothing resolved."""
    import aiohttp
    from pydantic import BaseModel

    class Job(BaseModel):
        id: str
        status: str
        extract_result: Any = None
        extract_metadata: Any = None

    async with aiohttp.ClientSession(url) as session:

        async def one() -> None:
            body = {"file_input": "dfl-1", "configuration": {"data_schema": SCHEMA}}
            async with session.post("/api/v2/extract", json=body) as answer:
                job = Job.model_validate_json(await answer.read())
            for _ in range(2):
                query = [("expand", name) for name in EXPAND]
                async with session.get(f"/api/v2/extract/{job.id}", params=query) as answer:
                    Job.model_validate_json(await answer.read())

        await _measured(one, jobs, at_once)


async def ours(url: str, jobs: int, at_once: int) -> None:
    """Our async client."""
    from extract_bridge import AsyncExtractClient

    async with AsyncExtractClient(api_key="llx-local", base_url=url, http_timeout=600) as client:

        async def one() -> None:
            job = await client.create("dfl-1", data_schema=SCHEMA)
            for _ in range(2):
                await client.get(job.id, expand=EXPAND)

        await _measured(one, jobs, at_once)


async def flight(url: str, jobs: int, at_once: int) -> None:
    """Row 3: all jobs in flight, and every result read."""
    from extract_bridge import AsyncExtractClient

    async with AsyncExtractClient(api_key="llx-local", base_url=url, http_timeout=600) as client:
        began, cpu = time.monotonic(), time.process_time()
        made = await asyncio.gather(*[client.create("dfl-1", data_schema=SCHEMA) for _ in range(jobs)])
        seen = {job.id async for job in client.as_completed([job.id for job in made]) if job.extract_result}
        _print(jobs, time.process_time() - cpu, wall_s=round(time.monotonic() - began, 2), complete=len(seen))


async def _measured(one: Callable[[], Awaitable[None]], jobs: int, at_once: int) -> None:
    gate = asyncio.Semaphore(at_once)

    async def held() -> None:
        async with gate:
            await one()

    await one()  # imports, first connection
    began = time.process_time()
    await asyncio.gather(*[held() for _ in range(jobs)])
    _print(jobs, time.process_time() - began)


def _in_threads(one: Callable[[int], None], jobs: int, at_once: int) -> None:
    one(0)
    began = time.process_time()
    with ThreadPoolExecutor(at_once) as pool:
        for _ in pool.map(one, range(jobs)):
            pass
    _print(jobs, time.process_time() - began)


def _print(jobs: int, seconds: float, **more: Any) -> None:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"ms_a_job": seconds / jobs * 1000, "peak_mb": round(most), **more}))


KINDS = {
    "sdk": sdk,
    "sdk_sync": sdk_sync,
    "aiohttp": bare_aiohttp,
    "ours": ours,
    "ours_sync": ours_sync,
    "flight": flight,
}
COMPARED = ("sdk", "sdk_sync", "aiohttp", "ours", "ours_sync")


@contextmanager
def service(seconds: float = 0.0) -> Iterator[str]:
    """The stand-in's URL."""
    command = [sys.executable, str(HERE / "fake_service.py"), "--seconds", str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.terminate()


def child(kind: str, url: str, jobs: int, at_once: int) -> dict[str, Any]:
    """What one client took, in a process of its own; empty where it was not done in time."""
    command = [sys.executable, __file__, "--child", kind, url, str(jobs), str(at_once)]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return {}
    return dict(json.loads(done.stdout))


def compare(rounds: int, jobs: int, at_once: int) -> dict[str, Any]:
    """All clients in turns; medians in milliseconds of processor time a job."""
    taken: dict[str, list[float]] = {kind: [] for kind in COMPARED}
    for number in range(rounds):
        for kind in sorted(taken, reverse=bool(number % 2)):
            with service() as url:
                taken[kind].append(child(kind, url, jobs, at_once).get("ms_a_job", float("inf")))
    medians = {kind: round(statistics.median(values), 2) for kind, values in taken.items()}
    return {
        "jobs": jobs,
        "at_once": at_once,
        "rounds": rounds,
        "ms_a_job": medians,
        "sdk_over_ours": round(medians["sdk"] / medians["ours"], 2),
        "sdk_sync_over_ours_sync": round(medians["sdk_sync"] / medians["ours_sync"], 2),
        "ours_over_aiohttp": round(medians["ours"] / medians["aiohttp"], 2),
        "spread": {kind: [round(min(values), 2), round(max(values), 2)] for kind, values in taken.items()},
    }


def in_flight(jobs: int) -> dict[str, Any]:
    """Row 3, and what the stand-in saw of it."""
    import httpx

    with service(1.0) as url:
        took = child("flight", url, jobs, jobs)
        return {"jobs": jobs, **took, "service": httpx.get(f"{url}/stats", trust_env=False).json()}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--jobs", type=int, default=400, help="a round, ten at once")
    options.add_argument("--many", type=int, default=0, help="jobs all at once; 0 leaves row 2 out")
    options.add_argument("--flight", type=int, default=0, help="jobs in flight; 0 leaves row 3 out")
    asked = options.parse_args()
    print(json.dumps({"row": 1, **compare(asked.rounds, asked.jobs, 10)}))
    if asked.many:
        print(json.dumps({"row": 2, **compare(1, asked.many, asked.many)}))
    if asked.flight:
        print(json.dumps({"row": 3, **in_flight(asked.flight)}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        kind, url, jobs, at_once = sys.argv[2:]
        asyncio.run(KINDS[kind](url, int(jobs), int(at_once)))
    else:
        main()
