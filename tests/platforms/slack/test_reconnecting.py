"""A socket that is lost is opened anew, whatever stands in the way for a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.platforms.slack.bot import PIER_URL, slack_bot

if TYPE_CHECKING:
    from pathlib import Path

OPEN = "apps.connections.open"


@pytest.mark.parametrize(
    ("lost", "fault"),
    [
        ("broken off", "none"),
        ("broken off", "fail"),
        ("refreshed", "drop_before"),
        ("warned and closed", "throttle"),
    ],
)
async def test_a_socket_that_is_lost_is_opened_anew(tmp_path: Path, lost: str, fault: str):
    async with slack_bot(tmp_path) as bot:
        slack = bot.slack
        if fault != "none":
            getattr(slack.faults, fault)(OPEN, 2)
        before = slack.sockets.connections
        match lost:
            case "broken off":
                slack.sockets.break_off()
            case "refreshed":
                slack.sockets.disconnect()
            case _:
                slack.sockets.disconnect("warning")
        slack.says("ada", "general", f"@briefbot {PIER_URL}")
        await slack.until(lambda: slack.sockets.connections > before, within=60)
        await slack.until(bot.posts, within=30)
        await bot.idle()
        assert len(bot.posts()) == 1
