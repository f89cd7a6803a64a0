"""What a tool call costs over the client's own call: CPU of one `acall` that joins a finished job, against `wait` alone.

    python tests/benchmarks/llama_index_tools.py [--rounds 5] [--calls 50]

Both ask the same service for the same job, in turns; what is left is ours: arguments, guard, hashing, records, answer, spans.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel

from extract_bridge import ExtractClient, LocalService
from extract_bridge.llama_index import make_extract_tool

if TYPE_CHECKING:
    from collections.abc import Callable


class Invoice(BaseModel):
    """Three fields."""

    number: str | None = None
    seller: str | None = None
    total: float | None = None


def cpu_ms(call: Callable[[], object], calls: int) -> float:
    """CPU of this process for one call, in milliseconds."""
    start = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - start) * 1000 / calls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=50)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        ExtractClient(local=LocalService(data_dir=Path(folder) / "service")) as client,
    ):
        (Path(folder) / "a.txt").write_text("Number: N-1\nSeller: ACME\nTotal: 150.00\n")
        tool = make_extract_tool(data_schema=Invoice, documents={"a": Path(folder) / "a.txt"}, client=client)
        job_id = tool(document="a").raw_output.job_id
        bare, ours, refused = [], [], []
        for _ in range(asked.rounds):
            bare.append(cpu_ms(lambda: client.wait(job_id), asked.calls))
            ours.append(cpu_ms(lambda: tool(document="a"), asked.calls))
            refused.append(cpu_ms(lambda: tool(document="b"), asked.calls))
    base, full = statistics.median(bare), statistics.median(ours)
    print(
        f"client.wait {base:.2f} ms, tool call {full:.2f} ms: {full - base:.2f} ms over it ({full / base:.2f}x)"
    )
    print(f"refused before any request: {statistics.median(refused):.2f} ms")


if __name__ == "__main__":
    main()
