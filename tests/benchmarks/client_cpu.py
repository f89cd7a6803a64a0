"""Rows 1, 2 and 17: processor time of a 3-request job, official SDK beside ours, against one service on a socket.

    python tests/benchmarks/client_cpu.py [--rounds 5] [--jobs 200] [--many 1000]

A job is one create and two reads of the finished job, everything expanded. Each client runs in a process of its own, in turns with the other one; its
own user and system time is measured, so the service does not count, and neither does what else the machine does, but for the caches it takes away. The
service's own time (row 17) is read from its process, without its worker's.
Not in any test suite: it asserts nothing about time. Prints medians and ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

SCHEMA = {
    "type": "object",
    "properties": {
        "number": {"type": ["string", "null"]},
        "total": {"type": ["number", "null"]},
        "date": {"type": ["string", "null"]},
    },
}
NOTE = b"Number: A-17\nTotal: 12.50\nDate: 2026-01-31\n"
EXPAND = ["configuration", "extract_metadata", "usage", "metadata"]
GATE = "import sys; from extract_bridge.cli import main; sys.exit(main())"


async def sdk_jobs(url: str, file_id: str, jobs: int, at_once: int) -> float:
    """Seconds of processor time that the official async client takes."""
    from llama_cloud import AsyncLlamaCloud

    async with AsyncLlamaCloud(api_key="llx-local", base_url=url, max_retries=0, timeout=600) as sdk:

        async def one() -> None:
            job = await sdk.extract.create(file_input=file_id, configuration={"data_schema": SCHEMA})
            for _ in range(2):
                await sdk.extract.get(job.id, expand=EXPAND)

        return await _measured(one, jobs, at_once)


async def our_jobs(url: str, file_id: str, jobs: int, at_once: int) -> float:
    """Seconds of processor time that our async client takes."""
    from extract_bridge import AsyncExtractClient

    async with AsyncExtractClient(api_key="llx-local", base_url=url, http_timeout=600) as ours:

        async def one() -> None:
            job = await ours.create(file_id, data_schema=SCHEMA)
            for _ in range(2):
                await ours.get(job.id, expand=EXPAND)

        return await _measured(one, jobs, at_once)


async def _measured(one: Any, jobs: int, at_once: int) -> float:
    gate = asyncio.Semaphore(at_once)

    async def held() -> None:
        async with gate:
            await one()

    await one()  # imports, first connection
    began = time.process_time()
    await asyncio.gather(*[held() for _ in range(jobs)])
    return time.process_time() - began


KINDS = {"sdk": sdk_jobs, "ours": our_jobs}


def child(kind: str, url: str, file_id: str, jobs: int, at_once: int) -> float:
    """Milliseconds a job of one client in a process of its own."""
    command = [sys.executable, __file__, "--child", kind, url, file_id, str(jobs), str(at_once)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout) / jobs * 1000


def seconds_of(pid: int) -> float:
    """User and system time of one process so far, without its children (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def served(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """`extract-bridge serve` and its URL."""
    options = ["serve", "--port", "0", "--data-dir", str(folder), "--workers", "1"]
    process = subprocess.Popen([sys.executable, "-c", GATE, *options], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = process.stdout.readline().split()[3]
    threading.Thread(target=process.stdout.read, daemon=True).start()
    return process, url


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--jobs", type=int, default=200, help="a round, ten at once")
    options.add_argument("--many", type=int, default=0, help="jobs all at once; 0 leaves row 2 out")
    asked = options.parse_args()
    import httpx

    with tempfile.TemporaryDirectory() as folder:
        process, url = served(Path(folder))
        try:
            reply = httpx.post(
                f"{url}/api/v1/beta/files",
                files={"file": ("note.txt", NOTE)},
                data={"purpose": "extract"},
                trust_env=False,
            )
            file_id = reply.raise_for_status().json()["id"]
            print(
                json.dumps(
                    {
                        "row": 1,
                        "at_once": 10,
                        **rounds(asked.rounds, asked.jobs, 10, process.pid, url, file_id),
                    }
                )
            )
            if asked.many:
                print(
                    json.dumps(
                        {
                            "row": 2,
                            "at_once": asked.many,
                            **rounds(1, asked.many, asked.many, process.pid, url, file_id),
                        }
                    )
                )
        finally:
            process.terminate()
            process.wait()


def rounds(count: int, jobs: int, at_once: int, pid: int, url: str, file_id: str) -> dict[str, Any]:
    """Both clients in turns; medians in milliseconds a job."""
    taken: dict[str, list[float]] = {kind: [] for kind in KINDS}
    service: list[float] = []
    for number in range(count):
        for kind in sorted(KINDS, reverse=bool(number % 2)):
            before = seconds_of(pid)
            taken[kind].append(child(kind, url, file_id, jobs, at_once))
            service.append((seconds_of(pid) - before) / jobs * 1000)
    medians = {kind: round(statistics.median(values), 2) for kind, values in taken.items()}
    return {
        "jobs": jobs,
        "rounds": count,
        "client_ms_a_job": medians,
        "sdk_over_ours": round(medians["sdk"] / medians["ours"], 2),
        "row_17_service_ms_a_job": round(statistics.median(service), 2),
        "spread": {kind: [round(min(values), 2), round(max(values), 2)] for kind, values in taken.items()},
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        kind, url, file_id, jobs, at_once = sys.argv[2:]
        print(asyncio.run(KINDS[kind](url, file_id, int(jobs), int(at_once))))
    else:
        main()
