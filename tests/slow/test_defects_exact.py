"""Each seeded defect turns exactly the check red whose number it bears: proof that the checks can fail.

A defect is a patch `tests/<framework>/checks/defects/NN_<slug>.patch` against the project. It is applied to a copy of it, and the checks of its
framework run on the copy; those of `SLOW` numbers only for defects of their own. The quick form, that every patch still applies and no number is
without one, is in `tests/test_defects.py`. One defect: `-k langchain-20_bounded`.

A check that never enters what a defect changes cannot turn red, and is left out: while the checks run without a defect, `reach.py` sees which
functions each of them enters. All run where that proves nothing: for a change outside of a function, in a module that is not of `SEEN`, or of a
function whose results are kept; checks that start processes always run. `EXTRACT_BRIDGE_ALL_CHECKS=1` leaves out none.
"""

from __future__ import annotations

import ast
import difflib
import json
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
SEEN = (
    "langchain/",
    "llama_index/",
    "agent/",
    "bulk/",
)  # below these a process, a connection or a value may outlive a test
_FEW = 4  # so many defects are not worth a look at all checks first
_KEPT = ("cache", "singledispatch")
_SECONDS = 600
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
        done = self._run("patch", "-p1", "--forward", "--fuzz=2", "--no-backup-if-mismatch", "-i", str(patch))
        assert done.returncode == 0, f"{patch.name} no longer applies, make it anew:\n{done.stdout}"

    def red(self, checks: Path, left_out: tuple[str, ...] = (), **reach: str) -> tuple[set[str], str]:
        """The numbers of the checks that fail, and what pytest says.

        Args:
            checks: The folder of checks, in the project.
            left_out: Numbers of checks that do not run.
            **reach: Variables of `reach.py`.
        """
        chosen = "test_check_" + "".join(f" and not test_check_{number}_" for number in left_out)
        done = self._run(
            *(
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-n0",
                "--tb=line",
                "-p",
                "no:cacheprovider",
                "-p",
                "reach",
            ),
            *("-k", chosen, str(checks.relative_to(ROOT))),
            **reach,
        )
        assert done.returncode in (0, 1), (
            f"the checks did not run:\n{done.stdout[-3000:]}{done.stderr[-2000:]}"
        )
        return {_NUMBER.match(name).group(1) for name in _FAILED.findall(done.stdout)}, done.stdout  # type: ignore[union-attr]

    def _run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        # Of pytest's variables none may reach the checks, and what is compiled must be kept.
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON"))
        }
        path = os.pathsep.join(str(self.folder / part) for part in ("src", "tests/slow"))
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**kept, **variables, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )


class Green:
    """The checks of a framework without a defect.

    Args:
        checks: Their folder.
        whole: The copy to run them in.
        folder: Where to write what each enters; None to leave that out.
    """

    def __init__(self, checks: Path, whole: Copy, folder: Path | None) -> None:
        framework = checks.parent.name
        file = folder and folder / f"{framework}.json"
        unseen = " ".join(f"test_check_{number}_" for number in SLOW[framework])
        wanted = {"REACH_WRITE": str(file), "REACH_UNSEEN": unseen} if file else {}
        self.red, self.said = whole.red(checks, **wanted)
        found = json.loads(file.read_text()) if file else {"tests": {}, "always": [], "elsewhere": []}
        self._entered = {test: set(map(tuple, functions)) for test, functions in found["tests"].items()}
        self._always = set(map(tuple, found["always"]))
        self._elsewhere = set(found["elsewhere"])

    def needed(self, patch: Path, copy: Copy) -> list[str] | None:
        """The ids of the checks that may turn red by a defect; None for all.

        Args:
            patch: The defect.
            copy: Where it was applied.
        """
        changed = _changed(copy)
        if changed is None or changed & self._always:
            return None
        own = f"test_check_{patch.name[:2]}_"
        return [
            test
            for test, entered in self._entered.items()
            if own in test or test in self._elsewhere or changed & entered
        ]


