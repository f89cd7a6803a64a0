"""All LlamaIndex tests of this project, with the oldest llama-index-core that is supported and with the newest that resolves."""

from __future__ import annotations

import os
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.compat]

ROOT = Path(__file__).parents[2]
(SUPPORTED,) = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"][
    "llama-index"
]
OLDEST = SUPPORTED.partition(">=")[2].partition(",")[0]
REQUIRED = {"oldest": f"llama-index-core=={OLDEST}", "newest": SUPPORTED}
# Core of that time warns when it is imported with a pydantic of today; it works.
TOLERATED = "ignore:The 'validate_default' attribute"
# The framework's own mock of a model that calls tools, which plays in these examples, is younger than the oldest core.
PLAYED = {"oldest": "llama and not agent", "newest": "llama"}


@pytest.mark.parametrize("age", REQUIRED)
def test_the_llama_index_tests_pass(age: str, environment: Callable[..., Path]) -> None:
    python = environment(REQUIRED[age], "--upgrade", over_ours=True)
    has = _run(python, "-c", "from importlib.metadata import version; print(version('llama-index-core'))")
    assert has.returncode == 0, has.stderr
    if age == "oldest":
        assert has.stdout.strip() == OLDEST
    pytest_here = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", TOLERATED)
    done = _run(python, *pytest_here, "tests/llama_index")
    # The examples too: they are what users copy.
    examples = _run(python, *pytest_here, "tests/examples", "-k", PLAYED[age])
    for tests in (done, examples):
        print(f"\nllama-index-core {has.stdout.strip()}: {tests.stdout.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stdout[-8000:]
    assert examples.returncode == 0, examples.stdout[-8000:]


def _run(python: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, *command],
        cwd=ROOT,
        env={**os.environ, "PYTHONNOUSERSITE": "1", "PYTHONWARNINGS": TOLERATED},
        capture_output=True,
        text=True,
        check=False,
        timeout=1500,
    )
