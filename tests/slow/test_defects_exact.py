"""Each seeded defect turns exactly the check red whose number it bears: proof that the checks can fail.

A defect is a patch `tests/<framework>/checks/defects/NN_<slug>.patch` against the project. It is applied to a copy of it, and the checks of its
framework run on the copy; those of `SLOW` numbers only for defects of their own. The quick form, that every patch still applies and no number is
without one, is in `tests/test_defects.py`. One defect: `-k langchain-20_bounded`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.slow, pytest.mark.defects]

ROOT = Path(__file__).parents[2]
CHECKS = sorted(ROOT.glob("tests/*/checks"))
PATCHES = sorted(ROOT.glob("tests/*/checks/defects/*.patch"))
AT_ONCE = 2
SLOW = {"langchain": ("32", "34"), "llama_index": ("28",)}  # a few cost as much as all the others together
_SECONDS = 300
_NUMBER = re.compile(r"test_check_(\d\d)_")
_FAILED = re.compile(r"^(?:FAILED|ERROR) \S*::(test_check_\d\d_\w+)", re.MULTILINE)
_LEFT_OUT = shutil.ignore_patterns(".*_cache", "*.egg-info", ".hypothesis")


class Copy:
    """A copy of the project, aside, where it may be broken.

    Args:
        folder: Where to put it.
        of: What to copy: the project, or a copy whose checks have run. Its compiled modules come along, so that only what a patch touches
            is compiled again.
    """

    def __init__(self, folder: Path, of: Path = ROOT) -> None:
        self.folder = folder
        for part in ("src", "tests", "examples"):
            shutil.copytree(of / part, folder / part, ignore=_LEFT_OUT)
        for file in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy2(of / file, folder / file)
        where = self._run(
            sys.executable, "-c", "import extract_bridge; print(extract_bridge.__file__)"
        ).stdout.strip()
        assert Path(where).is_relative_to(folder.resolve()), "the copy's src must win over the installed one"

    def damage(self, patch: Path) -> None:
        """Apply a defect."""
        done = self._run("patch", "-p1", "--forward", "--fuzz=2", "-i", str(patch))
        assert done.returncode == 0, f"{patch.name} no longer applies, make it anew:\n{done.stdout}"

    def red(self, checks: Path, left_out: tuple[str, ...] = ()) -> tuple[set[str], str]:
        """The numbers of the checks that fail, and what pytest says.

        Args:
            checks: The folder of checks, in the project.
            left_out: Numbers of checks that do not run.
        """
        chosen = "test_check_" + "".join(f" and not test_check_{number}_" for number in left_out)
        done = self._run(
            *(sys.executable, "-m", "pytest", "-q", "--tb=line", "-p", "no:cacheprovider", "-k", chosen),
            str(checks.relative_to(ROOT)),
        )
        assert done.returncode in (0, 1), (
            f"the checks did not run:\n{done.stdout[-3000:]}{done.stderr[-2000:]}"
        )
        return {_NUMBER.match(name).group(1) for name in _FAILED.findall(done.stdout)}, done.stdout  # type: ignore[union-attr]

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        # Of pytest's variables none may reach the checks, and what is compiled must be kept.
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON"))
        }
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**kept, "PYTHONPATH": str(self.folder / "src")},
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy without a defect."""
    return Copy(tmp_path_factory.mktemp("whole") / "copy")


@pytest.fixture(scope="module")
def reds(
    whole: Copy, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Path], tuple[set[str], str]]]:
    """`reds(patch)` -> what `Copy.red` says of it. Those that were chosen run `AT_ONCE` at a time, ahead of the tests that ask."""
    folder = tmp_path_factory.mktemp("broken")

    def red(patch: Path) -> tuple[set[str], str]:
        checks = patch.parents[1]
        copy = Copy(folder / checks.parent.name / patch.stem, whole.folder)
        try:
            copy.damage(patch)
            slow = SLOW[checks.parent.name]
            return copy.red(checks, tuple(number for number in slow if not patch.name.startswith(number)))
        finally:
            shutil.rmtree(copy.folder)

    items = [item for item in request.session.items if item.path == request.path]
    chosen = [item.callspec.params.get("patch") for item in items if isinstance(item, pytest.Function)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found: dict[Path, Future[tuple[set[str], str]]] = {
            patch: pool.submit(red, patch) for patch in chosen if patch is not None
        }
        yield lambda patch: found[patch].result()
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("checks", CHECKS, ids=lambda path: path.parent.name)
def test_without_a_defect_all_checks_are_green(checks: Path, whole: Copy) -> None:
    red, said = whole.red(checks)
    assert not red, said[-3000:]


@pytest.mark.parametrize("patch", PATCHES, ids=lambda path: f"{path.parents[2].name}-{path.stem}")
def test_a_defect_turns_exactly_its_check_red(
    patch: Path, reds: Callable[[Path], tuple[set[str], str]]
) -> None:
    red, said = reds(patch)
    assert red == {patch.name[:2]}, said[-1500:]
