"""The bot in a workspace of its own, for each test."""

import pytest

from tests.platforms.slack.bot import slack_bot


@pytest.fixture
async def bot(tmp_path):
    """Give the bot; what must hold at the end of a dialogue is checked when it is over."""
    async with slack_bot(tmp_path) as running:
        yield running
