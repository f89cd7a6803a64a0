"""Lost answers over a real socket: with keys and without them, every document is extracted once."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from extract_bridge.client.client import ExtractClient
from extract_bridge.client.flows.memory import Memory
from extract_bridge.client.policy import PollPolicy, RetryPolicy
from extract_bridge.testing.server import serving

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
SPEC = "seed=5,lost=0.3,error-after=0.2,late=0.1:0.2,list-lag=0.5:0.2,malformed@create=0.1"
DOCUMENTS = 12


class WithoutKeys(Memory):
    """Never learns that keys count, as if the service had not said so."""

    idempotent = property(lambda _: False, lambda *_: None)  # type: ignore[assignment]


@pytest.mark.parametrize("keys", [True, False])
def test_every_document_is_extracted_once(tmp_path: Path, keys: bool) -> None:
    retry = RetryPolicy(attempts=8, first=0.05, most=0.1, settle_after=3.0)
    with serving(tmp_path, faults=SPEC) as server:
        client = ExtractClient(base_url=server.base_url, retry=retry, poll=PollPolicy(0.05, 0.2))
        object.__setattr__(client._api, "memory", Memory(idempotent=True) if keys else WithoutKeys())

        def extract(number: int) -> str | None:
            return client.run(
                (f"{number}.txt", f"Number: A-{number}\n".encode()), data_schema=SCHEMA
            ).file_input

        with ThreadPoolExecutor(DOCUMENTS) as pool:
            made = list(pool.map(extract, range(DOCUMENTS)))
        time.sleep(0.3)  # the lists are up to 0.2 s behind
        listed = Counter(job.file_input for job in client.list())
        client.close()
    assert listed == Counter(made)
    assert set(listed.values()) == {1}
