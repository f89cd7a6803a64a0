"""A process is killed as it sends a create, and the service has forgotten the file: the document is uploaded again, by the same call."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from extract_bridge import ExtractClient, LocalService, RetryPolicy
from extract_bridge.bulk import Ledger

SCHEMA = {"type": "object", "properties": {"number": {"type": "string"}}}
KILLED = """
import os, signal
from extract_bridge import ExtractClient
from extract_bridge.bulk import Ledger
from extract_bridge.bulk.ledger.visit import LedgerVisit

sending = LedgerVisit.sending

def killed(self, file_input, *, own):
    sending(self, file_input, own=own)
    os.kill(os.getpid(), signal.SIGKILL)

LedgerVisit.sending = killed
ExtractClient(local=True).run("a.txt", data_schema=%r, ledger=Ledger("l.ledger"))
"""


def test_it_is_uploaded_again(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Number: A-17\n")
    done = subprocess.run([sys.executable, "-c", KILLED % SCHEMA], cwd=tmp_path, check=False)
    assert done.returncode == -9
    retry = RetryPolicy(settle_after=0.2)
    with (
        Ledger(tmp_path / "l.ledger") as ledger,
        ExtractClient(local=LocalService(data_dir=tmp_path / "other"), retry=retry) as client,
    ):
        assert [entry.state for entry in ledger.entries()] == ["doubtful"]
        job = client.run(tmp_path / "a.txt", data_schema=SCHEMA, ledger=ledger, timeout=30)
        assert job.extract_result == {"number": "A-17"}
        assert [entry.state for entry in ledger.entries()] == ["void", "completed"]
