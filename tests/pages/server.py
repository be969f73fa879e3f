"""A web server on the loopback that misbehaves on demand.

Raw sockets rather than a web framework, since a framework would not send most of this.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from contextlib import asynccontextmanager, suppress

PAGE = (
    "<!doctype html><html lang=en><head><title>Harbour bridge reopens</title>"
    "<meta property=og:type content=article></head><body><article>"
    "<h1>Harbour bridge reopens</h1>"
    + "".join(
        f"<p>The harbour bridge reopened on day {day} after engineers had replaced the last of "
        "its cables, and the mayor said that the ferries would keep running until spring.</p>"
        for day in range(1, 9)
    )
    + "</article></body></html>"
).encode()

TLS_HELLO = b"\x16"
HTML = "Content-Type: text/html; charset=utf-8"


def response(body=b"", *headers, status="200 OK", length=None):
    """Return the bytes of a response; `length` is what it claims, by default the truth."""
    claimed = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {claimed}", "Connection: close"]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def moved(location, status="302 Found", *headers):
    return response(b"", f"Location: {location}", *headers, status=status)


NOT_FOUND = response(status="404 Not Found")


def bomb(compress, size=20_000_000):
    """Return a well-formed response whose body unpacks to `size` bytes."""
    return b"".join([compress.compress(b"<p>boom " * (size // 8)), compress.flush()])


class Server:
    """Serves `pages`: path -> bytes, a list of bytes (one per request), or an async function."""

    def __init__(self):
        self.pages = {"/story": response(PAGE, HTML)}
        self.requests = []
        self.connections = 0
        self.port = 0
        self._busy = set()

    @property
    def host(self):
        return f"127.0.0.1:{self.port}"

    def url(self, path="/story"):
        return f"http://{self.host}{path}"

    def asked(self, path):
        """How often a path was asked for."""
        return sum(head.split()[1] == path for head in self.requests)

    async def serve(self, reader, writer):
        self.connections += 1
        self._busy.add(asyncio.current_task())
        try:
            await self._answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client had enough
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
            self._busy.discard(asyncio.current_task())

    async def _answer(self, reader, writer):
        first = await reader.readexactly(1)
        if first == TLS_HELLO:
            writer.write(response(status="400 Plain HTTP here"))
            return
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.requests.append(head)
        path = head.split()[1]
        page = self.pages.get(path) or self.pages.get(path.partition("?")[0], NOT_FOUND)
        if isinstance(page, list):
            page = page.pop(0) if len(page) > 1 else page[0]
        if callable(page):
            await page(head, writer)
        else:
            writer.write(page)
            await writer.drain()

    async def finish(self):
        """End the answers that are still under way."""
        busy = list(self._busy)
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)


@asynccontextmanager
async def running():
    made = Server()
    listening = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield made
        await made.finish()


async def drip(_head, writer):
    """A body that never ends, a byte at a time."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.02)


async def slow_headers(_head, writer):
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.02)


async def flood(_head, writer):
    """A body without end, as fast as it is taken."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        writer.write(b"<p>flood" * 8192)
        await writer.drain()


async def reset(_head, writer):
    writer.transport.abort()


GZIP_BOMB = response(bomb(zlib.compressobj(9, zlib.DEFLATED, 31)), HTML, "Content-Encoding: gzip")
DEFLATE_BOMB = response(bomb(zlib.compressobj(9)), HTML, "Content-Encoding: deflate")
RAW_DEFLATE = zlib.compressobj(9, zlib.DEFLATED, -15)
PACKED = {
    "gzip": gzip.compress(PAGE),
    "deflate": zlib.compress(PAGE),
    "raw": RAW_DEFLATE.compress(PAGE) + RAW_DEFLATE.flush(),
}
