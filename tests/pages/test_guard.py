"""The guard: which addresses are public, which names may be dialled, and no packet to others."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import os
import socket
from pathlib import Path

import aiohttp
import pytest

from bot.core.reading.urls import Address, Refusal
from bot.model import Reason
from bot.pages.fetch import Failure, Fetcher
from bot.pages.guard import Guard, PrivateAddress, is_public


@pytest.mark.parametrize(
    "ip",
    ["8.8.8.8", "93.184.216.34", "1.1.1.1", "192.0.1.1", "100.63.255.255", "172.32.0.1",
     "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::1"],
)  # fmt: skip
def test_public_addresses(ip):
    assert is_public(ip)


@pytest.mark.parametrize(
    "ip",
    ["0.0.0.1", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254",
     "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.31.196.1", "192.52.193.1",
     "192.88.99.1", "192.168.0.1", "192.175.48.1", "198.18.0.1", "198.19.255.255",
     "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
     "168.63.129.16", "::", "::1", "::ffff:8.8.8.8", "::ffff:127.0.0.1", "::127.0.0.1",
     "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:10::1", "2001:db8::1",
     "2002:7f00:1::", "2620:4f:8000::1", "3ffe::1", "3fff::1", "fc00::1", "fe80::1", "fec0::1",
     "ff02::1", "2606:4700::1%eth0", "2a00:1450::5efe:192.168.1.1", "2a00:1450::200:5efe:a00:1",
     "4000::1", "", "localhost", "1.2.3", "0x7f.1", "8.8.8.8 ", "[::1]"],
)  # fmt: skip
def test_what_is_not_public(ip):
    assert not is_public(ip)


def test_what_python_calls_global_but_is_not():
    wrong = ["224.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "168.63.129.16"]
    assert all(ipaddress.ip_address(ip).is_global for ip in wrong)
    assert not any(map(is_public, wrong))


@pytest.mark.parametrize(
    ("url", "reason", "detail"),
    [
        ("https://example.com:8443/", Reason.PORT, "8443"),
        ("http://127.0.0.1/", Reason.PRIVATE_ADDRESS, "127.0.0.1"),
        ("http://[::1]/", Reason.PRIVATE_ADDRESS, "::1"),
        ("http://\uff11\uff12\uff17.0.0.1/", Reason.PRIVATE_ADDRESS, "127.0.0.1"),
        ("http://tracker.example/", Reason.DENIED_HOST, "tracker.example"),
        ("http://WWW.Tracker.example./", Reason.DENIED_HOST, "www.tracker.example"),
        ("ftp://example.com/", Reason.SCHEME, "ftp"),
        ("http://a@example.com/", Reason.USER_INFO, "example.com"),
    ],
)
def test_what_is_not_admitted(url, reason, detail):
    guard = Guard(deny_hosts=["Tracker.example"])
    assert guard.admit(url) == Refusal(reason=reason, detail=detail)


def test_a_name_that_ends_like_a_denied_one_is_another_name():
    assert isinstance(Guard(deny_hosts=["x.example"]).admit("https://ax.example/"), Address)


@pytest.mark.parametrize(
    ("entry", "url", "admitted"),
    [
        ("intranet", "http://intranet/", True),
        ("intranet", "http://intranet:8080/", True),
        ("intranet:8080", "http://intranet:8080/", True),
        ("intranet:8080", "http://intranet:9090/", False),
        ("10.0.0.5", "http://10.0.0.5/", True),
        ("10.0.0.5:80", "http://10.0.0.6/", False),
        ("[::1]:8080", "http://[::1]:8080/", True),
        ("::1", "http://[::1]/", True),
        ("intranet", "http://sub.intranet:8080/", False),
        ("[0:0:0:0:0:0:0:1]", "http://[::1]/", True),
        ("0:0:0:0:0:0:0:1", "http://[::1]:8080/", True),
        ("[0:0:0:0:0:0:0:1]:8080", "http://[::1]:8080/", True),
        ("[0:0:0:0:0:0:0:1]:8080", "http://[::1]:9090/", False),
        ("B\u00fccher.intranet.:8080", "http://b\u00dccher.intranet:8080/", True),
    ],
)
def test_an_allowed_host_may_be_private(entry, url, admitted):
    assert isinstance(Guard(allow_hosts=[entry]).admit(url), Address) is admitted


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("b\u00fccher.example", "https://b\u00fccher.example/"),
        ("b\u00fccher.example", "https://www.xn--bcher-kva.example/"),
        (" .B\u00dcCHER.example. ", "https://b\u00fccher.example/"),
        ("[2606:4700:0:0:0:0:0:1111]", "https://[2606:4700::1111]/"),
        ("2606:4700:0::1111", "https://[2606:4700::1111]/"),
    ],
)
def test_a_denied_host_is_denied_however_it_is_spelled(entry, url):
    refusal = Guard(deny_hosts=[entry]).admit(url)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.DENIED_HOST


def test_denied_wins_over_allowed():
    guard = Guard(allow_hosts=["intranet"], deny_hosts=["intranet"])
    assert isinstance(guard.admit("http://intranet/"), Refusal)


def _info(ip, *more):
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    return (family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (ip, 80, *more))


def test_an_allowed_name_does_not_open_the_door_for_another():
    guard = Guard(allow_hosts=["intranet"])
    inside, outside = guard.admit("http://intranet/"), guard.admit("http://example.com/")
    with guard.dialling(inside):
        guard.socket_factory(_info("10.0.0.5")).close()
    with guard.dialling(outside), pytest.raises(PrivateAddress):
        guard.socket_factory(_info("10.0.0.5"))
    with pytest.raises(PrivateAddress):
        guard.socket_factory(_info("10.0.0.5"))
    guard.socket_factory(_info("93.184.216.34")).close()


def test_a_scoped_address_is_not_dialled():
    with pytest.raises(PrivateAddress):
        Guard().socket_factory(_info("2606:4700::1111", 0, 2))


class _Rebinding(aiohttp.abc.AbstractResolver):
    """Answers with another address each time it is asked."""

    def __init__(self, *ips):
        self._ips = list(ips)

    async def resolve(self, host, port=0, family=socket.AF_INET):
        ip = self._ips.pop(0)
        return [aiohttp.abc.ResolveResult(hostname=host, host=ip, port=port, family=family,
                                          proto=0, flags=socket.AI_NUMERICHOST)]  # fmt: skip

    async def close(self):
        pass


async def test_a_name_that_turns_private_is_refused_at_the_dial(listener):
    guard = Guard()
    connector = aiohttp.TCPConnector(
        resolver=_Rebinding("127.0.0.1"), socket_factory=guard.socket_factory
    )
    address = guard.admit("http://rebound.example/")
    assert isinstance(address, Address)
    async with aiohttp.ClientSession(connector=connector) as session:
        with guard.dialling(address), pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.get(f"http://rebound.example:{listener.port}/")
    assert isinstance(caught.value.os_error, PrivateAddress)
    assert listener.connections == 0


def _hostile_urls(port):
    """Every spelling of a private address in the corpora, plain and with the listener's port."""
    bench = os.environ.get("BRIEFBOT_BENCH", "")
    if not bench:
        pytest.skip("BRIEFBOT_BENCH does not name the folder of corpora")
    corpora = Path(bench, "corpora")
    urls = json.loads((corpora / "generated_encodings.json").read_text("utf-8"))
    assert len(urls) == 1_224
    for row in json.loads((corpora / "wpt" / "urltestdata.json").read_text("utf-8")):
        if isinstance(row, dict) and _is_loopback(row.get("hostname", "")):
            urls.append(row["input"])
    bare = [url for url in urls if url.count("/") == 3 and url.startswith("http:")]
    return [*urls, *(f"{url.removesuffix('/')}:{port}/" for url in bare)]


