"""What every test stands on: no key, no network beyond this machine, and documents with known truth."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_socket
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

with contextlib.suppress(ImportError):
    import uvloop  # noqa: F401 - it keeps `socket.socket` as it finds it, which must not be that of a test without sockets

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile("untimed", deadline=None)  # no test asserts a time
settings.load_profile("untimed")


def pytest_runtest_setup() -> None:
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of whoever runs the tests must not choose a service or change a limit."""
    for name in tuple(os.environ):
        if name.startswith(("LLAMA_", "EXTRACT_BRIDGE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv(
        "EXTRACT_BRIDGE_OCR", "none"
    )  # a program that happens to be installed must not change what is read


@pytest.fixture(scope="session")
def make_samples() -> ModuleType:
    """The module `examples/make_samples.py`."""
    path = ROOT / "examples" / "make_samples.py"
    spec = importlib.util.spec_from_file_location("make_samples", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def samples(
    make_samples: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[int], dict[str, object]]:
    """`samples(seed)` -> the drawn documents of that seed by name: invoice, shipments, certificates."""
    drawn: dict[int, dict[str, object]] = {}

    def of(seed: int) -> dict[str, object]:
        if seed not in drawn:
            folder = tmp_path_factory.mktemp(f"seed{seed}")
            drawn[seed] = {sample.path.stem: sample for sample in make_samples.make(seed, folder)}
        return drawn[seed]

    return of
