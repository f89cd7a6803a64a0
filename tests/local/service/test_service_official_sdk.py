"""The vendor's newest client, unmodified, against the service on a socket with its real engine; and ours beside it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from llama_cloud import AsyncLlamaCloud, LlamaCloud

from extract_bridge import AsyncExtractClient, ExtractClient
from extract_bridge.local.service.state import ServiceSettings

ASLEEP = (sys.executable, str(Path(__file__).with_name("stand_in_worker.py")))


def _load(name: str) -> ModuleType:
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sdk_walk = _load("sdk_walk")
EXPAND = sdk_walk.EXPAND


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, serve_on_a_socket: Any) -> Iterator[str]:
    settings = ServiceSettings(data_dir=tmp_path_factory.mktemp("sdk"), api_key=sdk_walk.KEY)
    with serve_on_a_socket(settings) as url:
        yield url


@pytest.fixture
def busy_url(tmp_path: Path, serve_on_a_socket: Any) -> Iterator[str]:
    settings = ServiceSettings(
        data_dir=tmp_path, api_key=sdk_walk.KEY, worker_command=ASLEEP, workers=1, max_open_jobs=2
    )
    with serve_on_a_socket(settings) as url:
        yield url


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_the_whole_way(kind: str, url: str, busy_url: str) -> None:
    told = await sdk_walk.walk(url, busy_url, kind)
    assert told["absent"] == []


async def test_our_client_and_theirs_see_equal_jobs(url: str) -> None:
    """Each creates a job of the same file and reads both: only what a job is called and when it ran may differ."""
    asked = {
        "data_schema": sdk_walk.SCHEMA,
        "tier": "agentic",
        "cite_sources": True,
        "confidence_scores": True,
    }
    with LlamaCloud(api_key=sdk_walk.KEY, base_url=url, max_retries=0) as theirs:
        file = theirs.files.create(file=("note.txt", sdk_walk.NOTE), purpose="extract")
        by_them = theirs.extract.run(file_input=file.id, configuration=asked, **sdk_walk.QUICKLY).id
        with ExtractClient(api_key=sdk_walk.KEY, base_url=url) as ours:
            by_us = ours.run(file.id, **asked).id
            seen = [_ours(ours.get(job_id, expand=EXPAND)) for job_id in (by_them, by_us)]
        assert seen == [_theirs(theirs.extract.get(job_id, expand=EXPAND)) for job_id in (by_them, by_us)]
        listed = [_theirs(job) for job in theirs.extract.list(job_ids=[by_them, by_us], expand=EXPAND)]
        assert seen == listed[::-1]
    async with (
        AsyncLlamaCloud(api_key=sdk_walk.KEY, base_url=url, max_retries=0) as theirs_async,
        AsyncExtractClient(api_key=sdk_walk.KEY, base_url=url) as ours_async,
    ):
        for job_id, job in zip((by_them, by_us), seen, strict=True):
            assert _theirs(await theirs_async.extract.get(job_id, expand=EXPAND)) == job
            assert _ours(await ours_async.get(job_id, expand=EXPAND)) == job
    own = {"id", "created_at", "updated_at"}
    one, other = [{name: value for name, value in job.items() if name not in own} for job in seen]
    assert one["extract_metadata"].pop("parse_job_id") != other["extract_metadata"].pop("parse_job_id")
    assert one == other
    assert one["extract_metadata"]["field_metadata"]["document_metadata"]["total"]["citation"]


def _theirs(job: Any) -> dict[str, Any]:
    return dict(job.to_dict(mode="json"))


def _ours(job: Any) -> dict[str, Any]:
    return dict(job.model_dump(mode="json", exclude_unset=True))
