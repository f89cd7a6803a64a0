"""A service that takes so many requests a second, over a real socket: nobody fails, nothing is paid twice. The slow form is in `tests/slow`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from extract_bridge.bulk import Extraction, Ledger, Progress, aextract_many, extract_many, submit
from extract_bridge.client.client import AsyncExtractClient, ExtractClient
from extract_bridge.client.policy import RetryPolicy

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
FILES = [(f"note-{number}.txt", f"Number: A-{number}\n".encode()) for number in range(16)]


@pytest.mark.extract_bridge_faults("throttle=1:20")
@pytest.mark.parametrize("how", ["threads", "tasks"])
def test_a_storm_of_refusals_fails_nobody(how: str, extract_bridge_server: Any) -> None:
    said: list[Progress] = []
    url = extract_bridge_server.base_url
    keywords: dict[str, Any] = {
        "data_schema": SCHEMA,
        "max_concurrency": 16,
        "on_progress": said.append,
        "ordered": True,
    }

    async def gather() -> list[Extraction]:
        async with AsyncExtractClient(api_key="any", base_url=url) as client:
            return [item async for item in aextract_many(FILES, client=client, **keywords)]

    with ExtractClient(api_key="any", base_url=url) as client:
        if how == "tasks":
            found = asyncio.run(gather())
        else:
            found = list(extract_many(FILES, client=client, **keywords))
        assert [item.error for item in found] == [None] * 16
        assert [item.records[0].data["number"] for item in found] == [f"A-{number}" for number in range(16)]
        assert said[-1].refused > 0, "a second's worth of twenty is less than these documents need"
        assert said[-1].request_rate is not None
        keywords = {**keywords, "on_progress": None, "rate_limit": 20.0, "ordered": False}
        again = list(extract_many(FILES[:1], client=client, **keywords))
        assert [item.error for item in again] == [None]
        assert len({job.id for job in client.list()}) == 17, "one for each document"


def test_a_limit_is_above_nothing() -> None:
    from extract_bridge.core.errors import ConfigurationError

    with pytest.raises(ConfigurationError, match="rate_limit"):
        extract_many(FILES, data_schema=SCHEMA, local=True, rate_limit=0)


@pytest.mark.extract_bridge_faults("throttle=1:20")
def test_submitting_into_a_storm_fails_nobody(tmp_path: Path, extract_bridge_server: Any) -> None:
    retry = RetryPolicy(attempts=1, first=0.01)  # waiting for its turn is no attempt
    with (
        ExtractClient(api_key="any", base_url=extract_bridge_server.base_url, retry=retry) as client,
        Ledger(tmp_path / "ledger.db") as ledger,
    ):
        found = submit(FILES, client=client, data_schema=SCHEMA, ledger=ledger, max_concurrency=16)
        assert [item.error for item in found] == [None] * 16
        assert [item.index for item in found] == list(range(16))
        assert len({item.job_id for item in found}) == 16
