"""Webhooks from a job to a real receiver on a socket of this machine."""

from __future__ import annotations

import json
import random
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from extract_bridge import unwrap
from extract_bridge.local.service import deliverer as deliverer_module
from extract_bridge.local.service.deliverer import Deliverer, Webhooks
from extract_bridge.local.service.outbox import Delivery, Endpoint, Outbox
from extract_bridge.local.service.sqlite_store import SqliteJobStore
from extract_bridge.local.service.store import StoredJob
from extract_bridge.local.service.webhooks import message

DATA = Path(__file__).resolve().parents[2] / "data" / "webhooks"
SECRET = "whsec_never_shown"
SCHEMA = {"type": "object", "properties": {"text": {"type": ["string", "null"]}}}
SAVED = "/api/v1/beta/webhook-configs"


class Receiver:
    """Keeps what it gets; answers as `answer(path, how many times this event came before)` says."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answer: Callable[[str, int], int] = lambda _path, _before: 200
        self._changed = threading.Condition()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                event_id = self.headers["X-Webhook-Event-ID"]
                with outer._changed:
                    before = sum(
                        item[1]["X-Webhook-Event-ID"] == event_id and item[0] == self.path
                        for item in outer.got
                    )
                    outer.got.append((self.path, dict(self.headers.items()), body))
                    outer._changed.notify_all()
                status = outer.answer(self.path, before)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                if status // 100 == 3:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def wait(self, number: int) -> list[str]:
        """The event names, as soon as there are so many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.got) >= number, timeout=30), self.names
        return self.names

    @property
    def names(self) -> list[str]:
        return [headers["X-Webhook-Event-Type"] for _, headers, _ in self.got]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def client(start: Callable[..., Any]) -> Any:
    return start(allow_webhook_hosts=("127.0.0.1",))


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses themselves are looked at in one test; the others need not wait for seconds."""
    monkeypatch.setattr(
        Deliverer.__init__, "__kwdefaults__", {**Deliverer.__init__.__kwdefaults__, "pauses": (0.05, 0.1)}
    )


def begin(client: Any, *hooks: dict[str, Any], name: str = "note.txt", **more: Any) -> str:
    body = {
        "file_input": client.upload(name),
        "configuration": {"data_schema": SCHEMA},
        "webhook_configurations": list(hooks),
        **more,
    }
    reply = client.post("/api/v2/extract", json=body)
    assert reply.status_code == 200, reply.text
    assert SECRET not in reply.text
    return str(reply.json()["id"])


def log_of(client: Any, job_id: str, *, settled: int) -> list[dict[str, Any]]:
    """The delivery log, as soon as so many events are settled."""
    give_up_at = time.monotonic() + 30
    while True:
        reply = client.get(f"/api/v2/extract/{job_id}/webhook-deliveries")
        assert reply.status_code == 200
        items: list[dict[str, Any]] = reply.json()["items"]
        if sum(item["state"] != "open" for item in items) >= settled:
            return items
        assert time.monotonic() < give_up_at, items
        time.sleep(0.005)


def test_a_job_tells_of_itself(client: Any, receiver: Receiver) -> None:
    job = begin(
        client,
        {
            "webhook_url": f"{receiver.url}/hook?x=1",
            "webhook_headers": {"Authorization": "Bearer mine", "X-Own": "1"},
            "webhook_signing_secret": SECRET,
        },
    )
    assert receiver.wait(2) == ["extract.pending", "extract.success"]
    for path, headers, body in receiver.got:
        assert path == "/hook?x=1"
        assert headers["Content-Type"] == "application/json"
        assert headers["User-Agent"].startswith("extract-bridge-webhook-service/")
        assert (headers["Authorization"], headers["X-Own"]) == ("Bearer mine", "1")
        event = unwrap(body, headers, SECRET)
        assert headers["X-Webhook-Event-ID"] == event.event_id
        assert headers["X-Webhook-Event-Type"] == event.event_type
        assert event.job_id == job
        assert event.timestamp is not None
        assert abs(event.timestamp - time.time()) < 3600
    assert len({headers["X-Webhook-Event-ID"] for _, headers, _ in receiver.got}) == 2
    log = log_of(client, job, settled=2)
    assert [(item["event_type"], item["state"], len(item["attempts"])) for item in log] == [
        ("extract.pending", "delivered", 1),
        ("extract.success", "delivered", 1),
    ]
    assert log[0]["attempts"][0]["status"] == 200


def test_a_failed_and_a_cancelled_job(client: Any, receiver: Receiver) -> None:
    hook = {"webhook_url": receiver.url, "webhook_events": ["extract.error", "extract.cancelled", "sheets.x"]}
    failed = begin(client, hook, name="locked.pdf")
    slow = begin(client, hook, name="slow.txt")
    client.until(failed, "FAILED")
    client.until(slow, "RUNNING")
    assert client.post(f"/api/v2/extract/{slow}/cancel").status_code == 200
    receiver.wait(2)
    ids = {
        json.loads(body)["data"]["job_id"]: headers["X-Webhook-Event-Type"]
        for _, headers, body in receiver.got
    }
    assert ids == {failed: "extract.error", slow: "extract.cancelled"}


def test_only_the_events_that_were_asked_for(client: Any, receiver: Receiver) -> None:
    job = begin(
        client,
        {"webhook_url": f"{receiver.url}/all", "webhook_events": None},
        {"webhook_url": f"{receiver.url}/one", "webhook_events": ["extract.success", "unheard.of"]},
        {"webhook_url": f"{receiver.url}/none", "webhook_events": ["parse.success"]},
    )
    log_of(client, job, settled=3)
    got = sorted((path, headers["X-Webhook-Event-Type"]) for path, headers, _ in receiver.got)
    assert got == [("/all", "extract.pending"), ("/all", "extract.success"), ("/one", "extract.success")]


@pytest.mark.parametrize("status", [500, 301, 404])
def test_three_attempts_in_order(client: Any, receiver: Receiver, status: int) -> None:
    """Anything but 2xx is tried again; the later event waits behind the earlier one; redirects are not followed."""
    receiver.answer = lambda path, before: status if path == "/bad" or before == 0 else 202
    job = begin(client, {"webhook_url": f"{receiver.url}/bad"}, {"webhook_url": f"{receiver.url}/late"})
    log = log_of(client, job, settled=4)
    assert {
        (item["endpoint"], item["event_type"]): (item["state"], len(item["attempts"])) for item in log
    } == {
        (0, "extract.pending"): ("failed", 3),
        (0, "extract.success"): ("failed", 3),
        (1, "extract.pending"): ("delivered", 2),
        (1, "extract.success"): ("delivered", 2),
    }
    by_path = {
        path: [headers["X-Webhook-Event-Type"] for at, headers, _ in receiver.got if at == path]
        for path, _, _ in receiver.got
    }
    assert by_path == {
        "/bad": ["extract.pending"] * 3 + ["extract.success"] * 3,
        "/late": ["extract.pending"] * 2 + ["extract.success"] * 2,
    }
    assert {len({h["X-Webhook-Event-ID"] for _, h, _ in receiver.got})} == {2}
    assert [item["attempts"][0]["status"] for item in log] == [status] * 4


def test_a_receiver_that_hangs_holds_up_nobody_else(client: Any, receiver: Receiver) -> None:
    held = threading.Event()

    def answer(path: str, _before: int) -> int:
        if path == "/hangs":
            held.wait(20)
        return 200

    other = Receiver()
    try:
        receiver.answer = answer
        for _ in range(4):
            begin(client, {"webhook_url": f"{receiver.url}/hangs"})
        job = begin(client, {"webhook_url": other.url})
        log_of(client, job, settled=2)
        assert other.names == ["extract.pending", "extract.success"]
    finally:
        held.set()
        other.close()


def test_an_event_outlives_its_job(client: Any, receiver: Receiver) -> None:
    receiver.answer = lambda _path, before: 500 if before == 0 else 200
    job = begin(client, {"webhook_url": receiver.url, "webhook_events": ["extract.success"]})
    client.until(job, "COMPLETED")
    assert client.delete(f"/api/v2/extract/{job}").status_code == 200
    assert receiver.wait(2) == ["extract.success"] * 2
    assert log_of(client, job, settled=1)[0]["state"] == "delivered"


def stored(folder: Path) -> dict[str, list[Any]]:
    connection = sqlite3.connect(folder / "service.sqlite3")
    try:
        return {
            "open": connection.execute(
                "SELECT event_type, attempts FROM webhook_outbox WHERE state = 'open'"
            ).fetchall(),
            "all": connection.execute("SELECT * FROM webhook_outbox").fetchall(),
            "extra": connection.execute("SELECT extra FROM jobs").fetchall(),
        }
    finally:
        connection.close()


def test_a_restart_neither_resets_nor_skips_attempts(
    start: Callable[..., Any], receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.answer = lambda _path, _before: 503
    long = {**Deliverer.__init__.__kwdefaults__, "pauses": (0.4, 0.4)}
    monkeypatch.setattr(Deliverer.__init__, "__kwdefaults__", long)
    first = start(allow_webhook_hosts=("127.0.0.1",))
    job = begin(first, {"webhook_url": receiver.url, "webhook_events": ["extract.success"]})
    receiver.wait(1)
    while stored(tmp_path / "data")["open"] != [("extract.success", 1)]:
        time.sleep(0.005)
    first.close()
    second = start(allow_webhook_hosts=("127.0.0.1",))
    (event,) = log_of(second, job, settled=1)
    assert event["state"] == "failed"
    assert [attempt["attempt"] for attempt in event["attempts"]] == [1, 2, 3]
    assert len(receiver.got) == 3
    assert len({headers["X-Webhook-Event-ID"] for _, headers, _ in receiver.got}) == 1


def test_an_attempt_that_the_end_cut_off_is_made_again(
    start: Callable[..., Any], receiver: Receiver, tmp_path: Path
) -> None:
    held = threading.Event()

    def answer(_path: str, before: int) -> int:
        if before == 0:
            held.wait(20)
        return 200

    receiver.answer = answer
    first = start(allow_webhook_hosts=("127.0.0.1",))
    job = begin(first, {"webhook_url": receiver.url, "webhook_events": ["extract.success"]})
    receiver.wait(1)
    first.close()  # the receiver has not answered yet
    assert stored(tmp_path / "data")["open"] == [("extract.success", 0)]
    second = start(allow_webhook_hosts=("127.0.0.1",))
    (event,) = log_of(second, job, settled=1)
    held.set()
    assert (event["state"], len(event["attempts"])) == ("delivered", 1)
    assert len({headers["X-Webhook-Event-ID"] for _, headers, _ in receiver.got}) == 1


def test_of_two_services_on_a_folder_one_delivers(receiver: Receiver, tmp_path: Path) -> None:
    store = SqliteJobStore(tmp_path / "service.sqlite3")
    rooms = [Webhooks(store, folder=tmp_path, opened_hosts=["127.0.0.1"]) for _ in range(2)]
    store._observers.pop()  # one service writes, both would deliver
    for room in rooms:
        room.deliverer.start()
    endpoint = Endpoint(url=receiver.url, origin=receiver.url).to_dict()
    for number in range(20):
        job = StoredJob(
            id=f"ext-{number}",
            project_id="p",
            file_input="dfl-1",
            configuration={},
            extra={"webhooks": [endpoint]},
        )
        store.add_job(job)
    receiver.wait(20)
    for room in rooms:
        room.deliverer.stop()
    store.close()
    assert len(receiver.got) == 20


def test_the_event_is_of_the_same_transaction(tmp_path: Path) -> None:
    """A change that is undone tells nothing; one that is kept always does."""
    store = SqliteJobStore(tmp_path / "service.sqlite3")
    room = Webhooks(store, folder=tmp_path, opened_hosts=["127.0.0.1"])
    endpoint = Endpoint(url="http://127.0.0.1/", origin="http://127.0.0.1", secret=SECRET).to_dict()

    def add(number: int) -> None:
        store.add_job(
            StoredJob(
                id=f"ext-{number}",
                project_id="p",
                file_input="dfl-1",
                configuration={},
                extra={"webhooks": [endpoint]},
            )
        )

    def refuse(_connection: Any, _job: StoredJob) -> None:
        raise RuntimeError

    add(1)
    store.observe(refuse)
    with pytest.raises(RuntimeError):
        add(2)
    store._observers.pop()
    assert [room.outbox.log(f"ext-{number}") != [] for number in (1, 2)] == [True, False]
    lease = store.claim(now=time.time(), lease_seconds=30)
    assert lease is not None
    before = room.outbox.log("ext-1")
    store.release(lease)  # PENDING once more is no second event
    assert [item["event_type"] for item in before] == ["extract.pending"]
    assert room.outbox.log("ext-1") == before
    lease = store.claim(now=time.time(), lease_seconds=30)
    assert lease is not None
    store.fail(lease, error_message="no")
    store.fail(lease, error_message="late")
    assert [item["event_type"] for item in room.outbox.log("ext-1")] == ["extract.pending", "extract.error"]
    job = store.get_job("ext-1")
    assert job is not None
    assert "webhooks" not in job.extra
    store.close()


def test_secrets_are_in_an_owner_only_file_and_go_when_they_are_done_with(
    client: Any, receiver: Receiver, tmp_path: Path
) -> None:
    job = begin(
        client,
        {
            "webhook_url": receiver.url,
            "webhook_signing_secret": SECRET,
            "webhook_headers": {"X-Key": "k-1234"},
        },
    )
    log = log_of(client, job, settled=2)
    for text in (json.dumps(log), json.dumps(client.until(job)), client.get("/api/v2/extract").text):
        assert SECRET not in text
        assert "k-1234" not in text
    kept = repr(stored(tmp_path / "data"))
    assert SECRET not in kept
    assert "k-1234" not in kept
    for path in (tmp_path / "data").glob("service.sqlite3*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_copied_folder_is_made_private_again(start: Callable[..., Any], tmp_path: Path) -> None:
    client = start()
    client.start_job()
    client.close()
    folder = tmp_path / "data"
    (folder / "service.sqlite3.format-3.bak").write_bytes(b"an earlier copy")
    for path in folder.glob("service.sqlite3*"):
        path.chmod(0o644)
    again = start()
    again.post(SAVED, json={"webhook_url": "https://example.com/", "webhook_signing_secret": SECRET})
    names = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.glob("service.sqlite3*")}
    assert {"service.sqlite3", "service.sqlite3-wal", "service.sqlite3-shm"} < set(names)
    assert set(names.values()) == {0o600}, names


@pytest.mark.parametrize(
    ("hook", "word"),
    [
        ({}, "webhook_url"),
        ({"webhook_url": None}, "webhook_url"),
        ({"webhook_url": "http://example.com/"}, "https"),
        ({"webhook_url": "https://u:never@example.com/"}, "user name"),
        ({"webhook_url": "https://10.0.0.1/"}, "not public"),
        ({"webhook_url": "https://[::ffff:10.0.0.1]/"}, "not public"),
        ({"webhook_events": []}, "webhook_events"),
        ({"webhook_events": [""]}, "webhook_events"),
        ({"webhook_output_format": "xml"}, "webhook_output_format"),
        ({"webhook_signing_secret": ""}, "webhook_signing_secret"),
        ({"webhook_headers": {"Host": "x"}}, "Host"),
        ({"webhook_headers": {"content-type": "x"}}, "content-type"),
        ({"webhook_headers": {"Content-Length": "1"}}, "Content-Length"),
        ({"webhook_headers": {"Transfer-Encoding": "chunked"}}, "Transfer-Encoding"),
        ({"webhook_headers": {"LC-Signature": "sha256=0"}}, "LC-Signature"),
        ({"webhook_headers": {"X-A": "a\r\nHost: never"}}, "X-A"),
        ({"webhook_headers": {"X-A": "a\nb"}}, "X-A"),
        ({"webhook_headers": {"X-A": "caf\u00e9"}}, "X-A"),
        ({"webhook_headers": {"X-A\r\nHost": "never"}}, "malformed"),
        ({"webhook_headers": {"": "x"}}, "malformed"),
        ({"webhook_headers": {"a b": "x"}}, "malformed"),
    ],
)  # fmt: skip
def test_what_is_refused_at_create(client: Any, hook: dict[str, Any], word: str) -> None:
    full = hook if not hook or "webhook_url" in hook else {"webhook_url": "https://example.com/", **hook}
    body = {"file_input": client.upload(), "configuration": {"data_schema": SCHEMA}}
    for reply in (
        client.post("/api/v2/extract", json={**body, "webhook_configurations": [full]}),
        client.post(SAVED, json=full),
    ):
        assert reply.status_code == 422
        assert word in reply.text
        assert "never" not in reply.text
    assert client.get("/api/v2/extract").json()["items"] == []


def test_a_name_that_leads_into_this_network_is_not_called(
    start: Callable[..., Any], receiver: Receiver
) -> None:
    """What the name means is only known when it is called; then the delivery fails, and nothing is sent."""
    client = start()
    port = receiver.url.rpartition(":")[2]
    job = begin(client, {"webhook_url": f"https://localhost:{port}/", "webhook_events": ["extract.success"]})
    (event,) = log_of(client, job, settled=1)
    assert event["state"] == "failed"
    assert [attempt["problem"] for attempt in event["attempts"]] == [
        "the host has an address that is not public"
    ] * 3
    assert receiver.got == []


def test_saved_endpoints(client: Any, receiver: Receiver) -> None:
    given = {
        "webhook_url": f"{receiver.url}/saved",
        "webhook_events": ["extract.success", "later.event"],
        "webhook_headers": {"X-Own": "1"},
        "webhook_output_format": "string",
        "webhook_signing_secret": SECRET,
    }
    reply = client.post(SAVED, json=given)
    assert reply.status_code == 201
    saved = reply.json()
    assert saved["id"].startswith("whc-")
    assert saved["has_secret"] is True
    assert (saved["tenant_type"], saved["created_at"]) == ("project", saved["updated_at"])
    assert {name: saved[name] for name in given if name in saved} == {
        name: value for name, value in given.items() if name != "webhook_signing_secret"
    }
    path = f"{SAVED}/{saved['id']}"
    assert client.get(path).json() == saved
    changed = client.put(path, json={"webhook_events": ["extract.pending"], "webhook_url": None}).json()
    assert changed["webhook_events"] == ["extract.pending"]
    assert (changed["webhook_url"], changed["has_secret"]) == (given["webhook_url"], True)
    for bad in (
        {"webhook_events": []},
        {"webhook_url": "http://example.com/"},
        {"webhook_headers": {"Host": "x"}},
    ):
        assert client.put(path, json=bad).status_code == 422
    job = begin(client, webhook_configuration_ids=[saved["id"]])
    assert receiver.wait(1) == ["extract.pending"]
    _, headers, body = receiver.got[0]
    assert headers["X-Own"] == "1"
    assert isinstance(json.loads(body)["data"], str)
    assert unwrap(body, headers, SECRET).job_id == job
    for text in (
        reply.text,
        client.get(path).text,
        client.get(SAVED).text,
        client.get("/api/v2/webhook-configs").text,
    ):
        assert SECRET not in text
    assert client.delete(path).status_code == 204
    for gone in (client.get(path), client.delete(path), client.put(path, json={})):
        assert gone.status_code == 404
    body = {
        "file_input": client.upload(),
        "configuration": {"data_schema": SCHEMA},
        "webhook_configuration_ids": [saved["id"]],
    }
    assert client.post("/api/v2/extract", json=body).status_code == 404


def test_saved_endpoints_by_page_and_project(client: Any) -> None:
    made = [
        client.post(SAVED, json={"webhook_url": f"https://example.com/{n}"}, params=query).json()["id"]
        for n, query in enumerate([{}, {}, {}, {"project_id": "prj-b"}])
    ]
    assert [item["id"] for item in client.get(SAVED).json()] == made[::-1]
    assert [item["id"] for item in client.get(SAVED, params={"project_id": "prj-b"}).json()] == made[3:]
    found, token = [], None
    while True:
        query = {"page_size": 3, "include_total": True, **({"page_token": token} if token else {})}
        page = client.get("/api/v2/webhook-configs", params=query).json()
        assert page["total_size"] == 4
        found += [item["id"] for item in page["items"]]
        token = page["next_page_token"]
        if token is None:
            break
    assert found == made[::-1]
    assert client.get("/api/v2/webhook-configs").json()["total_size"] is None
    assert client.get(f"{SAVED}/{made[0]}", params={"project_id": "prj-b"}).status_code == 404
    assert client.get("/api/v2/webhook-configs", params={"page_token": "x"}).status_code == 400


def test_an_unknown_job_has_no_log(client: Any) -> None:
    assert client.get("/api/v2/extract/ext-unknown/webhook-deliveries").status_code == 404


@pytest.mark.parametrize("name", ["default", "json", "string"])
def test_the_bytes_of_a_delivery_are_pinned(name: str) -> None:
    endpoint = Endpoint(
        url="https://example.com/hook",
        origin="https://example.com",
        headers={"Authorization": "Bearer mine"},
        output_format=None if name == "default" else name,  # type: ignore[arg-type]
        secret="whsec_golden",
    )
    headers, body = message(
        Delivery(
            number=1,
            event_id="149744dd-9002-4411-a6c7-9635da372caa",
            event_type="extract.success",
            job_id="ext-golden",
            occurred_at=1753985275.1154444,
            attempts=0,
            endpoint=endpoint,
        )
    )
    assert {"headers": headers, "body": body.decode()} == json.loads(
        (DATA / f"{name}.json").read_text("utf-8")
    )
    assert "whsec_golden" not in repr(endpoint)


def test_the_times_are_the_vendors() -> None:
    assert deliverer_module.TIMEOUT_SECONDS == 30
    assert deliverer_module.PAUSES == (1.0, 2.0, 4.0)


def test_pauses_between_attempts_are_kept(client: Any, receiver: Receiver) -> None:
    """The log's own times: an attempt is never earlier than its pause allows."""
    receiver.answer = lambda _path, _before: 500
    job = begin(client, {"webhook_url": receiver.url, "webhook_events": ["extract.success"]})
    (event,) = log_of(client, job, settled=1)
    times = [float(attempt["started_at"][17:-1]) for attempt in event["attempts"]]
    gaps = [(later - earlier) % 60 for earlier, later in pairwise(times)]
    assert gaps[0] >= 0.05
    assert gaps[1] >= 0.1


