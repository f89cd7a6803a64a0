"""Which service answers, and where a key may go."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_bridge.client import connect
from extract_bridge.client.client import AsyncExtractClient, ExtractClient, async_client, sync_client
from extract_bridge.client.connect import (
    CLOUD,
    CLOUD_EU,
    LocalService,
    Settings,
    choose,
    full_url,
    is_loopback,
)
from extract_bridge.core.errors import ConfigurationError, MissingExtraError

KEY, PARSE_KEY, URL = "LLAMA_CLOUD_API_KEY", "LLAMA_PARSE_API_KEY", "LLAMA_CLOUD_BASE_URL"
LOCAL, OFFLINE, DATA_DIR = "EXTRACT_BRIDGE_LOCAL", "EXTRACT_BRIDGE_OFFLINE", "EXTRACT_BRIDGE_DATA_DIR"
OTHER = "https://extract.example.com"
LOOPBACK = "http://127.0.0.1:8000"

CHOICES: list[tuple[dict[str, Any], dict[str, str], tuple[str, str | None]]] = [
    ({"local": True}, {}, ("local", None)),
    ({"local": True}, {KEY: "llx-env", LOCAL: "0"}, ("local", None)),
    ({"local": LocalService(workers=1)}, {}, ("local", None)),
    ({}, {LOCAL: "1", KEY: "llx-env"}, ("local", None)),
    ({}, {LOCAL: "true"}, ("local", None)),
    ({"local": False}, {LOCAL: "1", KEY: "llx-env"}, ("cloud", "llx-env")),
    ({"api_key": "llx-own"}, {LOCAL: "1"}, ("cloud", "llx-own")),
    ({"base_url": LOOPBACK}, {LOCAL: "1"}, (LOOPBACK, None)),
    ({}, {KEY: "llx-env"}, ("cloud", "llx-env")),
    ({}, {KEY: " llx-env\n"}, ("cloud", "llx-env")),
    ({}, {PARSE_KEY: "llx-parse"}, ("cloud", "llx-parse")),
    ({}, {KEY: "llx-env", PARSE_KEY: "llx-parse"}, ("cloud", "llx-env")),
    ({}, {KEY: "", PARSE_KEY: "llx-parse"}, ("cloud", "llx-parse")),
    ({}, {KEY: "llx-env", URL: OTHER}, (OTHER, "llx-env")),
    ({}, {URL: LOOPBACK}, (LOOPBACK, None)),
    ({}, {KEY: "llx-env", URL: LOOPBACK}, (LOOPBACK, "llx-env")),
    ({"base_url": CLOUD_EU}, {KEY: "llx-env"}, ("cloud", "llx-env")),
    ({"base_url": "api.cloud.eu.llamaindex.ai"}, {KEY: "llx-env"}, ("cloud", "llx-env")),
    ({"base_url": CLOUD + "/"}, {KEY: "llx-env"}, ("cloud", "llx-env")),
    ({"base_url": OTHER, "api_key": "llx-own"}, {KEY: "llx-env"}, (OTHER, "llx-own")),
    ({"base_url": OTHER}, {KEY: "llx-env", URL: OTHER}, (OTHER, "llx-env")),
    ({"base_url": LOOPBACK}, {KEY: "llx-env"}, (LOOPBACK, None)),
    ({"base_url": "localhost:9"}, {}, ("http://localhost:9", None)),
    ({"base_url": "http://[::1]:9", "api_key": "llx-own"}, {}, ("http://[::1]:9", "llx-own")),
    ({"api_key": "llx-own"}, {URL: OTHER, KEY: "llx-env"}, (OTHER, "llx-own")),
    ({"base_url": LOOPBACK}, {OFFLINE: "1"}, (LOOPBACK, None)),
    ({"local": True}, {OFFLINE: "1", KEY: "llx-env"}, ("local", None)),
]


@pytest.mark.parametrize(("settings", "environment", "expected"), CHOICES)
def test_the_order_of_choice(
    monkeypatch: pytest.MonkeyPatch, settings: Any, environment: Any, expected: Any
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    route = choose(Settings(**settings))
    assert (route.service, route.key) == expected
    assert "llx-" not in f"{route} {Settings(**settings)}"


REFUSALS: list[tuple[dict[str, Any], dict[str, str], str]] = [
    ({}, {}, "No Extract service chosen: set LLAMA_CLOUD_API_KEY, or pass local=True"),
    ({}, {KEY: "", PARSE_KEY: " "}, "No Extract service chosen"),
    ({}, {LOCAL: "0"}, "No Extract service chosen"),
    ({}, {URL: OTHER}, "No Extract service chosen"),
    ({"local": False}, {LOCAL: "1"}, "No Extract service chosen"),
    ({"local": True, "api_key": "llx-canary"}, {}, "local and api_key"),
    ({"local": LocalService(), "base_url": LOOPBACK}, {}, "local and base_url"),
    ({"local": True, "http_client": object()}, {}, "local and http_client"),
    ({"api_key": ""}, {KEY: "llx-canary"}, "empty"),
    ({"api_key": "llx-canary\r\nX-Evil: 1"}, {}, "characters that no key has"),
    ({"api_key": "llx-canaryé"}, {}, "characters that no key has"),
    ({}, {KEY: "llx canary"}, "LLAMA_CLOUD_API_KEY: the key holds"),
    ({"base_url": OTHER}, {KEY: "llx-canary"}, "base_url needs api_key"),
    ({"base_url": OTHER + ".evil.example"}, {KEY: "llx-canary", URL: OTHER}, "base_url needs api_key"),
    ({"base_url": "http://extract.example.com", "api_key": "llx-canary"}, {}, "plain http"),
    ({}, {KEY: "llx-canary", URL: "http://extract.example.com"}, "plain http"),
    ({"base_url": "http://127.0.0.1.evil.example", "api_key": "llx-canary"}, {}, "plain http"),
    ({"api_key": "llx-canary"}, {OFFLINE: "1"}, "EXTRACT_BRIDGE_OFFLINE"),
    ({"base_url": "ftp://a.example", "api_key": "llx-canary"}, {}, "plain http or https address"),
    (
        {"base_url": "https://user:canary@a.example", "api_key": "llx-canary"},
        {},
        "plain http or https address",
    ),
    (
        {"base_url": "https://a.example?key=canary", "api_key": "llx-canary"},
        {},
        "plain http or https address",
    ),
    ({"base_url": "https://", "api_key": "llx-canary"}, {}, "plain http or https address"),
    ({"base_url": "https://a:b", "api_key": "llx-canary"}, {}, "plain http or https address"),
    ({"http_timeout": 0, "local": True}, {}, "http_timeout"),
    ({"http_timeout": float("nan"), "local": True}, {}, "http_timeout"),
]


@pytest.mark.parametrize(("settings", "environment", "says"), REFUSALS)
def test_what_is_refused(monkeypatch: pytest.MonkeyPatch, settings: Any, environment: Any, says: str) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as caught:
        ExtractClient(**settings)
    assert says in str(caught.value)
    assert "canary" not in f"{caught.value} {caught.value!r}"


@given(st.text())
def test_any_text_is_a_base_url_or_a_typed_error(text: str) -> None:
    try:
        url = full_url(text)
    except ConfigurationError:
        return
    assert url.startswith(("http://", "https://"))
    assert not url.endswith("/")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost", True),
        ("http://127.9.9.9:1", True),
        ("http://[::1]", True),
        ("http://app.localhost:1", True),
        ("http://localhost.example", False),
        ("http://10.0.0.1", False),
        ("http://[", False),
    ],
)
def test_this_machine(url: str, expected: bool) -> None:
    assert is_loopback(url) is expected


def test_a_hand_made_http_client_decides_the_address_and_gets_no_key_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KEY, "llx-canary")
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"id": "ext-1", "status": "PENDING"})

    with httpx.Client(
        base_url=OTHER, transport=httpx.MockTransport(answer), headers={"X-Auth": "own"}
    ) as http_client:
        client = ExtractClient(http_client=http_client)
        client.get("ext-1")
        assert (client.service, str(seen[0].url).partition("?")[0]) == (
            OTHER,
            f"{OTHER}/api/v2/extract/ext-1",
        )
        assert "authorization" not in seen[0].headers
        assert seen[0].headers["x-auth"] == "own"
        client.close()
        client.get("ext-1")  # it is the caller's: closing ours leaves it open
        with pytest.raises(ConfigurationError, match="hand-made http client"):
            async_client(client)
        with pytest.raises(ConfigurationError, match="hand-made http_client"):
            pickle.dumps(client)
        with pytest.raises(ConfigurationError, match="AsyncExtractClient takes an httpx"):
            AsyncExtractClient(http_client=http_client)


def test_the_missing_half_comes_from_the_settings() -> None:
    client = ExtractClient(base_url=LOOPBACK, project_id="p")
    other = async_client(client)
    assert isinstance(other, AsyncExtractClient)
    assert other.settings == client.settings
    assert sync_client(client) is client
    assert async_client(other) is other
    assert sync_client(other).service == LOOPBACK


def test_the_official_client_is_taken() -> None:
    from llama_cloud import AsyncLlamaCloud, LlamaCloud

    with LlamaCloud(api_key="llx-own", base_url=OTHER) as official:
        client = async_client(official)
        assert (client.service, client.settings.api_key) == (OTHER, "llx-own")
    assert sync_client(AsyncLlamaCloud(api_key="llx-own")).service == "cloud"
    with (
        httpx.Client() as http_client,
        LlamaCloud(api_key="llx-own", http_client=http_client) as official,
        pytest.raises(ConfigurationError, match="hand-made http client"),
    ):
        async_client(official)


@pytest.mark.parametrize("thing", [None, 1, object(), "llx-canary"])
def test_what_is_no_client(thing: Any) -> None:
    with pytest.raises(ConfigurationError, match="is no client") as caught:
        sync_client(thing)
    assert "canary" not in str(caught.value)


# --- copies and pickles -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [ExtractClient, AsyncExtractClient])
def test_a_pickle_carries_settings_and_no_key(monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    local = pickle.loads(pickle.dumps(kind(local=LocalService(workers=2), project_id="p")))
    assert (local.service, local.settings.local.workers, local.settings.project_id) == ("local", 2, "p")
    monkeypatch.setenv(KEY, "llx-canary")
    data = pickle.dumps([kind(), kind(api_key="llx-canary")])
    assert b"canary" not in data
    monkeypatch.setenv(KEY, "llx-later")
    for client in pickle.loads(data):
        assert choose(client.settings).key == "llx-later"
    with pytest.raises(ConfigurationError, match="not pickled") as caught:
        pickle.dumps(kind(api_key="llx-canary"))
    assert "canary" not in str(caught.value)
    monkeypatch.delenv(KEY)
    with pytest.raises(ConfigurationError):
        pickle.loads(data)


def test_a_copy_is_the_client_itself() -> None:
    client = ExtractClient(api_key="llx-canary")
    assert copy.deepcopy([client])[0] is client
    assert copy.copy(client) is client
    assert "canary" not in f"{client!r} {client.settings!r} {client._sender.target!r}"


# --- the local door ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the door was opened with."""
    calls: list[dict[str, Any]] = []

    class Module:
        @staticmethod
        def open_transport(**keywords: Any) -> object:
            calls.append(keywords)
            return object()

    monkeypatch.setattr(connect, "import_module", lambda _: Module)
    monkeypatch.setattr(connect, "_doors", {})
    return calls


