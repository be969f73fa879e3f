"""The stand-in's memory, and what happens to it: each change is told to the app as an event."""

from __future__ import annotations

import asyncio
import copy
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.standins.slack import events
from tests.standins.slack.delivery import Deliveries, Delivery
from tests.standins.slack.faults import Faults
from tests.standins.slack.mentions import (
    Found,
    in_blocks,
    in_mrkdwn,
    mrkdwn_of,
    unescaped,
)
from tests.standins.slack.pace import Pace
from tests.standins.slack.sockets import Sockets
from tests.standins.slack.workspace import KINDS, Channel, Message, Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable

    from tests.standins.slack.requests import Call

SCOPES = frozenset(
    [
        "app_mentions:read",
        "assistant:write",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "im:history",
        "reactions:read",
        "reactions:write",
    ]
)
OPTIONAL_SCOPES = frozenset(
    ["groups:history", "groups:read", "users:read", "mpim:history", "files:read", "im:write"]
)


@dataclass(frozen=True)
class Sent:
    """Something live that the bot sent: `mark` is a mention or an address, `ts` a view's id too."""

    channel: str
    ts: str
    mark: str


@dataclass
class View:
    """A modal, or a person's home; `form` is what the app made it of, `values` its state."""

    id: str
    user: str
    surface: str
    form: dict[str, Any]
    hash: str = ""
    closed: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)


