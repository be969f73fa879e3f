"""The bot in a workspace of its own, for each test."""

import pytest

from tests.platforms.slack.bot import slack_bot


@pytest.fixture
async def bot(tmp_path, request):
    """Give the bot; what must hold at the end of a dialogue is checked when it is over.

    Signs of being at work are shown only where a test is marked with `signs`: a busy machine
    would show them anywhere.
    """
    moment = 0.05 if request.node.get_closest_marker("signs") else 60.0
    async with slack_bot(tmp_path, moment=moment) as running:
        yield running
