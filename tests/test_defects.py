"""The quick form of `tests/slow/test_defects_exact.py`: every seeded defect still applies, and no check is without one."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PATCHES = sorted(ROOT.glob("tests/*/checks/defects/*.patch"))
LAST = {"langchain": 35, "llama_index": 30}


@pytest.mark.parametrize("patch", PATCHES, ids=lambda path: f"{path.parents[2].name}-{path.stem}")
def test_a_defect_applies(patch: Path, tmp_path: Path) -> None:
    named = re.findall(r"^--- a/(\S+)", patch.read_text(), re.MULTILINE) or re.findall(
        r"^diff --git a/(\S+)", patch.read_text(), re.MULTILINE
    )
    assert named
    for name in named:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    # Without a repository around it, so that a checkout without one can be tested too.
    done = subprocess.run(
        ["patch", "-p1", "--dry-run", "--forward", "-i", str(patch)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{patch.name} no longer applies, make it anew:\n{done.stdout}"


@pytest.mark.parametrize("framework", LAST)
def test_no_number_is_without_check_and_defect(framework: str) -> None:
    checks = ROOT / "tests" / framework / "checks"
    tested = {
        int(number)
        for file in checks.glob("test_*.py")
        for number in re.findall(r"def test_check_(\d\d)_", file.read_text())
    }
    numbers = set(range(1, LAST[framework] + 1))
    assert tested == numbers
    seeded = {int(path.name[:2]) for path in (checks / "defects").glob("*.patch")}
    assert seeded == numbers
