"""A few creates whose answers are lost, through both doors: the official client repeats them blindly, ours never does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from llama_cloud import LlamaCloud

from extract_bridge import ExtractClient, RetryPolicy
from extract_bridge.local.service.faults import FaultPlan
from extract_bridge.local.transport import BASE_URL, LocalTransport
from extract_bridge.testing.server import serving

SCHEMA = {"type": "object", "properties": {"total": {"type": ["number", "null"]}}}
DOCUMENTS = 6
QUIET = 0.5  # seconds after which the last job is made, and listed
LOST = "seed=43,lost=0.4"
LOST_ANSWERS = {
    "lost": LOST,
    "error after": "seed=43,error-after=0.4:500",
    "late": "seed=43,late=0.4:0.1",
    "late and listed late": "seed=43,late=0.4:0.1,list-lag=1:0.2",
    "unreadable": "seed=43,malformed@create=0.4",
}


def http_client(door: str, folder: Path, faults: str) -> Iterator[httpx.Client]:
    def without_key(request: httpx.Request) -> None:
        request.headers.pop("idempotency-key", None)

    hooks = {"request": [without_key]}
    if door == "in process":
        transport = LocalTransport(data_dir=folder, faults=faults)
        with httpx.Client(transport=transport, base_url=BASE_URL, event_hooks=hooks) as http:
            yield http
    else:
        with (
            serving(folder, faults=faults) as server,
            httpx.Client(base_url=server.base_url, trust_env=False, event_hooks=hooks) as http,
        ):
            yield http


@pytest.fixture(params=["in process", "socket"])
def http(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[httpx.Client]:
    yield from http_client(request.param, tmp_path / "lost", LOST)


@pytest.fixture(params=LOST_ANSWERS)
def bad_day(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[httpx.Client]:
    yield from http_client("socket", tmp_path / "bad", LOST_ANSWERS[request.param])


def jobs(http: httpx.Client) -> int:
    return len(http.get("/api/v2/extract", params={"page_size": 100}).json()["items"])


def test_the_official_client_makes_one_duplicate_for_each_lost_answer(http: httpx.Client) -> None:
    with LlamaCloud(api_key="any", base_url=str(http.base_url), http_client=http) as sdk:
        for number in range(DOCUMENTS):
            file = sdk.files.create(file=(f"{number}.txt", b"Total: 1"), purpose="extract")
            sdk.extract.create(file_input=file.id, configuration={"data_schema": SCHEMA})
        made = [job.id for job in sdk.extract.list()]
    plan = FaultPlan.parse(LOST)
    lost = sum(bool(plan.draw("create", number)) for number in range(len(made)))
    assert lost > 1
    assert len(made) - DOCUMENTS == lost


def test_ours_makes_none(http: httpx.Client) -> None:
    assert_one_job_each(http)


def test_ours_makes_none_whatever_loses_the_answer(bad_day: httpx.Client) -> None:
    assert_one_job_each(bad_day)


def test_each_of_these_plans_loses_answers() -> None:
    for spec in LOST_ANSWERS.values():
        lost = [
            FaultPlan.parse(spec).draw("create", number).keys() - {"list-lag"} for number in range(DOCUMENTS)
        ]
        assert sum(map(bool, lost)) > 1, spec


def assert_one_job_each(http: httpx.Client) -> None:
    settle = RetryPolicy(settle_after=2.0, first=0.1)
    with ExtractClient(base_url=str(http.base_url), http_client=http, retry=settle) as client:
        done = [client.run(b"Total: 1", file_name=f"{n}.txt", data_schema=SCHEMA) for n in range(DOCUMENTS)]
    time.sleep(QUIET)
    assert len({job.id for job in done}) == jobs(http) == DOCUMENTS
    assert not any(job.duplicates for job in done)
