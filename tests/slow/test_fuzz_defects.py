"""Each numbered check can fail: for each there is a seeded defect, and exactly the check of that number finds it.

A defect is a patch of `src`, `tests/<framework>/checks/defects/NN_<what>.patch`. Each is applied to a copy of the project, and the checks of its framework
are run there. `SLOW` checks run only for defects of their own number: they would cost more than all the others together.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATCHES = sorted(ROOT.glob("tests/*/checks/defects/*.patch"))
FRAMEWORKS = sorted({patch.parents[1] for patch in PATCHES})
SLOW = {32, 34}
AT_ONCE = 2
CACHES = shutil.ignore_patterns("__pycache__", ".*_cache", "*.pyc")


def number_of(name: str) -> int:
    """The number of a patch, or of a check."""
    found = re.search(r"(?:check_|^)(\d\d)_", name)
    assert found is not None, name
    return int(found[1])


def checks_in(folder: Path) -> set[int]:
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("test_*.py")]
    return {int(number) for text in texts for number in re.findall(r"def test_check_(\d\d)_", text)}


def named(path: Path) -> str:
    return f"{path.parents[2].name}-{path.stem}"


@pytest.mark.parametrize("patch", PATCHES, ids=named)
def test_a_defect_still_applies(patch: Path) -> None:
    done = subprocess.run(
        ["git", "apply", "--check", str(patch)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if "not a git repository" in done.stderr:  # a copy without history
        command = ["patch", "--dry-run", "-p1", "-i", str(patch)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (
        f"{patch.name} no longer fits the code: make it anew with git diff\n{done.stderr}"
    )


@pytest.mark.parametrize("folder", FRAMEWORKS, ids=lambda folder: folder.parent.name)
def test_every_check_has_a_defect(folder: Path) -> None:
    have = {number_of(path.name) for path in PATCHES if path.parents[1] == folder}
    assert have == checks_in(folder)


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> object:
    """The numbers of the checks that a patch turns red; all patches are on their way at once, a few at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running: dict[Path | None, Future[set[int]]] = {}

        def start(patch: Path | None, folder: Path) -> Future[set[int]]:
            return pool.submit(run, patch, folder, tmp_path_factory.mktemp("copy"))

        running = {patch: start(patch, patch.parents[1]) for patch in PATCHES}

        @cache
        def clean(folder: Path) -> set[int]:
            return start(None, folder).result()

        yield lambda patch: running[patch].result() if patch.suffix == ".patch" else clean(patch)


def run(patch: Path | None, folder: Path, copy: Path) -> set[int]:
    """Run a framework's checks in a copy of the project, with a patch or without one."""
    for part in ("src", "tests", "examples"):
        shutil.copytree(ROOT / part, copy / part, ignore=CACHES)
    shutil.copy(ROOT / "pyproject.toml", copy)
    if patch is not None:
        subprocess.run(["patch", "--quiet", "-p1", "-i", str(patch)], cwd=copy, check=True)
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    where = [sys.executable, "-c", "import extract_bridge; print(extract_bridge.__file__)"]
    loaded = subprocess.run(
        where, cwd=copy, env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert loaded.startswith(str(copy)), loaded
    left_out = SLOW - ({number_of(patch.name)} if patch else set())
    chosen = " and ".join(f"not check_{number}" for number in sorted(left_out)) or "check"
    checks = str(folder.relative_to(ROOT))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--tb=no",
        "-k",
        chosen,
        checks,
    ]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    shutil.rmtree(copy, ignore_errors=True)
    assert done.returncode in {0, 1}, done.stdout[-2000:] + done.stderr[-2000:]
    return {
        number_of(line.partition("::")[2])
        for line in done.stdout.splitlines()
        if line.startswith(("FAILED", "ERROR"))
    }


@pytest.mark.slow
@pytest.mark.fuzz
@pytest.mark.parametrize("folder", FRAMEWORKS, ids=lambda folder: folder.parent.name)
def test_without_a_defect_all_is_green(folder: Path, red: object) -> None:
    assert red(folder) == set()  # type: ignore[operator]


@pytest.mark.slow
@pytest.mark.fuzz
@pytest.mark.parametrize("patch", PATCHES, ids=named)
def test_a_defect_is_found_by_its_check_alone(patch: Path, red: object) -> None:
    assert red(patch) == {number_of(patch.name)}  # type: ignore[operator]