def _changed(copy: Copy) -> set[tuple[str, int]] | None:
    """The functions that a defect changed, as `reach.py` calls them; None where all checks must run."""
    found: set[tuple[str, int]] = set()
    for file in (copy.folder / "src").rglob("*.py"):
        name = file.relative_to(copy.folder / "src").as_posix()
        before, after = (ROOT / "src" / name).read_text(), file.read_text()
        if before == after:
            continue
        if not name.removeprefix("extract_bridge/").startswith(SEEN) or file.name == "__init__.py":
            return None
        for kind, first, last, _, _ in difflib.SequenceMatcher(
            None, before.splitlines(), after.splitlines(), autojunk=False
        ).get_opcodes():
            if kind != "equal":
                lines = (first, first + 1) if kind == "insert" else (first + 1, last)
                function = _function_around(before, *lines)
                if function is None:
                    return None
                found.add((name, function))
    return found or None  # another file


def _function_around(source: str, first: int, last: int) -> int | None:
    """The first line of the innermost function whose body has these lines; None where there is none, or its results are kept."""
    around = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body[0].lineno <= first
        and last <= (node.end_lineno or 0)
    ]
    if not around:
        return None
    inner = max(around, key=lambda node: node.lineno)
    if any(kept in ast.unparse(decorator) for decorator in inner.decorator_list for kept in _KEPT):
        return None
    return min([inner.lineno, *(decorator.lineno for decorator in inner.decorator_list)])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy without a defect."""
    return Copy(tmp_path_factory.mktemp("whole") / "copy")


@pytest.fixture(scope="module")
def greens(
    whole: Copy, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Path], Green | None]]:
    """`greens(checks)` -> how they run without a defect; None where so few defects are chosen that nobody looks."""
    chosen = _chosen(request)
    looks = len(chosen) > _FEW and os.environ.get("EXTRACT_BRIDGE_ALL_CHECKS") != "1"
    folder = tmp_path_factory.mktemp("reached") if looks else None
    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun = {
            checks: pool.submit(Green, checks, whole, folder)
            for checks in CHECKS
            if looks and any(patch.is_relative_to(checks) for patch in chosen)
        }

        yield lambda checks: begun[checks].result() if checks in begun else None


def _chosen(request: pytest.FixtureRequest) -> list[Path]:
    items = [item for item in request.session.items if item.path == request.path]
    found = [item.callspec.params.get("patch") for item in items if hasattr(item, "callspec")]
    return [patch for patch in found if patch is not None]


@pytest.fixture(scope="module")
def reds(
    whole: Copy,
    greens: Callable[[Path], Green | None],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[Path], tuple[set[str], str]]]:
    """`reds(patch)` -> what `Copy.red` says of it. Those that were chosen run `AT_ONCE` at a time, ahead of the tests that ask."""
    folder = tmp_path_factory.mktemp("broken")
    chosen = _chosen(request)

    def red(patch: Path) -> tuple[set[str], str]:
        checks = patch.parents[1]
        copy = Copy(folder / checks.parent.name / patch.stem, whole.folder)
        try:
            copy.damage(patch)
            slow = SLOW[checks.parent.name]
            left_out = tuple(number for number in slow if not patch.name.startswith(number))
            green = greens(checks)
            needed = green.needed(patch, copy) if green is not None else None
            if needed is None:
                return copy.red(checks, left_out)
            chosen_file = copy.folder / "needed.json"
            chosen_file.write_text(json.dumps(needed))
            return copy.red(checks, left_out, REACH_ONLY=str(chosen_file))
        finally:
            shutil.rmtree(copy.folder)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found: dict[Path, Future[tuple[set[str], str]]] = {patch: pool.submit(red, patch) for patch in chosen}
        yield lambda patch: found[patch].result()
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("checks", CHECKS, ids=lambda path: path.parent.name)
def test_without_a_defect_all_checks_are_green(
    checks: Path, whole: Copy, greens: Callable[[Path], Green | None]
) -> None:
    green = greens(checks) or Green(checks, whole, None)
    assert not green.red, green.said[-3000:]


@pytest.mark.parametrize("patch", PATCHES, ids=lambda path: f"{path.parents[2].name}-{path.stem}")
def test_a_defect_turns_exactly_its_check_red(
    patch: Path, reds: Callable[[Path], tuple[set[str], str]]
) -> None:
    red, said = reds(patch)
    assert red == {patch.name[:2]}, said[-1500:]
