"""`BatchExtractor` on a real Ray: the records of one machine, whatever the batches are made of, and with a worker killed in mid-run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extract_bridge import ExtractClient, ExtractedRecord
from extract_bridge.bulk import BatchExtractor, Ledger, extract_many
from extract_bridge.bulk.batch import COLUMNS

# Ray warns of its own settings, and lets go of its processes' files when it likes.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

SCHEMA = {
    "title": "Note",
    "type": "object",
    "properties": {"number": {"type": "string"}, "total": {"type": "number"}},
}
COUNT = 24
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    ray = pytest.importorskip("ray")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(
        num_cpus=4,  # two for actors; reading needs some too, and waits for ever where there are none
        object_store_memory=100_000_000,
        include_dashboard=False,
        configure_logging=False,
        log_to_driver=False,
    )
    yield ray
    ray.shutdown()


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inbox")
    for number in range(COUNT):
        (folder / f"{number:02}.txt").write_text(f"Number: N-{number:02}\nTotal: {number}.50\n")
    return folder


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service in a process of its own, which all workers ask."""
    data = tmp_path_factory.mktemp("service")
    code = f"from extract_bridge.cli import main; main(['serve', '--port', '0', '--data-dir', {str(data)!r}])"
    running = subprocess.Popen(
        [sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert running.stdout is not None
    told = ""
    while not (found := re.search(r"http://127\.0\.0\.1:\d+", told)):
        line = running.stdout.readline()
        assert line, told
        told += line
    yield found[0]
    running.terminate()
    running.wait(20)


@pytest.fixture(scope="module")
def alone(inbox: Path, url: str) -> list[dict[str, Any]]:
    """What one machine reads."""
    with ExtractClient(base_url=url) as client:
        done = extract_many(
            sorted(map(str, inbox.iterdir())), client=client, data_schema=SCHEMA, ordered=True
        )
        return [stripped(record.to_dict()) for one in done for record in one.records]


def stripped(record: dict[str, Any]) -> dict[str, Any]:
    """Without what is another each time."""
    return {key: value for key, value in record.items() if key != "job_id"}


def records(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    assert {row["error"] for row in rows} == {None}
    return [stripped(json.loads(row["record"])) for row in sorted(rows, key=lambda row: row["path"])]


@pytest.mark.parametrize(
    ("form", "content"), [("numpy", None), ("pandas", None), ("pyarrow", None), ("pyarrow", "bytes")]
)
def test_a_pool_of_actors_reads_what_one_machine_reads(
    form: str, content: str | None, ray: Any, inbox: Path, url: str, alone: list[dict[str, Any]]
) -> None:
    paths = sorted(map(str, inbox.iterdir()))
    if content is None:
        documents = ray.data.from_items([{"path": path, "tenant": at} for at, path in enumerate(paths)])
    else:
        documents = ray.data.read_binary_files(str(inbox), include_paths=True)
    read = documents.map_batches(
        BatchExtractor,
        fn_constructor_kwargs={"data_schema": SCHEMA, "base_url": url, "content": content},
        concurrency=2,
        batch_size=5,
        batch_format=form,
    )
    rows = read.take_all()
    assert records(rows) == alone
    assert set(rows[0]) == {"path", *(["tenant"] if content is None else []), *COLUMNS}
    found = {ExtractedRecord.from_dict(json.loads(row["record"])).id for row in rows}
    assert {row["record_id"] for row in rows} == found


def test_an_object_is_mapped_by_tasks_too(ray: Any, inbox: Path, url: str) -> None:
    extract = BatchExtractor(data_schema=SCHEMA, base_url=url, columns={"record": None})
    items = [{"path": str(inbox / "00.txt")}, {"path": str(inbox / "missing.txt")}]
    good, bad = sorted(
        ray.data.from_items(items).map_batches(extract, batch_size=1).take_all(), key=lambda row: row["path"]
    )
    assert json.loads(good["data"])["number"] == "N-00"
    assert (bad["data"], bad["error_code"]) == (None, "file_not_found")


def test_a_worker_that_is_killed_in_mid_run_costs_nothing(
    ray: Any, inbox: Path, url: str, alone: list[dict[str, Any]], tmp_path: Path
) -> None:
    """Its batch is tried again by another: what it had begun is in the ledger, and taken up."""
    ledger, killed = tmp_path / "node.ledger", tmp_path / "killed"

    class KilledOnce(BatchExtractor):
        """Dies by SIGKILL, once in the whole run, as soon as jobs of its own run."""

        def __call__(self, batch: Any) -> Any:
            import os
            import signal
            import threading
            import time

            from extract_bridge.bulk import Ledger

            def watch() -> None:
                kept = Ledger(ledger)
                while not any(kept.entries(states=("running", "sending", "completed"))):
                    time.sleep(0.002)
                try:
                    os.close(os.open(killed, os.O_CREAT | os.O_EXCL))
                except FileExistsError:
                    return
                os.kill(os.getpid(), signal.SIGKILL)

            if not killed.exists():
                threading.Thread(target=watch, daemon=True).start()
            return super().__call__(batch)

    with ExtractClient(base_url=url) as client:
        before = {job.id for job in client.list(page_size=100)}
        read = ray.data.from_items([{"path": str(path)} for path in sorted(inbox.iterdir())]).map_batches(
            KilledOnce,
            fn_constructor_kwargs={"data_schema": SCHEMA, "base_url": url, "ledger": str(ledger)},
            concurrency=2,
            batch_size=8,
        )
        rows = read.take_all()
        made = [job for job in client.list(page_size=100) if job.id not in before]
    assert killed.exists(), "one was killed"
    assert records(rows) == alone
    assert len(made) == COUNT, "no document was paid for twice"
    with Ledger(ledger) as kept:
        states = Counter(entry.state for entry in kept.entries())
        assert {entry.job_id for entry in kept.entries(states=["completed"])} == {job.id for job in made}
    assert states.pop("completed") == COUNT
    assert set(states) <= {"void"}, "of some the killed one had sent nothing yet"
    print(f"figure: {COUNT} documents, one worker killed, {len(made)} jobs made")


def test_the_pages_pipeline_runs(ray: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "examples" / "scale.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python ray\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    (tmp_path / "inbox").mkdir()
    for name in "ab":
        (tmp_path / "inbox" / f"{name}.txt").write_text(f"Number: {name.upper()}-17\n")
    monkeypatch.chdir(tmp_path)
    block = block.replace('"inbox"', repr(str(tmp_path / "inbox"))).replace(
        '"records"', repr(str(tmp_path / "records"))
    )
    exec(block, {"ray": ray, "BatchExtractor": BatchExtractor, "Invoice": SCHEMA})
    rows = ray.data.read_parquet(str(tmp_path / "records")).take_all()
    assert sorted(json.loads(row["data"])["number"] for row in rows) == ["A-17", "B-17"]


def test_the_example_runs_on_ray() -> None:
    environment = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0"}
    command = [sys.executable, str(ROOT / "examples" / "13_ray_data_batches.py")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert "ids as on one machine: True" in done.stdout
    assert "MapBatches(BatchExtractor)" in done.stdout + done.stderr, "it was Ray that mapped them"
