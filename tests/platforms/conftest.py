"""A chat server, and the platform that speaks to it."""

import pytest

from tests.platforms.loopbacks import adapter
from tests.standins.chat import Chat


@pytest.fixture
async def chat():
    async with Chat(seed=1, redeliver=3600) as serving:
        yield serving


@pytest.fixture
async def platform(chat):
    async with adapter(chat.url) as made:
        yield made
