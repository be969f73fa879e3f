"""Values to store."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.model import (
    Answer,
    Article,
    Brief,
    Bullet,
    Channel,
    Delivery,
    Event,
    Evidence,
    Line,
    Mention,
    Message,
    Method,
    Origin,
    Part,
    Passage,
    Post,
    Posted,
    Question,
    Thread,
    Voice,
    Workspace,
)
from bot.ports import Store
from bot.store.opening import open_database

_PROCESSES = Path(__file__).parent / "processes.py"

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEAM = Workspace(platform="slack", id="T1")
NEWS = Channel(workspace=TEAM, id="news")
OTHER = Channel(workspace=TEAM, id="other")
ABROAD = Channel(workspace=Workspace(platform="slack", id="T2"), id="news")


def empty_database(folder: Path) -> Path:
    """Put an up-to-date database without a row into a folder; migrating each would take long."""
    path = folder / "briefbot.db"
    path.write_bytes(_empty())
    return path


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        open_database(path, patience=5).dispose()
        return path.read_bytes()


def _environment() -> dict[str, str]:
    """Ours, without what has a process measure itself: it may run where it can write nothing."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command of processes.py, with what follows it."""
    return subprocess.run(  # noqa: S603 - our own script
        [sys.executable, _PROCESSES, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={**_environment(), "PYTHONPATH": str(_PROCESSES.parents[2])},
    )


def days(count: float) -> timedelta:
    return timedelta(days=count)


def thread(channel: Channel = NEWS, name: str = "1") -> Thread:
    return Thread(channel=channel, id=name)


def article(name: str = "harbour", *, text: str | None = None, version: str = "") -> Article:
    first = text or f"The {name} opened on Monday."
    return Article(
        url=f"https://example.org/{name}",
        version=version or f"v-{name}",
        headline=f"{name.title()} opens",
        standfirst=f"It took {name} years.",
        authors=("Ada Byron",),
        publisher="The Example",
        published=NOON.date(),
        language="en",
        lead_bullets=(f"A {name} opens",),
        paragraphs=(first, "The mayor cut a ribbon."),
        captions=(f"The {name} at dawn",),
    )


def passages(of: Article) -> tuple[Passage, ...]:
    return tuple(
        Passage(first=place, last=place, terms=" ".join(words(text)))
        for place, text in enumerate(of.paragraphs)
    )


def words(text: str) -> list[str]:
    return text.lower().replace(".", " ").split()


def quote(of: Article) -> Evidence:
    first = of.paragraphs[0]
    return Evidence(
        version=of.version, part=Part.BODY, paragraph=0, start=0, end=len(first), quote=first
    )


def brief(of: Article, text: str = "It opened") -> Brief:
    return Brief(
        version=of.version,
        method=Method.EXTRACTIVE,
        bullets=(Bullet(text=text, evidence=(quote(of),), lead_only=("opened",)),),
        warnings=("short",),
    )


def question(text: str = "When did it open?", *, at: datetime = NOON, where: Thread) -> Question:
    return Question(thread=where, asker="bob", text=text, asked_at=at)


def answer(of: Article | None) -> Answer:
    if of is None:
        return Answer(voice=Voice.ABSENT, text="", confidence=0.0)
    return Answer(voice=Voice.SAYS, text=of.paragraphs[0], quotes=(quote(of),), confidence=0.75)


async def mention(
    store: Store,
    given: Article | None = None,
    *,
    channel: Channel = NEWS,
    message: str = "",
    where: str = "1",
    at: datetime = NOON,
    origin: Origin = Origin.LINK,
    briefed: bool = False,
    who: str = "alice",
) -> Mention:
    """Store a mention in a transaction of its own, with a brief if wanted."""
    given = given or article()
    async with store.begin() as tx:
        stored = await store.add_mention(
            tx,
            thread=thread(channel, where),
            message=message or f"{given.key} {given.version} {at.isoformat()}",
            poster=who,
            at=at,
            origin=origin,
            source=given.url or "a text",
            article=given,
            passages=passages(given),
        )
        if briefed:
            stored = await store.add_brief(tx, stored, brief(given), at)
    return stored


async def ask(
    store: Store,
    about: Article | None,
    *,
    channel: Channel = NEWS,
    where: str = "1",
    text: str = "When did it open?",
    at: datetime = NOON,
) -> bool:
    """Store a question with its answer in a transaction of its own; return whether it was kept."""
    async with store.begin() as tx:
        return await store.add_answer(
            tx, question(text, at=at, where=thread(channel, where)), answer(about)
        )


def posted(
    key: str = "e1", *, text: str = "Look at this", channel: Channel = NEWS, where: str = "1"
) -> Posted:
    """Return a message as it comes in; it is in its thread under its key."""
    message = Message(
        thread=thread(channel, where), id=f"m-{key}", author="alice", text=text, sent_at=NOON
    )
    return Posted(key=key, message=message, mentions_us=True)


def post(text: str = "The harbour opened.") -> Post:
    return Post(blocks=(Line(text=text),))


async def accept(store: Store, incoming: Posted | None = None, *, at: datetime = NOON) -> Event:
    """Put a message into the inbox in a transaction of its own."""
    incoming = incoming or posted()
    message = incoming.message
    async with store.begin() as tx:
        event = await store.add_event(
            tx, incoming, thread=message.thread, message=message.id, at=at
        )
    assert event is not None
    return event


async def to_post(
    store: Store, event: Event, *, given: Post | None = None, at: datetime = NOON
) -> Delivery:
    """Put a post for an event into the ledger in a transaction of its own."""
    async with store.begin() as tx:
        line = await store.add_delivery(
            tx, event, key=f"key-{event.id}", post=given or post(), at=at
        )
    assert line is not None
    return line


async def change(store: Store, delivery: Delivery, *, at: datetime = NOON) -> bool:
    """Change a line of the ledger in a transaction of its own."""
    async with store.begin() as tx:
        return await store.change_delivery(tx, delivery, at=at)
