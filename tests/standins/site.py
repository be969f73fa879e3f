"""A news site of any number of articles, each different; also a program of its own."""

from __future__ import annotations

import argparse
import asyncio
import json
from itertools import count

from aiohttp import web

_WORDS = ("harbour", "bridge", "tunnel", "museum", "library", "stadium", "orchard", "reservoir")
_SENTENCES = (
    "The {place} of {town} will close for {n} weeks from Monday while its roof is replaced.",
    "About {n}0 people an hour pass through it, and most of them come on foot from the station.",
    "The council of {town} said that the old roof had leaked {n},000 litres of rain since spring.",
    "Visitors can use the entrance on Mill Street, which adds {n} minutes to the way round.",
    "“We looked at {n} offers and took the one that keeps the slates,” said Ada Byron, the mayor.",
    "The work is to cost {n}.5 million pounds, of which the county pays about one half.",
    "A survey in {town} found that {n} in 100 residents would rather see it pulled down.",
    "It was built {n}5 years ago by the engineer Tom Marsh, whose drawings are kept in the hall.",
)


def page(number: int) -> str:
    """Return article `number`: eight paragraphs about a place of its own."""
    place, town = _WORDS[number % len(_WORDS)], f"Town{number}"
    lines = (one.format(place=place, town=town, n=number % 89 + 2) for one in _SENTENCES)
    body = "".join(f"<p>{line} {line.replace('The', 'That')}</p>" for line in lines)
    return (
        f"<!doctype html><html lang=en><head><title>{place.title()} of {town} to close</title>"
        "<meta property=og:type content=article></head><body><article>"
        f"<h1>{place.title()} of {town} to close</h1>{body}</article></body></html>"
    )


class Site:
    """Serves /story/N, and /gone. `delay` seconds pass before each answer."""

    def __init__(self, *, port: int = 0, delay: float = 0.0):
        self.port = port
        self.delay = delay
        self.served = count()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def __aenter__(self):
        app = web.Application()
        app.add_routes([web.get("/story/{number}", self._story)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_):
        await self._runner.cleanup()

    async def _story(self, request: web.Request) -> web.Response:
        if self.delay:
            await asyncio.sleep(self.delay)
        next(self.served)
        return web.Response(text=page(int(request.match_info["number"])), content_type="text/html")


async def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0)
    given = parser.parse_args()
    async with Site(port=given.port, delay=given.delay) as site:
        print(json.dumps({"port": site.port}), flush=True)  # noqa: T201 - whoever started it reads this
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
