"""What a workspace holds: its people, its channels and what was said there."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.standins.slack.errors import Impossible, Refused

KINDS = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
TYPES = {"public": "public_channel", "private": "private_channel", "im": "im", "mpim": "mpim"}


@dataclass(kw_only=True)
class User:
    id: str
    name: str
    tz: str = "Europe/London"
    tz_offset: int = 0
    is_bot: bool = False
    is_admin: bool = False
    team: str = ""  # another one than ours, in a shared channel
    deleted: bool = False


@dataclass(kw_only=True)
class File:
    id: str
    name: str
    user: str
    content: bytes = b""
    mimetype: str = "text/plain"
    deleted: bool = False
    created: int = 1_700_000_000


@dataclass(kw_only=True)
class Message:
    """One message; `thread` is its parent's ts, `only_to` the one person who sees it."""

    ts: str
    channel: str
    user: str = ""
    text: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread: str | None = None
    subtype: str = ""
    bot_id: str = ""
    app_id: str = ""
    username: str = ""
    inviter: str = ""
    client_msg_id: str = ""
    metadata: dict[str, Any] | None = None
    edited: dict[str, str] | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    only_to: str = ""
    broadcast: bool = False


@dataclass(kw_only=True)
class Channel:
    id: str
    name: str = ""
    kind: str = "public"
    members: set[str] = field(default_factory=set)
    is_ext_shared: bool = False
    is_archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    _threads: dict[str, dict[str, Message]] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """The word that events have for it."""
        return {"public": "channel", "private": "group"}.get(self.kind, self.kind)

    def put(self, one: Message) -> None:
        """Add the newest message."""
        self.messages[one.ts] = one
        if one.thread and not one.only_to:
            self._threads.setdefault(one.thread, {})[one.ts] = one

    def take(self, one: Message) -> None:
        del self.messages[one.ts]
        self._threads.get(one.thread or "", {}).pop(one.ts, None)

    def listed(self) -> list[Message]:
        """Return what everyone sees, oldest first."""
        return [one for one in self.messages.values() if not one.only_to]

    def replies(self, ts: str) -> list[Message]:
        """Return a thread without its first message, oldest first."""
        return list(self._threads.get(ts, {}).values())


class Workspace:
    """One team with the bot installed; people and channels are found by id or by name."""

    def __init__(self) -> None:
        self.team, self.domain, self.name = "T0TEAM", "marlow", "Marlow Times"
        self.app_id, self.bot_id, self.bot_user = "A0BRIEF", "B0BRIEF", "U0BRIEF"
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.files_root = ""
        self._last = 0
        self._ids = count(1)
        self.add_user("briefbot", id=self.bot_user, is_bot=True)
        self.add_user("ada")
        self.add_user("bob", tz="America/New_York", tz_offset=-18_000)
        self.add_channel("general", members=("ada", "bob", "briefbot"))
        self.add_channel("random", members=("ada", "bob"))

    def ts(self) -> str:
        """Return a timestamp later than every one before."""
        self._last = max(self._last + 1, time.time_ns() // 1000)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def next_id(self, letter: str) -> str:
        return f"{letter}0{next(self._ids):05d}"

    def add_user(self, name: str, **given: Any) -> User:
        made = User(name=name, **{"id": f"U0{name.upper()}", **given})
        self.users[made.id] = made
        return made

    def add_channel(self, name: str, *, members: tuple[str, ...] = (), **given: Any) -> Channel:
        ids = {self.user(one).id for one in members}
        made = Channel(name=name, members=ids, **{"id": f"C0{name.upper()}", **given})
        self.channels[made.id] = made
        return made

    def add_file(self, name: str, content: bytes, *, user: str = "ada", **given: Any) -> File:
        made = File(id=self.next_id("F"), name=name, content=content, user=self.user(user).id)
        vars(made).update(given)
        self.files[made.id] = made
        return made

    def user(self, key: str) -> User:
        """Return one by id or name. Raises Impossible."""
        for one in self.users.values():
            if key in (one.id, one.name):
                return one
        raise Impossible(f"nobody is called {key}")

    def channel(self, key: str) -> Channel:
        """Return one by id or name; for a person's id or name, their DM with the bot."""
        for one in self.channels.values():
            if key in (one.id, one.name) and key:
                return one
        return self.dm(self.user(key).id)

    def dm(self, user: str) -> Channel:
        """Return the conversation of a person with the bot, opened where there was none."""
        id_ = f"D{user[1:]}"
        if id_ not in self.channels:
            members = {user, self.bot_user}
            self.channels[id_] = Channel(id=id_, kind="im", members=members)
        return self.channels[id_]

    def message(self, channel: str, ts: str) -> Message:
        """Return one. Raises Impossible."""
        found = self.channel(channel).messages.get(ts)
        if found is None:
            raise Impossible(f"no message {ts} in {channel}")
        return found

    # --- what the bot may see ---

    def reached(self, id_: str) -> Channel:
        """Return a channel that the bot knows of. Raises Refused."""
        found = self.channels.get(id_)
        if found is None or (found.kind != "public" and self.bot_user not in found.members):
            raise Refused("channel_not_found")
        return found

    def entered(self, id_: str) -> Channel:
        """Return a channel that the bot is in. Raises Refused."""
        found = self.reached(id_)
        if self.bot_user not in found.members:
            raise Refused("not_in_channel")
        return found
