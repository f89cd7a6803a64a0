"""The vendor's newest client, unmodified: saved webhook endpoints and a job that tells of itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from llama_cloud import LlamaCloud, NotFoundError, UnprocessableEntityError

from extract_bridge.local.service.state import ServiceSettings

SCHEMA = {"type": "object", "properties": {"number": {"type": ["string", "null"]}}}


@pytest.fixture
def url(tmp_path: Any, serve_on_a_socket: Any) -> Iterator[str]:
    settings = ServiceSettings(data_dir=tmp_path, allow_webhook_hosts=("127.0.0.1",))
    with serve_on_a_socket(settings) as url:
        yield url


def test_saved_endpoints_and_a_job(url: str) -> None:
    client = LlamaCloud(api_key="llx-any", base_url=url, max_retries=0)
    made = client.webhook_configs.create(
        webhook_url="https://example.com/hook",
        webhook_events=["extract.success"],
        webhook_headers={"X-Own": "1"},
        webhook_output_format="json",
        webhook_signing_secret="whsec_sdk",
    )
    assert made.has_secret
    assert client.webhook_configs.retrieve(made.id) == made
    changed = client.webhook_configs.update(made.id, webhook_url=f"{url}/health/live")
    assert changed.webhook_events == ["extract.success"]
    assert [item.id for item in client.webhook_configs.list_paginated(page_size=1)] == [made.id]
    with pytest.warns(DeprecationWarning, match="deprecated"):
        listed = client.webhook_configs.list()
    assert [item.id for item in listed] == [made.id]
    for bad in ({"webhook_url": "http://10.0.0.1/"}, {"webhook_events": []}):
        with pytest.raises(UnprocessableEntityError):
            client.webhook_configs.update(made.id, **bad)

    file = client.files.create(file=("a.txt", b"Number: A-17\n"), purpose="extract")
    job = client.extract.create(
        file_input=file.id, configuration={"data_schema": SCHEMA}, webhook_configuration_ids=[made.id]
    )
    log: list[dict[str, Any]] = []
    while (
        not log or log[0]["state"] == "open"
    ):  # the receiver is the service itself, which has no such route: no 2xx
        log = httpx.get(f"{url}/api/v2/extract/{job.id}/webhook-deliveries", trust_env=False).json()["items"]
        time.sleep(0.01)
    assert (log[0]["event_type"], log[0]["state"], len(log[0]["attempts"])) == (
        "extract.success",
        "failed",
        3,
    )
    assert log[0]["attempts"][0]["status"] == 405

    client.webhook_configs.delete(made.id)
    with pytest.raises(NotFoundError):
        client.webhook_configs.retrieve(made.id)
    with pytest.raises(NotFoundError):
        client.extract.create(
            file_input=file.id, configuration={"data_schema": SCHEMA}, webhook_configuration_ids=[made.id]
        )
    client.close()
