"""Saved configurations, parse jobs, schema generation, plain requests, many jobs: both clients against the service on this machine."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from extract_bridge.client.client import AsyncExtractClient, ExtractClient
from extract_bridge.client.effects import Call, Reply
from extract_bridge.client.flows import jobs
from extract_bridge.client.flows.request import Extra, query_of, request
from extract_bridge.client.flows.watch import Watch
from extract_bridge.client.policy import PollPolicy, RetryPolicy, is_plan_cap
from extract_bridge.core.errors import (
    APIError,
    ConfigurationError,
    NotFoundError,
    RateLimitError,
    WaitTimeoutError,
)
from extract_bridge.core.wire.model import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": ["string", "null"]}}}
DOCUMENT = ("note.txt", b"Number: A-17\n")


@pytest.fixture(scope="module")
def client() -> Iterator[ExtractClient]:
    with ExtractClient(local=True) as client:
        yield client


def reply(status: int = 200, body: object = None, **headers: str) -> Reply:
    return Reply(
        status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(body).encode()
    )


# --- resources --------------------------------------------------------------------------------------------------------------


def test_a_saved_configuration_from_create_to_delete(client: ExtractClient) -> None:
    kept = client.configurations.create("notes", data_schema=SCHEMA, tier="agentic")
    assert (kept.name, kept.product_type, kept.parameters["tier"]) == ("notes", "extract_v2", "agentic")
    assert client.configurations.get(kept.id).parameters["data_schema"]["properties"]["number"]
    assert client.run(DOCUMENT, configuration_id=kept.id).extract_result == {"number": "A-17"}
    renamed = client.configurations.update(kept.id, name="memos")
    assert (renamed.name, renamed.parameters["tier"]) == ("memos", "agentic")
    changed = client.configurations.update(kept.id, data_schema=SCHEMA, tier="cost_effective")
    assert changed.parameters["tier"] == "cost_effective"
    assert kept.id in [item.id for item in client.configurations.list(name="memos", page_size=1)]
    client.configurations.delete(kept.id)
    with pytest.raises(NotFoundError):
        client.configurations.get(kept.id)
    with pytest.raises(ConfigurationError, match="configuration_id"):
        client.configurations.create("copy", configuration_id=kept.id)


def test_a_parse_job_is_an_input(client: ExtractClient) -> None:
    file = client.files.create(DOCUMENT)
    created = client.parsing.create(file.id)
    assert created.id.startswith("pjb-")
    job = client.run(_parsed(client, created.id), data_schema=SCHEMA)
    assert job.extract_result == {"number": "A-17"}
    assert "A-17" in json.dumps(client.parsing.get(created.id, expand=["text"]).text)
    with pytest.raises(APIError):
        client.parsing.cancel(created.id)


def _parsed(client: ExtractClient, job_id: str) -> str:
    while not client.parsing.get(job_id).job.is_final:
        pass
    assert client.parsing.get(job_id).job.status == "COMPLETED"
    return job_id


def test_a_schema_is_proposed(client: ExtractClient) -> None:
    file = client.files.create(DOCUMENT)
    made = client.generate_schema(file_id=file.id, name="note")
    assert made.data_schema["properties"]


def test_a_files_content_is_a_link_that_is_not_shown(client: ExtractClient) -> None:
    link = client.files.content(client.files.create(DOCUMENT).id)
    assert link.url
    assert link.url not in repr(link)
    assert link.expires_at


def test_the_other_client_has_the_same(client: ExtractClient) -> None:
    async def main() -> list[Any]:
        async with AsyncExtractClient(local=True) as other:
            kept = await other.configurations.create("async", data_schema=SCHEMA)
            listed = [item.id async for item in other.configurations.list(name="async")]
            file = await other.files.create(DOCUMENT)
            parse = await other.parsing.create(file.id)
            created = [(await other.create(file.id, data_schema=SCHEMA)).id for _ in range(2)]
            ended = {job.id async for job in other.as_completed(created)}
            answer = await other.raw.get("/api/v2/extract", query={"job_ids": created})
            await other.configurations.delete(kept.id)
            return [listed == [kept.id], parse.id[:4], ended == set(created), answer.status]

    assert asyncio.run(main()) == [True, "pjb-", True, 200]


# --- many jobs --------------------------------------------------------------------------------------------------------------


def test_jobs_come_as_they_complete(client: ExtractClient) -> None:
    file = client.files.create(DOCUMENT)
    created = [client.create(file.id, data_schema=SCHEMA).id for _ in range(3)]
    done = list(client.as_completed([*created, created[0]]))
    assert sorted(job.id for job in done) == sorted(created)
    assert all(job.extract_result == {"number": "A-17"} and job.usage for job in done)
    assert list(client.as_completed([])) == []
    with pytest.raises(NotFoundError):
        list(client.as_completed(["ext-nothere"]))


def test_one_list_tells_of_all_jobs(player: Any) -> None:
    ids = [f"ext-{number}" for number in range(120)]
    final: set[str] = set()

    def world(call: Call) -> Reply:
        if call.path != jobs.PATH:
            return reply(200, {"id": call.path.rsplit("/", 1)[1], "status": "COMPLETED"})
        asked = [value for name, value in call.query if name == "job_ids"]
        items = [{"id": one, "status": "FAILED" if one in final else "RUNNING"} for one in asked]
        return reply(200, {"items": items})

    watch = Watch(player.api(poll=PollPolicy(1.0, 4.0, 2.0)), ids, 10.0)
    final.add("ext-7")
    assert player.play(watch.next(), world).id == "ext-7"
    assert [call.path for call in player.calls] == [jobs.PATH] * 2 + ["/api/v2/extract/ext-7"]
    with pytest.raises(WaitTimeoutError, match="119 jobs"):
        player.play(watch.next(), world)
    assert player.clock.elapsed == 10.0


def test_a_service_that_does_not_filter_by_id_is_asked_job_by_job(player: Any) -> None:
    def world(call: Call) -> Reply:
        if call.path == jobs.PATH:
            return reply(
                200, {"items": [{"id": "ext-other", "status": "RUNNING"}], "next_page_token": "more"}
            )
        return reply(200, {"id": "ext-1", "status": "COMPLETED"})

    done = player.play(Watch(player.api(), ["ext-1"], 10.0).next(), world)
    assert done.id == "ext-1"
    assert sum(call.path == jobs.PATH for call in player.calls) == 1


# --- plain requests, other settings -------------------------------------------------------------------------------------------


def test_a_plain_request_gives_its_answer_as_it_is(client: ExtractClient) -> None:
    missing = client.raw.get("/api/v2/extract/ext-nothere")
    assert missing.status == 404
    assert "detail" in decode(missing.content)
    made = client.raw.post("/api/v2/extract/schema/validation", json={"data_schema": SCHEMA})
    assert (made.status, made.headers["content-type"]) == (200, "application/json")


@pytest.mark.parametrize(
    "path", ["@evil.example/x", "https://evil.example", "/x?y=1", "/x#y", "/x\n", "", "/\\x"]
)
def test_a_plain_request_goes_only_to_the_service(client: ExtractClient, path: str) -> None:
    with pytest.raises(ConfigurationError, match="path"):
        client.raw.get(path)


def test_options_hold_for_one_call(player: Any) -> None:
    extra = Extra({"X-Trace": "1"}, {"priority": "low"}, 3.0)
    call = Call("POST", "/x", json={"a": 1, "priority": "high"}, headers={"Content-Type": "application/json"})
    player.play(request(player.api(extra=extra), call), [reply()])
    sent = player.calls[0]
    assert sent.headers == {"Content-Type": "application/json", "X-Trace": "1"}
    assert (sent.json, sent.timeout) == ({"a": 1, "priority": "low"}, 3.0)
    assert "low" not in repr(extra)


def test_another_scope_shares_the_connections(client: ExtractClient) -> None:
    other = client.with_options(project_id="prj-of-another-team", http_timeout=5)
    assert isinstance(other, ExtractClient)
    file = other.files.create(DOCUMENT)
    assert file.project_id == "prj-of-another-team"
    job = other.run(file.id, data_schema=SCHEMA, validate_schema=True)
    assert job.project_id == "prj-of-another-team"
    assert client.settings.project_id is None
    assert other._sender is client._sender


@pytest.mark.parametrize(
    "headers", [{"Authorization": "x"}, {"HOST": "x"}, {"X-A": "a\r\nX-B: b"}, {"X A": "x"}, {"X-A": "é"}]
)
def test_headers_that_belong_to_the_client_are_refused(
    client: ExtractClient, headers: dict[str, str]
) -> None:
    with pytest.raises(ConfigurationError, match="header"):
        client.with_options(extra_headers=headers)


def test_a_scope_among_the_filters_goes_first(player: Any) -> None:
    api = player.api(scope=(("project_id", "mine"), ("organization_id", "org")))
    player.play(jobs.list_page(api, query_of({"project_id": "other"})), [reply(200, {"items": []})])
    assert list(player.calls[0].query) == [("project_id", "other"), ("organization_id", "org")]
    assert query_of({"latest_only": True}) == [("latest_only", "true")]


@pytest.mark.parametrize("wire", ["", "3.0"])
def test_an_unknown_wire_is_refused(wire: str) -> None:
    with pytest.raises(ConfigurationError, match="wire"):
        ExtractClient(local=True, wire=wire)


# --- plan caps and strange answers ----------------------------------------------------------------------------------------------

CAPS = (
    "Maximum number of projects reached for your plan",
    "You have reached the limit of 5 agents. Upgrade to create more",
    "No quota left to create a job",
    "User limit reached: 10 users",
)
RATES = (
    "Rate limit exceeded. Upgrade your plan for more requests per minute",
    "Resources exhausted: too many concurrent extract jobs",
    "Too many requests",
    "Quota exceeded, try again in 10 s",
    "",
)


@pytest.mark.parametrize("said", CAPS)
def test_a_plans_cap_is_not_waited_for(player: Any, said: str) -> None:
    with pytest.raises(RateLimitError) as caught:
        player.play(request(player.api(), Call("POST", "/x"), safe=False), [reply(429, {"detail": said})])
    assert caught.value.code == "plan_cap"
    assert "waiting" in str(caught.value)


@pytest.mark.parametrize("said", RATES)
def test_a_rate_limit_is_waited_for(player: Any, said: str) -> None:
    player.play(
        request(player.api(), Call("POST", "/x"), safe=False), [reply(429, {"detail": said}), reply()]
    )
    assert len(player.calls) == 2


def test_what_the_service_says_of_itself_goes_before_its_words() -> None:
    cap = {"detail": CAPS[0]}
    assert not is_plan_cap(reply(429, cap, retry_after="3"))
    assert RetryPolicy().repeats(reply(429, cap, x_should_retry="true"), safe=False)
    assert not RetryPolicy().repeats(reply(429, {"detail": "slow down"}, x_should_retry="false"), safe=True)
    assert not is_plan_cap(reply(400, cap))


@pytest.mark.parametrize("text", ["1e999", "[-1e400]", '{"a": {"b": [1E+999]}}', "1" * 400 + ".0"])
def test_a_number_that_no_float_can_be_is_refused(text: str) -> None:
    with pytest.raises(APIError, match="too large"):
        decode(text.encode())


@pytest.mark.parametrize(
    ("text", "value"), [("1e300", 1e300), ('"1e999"', "1e999"), ("1e-999", 0.0), ("1" * 400, int("1" * 400))]
)
def test_other_numbers_are_kept(text: str, value: object) -> None:
    assert decode(text.encode()) == value


def test_the_service_here_says_that_keys_count(client: ExtractClient) -> None:
    file = client.files.create(DOCUMENT)
    keyed = client.with_options(extra_headers={"Idempotency-Key": f"key-of-{file.id}"})
    body = {"file_input": file.id, "configuration": {"data_schema": SCHEMA}}
    first, second = (keyed.raw.post("/api/v2/extract", json=body) for _ in range(2))
    assert [answer.headers["idempotency-replayed"] for answer in (first, second)] == ["false", "true"]
    assert decode(first.content)["id"] == decode(second.content)["id"]
    plain = client.raw.post("/api/v2/extract", json=body)
    assert "idempotency-replayed" not in plain.headers
