"""What environment variables switch, and which hosts are this machine: said once, asked by client and service."""

from __future__ import annotations

import os
from ipaddress import ip_address

OFFLINE = "EXTRACT_BRIDGE_OFFLINE"
"""Forbids every connection to another machine."""

_FALSE = ("", "0", "false", "no", "off")


def flag(name: str) -> bool:
    """An environment variable is set, and not to `0`, `false`, `no` or `off`."""
    return os.environ.get(name, "").strip().lower() not in _FALSE


def is_loopback_host(host: str) -> bool:
    """Only this machine can be meant.

    Args:
        host: A name or address, without brackets and port.
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
