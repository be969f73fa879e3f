"""A chat server, and a client that speaks to it."""

import aiohttp
import pytest

from tests.standins.chat import Chat


@pytest.fixture
async def chat():
    async with Chat(seed=1, redeliver=3600) as serving:
        yield serving


@pytest.fixture
async def client(chat):
    async with aiohttp.ClientSession(chat.url) as session:
        yield session