class State:
    """What the server knows; see SlackServer for the arguments."""

    def __init__(
        self,
        *,
        seed: int = 0,
        pace: float = 1.0,
        scopes: Iterable[str] = SCOPES | OPTIONAL_SCOPES,
        subscribed: Iterable[str] = events.SUBSCRIBED,
        redeliver_after: float = 3.0,
        retries: int = 3,
        trigger_life: float = 3.0,
        history_pace: float = 0.0,
    ) -> None:
        self.place = Workspace()
        self.bot_token, self.app_token = "xoxb-stand-in", "xapp-stand-in"
        self.signing_secret = "signing-secret-of-the-stand-in"  # noqa: S105 - guards nothing
        self.scopes, self.subscribed = frozenset(scopes), frozenset(subscribed)
        self.revoked = False
        self.root = ""
        self.http_skew = 0.0  # seconds that the stamps of HTTP requests lie in the past
        self.faults = Faults(seed)
        self.pace = Pace(pace)
        self.history_pace = Pace(history_pace)
        self.sockets = Sockets(self)
        self.faults.sockets = self.sockets
        self.deliveries = Deliveries(self.faults, self.sockets, redeliver_after, retries)
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.called: list[Sent] = []
        self.links: list[Sent] = []
        self.statuses: list[tuple[str, str, str]] = []
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.trigger_life = trigger_life
        self._triggers: dict[str, tuple[float, str]] = {}
        self._work: set[asyncio.Task[None]] = set()

    def soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something in the background, until the server ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    # --- the app is told ---

    def tell(self, event: dict[str, Any], channel: Channel | None = None) -> Delivery | None:
        """Deliver an event, if the app is subscribed to it, may have it and is in the channel."""
        name = event["type"]
        if name == "message" and channel is not None:
            name = f"message.{KINDS[channel.kind]}"
        scope = events.EVENTS[name]
        if name not in self.subscribed or (scope and scope not in self.scopes) or self.revoked:
            return None
        return self.deliveries.send(
            "events_api", events.callback(self.place, copy.deepcopy(event), channel)
        )

    def _tell_in(self, channel: Channel, event: dict[str, Any]) -> None:
        if self.place.bot_user in channel.members:
            self.tell(event, channel)

    def trigger(self, user: str) -> str:
        """Return a new trigger id, good for one view within three seconds."""
        made = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[made] = (time.monotonic(), user)
        return made

    # --- messages ---

    def message_json(self, one: Message) -> dict[str, Any]:
        return copy.deepcopy(events.message_json(self.place, one))

    def post(
        self,
        channel: Channel,
        *,
        text: str,
        blocks: list[dict[str, Any]],
        thread: str | None = None,
        metadata: dict[str, Any] | None = None,
        only_to: str = "",
        broadcast: bool = False,
    ) -> Message:
        """Let the bot say something."""
        made = Message(
            ts=self.place.ts(),
            channel=channel.id,
            user=self.place.bot_user,
            text=text,
            blocks=blocks,
            thread=thread,
            metadata=metadata,
            bot_id=self.place.bot_id,
            app_id=self.place.app_id,
            only_to=only_to,
            subtype="thread_broadcast" if broadcast and thread else "",
            broadcast=broadcast,
        )
        self.look(channel.id, made.ts, text, blocks)
        self.enter(made)
        return made

    def enter(self, made: Message) -> None:
        """Put a message into its channel and tell the app of it."""
        channel = self.place.channels[made.channel]
        channel.put(made)
        if made.only_to:
            return
        self._tell_in(channel, events.said(self.place, made))
        calls = f"<@{self.place.bot_user}>" in made.text and made.subtype != "channel_join"
        if calls and channel.kind != "im" and made.bot_id != self.place.bot_id:
            self._tell_in(channel, events.mentioned(self.place, made))

    def change(self, one: Message, *, marked: bool = True, **changes: Any) -> None:
        """Edit a message, whoever wrote it; `marked` lets everyone see that it was edited."""
        before = self.message_json(one)
        vars(one).update(changes)
        author = one.user or one.bot_id
        if marked and not one.only_to:
            one.edited = {"user": author, "ts": self.place.ts()}
        if one.bot_id == self.place.bot_id:
            self.look(one.channel, one.ts, one.text, one.blocks)
        self._changed(one, before)

    def unfurl(self, one: Message, attachments: list[dict[str, Any]]) -> None:
        """Show what a link leads to: a change that nobody made."""
        before = self.message_json(one)
        one.attachments = attachments
        self._changed(one, before)

    def _changed(self, one: Message, before: dict[str, Any]) -> None:
        if one.only_to:
            return
        channel = self.place.channels[one.channel]
        now = self.message_json(one)
        self._tell_in(channel, events.changed(self.place, channel, now, before))

    def remove(self, one: Message) -> None:
        """Delete a message. The first one of a thread leaves a tombstone while it has replies."""
        channel = self.place.channels[one.channel]
        before = self.message_json(one)
        if channel.replies(one.ts) and one.subtype != "tombstone":
            self._bury(one)
            self._changed(one, before)
            return
        channel.take(one)
        if not one.only_to:
            self._tell_in(channel, events.deleted(self.place, channel, before))
        parent = channel.messages.get(one.thread or "")
        if parent and parent.subtype == "tombstone" and not channel.replies(parent.ts):
            self.remove(parent)

    def _bury(self, one: Message) -> None:
        one.text, one.user, one.subtype = events.TOMBSTONE, "USLACKBOT", "tombstone"
        one.blocks, one.files, one.attachments = [], [], []
        one.bot_id = one.app_id = one.client_msg_id = ""
        one.edited, one.metadata, one.reactions = None, None, {}

    def react(self, one: Message, user: str, name: str) -> None:
        users = one.reactions.setdefault(name, [])
        if user not in users:
            users.append(user)
            self._reacted(one, user, name, added=True)

    def unreact(self, one: Message, user: str, name: str) -> None:
        one.reactions[name].remove(user)
        if not one.reactions[name]:
            del one.reactions[name]
        self._reacted(one, user, name, added=False)

    def _reacted(self, one: Message, user: str, name: str, *, added: bool) -> None:
        event = events.reaction(self.place, one, user, name, added=added)
        self._tell_in(self.place.channels[one.channel], event)

    # --- what goes out is looked at ---

    def look(self, channel: str, ts: str, text: str, blocks: Any) -> None:
        """Remember whom it calls and which links in it are live."""
        found: list[Found] = [*in_mrkdwn(text), *in_blocks(blocks)]
        self.complaints += [
            f"not escaped: {one[:60]}" for one in (text, *mrkdwn_of(blocks)) if unescaped(one)
        ]
        for one in dict.fromkeys(found):
            kept = self.called if one.what == "call" else self.links
            kept.append(Sent(channel, ts, one.mark))

    # --- waiting ---

    async def until(self, reached: Callable[[], object], *, within: float = 10) -> None:
        """Wait for something to come true. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while not reached():  # noqa: ASYNC110 - what is waited for is a test's own condition
                await asyncio.sleep(0.005)

    async def settled(self, within: float = 10) -> None:
        """Wait until all that was sent is acked or given up. Raises TimeoutError, naming it."""
        try:
            await self.until(lambda: not self.deliveries.open(), within=within)
        except TimeoutError:
            names = ", ".join(f"{one.name} ({one.attempts}x)" for one in self.deliveries.open())
            raise TimeoutError(f"not acked: {names}") from None

    @property
    def acks(self) -> list[dict[str, Any]]:
        """What the app answered with, where it answered with anything, oldest first."""
        return [one.ack for one in self.deliveries.all if one.ack]
