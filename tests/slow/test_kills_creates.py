"""Many creates on a bad day: how many jobs are made twice, by the official client and by ours.

The service has no list of lies here: it is the local one, with faults on demand. Keys of idempotency are taken from our requests, for
the cloud knows none; what is shown is the settling of doubt by lists.
"""

from __future__ import annotations

import asyncio
import os
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from llama_cloud import AsyncLlamaCloud

from extract_bridge import AsyncExtractClient, ExtractV2Job, RetryPolicy
from extract_bridge.testing.server import serving

pytestmark = pytest.mark.slow

SHORT = os.environ.get("EXTRACT_BRIDGE_SHORT") == "1"  # read before the tests' clean environment
SEED = int(os.environ.get("EXTRACT_BRIDGE_SEED", "1"))
DOCUMENTS = 40 if SHORT else 500
FEW = 10 if SHORT else 40
SCHEMA = {"type": "object", "properties": {"total": {"type": ["number", "null"]}}}
BAD_DAY = (
    f"seed={SEED},lost=0.06,error-after=0.06:503,error-before@create=0.03:503,"
    "late=0.04:0.5,late=0.04:2,list-lag=0.3:0.5,list-lag=0.3:2"
)
QUIET = 4.0  # seconds after which the last job is made, and listed
SETTLE = RetryPolicy(settle_after=5.0, first=0.2, most=2.0)


async def without_key(request: httpx.Request) -> None:
    """An event hook: the service under test must not know repeated creates by themselves."""
    request.headers.pop("idempotency-key", None)


async def ours(base_url: str, number: int) -> list[ExtractV2Job]:
    """`run` for each document, all at once."""
    http = httpx.AsyncClient(event_hooks={"request": [without_key]}, trust_env=False, timeout=60)
    async with http, AsyncExtractClient(base_url=base_url, http_client=http, retry=SETTLE) as client:
        return await asyncio.gather(
            *(
                client.run(content(document), file_name=name(document), data_schema=SCHEMA, timeout=600)
                for document in range(number)
            )
        )


async def theirs(base_url: str, number: int) -> None:
    """Upload and create for each document, all at once, as the official client does by default."""
    async with AsyncLlamaCloud(base_url=base_url, api_key="any") as sdk:

        async def one(document: int) -> None:
            file = await sdk.files.create(file=(name(document), content(document)), purpose="extract")
            await sdk.extract.create(file_input=file.id, configuration={"data_schema": SCHEMA})

        await asyncio.gather(*(one(document) for document in range(number)))


def name(document: int) -> str:
    return f"document-{document}.txt"


def content(document: int) -> bytes:
    return f"Total: {document}.25\n".encode()


def jobs_by_document(base_url: str, *, quiet: float) -> Counter[str]:
    """How many jobs each document has, once the lists show everything."""
    time.sleep(quiet)
    with httpx.Client(base_url=base_url, trust_env=False) as http:
        files = {file["id"]: file["name"] for file in every(http, "/api/v1/beta/files")}
        return Counter(files[job["file_input"]] for job in every(http, "/api/v2/extract"))


def every(http: httpx.Client, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    query = {"page_size": "100"}
    while True:
        page = http.get(path, params=query).json()
        found += page["items"]
        if not page["next_page_token"]:
            return found
        query["page_token"] = page["next_page_token"]


def repeated(jobs: Counter[str]) -> int:
    return sum(number - 1 for number in jobs.values())


def test_no_job_is_made_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(tmp_path / "theirs", faults=BAD_DAY) as server:
        asyncio.run(theirs(server.base_url, DOCUMENTS))
        official = jobs_by_document(server.base_url, quiet=QUIET)
    with serving(tmp_path / "ours", faults=BAD_DAY) as server:
        done = asyncio.run(ours(server.base_url, DOCUMENTS))
        own = jobs_by_document(server.base_url, quiet=QUIET)
    with capsys.disabled():
        print(
            f"\nfigure: {DOCUMENTS} creates: official client {repeated(official)} duplicates, ours {repeated(own)}"
        )
    assert {job.status for job in done} == {"COMPLETED"}
    assert [job.extract_result for job in done] == [{"total": number + 0.25} for number in range(DOCUMENTS)]
    assert len(own) == DOCUMENTS
    assert repeated(own) == 0
    assert not any(job.duplicates for job in done)
    assert repeated(official) > 0


def test_beyond_the_promise_duplicates_are_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        serving(tmp_path / "ours", faults=f"seed={SEED},lost=0.3,list-lag=1:10") as server,
        warnings.catch_warnings(record=True) as said,
    ):
        warnings.simplefilter("always")
        done = asyncio.run(ours(server.base_url, FEW))
        own = jobs_by_document(server.base_url, quiet=10)
    reported = sum(len(job.duplicates) for job in done)
    with capsys.disabled():
        print(f"\nfigure: {FEW} creates, lists 10 s behind: {repeated(own)} duplicates, {reported} reported")
    assert reported == repeated(own) > 0
    assert {str(warning.category.__name__) for warning in said} == {"DuplicateJobWarning"}
