"""What any way into the service must do, whether through a socket, in process, or through a proxy of your own.

class TestMyTransport(TransportSuite):
    def open_client(self):
        return httpx.Client(transport=MyTransport(), base_url="http://service")

    def open_async_client(self):
        return httpx.AsyncClient(transport=MyTransport(), base_url="http://service")
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from extract_bridge.local.service.faults import FAULTS_HEADER
from extract_bridge.testing._pytest import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

_JOBS = "/api/v2/extract"
_FILES = "/api/v1/beta/files"
_CONFIGURATION = {"data_schema": {"type": "object", "properties": {"total": {"type": ["number", "null"]}}}}
_TICKS = 20
_HELD_SECONDS = 0.5  # that the service holds an answer: time for thousands of ticks


class TransportSuite(ABC):
    """Derive a class named `Test…` and open the clients; pytest finds the tests.

    The service behind it is the local one, opened with `faults="seed=1"`: without faults, but open to those that a request asks for.
    """

    @abstractmethod
    def open_client(self) -> httpx.Client:
        """An httpx client of the service, with its base URL."""

    @abstractmethod
    def open_async_client(self) -> httpx.AsyncClient:
        """The same for async callers, of the same service."""

    @pytest.fixture
    def http(self) -> Iterator[httpx.Client]:
        """The client under test."""
        with self.open_client() as client:
            yield client

    def test_a_job_from_upload_to_end(self, http: httpx.Client) -> None:
        """POST with a multipart body, POST with JSON, GET, DELETE."""
        file_id = upload(http, "note.txt", b"Total: 12.50\n")
        job = http.post(_JOBS, json={"file_input": file_id, "configuration": _CONFIGURATION})
        assert job.status_code == 200
        while (done := http.get(f"{_JOBS}/{job.json()['id']}").json())["status"] in ("PENDING", "RUNNING"):
            pass
        assert done["status"] == "COMPLETED"
        assert done["extract_result"] == {"total": 12.5}
        assert http.delete(f"{_JOBS}/{done['id']}").status_code == 200
        reply = http.delete(f"{_FILES}/{file_id}")
        assert (reply.status_code, reply.content) == (204, b"")

    def test_bytes_arrive_as_they_are(self, http: httpx.Client) -> None:
        """Every byte, a megabyte of them, there and back."""
        content = bytes(range(256)) + os.urandom(1024 * 1024)
        file_id = upload(http, "ü 語.bin", content)
        assert http.get(f"{_FILES}/{file_id}").json()["name"] == "ü 語.bin"
        link = http.get(f"{_FILES}/{file_id}/content").json()["url"]
        back = http.get(link)
        assert hashlib.sha256(back.content).digest() == hashlib.sha256(content).digest()
        assert back.headers["x-content-type-options"] == "nosniff"

    def test_repeated_parameters_all_arrive(self, http: httpx.Client) -> None:
        """`job_ids=a&job_ids=b`; what a URL must escape is escaped."""
        file_id = upload(http, "a b&c=d.txt", b"Total: 1\n")
        body = {"file_input": file_id, "configuration": _CONFIGURATION}
        made = {http.post(_JOBS, json=body).json()["id"] for _ in range(3)}
        found = http.get(_JOBS, params={"job_ids": sorted(made)}).json()["items"]
        assert {job["id"] for job in found} == made
        named = http.get(_FILES, params={"file_name": "a b&c=d.txt"}).json()["items"]
        assert file_id in [file["id"] for file in named]

    @pytest.mark.parametrize(
        ("method", "path", "content", "status"),
        [
            ("GET", f"{_JOBS}/ext-none", None, 404),
            ("GET", "/api/v2/nothing", None, 404),
            ("PUT", _JOBS, None, 405),
            ("POST", _JOBS, b"{", 422),
            ("POST", _JOBS, b"", 422),
            ("GET", f"{_JOBS}?page_size=0", None, 422),
        ],
    )
    def test_refusals_arrive(
        self, http: httpx.Client, method: str, path: str, content: bytes | None, status: int
    ) -> None:
        """With their status and `{"detail": …}`; they raise nothing."""
        reply = http.request(method, path, content=content, headers={"content-type": "application/json"})
        assert reply.status_code == status
        assert reply.json()["detail"]

    def test_many_threads(self, http: httpx.Client) -> None:
        """Each gets its own answer."""
        files = [upload(http, f"{number}.txt", b"x") for number in range(8)]

        def name_of(number: int) -> str:
            return str(http.get(f"{_FILES}/{files[number % 8]}").json()["name"])

        with ThreadPoolExecutor(8) as pool:
            names = list(pool.map(name_of, range(64)))
        assert names == [f"{number % 8}.txt" for number in range(64)]

    def test_many_tasks(self) -> None:
        """Each gets its own answer, in one event loop after another."""

        async def work() -> list[int]:
            async with self.open_async_client() as client:
                replies = await asyncio.gather(
                    *(client.get(_JOBS, params={"page_size": 1}) for _ in range(30))
                )
                return [reply.status_code for reply in replies]

        for _ in range(2):
            assert asyncio.run(work()) == [200] * 30

    def test_the_callers_loop_is_not_held_up(self) -> None:
        """Other tasks go on while an answer is waited for."""

        async def work() -> None:
            async with self.open_async_client() as client:
                wrong = await client.get(_JOBS, headers={FAULTS_HEADER: "error-before=1:599"})
                assert wrong.status_code == 599, "open the service with faults='seed=1'"
                held = {FAULTS_HEADER: f"latency=1:{_HELD_SECONDS}"}
                request = asyncio.create_task(client.get(_JOBS, headers=held))
                ticks = 0
                while not request.done():
                    await asyncio.sleep(0)
                    ticks += 1
                assert request.result().status_code == 200
                assert ticks > _TICKS

        asyncio.run(work())

    def test_a_cancelled_call_leaves_the_client_usable(self) -> None:
        """A task that is cancelled while it waits takes nothing with it."""

        async def work() -> None:
            async with self.open_async_client() as client:
                await client.get(_JOBS)
                request = asyncio.create_task(client.get(_JOBS))
                await asyncio.sleep(0)
                request.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await request
                assert (await client.get(_JOBS)).status_code == 200

        asyncio.run(work())


def upload(http: httpx.Client, name: str, content: bytes) -> str:
    """The id of a new file."""
    files: dict[str, Any] = {"file": (name, content)}
    reply = http.post(_FILES, files=files, data={"purpose": "extract"})
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])
