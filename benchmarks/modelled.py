"""Briefs by a model that runs as a process of its own: what it said, what came of it, how long."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.processes import Process, module
from bot import app
from bot.core.language.detect import detect
from bot.core.language.sentences import split
from bot.core.reading import identity
from bot.core.writing.drafts import Draft
from bot.flows.observed import Uncounted, Unobserved
from bot.model import Method
from bot.settings import Settings
from bot.writers.model import Client
from bot.writers.model.wire import WrittenBrief, read

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from benchmarks.program import Row
    from bot.model import Article, Brief
    from bot.writers.model import ModelWriter
    from bot.writers.model.client import Said

BULLETS = 5
_NAME = "stand-in"
_IN_A_PARAGRAPH = 3
_TICK = 0.001


@dataclass(frozen=True, slots=True)
class StandIn:
    """The server of `tests/standins/model.py`."""

    url: str

    def change(self, **settings: Any) -> None:
        """Have it behave otherwise."""
        self._asked("PUT", "settings", settings)

    def told(self) -> Mapping[str, list[dict[str, Any]]]:
        """Return what it wrote since the last time that must not be posted, by kind."""
        return self._asked("GET", "told")

    def _asked(self, method: str, path: str, sent: Any = None) -> dict[str, Any]:
        address = f"{self.url.removesuffix('/v1')}/{path}"
        body = None if sent is None else json.dumps(sent).encode()
        request = urllib.request.Request(address, body, method=method)  # noqa: S310 - our own
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
            found: dict[str, Any] = json.load(answer)
            return found


@contextmanager
def stand_in(*, seed: int = 1) -> Iterator[StandIn]:
    """Lend a model server as a process of its own."""
    with TemporaryDirectory(prefix="briefbot-bench-") as folder:
        command = module("tests.standins.model", "--seed", str(seed))
        process = Process(command, data=Path(folder), log=Path(folder, "model.log"))
        try:
            yield StandIn(process.first_text())
        finally:
            process.stop()


class Watched(Client):
    """A client that notes what was said to it, and how long it waited for that."""

    def __init__(self, url: str) -> None:
        super().__init__(base_url=url, key="", model=_NAME, timeout=60)
        self.said: list[str] = []
        self.waited = 0.0

    async def ask(self, *args: Any, **named: Any) -> Said:
        """Ask, as the client does."""
        began = time.perf_counter()
        try:
            said = await super().ask(*args, **named)
        finally:
            self.waited += time.perf_counter() - began
        self.said.append(said.text)
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A brief, the bullets that the model drafted for it, and the seconds that it took us."""

    brief: Brief
    drafts: list[Draft]
    seconds: float

    @property
    def worded(self) -> list[str]:
        """The bullets in the model's own words."""
        if self.brief.method is not Method.ABSTRACTIVE:
            return []
        return [one.text for one in self.brief.bullets if not one.quoted]


@dataclass(frozen=True, slots=True)
class Writing:
    """The writer as the bot has it, with a client that is watched."""

    writer: ModelWriter
    client: Watched

    async def brief(self, article: Article) -> Done:
        """Have an article briefed, without a budget."""
        self.client.said.clear()
        self.client.waited = 0.0
        began = time.perf_counter()
        brief = await self.writer.brief(
            article, bullets=BULLETS, own_wording=True, leave=Uncounted()
        )
        ours = time.perf_counter() - began - self.client.waited
        drafts = [one for said in self.client.said for one in _read(said)]
        return Done(brief=brief, drafts=drafts, seconds=ours)


@asynccontextmanager
async def writing(server: StandIn) -> AsyncIterator[Writing]:
    """Lend the writer."""
    client = Watched(server.url)
    settings = Settings(openai_base_url=server.url)
    try:
        yield Writing(app.model_writer(settings, client, Unobserved()), client)
    finally:
        await client.close()


def _read(said: str) -> list[Draft]:
    try:
        bullets = read(said, WrittenBrief).bullets
    except ValueError:
        return []
    return [Draft(text=one.text, label=one.label, quote=one.quote) for one in bullets]


def article_of(row: Row) -> Article:
    """Return a row's article, a text without paragraphs cut into some."""
    paragraphs = row.get("paragraphs") or row["expected"]["body"].split("\n")
    language = detect(" ".join(paragraphs))
    if len(paragraphs) <= _IN_A_PARAGRAPH:
        found = [
            text[start:end].strip() for text in paragraphs for start, end in split(text, language)
        ]
        paragraphs = [
            " ".join(found[at : at + _IN_A_PARAGRAPH])
            for at in range(0, len(found), _IN_A_PARAGRAPH)
        ]
    return identity.article(
        url=None,
        headline=row.get("headline") or row["expected"].get("headline"),
        language=language,
        paragraphs=paragraphs,
    )


@dataclass(slots=True)
class Lateness:
    """How much later than it should have a task ran, in seconds: what else blocked the loop."""

    late: list[float] = field(default_factory=list)

    @asynccontextmanager
    async def noted(self) -> AsyncIterator[None]:
        """Note it meanwhile."""
        task = asyncio.create_task(self._notice())
        try:
            yield
        finally:
            task.cancel()

    def ms(self, share: float) -> float:
        """Return what a share of the times were at most, in milliseconds."""
        late = sorted(self.late)
        return round(1000 * late[min(len(late) - 1, int(share * len(late)))], 1)

    async def _notice(self) -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(_TICK)
            self.late.append(max(0.0, time.perf_counter() - began - _TICK))
