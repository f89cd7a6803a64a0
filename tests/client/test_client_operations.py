"""Every operation, on both clients, against the service on this machine."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from extract_bridge.client.client import AsyncExtractClient, ExtractClient
from extract_bridge.core.errors import (
    BadRequestError,
    ConfigurationError,
    ConflictError,
    NotFoundError,
    SchemaError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
DOCUMENT = ("note.txt", b"Number: A-17\n")
OPERATIONS = (
    "create",
    "get",
    "list_page",
    "cancel",
    "delete",
    "wait",
    "run",
    "validate_schema",
    "generate_schema",
)
RESOURCE_OPERATIONS = {
    "files": ("create", "get", "delete", "content", "list_page"),
    "configurations": ("create", "get", "update", "delete", "list_page"),
    "parsing": ("create", "get", "cancel"),
    "raw": ("get", "post", "put", "delete"),
}


@pytest.fixture(scope="module")
def client() -> Iterator[ExtractClient]:
    with ExtractClient(local=True) as client:
        yield client


def test_the_parts_of_run_one_by_one(client: ExtractClient) -> None:
    file = client.files.create(DOCUMENT, external_file_id="own-1")
    assert (file.name, file.external_file_id, file.purpose) == ("note.txt", "own-1", "extract")
    assert client.files.get(file.id).name == "note.txt"
    created = client.create(file.id, data_schema=SCHEMA)
    assert created.file_input == file.id
    done = client.wait(created.id)
    assert done.extract_result == {"number": "A-17"}
    for part in (done.configuration, done.extract_metadata, done.metadata, done.usage):
        assert part is not None
    small = client.get(created.id, expand=[])
    assert (small.configuration, small.extract_metadata, small.usage) == (None, None, None)
    assert (
        client.create(document_input_value=file.id, configuration={"data_schema": SCHEMA}).file_input
        == file.id
    )
    with pytest.raises(ConflictError) as caught:
        client.cancel(created.id)
    assert caught.value.hint
    client.delete(created.id)
    with pytest.raises(NotFoundError):
        client.get(created.id)
    client.files.delete(file.id)
    with pytest.raises(NotFoundError):
        client.files.get(file.id)


def test_lists_go_over_all_pages(client: ExtractClient) -> None:
    file = client.files.create(DOCUMENT)
    created = [client.create(file.id, data_schema=SCHEMA).id for _ in range(5)]
    for job_id in created:
        client.wait(job_id)
    assert [job.id for job in client.list(file_input=file.id, page_size=2)] == created[::-1]
    assert {job.id for job in client.list(job_ids=created[:2])} == set(created[:2])
    assert {job.id for job in client.list(status="COMPLETED", file_input=file.id)} == set(created)
    assert list(client.list(status="FAILED", file_input=file.id)) == []
    page = client.list_page(file_input=file.id, page_size=2, expand=["configuration"])
    assert (len(page.items), page.items[0].configuration is not None) == (2, True)
    assert [item.id for item in client.files.list(file_ids=[file.id])] == [file.id]

    async def main() -> tuple[list[str], list[str]]:
        async with AsyncExtractClient(local=True) as other:
            jobs = [job.id async for job in other.list(file_input=file.id, page_size=2)]
            return jobs, [item.id async for item in other.files.list(file_ids=[file.id], page_size=1)]

    assert asyncio.run(main()) == (created[::-1], [file.id])


def test_both_clients_give_the_same_job(client: ExtractClient) -> None:
    job = client.run(DOCUMENT, data_schema=SCHEMA)
    other = asyncio.run(AsyncExtractClient(local=True).get(job.id))
    assert other.to_dict() == job.to_dict()
    assert (job.origin is not None, other.origin) == (True, None)


def test_a_schema_can_be_checked_by_the_service(client: ExtractClient) -> None:
    assert client.validate_schema(SCHEMA)["properties"]["number"]
    with pytest.raises(SchemaError):
        client.validate_schema({"foo": {"foo": "bar"}})


@pytest.mark.parametrize("keywords", [{}, {"file_input": "a", "document_input_value": "b"}])
def test_create_needs_one_input(client: ExtractClient, keywords: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="file_input"):
        client.create(**keywords, data_schema=SCHEMA)  # type: ignore[arg-type]


def test_an_unknown_file_is_a_bad_request(client: ExtractClient) -> None:
    with pytest.raises(BadRequestError):
        client.create("dfl-nothere", data_schema=SCHEMA)


# --- plain methods on one client, coroutine methods on the other ----------------------------------------------------------------


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_one_signature(name: str) -> None:
    sync, other = getattr(ExtractClient(local=True), name), getattr(AsyncExtractClient(local=True), name)
    assert inspect.signature(sync) == inspect.signature(other)
    assert "self" not in inspect.signature(sync).parameters
    assert "Flow" not in str(inspect.signature(sync))
    assert (inspect.iscoroutinefunction(sync), inspect.iscoroutinefunction(other)) == (False, True)
    assert sync.__doc__ == other.__doc__ == getattr(ExtractClient, name).__doc__
    assert sync.__name__ == name


@pytest.mark.parametrize(
    ("resource", "name"),
    [(resource, name) for resource, names in RESOURCE_OPERATIONS.items() for name in names],
)
def test_an_operation_of_a_resource_has_one_signature(resource: str, name: str) -> None:
    sync = getattr(getattr(ExtractClient(local=True), resource), name)
    other = getattr(getattr(AsyncExtractClient(local=True), resource), name)
    assert inspect.signature(sync) == inspect.signature(other)
    assert (inspect.iscoroutinefunction(sync), inspect.iscoroutinefunction(other)) == (False, True)
    assert sync.__doc__


TYPES = """
from typing import assert_type
from extract_bridge import AsyncExtractClient, ExtractClient, ExtractV2Job
from extract_bridge.core.wire.files import File
from extract_bridge.core.wire.saved import GeneratedConfiguration, ParseJob, ParseResult, SavedConfiguration

