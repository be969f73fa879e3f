"""What every place where the cases are played has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from bot.model import ChannelSettings, WorkspaceSettings
from tests.dialogues.case import URL, Who, plain_words

if TYPE_CHECKING:
    from bot.model import Channel
    from bot.store.sql import SqlStore
    from tests.dialogues.case import Case


class World(ABC):
    """A channel in which things are typed."""

    store: SqlStore
    channel: Channel

    seen_by_all: bool = True
    """Whether everybody there sees the last answer."""

    @abstractmethod
    async def types(self, who: Who, words: str, thread: str = "") -> str:
        """Return what somebody is answered, in a thread where one is named."""

    async def posts(self, who: Who, text: str) -> None:
        """Post a message that nothing answers."""
        raise NotImplementedError(f"{who} has nowhere to post {text}")

    async def play(self, case: Case) -> None:
        """Play a case from the beginning: what is answered, and what the store holds then."""
        await self._begin(case)
        for words in case.before:
            assert await self.types(case.who if case.his else Who.ADMIN, words)
        if case.posted:
            await self.posts(Who.ANYONE, case.posted)
        number, thread = await self._newest()
        words = case.typed.format(number=number)
        said = await self.types(case.who, words, thread if case.in_thread else "")
        answer = plain_words(said)
        assert answer
        assert self.seen_by_all or not case.to_all
        if case.says:
            assert answer == case.says
        for part in case.holds:
            assert part in answer
        for part in case.lacks:
            assert part not in answer
        assert dict((await self.store.chosen(self.channel)).own) == dict(case.own)
        assert len(await self.store.mentions(self.channel, limit=9)) == case.left

    async def _begin(self, case: Case) -> None:
        workspace = self.channel.workspace
        own = tuple((await self.store.chosen(self.channel)).own)
        if own or await self.store.workspace_settings(workspace) != WorkspaceSettings():
            async with self.store.begin() as tx:
                await self.store.change_settings(
                    tx, self.channel, ChannelSettings(), [], names=(), usual=own
                )
                await self.store.change_workspace(tx, workspace, WorkspaceSettings(), [])
        kept = await self.store.kept(self.channel)
        told = await self.store.told(self.channel)
        mentions = await self.store.mentions(self.channel, limit=1)
        is_told = bool(mentions) and told is not None and mentions[0].number <= told.number
        if (case.empty and mentions) or kept.questions or is_told:
            await self.store.forget_channel(self.channel)
        if not case.empty and not await self.store.mentions(self.channel, limit=1):
            await self.types(Who.KEEPER, f"brief {URL}")
            assert await self.store.mentions(self.channel, limit=1)

    async def _newest(self) -> tuple[int, str]:
        """Return the number and the thread of what was briefed last."""
        kept = await self.store.mentions(self.channel, limit=1)
        return (kept[0].number, kept[0].thread.id) if kept else (0, "")
