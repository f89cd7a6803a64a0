"""Switches in the environment, and the names of this machine."""

from __future__ import annotations

import pytest

from extract_bridge.core.environment import OFFLINE, flag, is_loopback_host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "a.localhost"])
def test_this_machine(host: str) -> None:
    assert is_loopback_host(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "192.0.2.1", "example.com", "localhost.example.com"])
def test_another_machine(host: str) -> None:
    assert not is_loopback_host(host)


@pytest.mark.parametrize(
    ("value", "on"),
    [("1", True), ("yes", True), (" ", False), ("0", False), ("False", False), ("off", False)],
)
def test_a_switch(value: str, on: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OFFLINE, value)
    assert flag(OFFLINE) is on
    monkeypatch.delenv(OFFLINE)
    assert not flag(OFFLINE)
