"""Create at most once: schedules of faults against a small model of the service, in virtual time."""

from __future__ import annotations

import json
import random
import warnings
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from extract_bridge.client.effects import Call, Reply
from extract_bridge.client.flows import create, files, jobs, run, settle
from extract_bridge.client.flows.keywords import resolve_configuration
from extract_bridge.client.flows.memory import Memory, Recent
from extract_bridge.client.policy import PollPolicy, RetryPolicy
from extract_bridge.core.errors import APIError, NotSentError, ServerError, UnansweredError

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": "string"}}}
SETTLE = 5.0
RETRY = RetryPolicy(attempts=3, settle_after=SETTLE)

CREATE_FAULTS = (
    "none",
    "refused",
    "429",
    "lost before",
    "lost after",
    "503 before",
    "503 after",
    "500 after",
    "408 before",
    "408 after",
    "409 after",
    "garbled after",
)
LIST_FAULTS = ("none", "none", "503", "lost", "garbled")
MAKES_A_JOB = ("none", "lost after", "503 after", "500 after", "408 after", "409 after", "garbled after")


def reply(status: int, body: object = None, **headers: str) -> Reply:
    return Reply(
        status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(body).encode()
    )


@dataclass
class Job:
    number: int
    file_input: str
    configuration: Any
    made: float
    cancelled: bool = False


@dataclass
class Service:
    """The service as far as lost answers go.

    Attributes:
        clock: Shared with the flow.
        late: Seconds after a lost answer until its create is carried out.
        lag: Seconds until a list shows a job.
        lasts: Seconds that a job takes.
        create_faults: For one create after another; none when they are used up.
        list_faults: For one list after another.
        honours_keys: Whether it knows `Idempotency-Key`.
        one_file: Uploads of equal bytes are one file, which keeps its first external id.
    """

    clock: Any
    late: float = 0.0
    lag: float = 0.0
    lasts: float = 1.0
    create_faults: list[str] = field(default_factory=list)
    list_faults: list[str] = field(default_factory=list)
    honours_keys: bool = False
    one_file: str | None = None
    jobs: list[Job] = field(default_factory=list)
    keys: dict[str, Job] = field(default_factory=dict)
    creates: int = 0

    def __call__(self, call: Call) -> Reply | BaseException:
        self.clock.elapsed += 0.05
        if call.parts is not None:
            external = self.one_file or call.parts()["external_file_id"]
            return reply(201, {"id": f"dfl-{external}", "external_file_id": external})
        if call.path == jobs.PATH:
            return self.create(call) if call.method == "POST" else self.list(call)
        number = int(call.path.split("/")[4].removeprefix("ext-"))
        job = self.jobs[number]
        if call.path.endswith("/cancel"):
            if self.status(job) == "COMPLETED":
                return reply(409, {"detail": "it is final"}, x_should_retry="false")
            job.cancelled = True
        return reply(200, self.shown(job))

    def status(self, job: Job) -> str:
        if job.cancelled:
            return "CANCELLED"
        return "COMPLETED" if self.clock.elapsed >= job.made + self.lasts else "RUNNING"

    def shown(self, job: Job) -> dict[str, Any]:
        return {
            "id": f"ext-{job.number}",
            "status": self.status(job),
            "file_input": job.file_input,
            "configuration": job.configuration,
            "extract_result": {},
        }

    def create(self, call: Call) -> Reply | BaseException:
        assert isinstance(call.json, dict)
        self.creates += 1
        fault = self.create_faults.pop(0) if self.create_faults else "none"
        key = call.headers["Idempotency-Key"]
        job = self.keys.get(key) if self.honours_keys else None
        replayed = job is not None
        if job is None and fault in MAKES_A_JOB:
            delay = 0.0 if fault == "none" else self.late
            job = Job(
                len(self.jobs),
                call.json["file_input"],
                {"tier": "cost_effective", **call.json["configuration"], "version": "2.1"},
                self.clock.elapsed + delay,
            )
            self.jobs.append(job)
            self.keys[key] = job
        if fault == "refused":
            return NotSentError("refused")
        if fault.startswith("lost"):
            return UnansweredError("lost")
        if fault.startswith("garbled"):
            return Reply(200, {}, b'{"id": "ext-')
        if fault != "none":
            return reply(int(fault[:3]), {"detail": "no"})
        assert job is not None
        headers = {"idempotency_replayed": str(replayed).lower()} if self.honours_keys else {}
        return reply(200, self.shown(job), **headers)

    def list(self, call: Call) -> Reply | BaseException:
        fault = self.list_faults.pop(0) if self.list_faults else "none"
        if fault == "503":
            return reply(503)
        if fault == "lost":
            return UnansweredError("lost")
        if fault == "garbled":
            return reply(200, [])
        query = dict(call.query)
        seen = [
            job
            for job in reversed(self.jobs)
            if job.made + self.lag <= self.clock.elapsed and job.file_input == query["file_input"]
        ]
        start = int(query.get("page_token", "0"))  # pages of one: reading must go to the end
        token = str(start + 1) if start + 1 < len(seen) else None
        return reply(
            200, {"items": [self.shown(job) for job in seen[start : start + 1]], "next_page_token": token}
        )


