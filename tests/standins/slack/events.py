"""What Slack tells an app of what happened: the payloads, as Slack words them.

Modelled on payloads printed in Slack's documentation and in the tests of its SDKs.
"""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.standins.slack.workspace import Channel, File, Message, Workspace

VERIFICATION = "verification-token"
# What an app may subscribe to, with the scope without which Slack does not send it.
EVENTS = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "agent_session_stopped": "assistant:write",
    "app_home_opened": "",
    "app_uninstalled": "",
    "tokens_revoked": "",
}
# What our manifest asks for; the tests of anything else name it.
SUBSCRIBED = frozenset(EVENTS) - {"reaction_removed"}
_AS_THEY_ARE = (
    "user",
    "client_msg_id",
    "subtype",
    "bot_id",
    "app_id",
    "username",
    "inviter",
    "blocks",
    "edited",
    "attachments",
)
TOMBSTONE = "This message was deleted."


def callback(place: Workspace, event: dict[str, Any], channel: Channel | None) -> dict[str, Any]:
    """Wrap an event in what it is delivered in."""
    id_ = f"Ev{uuid.uuid4().hex[:10].upper()}"
    said_in = channel.id if channel else ""
    return {
        "token": VERIFICATION,
        "team_id": place.team,
        "context_team_id": place.team,
        "context_enterprise_id": None,
        "api_app_id": place.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": id_,
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": place.team,
                "user_id": place.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
        "event_context": f"4-{event['type']}-{place.team}-{said_in}",
    }


def message_json(place: Workspace, one: Message) -> dict[str, Any]:
    """Return a message as the history and the events have it, without its metadata."""
    found: dict[str, Any] = {"type": "message", "text": one.text, "ts": one.ts}
    for name in _AS_THEY_ARE:
        if getattr(one, name):
            found[name] = getattr(one, name)
    if one.bot_id == place.bot_id:
        found["bot_profile"] = _bot_profile(place)
    if one.user:
        found["team"] = _team_of(place, one)
    if one.files:
        found["files"] = [file_json(place, place.files[id_]) for id_ in one.files]
        found["upload"] = False
    if one.subtype == "tombstone":
        found["hidden"] = True
    if one.reactions:
        found["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)}
            for name, users in one.reactions.items()
        ]
    return {**found, **_thread_json(place, one)}


def _thread_json(place: Workspace, one: Message) -> dict[str, Any]:
    channel = place.channels[one.channel]
    if one.thread:
        parent = channel.messages.get(one.thread)
        return {"thread_ts": one.thread, "parent_user_id": parent.user if parent else ""}
    replies = channel.replies(one.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user or reply.bot_id for reply in replies))
    return {
        "thread_ts": one.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "reply_users": users,
        "is_locked": False,
        "subscribed": False,
    }


def _team_of(place: Workspace, one: Message) -> str:
    author = place.users.get(one.user)
    return (author and author.team) or place.team


def _bot_profile(place: Workspace) -> dict[str, Any]:
    return {
        "id": place.bot_id,
        "app_id": place.app_id,
        "user_id": place.bot_user,
        "name": place.users[place.bot_user].name,
        "deleted": False,
        "updated": 1_700_000_000,
        "team_id": place.team,
    }


def file_json(place: Workspace, one: File) -> dict[str, Any]:
    """Return a file's description; `url_private` is the stand-in's own."""
    path = f"{place.files_root}/files-pri/{place.team}-{one.id}"
    return {
        "id": one.id,
        "created": one.created,
        "timestamp": one.created,
        "name": one.name,
        "title": one.name,
        "mimetype": one.mimetype,
        "filetype": one.name.rpartition(".")[2],
        "user": one.user,
        "editable": False,
        "size": len(one.content),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": True,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{path}/{one.name}",
        "url_private_download": f"{path}/download/{one.name}",
        "permalink": f"https://{place.domain}.slack.com/files/{one.user}/{one.id}/{one.name}",
        "has_rich_preview": False,
        "file_access": "visible",
    }


def said(place: Workspace, one: Message) -> dict[str, Any]:
    """Return the `message` event of a new message."""
    channel = place.channels[one.channel]
    found = message_json(place, one)
    for name in ("reply_count", "reply_users", "reply_users_count", "latest_reply", "reactions"):
        found.pop(name, None)
    team = _team_of(place, one)
    if team != place.team:
        found.update(user_team=team, source_team=team)
    return {**found, "channel": one.channel, "event_ts": one.ts, "channel_type": channel.type}


def mentioned(place: Workspace, one: Message) -> dict[str, Any]:
    """Return the `app_mention` event of a message that calls the bot."""
    found = {**said(place, one), "type": "app_mention"}
    for name in ("channel_type", "parent_user_id", "subtype"):
        found.pop(name, None)
    return found


def changed(
    place: Workspace, channel: Channel, now: dict[str, Any], before: dict[str, Any]
) -> dict[str, Any]:
    """Return the event of an edit, of an unfurling, or of a thread whose first post went."""
    team = {"source_team": place.team, "user_team": place.team}
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": {**now, **team},
        "previous_message": before,
        **_hidden(place, channel),
    }


def deleted(place: Workspace, channel: Channel, before: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": before,
        "deleted_ts": before["ts"],
        **_hidden(place, channel),
    }


def _hidden(place: Workspace, channel: Channel) -> dict[str, Any]:
    ts = place.ts()
    return {
        "channel": channel.id,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
        "channel_type": channel.type,
    }


def reaction(
    place: Workspace, one: Message, user: str, name: str, *, added: bool
) -> dict[str, Any]:
    found = {
        "type": "reaction_added" if added else "reaction_removed",
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": one.channel, "ts": one.ts},
        "event_ts": place.ts(),
    }
    return {**found, "item_user": one.user} if one.user else found


def joined(place: Workspace, channel: Channel, user: str, inviter: str) -> dict[str, Any]:
    return {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.kind == "private" else "C",
        "team": place.team,
        **({"inviter": inviter} if inviter else {}),
        "event_ts": place.ts(),
    }


def left(place: Workspace, channel: Channel, user: str) -> dict[str, Any]:
    return {**joined(place, channel, user, ""), "type": "member_left_channel"}
