"""The scheduler in virtual time: every figure here is exact, and the same on every machine."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from extract_bridge.bulk.orders import Drop, Leave, Told
from extract_bridge.client.drivers import Stopped
from extract_bridge.client.effects import Call, Reply
from extract_bridge.client.flows.schedule import Durations, pause
from extract_bridge.client.keeping import Detach
from extract_bridge.client.policy import PollPolicy, RetryPolicy
from extract_bridge.core.errors import (
    FileInputError,
    NotFoundError,
    RateLimitError,
    ServerError,
    UnansweredError,
    WaitTimeoutError,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def test_every_document_comes_back_once_within_all_bounds(world: Any) -> None:
    there = world(at_once=50, seconds=lambda number: 1 + number % 7)
    found = there.play(300)
    assert sorted(item.index for item in found) == list(range(300))
    assert all(item.error is None and item.records[0].data == {"number": item.job.id} for item in found)
    assert there.service.asked["create"] == 300
    assert max(there.service.creates.values()) == 1
    assert there.most["busy"] <= 10
    assert there.most["uploads"] <= 4
    assert there.rooms == 300, "room for another one, once for each"
    open_at = [
        sum(born <= at < there.service.ends(job_id) for job_id, born in there.service.born.items())
        for at in range(40)
    ]
    assert 40 <= max(open_at) <= 50


def test_hundreds_in_flight_are_no_more_requests_than_a_list_takes(world: Any) -> None:
    there = world(at_once=300, seconds=lambda _: 30.0)
    found = there.play(300)
    asked = there.service.asked
    assert len(found) == 300
    assert (asked["create"], asked["read"]) == (300, 300)
    assert asked["list"] + asked["get"] <= 1.2 * 300, "nothing is known of them yet"


def durations(median: float, seed: int = 7) -> Callable[[int], float]:
    drawn = random.Random(seed)
    known: dict[int, float] = {}
    return lambda number: known.setdefault(number, drawn.lognormvariate(0, 0.5) * median)


def test_row_4_status_requests_and_delay_of_many_jobs(world: Any) -> None:
    there = world(at_once=100, latency=0.005, seconds=durations(15.0))
    service = there.service
    found = there.play(500, until=lambda: service.asked["create"] == 500)  # to the end of a hundred in flight
    delays = [service.read_at[item.job.id] - service.ends(item.job.id) for item in found]
    assert len(found) >= 390
    assert (service.asked["list"] + service.asked["get"]) / len(found) <= 0.7, "the official client takes 5.8"
    assert sum(delays) / len(delays) <= 0.15, "and 2.4 s"


@pytest.mark.parametrize("seconds", [5.0, 15.0])
def test_row_5_a_lone_job_is_looked_at_when_its_kind_ends(seconds: float) -> None:
    policy, known, drawn = PollPolicy(), Durations(), durations(seconds)
    ours, theirs = [], []
    for number in range(2000):
        ends, looks, at = drawn(number), 0, 0.0
        while at < ends:
            at, looks = at + pause(policy, known, [at]), looks + 1
        ours.append((looks, at - ends))
        known.add(ends)
        looks, at = 0, 0.0
        while at < ends:  # what the official client does
            at, looks = at + min(looks + 1, 5), looks + 1
        theirs.append((looks, at - ends))
    looks, delay = (sum(values) for values in zip(*ours[200:], strict=True))
    their_looks, their_delay = (sum(values) for values in zip(*theirs[200:], strict=True))
    assert looks <= their_looks
    assert delay <= 0.55 * their_delay


@pytest.mark.parametrize("at_once", [4, 100])
def test_jobs_of_a_second_do_not_wait_for_their_look(world: Any, at_once: int) -> None:
    """The hazard of a job that was just made is next to nothing, and its pause is not to be made from that."""
    there = world(at_once=at_once, latency=0.005, seconds=lambda number: 0.8 + number % 5 / 10)
    service = there.service
    found = there.play(at_once * 12, until=lambda: service.asked["create"] == at_once * 12)
    delays = [service.read_at[item.job.id] - service.ends(item.job.id) for item in found]
    assert sum(delays) / len(delays) <= 0.3
    assert service.asked["list"] + service.asked["get"] <= len(found)


def test_quick_jobs_are_not_taken_for_as_slow_as_their_looks(world: Any) -> None:
    there = world(at_once=4, latency=0.005, seconds=lambda _: 0.01)  # no time of the service's says so
    found = there.play(80)
    assert len(found) == 80
    assert there.clock.elapsed / 20 <= 0.7, "seconds for four of them, while it learns"


def test_a_list_that_does_not_filter_gives_way_to_single_reads(world: Any) -> None:
    there = world(at_once=20, filters=False, seconds=lambda _: 5.0)
    assert len(there.play(60)) == 60
    assert there.service.asked["read"] == 60


@pytest.mark.parametrize("answer", [Reply(404, {}, b"{}"), Reply(422, {}, b"{}"), Reply(200, {}, b"[]")])
def test_a_service_without_lists_is_asked_for_them_once(world: Any, answer: Reply) -> None:
    def answers(call: Call) -> Reply | None:
        return answer if call.path == "/api/v2/extract" and call.method == "GET" else None

    lists: list[Call] = []
    there = world(
        at_once=20, seconds=lambda _: 5.0, answers=lambda call: (lists.append(call), answers(call))[1]
    )
    found = there.play(60)
    assert [item.error for item in found] == [None] * 60
    asked = [call for call in lists if call.path == "/api/v2/extract" and call.method == "GET"]
    assert 1 <= len(asked) <= 4, "those that were under way together"


def test_jobs_that_no_list_shows_are_read_by_themselves(world: Any) -> None:
    there = world(at_once=20, hidden={"ext-3", "ext-4"}, seconds=lambda _: 5.0)
    found = there.play(20)
    assert [item.error for item in found] == [None] * 20
    assert there.service.asked["get"] >= 2


def test_a_list_that_fails_for_a_while_harms_nobody(world: Any) -> None:
    fails = iter([UnansweredError("gone")] * 6)

    def answers(call: Call) -> BaseException | None:
        return next(fails, None) if call.path == "/api/v2/extract" and call.method == "GET" else None

    there = world(at_once=20, seconds=lambda _: 5.0, answers=answers)
    assert [item.error for item in there.play(20)] == [None] * 20


def test_a_service_that_is_gone_is_the_documents_error(world: Any) -> None:
    def answers(call: Call) -> BaseException | None:
        return UnansweredError("gone") if call.method == "GET" else None

    there = world(at_once=20, seconds=lambda _: 5.0, answers=answers)
    found = there.play(20)
    assert {type(item.error) for item in found} == {UnansweredError}
    assert there.clock.elapsed < 120


def test_a_job_that_is_forgotten_is_that_documents_error(world: Any) -> None:
    there = world(at_once=5, hidden={"ext-2"}, seconds=lambda _: 5.0)
    there.play(5, until=lambda: len(there.service.born) == 5 and there.clock.elapsed > 2)
    del there.service.born["ext-2"]
    there.service.seconds = lambda _: 5.0
    found = there.play(0, until=lambda: len(there.found) == 5)
    assert Counter(type(item.error) for item in found) == {type(None): 4, NotFoundError: 1}


def test_time_is_up_for_one_and_its_job_goes_on(world: Any) -> None:
    there = world(at_once=3, timeout=10.0, seconds=lambda number: 1000.0 if number == 1 else 2.0)
    found = there.play(3)
    late = next(item for item in found if item.error is not None)
    assert isinstance(late.error, WaitTimeoutError)
    assert late.job.id == "ext-1"
    assert late.job.status == "RUNNING"
    assert there.service.cancelled == set()
    assert 10 <= there.clock.elapsed <= 12


# --- webhooks -----------------------------------------------------------------------------------------------------------------


def test_a_webhook_saves_the_looks(world: Any) -> None:
    there = world(at_once=50, told=True, seconds=lambda _: 5.0)
    there.play(50, until=lambda: len(there.service.born) == 50)
    for job_id in there.service.born:
        there.tell(Told(job_id), there.service.ends(job_id) - there.clock.elapsed + 0.05)
    found = there.play(0, until=lambda: len(there.found) == 50)
    assert [item.error for item in found] == [None] * 50
    assert (there.service.asked["list"], there.service.asked["get"]) == (0, 0)
    assert there.service.asked["read"] == 50


def test_a_webhook_that_comes_too_early_or_never_loses_nothing(world: Any) -> None:
    there = world(at_once=10, told=True, seconds=lambda _: 5.0)
    there.tell(Told("ext-0"))  # before anybody waits for it, and before it has ended
    there.tell(Told("ext-99"))
    found = there.play(10)
    assert [item.error for item in found] == [None] * 10
    assert there.service.asked["list"] >= 1


# --- too many requests --------------------------------------------------------------------------------------------------------


class Bucket:
    """So many requests a second, and a few at once."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst, self.left, self.at = rate, burst, burst, 0.0

    def __call__(self, now: float) -> bool:
        self.left = min(self.burst, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


@pytest.mark.parametrize("rate_limit", [None, 50.0])
def test_a_storm_of_refusals_fails_nobody(world: Any, rate_limit: float | None) -> None:
    there = world(at_once=300, rate_limit=rate_limit, allows=Bucket(50, 50), seconds=lambda _: 1.0)
    found = there.play(600)
    assert [item.error for item in found] == [None] * 600
    service = there.service
    assert set(service.creates.values()) == {1}
    late = [at for at in service.refused if at > 5]
    after = [at for at in service.taken if at > 5]
    last = max(service.born.values())  # after it there is less to send than may be sent
    used = sum(at <= last for at in service.taken) / (50 * last)
    if rate_limit is None:
        assert len(late) / (len(late) + len(after)) <= 0.02
        assert used >= 0.85
    else:
        assert len(service.refused) <= 0.005 * len(service.taken)
        assert used >= 0.95


def test_what_was_learned_is_remembered(world: Any) -> None:
    first = world(at_once=300, allows=Bucket(50, 50))
    first.play(300)
    assert first.limiter.learned == pytest.approx(50, rel=0.15)


def test_a_refused_request_holds_no_worker_and_no_other_document(world: Any) -> None:
    refusals = iter([Reply(429, {"retry-after": "30"}, b"{}")])

    def answers(call: Call) -> Reply | None:
        return next(refusals, None) if call.method == "POST" and call.parts is None else None

    there = world(at_once=4, answers=answers)
    found = there.play(4)
    assert [item.error for item in found] == [None] * 4
    assert found[-1].index == 0
    assert there.clock.elapsed > 30
    assert sorted(there.service.read_at.values())[2] < 10


def test_a_service_that_refuses_for_ever_is_the_documents_error(world: Any) -> None:
    there = world(at_once=4, allows=lambda _: False)
    found = there.play(4)
    assert {type(item.error) for item in found} == {RateLimitError}
    assert 60 <= there.clock.elapsed <= 300
    once = world(at_once=4, allows=lambda _: False, retry=RetryPolicy(attempts=0))
    assert {type(item.error) for item in once.play(4)} == {RateLimitError}
    assert once.clock.elapsed < 1


def test_the_cap_of_a_plan_is_told_at_once(world: Any) -> None:
    cap = Reply(429, {}, b'{"detail": "Your plan allows 3 projects. Upgrade"}')
    there = world(at_once=1, answers=lambda call: cap if call.parts is not None else None)
    (found,) = there.play(1)
    assert found.error.code == "plan_cap"


# --- leaving ------------------------------------------------------------------------------------------------------------------


def test_leaving_cancels_what_runs_and_begins_nothing(world: Any) -> None:
    there = world(at_once=20, seconds=lambda number: 1.0 if number < 3 else 1000.0)
    there.play(60, until=lambda: len(there.found) == 3 and len(there.service.born) == 23)
    there.tell(Leave(Stopped()))
    there.play(0, until=lambda: False)
    assert not there.waiting
    assert there.service.cancelled == {f"ext-{number}" for number in range(3, 23)}
    assert len(there.service.born) == 23


@pytest.mark.parametrize("at", [0, 1, 3, 10, 30, 60, 100, 150])
def test_leaving_at_any_moment_leaves_no_job_behind(world: Any, at: int) -> None:
    there = world(at_once=10, seconds=lambda _: 1000.0)
    for number in range(10):
        there.hand_in((f"note-{number}.txt", b"x"))
    for _ in range(at):
        there.step()
    there.tell(Leave(Stopped()))
    there.play(0, until=lambda: False)
    assert there.service.cancelled == set(there.service.born)


def test_leaving_jobs_to_a_ledger_cancels_nothing(world: Any) -> None:
    there = world(at_once=20, seconds=lambda _: 1000.0)
    there.play(60, until=lambda: len(there.service.born) == 20)
    there.tell(Leave(Detach()))
    there.play(0, until=lambda: False)
    assert not there.waiting
    assert (there.service.cancelled, len(there.service.born)) == (set(), 20)


def test_dropping_forgets_what_has_not_begun(world: Any) -> None:
    there = world(at_once=5)
    there.play(30, until=lambda: len(there.service.born) == 5)
    there.tell(Drop())
    there.play(0, until=lambda: len(there.found) == 5)
    assert there.dropped == 25
    assert sorted(item.index for item in there.found) == list(range(5))


def test_a_fault_of_the_program_is_told_and_the_others_go_on(world: Any) -> None:
    there = world(at_once=3)
    object.__setattr__(there.work, "source_id", lambda source: 1 / (source != "note-1.txt"))
    there.play(3)
    assert [type(fault) for fault in there.faults] == [ZeroDivisionError]
    assert sorted(item.index for item in there.found) == [0, 2]


# --- any order of events ------------------------------------------------------------------------------------------------------


class Machine(RuleBasedStateMachine):
    """Documents come, jobs end, lists lose entries, requests are refused or unanswered, in any order; then all is well again."""

    @initialize(at_once=st.integers(1, 6), told=st.booleans())
    def begin(self, at_once: int, told: bool) -> None:
        from tests.bulk.conftest import World

        self.at_once, self.handed, self.bad, self.failures = at_once, 0, 0, 0
        self.trouble: list[Any] = []
        self.there = World(
            at_once=at_once,
            told=told,
            workers=4,
            uploads=2,
            seconds=lambda number: 1.0 + number % 5,
            answers=self.answer,
        )

    def answer(self, call: Call) -> Any:
        makes = (
            call.method == "POST" and call.parts is None
        )  # what may be lost there is for the ledger's tests
        if self.trouble and not makes:
            return self.trouble.pop()
        return None

    @rule(bad=st.booleans())
    def hand_in(self, bad: bool) -> None:
        self.there.hand_in(("x.txt", b"") if bad else (f"note-{self.handed}.txt", b"x"))
        self.handed, self.bad = self.handed + 1, self.bad + bad

    @rule(steps=st.integers(1, 60))
    def go_on(self, steps: int) -> None:
        for _ in range(steps):
            if len(self.there.found) == self.handed:
                return
            self.there.step()

    @rule(what=st.sampled_from(["refused", "unanswered", "failing"]), times=st.integers(1, 3))
    def have_trouble(self, what: str, times: int) -> None:
        made = {
            "refused": Reply(429, {}, b"{}"),
            "unanswered": UnansweredError("x"),
            "failing": Reply(503, {}, b"{}"),
        }
        self.trouble += [made[what]] * times
        self.failures += times

    @rule(number=st.integers(0, 20))
    def lose_an_entry(self, number: int) -> None:
        self.there.service.hidden.add(f"ext-{number}")

    @rule(number=st.integers(0, 20))
    def tell(self, number: int) -> None:
        self.there.tell(Told(f"ext-{number}"))

    @invariant()
    def stays_within_bounds(self) -> None:
        if not hasattr(self, "there"):
            return
        there = self.there
        assert there.most["busy"] <= 4
        assert there.most["uploads"] <= 2
        read = there.service.read_at
        now = there.clock.elapsed
        open_jobs = [
            job_id for job_id in there.service.born if job_id not in read and there.service.ends(job_id) > now
        ]
        assert len(open_jobs) <= self.at_once
        indexes = [item.index for item in there.found]
        assert len(set(indexes)) == len(indexes)

    def teardown(self) -> None:
        if not hasattr(self, "there"):
            return
        self.trouble.clear()
        there = self.there
        there.play(0, until=lambda: len(there.found) == self.handed, orders=20_000)
        assert sorted(item.index for item in there.found) == list(range(self.handed))
        assert there.faults == []
        errors = [item.error for item in there.found if item.error is not None]
        assert sum(isinstance(error, FileInputError) for error in errors) == self.bad
        others = [error for error in errors if not isinstance(error, FileInputError)]
        assert len(others) <= self.failures // 6, "a request is given up after the sixth failure in a row"
        assert all(isinstance(error, (UnansweredError, ServerError, RateLimitError)) for error in others)
        assert all(count == 1 for count in there.service.creates.values())
        assert there.rooms == self.handed


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
