"""The bot in twelve channels of three workspaces: real flows and store, a model that is watched."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.core.talking.wording import CHAT
from bot.flows.attend import Attention
from bot.flows.converse import Conversation
from bot.flows.deliver import Deliver
from bot.flows.desk import FrontDesk
from bot.flows.handle import Handle
from bot.flows.intake import Intake
from bot.flows.observed import ObservedPages, ObservedWriter
from bot.flows.respond import Respond
from bot.flows.spending import Spending
from bot.flows.tend import Tend
from bot.model import Budget, PostRef, Task, Tokens
from bot.store import database
from bot.store.sql import SqlStore
from bot.telemetry import Instruments
from bot.writers.embedded import EmbeddedWriter
from bot.writers.model import ModelWriter, Outage, Prompts
from bot.writers.model.client import Said
from tests.fakes.clock import FakeClock
from tests.fakes.pages import FakePages
from tests.fakes.platform import FakePlatform, Sent
from tests.fakes.work import FakeWork
from tests.isolation.canaries import CHANNELS, people, readings
from tests.standins.model_writing import task_of, written
from tests.store.samples import empty_database

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.model import Channel, Incoming, Job, Post, Thread
    from tests.isolation.leaks import Walls

_PLENTY = Budget(a_day=10**12, a_channel=10**12)
_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_USUAL = database._PRAGMAS
_HURRIED = tuple(one.replace("FULL", "OFF") for one in _USUAL)

_at: ContextVar[Channel | None] = ContextVar("at", default=None)


@cache
def _prompts() -> Prompts:
    return Prompts.load(None)


@dataclass
class WatchedModel:
    """A model's server that does as it is told; what it is sent is looked at."""

    walls: Walls
    model: str = "watched"

    async def ask(
        self,
        model: str,  # noqa: ARG002 - the client's
        system: str,
        user: str,
        form: Mapping[str, Any],
        *,
        patience: float,  # noqa: ARG002 - as above
    ) -> Said:
        where = _at.get()
        self.walls.look("prompt", f"{system}\n{user}", *([where] if where else []))
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        task = task_of({"messages": messages, "response_format": form})
        return Said(text=_json(written(task).as_json()), tokens=Tokens(), counted=True)


def _json(made: dict[str, Any]) -> str:
    import json  # noqa: PLC0415 - small

    return json.dumps(made)


class WatchedPlatform(FakePlatform):
    """A platform where each channel counts its own posts; what it is given is looked at."""

    def __init__(self, name: str, walls: Walls) -> None:
        super().__init__(name)
        self.walls = walls
        self._counts: dict[Channel, int] = {}

    def begin(self, posts: list[Sent]) -> None:
        """Let these be there already."""
        self.posts = list(posts)
        self._counts = dict(Counter(one.ref.thread.channel for one in posts))

    async def post(self, thread: Thread, post: Post, *, key: str) -> PostRef:
        channel = thread.channel
        assert channel.workspace.platform == self.name
        self.walls.look("post", f"{thread.id} {post!r}", channel)
        number = self._counts[channel] = self._counts.get(channel, 0) + 1
        ref = PostRef(thread=thread, id=f"p{number}")
        self.posts.append(Sent(ref, key, post))
        return ref

    async def change(self, ref: PostRef, post: Post) -> None:
        self.walls.look("changed post", repr(post), ref.thread.channel)
        await super().change(ref, post)


