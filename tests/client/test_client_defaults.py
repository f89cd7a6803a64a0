"""What a client does unless it is told otherwise."""

from __future__ import annotations

import pytest

from extract_bridge.client.connect import Settings, api_of, choose
from extract_bridge.client.policy import PollPolicy, RetryPolicy


def test_this_machine_is_looked_at_more_often_unless_the_caller_chose() -> None:
    cloud, local = Settings(api_key="llx-1"), Settings(local=True)
    chosen = Settings(local=True, poll=PollPolicy(first=3.0))
    firsts = [api_of(settings, choose(settings)).poll.first for settings in (cloud, local, chosen)]
    assert firsts[0] == PollPolicy().first
    assert firsts[1] < firsts[0]
    assert firsts[2] == 3.0


def test_the_scope_of_a_call_goes_over_the_clients_own() -> None:
    settings = Settings(local=True, project_id="p", organization_id="o", retry=RetryPolicy(attempts=1))
    api = api_of(settings, choose(settings))
    assert dict(api.scope) == {"project_id": "p", "organization_id": "o"}
    assert dict(api.scoped([("project_id", "q")]).scope) == {"project_id": "q", "organization_id": "o"}
    assert api.retry.attempts == 1


def test_a_bare_client_of_neither_kind_is_refused() -> None:
    from extract_bridge.client.client import Operations

    with pytest.raises(TypeError, match="ExtractClient"):
        Operations(local=True)
