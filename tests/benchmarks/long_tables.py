"""A table of 2,000 rows and more: seconds and memory by the number of rows.

    python tests/benchmarks/long_tables.py [--rows 250 1000 2000] [--rounds 3]

Each round reads a freshly drawn document (`bench`'s ruled list of shipments, over pages) in a process of its own: parsing and filling as the service's
worker does it. Processor time counts, since the wall clock is noisy; peak memory is the process's own, above what it had after its imports. Then the
same document goes through the whole local service once, in wall time. Not in any test suite: it asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def peak_kib() -> int:
    """The most memory that this process had; `ru_maxrss` would count its parent's, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def measure(folder: Path) -> None:
    """One document in this process, which has not drawn it; prints what it cost as JSON."""
    from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
    from extract_bridge.parse.open import parse_document

    told = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    request = ExtractRequest(data_schema=told["schema"], extraction_target="per_table_row")
    before = peak_kib()
    begun = time.process_time()
    parsed = parse_document(folder / "stored", name=told["name"])
    read = time.process_time()
    records = RulesEngine().extract(parsed, request)
    done = time.process_time()
    peak = peak_kib() - before
    right = sum(dict(record.data) == row for record, row in zip(records, told["expected"], strict=False))
    figures = {"pages": len(parsed.pages), "parse": read - begun, "fill": done - read, "MiB": peak / 1024}
    print(json.dumps({**figures, "right": right}))


def drawn(rows: int, folder: Path) -> None:
    """A document and its truth in a folder."""
    from extract_bridge.bench.layouts.shipments import long_table

    document = long_table(random.Random(7), 1, rows, "ruled")
    told = {"name": document.name, "schema": document.data_schema, "expected": document.expected}
    (folder / "stored").write_bytes(document.content)
    (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")


def through_service(rows: int) -> float:
    """Seconds of wall time from upload to result."""
    from extract_bridge import ExtractClient
    from extract_bridge.bench.layouts.shipments import long_table

    document = long_table(random.Random(7), 1, rows, "ruled")
    with ExtractClient(local=True) as client:
        client.run(b"a,b\n1,2\n", file_name="warm.csv", data_schema=dict(document.data_schema))
        begun = time.perf_counter()
        client.run(
            document.content,
            file_name=document.name,
            data_schema=dict(document.data_schema),
            extraction_target="per_table_row",
        )
        return time.perf_counter() - begun


def main() -> None:
    """Measure each number of rows and print a line for it."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--rows", type=int, nargs="*", default=[250, 1000, 2000])
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    if chosen.measure:
        measure(chosen.measure)
        return
    print("rows  pages  parse s  fill s  peak MiB  rows right  service s")
    for rows in chosen.rows:
        with tempfile.TemporaryDirectory() as folder:
            drawn(rows, Path(folder))
            command = [sys.executable, __file__, "--measure", folder]
            runs = [json.loads(subprocess.check_output(command)) for _ in range(chosen.rounds)]
        middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        print(
            f"{rows:5} {middle['pages']:5.0f} {middle['parse']:8.2f} {middle['fill']:7.2f} {middle['MiB']:9.1f} "
            f"{middle['right']:8.0f} {through_service(rows):13.2f}"
        )


if __name__ == "__main__":
    main()
