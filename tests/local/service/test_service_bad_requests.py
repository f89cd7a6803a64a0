"""Bodies, ids and headers that nobody honest sends: the documented status, `{"detail": …}`, and the service goes on."""

from __future__ import annotations

import json
from typing import Any

import pytest

# One door is enough here: what is asked about lies behind both, or in the server before it.
pytestmark = pytest.mark.parametrize("http", ["socket"], indirect=True)

SCHEMA = {"type": "object", "properties": {"text": {"type": ["string", "null"]}}}
JSON = {"content-type": "application/json"}
CREATE = "/api/v2/extract"
FILES = "/api/v1/beta/files"


def refused(reply: Any, *statuses: int) -> Any:
    assert reply.status_code in statuses, (reply.status_code, reply.text[:300])
    assert reply.headers["content-type"] == "application/json"
    body = reply.json()
    assert set(body) == {"detail"}
    assert "Traceback" not in reply.text
    return body["detail"]


def create_text(schema: str, more: str = "") -> str:
    return '{"file_input": "dfl-nothere", "configuration": {"data_schema": ' + schema + more + "}}"


DEEP = 10_000
RAW: dict[str, tuple[bytes, set[int]]] = {
    "not json": (b"{", {422}),
    "empty": (b"", {422}),
    "null": (b"null", {422}),
    "an array": (b"[]", {422}),
    "a text": (b'"x"', {422}),
    "deep arrays": (b"[" * DEEP + b"]" * DEEP, {400, 422}),
    "deep objects": (b'{"a":' * DEEP + b"1" + b"}" * DEEP, {400, 422}),
    "a deep schema": (
        create_text('{"type":"object","properties":{"a":' * DEEP + "{}" + "}}" * DEEP).encode(),
        {400, 422},
    ),
    "deep, never closed": (b"[" * DEEP, {400, 422}),
    "NaN": (create_text("{}", ', "max_pages": NaN').encode(), {400, 422}),
    "infinity": (create_text("{}", ', "max_pages": -Infinity').encode(), {400, 422}),
    "a huge number": (create_text("{}", ', "max_pages": 1e999').encode(), {422}),
    "a number with many digits": (create_text("{}", ', "max_pages": ' + "9" * 5000).encode(), {400, 422}),
    "NaN in the schema": (
        create_text('{"type":"object","properties":{"a":{"enum":[NaN]}}}').encode(),
        {400, 422},
    ),
    "1e999 in the schema": (
        create_text('{"type":"object","properties":{"a":{"enum":[1e999]}}}').encode(),
        {400, 422},
    ),
    "a lone surrogate in an id": (
        b'{"file_input": "\\ud800", "configuration": {"data_schema": {"type":"object","properties":{"a":{}}}}}',
        {400, 422},
    ),
    "a lone surrogate in the schema": (
        create_text('{"type":"object","properties":{"\\ud800":{"type":"string"}}}').encode(),
        {400, 422},
    ),
    "broken utf-8": (b'{"file_input": "\xff\xfe"}', {400, 422}),
    "utf-16": ('{"file_input": "a"}'.encode("utf-16"), {400, 422}),
    "a null character in an id": (
        b'{"file_input": "a\\u0000b", "configuration": {"data_schema": {"type":"object","properties":{"a":{}}}}}',
        {400, 422},
    ),
    "an unknown tier": (create_text("{}", ', "tier": "best"').encode(), {422}),
    "an input of 201 characters": (json.dumps({"file_input": "d" * 201}).encode(), {422}),
}


@pytest.mark.parametrize("path", [CREATE, "/api/v2/extract/schema/validation", "/api/v2/parse"])
@pytest.mark.parametrize("name", RAW)
def test_bodies(name: str, path: str, http: Any) -> None:
    body, statuses = RAW[name]
    expected = statuses if path == CREATE else {400, 422, *({200} if path.endswith("validation") else ())}
    reply = http.post(path, content=body, headers=JSON)
    if reply.status_code != 200:
        refused(reply, *expected)
    assert http.get("/health/ready").json() == {"status": "ok"}


