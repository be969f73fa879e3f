"""A store in memory that keeps the same promises as the real one."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from bot.model import (
    Answer,
    Article,
    Brief,
    Budget,
    Channel,
    ChannelSettings,
    Delivery,
    Ending,
    Event,
    Forgotten,
    Found,
    Incoming,
    Letter,
    Mention,
    Origin,
    Passage,
    Post,
    Purpose,
    Question,
    Reserved,
    SettingChange,
    Standing,
    Step,
    Thread,
    Tokens,
    Usage,
    Voice,
    Workspace,
)
from bot.ports import Tx
from tests.fakes import inbox, spent
from tests.fakes import store_state as rules


@dataclass
class _Tx:
    state: rules.State | None
    calls: list[Callable[[], None]] = field(default_factory=list)

    def on_commit(self, call: Callable[[], None]) -> None:
        self.calls.append(call)


class FakeStore:
    """A `ports.Store` that forgets everything when it is dropped."""

    def __init__(self) -> None:
        self._state = rules.State()
        self._writing = asyncio.Lock()

    async def close(self) -> None:
        """Nothing is held."""

    @asynccontextmanager
    async def begin(self) -> AsyncGenerator[Tx]:
        async with self._writing:
            tx = _Tx(self._state.copy())
            try:
                yield tx
                self._state = _of(tx)
            finally:
                tx.state = None
            for call in tx.calls:
                call()

    async def add_mention(
        self,
        tx: Tx,
        *,
        thread: Thread,
        message: str,
        poster: str,
        at: datetime,
        origin: Origin,
        source: str,
        article: Article,
        passages: Sequence[Passage],
    ) -> Mention:
        state = _of(tx)
        _check(at, message, poster, source, article, passages)
        channel = thread.channel
        for first in state.mentions:
            same = (first.message, first.article.key, first.article.version)
            if rules.is_in(first, channel) and same == (message, article.key, article.version):
                return rules.with_brief(state, first)
        number = state.numbers[channel] = state.numbers.get(channel, 0) + 1
        given = Mention(
            number=number,
            message=message,
            thread=thread,
            poster=poster,
            at=at,
            origin=origin,
            source=source,
            article=article,
        )
        if rules.text_days(state, given):
            state.mentions.append(given)
            state.passages.setdefault(rules.version(given), tuple(passages))
        else:
            state.mentions.append(replace(given, article=rules.blank(article)))
        return given

    async def add_brief(self, tx: Tx, mention: Mention, brief: Brief, at: datetime) -> Mention:
        state = _of(tx)
        _check(at, brief)
        if brief.version != mention.article.version:
            raise ValueError
        bare = rules.find(state.mentions, mention)
        if bare is not None:
            state.briefs.append((bare, brief, at))
        return replace(mention, brief=brief)

    async def add_answer(self, tx: Tx, question: Question, answer: Answer) -> bool:
        state = _of(tx)
        _check(question.asked_at, question, answer)
        question = replace(question, previous=None, memory=())
        if not rules.quoted(answer) <= rules.held(state, question.thread.channel):
            return False
        if all(question != other for other, _ in state.answers):
            state.answers.append((question, answer))
        return True

    async def mentions(self, channel: Channel, *, limit: int, offset: int = 0) -> Sequence[Mention]:
        return list(islice(self._newest(channel), offset, offset + limit))

    async def mention(self, channel: Channel, number: int) -> Mention | None:
        return next((one for one in self._newest(channel) if one.number == number), None)

    async def mentions_of(self, channel: Channel, key: str) -> Sequence[Mention]:
        return [one for one in self._newest(channel) if one.article.key == key]

    async def mentions_in(self, thread: Thread) -> Sequence[Mention]:
        return [one for one in self._newest(thread.channel) if one.thread == thread]

    async def exchanges(self, thread: Thread, *, limit: int) -> Sequence[tuple[str, str]]:
        asked = await self.answers(thread.channel, limit=10**9)
        here = [
            (question.text, "" if answer.voice is Voice.ABSENT else answer.text)
            for question, answer in asked
            if question.thread == thread
        ]
        return here[:limit][::-1]

    async def last_question(self, thread: Thread) -> Question | None:
        asked = [one for one, _ in await self.answers(thread.channel, limit=10**9)]
        here = [one for one in asked if one.thread == thread]
        if not here:
            return None
        return replace(here[0], previous=here[1].text if len(here) > 1 else None)

    async def answers(
        self, channel: Channel, *, limit: int, offset: int = 0
    ) -> Sequence[tuple[Question, Answer]]:
        here = [pair for pair in self._state.answers if pair[0].thread.channel == channel]
        newest = sorted(here, key=lambda pair: pair[0].asked_at)[::-1]
        return newest[offset : offset + limit]

    async def search(
        self,
        channel: Channel,
        terms: Sequence[str],
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> Sequence[Found]:
        found: dict[tuple[rules.Scoped, int], Found] = {}
        for mention in self._newest(channel):
            early = since is not None and mention.at < since
            late = until is not None and mention.at >= until
            if early or late or not rules.has_text(mention):
                continue
            stored = self._state.passages.get(rules.version(mention), ())
            for place, passage in enumerate(stored if terms else stored[:1]):
                found.setdefault(
                    (rules.version(mention), place), Found(mention=mention, passage=passage)
                )
        hits = list(found.values())
        if terms:
            hits = [one for one in hits if rules.score(one, terms)]
            hits.sort(key=lambda one: rules.score(one, terms), reverse=True)
        return hits[:limit]

    async def channel_settings(self, channel: Channel) -> ChannelSettings:
        return self._state.settings.get(channel, ChannelSettings())

    async def change_settings(
        self, tx: Tx, channel: Channel, settings: ChannelSettings, changes: Sequence[SettingChange]
    ) -> None:
        state = _of(tx)
        _check(*(one.at for one in changes), changes)
        state.settings[channel] = settings
        state.changes.extend((channel, one) for one in changes)

    async def setting_changes(self, channel: Channel) -> Sequence[SettingChange]:
        return [one for where, one in self._state.changes if where == channel]

    async def forget(self, channel: Channel, numbers: Sequence[int]) -> Forgotten:
        async with self.begin() as tx:
            return rules.erase(
                _of(tx), lambda one: rules.is_in(one, channel) and one.number in set(numbers)
            )

    async def expire(self, now: datetime) -> Forgotten:
        async with self.begin() as tx:
            return rules.expire(_of(tx), now)

    # --- the inbox and the ledger ---

    async def add_event(
        self, tx: Tx, incoming: Incoming, *, thread: Thread, message: str, at: datetime
    ) -> Event | None:
        _check(at, incoming, thread, message)
        return inbox.add_event(_of(tx).inbox, incoming, thread=thread, message=message, at=at)

    async def event(self, number: int) -> Event | None:
        return inbox.event(self._state.inbox, number)

    async def open_events(self, *, after: int, limit: int) -> Sequence[Event]:
        return inbox.open_events(self._state.inbox, after=after, limit=limit)

    async def standing(self, thread: Thread, *, most: int) -> Standing:
        state = self._state
        return Standing(
            settings=rules.settings_of(state, thread.channel),
            ours=inbox.is_ours(state.inbox, thread),
            backlog=inbox.backlog(state.inbox, thread.channel.workspace, most=most),
        )

    async def failed_event(self, tx: Tx, number: int) -> None:
        inbox.failed(_of(tx).inbox, number)

    async def end_event(
        self, tx: Tx, number: int, ending: Ending, *, reason: str, at: datetime
    ) -> bool:
        _check(at, reason)
        return inbox.end(_of(tx).inbox, number, ending, reason=reason, at=at)

    async def withdraw(
        self, tx: Tx, channel: Channel, *, at: datetime, message: str = "", thread: str = ""
    ) -> Sequence[int]:
        _check(at, message, thread)
        return inbox.take_back(_of(tx).inbox, channel, at=at, message=message, thread=thread)

    async def add_step(self, tx: Tx, event: int, step: Step) -> None:
        _check(step)
        inbox.add_step(_of(tx).inbox, event, step)

    async def steps(self, event: int) -> Sequence[Step]:
        return inbox.steps(self._state.inbox, event)

    async def add_delivery(
        self, tx: Tx, event: Event, *, key: str, post: Post, at: datetime
    ) -> Delivery | None:
        state = _of(tx)
        _check(at, key, post)
        kept = rules.settings_of(state, event.thread.channel)
        return inbox.add_line(state.inbox, event, key=key, post=post, at=at, kept=kept)

    async def delivery(self, number: int) -> Delivery | None:
        return inbox.line(self._state.inbox, number)

    async def open_deliveries(self, *, after: int, limit: int) -> Sequence[Delivery]:
        return inbox.open_lines(self._state.inbox, after=after, limit=limit)

    async def change_delivery(self, tx: Tx, delivery: Delivery, *, at: datetime) -> bool:
        _check(at, delivery)
        return inbox.change(_of(tx).inbox, delivery, at=at)

    async def letters(self, *, limit: int) -> Sequence[Letter]:
        return inbox.letters(self._state.inbox, limit=limit)

    async def revive(
        self, tx: Tx, number: int, *, at: datetime
    ) -> tuple[Event, Delivery | None] | None:
        _check(at)
        return inbox.revive(_of(tx).inbox, number, at)

    # --- what models cost ---

    async def reserve_tokens(
        self,
        tx: Tx,
        channel: Channel,
        *,
        day: date,
        purpose: Purpose,
        model: str,
        tokens: int,
        budget: Budget,
    ) -> Reserved:
        _check(model)
        key = (channel, day, purpose, model)
        return spent.reserve(_of(tx).spent, key, tokens=tokens, budget=budget)

    async def settle_tokens(
        self,
        tx: Tx,
        channel: Channel,
        *,
        day: date,
        purpose: Purpose,
        model: str,
        reserved: int,
        used: Tokens,
    ) -> None:
        _check(model)
        key = (channel, day, purpose, model)
        spent.settle(_of(tx).spent, key, reserved=reserved, used=used)

    async def usage(self, workspace: Workspace, *, since: date) -> Sequence[Usage]:
        return spent.listed(self._state.spent, workspace, since=since)

    def _newest(self, channel: Channel) -> Iterable[Mention]:
        return (
            rules.with_brief(self._state, one)
            for one in reversed(self._state.mentions)
            if rules.is_in(one, channel)
        )


def _of(tx: Tx) -> rules.State:
    if not isinstance(tx, _Tx) or tx.state is None:
        raise TypeError
    return tx.state


def _check(*values: Any) -> None:
    for value in values:
        if isinstance(value, datetime):
            if value.utcoffset() is None:
                raise ValueError
        elif isinstance(value, str):
            value.encode()  # a lone surrogate raises UnicodeEncodeError, a ValueError
        elif isinstance(value, list | tuple):
            _check(*value)
        elif is_dataclass(value):
            _check(*(getattr(value, one.name) for one in fields(value)))
