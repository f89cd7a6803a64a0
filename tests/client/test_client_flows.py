"""Flows, played by hand: no socket, no clock, no thread."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from extract_bridge.client.effects import Blocking, Call, Reply, Sleep
from extract_bridge.client.flows import create, files, jobs, run
from extract_bridge.client.flows.keywords import resolve_configuration
from extract_bridge.client.flows.request import query_of, request, segment, status_error
from extract_bridge.client.policy import PollPolicy, RetryPolicy
from extract_bridge.core.errors import (
    APIError,
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ConflictError,
    ExtractError,
    JobCancelledError,
    JobFailedError,
    NotFoundError,
    NotSentError,
    PayloadTooLargeError,
    PaymentRequiredError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    UnansweredError,
    UnprocessableEntityError,
    WaitTimeoutError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = {"title": "Note", "type": "object", "properties": {"number": {"type": "string"}}}


def reply(status: int = 200, body: object = None, **headers: str) -> Reply:
    return Reply(
        status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(body).encode()
    )


def job(status: str = "PENDING", **more: Any) -> Reply:
    return reply(200, {"id": "ext-1", "status": status, "file_input": "dfl-1", **more})


# --- one request ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure", [NotSentError("x"), UnansweredError("x"), reply(503), reply(429), reply(408), reply(409)]
)
def test_a_harmless_request_is_sent_again(player: Any, failure: Any) -> None:
    assert (
        player.play(request(player.api(), Call("GET", "/x")), [failure, failure, reply(200, 1)]).content
        == b"1"
    )
    assert len(player.calls) == 3
    assert 0.375 <= player.sleeps[0] <= 0.5
    assert 0.75 <= player.sleeps[1] <= 1.0


@pytest.mark.parametrize("failure", [NotSentError("x"), UnansweredError("x"), reply(503)])
def test_it_is_given_up_after_the_last_attempt(player: Any, failure: Any) -> None:
    with pytest.raises(APIError):
        player.play(request(player.api(retry=RetryPolicy(attempts=2)), Call("GET", "/x")), [failure] * 3)
    assert len(player.calls) == 3


def test_the_pause_that_the_service_asks_for(player: Any) -> None:
    player.play(request(player.api(), Call("GET", "/x")), [reply(429, retry_after="9"), reply(200)])
    assert player.sleeps == [9.0]


KINDS = {
    400: BadRequestError,
    401: AuthenticationError,
    402: PaymentRequiredError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    413: PayloadTooLargeError,
    418: APIStatusError,
    422: UnprocessableEntityError,
    429: RateLimitError,
    500: ServerError,
    503: ServerError,
    307: APIStatusError,
}


@pytest.mark.parametrize("status", KINDS)
def test_a_refusal_is_a_typed_error_with_a_next_step(status: int) -> None:
    call = Call(
        "GET", "/api/v2/extract/e", headers={"Authorization": "Bearer canary"}, json={"text": "canary"}
    )
    headers = {"x-request-id": "r-1", "set-cookie": "canary"}
    error = status_error(call, Reply(status, headers, b'{"detail": "because of this."}'))
    assert type(error) is KINDS[status]
    assert (error.status, error.detail) == (status, "because of this.")
    assert error.headers == {"x-request-id": "r-1"}
    assert f"GET /api/v2/extract/e answered {status}" in str(error)
    assert error.hint
    assert "canary" not in f"{error} {error!r} {error.to_dict()} {vars(error)}"


def test_a_wrong_key_hints_at_the_region() -> None:
    assert "api.cloud.eu.llamaindex.ai" in str(
        status_error(Call("GET", "/x"), reply(401, {"detail": "Invalid token"}))
    )


def test_a_validation_error_names_the_field_and_echoes_nothing() -> None:
    detail = [
        {
            "loc": ["body", "configuration", "tier"],
            "msg": "Input should be a string",
            "type": "x",
            "input": "canary",
        }
    ]
    error = status_error(Call("POST", "/x"), reply(422, {"detail": detail}))
    assert "configuration.tier: Input should be a string" in str(error)
    assert error.detail == [
        {"loc": ["body", "configuration", "tier"], "msg": "Input should be a string", "type": "x"}
    ]


@pytest.mark.parametrize(
    "content", [b"", b"<html>gateway</html>", b"[]", b"null", b'{"detail": null}', b'{"detail": {"a": 1}}']
)
def test_a_refusal_in_other_words(content: bytes) -> None:
    error = status_error(Call("GET", "/x"), Reply(502, {}, content))
    assert str(error).startswith("GET /x answered 502. ")


def test_terminal_control_in_a_refusal_is_removed() -> None:
    assert "\x1b" not in str(status_error(Call("GET", "/x"), reply(400, {"detail": "a\x1b[31mb"})))


@pytest.mark.parametrize(
    ("value", "path"), [("a/b", "a%2Fb"), ("../x", "..%2Fx"), ("a?b#c", "a%3Fb%23c"), ("é", "%C3%A9")]
)
def test_an_id_is_one_path_segment(value: str, path: str) -> None:
    assert segment(value) == path


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_an_id_that_is_no_segment_is_not_found(value: str) -> None:
    with pytest.raises(NotFoundError):
        segment(value)


def test_filters_repeat_lists_and_leave_out_none() -> None:
    query = query_of({"job_ids": ["a", "b"], "status": None, "page_size": 5, "file_name": "x"})
    assert query == [("job_ids", "a"), ("job_ids", "b"), ("page_size", "5"), ("file_name", "x")]


# --- create -----------------------------------------------------------------------------------------------------------------


def make(player: Any, answers: Any, **keywords: Any) -> Any:
    resolved = resolve_configuration(**{"data_schema": SCHEMA, **keywords})
    return player.play(create.create(player.api(), "dfl-1", resolved), answers)


def test_create_sends_the_newer_dialect_with_the_defaults(player: Any) -> None:
    assert make(player, [job()]).id == "ext-1"
    body = player.calls[0].json
    assert body["file_input"] == "dfl-1"
    assert body["configuration"].pop("data_schema")["properties"] == {"number": {"type": "string"}}
    assert body["configuration"] == {
        "extraction_target": "per_doc",
        "tier": "cost_effective",
        "cite_sources": True,
        "confidence_scores": True,
    }


def test_create_with_a_saved_configuration_sends_only_that(player: Any) -> None:
    make(
        player,
        [job()],
        data_schema=None,
        configuration_id="cfg-1",
        webhook_configurations=[{"webhook_url": "https://a.example"}],
    )
    hooks = [{"webhook_url": "https://a.example"}]
    assert player.calls[0].json == {
        "file_input": "dfl-1",
        "configuration_id": "cfg-1",
        "webhook_configurations": hooks,
    }


@pytest.mark.parametrize("failure", [NotSentError("x"), reply(429)])
def test_create_is_repeated_when_it_surely_did_nothing(player: Any, failure: Any) -> None:
    assert make(player, [failure, failure, job()]).id == "ext-1"


@pytest.mark.parametrize(
    "failure",
    [UnansweredError("lost"), reply(408), reply(409), reply(500), reply(503, x_should_retry="true")],
)
def test_a_doubtful_create_of_a_shared_file_is_never_repeated(player: Any, failure: Any) -> None:
    nothing = reply(200, {"items": []})
    with pytest.raises(UnansweredError) as caught:
        make(player, [failure, nothing])
    assert caught.value.code == "create_doubtful"
    assert "list(file_input='dfl-1')" in str(caught.value)
    assert paths(player) == ["POST /api/v2/extract", "GET /api/v2/extract"]
    assert player.sleeps == [60.0]


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (reply(400), BadRequestError),
        (reply(402), PaymentRequiredError),
        (reply(409, x_should_retry="false"), ConflictError),
    ],
)
def test_a_refused_create_is_the_refusal(player: Any, failure: Reply, kind: type[ExtractError]) -> None:
    with pytest.raises(kind):
        make(player, [failure])
    assert len(player.calls) == 1


def test_the_cloud_has_rows_and_pages_only_in_some_tiers(player: Any) -> None:
    with pytest.raises(ConfigurationError, match="per_page"):
        make(player, [], tier="turbo", extraction_target="per_page")
    with pytest.warns(UserWarning, match="version="):
        make(player, [job()], extraction_target="per_table_row")
    make(player, [job()], extraction_target="per_table_row", version="2.0")
    assert len(player.calls) == 2


@pytest.mark.parametrize("service", ["cloud", "local", "https://extract.example"])
@pytest.mark.parametrize("tier", ["agentic_plus", "turbo"])
def test_tiers_with_one_target_are_told_apart_before_anything_is_sent(
    tier: str, service: str, player: Any
) -> None:
    asked = resolve_configuration(data_schema=SCHEMA, tier=tier, extraction_target="per_table_row")
    with pytest.raises(ConfigurationError, match=f"tier {tier} has no extraction_target per_table_row"):
        player.play(create.create(player.api(service=service), "dfl-1", asked), [])
    assert player.calls == []


def test_lang_goes_where_it_is_understood(player: Any) -> None:
    with pytest.warns(UserWarning, match="lang"):
        make(player, [job()], lang="de")
    player.play(
        create.create(
            player.api(service="local"), "dfl-1", resolve_configuration(data_schema=SCHEMA, lang="de")
        ),
        [job()],
    )
    assert ["lang" in call.json["configuration"] for call in player.calls] == [False, True]


# --- wait -------------------------------------------------------------------------------------------------------------------


def wait(player: Any, answers: Any, *, timeout: float = 100.0, **more: Any) -> Any:
    return player.play(
        jobs.wait(player.api(poll=PollPolicy(1.0, 4.0, 2.0)), "ext-1", timeout=timeout, **more), answers
    )


def test_wait_looks_with_growing_pauses_and_reads_the_end_in_full(player: Any) -> None:
    seen: list[str] = []
    answers = [
        job("PENDING"),
        job("THROTTLED"),
        job("LATER"),
        job("RUNNING"),
        job("COMPLETED"),
        job("COMPLETED", extract_result={"n": 1}),
    ]
    done = wait(player, answers, on_progress=lambda job: seen.append(job.status))
    assert done.extract_result == {"n": 1}
    assert player.sleeps == [1.0, 2.0, 4.0, 4.0]
    assert [list(call.query) for call in player.calls[:-1]] == [[]] * 5
    assert [value for _, value in player.calls[-1].query] == [
        "configuration",
        "extract_metadata",
        "usage",
        "metadata",
    ]
    assert seen == ["PENDING", "THROTTLED", "LATER", "RUNNING", "COMPLETED"]


def test_wait_ends_exactly_at_its_deadline(player: Any) -> None:
    with pytest.raises(WaitTimeoutError) as caught:
        wait(player, lambda _: job("RUNNING"), timeout=8.5)
    assert player.clock.elapsed == 8.5
    assert isinstance(caught.value, TimeoutError)
    assert caught.value.job.status == "RUNNING"
    assert "wait('ext-1')" in str(caught.value)


@pytest.mark.parametrize(
    ("status", "kind", "says"),
    [("FAILED", JobFailedError, "PDF_IS_BROKEN"), ("CANCELLED", JobCancelledError, "cancelled")],
)
def test_a_job_that_ended_badly_raises_with_the_job(
    player: Any, status: str, kind: type[ExtractError], says: str
) -> None:
    with pytest.raises(kind, match=says) as caught:
        wait(player, [job(status, error_message="PDF_IS_BROKEN: it ends early.")])
    assert caught.value.job.status == status  # type: ignore[attr-defined]
    assert caught.value.hint


def test_a_service_that_refuses_an_expand_value_still_gives_the_evidence(player: Any) -> None:
    done = wait(player, [job("COMPLETED"), reply(422), job("COMPLETED", extract_result={})])
    assert done.extract_result == {}
    assert list(player.calls[-1].query) == [("expand", "extract_metadata")]


# --- run --------------------------------------------------------------------------------------------------------------------


def upload(call: Call) -> Reply:
    assert call.parts
    return reply(201, {"id": "dfl-9", "name": "a.txt", "external_file_id": call.parts()["external_file_id"]})


def world(**answers: Any) -> Callable[[Call], Any]:
    """Answers by what is asked: `upload`, `create`, `look`, `cancel`, `list`."""

    def answer(call: Call) -> Any:
        what = "look"
        if call.path == files.PATH:
            what = "upload"
        elif call.path == jobs.PATH:
            what = "create" if call.method == "POST" else "list"
        elif call.path.endswith("/cancel"):
            what = "cancel"
        given = answers.get(what, upload(call) if what == "upload" else job("COMPLETED"))
        return given.pop(0) if isinstance(given, list) else given

    return answer


def start(player: Any, document: Any = (b"abc"), **keywords: Any) -> Any:
    resolved = resolve_configuration(data_schema=SCHEMA)
    keywords = {"timeout": 60.0, "file_name": "a.txt", **keywords}
    return run.run(player.api(scope=(("project_id", "p"),)), document, resolved, **keywords)


def paths(player: Any) -> list[str]:
    return [f"{call.method} {call.path}" for call in player.calls]


def test_run_is_upload_create_wait_and_a_full_read(player: Any) -> None:
    done = player.play(start(player), world())
    look = "GET /api/v2/extract/ext-1"
    assert paths(player) == ["POST /api/v1/beta/files", "POST /api/v2/extract", look, look]
    assert player.calls[1].json["file_input"] == "dfl-9"
    assert all(("project_id", "p") in call.query for call in player.calls)
    assert (done.origin.service, done.origin.source, done.origin.file_name) == ("cloud", "a.txt", "a.txt")
    assert done.origin.source_id == f"sha256:{done.origin.file_sha256}"


def test_each_upload_has_an_id_of_its_own(player: Any) -> None:
    player.play(start(player), world())
    player.play(start(player), world())
    first, second = (call.parts()["external_file_id"] for call in player.calls if call.parts)
    assert first != second
    assert player.calls[0].parts()["file"] == ("a.txt", b"abc", "text/plain")


@pytest.mark.parametrize(("document", "more"), [("pjb-1", {}), (None, {"file_id": "anything"})])
def test_an_id_is_not_uploaded(player: Any, document: str | None, more: dict[str, str]) -> None:
    done = player.play(start(player, document, **more), world())
    assert paths(player)[0] == "POST /api/v2/extract"
    assert (done.origin.source_id, done.origin.file_sha256) == (document or "anything", None)


def test_a_failed_job_of_run_carries_its_origin_and_names_the_file(player: Any) -> None:
    with pytest.raises(JobFailedError, match=r"^a\.txt: job ext-1 FAILED") as caught:
        player.play(start(player), world(look=job("FAILED", error_message="no")))
    assert caught.value.job.origin.source == "a.txt"


class Interrupt(BaseException):
    """Stands for Ctrl-C and for a cancelled task."""


def test_an_interrupted_wait_cancels_the_job_and_goes_on(player: Any) -> None:
    with pytest.raises(Interrupt):
        player.play(start(player), world(look=[job("RUNNING"), Interrupt()]))
    assert paths(player)[-1] == "POST /api/v2/extract/ext-1/cancel"
    assert player.calls[-1].timeout == 5.0


def test_an_interrupted_create_cancels_what_it_left_behind(player: Any) -> None:
    listed = reply(200, {"items": [{"id": "ext-7", "status": "RUNNING", "file_input": "dfl-9"}]})
    with pytest.raises(Interrupt):
        player.play(start(player), world(create=Interrupt(), list=listed))
    assert ("file_input", "dfl-9") in player.calls[-2].query
    assert paths(player)[-1] == "POST /api/v2/extract/ext-7/cancel"


@pytest.mark.parametrize("listed", [reply(500), reply(200, []), UnansweredError("x")])
def test_leaving_is_one_try_and_no_error_of_its_own(player: Any, listed: Any) -> None:
    with pytest.raises(Interrupt):
        player.play(start(player), world(create=Interrupt(), list=listed))
    assert len(player.calls) == 3
    player.calls.clear()
    with pytest.raises(Interrupt):
        player.play(start(player), world(look=Interrupt(), cancel=reply(500)))
    assert paths(player)[-1].endswith("/cancel")


def test_a_users_own_id_is_never_searched_for(player: Any) -> None:
    with pytest.raises(Interrupt):
        player.play(start(player, "dfl-5"), world(create=Interrupt()))
    assert paths(player) == ["POST /api/v2/extract"]


def test_an_error_of_the_way_leaves_the_job_alone(player: Any) -> None:
    with pytest.raises(AuthenticationError):
        player.play(start(player), world(look=reply(401)))
    assert not any(path.endswith("/cancel") for path in paths(player))


def test_a_closed_flow_asks_nothing_more(player: Any) -> None:
    flow, answer = start(player), world(look=job("RUNNING"))
    value: Any = None
    while not isinstance(
        effect := flow.send(value), Sleep
    ):  # its job runs: a flow that asked now would raise RuntimeError
        value = (
            answer(effect)
            if isinstance(effect, Call)
            else effect.function()
            if isinstance(effect, Blocking)
            else None
        )
    flow.close()


@pytest.mark.parametrize(
    ("page", "says"), [(reply(200, []), "no page"), (reply(200, {"items": [1]}), "no ExtractV2Job")]
)
def test_a_list_that_is_none(player: Any, page: Reply, says: str) -> None:
    with pytest.raises(APIError, match=says):
        player.play(jobs.list_page(player.api(), []), [page])