def sync(client: ExtractClient) -> None:
    assert_type(client.run("a.pdf", data_schema=dict, tier="agentic"), ExtractV2Job)
    assert_type(client.get("ext-1"), ExtractV2Job)
    assert_type(client.files.create("a.pdf"), File)
    client.run("a.pdf", data_schema=dict, teir="agentic")  # E
    client.get()  # E
    for job in client.list(status="FAILED"):
        assert_type(job, ExtractV2Job)
    for job in client.as_completed(["ext-1"]):
        assert_type(job, ExtractV2Job)
    for kept in client.configurations.list(latest_only=True):
        assert_type(kept, SavedConfiguration)
    assert_type(client.parsing.create("dfl-1"), ParseJob)
    assert_type(client.generate_schema(prompt="total"), GeneratedConfiguration)
    assert_type(client.with_options(http_timeout=3), ExtractClient)
    client.configurations.create("a", data_schema=dict, teir="agentic")  # E

async def other(client: AsyncExtractClient) -> None:
    assert_type(await client.run("a.pdf", data_schema=dict), ExtractV2Job)
    assert_type(await client.files.create("a.pdf"), File)
    client.get("ext-1").id  # E
    async for job in client.list():
        assert_type(job, ExtractV2Job)
    async for job in client.as_completed(["ext-1"]):
        assert_type(job, ExtractV2Job)
    assert_type(await client.parsing.get("pjb-1"), ParseResult)
    assert_type(client.with_options(http_timeout=3), AsyncExtractClient)
"""


@pytest.mark.quality
def test_the_types_of_both_clients(tmp_path: Path) -> None:
    file = tmp_path / "types_of_clients.py"
    file.write_text(TYPES)
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--config-file=",
        "--cache-dir",
        str(tmp_path),
        str(file),
    ]
    said = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False).stdout
    wrong = {int(line.split(":")[1]) for line in said.splitlines() if ": error:" in line}
    expected = {number for number, line in enumerate(TYPES.splitlines(), 1) if line.endswith("# E")}
    assert wrong == expected, said
