"""No webhook goes where only this machine or its network can reach; and it goes to the very address that was checked."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.local.service.outbound import post
from extract_bridge.local.service.targets import TargetError, check_url, is_public, normal_host

PRIVATE = [
    "127.0.0.1", "127.8.9.10", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "0.1.2.3", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1", "100::1", "64:ff9b:1::808:808",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::169.254.169.254",
    "::ffff:0:127.0.0.1", "2002:7f00:1::1", "2002:a9fe:a9fe::", "2002:c0a8:1::1",
]  # fmt: skip
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "::8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]
V4 = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)
V6 = ipaddress.IPv6Address


def teredo(server: ipaddress.IPv4Address, client: ipaddress.IPv4Address) -> str:
    return str(
        V6((0x20010000 << 96) | (int(server) << 64) | (0x8000F227 << 32) | (~int(client) & 0xFFFFFFFF))
    )


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not is_public(address)
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(TargetError):
        check_url(f"https://{host}/hook")


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_public(address)


@given(V4)
def test_an_address_inside_another_decides(inner: ipaddress.IPv4Address) -> None:
    public, number = is_public(str(inner)), int(inner)
    forms = [
        V6(0xFFFF << 32 | number),
        V6(0xFFFF << 48 | number),
        V6(number),
        V6(0x64FF9B << 96 | number),
        V6(0x2002 << 112 | number << 80 | 1),
    ]
    assert [is_public(str(form)) for form in forms] == [public] * len(forms)


@given(V4, V4)
def test_both_addresses_inside_teredo_must_be_public(
    server: ipaddress.IPv4Address, client: ipaddress.IPv4Address
) -> None:
    assert is_public(teredo(server, client)) == (is_public(str(server)) and is_public(str(client)))


def test_teredo_to_this_machine_is_refused() -> None:
    google = ipaddress.IPv4Address("8.8.8.8")
    assert is_public(teredo(google, google))
    assert not is_public(teredo(google, ipaddress.IPv4Address("127.0.0.1")))


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "ftp://example.com/", "https:///hook", "https://", "//example.com", "", "hook", "javascript:alert(1)",
        "https://user@example.com/", "https://user:secret@example.com/", "https://@example.com/", "https://example.com:99999/",
        "https://example.com/\r\nX: y", "https://exa mple.com/", "https://example.com\\@127.0.0.1/", "https://" + "a" * 2050,
        "https://[::1", "https://\udcff.com/", "file:///etc/passwd", "unix://socket",
    ],
)  # fmt: skip
def test_malformed_urls_are_refused(url: str) -> None:
    with pytest.raises(TargetError) as error:
        check_url(url)
    assert "secret" not in str(error.value)


@given(st.text(max_size=40))
def test_any_text_is_answered_or_refused(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.com/{text}"):
        try:
            target = check_url(url)
        except TargetError:
            continue
        assert target.url.scheme == "https"
        assert target.host
        assert not target.url.userinfo


def test_opened_hosts() -> None:
    opened = {normal_host(host) for host in ("127.0.0.1", "[0:0:0:0:0:0:0:1]", "Hooks.Internal.")}
    assert check_url("http://127.0.0.1:8080/x", opened_hosts=opened).port == 8080
    assert check_url("http://[::1]/x", opened_hosts=opened).opened
    assert check_url("https://hooks.INTERNAL./x", opened_hosts=opened).opened
    for url in (
        "http://127.0.0.2/",
        "http://user@127.0.0.1/",
        "ftp://127.0.0.1/",
        "http://x.hooks.internal/",
    ):
        with pytest.raises(TargetError):
            check_url(url, opened_hosts=opened)


def answers(monkeypatch: pytest.MonkeyPatch, *rounds: list[str]) -> list[str]:
    """The name server says this, one list a question; gives the names it was asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if not str(host).endswith(".test"):
            return real(host, port, *rest, **more)
        found = rounds[min(len(asked), len(rounds) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize("found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], []])
def test_every_address_of_a_name_must_be_public(found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, found)
    target = check_url("https://hooks.test/")
    with pytest.raises(TargetError):
        post(target, headers={}, body=b"", seconds=5)


def test_an_unknown_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TargetError, match="cannot be resolved"):
        check_url("https://hooks.test/").addresses()


class Raw:
    """A server that reads one request and answers as told; keeps what it read."""

    def __init__(self, reply: bytes, *, drip: float = 0, context: ssl.SSLContext | None = None) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.requests: list[bytes] = []
        self._reply, self._drip, self._context = reply, drip, context
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            try:
                with (
                    self._context.wrap_socket(plain, server_side=True) if self._context else plain
                ) as connection:
                    self.requests.append(_one_request(connection))
                    if self._drip:
                        for byte in self._reply:
                            connection.sendall(bytes([byte]))
                            time.sleep(self._drip)
                    else:
                        connection.sendall(self._reply)
            except OSError:
                plain.close()

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self._thread.join()


def _one_request(connection: socket.socket) -> bytes:
    """All of it: closing with something unread would tear the answer down."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(65536) or b"\r\n\r\n"
    head, _, body = read.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0] or 0)
    while len(body) < length:
        body += connection.recv(65536) or b"\0" * length
    return head + b"\r\n\r\n" + body


@pytest.fixture
def ok() -> Iterator[Raw]:
    server = Raw(b"HTTP/1.1 204 No Content\r\n\r\n")
    yield server
    server.close()


def test_the_connection_goes_to_the_checked_address(ok: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that means another machine a moment later is asked for once only; Host stays the name."""
    asked = answers(monkeypatch, ["127.0.0.1"], ["127.0.0.99"])
    target = check_url(f"http://hooks.test:{ok.port}/a?b=c", opened_hosts={"hooks.test"})
    assert post(target, headers={"X-One": "1"}, body=b"{}", seconds=5) == 204
    assert asked == ["hooks.test"]
    head = ok.requests[0].decode()
    assert head.startswith("POST /a?b=c HTTP/1.1\r\n")
    assert f"Host: hooks.test:{ok.port}\r\n" in head
    assert "X-One: 1\r\n" in head
    assert head.endswith("\r\n\r\n{}")


def test_the_next_address_is_tried(ok: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, ["::1", "127.0.0.1"])
    target = check_url(f"http://hooks.test:{ok.port}/", opened_hosts={"hooks.test"})
    assert post(target, headers={}, body=b"", seconds=5) == 204


def test_the_environment_names_no_proxy(ok: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    target = check_url(f"http://127.0.0.1:{ok.port}/", opened_hosts={"127.0.0.1"})
    assert post(target, headers={}, body=b"", seconds=5) == 204


def test_redirects_are_not_followed(ok: Raw) -> None:
    away = Raw(
        f"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:{ok.port}/\r\nContent-Length: 0\r\n\r\n".encode()
    )
    try:
        target = check_url(f"http://127.0.0.1:{away.port}/", opened_hosts={"127.0.0.1"})
        assert post(target, headers={}, body=b"", seconds=5) == 307
        assert ok.requests == []
    finally:
        away.close()


@pytest.mark.parametrize("reply", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 2"])
def test_a_broken_answer_is_a_problem(reply: bytes) -> None:
    server = Raw(reply)
    try:
        target = check_url(f"http://127.0.0.1:{server.port}/", opened_hosts={"127.0.0.1"})
        with pytest.raises(TargetError, match="broke"):
            post(target, headers={}, body=b"", seconds=5)
    finally:
        server.close()


def test_one_deadline_however_slowly_the_answer_drips() -> None:
    """Each byte comes well within any time limit for one read; the answer as a whole would last for minutes."""
    server = Raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000, drip=0.05)
    try:
        target = check_url(f"http://127.0.0.1:{server.port}/", opened_hosts={"127.0.0.1"})
        with pytest.raises(TargetError, match="no answer within"):
            post(target, headers={}, body=b"", seconds=0.4)
    finally:
        server.close()


def test_a_refused_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    target = check_url(f"http://127.0.0.1:{port}/", opened_hosts={"127.0.0.1"})
    with pytest.raises(TargetError, match="refused"):
        post(target, headers={}, body=b"", seconds=5)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    try:
        subprocess.run(
            [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=hooks.test",
                "-addext", "subjectAltName=DNS:hooks.test", "-keyout", str(key), "-out", str(cert),
            ],
            check=True,
            capture_output=True,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("there is no openssl here to make a certificate with")
    return key, cert


@pytest.mark.parametrize("name", ["hooks.test", "other.test"])
def test_the_certificate_must_be_the_names(
    name: str, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to an address, and still the name is what the certificate is checked against."""
    answers(monkeypatch, ["127.0.0.1"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate[1], certificate[0])
    server = Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", context=context)
    trusted = ssl.create_default_context(cafile=str(certificate[1]))
    try:
        target = check_url(f"https://{name}:{server.port}/", opened_hosts={name})
        if name == "hooks.test":
            assert post(target, headers={}, body=b"{}", seconds=5, ssl_context=trusted) == 200
            with pytest.raises(TargetError, match="trusted"):  # by the usual authorities
                post(target, headers={}, body=b"{}", seconds=5)
        else:
            with pytest.raises(TargetError, match="trusted"):
                post(target, headers={}, body=b"{}", seconds=5, ssl_context=trusted)
    finally:
        server.close()


def test_a_target_keeps_the_url_as_it_is_requested() -> None:
    assert check_url("https://Example.COM:443/Hook?x=%2F").url == httpx.URL("https://example.com/Hook?x=%2F")
