"""`extract-bridge serve --faults`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from extract_bridge.cli import main

SERVE = "from extract_bridge.cli import main; main()"


def test_the_command_line_switches_faults_on(tmp_path: Path) -> None:
    words = ["serve", "--port", "0", "--data-dir", str(tmp_path / "data"), "--faults", "rate-limit@list=1:3"]
    with subprocess.Popen(
        [sys.executable, "-c", SERVE, *words], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[3]
            with httpx.Client(base_url=url, trust_env=False) as http:
                reply = http.get("/api/v2/extract")
                assert (reply.status_code, reply.headers["retry-after"]) == (429, "3")
                own = {"x-extract-bridge-faults": "seed=1"}
                assert http.get("/api/v2/extract", headers=own).status_code == 200
        finally:
            process.terminate()


def test_a_wrong_spec_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["serve", "--data-dir", str(tmp_path / "data"), "--faults", "lost=2"])
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert "RATE is between 0 and 1" in said
    assert "Traceback" not in said
    assert not (tmp_path / "data").exists()