def test_a_parse_job_tells_of_itself(client: Any, receiver: Receiver) -> None:
    body = {
        "file_id": client.upload(),
        "tier": "fast",
        "version": "latest",
        "webhook_configurations": [{"webhook_url": receiver.url, "webhook_signing_secret": SECRET}],
    }
    reply = client.post("/api/v2/parse", json=body)
    assert reply.status_code == 200, reply.text
    assert SECRET not in reply.text
    assert receiver.wait(3) == ["parse.pending", "parse.running", "parse.success"]
    _, headers, sent = receiver.got[-1]
    assert unwrap(sent, headers, SECRET).job_id == reply.json()["id"]
    bad = {**body, "webhook_configurations": [{"webhook_url": "https://10.0.0.1/"}]}
    assert client.post("/api/v2/parse", json=bad).status_code == 422


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_order_and_ids_hold_under_load_and_restarts(receiver: Receiver, tmp_path: Path, seed: int) -> None:
    """60 jobs, a receiver that refuses a third at random, and a service that is ended and begun again in between."""
    chance, guard = random.Random(seed), threading.Lock()

    def answer(_path: str, before: int) -> int:
        with guard:
            return 500 if before < 2 and chance.random() < 0.33 else 200

    receiver.answer = answer
    endpoint = Endpoint(url=receiver.url, origin=receiver.url).to_dict()
    jobs = [f"ext-{number}" for number in range(60)]
    for start_at in range(0, 60, 20):
        store = SqliteJobStore(tmp_path / "service.sqlite3")
        room = Webhooks(store, folder=tmp_path, opened_hosts=["127.0.0.1"])
        room.deliverer.start()
        for job_id in jobs[start_at : start_at + 20]:
            store.add_job(
                StoredJob(
                    id=job_id,
                    project_id="p",
                    file_input="dfl-1",
                    configuration={},
                    extra={"webhooks": [endpoint]},
                )
            )
            lease = store.claim(now=time.time(), lease_seconds=30)
            assert lease is not None
            assert store.fail(lease, error_message="no")
        if start_at == 40:
            give_up_at = time.monotonic() + 60
            while any(item["state"] == "open" for job_id in jobs for item in room.outbox.log(job_id)):
                assert time.monotonic() < give_up_at
                time.sleep(0.01)
        logs = {job_id: room.outbox.log(job_id) for job_id in jobs}
        room.deliverer.stop()
        store.close()
    for job_id, log in logs.items():
        assert [(item["event_type"], item["state"]) for item in log] == [
            ("extract.pending", "delivered"),
            ("extract.error", "delivered"),
        ]
        taken = [
            (headers["X-Webhook-Event-Type"], headers["X-Webhook-Event-ID"])
            for _, headers, body in receiver.got
            if json.loads(body)["data"]["job_id"] == job_id
        ]
        assert len(set(taken)) == 2
        assert [name for name, _ in taken] == sorted(
            (name for name, _ in taken), reverse=True
        )  # pending before error
        for item in log:
            assert [attempt["attempt"] for attempt in item["attempts"]] == list(
                range(1, len(item["attempts"]) + 1)
            )


