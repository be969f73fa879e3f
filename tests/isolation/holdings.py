"""What each channel is known to hold, by what was done there: so that what is forgotten is known.

Only what surely goes counts as gone: who may forget what is worked out here once more, apart from
the flows.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.model import Origin
from tests.isolation.canaries import linked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from bot.model import Channel, Mention, Message, Thread
    from bot.store.sql import SqlStore
    from tests.isolation.canaries import Text
    from tests.isolation.leaks import Walls

_REMEMBERED = timedelta(days=7)


@dataclass(frozen=True)
class Question:
    canary: str
    who: str
    thread: Thread
    at: datetime


@dataclass
class Going:
    """What is about to go: mentions, questions, and messages that wait."""

    mentions: list[Mention] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    messages: set[str] = field(default_factory=set)


@dataclass
class Here:
    """One channel: its messages by id, those that wait to be asked about, and its questions."""

    messages: dict[str, Message] = field(default_factory=dict)
    waiting: dict[str, Message] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    erase_at: datetime | None = None


@dataclass
class Holdings:
    store: SqlStore
    walls: Walls
    all: dict[Channel, Here] = field(default_factory=dict)
    _texts: dict[str, Text] = field(default_factory=dict)  # by the key of the article

    def __post_init__(self) -> None:
        self._texts = {one.article.key: one for row in linked() for one in row}

    def begin(self, here: Mapping[Channel, Here]) -> None:
        """Let this be there already."""
        self.all = deepcopy(dict(here))

    def here(self, channel: Channel) -> Here:
        return self.all.setdefault(channel, Here())

    def posted(self, message: Message, text: Text) -> None:
        """Note a message with an article; until it is briefed, it may wait."""
        here = self.here(message.thread.channel)
        self._texts.setdefault(text.article.key, text)
        here.messages[message.id] = message
        here.waiting[message.id] = message

    def asked(self, message: Message, canary: str) -> None:
        one = Question(canary, message.author, message.thread, message.sent_at)
        self.here(message.thread.channel).questions.append(one)

    async def settle(self, channel: Channel) -> None:
        """Let go of what waited and was briefed by now."""
        here = self.here(channel)
        for name in list(here.waiting):
            if await self.store.mentions_by(channel, name):
                del here.waiting[name]

    def message(self, channel: Channel, nth: int) -> Message | None:
        """Return one of the channel's last messages."""
        found = list(self.here(channel).messages.values())
        return found[-1 - nth] if nth < len(found) else None

    def canaries_in(self, text: str) -> set[str]:
        """Return the canaries of the articles that a text links, or is."""
        return {
            canary
            for one in self._texts.values()
            if (one.url and one.url in text) or (one.pasted and one.pasted == text)
            for canary in one.canaries
        }

    # --- what goes ---

    async def going(self, where: Thread, who: str, keeper: bool, what: str) -> Going:
        """Return what a forget takes away; nothing where that is not allowed."""
        channel = where.channel
        here, every = self.here(channel), await self.store.mentions(channel, limit=999)
        his = [one for one in every if keeper or one.poster == who]
        if what in ("channel", "channel yes"):
            whole = keeper and what == "channel yes"
            return Going(every, here.questions[:], set(here.waiting)) if whole else Going()
        if what == "mine":
            waits = {name for name, one in here.waiting.items() if one.author == who}
            asked = [one for one in here.questions if one.who == who]
            return Going([one for one in every if one.poster == who], asked, waits)
        if what == "thread":
            return self._thread(where, who, keeper, [one for one in every if one.thread == where])
        named = {one.article.key for one in every if what in (str(one.number), one.article.url)}
        return Going([one for one in his if one.article.key in named])

    def _thread(self, where: Thread, who: str, keeper: bool, there: list[Mention]) -> Going:
        here = self.here(where.channel)
        his = [one for one in there if one.poster == who]
        whole = keeper or (bool(there) and len(his) == len(there))
        return Going(
            there if whole else his,
            [one for one in here.questions if one.thread == where and (whole or one.who == who)],
            {
                name
                for name, one in here.waiting.items()
                if one.thread == where and (whole or one.author == who)
            },
        )

    async def of_message(self, message: Message) -> Going:
        """Return what goes with a message that is deleted or says something else."""
        brought = await self.store.mentions_by(message.thread.channel, message.id)
        return Going(list(brought), messages={message.id})

    async def deleting(self, where: Thread, who: str, keeper: bool, number: int) -> Going:
        """Return what the control under a brief takes away."""
        mention = await self.store.mention(where.channel, number)
        if mention is None or mention.brief is None:
            return Going()
        brought = list(await self.store.mentions_by(where.channel, mention.message))
        may = keeper or all(one.poster == who for one in brought)
        return Going(brought, messages={mention.message}) if may else Going()

    async def gone(self, channel: Channel, going: Going) -> None:
        """Note what went: what else the channel has of it may still be said."""
        here = self.here(channel)
        lost = {one.message for one in going.mentions} | going.messages
        here.messages = {name: one for name, one in here.messages.items() if name not in lost}
        here.waiting = {name: one for name, one in here.waiting.items() if name not in lost}
        here.questions = [one for one in here.questions if one not in going.questions]
        numbers = {one.number for one in going.mentions}
        left = await self.store.mentions(channel, limit=999)
        # Those that should be gone are not asked whether they are.
        stays = self._of(one for one in left if one.number not in numbers)
        stays |= {one.canary for one in here.questions}
        for message in here.waiting.values():
            stays |= self.canaries_in(message.text)
        went = self._of(going.mentions) | {one.canary for one in going.questions}
        self.walls.forget(channel, {one.casefold() for one in went} - {s.casefold() for s in stays})

    def _of(self, mentions: Iterable[Mention]) -> set[str]:
        return {canary for one in mentions for canary in self._texts[one.article.key].canaries}

    # --- with time ---

    def put_out(self, channel: Channel, until: datetime) -> None:
        here = self.here(channel)
        here.erase_at = min(until, here.erase_at or until)

    def back(self, channel: Channel) -> None:
        self.here(channel).erase_at = None

    async def expire(self, now: datetime) -> None:
        """Have the store erase what is old, having noted what that is."""
        old = {channel: await self._old(channel, now) for channel in self.all}
        await self.store.expire(now)
        for channel, going in old.items():
            await self.gone(channel, going)

    async def _old(self, channel: Channel, now: datetime) -> Going:
        here, every = self.here(channel), await self.store.mentions(channel, limit=999)
        if here.erase_at is not None and here.erase_at <= now:
            here.erase_at = None
            return Going(every, here.questions[:], set(here.waiting))
        kept = await self.store.channel_settings(channel)

        def outlived(days: int) -> Callable[[datetime], bool]:
            return lambda at: at + timedelta(days=days) <= now

        asked = [one for one in here.questions if outlived(kept.question_days)(one.at)]
        mentions = [
            one
            for one in every
            if outlived(
                max(
                    kept.article_days if one.origin is Origin.LINK else kept.private_days,
                    kept.brief_days,
                )
            )(one.at)
        ]
        waited = {name for name, one in here.waiting.items() if one.sent_at + _REMEMBERED <= now}
        return Going(mentions, asked, waited)
