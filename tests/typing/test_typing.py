"""mypy and pyright agree with the `assert_type` files here; an unused ignore is an error too, so each one proves that it catches."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.quality

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FILES = sorted(str(path) for path in HERE.glob("*.py") if not path.name.startswith("test_"))


def mypy(*files: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--warn-unused-ignores", *files],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


def pyright(tmp_path: Path, *files: str) -> subprocess.CompletedProcess[str]:
    """The same checker as pyright, in a package that needs no download when it runs."""
    module = pytest.importorskip("basedpyright", reason="basedpyright is not installed").__name__
    settings = {
        "include": list(files),
        "typeCheckingMode": "standard",
        "pythonVersion": "3.11",
        "reportUnnecessaryTypeIgnoreComment": "error",
        "enableTypeIgnoreComments": False,
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    return subprocess.run(
        [sys.executable, "-m", module, "--project", str(tmp_path), "--pythonpath", sys.executable],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )


def test_there_is_something_to_check() -> None:
    assert any(path.endswith("langchain_runnable.py") for path in FILES)


def test_mypy() -> None:
    done = mypy(*FILES)
    assert done.returncode == 0, done.stdout + done.stderr


def test_pyright(tmp_path: Path) -> None:
    done = pyright(tmp_path, *FILES)
    assert done.returncode == 0, done.stdout + done.stderr


def test_both_would_notice(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    text = (HERE / "langchain_runnable.py").read_text()
    assert 'assert_type(one.invoke("a.pdf"), Invoice)' in text
    wrong.write_text(
        text.replace('assert_type(one.invoke("a.pdf"), Invoice)', 'assert_type(one.invoke("a.pdf"), Buyer)')
    )
    for done in (mypy(str(wrong)), pyright(tmp_path, str(wrong))):
        assert done.returncode == 1
        assert "assert" in done.stdout.lower()
