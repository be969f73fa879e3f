"""`python -m benchmarks.alone`: fetch, extract and write, and nothing else.

What a bot that stores and posts nothing would do with the same pages: a line of JSON with
`pages`, `failed`, `seconds` and `per_second`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from typing import TYPE_CHECKING

from bot.model import Verdict
from bot.pages.reader import PageReader
from bot.writers.embedded import EmbeddedWriter

if TYPE_CHECKING:
    from collections.abc import Sequence

_WARM_UP = 8
_BULLETS = 5


async def run(host: str, numbers: Sequence[int], at_once: int) -> dict[str, float]:
    """Brief pages of a site, so many at a time; return what it came to."""
    pages, writer = PageReader(allow_hosts=(host,)), EmbeddedWriter()
    pages.warm()
    left = list(reversed(numbers))
    failed = 0

    async def work(until: int) -> None:
        nonlocal failed
        while len(left) > until:
            reading = await pages.read(f"http://{host}/story/{left.pop()}")
            if reading.verdict is Verdict.ARTICLE and reading.article is not None:
                await writer.brief(reading.article, bullets=_BULLETS)
            else:
                failed += 1

    async def all_at_once(until: int) -> None:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(at_once):
                tasks.create_task(work(until))

    count = len(left) - _WARM_UP
    await all_at_once(count)
    began = time.perf_counter()
    await all_at_once(0)
    seconds = time.perf_counter() - began
    await pages.close()
    return {"pages": count, "failed": failed, "seconds": seconds, "per_second": count / seconds}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.alone", description=__doc__)
    parser.add_argument("--host", required=True, help="host:port of a site with /story/N")
    parser.add_argument("--first", type=int, default=0, help="number of the first page")
    parser.add_argument("--count", type=int, default=200, help="pages, without those to warm up")
    parser.add_argument("--at-once", type=int, default=8)
    given = parser.parse_args()
    numbers = range(given.first, given.first + given.count + _WARM_UP)
    print(json.dumps(asyncio.run(run(given.host, numbers, given.at_once))))


if __name__ == "__main__":
    main()
