"""The pytest plugin: the Extract API for a test, with nothing to install, start or pay.

    def test_my_loader(extract_bridge_service):
        client = ExtractClient(local=extract_bridge_service)

    @pytest.mark.extract_bridge_faults("seed=1,lost=0.1")
    def test_a_bad_day(extract_bridge_server):
        client = LlamaCloud(base_url=extract_bridge_server.base_url, api_key="any")

Each test has a service of its own: an empty folder, gone afterwards. What an item of the marker means is said in
`extract_bridge.local.service.faults`; without the marker nothing goes wrong. Nothing is imported before a fixture is asked for.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from extract_bridge.testing._pytest import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from extract_bridge import LocalService
    from extract_bridge.testing.server import RunningServer

MARKER = "extract_bridge_faults"


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers", f"{MARKER}(spec): faults of extract_bridge_service and extract_bridge_server in this test"
    )


@pytest.fixture
def extract_bridge_service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LocalService]:
    """The Extract API in this process, for `local=`; no port is opened.

    Raises:
        MissingExtraError: the packages of the extra `local` are not installed.
        ConfigurationError: the marker's faults are none.
    """
    from extract_bridge.client.connect import LocalService, close_local, local_transport  # noqa: PLC0415

    service = LocalService(data_dir=tmp_path_factory.mktemp("extract-bridge"), faults=_faults_of(request))
    local_transport(
        service
    )  # a wrong marker or a missing package is told here, not in the middle of the test
    try:
        yield service
    finally:
        close_local(service)


@pytest.fixture
def extract_bridge_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    """The Extract API on a free port of this machine; `.base_url` is where.

    Raises:
        MissingExtraError: the packages of the extra `local` are not installed.
        ConfigurationError: the marker's faults are none.
    """
    with _serving(tmp_path_factory.mktemp("extract-bridge"), _faults_of(request)) as server:
        yield server


@contextmanager
def _serving(data_dir: Path, faults: str | None) -> Iterator[RunningServer]:
    from extract_bridge.testing.server import serving  # noqa: PLC0415

    with serving(data_dir, faults=faults) as server:
        yield server


def _faults_of(request: pytest.FixtureRequest) -> str | None:
    marker = request.node.get_closest_marker(MARKER)
    if marker is None:
        return None
    if len(marker.args) != 1 or marker.kwargs or not isinstance(marker.args[0], str):
        raise pytest.UsageError(f"{MARKER} takes one text, for example {MARKER}('seed=1,lost=0.1')")
    return marker.args[0]
