"""Wires Slack."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from bot.app.machine import SystemClock
from bot.core.talking import wording
from bot.errors import ConfigurationError
from bot.platforms.slack.calls import Calls
from bot.platforms.slack.checking import installed, socket_opens
from bot.platforms.slack.manifest import manifest
from bot.platforms.slack.slack import Slack
from bot.platforms.slack.words import Words

if TYPE_CHECKING:
    from bot.platforms.slack.checking import Installed
    from bot.ports import Telemetry
    from bot.settings import Settings


def slack_of(
    settings: Settings, telemetry: Telemetry, *, pace: float = 1.0, heartbeat: float = 3.0
) -> Slack:
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
        telemetry=telemetry,
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


async def examine(settings: Settings) -> Installed:
    """Try the tokens. Raises NotSent, Rejected with Slack's word, ConfigurationError."""
    token, app_token = settings.slack_bot_token, settings.slack_app_token
    if token is None or (app_token is None and settings.slack_signing_secret is None):
        raise ConfigurationError("slack_half", ["SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"])
    calls = Calls(
        token=token.get_secret_value(), url=settings.slack_api_url, timeout=settings.post_timeout
    )
    try:
        found = await installed(calls.client)
        if app_token is not None:
            await socket_opens(calls.client, app_token.get_secret_value())
        return found
    finally:
        await calls.close()


def manifest_of(http: str) -> str:
    """Return the app's manifest as JSON: for Socket Mode, or for requests to an address."""
    return json.dumps(manifest(http), indent=2, ensure_ascii=False)
