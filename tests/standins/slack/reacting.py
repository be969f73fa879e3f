"""reactions.* and the statuses an app shows while it works."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.standins.slack.errors import Refused

if TYPE_CHECKING:
    from tests.standins.slack.requests import Asked
    from tests.standins.slack.server import SlackServer
    from tests.standins.slack.workspace import Message

_NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")
_TS = re.compile(r"\d{10}\.\d{6}")
_SESSION = ("active", "processing", "suspended", "closed")
_MOST_LOADING, _MOST_EMOJI = 10, 23


def add(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    one = _reacted(slack, asked)
    if slack.place.channels[one.channel].is_archived:
        raise Refused("is_archived")
    users = one.reactions.get(asked["name"], [])
    if slack.place.bot_user in users:
        raise Refused("already_reacted")
    if not users and len(one.reactions) >= _MOST_EMOJI:
        raise Refused("too_many_emoji")
    slack.react(one, slack.place.bot_user, asked["name"])
    return {}


def remove(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    one = _reacted(slack, asked)
    if slack.place.bot_user not in one.reactions.get(asked["name"], []):
        raise Refused("no_reaction")
    slack.unreact(one, slack.place.bot_user, asked["name"])
    return {}


def get(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    one = _item(slack, asked)
    return {"type": "message", "channel": one.channel, "message": slack.message_json(one)}


def thread_status(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    channel = slack.place.entered(asked["channel_id"])
    if not slack.faults.statuses:
        raise Refused("no_permission")
    if asked["thread_ts"] not in channel.messages:
        raise Refused("invalid_thread_ts")
    loading = asked["loading_messages"] or []
    if not isinstance(loading, list) or len(loading) > _MOST_LOADING:
        raise Refused("invalid_arguments", "at most 10: loading_messages")
    slack.statuses.append((channel.id, asked["thread_ts"], asked["status"] or ""))
    return {}


def session_status(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    channel = slack.place.entered(asked["channel_id"])
    if not slack.faults.statuses:
        raise Refused("feature_disabled")
    if asked["status"] not in _SESSION:
        raise Refused("invalid_status")
    if not asked["thread_ts"]:
        raise Refused("thread_ts_required")
    if asked["initiator_user_id"] and asked["initiator_user_id"] not in channel.members:
        raise Refused("user_not_found")
    slack.statuses.append((channel.id, asked["thread_ts"], asked["status"]))
    status = asked["status"]
    return {"status": status, "agent_status": status, "title": asked["title"] or ""}


def _reacted(slack: SlackServer, asked: Asked) -> Message:
    if not _NAME.fullmatch(asked["name"]):
        raise Refused("invalid_name")
    return _item(slack, asked)


def _item(slack: SlackServer, asked: Asked) -> Message:
    if not asked["channel"] or not asked["timestamp"]:
        raise Refused("no_item_specified")
    channel = slack.place.entered(asked["channel"])
    if not _TS.fullmatch(asked["timestamp"]):
        raise Refused("bad_timestamp")
    found = channel.messages.get(asked["timestamp"])
    if found is None or found.only_to:
        raise Refused("message_not_found")
    return found
