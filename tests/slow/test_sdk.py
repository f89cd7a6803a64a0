"""Every 2.x generation of the official SDK, unmodified and in an environment of its own, does its whole work against the service."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from extract_bridge.local.service.state import ServiceSettings

pytestmark = [pytest.mark.slow, pytest.mark.sdk]

_SERVICE_TESTS = Path(__file__).parents[1] / "local" / "service"
_WALK = _SERVICE_TESTS / "sdk_walk.py"
_ASLEEP = (sys.executable, str(_SERVICE_TESTS / "stand_in_worker.py"))
_KEY = "llx-local"
_LATER = ["configurations", "webhook_configs", "extract.cancel"]
# What each version does not have yet.
_ABSENT: dict[str, list[str]] = {
    "2.0.0": _LATER,
    "2.1.0": _LATER,
    "2.8.0": ["webhook_configs", "extract.cancel"],
    "2.14.1": [],
    "2.19.0": [],
}
_SHORT = os.environ.get("EXTRACT_BRIDGE_SHORT") == "1"  # read here: the tests' own environment is cleaned
_VERSIONS = ["2.0.0", "2.19.0"] if _SHORT else list(_ABSENT)


@pytest.fixture(scope="session")
def service_conftest() -> object:
    """The helpers of the service's tests."""
    spec = importlib.util.spec_from_file_location("service_conftest", _SERVICE_TESTS / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def url(service_conftest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = ServiceSettings(data_dir=tmp_path_factory.mktemp("served"), api_key=_KEY)
    with service_conftest.on_a_socket(settings) as url:
        yield url


@pytest.fixture
def busy_url(service_conftest, tmp_path: Path) -> Iterator[str]:
    settings = ServiceSettings(
        data_dir=tmp_path, api_key=_KEY, worker_command=_ASLEEP, workers=1, max_open_jobs=2
    )
    with service_conftest.on_a_socket(settings) as url:
        yield url


@pytest.fixture(scope="module", params=_VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def python(version: str, environment: Callable[..., Path]) -> Path:
    """An interpreter that has this version of the SDK, what it needs, and nothing of ours."""
    return environment(f"llama-cloud=={version}")


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_the_whole_work(kind: str, version: str, python: Path, url: str, busy_url: str) -> None:
    environment = {"PATH": os.environ["PATH"], "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(
        [python, "-I", _WALK, url, busy_url, kind],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["version"] == version
    assert told["absent"] == _ABSENT[version]
