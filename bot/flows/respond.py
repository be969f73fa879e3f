"""An accepted event -> what is to be done about it.

1. What was said to us is answered (`flows.converse`): links, files and texts with briefs, questions
   with answers, commands with what they say. A message is answered once: however many people put
   a newspaper on it, and where its edit came in before it.
2. Where nothing could be read, only whoever asked for it is told; where nobody asked, the message
   gets a sign, and `why` tells.
3. What was deleted, edited or pressed goes to `flows.tend`.
4. An invitation is answered with a welcome, a message that we can't decrypt with what to do.
5. When the moment of a digest has come, it is put together (`flows.digest`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.talking import layout, wording
from bot.core.talking.address import has_text, is_unasked, queue_of, understood
from bot.core.talking.commands import Typed
from bot.core.talking.edits import as_posted
from bot.errors import SourceError, UsageError
from bot.flows.digest import unsaid
from bot.flows.outcome import End, Say
from bot.model import (
    Commanded,
    Deleted,
    Due,
    Edited,
    Ending,
    Joined,
    Message,
    Posted,
    Pressed,
    Queue,
    Reacted,
    Sign,
    Unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from bot.flows.converse import Conversation
    from bot.flows.outcome import Outcome
    from bot.flows.tend import Tend
    from bot.model import Channel, Event
    from bot.ports import Store

_ALREADY = End(ending=Ending.SILENT, reason="already_answered")
_UNREADABLE = End(ending=Ending.DEAD, reason="unreadable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Respond:
    """Finds out what an event calls for. `leaves` names the host that texts go to, if any."""

    conversation: Callable[[Channel], Conversation]
    tend: Tend
    store: Store
    leaves: str = ""

    async def respond(self, event: Event) -> Outcome:  # noqa: PLR0911 - one for each kind
        """Return what is to be done. Raises StoreError, PlatformError; it may be called again."""
        incoming = event.incoming
        match incoming:
            case Posted():
                return await self._posted(event, incoming)
            case Reacted():
                return await self._reacted(event, incoming)
            case Commanded():
                return await self._commanded(event, incoming)
            case Edited():
                begun = await self.store.steps(event.id)  # then the old ones are gone already
                done = None if begun else await self.tend.edited(incoming)
                return done or await self._posted(event, as_posted(incoming))
            case Deleted(message_id=message):
                return await self.tend.deleted(event.thread.channel, message)
            case Pressed():
                return await self.tend.pressed(incoming)
            case Joined():
                return await self._welcomed(incoming)
            case Unreadable(who=who):
                return Say(post=replace(layout.said(wording.UNREADABLE), to=who))
            case Due(channel=channel, day=day):
                return await self._due(channel, day)
            case _:
                return _UNREADABLE

    async def _welcomed(self, joined: Joined) -> Outcome:
        settings = await self.store.channel_settings(joined.channel)
        hints = self.conversation(joined.channel).hints
        post = layout.welcome(
            settings,
            hints,
            inviter=joined.inviter,
            leaves=self.leaves,
            encrypted=joined.encrypted,
            direct=joined.direct,
        )
        return Say(post=post)

    async def _due(self, channel: Channel, day: date) -> Outcome:
        """Tell of a day, once; of one on which too little was read, the next digest tells."""
        kept = await self.store.channel_settings(channel)
        last = await self.store.told(channel)
        if not kept.digest:
            return End(ending=Ending.SILENT, reason="digest_off")
        if last is not None and last.day >= day:
            return End(ending=Ending.SILENT, reason="told_already")
        talk = self.conversation(channel)
        telling = await talk.telling(kept, day)
        digest = telling.digest
        if len(digest.stories) + digest.more < kept.digest_least:
            too_little = unsaid(day, last, telling)
            return End(ending=Ending.SILENT, reason="too_little", told=too_little)
        return Say(post=talk.digest_post(telling, kept), told=telling.told)

    async def _reacted(self, event: Event, incoming: Reacted) -> Outcome:
        """Brief a message once, however many want that; who asked aloud is told where it is."""
        message, channel = incoming.message, event.thread.channel
        if not has_text(message):
            return Say(post=replace(layout.said(wording.NOTHING_TO_BRIEF), to=incoming.who))
        brought = await self.store.mentions_by(channel, message.id)
        if not brought or not await self.store.deliveries_about(channel, message.id):
            return await self._answered(event, message, asker=incoming.who)
        if not incoming.asked:
            return End(ending=Ending.SILENT, reason="briefed_already")
        where = self.conversation(channel).link(brought[0].thread)
        return Say(post=replace(layout.pointed(brought[0], where), to=incoming.who))

    async def _is_answered(self, event: Event) -> bool:
        """Whether another event about its message has a post."""
        return bool(await self.store.deliveries_about(event.thread.channel, event.message))

    async def _posted(self, event: Event, incoming: Posted) -> Outcome:
        if await self._is_answered(event):
            return _ALREADY
        if not incoming.message.text and not incoming.message.uploads:
            talk = self.conversation(event.thread.channel)
            return Say(post=replace(layout.help_list(talk.hints), to=incoming.message.author))
        asker = "" if incoming.direct else incoming.message.author
        return await self._answered(
            event,
            incoming.message,
            asker=asker,
            unasked=is_unasked(incoming),
            alone=incoming.direct,
        )

    async def _commanded(self, event: Event, incoming: Commanded) -> Outcome:
        message = Message(
            thread=incoming.thread,
            id=incoming.key,
            author=incoming.who,
            text=incoming.text,
            sent_at=incoming.at,
        )
        asker = "" if incoming.direct else incoming.who
        outcome = await self._answered(event, message, asker=asker, alone=incoming.direct)
        if not isinstance(outcome, Say) or outcome.told is not None:
            return outcome
        if queue_of(incoming) is not Queue.BRIEFS:
            return Say(post=replace(outcome.post, to=asker))  # nobody else saw what was asked
        return outcome

    async def _answered(
        self,
        event: Event,
        message: Message,
        *,
        asker: str,
        unasked: bool = False,
        alone: bool = False,
    ) -> Outcome:
        talk = self.conversation(event.thread.channel)
        talk = talk.in_private() if alone else talk
        try:
            hidden = await self._hide(talk, message)
            heard = await talk.understood(message, event.id)
        except (UsageError, SourceError) as error:
            return Say(post=replace(layout.said(wording.explain(error, talk.hints)), to=asker))
        if not heard.posts:
            return End(ending=Ending.SILENT, reason="nothing_to_say")
        if heard.refused and unasked:
            return End(ending=Ending.SILENT, reason=heard.refused, sign=Sign.REFUSED)
        posts = [*heard.posts, *([layout.said(wording.taken_away(hidden))] if hidden else [])]
        quiet = heard.refused or (heard.known and isinstance(event.incoming, Commanded))
        said = layout.joined(posts)
        post = replace(said, to=asker if quiet else said.to)
        return Say(post=post, told=heard.told, again=heard.told is not None)

    async def _hide(self, talk: Conversation, message: Message) -> int:
        """Where something is to be forgotten, take our posts about it away; return how many.

        Before it is forgotten: then this can be done again. Raises UsageError.
        """
        said = understood(message.text)
        if not isinstance(said, Typed) or said.command.name != "forget" or not said.argument:
            return 0
        what = await talk.to_forget([said.argument], message.author, message.thread)
        return await self.tend.hide(what.mentions)
