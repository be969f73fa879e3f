"""What every place where the cases are played has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from bot.model import ChannelSettings, WorkspaceSettings
from tests.dialogues.cases import URL, Who, plain_words

if TYPE_CHECKING:
    from bot.model import Channel
    from bot.store.sql import SqlStore
    from tests.dialogues.cases import Case


class World(ABC):
    """A channel in which things are typed."""

    store: SqlStore
    channel: Channel

    @abstractmethod
    async def types(self, who: Who, words: str) -> str:
        """Return what somebody is answered."""

    async def play(self, case: Case) -> None:
        """Play a case from the beginning: what is answered, and what the store holds then."""
        await self._begin(case)
        for words in case.before:
            assert await self.types(Who.ADMIN, words)
        words = case.typed.format(number=await self._newest())
        answer = plain_words(await self.types(case.who, words))
        if case.says:
            assert answer == case.says
        for part in case.holds:
            assert part in answer
        for part in case.lacks:
            assert part not in answer
        assert dict((await self.store.chosen(self.channel)).own) == dict(case.own)
        assert len(await self.store.mentions(self.channel, limit=9)) == case.left

    async def _begin(self, case: Case) -> None:
        chosen = await self.store.chosen(self.channel)
        async with self.store.begin() as tx:
            await self.store.change_settings(
                tx, self.channel, ChannelSettings(), [], names=(), usual=tuple(chosen.own)
            )
            workspace = self.channel.workspace
            await self.store.change_workspace(tx, workspace, WorkspaceSettings(), [])
        kept = [one.number for one in await self.store.mentions(self.channel, limit=9)]
        if case.empty and kept:
            await self.store.forget(self.channel, kept)
        if not case.empty and not kept:
            await self.types(Who.KEEPER, f"brief {URL}")
            assert await self.store.mentions(self.channel, limit=9)

    async def _newest(self) -> int:
        kept = await self.store.mentions(self.channel, limit=1)
        return kept[0].number if kept else 0
