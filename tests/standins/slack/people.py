"""What people do in the workspace; every verb takes ids or names and refuses the impossible."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from tests.standins.slack import events
from tests.standins.slack.errors import Impossible
from tests.standins.slack.surfaces import Surfaces
from tests.standins.slack.typed import understood
from tests.standins.slack.workspace import Channel, Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.standins.slack.delivery import Delivery


class People(Surfaces):
    """The verbs of a test: they return at once, what they cause is delivered meanwhile."""

    def says(  # noqa: PLR0917 - a sentence: who says where what
        self,
        user: str,
        channel: str,
        text: str,
        thread: str | None = None,
        blocks: list[dict[str, Any]] | None = None,
        files: Sequence[str | tuple[str, bytes]] | None = None,
        *,
        bot: bool = False,
        raw: bool = False,
    ) -> str:
        """Say something and return its ts.

        `text` is as typed (see `typed.py`) or, with `raw`, as Slack stores it; `files` are ids, or
        names with contents; with `bot` it is another app that speaks, under that name. Raises
        Impossible.
        """
        place = self._inside(channel, user, bot=bot)
        if thread is not None and thread not in place.messages:
            raise Impossible(f"no thread {thread} in {channel}")
        written, made = (text, []) if raw else understood(text, self._known)
        one = Message(
            ts=self.place.ts(),
            channel=place.id,
            text=written,
            blocks=made if blocks is None else blocks,
            thread=thread,
            files=[self._file(one, user) for one in files or ()],
            subtype="file_share" if files else "",
        )
        if bot:
            one.subtype, one.bot_id, one.username = "bot_message", f"B0{user.upper()}", user
            one.app_id = f"A0{user.upper()}"
        else:
            one.user, one.client_msg_id = self.place.user(user).id, str(uuid.uuid4())
        self.enter(one)
        return one.ts

    def edits(self, channel: str, ts: str, text: str) -> None:
        """Change what a person said."""
        one = self._of_person(channel, ts)
        written, blocks = understood(text, self._known)
        self.change(one, text=written, blocks=blocks)

    def deletes(self, channel: str, ts: str) -> None:
        """Delete a message (of anyone: admins can)."""
        self.remove(self.place.message(channel, ts))

    def unfurls(self, channel: str, ts: str, url: str, title: str = "A title") -> None:
        """Show the preview of a link, as Slack does some seconds after it was posted."""
        shown = {"id": 1, "from_url": url, "original_url": url, "title": title, "fallback": title}
        self.unfurl(self.place.message(channel, ts), [shown])

    def reacts(self, user: str, channel: str, ts: str, emoji: str) -> None:
        self._inside(channel, user)
        self.react(self.place.message(channel, ts), self.place.user(user).id, emoji.strip(":"))

    def unreacts(self, user: str, channel: str, ts: str, emoji: str) -> None:
        one, id_ = self.place.message(channel, ts), self.place.user(user).id
        if id_ not in one.reactions.get(emoji.strip(":"), ()):
            raise Impossible(f"{user} did not react so")
        self.unreact(one, id_, emoji.strip(":"))

    # --- the bot comes and goes ---

    def invites(self, inviter: str, channel: str) -> None:
        """Bring the bot into a channel."""
        self._inside(channel, inviter)
        self.joins(self.place.bot_user, channel, inviter)

    def kicks(self, channel: str) -> None:
        """Put the bot out of a channel; it is told only if it asks for member_left_channel."""
        place = self.place.channel(channel)
        place.members.discard(self.place.bot_user)
        self.tell(events.left(self.place, place, self.place.bot_user), place)

    def joins(self, user: str, channel: str, inviter: str = "") -> None:
        """Let someone enter a channel: an event, and a message that says so."""
        place = self.place.channel(channel)
        id_ = self.place.user(user).id
        by = self.place.user(inviter).id if inviter else ""
        place.members.add(id_)
        self._tell_in(place, events.joined(self.place, place, id_, by))
        one = Message(ts=self.place.ts(), channel=place.id, user=id_, subtype="channel_join")
        one.text, one.inviter = f"<@{id_}> has joined the channel", by
        self.enter(one)

    def leaves(self, user: str, channel: str) -> None:
        place = self.place.channel(channel)
        id_ = self.place.user(user).id
        place.members.discard(id_)
        self._tell_in(place, events.left(self.place, place, id_))

    def uninstalls(self) -> None:
        """Take the app out of the workspace: both events, and its tokens are no good any more."""
        tokens = {"oauth": [], "bot": [self.place.bot_user]}
        self.tell({"type": "tokens_revoked", "tokens": tokens, "event_ts": self.place.ts()})
        self.tell({"type": "app_uninstalled", "event_ts": self.place.ts()})
        self.revoked = True

    def opens_home(self, user: str, tab: str = "home") -> Delivery | None:
        """Open the app's home."""
        id_ = self.place.user(user).id
        event: dict[str, Any] = {
            "type": "app_home_opened",
            "user": id_,
            "channel": self.place.dm(id_).id,
            "tab": tab,
            "event_ts": self.place.ts(),
        }
        if tab == "home" and id_ in self.homes:
            event["view"] = self.view_json(self.homes[id_])
        return self.tell(event)

    def stops(self, user: str, channel: str, thread: str) -> Delivery | None:
        """Press the stop button that is there while a session is processing."""
        place = self._inside(channel, user)
        told = [one[2] for one in self.statuses if one[:2] == (place.id, thread)]
        if not told or told[-1] != "processing":
            raise Impossible(f"nothing to stop in {thread}")
        event = {
            "type": "agent_session_stopped",
            "channel": place.id,
            "thread_ts": thread,
            "user": self.place.user(user).id,
            "streaming_message_ts": [],
            "event_ts": self.place.ts(),
        }
        return self.tell(event, place)

    # --- parts ---

    def _file(self, given: str | tuple[str, bytes], user: str) -> str:
        if isinstance(given, str):
            return self.place.files[given].id
        return self.place.add_file(*given, user=user).id

    def _known(self, name: str) -> str:
        users = self.place.users.values()
        return next((one.id for one in users if one.name == name), "")

    def _inside(self, channel: str, user: str, *, bot: bool = False) -> Channel:
        place = self.place.channel(channel)
        if not bot and self.place.user(user).id not in place.members:
            raise Impossible(f"{user} is not in {channel}")
        if place.is_archived:
            raise Impossible(f"{channel} is archived")
        return place

    def _of_person(self, channel: str, ts: str) -> Message:
        one = self.place.message(channel, ts)
        if one.bot_id or one.subtype == "tombstone":
            raise Impossible(f"{ts} is no person's message")
        return one
