"""Every pattern of the package over lines of 1 MB; one that takes time with the square of its text would take hours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROBE = Path(__file__).parents[1] / "core" / "patterns_probe.py"


@pytest.mark.slow
@pytest.mark.fuzz
def test_lines_of_a_megabyte() -> None:
    command = [sys.executable, "-W", "ignore", str(PROBE), "1000000", "60"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
