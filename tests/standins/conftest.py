"""A chat server with a client that speaks to it, a model server, and a client of anyone."""

import aiohttp
import pytest

from tests.standins.chat import Chat
from tests.standins.model import Model


@pytest.fixture
async def chat():
    async with Chat(seed=1, redeliver=3600) as serving:
        yield serving


@pytest.fixture
async def client(chat):
    async with aiohttp.ClientSession(chat.url) as session:
        yield session


@pytest.fixture
async def model():
    async with Model(seed=1) as serving:
        yield serving


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as anyone:
        yield anyone
