"""A run against a service that is not there, and one that goes away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from extract_bridge import ExtractClient, RetryPolicy
from extract_bridge.bench.corpus import choose_layouts, generate
from extract_bridge.bench.document import BenchDocument
from extract_bridge.bench.run import run
from extract_bridge.core.errors import NotSentError

NOBODY = "http://127.0.0.1:9"


def test_a_service_that_is_not_there_ends_a_run_before_many_documents_are_drawn() -> None:
    drawn = []

    def documents() -> Iterator[BenchDocument]:
        for document in generate(100, 1, choose_layouts(["letter"])):
            drawn.append(document.name)
            yield document

    with (
        ExtractClient(base_url=NOBODY, api_key="any", retry=RetryPolicy(attempts=0)) as client,
        pytest.raises(NotSentError),
    ):
        run(client, documents(), max_concurrency=2)
    assert len(drawn) <= 4


class Leaving:
    """A client whose service goes away after its first answer."""

    def __init__(self, client: ExtractClient) -> None:
        self.client, self.service, self.calls = client, client.service, 0

    def run(self, *arguments: Any, **options: Any) -> Any:
        self.calls += 1
        if self.calls > 1:
            raise NotSentError("the service went away")
        return self.client.run(*arguments, **options)


def test_a_service_that_goes_away_leaves_what_it_answered() -> None:
    with ExtractClient(local=True) as client:
        leaving: Any = Leaving(client)
        report = run(leaving, generate(4, 1, choose_layouts(["letter"])), max_concurrency=1)
    assert [outcome.error is None for outcome in report.outcomes] == [True, False, False, False]
    assert report.failures[0].error == "NotSentError: the service went away"
    assert "cause" not in repr(report.outcomes[1])