async def test_no_spelling_of_a_private_address_is_fetched(listener, monkeypatch):
    monkeypatch.setattr("bot.pages.guard._PORTS", frozenset({80, 443, listener.port}))
    fetcher = Fetcher(Guard(), total_timeout=2)
    try:
        outcomes = [await fetcher.fetch(url) for url in _hostile_urls(listener.port)]
    finally:
        await fetcher.close()
    assert all(isinstance(outcome, Failure) for outcome in outcomes)
    assert listener.connections == 0


async def test_no_spelling_gets_a_packet_even_if_nobody_looks_at_the_name(listener):
    connector = aiohttp.TCPConnector(socket_factory=Guard().socket_factory)
    dialled = 0
    async with aiohttp.ClientSession(connector=connector) as session:
        for url in _hostile_urls(listener.port):
            try:
                await session.get(url, allow_redirects=False)
            except aiohttp.ClientConnectorError as error:
                dialled += isinstance(error.os_error, PrivateAddress)
            except (aiohttp.ClientError, OSError, ValueError, AssertionError):
                continue
    assert dialled > 500
    assert listener.connections == 0


def _is_loopback(host):
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class _Listener:
    def __init__(self):
        self.port = 0
        self.connections = 0

    async def accept(self, _reader, writer):
        self.connections += 1
        writer.close()


@pytest.fixture
async def listener():
    """Count whoever connects, on both loopback addresses."""
    counting = _Listener()
    server = await asyncio.start_server(counting.accept, "127.0.0.1", 0)
    counting.port = server.sockets[0].getsockname()[1]
    async with server:
        yield counting