def extract(player: Any, service: Service, document: Any = b"abc", **more: Any) -> tuple[Any, list[Any]]:
    """What a run gives or raises, and its warnings."""
    resolved = resolve_configuration(data_schema=SCHEMA)
    api = player.api(retry=RETRY, poll=PollPolicy(0.5, 0.5), service="https://extract.example", **more)
    keywords: dict[str, Any] = {
        "timeout": 3600.0,
        "file_name": None if isinstance(document, str) else "a.txt",
    }
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            return player.play(run.run(api, document, resolved, **keywords), service), said
        except APIError as error:
            return error, said


FAULTS = st.lists(st.sampled_from(CREATE_FAULTS), max_size=4)
SPLIT = st.floats(0, 1)


@settings(max_examples=300)
@given(
    faults=FAULTS,
    list_faults=st.lists(st.sampled_from(LIST_FAULTS), max_size=12),
    behind=st.floats(0, SETTLE - 0.05),
    share=SPLIT,
    lasts=st.floats(0.1, 20),
)
def test_within_the_proof_a_document_is_never_extracted_twice(
    player_class: Any, faults: list[str], list_faults: list[str], behind: float, share: float, lasts: float
) -> None:
    player = player_class()
    service = Service(
        player.clock,
        late=behind * share,
        lag=behind * (1 - share),
        lasts=lasts,
        create_faults=list(faults),
        list_faults=list(list_faults),
    )
    result, said = extract(player, service)
    assert len(service.jobs) <= 1
    assert not said
    if isinstance(result, APIError):
        assert result.code in ("create_doubtful", "not_sent", "rate_limit", "unanswered") or faults
    else:
        assert result.id == "ext-0"
        assert result.duplicates == ()


@settings(max_examples=300)
@example(faults=["lost after", "refused", "lost after"], behind=9.75, share=0.0, lasts=1.0)
@given(faults=FAULTS, behind=st.floats(0, 2 * SETTLE - 0.1), share=SPLIT, lasts=st.floats(0.1, 20))
def test_beyond_it_duplicates_are_found_cancelled_and_reported(
    player_class: Any, faults: list[str], behind: float, share: float, lasts: float
) -> None:
    player = player_class()
    service = Service(player.clock, behind * share, behind * (1 - share), lasts, list(faults))
    result, said = extract(player, service)
    if isinstance(result, APIError):
        return
    others = {f"ext-{job.number}" for job in service.jobs} - {result.id}
    assert set(result.duplicates) == others
    assert [warning.category for warning in said] == [settle.DuplicateJobWarning] * bool(others)
    assert all(service.status(job) != "RUNNING" for job in service.jobs)


def test_the_beyond_happens(player_class: Any) -> None:
    """The test above would prove nothing if lag never made a duplicate."""
    player = player_class()
    result, said = extract(player, Service(player.clock, lag=10.0, create_faults=["lost after"]))
    assert result.duplicates == ("ext-0",)
    assert "ext-0" in str(said[0].message)


def test_a_job_that_is_there_is_adopted_without_waiting(player: Any) -> None:
    service = Service(player.clock, create_faults=["503 after"])
    result, _ = extract(player, service)
    assert (result.id, service.creates) == ("ext-0", 1)
    assert player.clock.elapsed < 2


def test_not_there_needs_the_time_and_two_empty_lists(player: Any) -> None:
    service = Service(player.clock, create_faults=["lost before"])
    result, _ = extract(player, service)
    assert (result.id, service.creates) == ("ext-0", 2)
    posts = [n for n, call in enumerate(player.calls) if call.method == "POST" and not call.parts]
    between = player.calls[posts[0] + 1 : posts[1]]
    assert len(between) >= 3
    assert all(("file_input", service.jobs[0].file_input) in call.query for call in between)
    assert sum(player.sleeps[: len(between)]) >= SETTLE


def test_the_last_attempt_tells_why_and_that_nothing_was_made(player: Any) -> None:
    service = Service(player.clock, create_faults=["503 before"] * 9)
    result, _ = extract(player, service)
    assert isinstance(result, ServerError)
    assert (service.creates, service.jobs) == (4, [])


