"""Which servers may be talked to: names at every hop, addresses at every dial.

A name is judged before it is looked up (`Guard.admit`). Where it leads is judged when the socket
is about to be made (`Guard.socket_factory`): what is refused there gets no packet, and a name
that answers differently the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import errno
import socket
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Any

from bot.core.reading.urls import Address, Refusal, host_of, parse
from bot.model import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PORTS = frozenset({80, 443})

# IANA's special-purpose registries, multicast, and two cloud providers' metadata addresses.
# `ipaddress.is_global` is wrong on about half of them.
_SPECIAL_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "168.63.129.16/32",
    )
)  # fmt: skip
_GLOBAL_V6 = IPv6Network("2000::/3")
_SPECIAL_V6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3ffe::/16", "3fff::/20",
    )
)  # fmt: skip
_ISATAP = 0x0000_5EFE  # the upper half of the interface identifier, whichever its "universal" bit
_ISATAP_MASK = 0xFDFF_FFFF


class PrivateAddress(OSError):
    """A dial that was refused because the address is not public; no packet was sent."""

    def __init__(self) -> None:
        # Without the address: aiohappyeyeballs keeps the class only of errors that read the same,
        # and what a name stands for inside is nobody's business.
        super().__init__(errno.EACCES, "not a public address")


def is_public(ip: str) -> bool:
    """Whether an address belongs to the public internet; what is no address at all does not."""
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    if not isinstance(address, IPv6Address):
        return not any(address in block for block in _SPECIAL_V4)
    if address.scope_id is not None or address not in _GLOBAL_V6:
        return False
    if int(address) >> 32 & _ISATAP_MASK == _ISATAP:
        return False
    return not any(address in block for block in _SPECIAL_V6)


class Guard:
    """The rules of one installation.

    `allow_hosts` holds `host` (any port) or `host:port`, exact names or numbers: they may be
    private. `deny_hosts` holds domains, which stand for all that is under them; they win.
    """

    def __init__(self, allow_hosts: Sequence[str] = (), deny_hosts: Sequence[str] = ()) -> None:
        self._allowed = frozenset(map(_entry, allow_hosts))
        self._denied = tuple(_entry(entry.strip().strip("."))[0] for entry in deny_hosts)
        self._dialling: ContextVar[Address | None] = ContextVar("dialling", default=None)

    def admit(self, url: str) -> Address | Refusal:
        """Return what may be dialled for a URL, or why nothing may."""
        address = parse(url)
        if isinstance(address, Refusal):
            return address
        host = address.host
        if any(host == domain or host.endswith(f".{domain}") for domain in self._denied):
            return Refusal(reason=Reason.DENIED_HOST, detail=host)
        if self._allows(address):
            return address
        if address.port not in _PORTS:
            return Refusal(reason=Reason.PORT, detail=str(address.port))
        if _is_number(host) and not is_public(host):
            return Refusal(reason=Reason.PRIVATE_ADDRESS, detail=host)
        return address

    @contextmanager
    def dialling(self, address: Address) -> Iterator[None]:
        """Say, for the tasks started within, whom the sockets are for."""
        token = self._dialling.set(address)
        try:
            yield
        finally:
            self._dialling.reset(token)

    def socket_factory(self, info: tuple[Any, ...]) -> socket.socket:
        """Make the socket for one resolved address, as `aiohttp.TCPConnector` asks for it.

        `info` is as from `socket.getaddrinfo`. Raises PrivateAddress. Outside of `dialling`
        nothing private is let through.
        """
        family, kind, protocol, _, sockaddr = info
        ip, _, *flow_and_scope = sockaddr
        meant = self._dialling.get()
        allowed = meant is not None and self._allows(meant)
        if not allowed and (any(flow_and_scope[1:]) or not is_public(ip)):
            raise PrivateAddress
        return socket.socket(family=family, type=kind, proto=protocol)

    def _allows(self, address: Address) -> bool:
        return not self._allowed.isdisjoint({(address.host, ""), (address.host, str(address.port))})


def _entry(text: str) -> tuple[str, str]:
    """Return the host of a setting as addresses spell it, and its port, "" for any."""
    text = text.strip()
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or (":" in host and not host.endswith("]")):
        host, port = text, ""
    in_brackets = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return host_of(in_brackets) or host.lower(), port


def _is_number(host: str) -> bool:
    """Whether a host that `parse` accepted is an IP address."""
    return ":" in host or host.rpartition(".")[2].isdigit()
