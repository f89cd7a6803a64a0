"""The house stands as drawn: style, types, floors, public names, and nothing loaded that nobody asked for."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = Path(sysconfig.get_path("scripts"))
HEAVY = (
    "httpx",
    "pydantic",
    "langchain_core",
    "llama_index",
    "fastapi",
    "sqlite3",
    "pypdfium2",
    "typer",
    "rich",
)
ADAPTERS = ("extract_bridge.langchain", "extract_bridge.llama_index")

pytestmark = pytest.mark.quality


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("-m", "ruff", "check", "--no-cache", "."),
        ("-m", "ruff", "format", "--no-cache", "--check", "."),
        ("-m", "mypy"),
    ],
    ids=["ruff check", "ruff format", "mypy"],
)
def test_style_and_types(command: tuple[str, ...], tmp_path: Path) -> None:
    cache = ("--cache-dir", str(tmp_path)) if "mypy" in command else ()
    run(sys.executable, *command, *cache)


def test_floors() -> None:
    run(str(SCRIPTS / "lint-imports"), "--no-cache")


def test_importing_loads_nothing_heavy() -> None:
    code = f"import sys, extract_bridge; loaded = set({HEAVY!r}) & set(sys.modules); sys.exit(repr(loaded) if loaded else 0)"
    run(sys.executable, "-c", code)


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_an_adapter_does_not_load_the_other_framework(adapter: str) -> None:
    other = "llama_index.core" if "langchain" in adapter else "langchain_core"
    code = f"import sys; from {adapter} import *; sys.exit({other!r} in sys.modules)"
    run(sys.executable, "-c", code)


@pytest.mark.parametrize("name", ["extract_bridge", "extract_bridge.bulk", *ADAPTERS])
def test_public_names_are_there_and_sorted(name: str) -> None:
    module = import_module(name)
    names = module.__all__
    assert list(names) == sorted(set(names))
    assert [public for public in names if not hasattr(module, public)] == []


@pytest.mark.parametrize("name", ["extract_bridge", *ADAPTERS])
def test_an_unknown_name_is_an_attribute_error(name: str) -> None:
    with pytest.raises(AttributeError, match="Nonsense"):
        _ = import_module(name).Nonsense
