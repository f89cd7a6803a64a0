"""The shipped suites, run on what this package brings; and a suite fails on what is wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

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


class TestRulesEngine(EngineSuite):
    def make_engine(self) -> RulesEngine:
        return RulesEngine()


class TestLocalTransport(TransportSuite):
    folder: Path

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _service(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
        cls.folder = tmp_path_factory.mktemp("door")
        with httpx.Client(transport=LocalTransport(data_dir=cls.folder), base_url=BASE_URL) as kept:
            kept.get("/api/v2/extract")  # who stays keeps the service open from test to test
            yield

    def open_client(self) -> httpx.Client:
        return httpx.Client(transport=LocalTransport(data_dir=self.folder), base_url=BASE_URL)

    def open_async_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=LocalTransport(data_dir=self.folder), base_url=BASE_URL)


class TestSocket(TransportSuite):
    base_url: str

    @pytest.fixture(autouse=True, scope="class")
    @classmethod
    def _service(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
        with serving(tmp_path_factory.mktemp("served")) as server:
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
