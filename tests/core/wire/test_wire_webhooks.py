"""Signing, checking and reading webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import extract_bridge
from extract_bridge import (
    ConfigurationError,
    InputError,
    SeenEvents,
    WebhookError,
    WebhookEvent,
    WebhookSignatureError,
    unwrap,
    verify_signature,
)
from extract_bridge.core.wire.webhooks import sign

DATA = Path(__file__).resolve().parents[2] / "data" / "webhooks"
SECRET = "whsec_café"
CURRENT = {
    "event_id": "6f1c", "event_type": "extract.success", "timestamp": 1753985275.25, "data": {"id": "ext-1", "job_id": "ext-1"},
}  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def read(value: Any) -> WebhookEvent:
    body = json.dumps(value).encode()
    return unwrap(body, {"LC-Signature": sign(body, SECRET)}, SECRET)


@given(st.binary(max_size=200), st.text(min_size=1, alphabet=st.characters(codec="utf-8")))
def test_what_was_signed_is_accepted_and_nothing_else(body: bytes, secret: str) -> None:
    signature = sign(body, secret)
    assert signature == "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    verify_signature(body, {"lc-signature": signature}, secret)
    for other, key in ((body + b"x", secret), (body, secret + "x")):
        with pytest.raises(WebhookSignatureError):
            verify_signature(other, {"LC-Signature": signature}, key)


@given(st.integers(0, 70), st.characters())
def test_one_changed_character_is_refused(place: int, character: str) -> None:
    signature = sign(b"{}", SECRET)
    changed = signature[:place] + character + signature[place + 1 :]
    if changed.strip() == signature:
        return
    with pytest.raises(WebhookSignatureError):
        verify_signature(b"{}", {"LC-Signature": changed}, SECRET)


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"LC-Signature": ""}, {"LC-Signature": "sha256="}, {"X-Signature": sign(b"{}", SECRET)},
        {"LC-Signature": sign(b"{}", SECRET).removeprefix("sha256=")}, {"LC-Signature": "sha1=" + "0" * 40},
        {"LC-Signature": sign(b"{}", SECRET), "lc-signature": "sha256=0"},
    ],
)  # fmt: skip
def test_a_missing_or_odd_signature_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(WebhookSignatureError) as error:
        unwrap(b"{}", headers, SECRET)
    assert error.value.code == "webhook_signature"
    assert SECRET not in str(error.value)


def test_an_empty_secret_never_passes() -> None:
    empty = "sha256=" + hmac.new(b"", b"{}", hashlib.sha256).hexdigest()
    with pytest.raises(ConfigurationError):
        unwrap(b"{}", {"LC-Signature": empty}, "")


def test_the_signature_comes_first() -> None:
    with pytest.raises(WebhookSignatureError):
        unwrap(b"no JSON at all", {}, SECRET)


def test_the_current_body() -> None:
    event = read(CURRENT)
    assert (event.event_id, event.event_type, event.job_id) == ("6f1c", "extract.success", "ext-1")
    assert event.timestamp == 1753985275.25
    assert event.is_final
    assert event.data == CURRENT["data"]
    assert "ext-1" in repr(event)


@pytest.mark.parametrize(
    "value", [CURRENT, json.dumps(CURRENT), {**CURRENT, "data": json.dumps(CURRENT["data"])}]
)
def test_objects_and_texts_of_objects_are_one_event(value: Any) -> None:
    assert read(value) == read(CURRENT)


def test_the_older_body() -> None:
    older = {"event": "extract.error", "job_id": "ext-2", "status": "ERROR"}
    event = read(older)
    assert (event.event_type, event.job_id, event.status) == ("extract.error", "ext-2", "ERROR")
    assert event.timestamp is None
    assert event.event_id == read(older).event_id
    assert event.event_id != read({**older, "job_id": "ext-3"}).event_id


def test_the_id_is_what_the_signature_covers() -> None:
    """Headers are not signed: an old event cannot be made to look new with another header."""
    body = json.dumps({"event": "extract.success", "job_id": "a"}).encode()
    signature = sign(body, SECRET)
    ids = {
        unwrap(body, {"LC-Signature": signature, "X-Webhook-Event-ID": name}, SECRET).event_id
        for name in "ab"
    }
    assert len(ids) == 1


@pytest.mark.parametrize("kind", ["pending", "running", "unheard_of"])
def test_events_that_do_not_end_a_job(kind: str) -> None:
    assert not read({**CURRENT, "event_type": f"extract.{kind}"}).is_final


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"1", b'"text"', b'"[]"', b"{}", b'{"event_type":""}', b'{"event_type":1}', b"\xff\xfe",
        b'{"event_type":"a","data":[]}', b'{"event_type":"a","data":"no"}', b'{"event_type":"a","data":"\\ud800"}',
        b'"\\ud800"', b"[" * 10_000, b'{"event_type":"a","data":' + b"[" * 10_000, b'{"event_type":NaN}',
    ],
)  # fmt: skip
def test_what_is_no_event(body: bytes) -> None:
    with pytest.raises(WebhookError) as error:
        WebhookEvent.from_body(body)
    assert isinstance(error.value, InputError)
    assert not isinstance(error.value, WebhookSignatureError)
    assert error.value.hint


@pytest.mark.parametrize("timestamp", [10**400, True, "now", None, -(10**16)])
def test_an_odd_time_is_none(timestamp: Any) -> None:
    assert read({**CURRENT, "timestamp": timestamp}).timestamp is None


@given(
    JSON
    | st.dictionaries(
        st.sampled_from(["event_id", "event_type", "event", "data", "job_id", "timestamp"]), JSON
    )
)
def test_any_json_is_an_event_or_refused(value: Any) -> None:
    try:
        event = WebhookEvent.from_body(json.dumps(value).encode())
    except WebhookError:
        return
    assert event.event_id
    assert event.event_type


def test_an_event_is_treated_once() -> None:
    seen, event = SeenEvents(), read(CURRENT)
    with seen.first_time(event) as first:
        assert first
    with seen.first_time(event) as second:
        assert not second


def test_an_event_whose_treatment_failed_counts_again() -> None:
    seen, event = SeenEvents(), read(CURRENT)
    with pytest.raises(RuntimeError), seen.first_time(event):
        raise RuntimeError
    with seen.first_time(event) as again:
        assert again
    with pytest.raises(RuntimeError), seen.first_time(event):  # the failure of a repeated one forgets nothing
        raise RuntimeError
    with seen.first_time(event) as again:
        assert not again


def test_the_oldest_are_forgotten() -> None:
    seen = SeenEvents(at_most=2)
    for name in ("a", "b", "c"):
        with seen.first_time(read({**CURRENT, "event_id": name})):
            pass
    for name, new in (("c", False), ("b", False), ("a", True)):
        with seen.first_time(read({**CURRENT, "event_id": name})) as first:
            assert first is new


def test_threads_agree_on_who_was_first() -> None:
    seen, event, firsts = SeenEvents(), read(CURRENT), []
    start = threading.Barrier(8)

    def treat() -> None:
        start.wait()
        with seen.first_time(event) as first:
            firsts.append(first)

    threads = [threading.Thread(target=treat) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(firsts) == [False] * 7 + [True]


@pytest.mark.parametrize("name", ["default", "json", "string"])
def test_what_our_service_sends_can_be_read(name: str) -> None:
    sent = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    event = unwrap(sent["body"].encode(), sent["headers"], "whsec_golden")
    assert (event.event_type, event.job_id) == ("extract.success", "ext-golden")


def test_the_names_are_at_the_top() -> None:
    assert {"unwrap", "verify_signature", "WebhookEvent", "SeenEvents"} <= set(extract_bridge.__all__)
