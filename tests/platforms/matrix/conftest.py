"""The bot on a homeserver, for each test."""

import pytest

from tests.platforms.matrix.bot import matrix_bot


@pytest.fixture
async def bot(homeserver, tmp_path, request):
    """Give the bot; signs of being at work are shown only where a test is marked with `signs`."""
    moment = 0.05 if request.node.get_closest_marker("signs") else 60.0
    folder = tmp_path / "bot"
    folder.mkdir()
    async with matrix_bot(homeserver, folder, moment=moment) as running:
        yield running
