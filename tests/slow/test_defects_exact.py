"""Each seeded defect turns exactly the check red whose number it bears: proof that the checks can fail.

A defect is a patch `tests/<framework>/checks/defects/NN_<slug>.patch` against `src/`. It is applied to a copy of the project, and the checks of its
framework run on the copy; those of `SLOW` numbers only for defects of their own. The quick form, that every patch still applies and no number is without one, is in `tests/test_defects.py`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.defects]

ROOT = Path(__file__).parents[2]
CHECKS = sorted(ROOT.glob("tests/*/checks"))
AT_ONCE = 2
SLOW = ("32", "34")  # they would cost more than all the others together
_SECONDS = 300
_NUMBER = re.compile(r"test_check_(\d\d)_")
_FAILED = re.compile(r"^(?:FAILED|ERROR) \S*::(test_check_\d\d_\w+)", re.MULTILINE)


class Copy:
    """The project, aside, where it may be broken.

    Args:
        folder: Where to put it.
        patch: A defect that it shall have.
    """

    def __init__(self, folder: Path, patch: Path | None = None) -> None:
        self.folder = folder
        leave = shutil.ignore_patterns("__pycache__", ".*_cache", "*.egg-info", ".hypothesis")
        for part in ("src", "tests", "examples"):
            shutil.copytree(ROOT / part, folder / part, ignore=leave)
        for file in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / file, folder / file)
        if patch is not None:
            done = self._run("patch", "-p1", "--forward", "--fuzz=2", "-i", str(patch))
            assert done.returncode == 0, f"{patch.name} no longer applies, make it anew:\n{done.stdout}"
        where = self._run(
            sys.executable, "-c", "import extract_bridge; print(extract_bridge.__file__)"
        ).stdout.strip()
        assert Path(where).is_relative_to(folder.resolve()), "the copy's src must win over the installed one"

    def red(self, checks: Path, number: str | None = None) -> tuple[set[str], str]:
        """The numbers of the checks that fail, and what pytest says.

        Args:
            checks: The folder of checks, in the project.
            number: Of the defect, if there is one.
        """
        left_out = [f" and not test_check_{slow}_" for slow in SLOW if slow != number]
        chosen = "test_check_" + "".join(left_out)
        done = self._run(
            *(sys.executable, "-m", "pytest", "-q", "--tb=line", "-p", "no:cacheprovider", "-k", chosen),
            str(checks.relative_to(ROOT)),
        )
        assert done.returncode in (0, 1), (
            f"the checks did not run:\n{done.stdout[-3000:]}{done.stderr[-2000:]}"
        )
        return {_NUMBER.match(name).group(1) for name in _FAILED.findall(done.stdout)}, done.stdout  # type: ignore[union-attr]

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        environment = {**kept, "PYTHONPATH": str(self.folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )


def _patches(checks: Path) -> list[Path]:
    return sorted((checks / "defects").glob("*.patch"))


@pytest.mark.parametrize("checks", CHECKS, ids=lambda path: path.parent.name)
def test_without_a_defect_all_checks_are_green(checks: Path, tmp_path: Path) -> None:
    red, said = Copy(tmp_path / "copy").red(checks)
    assert not red, said[-3000:]


@pytest.mark.parametrize("checks", CHECKS, ids=lambda path: path.parent.name)
def test_each_defect_turns_exactly_its_check_red(checks: Path, tmp_path: Path) -> None:
    def problem(patch: Path) -> str | None:
        number = patch.name[:2]
        try:
            copy = Copy(tmp_path / patch.stem, patch)
            red, said = copy.red(checks, number)
        except (AssertionError, subprocess.TimeoutExpired) as error:
            return f"{patch.name}: {error}"
        shutil.rmtree(copy.folder)
        if red == {number}:
            return None
        return f"{patch.name}: red are {sorted(red)}\n{said[-1500:]}"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        problems = [item for item in pool.map(problem, _patches(checks)) if item]
    assert not problems, "\n\n".join(problems)
