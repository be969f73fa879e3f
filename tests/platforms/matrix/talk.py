"""A room with two people and the bot, as a test talks in it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from tests.platforms.matrix.bot import MatrixBot
    from tests.standins.matrix import Person
    from tests.standins.matrix.seen import Seen

_T = TypeVar("_T")


async def until(check: Callable[[], _T | None]) -> _T:
    """Wait until something holds that nobody tells us of."""
    async with asyncio.timeout(20):
        while not (found := check()):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
    return found


@dataclass
class Talk:
    """A room; `ann` made it and invited the others."""

    bot: MatrixBot
    ann: Person
    bob: Person
    room: str
    encrypted: bool

    @classmethod
    @asynccontextmanager
    async def begun(
        cls, bot: MatrixBot, people: Callable[..., Awaitable[Person]], *, encrypted: bool
    ) -> AsyncGenerator[Talk]:
        ann, bob = await people("ann", strict=True), await people("bob", strict=True)
        room = await ann.create_room(encrypted=encrypted, invite=[bob, bot.user_id])
        await bob.join(room)
        for one in (ann, bob):
            await one.sees_member(room, bot.user_id)
            await one.sees_member(room, bob.user_id)
        yield cls(bot=bot, ann=ann, bob=bob, room=room, encrypted=encrypted)

    async def ann_says(self, text: str, **given: object) -> str:
        return await self.ann.say(self.room, text, **given)

    def ours_in(self, root: str) -> list[Seen]:
        """Return our posts in a thread, as bob sees them."""
        us = self.bot.user_id
        return [one for one in self.bob.thread(self.room, root) if one.sender == us]

    async def post_in(self, root: str, *, after: Seen | None = None) -> Seen:
        """Wait for our first post in a thread, or for the one that comes after another."""

        def found() -> Seen | None:
            ids = [one.event_id for one in self.bob.timeline(self.room)]
            ours = [one for one in self.ours_in(root) if one.readable]
            if after is not None:
                ours = [one for one in ours if ids.index(one.event_id) > ids.index(after.event_id)]
            return ours[0] if ours else None

        return await self.bob.until(found, f"a post in {root}", room=self.room)

    async def gone(self, post: Seen) -> None:
        """Wait until a post is taken away."""

        def is_gone() -> bool:
            line = self.bob.timeline(self.room)
            return any(one.event_id == post.event_id and one.redacted for one in line)

        await self.bob.until(is_gone, f"{post.event_id} taken away", room=self.room)

    async def settled(self, setting: str) -> None:
        """Have ann, who invited the bot, change a setting."""
        said = await self.ann_says(f"!brief settings {setting}")
        await self.post_in(said)

    def check(self) -> None:
        """What holds at the end: nothing of ours is unreadable, or in the open where it is not."""
        for one in (self.ann, self.bob):
            ours = [seen for seen in one.timeline(self.room) if seen.sender == self.bot.user_id]
            assert ours
            assert [seen for seen in ours if not seen.redacted and not seen.readable] == []
            if self.encrypted:
                assert [seen for seen in ours if not seen.redacted and not seen.encrypted] == []
            assert one.distrusted == []
            assert one.identity_changes == []