@dataclass
class World:
    """The bot and what is around it. `model` says whether a model writes."""

    walls: Walls
    store: SqlStore
    model: bool
    clock: FakeClock = field(default_factory=FakeClock)
    lines: StringIO = field(default_factory=StringIO)

    def __post_init__(self) -> None:
        self.telemetry = Instruments(stream=self.lines)
        self.platforms = {
            name: WatchedPlatform(name, self.walls)
            for name in dict.fromkeys(one.workspace.platform for one in CHANNELS)
        }
        pages = FakePages(readings())
        self.pages = ObservedPages(pages=pages, clock=self.clock, telemetry=self.telemetry)
        self.writer = ObservedWriter(
            writer=self._writer(), clock=self.clock, telemetry=self.telemetry
        )
        self.work = FakeWork(time=lambda: self.clock.instant().seconds)
        shared: dict[str, Any] = {
            "store": self.store,
            "platforms": self.platforms,
            "clock": self.clock,
            "telemetry": self.telemetry,
        }
        self.intake = Intake(**shared, work=self.work)
        self.desk = FrontDesk(
            store=self.store, clock=self.clock, intake=self.intake, conversation=self.conversation
        )
        deliver = Deliver(**shared, chance=lambda: 0.5)
        tend = Tend(**shared, work=self.work, conversation=self.conversation)
        self.handle = Handle(
            store=self.store,
            work=self.work,
            clock=self.clock,
            telemetry=self.telemetry,
            deliver=deliver,
            attention=Attention(
                platforms=self.platforms, store=self.store, telemetry=self.telemetry
            ),
            respond=Respond(conversation=self.conversation, tend=tend, store=self.store),
            chance=lambda: 0.5,
        )

    def _writer(self) -> EmbeddedWriter | ModelWriter:
        if not self.model:
            return EmbeddedWriter()
        return ModelWriter(
            client=WatchedModel(self.walls),  # type: ignore[arg-type] # what is used of it
            outage=Outage(clock=self.clock, telemetry=self.telemetry),
            prompts=_prompts(),
            embedded=EmbeddedWriter(),
            clock=self.clock,
            telemetry=self.telemetry,
            models={},
            context=8000,
            timeout=60.0,
        )

    def conversation(self, channel: Channel) -> Conversation:
        spending = Spending(
            store=self.store,
            clock=self.clock,
            telemetry=self.telemetry,
            budget=_PLENTY,
            local=False,
        )

        async def keeper(who: str) -> bool:
            return who == people()[CHANNELS.index(channel)][0]

        return Conversation(
            channel=channel,
            pages=self.pages,
            writer=self.writer,
            store=self.store,
            clock=self.clock,
            hints=CHAT,
            budget=_PLENTY,
            threaded=True,
            spending=spending if self.model else None,
            keeper=keeper,
            link=self.platforms[channel.workspace.platform].link,
        )

    async def accept(self, incoming: Incoming) -> None:
        await self.intake.accept(incoming)

    async def do_all(self) -> None:
        """Do all jobs, those of different places at the same time; let time pass for the rest."""
        while True:
            while taken := self._taken():
                await asyncio.gather(*(self._do(entry) for entry in taken))
            due = [one.due for one in self.work.entries if one.due is not None]
            if not due:
                return
            self.clock.wait(seconds=max(0.0, min(due) - self.clock.instant().seconds))

    def _taken(self) -> list[Any]:
        taken = []
        while (entry := self.work.take()) is not None:
            taken.append(entry)
        return taken

    async def _do(self, entry: Any) -> None:
        _at.set(await self._channel(entry.job))
        self.work.settle(entry, await self.handle.handle(entry.job))

    async def _channel(self, job: Job) -> Channel | None:
        found = (
            await self.store.event(job.target)
            if job.task is Task.HANDLE
            else await self.store.delivery(job.target)
        )
        return found.thread.channel if found else None

    def look_at_lines(self) -> None:
        """Look at what was logged since: nobody's words may be there."""
        text = self.lines.getvalue()
        self.lines.seek(0)
        self.lines.truncate()
        if text:
            self.walls.look("log", text)

    def look_at_figures(self) -> None:
        self.walls.look("metrics", self.telemetry.exposition()[0].decode())


async def _at_once(work: Callable[[], Any]) -> Any:
    """Do on the spot what the store does on a thread; others have their turn after it."""
    done = work()
    await asyncio.sleep(0)
    return done


@dataclass
class Place:
    """A folder with a store in it, until it is closed."""

    folder: TemporaryDirectory[str]
    path: Path

    @staticmethod
    def new() -> Place:
        where = _IN_MEMORY if _IN_MEMORY.is_dir() else None
        folder = TemporaryDirectory(prefix="briefbot-walls-", dir=where)
        return Place(folder, empty_database(Path(folder.name)))

    async def open(self) -> SqlStore:
        """Open the store, which waits neither for the disk nor for threads: nothing is killed here.

        A hop to a thread takes longer than most of what is done there.
        """
        database._PRAGMAS = _HURRIED
        store = await SqlStore.open(self.path, patience=5)
        store._transactions.hop = _at_once  # type: ignore[method-assign] # see above
        return store

    def close(self) -> None:
        database._PRAGMAS = _USUAL
        self.folder.cleanup()
