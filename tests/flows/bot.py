"""A bot made of fakes: what is said to it, and what it posted."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bot.core.talking.wording import CHAT
from bot.errors import StoreBusy
from bot.flows.attend import Attention
from bot.flows.converse import Conversation
from bot.flows.deliver import Deliver
from bot.flows.desk import FrontDesk
from bot.flows.digest import Clockwork
from bot.flows.handle import Handle
from bot.flows.intake import Intake
from bot.flows.recover import recover
from bot.flows.respond import Respond
from bot.flows.serve import Service
from bot.flows.tend import Tend
from bot.model import (
    Channel,
    Commanded,
    Deleted,
    Edited,
    Message,
    Posted,
    Pressed,
    Reacted,
    Reading,
    Thread,
    Verdict,
    Workspace,
)
from bot.platforms.console.plain import plain
from tests.fakes.clock import FakeClock
from tests.fakes.pages import FakePages
from tests.fakes.platform import FakePlatform
from tests.fakes.store import FakeStore
from tests.fakes.telemetry import FakeTelemetry
from tests.fakes.work import FakeWork
from tests.fakes.writer import FakeWriter
from tests.flows.articles import MUSEUM, PIER

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from bot.core.talking.wording import Hints
    from bot.flows.spending import Spending
    from bot.model import Article, Brief, Delivery, Ending, Event, Finish, PostRef
    from bot.model import Post as PostModel
    from bot.ports import Leave, Tx

NEWS = Channel(workspace=Workspace(platform="fake", id="T1"), id="news")
PIER_URL, MUSEUM_URL = "https://sample.example/pier", "https://sample.example/museum"
WALL_URL = "https://wall.example/a"
SETTLE = 10.0

_LONGEST = 100_000


class FailingStore(FakeStore):
    """A store that can go away: the next so many transactions fail, or all until it is back."""

    def __init__(self) -> None:
        super().__init__()
        self.fails = 0
        self.away = False
        self.before_change: Callable[[Delivery], None] | None = None

    def begin(self) -> AbstractAsyncContextManager[Tx]:
        return self._begin()

    @asynccontextmanager
    async def _begin(self) -> AsyncGenerator[Tx]:
        if self.away or self.fails:
            self.fails = max(0, self.fails - 1)
            raise StoreBusy("memory")
        async with super().begin() as tx:
            yield tx

    async def change_delivery(self, tx: Tx, delivery: Delivery, *, at: datetime) -> bool:
        if self.before_change is not None:
            self.before_change(delivery)
        return await super().change_delivery(tx, delivery, at=at)


class FailingWriter(FakeWriter):
    """A writer that fails when it is about to brief what it is told to, once for each error.

    While `thinking` is an event that is not set, it thinks.
    """

    def __init__(self) -> None:
        super().__init__()
        self.thinking: asyncio.Event | None = None
        self.fails: dict[str, list[Exception]] = {}

    async def brief(
        self,
        article: Article,
        *,
        bullets: int,
        own_wording: bool = False,
        language: str | None = None,
        leave: Leave | None = None,
    ) -> Brief:
        if self.thinking is not None:
            await self.thinking.wait()
        planned = self.fails.get(article.version)
        if planned:
            raise planned.pop(0)
        return await super().brief(
            article, bullets=bullets, own_wording=own_wording, language=language, leave=leave
        )


class WatchedPlatform(FakePlatform):
    """A platform that shows each attempt to a test before it is made, and those after it."""

    def __init__(self) -> None:
        super().__init__(settle=SETTLE)
        self.before: list[Callable[[], object]] = []
        self.after: list[Callable[[], object]] = []
        self.looks = 0

    async def post(self, thread: Thread, post: PostModel, *, key: str) -> PostRef:
        for call in self.before:
            call()
        try:
            return await super().post(thread, post, key=key)
        finally:
            for call in self.after:
                call()

    async def find(self, thread: Thread, key: str) -> PostRef | None:
        self.looks += 1
        return await super().find(thread, key)


@dataclass
class Bot:
    """`say` something, let it `work`, and look at what it `said`."""

    clock: FakeClock = field(default_factory=FakeClock)
    store: FailingStore = field(default_factory=FailingStore)
    platform: WatchedPlatform = field(default_factory=WatchedPlatform)
    writer: FailingWriter = field(default_factory=FailingWriter)
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)
    finishes: list[Finish] = field(default_factory=list)
    keepers: set[str] = field(default_factory=lambda: {"ada"})
    admins: set[str] = field(default_factory=set)
    hints: Hints = CHAT
    spending: Spending | None = None
    moment: float = 0.02  # seconds until it is shown that something is worked on
    apart: bool = False  # whether there may be other processes
    _keys: int = 0

    def __post_init__(self) -> None:
        self.pages = FakePages(
            {
                PIER_URL: Reading(source=PIER_URL, verdict=Verdict.ARTICLE, article=PIER),
                MUSEUM_URL: Reading(source=MUSEUM_URL, verdict=Verdict.ARTICLE, article=MUSEUM),
                WALL_URL: Reading(source=WALL_URL, verdict=Verdict.CONSENT_WALL),
            }
        )
        self.work = FakeWork(time=lambda: self.clock.instant().seconds, apart=self.apart)
        self.platforms = {"fake": self.platform}
        self.intake = Intake(
            store=self.store,
            work=self.work,
            platforms=self.platforms,
            clock=self.clock,
            telemetry=self.telemetry,
        )
        self.desk = FrontDesk(
            store=self.store,
            clock=self.clock,
            intake=self.intake,
            conversation=self.conversation,
        )
        self.start()

    def start(self) -> None:
        """Begin as a new process would: with nothing in memory."""
        self.deliver = Deliver(
            store=self.store,
            platforms=self.platforms,
            clock=self.clock,
            telemetry=self.telemetry,
            chance=lambda: 0.5,
        )
        self.handle = Handle(
            store=self.store,
            work=self.work,
            clock=self.clock,
            telemetry=self.telemetry,
            deliver=self.deliver,
            attention=Attention(
                platforms=self.deliver.platforms,
                store=self.store,
                telemetry=self.telemetry,
                moment=self.moment,
                every=0.02,
            ),
            respond=Respond(
                conversation=self.conversation,
                tend=Tend(
                    store=self.store,
                    work=self.work,
                    platforms=self.platforms,
                    clock=self.clock,
                    telemetry=self.telemetry,
                    conversation=self.conversation,
                ),
                store=self.store,
            ),
            chance=lambda: 0.5,
        )

    @property
    def clockwork(self) -> Clockwork:
        return Clockwork(
            store=self.store, intake=self.intake, clock=self.clock, telemetry=self.telemetry
        )

    def service(self, give_back: Callable[[], None] = lambda: None) -> Service:
        """Return all of it, to be run."""
        return Service(
            platforms=[self.platform],
            intake=self.intake,
            clockwork=self.clockwork,
            desk=self.desk,
            handle=self.handle,
            store=self.store,
            work=self.work,
            clock=self.clock,
            telemetry=self.telemetry,
            give_back=give_back,
        )

    async def say(
        self,
        text: str,
        *,
        key: str = "",
        where: str = "1",
        us: bool = True,
        who: str = "ada",
        **given: Any,
    ) -> None:
        """Have somebody say something in a thread; it is accepted when this returns."""
        key = key or self._next()
        message = replace(self.message(text, f"m-{key}", where=where), author=who)
        if uploads := given.pop("uploads", ()):
            message = replace(message, uploads=uploads)
        message = replace(message, private=given.pop("private", False))
        await self.intake.accept(Posted(key=key, message=message, mentions_us=us, **given))

    def message(self, text: str, name: str, *, where: str = "1") -> Message:
        """Return a message of Ada's."""
        return Message(
            thread=Thread(channel=NEWS, id=where),
            id=name,
            author="ada",
            text=text,
            sent_at=self.clock.now(),
        )

    async def edit(
        self, name: str, text: str, *, before: str | None = None, key: str = "", us: bool = True
    ) -> None:
        """Have Ada change a message."""
        message = self.message(text, name)
        key = key or self._next()
        await self.intake.accept(
            Edited(key=key, message=message, before=before, mentions_us=us, named_us=us)
        )

    async def delete(self, name: str, *, key: str = "") -> None:
        """Have Ada take a message back."""
        thread = Thread(channel=NEWS, id="1")
        await self.intake.accept(Deleted(key=key or self._next(), thread=thread, message_id=name))

    async def press(
        self, action: str, value: str = "1", *, who: str = "ada", key: str = "", post: str = ""
    ) -> None:
        """Have somebody press a control, or put its reaction on a post."""
        thread = Thread(channel=NEWS, id="1")
        key = key or self._next()
        await self.intake.accept(
            Pressed(key=key, thread=thread, who=who, action=action, value=value, post=post)
        )

    async def react(
        self, name: str, text: str = "", *, who: str = "bob", key: str = "", **given: Any
    ) -> None:
        """Have somebody put a newspaper on a message of Ada's."""
        given = {"reaction": "newspaper", **given}
        message = replace(self.message(text, name), private=given.pop("private", False))
        key = key or self._next()
        await self.intake.accept(Reacted(key=key, message=message, who=who, **given))

    async def order(self, text: str, *, who: str = "ada", where: str = "1", **given: Any) -> None:
        """Have somebody type a command that takes work."""
        await self.intake.accept(self.command(text, who=who, where=where, **given))

    def command(
        self, text: str, *, who: str = "ada", where: str = "1", key: str = "", direct: bool = False
    ) -> Commanded:
        """Return a command as somebody types it."""
        thread = Thread(channel=NEWS, id=where)
        key = key or self._next()
        now = self.clock.now()
        return Commanded(key=key, thread=thread, who=who, text=text, at=now, direct=direct)

    async def set(self, **changes: Any) -> None:
        """Have the channel set something."""
        async with self.store.begin() as tx:
            kept = await self.store.channel_settings(NEWS)
            await self.store.change_settings(tx, NEWS, replace(kept, **changes), [])

    def _next(self) -> str:
        self._keys += 1
        return f"k{self._keys}"

    async def do_next(self) -> Finish | None:
        """Do the next job that may run; None where there is none."""
        entry = self.work.take()
        if entry is None:
            return None
        finish = await self.handle.handle(entry.job)
        self.work.settle(entry, finish)
        self.finishes.append(finish)
        return finish

    async def do_all(self, *, within: float = _LONGEST) -> None:
        """Do all jobs, letting time pass for those that wait, but no more than so many seconds."""
        end = self.clock.instant().seconds + within
        while True:
            while await self.do_next() is not None:
                pass
            due = [one.due for one in self.work.entries if one.due is not None]
            if not due or min(due) > end:
                return
            self.clock.wait(seconds=max(0.0, min(due) - self.clock.instant().seconds))

    async def revive(self, number: int) -> None:
        """Do what `briefbot jobs retry` does."""
        async with self.store.begin() as tx:
            assert await self.store.revive(tx, number, at=self.clock.now()) is not None
        await recover(store=self.store, work=self.work)

    @property
    def said(self) -> list[str]:
        """What can be read on the platform."""
        return [plain(one.post) for one in self.platform.posts]

    @property
    def told(self) -> list[tuple[str, str]]:
        """What only one person can read, with who that is."""
        return [(one.post.to, plain(one.post)) for one in self.platform.posts if one.post.to]

    async def numbers(self) -> list[int]:
        """The numbers of what is kept, oldest first."""
        return [one.number for one in await self.store.mentions(NEWS, limit=99)][::-1]

    async def endings(self) -> list[tuple[Ending | None, str]]:
        """How all events ended, and why."""
        last = self.store._state.inbox.last_event
        events = [await self.event(number) for number in range(1, last + 1)]
        return [(one.ending, one.reason) for one in events]

    async def event(self, number: int = 1) -> Event:
        found = await self.store.event(number)
        assert found is not None
        return found

    async def line(self, number: int = 1) -> Delivery:
        found = await self.store.delivery(number)
        assert found is not None
        return found

    def line_now(self, number: int = 1) -> Delivery:
        """Return a line as it is stored, where nothing can be awaited."""
        return self.store._state.inbox.lines[number].delivery

    def conversation(self, channel: Channel) -> Conversation:
        return Conversation(
            channel=channel,
            pages=self.pages,
            writer=self.writer,
            store=self.store,
            clock=self.clock,
            hints=self.hints,
            spending=self.spending,
            threaded=True,
            link=self.platform.link,
            keeper=self._keeper,
            admin=self._admin,
            download=self.platform.download,
        )

    async def _keeper(self, who: str) -> bool:
        return who in self.keepers

    async def _admin(self, who: str) -> bool:
        return who in self.admins
