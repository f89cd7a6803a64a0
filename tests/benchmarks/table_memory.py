"""Memory a row of a long table, through the whole service and by stage.

    python tests/benchmarks/table_memory.py [--rows 2000 20000] [--target per_table_row]

For each number of rows, a document (`bench`'s ruled list of shipments, over pages) goes through `extract-bridge serve`. Each process is asked for
the most memory that it had (`VmHWM`, set back before) above what it had after a document of ten rows: the worker that reads, the service that stores
and sends the answer, and two clients, one that keeps all records (`run`) and one that streams them (`open_result`, `iter_records`). The answer's own
size (JSON, with citations) is what cannot be gone below by whoever holds it whole.

By stage: what Python holds in one process that does the worker's work, and the most it held since the stage before (`tracemalloc`).
Linux only. Not in any test suite: it asserts nothing.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections import deque
from itertools import chain
from pathlib import Path
from typing import Any

from service_cpu import served

SMALL = 10


def kib(pid: int | str, name: str) -> int:
    """A line of what Linux knows of a process's memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name))


class Watched:
    """The memory of a process from now on."""

    def __init__(self, pid: int | str) -> None:
        self.pid = pid
        self.begun = kib(pid, "VmRSS")
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")  # the peak is now

    def bytes_a_row(self, rows: int) -> float:
        """At the peak."""
        return (kib(self.pid, "VmHWM") - self.begun) * 1024 / rows


def draw(rows: int, folder: Path, target: str) -> None:
    """A document and its configuration."""
    from extract_bridge.bench.layouts.shipments import long_table

    document = long_table(random.Random(7), 1, rows, "ruled")
    schema: Any = dict(document.data_schema)
    if target != "per_table_row":
        schema = {"type": "object", "properties": {"shipments": {"type": "array", "items": schema}}}
    (folder / f"{rows}.pdf").write_bytes(document.content)
    told = {
        "data_schema": schema,
        "extraction_target": target,
        "cite_sources": True,
        "confidence_scores": True,
    }
    (folder / f"{rows}.json").write_text(json.dumps(told), encoding="utf-8")


# --- in processes of their own -----------------------------------------------------------------------------------


def by_stage(folder: Path, rows: int) -> None:
    """Prints what is held after each stage of the worker's work."""
    from extract_bridge.core.records.write import dump_records
    from extract_bridge.local.engine.engine import ExtractRequest, RulesEngine
    from extract_bridge.parse.open import parse_document

    told = json.loads((folder / f"{rows}.json").read_text(encoding="utf-8"))
    target = told["extraction_target"]
    request = ExtractRequest(data_schema=told["data_schema"], extraction_target=target)
    warm = parse_document(folder / f"{SMALL}.pdf", name="a.pdf")
    dump_records(RulesEngine().each(warm, request), extraction_target=target)
    del warm
    gc.collect()

    def say(stage: str) -> None:
        held, most = tracemalloc.get_traced_memory()
        print(f"    {stage:22} held {held / rows:7.0f}   at most {most / rows:7.0f} bytes a row")
        tracemalloc.reset_peak()

    tracemalloc.start()
    document = parse_document(folder / f"{rows}.pdf", name="a.pdf")
    say("pages read")
    records = RulesEngine().each(document, request)
    del document
    first = next(records)
    say("first record made")

    answer = dump_records(chain([first], records), extraction_target=target)
    say("answer written")
    del records, first
    gc.collect()
    say("records let go")
    print(f"    {'the answer itself':22} held {sum(map(len, answer)) / rows:7.0f}")


def client(url: str, folder: Path, rows: int, job_id: str) -> None:
    """Prints what reading a finished job's records cost: kept, or streamed where an id is given."""
    from extract_bridge import ExtractClient
    from extract_bridge.core.records.read import records_from_job
    from extract_bridge.core.records.stream import iter_records

    told = json.loads((folder / f"{rows}.json").read_text(encoding="utf-8"))
    with ExtractClient(base_url=url, http_timeout=600) as service:
        service.run(folder / f"{SMALL}.pdf", **told)
        gc.collect()
        mine = Watched("self")
        if job_id:
            with service.open_result(job_id) as answer:
                deque(iter_records(answer), maxlen=0)
        else:
            job = service.run(folder / f"{rows}.pdf", **told)
            kept = [dict(record.fields) for record in records_from_job(job)]
            job_id = job.id if kept else ""
        print(json.dumps([mine.bytes_a_row(rows), job_id]))


# --- all together ------------------------------------------------------------------------------------------------


def worker_of(pid: int) -> int:
    """The service's one worker process."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    return int(" ".join(path.read_text(encoding="ascii") for path in children).split()[0])


def asked(*arguments: str) -> str:
    """What this script prints in a process of its own."""
    return subprocess.check_output([sys.executable, __file__, *arguments], text=True)


def through_service(folder: Path, rows: int) -> None:
    """Prints the peaks of worker, service and clients."""
    from extract_bridge import ExtractClient

    told = json.loads((folder / f"{rows}.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as data, served(Path(data)) as (pid, url):
        with ExtractClient(base_url=url, http_timeout=600) as warm:
            warm.run(folder / f"{SMALL}.pdf", **told)
            file = warm.files.create(folder / f"{rows}.pdf")
            worker, service = Watched(worker_of(pid)), Watched(pid)
            begun = time.perf_counter()
            warm.create(file.id, **told)
            while any(next(warm.list(status=status, page_size=1), None) for status in ("PENDING", "RUNNING")):
                time.sleep(0.2)  # the answer itself is not asked for yet
            took = time.perf_counter() - begun
            figures = {"worker": worker.bytes_a_row(rows), "service, storing": service.bytes_a_row(rows)}
        service = Watched(pid)
        kept, job_id = json.loads(asked("--client", url, str(folder), str(rows), ""))
        streamed, _ = json.loads(asked("--client", url, str(folder), str(rows), job_id))
        figures |= {"client, all kept": kept, "client, streamed": streamed}
    print(f"  through the service: {took:.1f} s")
    for name, most in figures.items():
        print(f"    {name:22} at most {most:7.0f} bytes a row, {most * rows / 2**20:6.1f} MiB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="*", default=[2000, 20000])
    parser.add_argument("--target", choices=["per_table_row", "per_doc"], default="per_table_row")
    parser.add_argument("--stages", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--client", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.stages:
        by_stage(Path(options.stages[0]), int(options.stages[1]))
    elif options.client:
        url, folder, rows, job_id = options.client
        client(url, Path(folder), int(rows), job_id)
    else:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            for rows in (SMALL, *options.rows):
                draw(rows, folder, options.target)
            for rows in options.rows:
                print(
                    f"{rows} rows, {options.target}, {(folder / f'{rows}.pdf').stat().st_size / rows:.0f} bytes of PDF a row"
                )
                through_service(folder, rows)
                print("  in the worker, by stage:")
                print(asked("--stages", str(folder), str(rows)), end="")


if __name__ == "__main__":
    main()
