"""The store's part of what was read: mentions with their briefs, questions, search."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Mention
from bot.store import answers, briefs, mentions, search, sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import (
        Answer,
        Article,
        Brief,
        Channel,
        Found,
        Origin,
        Outlet,
        Passage,
        Question,
        Sources,
        Strike,
        Thread,
    )
    from bot.ports import Tx
    from bot.store.transactions import Transactions


class Briefed:
    """Mentions, briefs and questions over the transactions of a store."""

    _transactions: Transactions

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
        """Store an article and what mentions it: see `ports.Store.add_mention`."""
        given = Mention(
            number=0,
            message=message,
            thread=thread,
            poster=poster,
            at=at,
            origin=origin,
            source=source,
            article=article,
        )
        return await self._transactions.write(
            tx, lambda connection: mentions.add(connection, given, passages)
        )

    async def add_brief(self, tx: Tx, mention: Mention, brief: Brief, at: datetime) -> Mention:
        """Store a brief: see `ports.Store.add_brief`."""
        return await self._transactions.write(
            tx, lambda connection: briefs.add(connection, mention, brief, at)
        )

    async def strike(self, tx: Tx, mention: Mention, strike: Strike) -> None:
        """Keep that a bullet is said to be wrong: see `ports.Store.strike`."""
        await self._transactions.write(
            tx, lambda connection: briefs.strike(connection, mention, strike)
        )

    async def add_answer(self, tx: Tx, question: Question, answer: Answer) -> bool:
        """Store a question with its answer: see `ports.Store.add_answer`."""
        return await self._transactions.write(
            tx, lambda connection: answers.add(connection, question, answer)
        )

    async def mentions(self, channel: Channel, *, limit: int, offset: int = 0) -> Sequence[Mention]:
        """Return the channel's mentions, newest first."""
        return await self._transactions.read(
            lambda connection: mentions.find(connection, channel, limit=limit, offset=offset)
        )

    async def mention(self, channel: Channel, number: int) -> Mention | None:
        """Return the mention with this number."""
        found = await self._transactions.read(
            lambda connection: mentions.find(
                connection, channel, mentions.BY_NUMBER, _number=number
            )
        )
        return found[0] if found else None

    async def mentions_of(self, channel: Channel, key: str) -> Sequence[Mention]:
        """Return the channel's mentions of one article, newest first."""
        return await self._transactions.read(
            lambda connection: mentions.find(connection, channel, mentions.OF_ARTICLE, _key=key)
        )

    async def mentions_in(self, thread: Thread) -> Sequence[Mention]:
        """Return what was brought up in one thread, newest first."""
        return await self._transactions.read(
            lambda connection: mentions.find(
                connection, thread.channel, mentions.IN_THREAD, _thread=thread.id
            )
        )

    async def mentions_by(self, channel: Channel, message: str) -> Sequence[Mention]:
        """Return what one message of the channel brought, by number."""
        found = await self._transactions.read(
            lambda connection: mentions.find(
                connection, channel, mentions.OF_MESSAGE, _message=message
            )
        )
        return found[::-1]

    async def exchanges(self, thread: Thread, *, limit: int) -> Sequence[tuple[str, str]]:
        """Return a thread's last questions with the words answered, oldest first."""
        return await self._transactions.read(
            lambda connection: answers.exchanges(connection, thread, limit=limit)
        )

    async def last_question(self, thread: Thread) -> Question | None:
        """Return what was asked last in a thread, with the question before it."""
        return await self._transactions.read(
            lambda connection: answers.last_question(connection, thread)
        )

    async def answers(
        self, channel: Channel, *, limit: int, offset: int = 0
    ) -> Sequence[tuple[Question, Answer]]:
        """Return the channel's questions with their answers, newest first."""
        return await self._transactions.read(
            lambda connection: answers.listed(connection, channel, limit=limit, offset=offset)
        )

    async def asked_since(self, channel: Channel, asker: str, since: datetime) -> int:
        """Return how many of a person's questions the channel holds from a time on."""
        return await self._transactions.read(
            lambda connection: answers.asked_since(connection, channel, asker, since)
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
        """Return passages that hold any of the terms: see `ports.Store.search`."""
        wanted = search.Wanted(since=since, until=until, outlets=outlets, posters=posters)
        return await self._transactions.read(
            lambda connection: search.search(connection, channel, terms, wanted, limit=limit)
        )

    async def sources(self, channel: Channel) -> Sources:
        """Return the outlets of what the channel mentions, and who posted it."""
        return await self._transactions.read(lambda connection: sources.of(connection, channel))