def test_the_last_of_duplicate_keys_counts(http: Any) -> None:
    body = (
        f'{{"file_input": "dfl-first", "file_input": "{http.upload()}", "configuration": {{"data_schema": {json.dumps(SCHEMA)}, "tier": "agentic",'
        ' "tier": "cost_effective"}}'
    )
    job = http.post(CREATE, content=body, headers=JSON).json()
    assert http.until(job["id"])["configuration"]["tier"] == "cost_effective"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x", ""]
)
def test_a_body_of_another_kind_creates_nothing(kind: str, http: Any) -> None:
    body = json.dumps({"file_input": http.upload(), "configuration": {"data_schema": SCHEMA}})
    before = http.get(CREATE).json()["items"]
    refused(http.post(CREATE, content=body, headers={"content-type": kind}), 400, 415, 422)
    assert http.get(CREATE).json()["items"] == before


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name="),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nabc'),
        ("multipart/form-data; boundary=x", b"--y\r\n\r\n--y--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"\x00" * 1000),
        ("application/json", b'{"file": "a"}'),
        ("text/plain", b"file"),
        ("", b""),
    ],
)
def test_uploads(kind: str, body: bytes, http: Any) -> None:
    before = http.get(FILES).json()["items"]
    refused(http.post(FILES, content=body, headers={"content-type": kind}), 400, 422)
    assert http.get(FILES).json()["items"] == before


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "a\x01b.txt", "..", "con"]
)
def test_names_are_never_paths(name: str, http: Any, tmp_path: Any) -> None:
    reply = http.post(FILES, files={"file": (name, b"x")}, data={"purpose": "extract"})
    if reply.status_code == 201:
        kept = reply.json()["name"]
        assert "/" not in kept
        assert "\\" not in kept
        assert kept.isprintable()
    else:
        refused(reply, 400)
    assert not (tmp_path.parent / "passwd").exists()


IDS = [
    "..",
    "%2e%2e",
    "..%2f..%2fetc%2fpasswd",
    "a%00b",
    "%ff%fe",
    "x" * 3000,
    "%20",
    "ext-%F0%9F%92%A9",
    "'; DROP--",
    "*",
]


HOOKS = "/api/v1/beta/webhook-configs"


@pytest.mark.parametrize("path", [CREATE, FILES, "/api/v2/parse", "/api/v1/beta/configurations", HOOKS])
@pytest.mark.parametrize("bad_id", IDS)
def test_path_like_ids(bad_id: str, path: str, http: Any) -> None:
    for method in ("GET", "DELETE"):
        reply = http.request(method, f"{path}/{bad_id}")
        # `..` is taken out by clients and leads to the route above.
        refused(reply, 404, 405, 422, 400)


@pytest.mark.parametrize(
    "token", ["x", "====", "e30=", "W10=", "bnVsbA==", "WyJhIl0=", "\N{SNOWMAN}", "A" * 5000]
)
@pytest.mark.parametrize(
    "path", [CREATE, FILES, "/api/v2/parse", "/api/v1/beta/configurations", "/api/v2/webhook-configs"]
)
def test_foreign_page_tokens(token: str, path: str, http: Any) -> None:
    assert refused(http.get(path, params={"page_token": token}), 400, 422)


def test_the_page_token_of_another_list(http: Any) -> None:
    for _ in range(2):
        http.start_job()
    token = http.get(CREATE, params={"page_size": 1}).json()["next_page_token"]
    assert http.get(CREATE, params={"page_size": 1, "page_token": token}).status_code == 200
    refused(http.get(CREATE, params={"page_token": token, "status": "FAILED"}), 400)
    refused(http.get(FILES, params={"page_token": token}), 400)


def test_a_method_that_is_not_there(http: Any) -> None:
    refused(http.put(CREATE, json={}), 405)
    refused(http.get("/nothing/here"), 404)
    assert (
        "access-control-allow-origin"
        not in http.options(CREATE, headers={"origin": "http://x.example"}).headers
    )


def test_a_body_over_the_limit(http: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_BODY_BYTES", "1000")
    refused(http.post(CREATE, content=b" " * 1001, headers=JSON), 413)
    chunks = iter([b" " * 600, b" " * 600])
    refused(http.post(CREATE, content=chunks, headers=JSON), 413)