def test_one_service_for_each_data_dir(opened: list[Any], tmp_path: Any) -> None:
    first = connect.local_transport(LocalService())
    assert connect.local_transport(LocalService()) is first
    other = connect.local_transport(LocalService(data_dir=tmp_path / "x"))
    assert other is not first
    assert connect.local_transport(LocalService(data_dir=str(tmp_path / "y" / ".." / "x"))) is other
    assert len(opened) == 2
    with pytest.raises(ConfigurationError, match="already served"):
        connect.local_transport(LocalService(data_dir=tmp_path / "x", workers=3))


def test_the_environment_may_name_the_data_dir(
    opened: list[Any], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATA_DIR, str(tmp_path))
    assert choose(Settings(local=True)).local == LocalService(data_dir=str(tmp_path))
    assert choose(Settings(local=LocalService(data_dir="own"))).local == LocalService(data_dir="own")


def test_a_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError("No module named 'fastapi.testing'", name="fastapi.testing")

    monkeypatch.setattr(connect, "import_module", missing)
    monkeypatch.setattr(connect, "_doors", {})
    with pytest.raises(MissingExtraError, match=r'pip install "extract-bridge\[local\]"') as caught:
        ExtractClient(local=True).get("ext-1")
    assert (caught.value.extra, caught.value.package) == ("local", "fastapi")


def test_a_fault_of_our_own_is_not_a_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> Any:
        raise ImportError("cannot import name", name="extract_bridge.local.engine")

    monkeypatch.setattr(connect, "import_module", broken)
    monkeypatch.setattr(connect, "_doors", {})
    with pytest.raises(ImportError) as caught:
        ExtractClient(local=True).get("ext-1")
    assert not isinstance(caught.value, MissingExtraError)
