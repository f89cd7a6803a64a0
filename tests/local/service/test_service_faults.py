"""Each fault really happens, through both doors."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from extract_bridge.core.errors import ConfigurationError
from extract_bridge.local.service.faults import FAULTS_HEADER
from extract_bridge.local.service.state import ServiceSettings
from extract_bridge.local.transport import BASE_URL, LocalTransport

STAND_IN = (sys.executable, str(Path(__file__).with_name("stand_in_worker.py")))
SCHEMA = {"type": "object", "properties": {"text": {"type": ["string", "null"]}}}
JOBS = "/api/v2/extract"
FINAL = {"COMPLETED", "FAILED", "CANCELLED"}
Opener = Callable[[str | None], httpx.Client]


@pytest.fixture(params=["in process", "socket"])
def opener(request: pytest.FixtureRequest, tmp_path: Path, serve_on_a_socket: Any) -> Iterator[Opener]:
    """Opens a service with the given faults, and a client of it."""
    ends: list[Any] = []

    def open_client(faults: str | None) -> httpx.Client:
        data_dir = tmp_path / f"service{len(ends)}"
        if request.param == "in process":
            transport = LocalTransport(data_dir=data_dir, worker_command=STAND_IN, workers=1, faults=faults)
            client = httpx.Client(transport=transport, base_url=BASE_URL)
        else:
            settings = ServiceSettings(data_dir=data_dir, worker_command=STAND_IN, workers=1, faults=faults)
            served = serve_on_a_socket(settings)
            client = httpx.Client(base_url=served.__enter__(), trust_env=False)
            ends.append(lambda: served.__exit__(None, None, None))
        ends.append(client.close)
        return client

    yield open_client
    for end in reversed(ends):
        end()


@pytest.fixture
def http(opener: Opener) -> httpx.Client:
    """Faults are on, and come with the requests."""
    return opener("seed=1")


def upload(http: httpx.Client) -> str:
    files = {"file": ("note.txt", b"hello")}
    reply = http.post("/api/v1/beta/files", files=files, data={"purpose": "extract"})
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


def create(http: httpx.Client, spec: str | None = None) -> httpx.Response:
    body = {"file_input": upload(http), "configuration": {"data_schema": SCHEMA}}
    return http.post(JOBS, json=body, headers=with_faults(spec) if spec else {})


def with_faults(spec: str) -> dict[str, str]:
    return {FAULTS_HEADER: spec}


def listed(http: httpx.Client) -> list[str]:
    return [job["id"] for job in http.get(JOBS, params={"page_size": 100}).json()["items"]]


def final(http: httpx.Client, job_id: str) -> dict[str, Any]:
    while (job := http.get(f"{JOBS}/{job_id}").json())["status"] not in FINAL:
        time.sleep(0.002)
    return dict(job)


def until_listed(http: httpx.Client, number: int) -> None:
    while len(listed(http)) < number:
        time.sleep(0.002)


def test_lost(http: httpx.Client) -> None:
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        create(http, "lost=1")
    assert len(listed(http)) == 1


def test_lost_while_others_wait(http: httpx.Client) -> None:
    results: list[object] = []

    def one(spec: str) -> None:
        try:
            results.append(create(http, spec).status_code)
        except httpx.TransportError:
            results.append("lost")

    threads = [threading.Thread(target=one, args=(f"lost={number % 2}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=str) == [200] * 4 + ["lost"] * 4
    assert len(listed(http)) == 8


def test_late(http: httpx.Client) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        create(http, "late=1:0.2")
    assert listed(http) == []
    until_listed(http, 1)
    assert final(http, listed(http)[0])["status"] == "COMPLETED"


def test_late_is_given_up_with_the_service(opener: Opener) -> None:
    http = opener("late=1:600")
    with pytest.raises(httpx.RemoteProtocolError):
        create(http)


@pytest.mark.parametrize(("spec", "jobs"), [("error-before=1:502", 0), ("error-after=1:502", 1)])
def test_errors(http: httpx.Client, spec: str, jobs: int) -> None:
    reply = create(http, spec)
    assert reply.status_code == 502
    assert reply.json()["detail"].startswith("injected fault: error-")
    assert len(listed(http)) == jobs


@pytest.mark.parametrize(("spec", "seconds"), [("rate-limit=1", None), ("rate-limit=1:2.5", "2.5")])
def test_rate_limits(http: httpx.Client, spec: str, seconds: str | None) -> None:
    reply = create(http, spec)
    assert (reply.status_code, reply.headers.get("retry-after")) == (429, seconds)
    assert listed(http) == []


def test_malformed(http: httpx.Client) -> None:
    reply = create(http, "malformed=1")
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json"
    assert reply.text.startswith('{"id"')
    with pytest.raises(json.JSONDecodeError):
        reply.json()
    assert len(listed(http)) == 1


def test_a_slow_body_arrives_whole(http: httpx.Client) -> None:
    began = time.monotonic()
    reply = create(http, "slow-body=1:0.2")
    assert time.monotonic() - began >= 0.2
    assert reply.json()["id"] in listed(http)


def test_a_slow_body_comes_in_pieces(opener: Opener) -> None:
    http = opener("slow-body@list=1:0.2")
    with http.stream("GET", JOBS) as reply:
        pieces = list(reply.iter_bytes())
    assert json.loads(b"".join(pieces))["items"] == []
    if http.base_url.host == "127.0.0.1":
        assert len(pieces) > 1


def test_latency(http: httpx.Client) -> None:
    began = time.monotonic()
    assert http.get(JOBS, headers=with_faults("latency=1:0.2")).status_code == 200
    assert time.monotonic() - began >= 0.2


def test_latency_holds_up_nobody_else(opener: Opener) -> None:
    http = opener("latency@get=1:0.5")
    order: list[str] = []

    def slow() -> None:
        http.get(f"{JOBS}/ext-1")
        order.append("slow")

    waiting = threading.Thread(target=slow)
    waiting.start()
    http.get(JOBS)
    order.append("quick")
    waiting.join()
    assert order == ["quick", "slow"]


def test_list_lag_hides_a_job_from_every_list(opener: Opener) -> None:
    http = opener("list-lag=0.5:600,seed=4")
    made = [create(http).json()["id"] for _ in range(12)]
    seen = listed(http)
    assert 0 < len(seen) < 12
    assert seen == [job_id for job_id in reversed(made) if job_id in seen]
    paged, token = [], None
    while True:
        page = http.get(JOBS, params={"page_size": 2} | ({"page_token": token} if token else {})).json()
        paged += [job["id"] for job in page["items"]]
        token = page["next_page_token"]
        if not token:
            break
    assert paged == seen
    assert http.get(JOBS, params={"job_ids": made}).json()["items"]
    hidden = next(job_id for job_id in made if job_id not in seen)
    assert http.get(JOBS, params={"job_ids": [hidden]}).json()["items"] == []
    assert http.get(f"{JOBS}/{hidden}").status_code == 200


def test_list_lag_ends(http: httpx.Client) -> None:
    create(http, "list-lag=1:0.2")
    assert listed(http) == []
    until_listed(http, 1)


def test_a_stuck_job_runs_until_it_is_cancelled_and_holds_up_nobody(http: httpx.Client) -> None:
    stuck = create(http, "stuck=1").json()["id"]
    after = create(http).json()["id"]
    assert final(http, after)["status"] == "COMPLETED"
    assert http.get(f"{JOBS}/{stuck}").json()["status"] == "RUNNING"
    assert http.post(f"{JOBS}/{stuck}/cancel").json()["status"] == "CANCELLED"


def test_a_failing_job(http: httpx.Client) -> None:
    job = final(http, create(http, "fail=1").json()["id"])
    assert job["status"] == "FAILED"
    assert job["error_message"] == "engine_error: the job failed (injected fault: fail)"


def test_a_wrong_header_is_refused(http: httpx.Client) -> None:
    reply = http.get(JOBS, headers=with_faults("lost=2"))
    assert reply.status_code == 400
    assert "RATE is between 0 and 1" in reply.json()["detail"]


def test_the_header_does_nothing_where_faults_are_off(opener: Opener) -> None:
    http = opener(None)
    assert http.get(JOBS, headers=with_faults("error-before=1")).status_code == 200


def test_the_header_takes_the_place_of_the_services_own(opener: Opener) -> None:
    http = opener("error-before@list=1:599")
    assert http.get(JOBS).status_code == 599
    assert http.get(JOBS, headers=with_faults("seed=1")).status_code == 200


def test_the_same_seed_gives_the_same_faults(opener: Opener) -> None:
    def run(spec: str) -> list[int]:
        http = opener(spec)
        return [http.get(JOBS).status_code for _ in range(30)]

    spec = "seed={},rate-limit=0.3,error-before=0.3:500"
    first = run(spec.format(5))
    assert set(first) == {200, 429, 500}
    assert run(spec.format(5)) == first
    assert run(spec.format(6)) != first


async def test_lost_for_an_async_caller(tmp_path: Path) -> None:
    transport = LocalTransport(data_dir=tmp_path / "own", worker_command=STAND_IN, faults="lost@list=1")
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
        replies = await asyncio.gather(*(http.get(JOBS) for _ in range(5)), return_exceptions=True)
        assert {type(reply) for reply in replies} == {httpx.RemoteProtocolError}
        assert all(
            isinstance(reply, httpx.RequestError) and reply.request.method == "GET" for reply in replies
        )


def test_a_wrong_spec_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="lost=2"):
        LocalTransport(data_dir=tmp_path, faults="lost=2")


def test_one_folder_has_one_set_of_faults(tmp_path: Path) -> None:
    with httpx.Client(
        transport=LocalTransport(data_dir=tmp_path, worker_command=STAND_IN, faults="seed=1"),
        base_url=BASE_URL,
    ) as http:
        assert http.get(JOBS).status_code == 200
        with pytest.raises(ConfigurationError, match="other faults"):
            httpx.Client(transport=LocalTransport(data_dir=tmp_path), base_url=BASE_URL).get(JOBS)