def test_a_service_that_asks_not_to_be_asked_again_is_looked_at_only(player: Any) -> None:
    service = Service(player.clock)

    def world(call: Call) -> Any:
        if call.method == "POST" and call.parts is None:
            service.creates += 1
            return reply(503, {"detail": "full"}, x_should_retry="false")
        return service(call)

    result, _ = extract(player, world)  # type: ignore[arg-type]
    assert isinstance(result, ServerError)
    assert service.creates == 1


def test_a_deadline_ends_the_looking(player: Any) -> None:
    service = Service(player.clock, create_faults=["lost before"])
    resolved = resolve_configuration(data_schema=SCHEMA)
    with pytest.raises(UnansweredError) as caught:
        player.play(
            run.run(player.api(retry=RETRY), b"abc", resolved, timeout=3.0, file_name="a.txt"), service
        )
    assert caught.value.code == "create_doubtful"
    assert player.clock.elapsed <= 3.0
    assert service.creates == 1


def test_nothing_is_repeated_beyond_the_deadline(player: Any) -> None:
    resolved = resolve_configuration(data_schema=SCHEMA)
    full = reply(503, {"detail": "the disk is full"}, retry_after="60")
    with pytest.raises(ServerError):
        player.play(run.run(player.api(), b"abc", resolved, timeout=100.0, file_name="a.txt"), lambda _: full)
    assert player.sleeps == [60.0]


def test_a_call_that_is_cancelled_while_it_looks_cancels_what_was_made(player: Any) -> None:
    service = Service(player.clock, lag=0.5, lasts=20.0, create_faults=["lost after"])

    class Interrupt(BaseException):
        """Stands for Ctrl-C."""

    def world(call: Call) -> Any:
        looks = [one for one in player.calls if one.path == jobs.PATH and one.method == "GET"]
        return Interrupt() if len(looks) == 2 and call is looks[1] else service(call)

    with pytest.raises(Interrupt):
        extract(player, world)  # type: ignore[arg-type]
    assert [service.status(job) for job in service.jobs] == ["CANCELLED"]


@pytest.mark.parametrize(("lag", "twice"), [(2.0, False), (10.0, True)])
def test_five_hundred_creates(player_class: Any, lag: float, twice: bool) -> None:
    """Half of the answers are lost; what lags less than `settle_after` is never made twice, what lags more is found."""
    dice, doubled = random.Random(1), 0
    for _ in range(500):
        player = player_class()
        fault = dice.choice(["none", "none", "lost after", "503 after", "lost before", "503 before"])
        late = dice.uniform(0, 2) if not twice else 0.0
        service = Service(player.clock, late, lag, dice.uniform(0.1, 20), [fault])
        result, _ = extract(player, service)
        others = {f"ext-{job.number}" for job in service.jobs} - {result.id}
        assert set(result.duplicates) == others
        doubled += bool(others)
    assert (doubled > 0) is twice


# --- files that are no token ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", ["dfl-shared", "pjb-1"])
def test_a_shared_file_has_its_one_equal_job_adopted(player: Any, document: str) -> None:
    service = Service(player.clock, create_faults=["lost after"])
    other = Job(0, document, {"tier": "agentic"}, 0.0)
    service.jobs.append(other)
    result, _ = extract(player, service, document)
    assert (result.id, service.creates) == ("ext-1", 1)
    assert {"created_at_on_or_after", "expand"} <= dict(player.calls[1].query).keys()


@pytest.mark.parametrize("equal", [0, 2])
def test_none_or_several_equal_jobs_of_a_shared_file_are_a_doubt(player: Any, equal: int) -> None:
    service = Service(player.clock, create_faults=["lost after" if equal else "lost before"])
    if equal:
        configuration = resolve_configuration(data_schema=SCHEMA).configuration
        assert configuration is not None
        service.jobs.append(Job(0, "dfl-shared", configuration.to_dict(), 0.0))
    result, _ = extract(player, service, "dfl-shared")
    assert (result.code, service.creates) == ("create_doubtful", 1)


def test_a_job_that_another_create_returned_is_not_adopted(player: Any) -> None:
    service, memory = Service(player.clock), Memory()
    first, _ = extract(player, service, "dfl-shared", memory=memory)
    service.create_faults = ["lost after"]
    second, _ = extract(player, service, "dfl-shared", memory=memory)
    assert (first.id, second.id) == ("ext-0", "ext-1")


def test_a_file_that_the_service_already_had_is_no_token(player: Any) -> None:
    service = Service(player.clock, one_file="of-yesterday", create_faults=["lost before"])
    result, _ = extract(player, service)
    assert (result.code, service.creates) == ("create_doubtful", 1)


