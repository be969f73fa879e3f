"""The stand-in as a program of its own."""

from __future__ import annotations

import asyncio
import json
import sys

from slack_sdk.web.async_client import AsyncWebClient


async def test_it_serves_until_its_input_ends():
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.standins.slack",
        "--port=0",
        "--until-eof",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    ready = json.loads(await process.stdout.readline())
    client = AsyncWebClient(ready["bot_token"], base_url=ready["url"])
    assert (await client.auth_test())["ok"]
    process.stdin.close()
    assert await process.wait() == 0
