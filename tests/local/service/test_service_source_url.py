"""Parse jobs that name their document by a URL: what is fetched, what never is, and what is said about it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import llama_cloud
import pytest

from extract_bridge.local.service.state import ServiceSettings
from extract_bridge.local.transport import BASE_URL, LocalTransport

PATH = "/api/v2/parse"
FILES = "/api/v1/beta/files"
NOTE = b"Invoice No: A-17\n"
SECRET = "signature-of-the-url"

PAGES: dict[str, tuple[int, dict[str, str], list[bytes]]] = {
    "/loop": (307, {"location": "/loop"}, [b""]),
    "/nowhere": (301, {}, [b""]),
    "/big": (200, {}, [b"x" * 2001]),
    "/big-unsaid": (200, {}, [b"x" * 1500] * 2),  # the size is told by nothing but the bytes
    "/packed": (200, {"content-encoding": "gzip"}, [b"\x1f\x8b"]),
    "/torn": (200, {"content-length": "100"}, [b"half"]),
    "/empty": (200, {}, [b""]),
    "/named": (
        200,
        {"content-disposition": "attachment; filename*=UTF-8''..%2Fr%C3%A9sum%C3%A9.txt"},
        [NOTE],
    ),
    "/typed": (200, {"content-type": "text/html; charset=utf-8"}, [b"<p>Invoice No: A-17</p>"]),
}


class Site:
    """A real server on this machine, with a page for everything that can go well or wrong; keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.release = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                site.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def answer(self, to: BaseHTTPRequestHandler) -> None:
        page = to.path.partition("?")[0]
        kind, _, rest = page.removeprefix("/").partition("/")
        if kind == "to":
            self._send(to, 302, b"", location=to.path.removeprefix("/to/"))
        elif kind == "status":
            self._send(to, int(rest), NOTE)
        elif kind == "hops":
            self._send(to, 308, b"", location=f"/hops/{int(rest) - 1}" if int(rest) > 1 else "/note.txt")
        elif kind == "slow":
            self._send(to, 200, None, **{"content-length": "100"})
            while not self.release.wait(0.05):
                to.wfile.write(b".")
        else:
            status, headers, pieces = PAGES.get(page, (200, {}, [NOTE]))
            if len(pieces) == 1 and "content-length" not in headers:
                headers = {**headers, "content-length": str(len(pieces[0]))}
            self._send(to, status, None, **headers)
            for piece in pieces:
                to.wfile.write(piece)

    def _send(self, to: BaseHTTPRequestHandler, status: int, body: bytes | None, **headers: str) -> None:
        to.send_response(status)
        for name, value in headers.items():
            to.send_header(name, value)
        if body is not None:
            to.send_header("content-length", str(len(body)))
        to.end_headers()
        to.wfile.write(body or b"")

    def close(self) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, serve_on_a_socket: Any, service_client: Any
) -> Iterator[Any]:
    settings = ServiceSettings(
        data_dir=tmp_path_factory.mktemp("fetching"),
        workers=1,
        allow_source_url=True,
        allow_source_hosts=("127.0.0.1",),
    )
    with (
        serve_on_a_socket(settings) as url,
        service_client(base_url=url, trust_env=False) as client,
    ):
        client.folder = settings.data_dir / "files"
        yield client


@pytest.fixture(scope="module")
def in_process(tmp_path_factory: pytest.TempPathFactory, service_client: Any) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("own")
    transport = LocalTransport(
        data_dir=folder, workers=1, allow_source_url=True, allow_source_hosts=["127.0.0.1"]
    )
    with service_client(transport=transport, base_url=BASE_URL) as client:
        client.folder = folder / "files"
        yield client


