"""Rows 3, 6 and 16: many jobs in flight through `aextract_many`, against a service that costs next to nothing.

    python tests/benchmarks/bulk_many.py [--flight 2000] [--memory 4000]

Row 3 and 6: `--flight` jobs of a second each, all in flight: wall clock, processor time a job, peak memory, and what the service was asked; the official SDK with a semaphore of 200 beside it. Row 16: the
peak of a quarter of `--memory` documents beside that of all of them, a hundred at once, results dropped as they come: it is not to grow. Each in a
process of its own; prints, and asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import time

from client_cpu import EXPAND, LONGEST, SCHEMA, service


async def many(url: str, jobs: int, at_once: int) -> None:
    """All jobs, and every result read."""
    from extract_bridge import AsyncExtractClient
    from extract_bridge.bulk import aextract_many

    async with AsyncExtractClient(api_key="llx-local", base_url=url, http_timeout=600) as client:
        began, cpu, read = time.monotonic(), time.process_time(), 0
        async for item in aextract_many(
            ["dfl-1"] * jobs, client=client, data_schema=SCHEMA, max_concurrency=at_once
        ):
            read += item.error is None
        _print(jobs, at_once, read, began, cpu)


async def sdk(url: str, jobs: int, at_once: int) -> None:
    """The official client as its users write it: a semaphore, create, wait, and the finished job in full."""
    from llama_cloud import AsyncLlamaCloud

    async with AsyncLlamaCloud(api_key="llx-local", base_url=url) as client:
        began, cpu, gate, read = time.monotonic(), time.process_time(), asyncio.Semaphore(at_once), 0

        async def one() -> None:
            nonlocal read
            async with gate:
                job = await client.extract.create(file_input="dfl-1", configuration={"data_schema": SCHEMA})
                await client.extract.wait_for_completion(job.id)
                full = await client.extract.get(job.id, expand=EXPAND)
                read += full.extract_result is not None

        await asyncio.gather(*[one() for _ in range(jobs)])
        _print(jobs, at_once, read, began, cpu)


def _print(jobs: int, at_once: int, read: int, began: float, cpu: float) -> None:
    print(
        json.dumps(
            {
                "jobs": jobs,
                "at_once": at_once,
                "read": read,
                "wall_s": round(time.monotonic() - began, 2),
                "ms_a_job": round((time.process_time() - cpu) / jobs * 1000, 2),
                "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            }
        )
    )


def child(seconds: float, jobs: int, at_once: int, kind: str = "many") -> dict[str, object]:
    """What one run took, in a process of its own, and what the service was asked; empty where it was not done in time."""
    import httpx

    with service(seconds) as url:
        command = [sys.executable, __file__, "--child", kind, url, str(jobs), str(at_once)]
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=LONGEST)
        except subprocess.TimeoutExpired:
            return {}
        return {**json.loads(done.stdout), "service": httpx.get(f"{url}/stats", trust_env=False).json()}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--flight", type=int, default=2000)
    options.add_argument("--memory", type=int, default=4000)
    asked = options.parse_args()
    print(json.dumps({"row": 6, "client": "sdk", **child(1.0, asked.flight, 200, "sdk")}))
    print(json.dumps({"row": "3, 6", "client": "ours", **child(1.0, asked.flight, asked.flight)}))
    for jobs in (asked.memory // 4, asked.memory):
        print(json.dumps({"row": 16, **child(0.0, jobs, 100)}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        asyncio.run({"many": many, "sdk": sdk}[sys.argv[2]](sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))
    else:
        main()
