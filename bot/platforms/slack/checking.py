"""Whether Slack takes our tokens, and what they are allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import NotSent, Rejected
from bot.platforms.slack.events import NAME
from bot.platforms.slack.manifest import is_optional, missing

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from slack_sdk.web.async_client import AsyncWebClient
    from slack_sdk.web.async_slack_response import AsyncSlackResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What a bot token is good for: (feature, scope) of each scope that it lacks."""

    team: str
    bot: str
    needed: tuple[tuple[str, str], ...]
    optional: tuple[tuple[str, str], ...]


async def installed(client: AsyncWebClient) -> Installed:
    """Ask who we are and what we may do. Raises NotSent, Rejected."""
    answer = await _answer(client.auth_test())
    headers = {name.lower(): str(value) for name, value in answer.headers.items()}
    scopes = {one.strip() for one in headers.get("x-oauth-scopes", "").split(",") if one.strip()}
    lacking = missing(scopes)
    return Installed(
        team=str(answer.get("team") or answer.get("team_id")),
        bot=str(answer.get("user") or answer.get("user_id")),
        needed=tuple(pair for pair in lacking if not is_optional(pair[1])),
        optional=tuple(pair for pair in lacking if is_optional(pair[1])),
    )


async def socket_opens(client: AsyncWebClient, app_token: str) -> None:
    """See that the app-level token opens a socket. Raises NotSent, Rejected."""
    await _answer(client.apps_connections_open(app_token=app_token))


async def _answer(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    try:
        return await call
    except SlackApiError as error:
        raise _meaning(error) from error
    except (aiohttp.ClientError, SlackClientError, OSError, TimeoutError, ValueError) as error:
        raise NotSent(NAME, type(error).__name__) from error


def _meaning(error: SlackApiError) -> NotSent | Rejected:
    data = getattr(error.response, "data", None)
    word = str(data.get("error") or "") if isinstance(data, dict) else ""
    return Rejected(NAME, word) if word else NotSent(NAME, "no answer of Slack's")