@pytest.fixture(params=["in process", "socket"])
def http(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue("served" if request.param == "socket" else "in_process")


def ask(http: Any, url: str, **options: Any) -> Any:
    return http.post(PATH, json={"source_url": url, "tier": "fast", "version": "latest", **options})


def done(http: Any, job_id: str) -> dict[str, Any]:
    while True:
        shown: dict[str, Any] = http.get(f"{PATH}/{job_id}", params={"expand": "text"}).json()
        if shown["job"]["status"] in {"COMPLETED", "FAILED"}:
            return shown


def kept(http: Any) -> tuple[list[str], list[str]]:
    """The files that are listed, and the bytes that are there."""
    listed = [file["id"] for file in http.get(FILES, params={"page_size": 1000}).json()["items"]]
    return listed, sorted(path.name for path in http.folder.iterdir())


def test_a_document_at_a_url_is_a_file_like_an_upload(http: Any, site: Site, tmp_path: Path) -> None:
    reply = ask(http, f"{site.url}/to/{site.url}/papers/note.txt?sig={SECRET}", user_metadata={"batch": "7"})
    assert reply.status_code == 200, reply.text
    shown = done(http, reply.json()["id"])
    assert (shown["job"]["status"], shown["job"]["name"]) == ("COMPLETED", "note.txt")
    assert "A-17" in shown["text"]["pages"][0]["text"]
    [file] = http.get(FILES, params={"file_name": "note.txt"}).json()["items"]
    assert (file["purpose"], file["project_id"]) == ("parse", shown["job"]["project_id"])
    assert file["expires_at"] > file["last_modified_at"]
    link = http.get(f"{FILES}/{file['id']}/content").json()["url"]
    assert http.get(link).content == NOTE
    body = {"file_input": shown["job"]["id"], "configuration": {"data_schema": SCHEMA}}
    job = http.until(http.post("/api/v2/extract", json=body).json()["id"])
    assert job["extract_result"] == {"number": "A-17"}
    stored = b"".join(path.read_bytes() for path in http.folder.parent.rglob("*") if path.is_file())
    assert SECRET.encode() not in stored, "a signed URL is a secret and nobody's business later"
    http.delete(f"{FILES}/{file['id']}")


SCHEMA = {
    "type": "object",
    "properties": {"number": {"type": ["string", "null"], "description": "invoice number"}},
}


def test_nothing_of_the_caller_goes_with_the_request(http: Any, site: Site) -> None:
    headers = {"authorization": "Bearer llx-secret", "cookie": "a=b"}
    body = {"source_url": f"{site.url}/note.txt#part", "tier": "fast", "version": "latest"}
    assert http.post(PATH, json=body, headers=headers).status_code == 200
    [(path, sent)] = site.asked
    assert path == "/note.txt"
    assert set(sent) == {"host", "accept", "accept-encoding", "user-agent"}
    assert sent["host"] == f"127.0.0.1:{site.port}"
    assert sent["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("page", "name"),
    [("/named", "résumé.txt"), ("/typed", "typed.html"), ("/", "document"), ("/a/b%20c.txt", "b c.txt"),
     ("/hops/5", "note.txt"), ("/to//x/y.txt", "y.txt")],
)  # fmt: skip
def test_what_it_is_called(page: str, name: str, http: Any, site: Site) -> None:
    reply = ask(http, site.url + page)
    assert reply.status_code == 200, reply.text
    assert reply.json()["name"] == name


REFUSED = {
    "/to/http://127.0.0.2:{port}/note.txt": "must begin with https://",
    "/to/https://127.0.0.2:{port}/note.txt": "not public",
    "/to/https://[::ffff:127.0.0.1]:{port}/note.txt": "not public",
    "/to/https://[64:ff9b::7f00:1]:{port}/note.txt": "not public",
    "/to/https://169.254.169.254/latest/meta-data": "not public",
    "/to/https://localhost:{port}/note.txt": "not public",
    "/to/http://user:pw@127.0.0.1:{port}/note.txt": "user name or password",
    "/to/file:///etc/passwd": "must begin with https://",
    "/to/ftp://127.0.0.1/a": "must begin with https://",
    "/nowhere": "names no place",
    "/loop": "redirects more than 5 times",
    "/hops/6": "redirects more than 5 times",
    "/status/404": "status 404",
    "/status/204": "status 204",
    "/status/206": "status 206",
    "/status/304": "status 304",
    "/status/500": "status 500",
    "/packed": "packed body",
    "/torn": "connection broke",
    "/empty": "empty",
}


@pytest.mark.parametrize("page", REFUSED)
def test_what_is_not_fetched_says_why_and_leaves_nothing(page: str, http: Any, site: Site) -> None:
    before = kept(http)
    reply = ask(http, site.url + page.format(port=site.port))
    assert reply.status_code == 400, reply.text
    detail = reply.json()["detail"]
    assert detail.startswith("inputs_invalid: source_url")
    assert REFUSED[page] in detail
    assert "127.0.0" not in detail, "the address is no part of the message"
    assert "/note.txt" not in site.paths(), "nothing was asked of where it must not lead"
    assert kept(http) == before


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://example.com/a.pdf", "must begin with https://"),
        ("https://127.0.0.2/a.pdf", "not public"),
        ("https://localhost/a.pdf", "not public"),
        ("https://user@example.com/a.pdf", "user name or password"),
        ("file:///etc/passwd", "must begin with https://"),
        ("//example.com/a.pdf", "must begin with https://"),
        ("a.pdf", "must begin with https://"),
        ("", "must begin with https://"),
        ("https://a b/", "malformed"),
        ("https://name-that-is-nowhere.invalid/a.pdf", "cannot be resolved"),
    ],
)
def test_a_url_that_may_not_be_asked(url: str, says: str, http: Any) -> None:
    reply = ask(http, url)
    assert reply.status_code == 400, reply.text
    assert says in reply.json()["detail"]


