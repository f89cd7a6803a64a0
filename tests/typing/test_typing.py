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
    assert {Path(path).name for path in FILES} == {"langchain_runnable.py", "llama_index_program.py"}


def test_mypy() -> None:
    done = mypy(*FILES)
    assert done.returncode == 0, done.stdout + done.stderr


def test_pyright(tmp_path: Path) -> None:
    done = pyright(tmp_path, *FILES)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        (
            "langchain_runnable.py",
            'assert_type(one.invoke("a.pdf"), Invoice)',
            'assert_type(one.invoke("a.pdf"), Buyer)',
        ),
        (
            "llama_index_program.py",
            'assert_type(program(file="a"), list[Invoice])',
            'assert_type(program(file="a"), Invoice)',
        ),
    ],
)
def test_both_would_notice(tmp_path: Path, file: str, right: str, wrong: str) -> None:
    text = (HERE / file).read_text()
    assert right in text
    changed = tmp_path / "wrong.py"
    changed.write_text(text.replace(right, wrong))
    for done in (mypy(str(changed)), pyright(tmp_path, str(changed))):
        assert done.returncode == 1
        assert "assert" in done.stdout.lower()
