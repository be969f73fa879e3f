"""Where people talk, and what comes in from there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


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
    """What one person (or bot) said once; `private` where it was encrypted between people."""

    thread: Thread
    id: str
    author: str
    text: str
    sent_at: datetime
    uploads: tuple[Upload, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message was posted.

    `direct` says that it was said to us alone, `bot` that another bot said it, `outside` that
    people of other organisations read its channel, `calls` that it names somebody else.
    """

    key: str
    message: Message
    mentions_us: bool = False
    direct: bool = False
    bot: bool = False
    outside: bool = False
    calls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A message was changed; `message` holds its new text, the rest is as in Posted.

    `before` is what it said until then, where the platform tells, `named_us` whether it mentioned
    us then.
    """

    key: str
    message: Message
    before: str | None = None
    named_us: bool = False
    mentions_us: bool = False
    direct: bool = False
    bot: bool = False
    outside: bool = False
    calls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """A message was taken back."""

    key: str
    thread: Thread
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """Somebody put a reaction on a message, or asked for its brief in another silent way.

    Its text is empty where the event does not bring it. `asked` says that the way was ours (a
    menu entry "Brief this"), so that the channel's mode does not matter.
    """

    key: str
    message: Message
    who: str
    reaction: str
    outside: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """Somebody pressed a control of one of our posts; `value` is what we put behind it.

    `post` is the id of that post, empty where the control was elsewhere.
    """

    key: str
    thread: Thread
    who: str
    action: str
    value: str
    post: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """Somebody typed a command, `text` without its prefix; `direct` is as in Posted."""

    key: str
    thread: Thread
    who: str
    text: str
    at: datetime
    direct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """We were invited into a channel; `encrypted` where what is said there is.

    `direct` is as in Posted.
    """

    key: str
    channel: Channel
    inviter: str
    encrypted: bool = False
    direct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """We were put out of a channel, or of the whole workspace where that is None."""

    key: str
    workspace: Workspace
    channel: Channel | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """Somebody said something encrypted whose key has not reached us; `direct` is as in Posted.

    There is one for all that one key would open.
    """

    key: str
    thread: Thread
    message_id: str
    who: str
    direct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The moment of a channel's digest has come: that of a day of its own zone."""

    key: str
    channel: Channel
    day: date


Incoming = (
    Posted | Edited | Deleted | Reacted | Pressed | Commanded | Joined | Removed | Unreadable | Due
)
"""What a platform's event says, or the clock.

Each has a key that is unique in its channel to the event (not its delivery).
"""
