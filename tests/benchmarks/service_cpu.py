"""Row 17: what a job costs the local service itself, durable, with `extract-bridge serve` as users start it.

    python tests/benchmarks/service_cpu.py [--rounds 5] [--jobs 200]

A job is one create and two reads of the finished job, everything expanded, ten at once. The service's user and system time is read from its process
(Linux), without its worker's; so the job's claim and completion count, the reading of the document does not. Prints medians; asserts nothing.
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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = {
    "type": "object",
    "properties": {"number": {"type": ["string", "null"]}, "total": {"type": ["number", "null"]}},
}
NOTE = b"Number: A-17\nTotal: 12.50\nDate: 2026-01-31\n"
EXPAND = ["configuration", "extract_metadata", "usage", "metadata"]
GATE = "import sys; from extract_bridge.cli import main; sys.exit(main())"


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, str]]:
    """`extract-bridge serve`: its process id and its URL."""
    options = ["serve", "--port", "0", "--data-dir", str(folder), "--workers", "1"]
    with subprocess.Popen(
        [sys.executable, "-c", GATE, *options], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[3]
        threading.Thread(target=process.stdout.read, daemon=True).start()
        try:
            yield process.pid, url
        finally:
            process.terminate()


def seconds_of(pid: int) -> float:
    """User and system time of one process so far, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def work(url: str, jobs: int) -> None:
    """So many jobs, ten at once."""
    from extract_bridge import AsyncExtractClient

    async with AsyncExtractClient(base_url=url, http_timeout=600) as client:
        file = await client.files.create(("note.txt", NOTE))
        gate = asyncio.Semaphore(10)

        async def one() -> None:
            async with gate:
                job = await client.create(file.id, data_schema=SCHEMA)
                for _ in range(2):
                    await client.get(job.id, expand=EXPAND)

        await asyncio.gather(*[one() for _ in range(jobs)])
        open_jobs: Any = True
        while open_jobs:  # what the last ones cost belongs to the round
            open_jobs = [job async for job in client.list(status="PENDING", page_size=1)]
            await asyncio.sleep(0.05)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--jobs", type=int, default=200)
    asked = options.parse_args()
    took = []
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as (pid, url):
        asyncio.run(work(url, 20))
        for _ in range(asked.rounds):
            before = seconds_of(pid)
            asyncio.run(work(url, asked.jobs))
            took.append((seconds_of(pid) - before) / asked.jobs * 1000)
    spread = [round(min(took), 2), round(max(took), 2)]
    print(
        json.dumps(
            {"row": 17, "jobs": asked.jobs, "ms_a_job": round(statistics.median(took), 2), "spread": spread}
        )
    )


if __name__ == "__main__":
    main()
