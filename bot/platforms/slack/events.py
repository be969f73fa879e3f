"""What Slack delivers -> an Incoming: events, commands, shortcuts, buttons.

Every function returns None for what is nothing to us: our own posts, changes that nobody made
(Slack unfolding a link), events of kinds that we did not ask for. What lacks a field that Slack
always sends raises KeyError.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.core.talking.listen import as_typed
from bot.model import (
    Channel,
    Commanded,
    Deleted,
    Edited,
    Joined,
    Message,
    Posted,
    Pressed,
    Reacted,
    Removed,
    Thread,
    Upload,
    Workspace,
)
from bot.platforms.slack.heard import plain, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.model import Incoming
    from bot.platforms.slack.heard import Words

    Json = Mapping[str, Any]

NAME = "slack"
_TS = re.compile(r"\d+\.\d+")
_SAID = frozenset({None, "file_share", "thread_broadcast", "bot_message"})


def is_ts(text: str) -> bool:
    """Tell whether an id is that of a message: what has none yet begins a thread."""
    return _TS.fullmatch(text) is not None


def moment(ts: str) -> datetime:
    """Return when a message was sent."""
    return datetime.fromtimestamp(float(ts), UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ourselves:
    """Who we are in a workspace."""

    team: str
    user: str
    bot: str
    app: str = ""
    url: str = ""

    def wrote(self, message: Json) -> bool:
        """Tell whether a message is ours."""
        return bool(
            message.get("user") == self.user
            or (self.bot and message.get("bot_id") == self.bot)
            or (self.app and message.get("app_id") == self.app and message.get("bot_id"))
        )


def channel_of(team: str, channel: str) -> Channel:
    """Return a channel of a workspace."""
    return Channel(workspace=Workspace(platform=NAME, id=team), id=channel)


def event(body: Json, us: Ourselves) -> Incoming | None:
    """Return what an event says."""
    inner = body["event"]
    read = _EVENTS.get(inner["type"])
    return read(body, inner, us) if read else None


def _message(body: Json, inner: Json, us: Ourselves) -> Incoming | None:
    subtype = inner.get("subtype")
    if subtype == "message_changed":
        return _changed(body, inner, us)
    if subtype == "message_deleted":
        before = inner.get("previous_message") or {}
        return None if us.wrote(before) else _deleted(inner, us, inner["deleted_ts"], before)
    if subtype not in _SAID or us.wrote(inner):
        return None
    return _posted(body, inner, us)


def _posted(body: Json, inner: Json, us: Ourselves) -> Posted:
    words, bot = _words(inner, us.user), _is_bot(inner)
    return Posted(
        key=f"{inner['channel']}:{inner['ts']}",
        message=message_of(inner, us, inner["channel"], words),
        mentions_us=us.user in words.called,
        direct=inner.get("channel_type") == "im",
        bot=bot,
        outside=bool(body.get("is_ext_shared_channel")),
        calls=bool(words.called - {us.user}),
    )


def _changed(body: Json, inner: Json, us: Ourselves) -> Incoming | None:
    new, old = inner["message"], inner.get("previous_message") or {}
    if us.wrote(new):
        return None
    if new.get("subtype") == "tombstone":
        return _deleted(inner, us, new["ts"], old)
    edited = new.get("edited")
    words, before = _words(new, us.user), _words(old, us.user)
    if not edited or words == before:
        return None
    return Edited(
        key=f"edit:{inner['channel']}:{new['ts']}:{edited['ts']}",
        message=message_of(new, us, inner["channel"], words),
        before=before.text,
        named_us=us.user in before.called,
        mentions_us=us.user in words.called,
        direct=inner.get("channel_type") == "im",
        bot=_is_bot(new),
        outside=bool(body.get("is_ext_shared_channel")),
        calls=bool(words.called - {us.user}),
    )


def _deleted(inner: Json, us: Ourselves, ts: str, before: Json) -> Deleted:
    channel = channel_of(us.team, inner["channel"])
    return Deleted(
        key=f"delete:{channel.id}:{ts}",
        thread=Thread(channel=channel, id=before.get("thread_ts") or ts),
        message_id=ts,
    )


def _words(message: Json, us: str) -> Words:
    return texts(message, bot=_is_bot(message), us=us)


def _is_bot(message: Json) -> bool:
    return bool(message.get("bot_id")) or message.get("subtype") == "bot_message"


def message_of(message: Json, us: Ourselves, channel: str, words: Words | None = None) -> Message:
    """Return a message as Slack describes it."""
    ts = message["ts"]
    return Message(
        thread=Thread(channel=channel_of(us.team, channel), id=message.get("thread_ts") or ts),
        id=ts,
        author=message.get("user") or message.get("bot_id") or "",
        text=(words or _words(message, us.user)).text,
        sent_at=moment(ts),
        uploads=tuple(
            Upload(
                name=one.get("name") or one.get("title") or one["id"],
                media_type=one.get("mimetype") or "",
                size=int(one.get("size") or 0),
                handle=one["url_private"],
            )
            for one in message.get("files") or ()
            if one.get("url_private") and one.get("mode") != "tombstone"
        ),
    )


def _reacted(body: Json, inner: Json, us: Ourselves) -> Incoming | None:
    item = inner["item"]
    if item.get("type") != "message" or inner["user"] == us.user:
        return None
    channel, ts = channel_of(us.team, item["channel"]), item["ts"]
    who, reaction = inner["user"], inner["reaction"].partition("::")[0]
    return Reacted(
        key=f"react:{channel.id}:{ts}:{who}:{reaction}:{inner['event_ts']}",
        message=Message(
            thread=Thread(channel=channel, id=ts),
            id=ts,
            author=inner.get("item_user") or "",
            text="",
            sent_at=moment(ts),
        ),
        who=who,
        reaction=reaction,
        outside=bool(body.get("is_ext_shared_channel")),
    )


def _joined(_: Json, inner: Json, us: Ourselves) -> Incoming | None:
    if inner["user"] != us.user:
        return None
    channel = channel_of(us.team, inner["channel"])
    key = f"join:{channel.id}:{inner.get('event_ts') or ''}"
    return Joined(key=key, channel=channel, inviter=inner.get("inviter") or "")


def _left(_: Json, inner: Json, us: Ourselves) -> Incoming | None:
    if inner["user"] != us.user:
        return None
    channel = channel_of(us.team, inner["channel"])
    key = f"left:{channel.id}:{inner.get('event_ts') or ''}"
    return Removed(key=key, workspace=channel.workspace, channel=channel)


def _uninstalled(body: Json, _: Json, us: Ourselves) -> Incoming | None:
    workspace = Workspace(platform=NAME, id=us.team)
    return Removed(key=f"uninstalled:{body['event_id']}", workspace=workspace)


def _revoked(body: Json, inner: Json, us: Ourselves) -> Incoming | None:
    revoked = (inner.get("tokens") or {}).get("bot") or ()
    return _uninstalled(body, inner, us) if us.user in revoked else None


_EVENTS: Mapping[str, Callable[[Json, Json, Ourselves], Incoming | None]] = {
    "message": _message,
    "app_mention": _message,
    "reaction_added": _reacted,
    "member_joined_channel": _joined,
    "member_left_channel": _left,
    "app_uninstalled": _uninstalled,
    "tokens_revoked": _revoked,
}


def command(body: Json, us: Ourselves, now: datetime) -> Commanded:
    """Return what a slash command says. It has no message: its answer begins a thread.

    Its first word is marked as a command's: so it is one also for whoever works on it later.
    """
    key = f"command:{body['trigger_id']}"
    text = plain(body.get("text") or "", us=us.user).text
    return Commanded(
        key=key,
        thread=Thread(channel=channel_of(us.team, body["channel_id"]), id=key),
        who=body["user_id"],
        text=as_typed(text) if text.strip() else text,
        at=now,
        direct=body.get("channel_name") == "directmessage",
    )


def shortcut(body: Json, us: Ourselves) -> Reacted:
    """Return what "Brief this" in a message's menu says."""
    message = message_of(body["message"], us, body["channel"]["id"])
    return Reacted(
        key=f"shortcut:{body['trigger_id']}",
        message=message,
        who=body["user"]["id"],
        reaction="",
        asked=True,
    )


def press(body: Json, us: Ourselves, action: str, value: str) -> Pressed:
    """Return what a button says; outside of channels, its value begins with the channel's id."""
    container = body.get("container") or {}
    post, channel = container.get("message_ts") or "", container.get("channel_id") or ""
    if not channel:
        channel, _, value = value.partition("\n")
    message = body.get("message") or {}
    thread = message.get("thread_ts") or container.get("thread_ts") or post
    key = f"press:{body['trigger_id']}"
    return Pressed(
        key=key,
        thread=Thread(channel=channel_of(us.team, channel), id=thread or key),
        who=body["user"]["id"],
        action=action,
        value=value,
        post=post,
    )
