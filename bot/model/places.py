"""Where people talk, and what comes in from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A Slack team, a Matrix homeserver, or this terminal: the outer wall of isolation."""

    platform: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A Slack channel, a Matrix room, or the terminal: the inner wall of isolation."""

    workspace: Workspace
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One conversation in a channel; `id` is that of its root message."""

    channel: Channel
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came with a message; `handle` is what the platform needs to fetch it."""

    name: str
    media_type: str
    size: int
    handle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one person (or bot) said once."""

    thread: Thread
    id: str
    author: str
    text: str
    sent_at: datetime
    uploads: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message was posted."""

    key: str
    message: Message
    mentions_us: bool = False
    direct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A message was changed; `message` holds its new text."""

    key: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """A message was taken back."""

    key: str
    thread: Thread
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """Somebody put a reaction on a message."""

    key: str
    message: Message
    who: str
    reaction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """Somebody pressed a control of one of our posts; `value` is what we put behind it."""

    key: str
    thread: Thread
    who: str
    action: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """Somebody typed a command, `text` without its prefix."""

    key: str
    thread: Thread
    who: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """We were invited into a channel."""

    key: str
    channel: Channel
    inviter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """We were put out of a channel or a workspace."""

    key: str
    channel: Channel


Incoming = Posted | Edited | Deleted | Reacted | Pressed | Commanded | Joined | Removed
"""What a platform's event says, each with a key that is unique to the event (not its delivery)."""
