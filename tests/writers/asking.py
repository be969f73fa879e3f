"""Articles, questions and a leave for tests that ask a model server."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.reading.identity import article
from bot.core.writing.evidence import holds
from bot.errors import NoLeave
from bot.model import Channel, Instant, Purpose, Question, Thread, Tokens, Workspace
from bot.writers.embedded import EmbeddedWriter
from bot.writers.model import Client, ModelWriter, Outage, Prompts
from tests.fakes.telemetry import FakeTelemetry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Answer, Article, Brief
    from tests.standins.model import Model

THREAD = Thread(channel=Channel(workspace=Workspace(platform="t", id="w"), id="c"), id="1")
PLAIN = {
    "url": "https://paper.example/bridge",
    "headline": "Harbour bridge of Marlow to close",
    "standfirst": "The bridge over the harbour will close for 7 weeks from Monday to be painted.",
    "published": date(2026, 3, 3),
    "language": "en",
    "paragraphs": [
        "About 300 people an hour cross the bridge on foot, most of them from the station.",
        "The council of Marlow said that rust had taken 12 tonnes of steel since spring 2019.",
        "“We looked at 4 offers and took the cheapest,” said Ada Byron, the mayor of the town.",
        "The work is to cost 2.5 million pounds, of which the county pays about one half.",
        "A ferry will carry walkers across the water until the painters have left in May.",
    ],
}
BRIDGE = article(**PLAIN)
PRINTED = article(
    **PLAIN | {"lead_bullets": ["Bridge closes for 7 weeks", "Council blames rust for the work"]}
)
FERRY = article(
    url="https://paper.example/ferry",
    headline="Ferry runs aground off Lindhaven",
    language="en",
    paragraphs=[
        "The ferry Aurora met a sandbank off Lindhaven and ran aground, the coastguard said.",
        "All 212 passengers were brought ashore by two lifeboats within three hours.",
    ],
)
STREETS = ("Alder", "Birch", "Cedar", "Elm", "Hazel", "Juniper", "Larch", "Maple", "Oak", "Rowan")


def long_article(paragraphs: int = 60) -> Article:
    """Return an article whose paragraphs say nothing twice."""
    return article(
        url="https://paper.example/streets",
        headline="Council lists the streets to be dug up",
        language="en",
        paragraphs=[
            f"{STREETS[at % 10]} Street number {at + 11} {_verb(at)} {at + 211} new {_thing(at)} "
            f"before the winter, the {_who(at)} of the district told a meeting on Tuesday."
            for at in range(paragraphs)
        ],
    )


def _verb(at: int) -> str:
    return ("will receive", "is to lose", "has asked for", "cannot use")[at % 4]


def _thing(at: int) -> str:
    return ("lamps", "trees", "benches", "cables", "drains", "signs", "kerbs")[at % 7]


def _who(at: int) -> str:
    return ("surveyor", "treasurer", "gardener")[at % 3]


def question(text: str, **given: object) -> Question:
    asked_at = datetime(2026, 3, 4, tzinfo=UTC)
    return Question(thread=THREAD, asker="ada", text=text, asked_at=asked_at, **given)


class RealClock:
    """A `ports.Clock`: what a server does takes time."""

    def now(self) -> datetime:
        return datetime(2026, 3, 4, tzinfo=UTC)

    def instant(self) -> Instant:
        return Instant(era="test", seconds=time.monotonic())


@dataclass
class RecordingLeave:
    """A `ports.Leave` that remembers: `open` is what was set aside and not settled."""

    most: int = 1_000_000
    reserved: list[int] = field(default_factory=list)
    settled: list[int] = field(default_factory=list)
    used: list[Tokens] = field(default_factory=list)

    @property
    def open(self) -> int:
        return sum(self.reserved) - sum(self.settled)

    async def reserve(self, model: str, tokens: int) -> None:
        await asyncio.sleep(0)
        if sum(self.reserved) + tokens > self.most:
            raise NoLeave(model, "channel_spent")
        self.reserved.append(tokens)

    async def settle(self, model: str, reserved: int, used: Tokens) -> None:  # noqa: ARG002 - the port's
        await asyncio.sleep(0)  # a store takes a moment, also when the task was cancelled
        self.settled.append(reserved)
        self.used.append(used)


def writer_for(
    model: Model, *, key: str = "", context: int = 100_000, timeout: float = 2.0, name: str = ""
) -> ModelWriter:
    """Return a writer for a model server; whoever makes it closes its client."""
    clock, telemetry = RealClock(), FakeTelemetry()
    return ModelWriter(
        outage=Outage(clock=clock, telemetry=telemetry),
        client=Client(base_url=model.url, key=key, model=name, timeout=timeout),
        prompts=Prompts.load(),
        embedded=EmbeddedWriter(),
        clock=clock,
        telemetry=telemetry,
        models=dict.fromkeys(Purpose, ""),
        context=context,
        timeout=timeout,
    )


def holds_true(said: Brief | Answer, articles: Sequence[Article]) -> bool:
    """Whether every proof is an exact span, and everything that is said has one."""
    by_version = {one.version: one for one in articles}
    if hasattr(said, "bullets"):
        proofs = [one.evidence for one in said.bullets]
    else:
        proofs = [said.quotes] if said.text else []
    return all(
        1 <= len(spans) <= 3 and all(holds(span, by_version[span.version]) for span in spans)
        for spans in proofs
    )


def hash_of(prompt: str) -> str:
    return sha256(Path("prompts", f"{prompt}.md").read_bytes()).hexdigest()[:16]