def test_a_refused_connection(http: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    reply = ask(http, f"http://127.0.0.1:{port}/a.txt")
    assert (reply.status_code, "refused" in reply.json()["detail"]) == (400, True)


@pytest.mark.parametrize("page", ["/big", "/big-unsaid"])
def test_a_document_over_the_limit(page: str, http: Any, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_UPLOAD_BYTES", "2000")
    before = kept(http)
    reply = ask(http, site.url + page)
    assert reply.status_code == 413, reply.text
    assert "File size exceeds" in reply.json()["detail"]
    assert kept(http) == before


def test_a_body_that_drips_is_given_up(http: Any, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_MAX_SOURCE_URL_SECONDS", "1")
    before = kept(http)
    reply = ask(http, f"{site.url}/slow")
    assert reply.status_code == 400, reply.text
    assert "did not arrive in time" in reply.json()["detail"]
    assert kept(http) == before


def test_a_few_are_fetched_at_once_and_nobody_else_waits(http: Any, site: Site) -> None:
    threads = [threading.Thread(target=ask, args=(http, f"{site.url}/slow")) for _ in range(4)]
    for thread in threads:
        thread.start()
    while len(site.asked) < 4:
        pass
    busy = ask(http, f"{site.url}/note.txt")
    assert (busy.status_code, busy.headers["retry-after"]) == (429, "5")
    assert http.upload()
    site.release.set()
    for thread in threads:
        thread.join()
    assert ask(http, f"{site.url}/note.txt").status_code == 200, "the places are free again"


def test_nothing_is_fetched_for_a_body_that_is_refused_anyway(http: Any, site: Site) -> None:
    url = f"{site.url}/note.txt"
    assert ask(http, url, configuration_id="cfg-none").status_code == 404
    assert ask(http, url, webhook_configuration_ids=["whc-none"]).status_code == 404
    assert ask(http, url, file_id="dfl-a").status_code == 422
    assert ask(http, url, tier="best").status_code == 422
    assert site.asked == []


def test_scope_of_what_was_fetched(http: Any, site: Site) -> None:
    body = {"source_url": f"{site.url}/scoped.txt", "tier": "fast", "version": "latest"}
    job = http.post(PATH, json=body, params={"project_id": "prj-web"}).json()
    assert job["project_id"] == "prj-web"
    [file] = http.get(FILES, params={"project_id": "prj-web"}).json()["items"]
    assert file["name"] == "scoped.txt"


def test_it_is_off_unless_it_was_allowed(start: Callable[..., Any], site: Site) -> None:
    http = start(allow_source_hosts=["127.0.0.1"])  # opening a host allows nothing yet
    reply = ask(http, f"{site.url}/note.txt")
    assert reply.status_code == 400
    assert "--allow-source-url" in reply.json()["detail"]
    assert site.asked == []


def test_a_host_that_is_open_to_webhooks_is_not_open_to_source_urls(
    start: Callable[..., Any], site: Site
) -> None:
    http = start(allow_source_url=True, allow_webhook_hosts=["127.0.0.1"])
    assert "https" in ask(http, f"{site.url}/note.txt").json()["detail"]
    assert site.asked == []


def test_a_name_that_leads_into_this_network_is_not_asked(
    start: Callable[..., Any], site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookups: list[str] = []

    def lookup(host: str, port: int, **_: Any) -> list[Any]:
        lookups.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ("93.184.216.34", "127.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    http = start(allow_source_url=True)
    assert "not public" in ask(http, f"https://docs.test:{site.port}/a.txt").json()["detail"]
    assert lookups == ["docs.test"]
    assert site.asked == []


def test_offline_means_this_machine_only(
    start: Callable[..., Any], site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRACT_BRIDGE_OFFLINE", "1")
    http = start(allow_source_url=True, allow_source_hosts=["127.0.0.1"])
    assert ask(http, f"{site.url}/note.txt").status_code == 200
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("a name server was asked"))
    assert "OFFLINE" in ask(http, "https://example.com/a.txt").json()["detail"]


def test_the_official_sdk_parses_a_url(served: Any, site: Site) -> None:
    with llama_cloud.LlamaCloud(
        api_key="any", base_url=str(served.base_url), max_retries=0, http_client=httpx.Client(trust_env=False)
    ) as sdk:
        job = sdk.parsing.create(source_url=f"{site.url}/note.txt", tier="fast", version="latest")
        sdk.parsing.wait_for_completion(job.id, polling_interval=0.02, max_interval=0.1)
        assert "A-17" in str(sdk.parsing.get(job.id, expand=["text"]).text)
        with pytest.raises(llama_cloud.BadRequestError, match="status 404"):
            sdk.parsing.create(source_url=f"{site.url}/status/404", tier="fast", version="latest")
