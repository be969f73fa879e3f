"""A store in memory that keeps the same promises as the real one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import islice

from bot.model import (
    Answer,
    Article,
    Brief,
    Budget,
    Channel,
    Forgotten,
    Found,
    Mention,
    Origin,
    Outlet,
    Passage,
    Purpose,
    Question,
    Reserved,
    Sources,
    Strike,
    Thread,
    Tokens,
    Usage,
    Voice,
    Workspace,
)
from bot.ports import Tx
from tests.fakes import spent
from tests.fakes import store_state as rules
from tests.fakes.store_digests import Digested
from tests.fakes.store_inbox import Inboxed
from tests.fakes.store_places import Placed
from tests.fakes.store_tx import check, of


class FakeStore(Inboxed, Placed, Digested):
    """A `ports.Store` that forgets everything when it is dropped."""

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
        state = of(tx)
        check(at, message, poster, source, article, passages)
        channel = thread.channel
        state.places.known.add(channel)
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
        state = of(tx)
        check(at, brief)
        if brief.version != mention.article.version:
            raise ValueError
        bare = rules.find(state.mentions, mention)
        if bare is not None:
            state.briefs.append(rules.Written(bare, brief, at))
        return replace(mention, brief=brief, strikes=())

    async def add_answer(self, tx: Tx, question: Question, answer: Answer) -> bool:
        state = of(tx)
        check(question.asked_at, question, answer)
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

    async def mentions_by(self, channel: Channel, message: str) -> Sequence[Mention]:
        return [one for one in self._newest(channel) if one.message == message][::-1]

    async def strike(self, tx: Tx, mention: Mention, strike: Strike) -> None:
        state = of(tx)
        check(strike)
        rules.strike(state, mention, strike)

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

    async def asked_since(self, channel: Channel, asker: str, since: datetime) -> int:
        check(since, asker)
        return sum(
            one.thread.channel == channel and one.asker == asker and one.asked_at >= since
            for one, _ in self._state.answers
        )

    async def search(
        self,
        channel: Channel,
        terms: Sequence[str],
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        outlets: Sequence[Outlet] = (),
        posters: Sequence[str] = (),
        limit: int = 100,
    ) -> Sequence[Found]:
        found: dict[tuple[rules.Scoped, int], Found] = {}
        for mention in self._newest(channel):
            early = since is not None and mention.at < since
            late = until is not None and mention.at >= until
            other = outlets and rules.outlet(mention) not in outlets
            if posters and mention.poster not in posters:
                continue
            if early or late or other or not rules.has_text(mention):
                continue
            stored = self._state.passages.get(rules.version(mention), ())
            for place, passage in enumerate(stored if terms else stored[:1]):
                found.setdefault(
                    (rules.version(mention), place), Found(mention=mention, passage=passage)
                )
        hits = list(found.values())
        if terms:
            hits = [one for one in hits if rules.score(one, terms)]
            covered = rules.covered(hits, terms)
            hits.sort(
                key=lambda one: covered[rules.version(one.mention)] + rules.score(one, terms),
                reverse=True,
            )
        return hits[:limit]

    async def sources(self, channel: Channel) -> Sources:
        here = list(self._newest(channel))
        return Sources(
            outlets=tuple({rules.outlet(one) for one in here}),
            posters=tuple({one.poster for one in here}),
        )

    async def forget(self, channel: Channel, numbers: Sequence[int]) -> Forgotten:
        async with self.begin() as tx:
            return rules.forget(of(tx), channel, set(numbers))

    async def forget_asked(
        self, channel: Channel, *, asker: str = "", thread: str = ""
    ) -> Forgotten:
        async with self.begin() as tx:
            return rules.erase_asked(of(tx), channel, asker=asker, thread=thread)

    async def forget_channel(self, channel: Channel, *, but: int | None = None) -> Forgotten:
        async with self.begin() as tx:
            return rules.erase_channel(of(tx), channel, but=but)

    async def expire(self, now: datetime) -> Forgotten:
        async with self.begin() as tx:
            return rules.expire(of(tx), now)

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
        check(model)
        of(tx).places.known.add(channel)
        key = (channel, day, purpose, model)
        return spent.reserve(of(tx).spent, key, tokens=tokens, budget=budget)

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
        check(model)
        of(tx).places.known.add(channel)
        key = (channel, day, purpose, model)
        spent.settle(of(tx).spent, key, reserved=reserved, used=used)

    async def usage(self, workspace: Workspace, *, since: date) -> Sequence[Usage]:
        return spent.listed(self._state.spent, workspace, since=since)

    def _newest(self, channel: Channel) -> Iterable[Mention]:
        return (
            rules.with_brief(self._state, one)
            for one in reversed(self._state.mentions)
            if rules.is_in(one, channel)
        )