def test_a_mishap_of_the_database_ends_nothing(
    client: Any, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be written down is written down later, and not sent again meanwhile."""
    real, failures = Outbox.settle, [sqlite3.OperationalError("disk full")]

    def settle(self: Outbox, *given: Any, **more: Any) -> None:
        if failures:
            raise failures.pop()
        real(self, *given, **more)

    monkeypatch.setattr(Outbox, "settle", settle)
    monkeypatch.setattr(deliverer_module, "_MISHAP_SECONDS", 0.05)
    job = begin(client, {"webhook_url": receiver.url})
    assert [item["state"] for item in log_of(client, job, settled=2)] == ["delivered", "delivered"]
    assert receiver.names == ["extract.pending", "extract.success"]
    assert failures == []


def test_an_event_is_seen_although_its_commit_comes_after_the_call(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliverer_module, "_IDLE_SECONDS", 3600.0)  # nobody looks again by himself
    store = SqliteJobStore(tmp_path / "service.sqlite3")
    room = Webhooks(store, folder=tmp_path, opened_hosts=["127.0.0.1"])
    room.deliverer.start()
    extra = {"webhooks": [Endpoint(url=receiver.url, origin=receiver.url).to_dict()]}

    def add(job_id: str) -> None:
        store.add_job(StoredJob(id=job_id, project_id="p", file_input="dfl-1", configuration={}, extra=extra))

    add("ext-1")
    while [item["state"] for item in room.outbox.log("ext-1")] != ["delivered"]:
        time.sleep(0.01)
    store.observe(lambda _connection, _job: time.sleep(0.2))
    add("ext-2")
    assert receiver.wait(2) == ["extract.pending"] * 2
    room.deliverer.stop()
    store.close()
