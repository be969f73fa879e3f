"""Our app as Slack wants it described, with the least that it has to be allowed.

Every optional scope is among the bot's scopes as well, as Slack wants it; a workspace may leave
any of them out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.platforms.slack.words import Json

NAME = "Briefbot"
BRIEF_THIS = "briefbot:brief_this"
"""The callback id of the shortcut in a message's menu."""
COMMAND = "/brief"
EVENTS_PATH = "/slack/events"

# What we can do only where a scope was given. Each feature has its words in our house.
_FEATURES: tuple[tuple[str, str], ...] = (
    ("mention", "app_mentions:read"),
    ("status", "assistant:write"),
    ("channels", "channels:history"),
    ("channel_names", "channels:read"),
    ("post", "chat:write"),
    ("command", "commands"),
    ("direct", "im:history"),
    ("reaction", "reactions:read"),
    ("sign", "reactions:write"),
)
_OPTIONAL: tuple[tuple[str, str], ...] = (
    ("private_channels", "groups:history"),
    ("private_channel_names", "groups:read"),
    ("time_zone", "users:read"),
    ("group_talks", "mpim:history"),
    ("files", "files:read"),
    ("digest_direct", "im:write"),
)
_EVENTS = (
    "agent_session_stopped",
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "tokens_revoked",
)


def manifest(http: str = "") -> Json:
    """Return the manifest: for Socket Mode, or for requests to an address, as `https://host`."""
    base = http.rstrip("/")
    optional = [scope for _, scope in _OPTIONAL]
    oauth: Json = {
        "scopes": {
            "bot": [scope for _, scope in _FEATURES] + optional,
            "bot_optional": optional,
        }
    }
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": "Briefs the articles you link, and proves every line",
            "background_color": "#1f3a5f",
        },
        "features": _features(base),
        "oauth_config": oauth,
        "settings": _settings(base),
    }


def missing(scopes: set[str]) -> list[tuple[str, str]]:
    """Return (feature, scope) of each scope that was not given: the needed ones first."""
    return [pair for pair in (*_FEATURES, *_OPTIONAL) if pair[1] not in scopes]


def is_optional(scope: str) -> bool:
    """Tell whether we do our work without a scope, but for its feature."""
    return any(scope == one for _, one in _OPTIONAL)


def _features(base: str) -> Json:
    command: Json = {
        "command": COMMAND,
        "description": "Brief a link, ask, list or search",
        "usage_hint": "[link | ask … | list | search … | help]",
        "should_escape": True,
    }
    if base:
        command["url"] = base + EVENTS_PATH
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": NAME, "always_online": True},
        "agent_view": {
            "agent_description": "Send a link: a brief comes back, each line with its proof."
        },
        "shortcuts": [
            {
                "name": "Brief this",
                "type": "message",
                "callback_id": BRIEF_THIS,
                "description": "Brief what this message links",
            }
        ],
        "slash_commands": [command],
    }


def _settings(base: str) -> Json:
    events: Json = {"bot_events": list(_EVENTS)}
    interactivity: Json = {"is_enabled": True}
    if base:
        events["request_url"] = base + EVENTS_PATH
        interactivity["request_url"] = base + EVENTS_PATH
    return {
        "event_subscriptions": events,
        "interactivity": interactivity,
        "org_deploy_enabled": False,
        "socket_mode_enabled": not base,
        "token_rotation_enabled": False,  # one that ends after 12 hours would need OAuth
    }