def test_the_same_file_id_twice_is_no_token(player: Any) -> None:
    api = player.api(new_id=lambda: "same")
    owns = [player.play(files.create_own(api, "a.txt", b"abc"), Service(player.clock))[1] for _ in range(2)]
    assert owns == [True, False]


# --- keys -------------------------------------------------------------------------------------------------------------------


@settings(max_examples=100)
@given(
    faults=st.lists(st.sampled_from([fault for fault in CREATE_FAULTS if "garbled" not in fault]), max_size=3)
)
def test_a_service_that_honours_keys_is_simply_asked_again(player_class: Any, faults: list[str]) -> None:
    player = player_class()
    service, memory = Service(player.clock, lag=1000.0, honours_keys=True), Memory()
    extract(player, service, memory=memory)
    assert memory.idempotent
    service.create_faults = list(faults)
    result, said = extract(player, service, memory=memory)
    assert (result.id, len(service.jobs), said) == ("ext-1", 2, [])
    sent = [call.headers["Idempotency-Key"] for call in player.calls if call.headers]
    assert len(set(sent)) == 2
    assert not any(call.method == "GET" and call.path == jobs.PATH for call in player.calls)


@pytest.mark.parametrize(("service_name", "looks"), [("local", 1), ("https://a.example", 5)])
def test_a_key_that_settles_nothing_is_followed_by_looking(
    player: Any, service_name: str, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(random, "random", lambda: 0.0)  # jitter may cost one look more, by rounding
    service = Service(player.clock, honours_keys=True, create_faults=["503 before"] * 4)
    api = player.api(retry=RETRY, memory=Memory(idempotent=True), service=service_name)
    resolved = resolve_configuration(data_schema=SCHEMA)
    with pytest.raises(ServerError):
        player.play(run.run(api, b"abc", resolved, timeout=100.0, file_name="a.txt"), service)
    assert service.creates == 4
    assert sum(call.method == "GET" for call in player.calls) == looks


def test_answers_that_stay_unreadable_are_a_doubt(player: Any) -> None:
    service = Service(player.clock, honours_keys=True, create_faults=["garbled after"] * 9)
    result, _ = extract(player, service, memory=Memory(idempotent=True))
    assert (result.code, service.creates, len(service.jobs)) == ("create_doubtful", 4, 1)


# --- dialects ---------------------------------------------------------------------------------------------------------------


def older(call: Call) -> Reply:
    """A service that knows only the older names."""
    assert isinstance(call.json, dict)
    if "document_input_value" not in call.json:
        missing = {"loc": ["body", "document_input_value"], "msg": "Field required", "type": "missing"}
        return reply(422, {"detail": [missing]})
    return reply(200, {"id": "ext-1", "status": "PENDING", "document_input_value": "dfl-1"})


def test_the_older_dialect_is_found_out_once(player: Any) -> None:
    memory = Memory()
    api = player.api(memory=memory, service="cloud")
    resolved = resolve_configuration(data_schema=SCHEMA, version="2.0")
    for _ in range(2):
        assert player.play(create.create(api, "dfl-1", resolved), older).file_input == "dfl-1"
    bodies = [call.json for call in player.calls]
    assert ["file_input" in body for body in bodies] == [True, False, False]
    assert [body["configuration"].get("extract_version") for body in bodies] == [None, "2.0", "2.0"]


@pytest.mark.parametrize(("wire", "name"), [("2.0", "document_input_value"), ("current", "file_input")])
def test_a_dialect_can_be_fixed(player: Any, wire: str, name: str) -> None:
    api = player.api(wire=wire)
    try:
        player.play(create.create(api, "dfl-1", resolve_configuration(data_schema=SCHEMA)), older)
    except APIError:
        assert wire == "current"
    assert [name in call.json for call in player.calls] == [True]


def test_what_is_remembered_has_an_end() -> None:
    recent = Recent(3)
    for number in range(7):
        recent.add(str(number))
    assert ["0" in recent, "5" in recent, "6" in recent] == [False, True, True]


def test_a_schema_is_checked_once_before_it_is_paid_for(player: Any) -> None:
    service, checks = Service(player.clock), []

    def world(call: Call) -> Any:
        if call.path.endswith("/schema/validation"):
            checks.append(call)
            return reply(200, {"data_schema": {}})
        assert checks
        return service(call)

    resolved = resolve_configuration(data_schema=SCHEMA, validate_schema=True)
    api = player.api()
    for _ in range(2):
        player.play(run.run(api, b"abc", resolved, timeout=60.0, file_name="a.txt"), world)
    assert len(checks) == 1
