"""chat.*: what the bot says, corrects and takes back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.standins.slack.blocks import message_blocks
from tests.standins.slack.errors import Refused

if TYPE_CHECKING:
    from tests.standins.slack.requests import Asked
    from tests.standins.slack.state import State
    from tests.standins.slack.workspace import Channel, Message

_LONGEST, _OUR_LONGEST, _LONGEST_MARKDOWN = 40_000, 3_000, 12_000
_LARGEST_METADATA = 8_000


def post_message(slack: State, asked: Asked) -> dict[str, Any]:
    channel = _open(slack, asked["channel"])
    text, blocks = content(slack, asked.arguments)
    metadata = _metadata(asked["metadata"])
    slack.pace.take("chat.postMessage", channel.id)
    made = slack.post(
        channel,
        text=text,
        blocks=blocks,
        thread=_thread(slack, channel, asked["thread_ts"]),
        metadata=metadata,
        broadcast=bool(asked["reply_broadcast"]),
    )
    shown = slack.message_json(made)
    return {"channel": channel.id, "ts": made.ts, "message": shown}


def post_ephemeral(slack: State, asked: Asked) -> dict[str, Any]:
    channel = _open(slack, asked["channel"])
    if asked["user"] not in channel.members:
        raise Refused("user_not_in_channel")
    text, blocks = content(slack, asked.arguments)
    slack.pace.take("chat.postEphemeral", channel.id)
    thread = _thread(slack, channel, asked["thread_ts"])
    made = slack.post(channel, text=text, blocks=blocks, thread=thread, only_to=asked["user"])
    return {"message_ts": made.ts}


def update(slack: State, asked: Asked) -> dict[str, Any]:
    channel, found = _found(slack, asked["channel"], asked["ts"])
    if found.bot_id != slack.place.bot_id:
        raise Refused("cant_update_message")
    text, blocks = content(slack, asked.arguments)
    metadata = found.metadata
    if asked["metadata"] is not None:
        metadata = _metadata(asked["metadata"]) if asked["metadata"] else None
    # Slack marks as edited only what was updated by its text.
    slack.change(found, marked=not blocks, text=text, blocks=blocks, metadata=metadata)
    shown = slack.message_json(found)
    return {"channel": channel.id, "ts": found.ts, "text": text, "message": shown}


def delete(slack: State, asked: Asked) -> dict[str, Any]:
    channel, found = _found(slack, asked["channel"], asked["ts"])
    if found.bot_id != slack.place.bot_id:
        raise Refused("cant_delete_message")
    slack.remove(found)
    return {"channel": channel.id, "ts": found.ts}


def permalink(slack: State, asked: Asked) -> dict[str, Any]:
    channel, found = _found(slack, asked["channel"], asked["message_ts"])
    return {"channel": channel.id, "permalink": link_to(slack, found)}


def link_to(slack: State, one: Message) -> str:
    root = f"https://{slack.place.domain}.slack.com/archives/{one.channel}"
    query = f"?thread_ts={one.thread}&cid={one.channel}" if one.thread else ""
    return f"{root}/p{one.ts.replace('.', '')}{query}"


# --- what is said -----------------------------------------------------------------------------


def content(slack: State, given: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """Return the text and the blocks of a message to be. Raises Refused."""
    text, blocks = given.get("text") or "", given.get("blocks") or []
    markdown = given.get("markdown_text")
    if markdown is not None:
        if text or blocks:
            raise Refused("markdown_text_conflict")
        if len(markdown) > _LONGEST_MARKDOWN:
            raise Refused("msg_too_long")
        blocks = [{"type": "markdown", "text": markdown}]
    if len(text) > _LONGEST:
        raise Refused("msg_too_long")
    if not text.strip() and not blocks:
        raise Refused("no_text")
    made = message_blocks(blocks)
    if len(text) > _OUR_LONGEST:
        slack.complaints.append(f"text of {len(text)} characters")
    if not text.strip() and markdown is None:
        slack.complaints.append("blocks without a fallback text")
    return text, made


def _metadata(found: Any) -> dict[str, Any] | None:
    if found is None:
        return None
    if not isinstance(found, dict) or set(found) != {"event_type", "event_payload"}:
        raise Refused("invalid_metadata_format")
    if not isinstance(found["event_type"], str) or not found["event_type"]:
        raise Refused("invalid_metadata_format")
    if not isinstance(found["event_payload"], dict):
        raise Refused("invalid_metadata_format")
    if len(json.dumps(found)) > _LARGEST_METADATA:
        raise Refused("metadata_too_large")
    return found


def _open(slack: State, id_: str) -> Channel:
    """Return a channel to post to; a person's id stands for their DM."""
    place = slack.place
    channel = place.dm(id_) if id_ in place.users else place.entered(id_)
    if channel.is_archived:
        raise Refused("is_archived")
    return channel


def _thread(slack: State, channel: Channel, ts: str | None) -> str | None:
    """Return the thread that a reply goes to.

    Slack does not refuse a thread that is gone: the reply turns up in the channel itself, which is
    what a bot has to see to. Likewise a reply's own ts, which the documentation warns of.
    """
    if ts is None:
        return None
    parent = channel.messages.get(ts)
    if parent is None:
        slack.complaints.append(f"reply to {ts}, which is not in {channel.id}")
        return None
    if parent.thread:
        slack.complaints.append(f"reply to the reply {ts}")
    return parent.thread or ts


def _found(slack: State, id_: str, ts: str) -> tuple[Channel, Message]:
    channel = slack.place.entered(id_)
    found = channel.messages.get(ts)
    if found is None or found.only_to or found.subtype == "tombstone":
        raise Refused("message_not_found")
    return channel, found
