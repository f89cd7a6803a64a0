"""One service behind two doors: in process, and on a real socket. The same tests go through both."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from extract_bridge.local.service.app import create_app
from extract_bridge.local.service.state import ServiceSettings
from extract_bridge.local.transport import BASE_URL, LocalTransport

STAND_IN = (sys.executable, str(Path(__file__).with_name("stand_in_worker.py")))
SCHEMA = {"type": "object", "properties": {"text": {"type": ["string", "null"]}}}
FINAL = {"COMPLETED", "FAILED", "CANCELLED"}


@contextmanager
def on_a_socket(settings: ServiceSettings) -> Iterator[str]:
    """The service on a free port of this machine; gives its base URL."""
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=0, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.005)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


class ServiceClient(httpx.Client):
    """An HTTP client with the three steps that every test takes."""

    def upload(self, name: str = "note.txt", content: bytes = b"hello", **query: str) -> str:
        part = {"file": (name, content)}
        reply = self.post("/api/v1/beta/files", files=part, data={"purpose": "extract"}, params=query)
        assert reply.status_code == 201, reply.text
        return str(reply.json()["id"])

    def start_job(self, name: str = "note.txt", **configuration: Any) -> str:
        body = {"file_input": self.upload(name), "configuration": {"data_schema": SCHEMA, **configuration}}
        reply = self.post("/api/v2/extract", json=body)
        assert reply.status_code == 200, reply.text
        return str(reply.json()["id"])

    def until(self, job_id: str, *statuses: str) -> dict[str, Any]:
        """The job as soon as it has one of the statuses, or is final; everything expanded."""
        expand = {"expand": ["configuration", "extract_metadata", "usage", "metadata"]}
        while True:
            job: dict[str, Any] = self.get(f"/api/v2/extract/{job_id}", params=expand).json()
            if job["status"] in {*statuses, *FINAL}:
                return job
            time.sleep(0.002)


@pytest.fixture(scope="module")
def socket_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = ServiceSettings(data_dir=tmp_path_factory.mktemp("served"), worker_command=STAND_IN)
    with on_a_socket(settings) as url:
        yield url


@pytest.fixture(params=["in process", "socket"])
def http(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ServiceClient]:
    """An HTTP client of the service, through either door."""
    if request.param == "socket":
        with ServiceClient(base_url=request.getfixturevalue("socket_url"), trust_env=False) as client:
            yield client
    else:
        # A folder of its own: without one it would share the service that other tests have opened in this process.
        transport = LocalTransport(data_dir=tmp_path / "own", worker_command=STAND_IN)
        with ServiceClient(transport=transport, base_url=BASE_URL) as client:
            yield client


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., ServiceClient]]:
    """Opens services in process, on this test's own folder unless told otherwise."""
    clients: list[ServiceClient] = []

    def open_client(**settings: Any) -> ServiceClient:
        settings = {"data_dir": tmp_path / "data", "worker_command": STAND_IN, "workers": 1, **settings}
        clients.append(ServiceClient(transport=LocalTransport(**settings), base_url=BASE_URL))
        return clients[-1]

    yield open_client
    for client in clients:
        client.close()


@pytest.fixture(scope="session")
def serve_on_a_socket() -> Callable[..., Any]:
    """`with serve_on_a_socket(settings) as base_url`."""
    return on_a_socket


@pytest.fixture(scope="session")
def service_client() -> type[ServiceClient]:
    """The HTTP client with the steps that every test takes."""
    return ServiceClient
