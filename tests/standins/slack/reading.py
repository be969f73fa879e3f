"""conversations.*, users.* and files.info: what the bot can look up."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from tests.standins.slack.errors import Refused
from tests.standins.slack.events import file_json
from tests.standins.slack.workspace import KINDS, TYPES, Channel, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.standins.slack.requests import Asked
    from tests.standins.slack.server import SlackServer

_MOST, _MOST_OF_LIMITED = 1000, 15


def replies(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    """A thread, its first message included on every page, oldest first."""
    channel = _read(slack, asked)
    parent = channel.messages.get(asked["ts"])
    if parent is None or parent.only_to:
        raise Refused("thread_not_found")
    first = channel.messages.get(parent.thread or parent.ts, parent)
    rest = [one for one in channel.replies(first.ts) if _between(one, asked)]
    page, more = _page(rest, asked, _MOST, _most(slack))
    shown = [_shown(slack, one, asked) for one in (first, *page)]
    return {"messages": shown, "has_more": bool(more), **_next(more)}


def history(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    """What stands in the channel itself, newest first."""
    channel = _read(slack, asked)
    top = [one for one in channel.listed() if not one.thread or one.broadcast]
    found = [one for one in reversed(top) if _between(one, asked)]
    page, more = _page(found, asked, 100, _most(slack))
    shown = [_shown(slack, one, asked) for one in page]
    return {"messages": shown, "has_more": bool(more), "pin_count": 0, **_next(more)}


def info(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    channel = slack.place.reached(asked["channel"])
    asked.need_for(channel)
    found = channel_json(slack, channel)
    if asked["include_num_members"]:
        found["num_members"] = len(channel.members)
    return {"channel": found}


def members(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    channel = slack.place.reached(asked["channel"])
    asked.need_for(channel)
    page, more = _page(sorted(channel.members), asked, 100)
    return {"members": page, **_next(more)}


def channels(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    """Every channel the bot may know of."""
    bot = slack.place.bot_user
    known = [one for one in _of_types(slack, asked) if one.kind == "public" or bot in one.members]
    return _channel_page(slack, asked, known)


def channels_of(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    """Those that a person is in (the bot itself, if nobody is named) and the bot may know of."""
    bot, user = slack.place.bot_user, asked["user"] or slack.place.bot_user
    known = [
        one
        for one in _of_types(slack, asked)
        if user in one.members and (one.kind == "public" or bot in one.members)
    ]
    return _channel_page(slack, asked, known)


def open_dm(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    if asked["channel"]:
        channel = slack.place.reached(asked["channel"])
    else:
        users = [one for one in (asked["users"] or "").split(",") if one]
        if not users:
            raise Refused("users_list_not_supplied")
        if any(one not in slack.place.users for one in users):
            raise Refused("user_not_found")
        if len(users) > 1 or users == [slack.place.bot_user]:
            raise Refused("invalid_user_combination", "the stand-in opens DMs only")
        channel = slack.place.dm(users[0])
    found = channel_json(slack, channel) if asked["return_im"] else {"id": channel.id}
    return {"channel": found, "no_op": False, "already_open": True}


def user_info(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    found = slack.place.users.get(asked["user"])
    if found is None:
        raise Refused("user_not_found")
    profile = {"real_name": found.name.title(), "display_name": found.name}
    return {
        "user": {
            "id": found.id,
            "team_id": slack.place.team,
            "name": found.name,
            "real_name": profile["real_name"],
            "deleted": found.deleted,
            "tz": found.tz,
            "tz_label": found.tz,
            "tz_offset": found.tz_offset,
            "profile": profile,
            "is_admin": found.is_admin,
            "is_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": found.is_bot,
            "is_app_user": False,
            "updated": 1_700_000_000,
            **({"locale": "en-GB"} if asked["include_locale"] else {}),
        }
    }


def file_info(slack: SlackServer, asked: Asked) -> dict[str, Any]:
    found = slack.place.files.get(asked["file"])
    if found is None:
        raise Refused("file_not_found")
    if found.deleted:
        raise Refused("file_deleted")
    return {"file": file_json(slack.place, found), "comments": [], "response_metadata": {}}


# --- parts ------------------------------------------------------------------------------------


def channel_json(slack: SlackServer, one: Channel) -> dict[str, Any]:
    bot = slack.place.bot_user
    found: dict[str, Any] = {
        "id": one.id,
        "created": 1_700_000_000,
        "is_archived": one.is_archived,
        "is_im": one.kind == "im",
        "is_org_shared": False,
        "context_team_id": slack.place.team,
        "updated": 1_700_000_000_000,
    }
    if one.kind == "im":
        other = next(user for user in sorted(one.members) if user != bot)
        return {**found, "user": other, "is_user_deleted": False}
    return {
        **found,
        "name": one.name,
        "name_normalized": one.name,
        "is_channel": one.kind == "public",
        "is_group": one.kind == "private",
        "is_mpim": one.kind == "mpim",
        "is_private": one.kind != "public",
        "is_general": one.name == "general",
        "is_shared": one.is_ext_shared,
        "is_ext_shared": one.is_ext_shared,
        "is_pending_ext_shared": False,
        "is_member": bot in one.members,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def _read(slack: SlackServer, asked: Asked) -> Channel:
    channel = slack.place.reached(asked["channel"])
    asked.need_for(channel)
    for name in ("oldest", "latest"):
        _time(asked, name)
    slack.place.entered(channel.id)
    if slack.history_pace.seconds:
        slack.history_pace.take(asked.method.name, "")
    return channel


def _shown(slack: SlackServer, one: Message, asked: Asked) -> dict[str, Any]:
    found = slack.message_json(one)
    if one.metadata and asked["include_all_metadata"]:
        found["metadata"] = one.metadata
    return found


def _between(one: Message, asked: Asked) -> bool:
    """Tell whether a message lies in the asked time; `inclusive` takes in the ends."""
    oldest, latest = _time(asked, "oldest"), _time(asked, "latest")
    at = float(one.ts)
    if oldest is not None and (at < oldest or (at == oldest and not asked["inclusive"])):
        return False
    return latest is None or at < latest or (at == latest and bool(asked["inclusive"]))


def _time(asked: Asked, name: str) -> float | None:
    try:
        return float(asked[name]) if asked[name] not in (None, "") else None
    except ValueError as error:
        raise Refused(f"invalid_ts_{name}") from error


def _of_types(slack: SlackServer, asked: Asked) -> list[Channel]:
    wanted = (asked["types"] or "public_channel").replace(" ", "").split(",")
    kinds = [kind for kind, name in TYPES.items() if name in wanted]
    if len(kinds) != len(wanted):
        raise Refused("invalid_types")
    for kind in kinds:
        asked.need(asked.method.scope.replace("*", KINDS[kind]))
    return [
        one
        for one in slack.place.channels.values()
        if one.kind in kinds and not (one.is_archived and asked["exclude_archived"])
    ]


def _channel_page(slack: SlackServer, asked: Asked, found: list[Channel]) -> dict[str, Any]:
    page, more = _page(found, asked, 100)
    return {"channels": [channel_json(slack, one) for one in page], **_next(more)}


def _page(
    found: Sequence[Any], asked: Asked, usual: int, most: int = _MOST
) -> tuple[list[Any], str]:
    """Return one page and the next one's cursor, or nothing."""
    at, limit = _cursor(asked["cursor"]), min(asked["limit"] or usual, most)
    page = list(found[at : at + limit])
    more = at + limit < len(found)
    return page, base64.b64encode(f"next:{at + limit}".encode()).decode() if more else ""


def _cursor(given: str | None) -> int:
    if not given:
        return 0
    try:
        word, _, number = base64.b64decode(given, validate=True).decode().partition(":")
        at = int(number)
    except (ValueError, binascii.Error) as error:
        raise Refused("invalid_cursor") from error
    if word != "next":
        raise Refused("invalid_cursor")
    return at


def _most(slack: SlackServer) -> int:
    """Return the most that one page may have: few for apps sold outside Slack's marketplace."""
    return _MOST_OF_LIMITED if slack.history_pace.seconds else _MOST


def _next(cursor: str) -> dict[str, Any]:
    return {"response_metadata": {"next_cursor": cursor}}
