"""Where the service may send requests of its own: nowhere that only this machine or its network can reach.

A name is resolved once; every address it has must be public, and the connection goes to that very address: an answer of the name
server that changes a moment later changes nothing. Hosts that the operator opens by name are exempt.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from extract_bridge.core.environment import OFFLINE, flag, is_loopback_host

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_LONGEST_URL = 2048
_AFTER_AUTHORITY = re.compile("[/?#]")
_PORTS = {"http": 80, "https": 443}
_V4 = 0xFFFF_FFFF


def _net(text: str) -> ipaddress.IPv6Network:
    return ipaddress.IPv6Network(text)


_IN_LOW_BITS = (
    _net("::ffff:0:0/96"),  # mapped
    _net("::ffff:0:0:0/96"),  # translated
    _net("::/96"),  # compatible
    _net("64:ff9b::/96"),  # NAT64
)
_SIX_TO_FOUR = _net("2002::/16")
_TEREDO = _net("2001::/32")
_NEVER = (_net("64:ff9b:1::/48"), _net("fec0::/10"))  # NAT64 inside a network; site-local


class TargetError(ValueError):
    """An address that the service does not send to; the text says why, without the address itself."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL.

    Attributes:
        url: As it is requested.
        host: Lower case, without brackets and final dot.
        port: The one of the URL or of its scheme.
        opened: The operator opened this host by name.
    """

    url: httpx.URL
    host: str
    port: int
    opened: bool

    def addresses(self) -> list[str]:
        """The addresses of the host, all of them allowed, looked up now.

        Raises:
            TargetError: the name is unknown, or an address is not public, or the environment forbids to ask.
        """
        offline = flag(OFFLINE)
        if offline and not is_loopback_host(self.host):  # not even a name server is asked
            raise TargetError(f"{OFFLINE} forbids connections to other machines")
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise TargetError("the host name cannot be resolved") from None
        addresses = list(dict.fromkeys(str(item[4][0]) for item in found))
        if not addresses:
            raise TargetError("the host name cannot be resolved")
        if offline and not all(is_loopback_host(address) for address in addresses):
            raise TargetError(f"{OFFLINE} forbids connections to other machines")
        if not self.opened and not all(is_public(address) for address in addresses):
            raise TargetError("the host has an address that is not public")
        return addresses


def check_url(text: str, *, opened_hosts: Collection[str] = ()) -> Target:
    """Look at a URL, without asking any name server.

    Args:
        text: The URL.
        opened_hosts: Names or addresses, as `normal_host` writes them, that may be anywhere and may speak plain http.

    Raises:
        TargetError: it is no https URL, has a user name or password, or names an address that is not public.
    """
    if len(text) > _LONGEST_URL or not text.isprintable() or any(char in text for char in " \\"):
        raise TargetError("the URL is malformed")
    try:
        url = httpx.URL(text)
        host = normal_host(url.host)
        port = url.port or _PORTS.get(url.scheme, 0)
    except (httpx.InvalidURL, ValueError):
        raise TargetError("the URL is malformed") from None
    opened = host in opened_hosts
    if url.scheme != "https" and not (opened and url.scheme == "http"):
        raise TargetError("the URL must begin with https://")
    if "@" in _AFTER_AUTHORITY.split(text.partition("//")[2], maxsplit=1)[0]:
        raise TargetError("the URL must not hold a user name or password")
    if not host or not 0 < port < 65536:
        raise TargetError("the URL names no host")
    if not opened and _is_address(host) and not is_public(host):
        raise TargetError("the URL names an address that is not public")
    return Target(url=url, host=host, port=port, opened=opened)


def normal_host(host: str) -> str:
    """A host as it is compared: lower case, without brackets and final dot, an address in its shortest form."""
    host = host.strip().lower().removeprefix("[").removesuffix("]").removesuffix(".")
    return str(ipaddress.ip_address(host)) if _is_address(host) else host


def is_public(text: str) -> bool:
    """Everybody on the Internet means the same machine by this address, and so by each IPv4 address inside it."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None or any(address in network for network in _NEVER):
            return False
        inner = list(_embedded(address))
        if inner:
            return all(_is_global(item) for item in inner)
    return _is_global(address)


def _embedded(address: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses that a packet to this one may end at."""
    number = int(address)
    if any(address in network for network in _IN_LOW_BITS):
        yield ipaddress.IPv4Address(number & _V4)
    elif address in _SIX_TO_FOUR:
        yield ipaddress.IPv4Address(number >> 80 & _V4)
    elif address in _TEREDO:  # the relay's server, and the client with every bit turned over
        yield ipaddress.IPv4Address(number >> 64 & _V4)
        yield ipaddress.IPv4Address(~number & _V4)


def _is_global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
