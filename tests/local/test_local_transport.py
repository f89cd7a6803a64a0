"""The door in process: sync, async, forks, exits."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.local.service.scratch import ScratchFolder, sweep
from extract_bridge.local.transport import BASE_URL, open_transport

LIST = "/api/v2/extract"


def client(**keywords: Any) -> httpx.Client:
    return httpx.Client(transport=open_transport(**keywords), base_url=BASE_URL)


def async_client(**keywords: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=open_transport(**keywords), base_url=BASE_URL)


def run_script(text: str, *options: str, timeout: float = 60.0) -> subprocess.CompletedProcess[str]:
    """A script in a process of its own, with every warning an error."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-X", "dev", *options, "-c", text],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


HEAD = f"""
import asyncio, os, sys
import httpx
from extract_bridge.local.transport import BASE_URL, open_transport
client = httpx.Client(transport=open_transport(), base_url=BASE_URL)
def ask():
    assert client.get("{LIST}").status_code == 200
    return os.getpid()
"""


def assert_clean(done: subprocess.CompletedProcess[str], printed: str) -> None:
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == printed.split()


def test_a_script_that_closes_nothing_ends_clean() -> None:
    done = run_script(HEAD + "ask(); print('done')")
    assert_clean(done, "done")


def test_a_script_that_ends_with_a_job_at_work_ends_clean(tmp_path: Path) -> None:
    text = """
file_id = client.post("/api/v1/beta/files", files={"file": ("a.txt", b"x: 1\\n" * 20000)}, data={"purpose": "extract"}).json()["id"]
schema = {"type": "object", "properties": {"x": {"type": "string"}}}
print(client.post("/api/v2/extract", json={"file_input": file_id, "configuration": {"data_schema": schema}}).status_code)
"""
    assert_clean(run_script(HEAD + text), "200")


def test_an_async_script_that_closes_nothing_ends_clean() -> None:
    text = """
transport = open_transport()
async def main():
    client = httpx.AsyncClient(transport=transport, base_url=BASE_URL)
    replies = await asyncio.gather(*[client.get("/api/v2/extract") for _ in range(8)])
    print({reply.status_code for reply in replies})
asyncio.run(main())
asyncio.run(main())
"""
    assert_clean(run_script(HEAD + text), "{200} {200}")


def test_the_temporary_folder_goes_with_the_process() -> None:
    text = "ask(); print(client._transport._shared.scratch.path, oct(client._transport._shared.scratch.path.stat().st_mode)[-3:])"
    done = run_script(HEAD + text)
    path, mode = done.stdout.split()
    assert (done.returncode, mode) == (0, "700")
    assert not Path(path).exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_gets_a_service_of_its_own() -> None:
    text = """
parent = ask()
folder = client._transport._shared.scratch.path
sys.stdout.flush()
child = os.fork()
if child == 0:
    assert ask() == os.getpid() != parent
    assert client._transport._shared.scratch.path != folder
    sys.exit(0)
print(os.waitpid(child, 0)[1], folder.exists(), ask() == parent)
"""
    assert_clean(run_script(HEAD + text), "0 True True")


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_of_multiprocessing(method: str, tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        HEAD
        + f"""
import multiprocessing
if __name__ == "__main__":
    ask()
    context = multiprocessing.get_context("{method}")
    processes = [context.Process(target=ask) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print([process.exitcode for process in processes])
"""
    )
    done = subprocess.run(
        [sys.executable, "-X", "dev", script], capture_output=True, text=True, timeout=120, check=False
    )
    assert_clean(done, "[0, 0]")


def test_it_works_where_sockets_are_switched_off() -> None:
    done = run_script(
        "import pytest_socket; pytest_socket.disable_socket()\n" + HEAD + "ask(); print('done')"
    )
    assert_clean(done, "done")


async def test_a_sync_call_inside_a_running_loop() -> None:
    with client() as http:
        assert http.get(LIST).status_code == 200


async def test_an_async_call_does_not_block_the_loop(tmp_path: Path) -> None:
    """The service may answer only after this loop has ticked 20 times."""
    gate = threading.Event()
    async with async_client(data_dir=tmp_path) as http:
        await http.get(LIST)
        store = http._transport._shared  # type: ignore[attr-defined]
        held = store.submit

        def submit(request: httpx.Request) -> Any:
            done = held(request)

            async def wait() -> Any:
                await asyncio.to_thread(gate.wait, 30)
                return await asyncio.wrap_future(done)

            return asyncio.run_coroutine_threadsafe(wait(), store._loop)

        store.submit = submit
        call = asyncio.create_task(http.get(LIST))
        for _ in range(20):
            await asyncio.sleep(0)
            assert not call.done()
        gate.set()
        assert (await call).status_code == 200


async def test_opening_does_not_block_the_loop(tmp_path: Path) -> None:
    ticks = 0
    async with async_client(data_dir=tmp_path) as http:
        call = asyncio.create_task(http.get(LIST))
        while not call.done():
            ticks += 1
            await asyncio.sleep(0)
        assert (await call).status_code == 200
    assert ticks > 20


async def test_a_cancelled_call_leaves_the_door_open() -> None:
    async with async_client() as http:
        for _ in range(30):
            call = asyncio.create_task(http.get(LIST))
            await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        replies = await asyncio.gather(*[http.get(LIST) for _ in range(10)])
    assert {reply.status_code for reply in replies} == {200}


async def test_a_call_cancelled_while_the_service_opens(tmp_path: Path) -> None:
    async with async_client(data_dir=tmp_path) as http:
        call = asyncio.create_task(http.get(LIST))
        await asyncio.sleep(0.001)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert (await http.get(LIST)).status_code == 200


def test_many_threads_share_one_service(tmp_path: Path) -> None:
    clients = [client(data_dir=tmp_path / "a") for _ in range(4)]
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda http=http: statuses.append(http.get(LIST).status_code))
        for http in clients * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 12
    assert len({id(http._transport._shared) for http in clients}) == 1  # type: ignore[attr-defined]
    service = clients[0]._transport._shared  # type: ignore[attr-defined]
    for http in clients:
        assert service.is_open
        http.close()
    assert not service.is_open, "it ends with the last who uses it"
    with client(data_dir=tmp_path / "a") as again:
        assert again.get(LIST).status_code == 200


def test_one_folder_has_one_language_model(tmp_path: Path) -> None:
    with client(data_dir=tmp_path) as first, client(data_dir=tmp_path, llm=lambda _p, _s: "") as second:
        first.get(LIST)
        with pytest.raises(ConfigurationError, match="llm"):
            second.get(LIST)


def test_a_service_that_cannot_open_is_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.write_text("in the way")
    with client(data_dir=folder) as http:
        with pytest.raises(OSError, match="exists"):
            http.get(LIST)
        folder.unlink()
        assert http.get(LIST).status_code == 200


def test_stale_folders_are_swept_and_living_ones_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    living, killed, fresh = ScratchFolder(), ScratchFolder(), ScratchFolder()
    stranger = tmp_path / "extract-bridge-notes"
    stranger.mkdir()
    killed.forget()
    fresh.forget()
    for folder in (living.path, killed.path, stranger):
        os.utime(folder, (0, 0))
    sweep()
    assert [folder.exists() for folder in (living.path, killed.path, fresh.path, stranger)] == [
        True,
        False,
        True,
        True,
    ]
    living.remove()
    assert not living.path.exists()
