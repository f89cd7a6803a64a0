"""How often to repeat, and which answers may be repeated."""

from __future__ import annotations

from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.client.effects import Reply
from extract_bridge.client.policy import PollPolicy, RetryPolicy
from extract_bridge.core.errors import ConfigurationError


@given(st.integers(0, 5000), st.floats(0, 10), st.floats(0, 100))
def test_the_backoff_stays_within_its_bounds(attempt: int, first: float, most: float) -> None:
    pause = RetryPolicy(first=first, most=most).pause(attempt)
    top = min(first * 2.0 ** min(attempt, 30), most)
    assert 0.75 * top <= pause <= top


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "7"}, 0.25),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:42 GMT"}, 42.0),
    ],
)
def test_a_pause_that_the_service_asks_for_is_kept(headers: dict[str, str], pause: float) -> None:
    assert RetryPolicy().pause(0, headers) == pause


@given(
    st.text()
    | st.sampled_from(["61", "-1", "0", "nan", "inf", "1e400", "Thu, 01 Jan 2099 00:00:00 GMT", "soon"])
)
def test_a_pause_that_makes_no_sense_is_not_kept(text: str) -> None:
    pause = RetryPolicy(first=1.0).pause(0, {"retry-after": text})
    assert 0 < pause <= 60


@pytest.mark.parametrize("safe", [True, False])
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504])
def test_what_is_repeated(status: int, safe: bool) -> None:
    expected = status == 429 or (safe and status in (408, 409, 500, 502, 503, 504))
    assert RetryPolicy().repeats(Reply(status, {}, b""), safe=safe) is expected
    assert RetryPolicy().repeats(Reply(status, {"x-should-retry": "false"}, b""), safe=safe) is False
    assert RetryPolicy().repeats(Reply(status, {"x-should-retry": "true"}, b""), safe=True) is True


def test_a_service_cannot_talk_us_into_paying_twice() -> None:
    assert not RetryPolicy().repeats(Reply(503, {"x-should-retry": "true"}, b""), safe=False)


@given(st.floats(0.001, 10), st.floats(1, 5), st.floats(1, 4))
def test_the_pauses_between_looks_grow_to_their_top(first: float, more: float, factor: float) -> None:
    policy = PollPolicy(first=first, most=first * more, factor=factor)
    pauses = list(islice(policy.pauses(), 50))
    assert pauses[0] == first
    assert all(one <= other <= policy.most for one, other in pairwise(pauses))


@pytest.mark.parametrize("values", [{"first": 0.0}, {"first": 2.0, "most": 1.0}, {"factor": 0.5}])
def test_a_schedule_that_cannot_be(values: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError):
        PollPolicy(**values)


def test_a_retry_policy_that_cannot_be() -> None:
    with pytest.raises(ConfigurationError):
        RetryPolicy(attempts=-1)
