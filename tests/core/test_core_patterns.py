"""No pattern of this package takes time with the square of its text's length: `tests/slow/test_fuzz_patterns.py` has lines of 1 MB."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROBE = Path(__file__).with_name("patterns_probe.py")


@pytest.mark.skipif(sys.platform == "win32", reason="the kernel's limit on processor time is not there")
def test_every_pattern_is_linear() -> None:
    command = [sys.executable, "-W", "ignore", str(PROBE), "20000", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout.split()[0]) > 60


@pytest.mark.skipif(sys.platform == "win32", reason="the kernel's limit on processor time is not there")
def test_the_probe_finds_a_quadratic_pattern(tmp_path: Path) -> None:
    text = PROBE.read_text(encoding="utf-8")
    head, tail = text.split("def inside(", 1)
    begin = head.index("def patterns()")
    one = 'def patterns():\n    yield "bad", re.compile(r"\\s+x"), frozenset({"search"})\n\n\n'
    (tmp_path / "probe.py").write_text(head[:begin] + one + "def inside(" + tail, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "probe.py"), "100000", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["bad", "1", "patterns,", "1", "over", "the", "limit"]
