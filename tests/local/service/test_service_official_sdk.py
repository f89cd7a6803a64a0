"""The vendor's own client, unmodified, against the service on a socket with its real engine."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import llama_cloud
import pytest
from llama_cloud import AsyncLlamaCloud, LlamaCloud

from extract_bridge.local.service.state import ServiceSettings

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"number": {"type": ["string", "null"]}, "total": {"type": ["number", "null"]}},
}
NOTE = b"Number: A-17\nTotal: 12.50\n"
EXPAND = ["configuration", "extract_metadata", "usage", "metadata"]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, serve_on_a_socket: Any) -> Iterator[str]:
    settings = ServiceSettings(data_dir=tmp_path_factory.mktemp("sdk"), api_key="llx-local")
    with serve_on_a_socket(settings) as url:
        yield url


def test_the_whole_way(url: str) -> None:
    with LlamaCloud(api_key="llx-local", base_url=url, max_retries=0) as sdk:
        file = sdk.files.create(file=("note.txt", NOTE), purpose="extract", external_file_id="mine")
        assert file.name == "note.txt"
        job = sdk.extract.create(
            file_input=file.id,
            configuration={"data_schema": SCHEMA, "cite_sources": True, "confidence_scores": True},
        )
        assert job.status == "PENDING"
        sdk.extract.wait_for_completion(job.id, polling_interval=0.01)
        done = sdk.extract.get(job.id, expand=EXPAND)
        assert done.extract_result == {"number": "A-17", "total": 12.5}
        assert done.usage is not None
        assert done.usage.credits == 25
        assert done.metadata is not None
        assert done.metadata.usage is not None
        assert done.metadata.usage.num_pages_extracted == 1
        assert done.extract_metadata is not None
        assert done.extract_metadata.field_metadata is not None
        assert "number" in (done.extract_metadata.field_metadata.document_metadata or {})
        assert done.configuration is not None
        assert done.configuration.cite_sources is True
        assert [found.id for found in sdk.extract.list(file_input=file.id)] == [job.id]
        assert [found.id for found in sdk.extract.list(job_ids=[job.id], page_size=1)] == [job.id]
        with pytest.raises(llama_cloud.ConflictError):
            sdk.extract.cancel(job.id)
        assert sdk.extract.validate_schema(data_schema=SCHEMA).data_schema
        link = sdk.files.content(file.id)
        assert link.url.startswith(url)
        assert [found.id for found in sdk.files.list(external_file_id="mine")] == [file.id]
        sdk.extract.delete(job.id)
        sdk.files.delete(file.id)
        with pytest.raises(llama_cloud.NotFoundError):
            sdk.extract.get(job.id)


def test_paging(url: str) -> None:
    with LlamaCloud(api_key="llx-local", base_url=url, max_retries=0) as sdk:
        file = sdk.files.create(file=("note.txt", NOTE), purpose="extract")
        made = [
            sdk.extract.create(file_input=file.id, configuration={"data_schema": SCHEMA}).id for _ in range(5)
        ]
        assert [job.id for job in sdk.extract.list(file_input=file.id, page_size=2)] == made[::-1]


def test_run_and_its_errors(url: str) -> None:
    with LlamaCloud(api_key="llx-local", base_url=url, max_retries=0) as sdk:
        with pytest.raises(llama_cloud.BadRequestError, match="schema_validation"):
            sdk.extract.create(file_input="dfl-1", configuration={"data_schema": {"foo": {"foo": "bar"}}})
        with pytest.raises(llama_cloud.BadRequestError, match="inputs_invalid"):
            sdk.extract.create(file_input="dfl-nothere", configuration={"data_schema": SCHEMA})
        with pytest.raises(llama_cloud.UnprocessableEntityError):
            sdk.extract.create(file_input="dfl-1", configuration={"data_schema": SCHEMA, "target_pages": "x"})
    with (
        LlamaCloud(api_key="llx-wrong", base_url=url, max_retries=0) as stranger,
        pytest.raises(llama_cloud.AuthenticationError),
    ):
        stranger.extract.get("ext-1")


async def test_the_async_client(url: str) -> None:
    async with AsyncLlamaCloud(api_key="llx-local", base_url=url, max_retries=0) as sdk:
        file = await sdk.files.create(file=("note.txt", NOTE), purpose="extract")
        jobs = await asyncio.gather(
            *[sdk.extract.create(file_input=file.id, configuration={"data_schema": SCHEMA}) for _ in range(4)]
        )
        ends = await asyncio.gather(
            *[sdk.extract.wait_for_completion(job.id, polling_interval=0.01) for job in jobs]
        )
    assert [end.extract_result for end in ends] == [{"number": "A-17", "total": 12.5}] * 4
