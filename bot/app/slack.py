"""Wires Slack."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.app.machine import SystemClock
from bot.core.talking import wording
from bot.errors import ConfigurationError
from bot.platforms.slack.slack import Slack
from bot.platforms.slack.words import Words

if TYPE_CHECKING:
    from bot.settings import Settings


def slack_of(settings: Settings, *, pace: float = 1.0, heartbeat: float = 5.0) -> Slack:
    """Wire the workspace whose bot token is set. Raises ConfigurationError.

    `pace` are the seconds between two posts of a channel, `heartbeat` those between two looks
    whether the socket is there.
    """
    token = settings.slack_bot_token
    app_token, secret = settings.slack_app_token, settings.slack_signing_secret
    if token is None:
        raise ConfigurationError("no_platform", ["SLACK_BOT_TOKEN"])
    if app_token is None and secret is None:
        raise ConfigurationError("slack_half", ["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"])
    return Slack(
        token=token.get_secret_value(),
        app_token=app_token.get_secret_value() if app_token else None,
        signing_secret=secret.get_secret_value() if secret else None,
        url=settings.slack_api_url,
        words=words(),
        status=wording.STATUS,
        receipt=wording.RECEIPT,
        uninvited=wording.UNINVITED,
        now=SystemClock().now,
        instant=time.monotonic,
        timeout=settings.post_timeout,
        grace=settings.post_grace,
        pace=pace,
        heartbeat=heartbeat,
        most_bytes=settings.file_max_mb * 1_000_000,
    )


def words() -> Words:
    """Return our house's words for Slack's own parts."""
    return Words(
        labels=wording.LABELS,
        confirms={},
        left_out=wording.left_out,
        send=wording.SEND_SETTINGS,
        close=wording.CLOSE,
    )
