"""What a demanding user checks of a load that is killed and made again. The seeded defect is in `defects/`."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from extract_bridge import ExtractClient
from extract_bridge.bulk import Ledger
from extract_bridge.langchain import ExtractLoader
from extract_bridge.testing.server import serving

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
LOAD = """
import sys
from extract_bridge import ExtractClient
from extract_bridge.bulk import Ledger
from extract_bridge.langchain import ExtractLoader

folder, ledger, url = sys.argv[1:]
schema = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
loader = ExtractLoader(folder, data_schema=schema, base_url=url, ledger=Ledger(ledger), ordered=False)
for document in loader.lazy_load():
    print(document.page_content, flush=True)
    sys.stdin.read()  # until it is killed: the others are on their way
"""


def test_check_35_a_load_that_was_killed_is_made_again_at_no_cost(tmp_path: Path) -> None:
    folder, ledger = tmp_path / "inbox", tmp_path / "ledger.sqlite3"
    folder.mkdir()
    for number in range(8):
        (folder / f"{number}.txt").write_text(f"Number: A-{number}\n")
    with serving(tmp_path / "data") as server:
        process = subprocess.Popen(
            [sys.executable, "-c", LOAD, str(folder), str(ledger), server.base_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() != ""
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for number in range(8):  # and everything has another name by then
            (folder / f"{number}.txt").rename(folder / f"renamed-{number}.txt")
        loader = ExtractLoader(folder, data_schema=SCHEMA, base_url=server.base_url, ledger=Ledger(ledger))
        found = loader.load()
        with ExtractClient(base_url=server.base_url) as client:
            jobs = list(client.list())
    assert [item.page_content for item in found] == [f"number: A-{number}" for number in range(8)]
    assert len(jobs) == 8
    assert len({job.file_input for job in jobs}) == 8
