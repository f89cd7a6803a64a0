"""Keys and projects chosen call by call: over the same connections, and with nothing shown."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from langchain_core.runnables import ConfigurableField
from langchain_core.tracers.base import BaseTracer
from pydantic import BaseModel

from extract_bridge import AsyncExtractClient, ExtractClient
from extract_bridge.langchain import ExtractRunnable

if TYPE_CHECKING:
    from pathlib import Path

    from extract_bridge import LocalService
    from extract_bridge.testing.server import RunningServer

PROJECTS = [f"prj-{number}" for number in range(3)]


class Invoice(BaseModel):
    seller: str | None = None


@pytest.fixture
def document(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("Seller: ACME\n")
    return tmp_path / "a.txt"


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Addresses that connections were opened to."""
    opened: list[Any] = []
    connect = socket.create_connection

    def counted(address: Any, *args: Any, **kwargs: Any) -> socket.socket:
        opened.append(address)
        return connect(address, *args, **kwargs)

    monkeypatch.setattr(socket, "create_connection", counted)
    return opened


def test_fields_of_the_config_open_no_connections(
    document: Path, extract_bridge_server: RunningServer, connections: list[Any]
) -> None:
    extract = ExtractRunnable(data_schema=Invoice, base_url=extract_bridge_server.base_url, api_key="key-0")
    bound = extract.configurable_fields(
        api_key=ConfigurableField(id="api_key"), project_id=ConfigurableField(id="project_id")
    )
    for project in PROJECTS * 3:
        assert bound.invoke(document, {"configurable": {"project_id": project}}).seller == "ACME"
    assert len(extract.shared_clients) == 1
    assert len(connections) < len(
        PROJECTS * 3
    )  # one for uploads and one for the rest, unless the machine slept
    for key in ("key-1", "key-1", "key-1"):
        assert bound.invoke(document, {"configurable": {"api_key": key}}).seller == "ACME"
    assert len(extract.shared_clients) == 2
    client = extract.sync_client()
    for project in PROJECTS:
        assert len(list(client.list(project_id=project))) == 3


def test_a_key_of_the_config_is_in_no_trace(document: Path, extract_bridge_server: RunningServer) -> None:
    class Kept(BaseTracer):
        def _persist_run(self, run: Any) -> None:
            runs.append(run)

    runs: list[Any] = []
    extract = ExtractRunnable(data_schema=Invoice, base_url=extract_bridge_server.base_url, api_key="key-0")
    bound = extract.configurable_fields(api_key=ConfigurableField(id="api_key"))
    bound.invoke(document, {"configurable": {"api_key": "llx-canary"}, "callbacks": [Kept()]})
    (run,) = runs
    assert "canary" not in str(run.model_dump() if hasattr(run, "model_dump") else run.dict())
    assert "canary" not in repr(bound)


def test_copies_share_and_others_do_not(document: Path) -> None:
    extract = ExtractRunnable(data_schema=Invoice, local=True)
    again = extract.with_structured_output(Invoice, include_raw=True)
    assert again.sync_client() is extract.sync_client()
    assert ExtractRunnable(data_schema=Invoice, local=True).shared_clients is not extract.shared_clients
    assert extract.model_copy(deep=True).shared_clients is not extract.shared_clients
    assert extract.client is extract.sync_client()


def test_a_passed_client_keeps_its_own_settings(document: Path) -> None:
    client = ExtractClient(local=True, project_id="prj-7")
    extract = ExtractRunnable(data_schema=Invoice, client=client)
    assert extract.sync_client() is client is extract.client
    assert isinstance(extract.async_client(), AsyncExtractClient)
    assert extract.async_client() is extract.async_client()
    assert extract.invoke(document).seller == "ACME"
    assert [job.project_id for job in client.list()]


def test_the_oldest_of_many_keys_is_let_go() -> None:
    extract = ExtractRunnable(data_schema=Invoice, base_url="http://127.0.0.1:9", api_key="key-0")
    first = extract.sync_client()
    for number in range(1, 100):
        extract._with(api_key=f"key-{number}").sync_client()
    assert len(extract.shared_clients) <= 32
    assert extract.sync_client().service == first.service


@pytest.mark.extract_bridge_faults("seed=1,stuck=1")
@pytest.mark.parametrize("streamed", [False, True])
def test_a_cancelled_call_cancels_its_job(
    document: Path, extract_bridge_service: LocalService, streamed: bool
) -> None:
    extract = ExtractRunnable(data_schema=Invoice, local=extract_bridge_service)

    async def read() -> object:
        if streamed:
            return [chunk async for chunk in extract.astream(document)]
        return await extract.ainvoke(document)

    async def main() -> list[str]:
        call = asyncio.ensure_future(read())
        client = extract.async_client()
        while not [job async for job in client.list()]:
            await asyncio.sleep(0.01)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        return [job.status async for job in client.list()]

    assert asyncio.run(main()) == ["CANCELLED"]


def test_one_runnable_for_threads_and_tasks(document: Path) -> None:
    extract = ExtractRunnable(data_schema=Invoice, local=True)
    others = []
    for number in range(12):
        (document.parent / f"{number}.txt").write_text(f"Seller: ACME {number}\n")
        others.append(document.parent / f"{number}.txt")

    async def later() -> list[Invoice]:
        return list(await asyncio.gather(*[extract.ainvoke(path) for path in others]))

    wanted = [f"ACME {number}" for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        tasks = pool.submit(lambda: asyncio.run(later()))
        assert [found.seller for found in pool.map(extract.invoke, others)] == wanted
        assert [found.seller for found in tasks.result()] == wanted
    assert len(extract.shared_clients) == 2  # one for threads, one for event loops
