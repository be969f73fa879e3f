"""Serve as a program: `python -m tests.standins.slack --port 0` prints its address and tokens.

It serves until SIGTERM, with --until-eof also until its standard input ends.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys

from tests.standins.slack.server import SlackServer


def _read(over: asyncio.Event) -> None:
    if not os.read(0, 4096):
        over.set()


async def _serve(slack: SlackServer, *, until_eof: bool) -> None:
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, over.set)
    if until_eof:
        loop.add_reader(0, _read, over)
    async with slack:
        ready = {
            "url": slack.url,
            "port": slack.port,
            "bot_token": slack.bot_token,
            "app_token": slack.app_token,
            "signing_secret": slack.signing_secret,
        }
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        await over.wait()


async def _main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for Slack, for tests.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--until-eof", action="store_true")
    given = parser.parse_args()
    slack = SlackServer(port=given.port, seed=given.seed, pace=given.pace)
    await _serve(slack, until_eof=given.until_eof)


if __name__ == "__main__":
    asyncio.run(_main())
