"""`examples/testing.md` says what is so: its code passes, and its table is the table of faults."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from extract_bridge.local.service import faults

PAGE = (Path(__file__).resolve().parents[2] / "examples" / "testing.md").read_text(encoding="utf-8")


def test_its_code_passes(tmp_path: Path) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert len(blocks) == 3
    for number, block in enumerate(blocks):
        (tmp_path / f"test_block_{number}.py").write_text(block, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-W",
        "error",
        "--strict-markers",
        "-p",
        "extract_bridge",
    ]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    tests = sum(len(re.findall(r"^def test_", block, re.MULTILINE)) for block in blocks)
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed[1]) > tests  # those of the suites come on top


def rows(text: str) -> list[list[str]]:
    cells = [[cell.strip(" `-") for cell in line.strip().strip("|").split("|")] for line in text.splitlines()]
    return [row for row in cells if row[0] in faults._FAULTS]


def test_its_table_and_the_modules_are_one_and_say_what_the_code_does() -> None:
    table = rows(PAGE)
    assert table == rows(faults.__doc__ or "")
    assert [row[0] for row in table] == list(faults._FAULTS)
    for name, kind, number, _ in table:
        fault = faults._FAULTS[name]
        assert kind == fault.kind + (" only" if fault.only else "")
        default = faults._DEFAULTS[fault.number]
        said = {
            "seconds": "seconds",
            "status": "status",
            "retry-after": "Retry-After",
            "rate": "requests a second",
            "none": "",
        }[fault.number]
        if default is not None:
            said += f" ({default:g})"
        elif said:
            said += " (not sent)"
        assert number == said
