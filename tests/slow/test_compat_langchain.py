"""All LangChain tests of this project, with the oldest langchain-core that is supported and with the newest that resolves."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.compat]

ROOT = Path(__file__).parents[2]
OLDEST = "1.4.7"
# With `langchain`, whose releases each need a core of their own time.
REQUIRED = {"oldest": f"langchain-core=={OLDEST}", "newest": "langchain-core>=1.4.7,<2"}


@pytest.mark.parametrize("age", REQUIRED)
def test_the_langchain_tests_pass(age: str, environment: Callable[..., Path]) -> None:
    python = environment(REQUIRED[age], "langchain", "--upgrade", over_ours=True)
    has = _run(python, "-c", "from importlib.metadata import version; print(version('langchain-core'))")
    assert has.returncode == 0, has.stderr
    if age == "oldest":
        assert has.stdout.strip() == OLDEST
    # The examples too: they are what users copy.
    done = _run(
        python,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/langchain",
        "tests/examples",
        "-k",
        "not llama",
    )
    print(f"\nlangchain-core {has.stdout.strip()}: {done.stdout.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stdout[-8000:]


def _run(python: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, *command],
        cwd=ROOT,
        env={**os.environ, "PYTHONNOUSERSITE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=1500,
    )
