"""The shipped suites, run on what this package brings; and a suite fails on what is wrong."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from extract_bridge.local.engine.engine import RulesEngine
from extract_bridge.local.service.sqlite_store import SqliteJobStore
from extract_bridge.local.transport import BASE_URL, LocalTransport
from extract_bridge.testing import engines
from extract_bridge.testing.engines import EngineSuite
from extract_bridge.testing.server import serving
from extract_bridge.testing.stores import JobStoreSuite
from extract_bridge.testing.transports import TransportSuite


class TestSqliteJobStore(JobStoreSuite):
    def open_store(self, folder: Path) -> SqliteJobStore:
        return SqliteJobStore(folder / "jobs.sqlite3")


class Careless:
    """A store that does one thing wrong."""

    def __init__(self, store: SqliteJobStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class LosesTheDocument(Careless):
    def get_file(self, file_id: str) -> Any:
        file = self._store.get_file(file_id)
        return file and dataclasses.replace(file, size=0)


class OldestFirst(Careless):
    def list_jobs(self, query: Any) -> Any:
        return self._store.list_jobs(query)[::-1]


class PaysTwice(Careless):
    def claim(self, *, now: float, lease_seconds: float) -> Any:
        lease = self._store.claim(now=now, lease_seconds=lease_seconds)
        if lease is not None:
            self._store.release(lease)
        return lease


class ForgivesLateness(Careless):
    def complete(self, lease: Any, **answer: Any) -> bool:
        self._store.complete(lease, **answer)
        return True


class Retypes(Careless):
    def complete(self, lease: Any, *, result: str, **answer: Any) -> bool:
        return self._store.complete(lease, result=json.dumps(json.loads(result)), **answer)


class CancelsAll(Careless):
    def cancel(self, job_id: str) -> Any:
        job = self._store.cancel(job_id)
        return job and dataclasses.replace(job, status="CANCELLED")


@pytest.mark.parametrize(
    ("careless", "test"),
    [
        (LosesTheDocument, "a_file_is_kept_as_it_is"),
        (OldestFirst, "pages_follow_each_other_without_gap"),
        (PaysTwice, "jobs_are_claimed_oldest_first_and_once"),
        (ForgivesLateness, "a_lease_that_ran_out_is_worth_nothing"),
        (ForgivesLateness, "a_deleted_job_cannot_be_ended"),
        (Retypes, "a_completed_job_has_its_answer_to_the_letter"),
        (CancelsAll, "a_final_job_is_not_cancelled"),
    ],
)
def test_the_store_suite_sees_a_careless_store(careless: Any, test: str, tmp_path: Path) -> None:
    store = SqliteJobStore(tmp_path / "jobs.sqlite3", durable=False)
    check = getattr(TestSqliteJobStore(), f"test_{test}")
    try:
        with pytest.raises(AssertionError):
            check(careless(store))
    finally:
        store.close()


class Mangling(httpx.BaseTransport):
    """A way to the service that does one thing wrong."""

    def __init__(self, what: str, folder: Path) -> None:
        self._what = what
        self._way = LocalTransport(data_dir=folder)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._what == "merges parameters":
            request.url = request.url.copy_with(params=dict(request.url.params))
        reply = self._way.handle_request(request)
        if self._what == "turns refusals into errors" and reply.status_code >= 400:
            return httpx.Response(502, request=request)
        if self._what == "reads bytes as text" and request.url.path.startswith("/content/"):
            text = reply.content.decode("latin-1").replace("\r\n", "\n").encode()
            return httpx.Response(
                reply.status_code, headers={"x-content-type-options": "nosniff"}, content=text
            )
        return reply

    def close(self) -> None:
        self._way.close()


@pytest.mark.parametrize(
    ("what", "test", "arguments"),
    [
        ("merges parameters", "repeated_parameters_all_arrive", ()),
        ("turns refusals into errors", "refusals_arrive", ("GET", "/api/v2/nothing", None, 404)),
        ("reads bytes as text", "bytes_arrive_as_they_are", ()),
    ],
)
def test_the_transport_suite_sees_a_mangling_one(
    what: str, test: str, arguments: tuple[Any, ...], tmp_path: Path
) -> None:
    check = getattr(TestLocalTransport(), f"test_{test}")
    with httpx.Client(transport=LocalTransport(data_dir=tmp_path), base_url=BASE_URL) as http:
        check(http, *arguments)
    with (
        httpx.Client(transport=Mangling(what, tmp_path), base_url=BASE_URL) as http,
        pytest.raises(AssertionError),
    ):
        check(http, *arguments)


class Blocking(httpx.AsyncBaseTransport):
    """A way for async callers that waits where it must not."""

    def __init__(self, folder: Path) -> None:
        self._way = LocalTransport(data_dir=folder, faults="seed=1")

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self._way.handle_request(request)

    async def aclose(self) -> None:
        self._way.close()


def test_the_transport_suite_sees_a_blocking_one(tmp_path: Path) -> None:
    suite = TestLocalTransport()
    suite.open_async_client = lambda: httpx.AsyncClient(  # type: ignore[method-assign]
        transport=Blocking(tmp_path), base_url=BASE_URL
    )
    with pytest.raises(AssertionError, match=r"\d > 20"):
        suite.test_the_callers_loop_is_not_held_up()


class TestRulesEngine(EngineSuite):
    def make_engine(self) -> RulesEngine:
        return RulesEngine()


class TestLocalTransport(TransportSuite):
    folder: Path

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _service(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
        cls.folder = tmp_path_factory.mktemp("door")
        with httpx.Client(
            transport=LocalTransport(data_dir=cls.folder, faults="seed=1"), base_url=BASE_URL
        ) as kept:
            kept.get("/api/v2/extract")  # who stays keeps the service open from test to test
            yield

    def open_client(self) -> httpx.Client:
        return httpx.Client(
            transport=LocalTransport(data_dir=self.folder, faults="seed=1"), base_url=BASE_URL
        )

    def open_async_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=LocalTransport(data_dir=self.folder, faults="seed=1"), base_url=BASE_URL
        )


class TestSocket(TransportSuite):
    base_url: str

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _service(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
        with serving(tmp_path_factory.mktemp("served"), faults="seed=1") as server:
            cls.base_url = server.base_url
            yield

    def open_client(self) -> httpx.Client:
        return httpx.Client(base_url=self.base_url, trust_env=False)

    def open_async_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.base_url, trust_env=False)


def test_the_engine_suite_sees_what_is_made_up() -> None:
    document = engines.document(1)
    record = RulesEngine().extract(document, engines.request("per_doc"))[0]
    field = next(field for field in engines.found_fields(record) if field.citations)
    engines.assert_proved(field, document)
    citation = field.citations[0]
    for change in (
        {"citations": ()},
        {"confidence": 1.5},
        {"citations": (dataclasses.replace(citation, page=2),)},
        {"citations": (dataclasses.replace(citation, quote="invented"),)},
        {"citations": (dataclasses.replace(citation, quote=None),)},
    ):
        with pytest.raises(AssertionError):
            engines.assert_proved(dataclasses.replace(field, **change), document)


def test_the_engine_suite_sees_a_wrong_form() -> None:
    good = {"number": None, "total": 1, "seller": {"name": None, "city": "x"}, "items": []}
    engines.assert_form(good, engines.SCHEMA)
    for change in (
        {"total": "1"},
        {"total": True},
        {"items": None},
        {"seller": {}},
        {"more": 1},
        {"number": 1},
    ):
        with pytest.raises(AssertionError):
            engines.assert_form({**good, **change}, engines.SCHEMA)
