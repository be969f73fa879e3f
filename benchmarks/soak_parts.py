"""What the soak is made of: a clock that is moved, news and a chat without a network."""

from __future__ import annotations

import asyncio
import random
from bisect import bisect
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate, count
from typing import TYPE_CHECKING

from bot.core.reading.identity import article
from bot.model import (
    Channel,
    Instant,
    Message,
    Posted,
    PostRef,
    Reading,
    Thread,
    Verdict,
    Workspace,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

    from bot.model import Article, Backlog, Ending, Incoming, Post, Sign, Upload
    from bot.ports import Desk

PLATFORM = "soak"
SITE = "https://news.example/"
START = datetime(2026, 1, 1, tzinfo=UTC)
_PARAGRAPHS = 25
_SENTENCES = (1, 3)
_WORDS = (9, 24)
_STARTS = tuple("bcdfghlmnprstv")
_MIDDLES = tuple("aeiou")
_ENDS = ("n", "r", "s", "t", "l", "m", "nd", "st", "ck", "ng")
_VOCABULARY = 20_000
_LITTLE = (
    "the",
    "of",
    "to",
    "and",
    "in",
    "a",
    "is",
    "that",
    "for",
    "on",
    "with",
    "was",
    "as",
    "it",
)


class Clock:
    """A clock that somebody moves; real time goes on with it, so that instants differ."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        """Return the simulated time."""
        return self._now

    def instant(self) -> Instant:
        """Return the same moment on the clock that nobody sets."""
        return Instant(era="soak", seconds=(self._now - START).total_seconds())

    def move(self, moment: datetime) -> None:
        """Let it be later."""
        self._now = max(self._now, moment)


class Telemetry:
    """Keeps nothing but counts, and tells when the store was tended."""

    def __init__(self) -> None:
        self.troubles: dict[str, int] = {}
        self.endings: dict[str, int] = {}
        self.tended = asyncio.Event()

    @contextmanager
    def following(self, trace: str) -> Iterator[None]:  # noqa: ARG002 - no lines are kept
        """Lines are not kept."""
        yield

    def log(self, happened: str, **facts: str | float) -> None:  # noqa: ARG002 - as above
        """Notice only that the store was tended."""
        if happened == "tended":
            self.tended.set()

    def trouble(self, happened: str, error: BaseException, **facts: str | float) -> None:  # noqa: ARG002 - as above
        """Count what went wrong."""
        name = f"{happened}: {type(error).__name__}"
        self.troubles[name] = self.troubles.get(name, 0) + 1

    def accepted(self, platform: str) -> None:
        """Nothing is kept."""

    def ended(self, platform: str, ending: Ending, reason: str) -> None:  # noqa: ARG002 - as above
        """Count how events ended."""
        self.endings[ending] = self.endings.get(ending, 0) + 1

    def read(self, verdict: Verdict) -> None:
        """Nothing is kept."""

    def took(self, step: str, seconds: float) -> None:
        """Nothing is kept."""

    def waiting(self, backlog: Sequence[Backlog]) -> None:
        """Nothing is kept."""

    def tokens(self, kind: str, count: int) -> None:
        """Nothing is kept."""


class Platform:
    """Takes posts and drops them."""

    name = PLATFORM
    settle = 0.0
    connected = True
    session = ""

    def __init__(self) -> None:
        self.posts = 0

    async def moderates(self, channel: Channel, who: str) -> bool:  # noqa: ARG002 - nobody does
        """Nobody looks after anything."""
        return False

    async def listen(
        self,
        accept: Callable[[Incoming], Awaitable[None]],  # noqa: ARG002 - nobody speaks here
        desk: Desk,  # noqa: ARG002 - nobody comes to it
    ) -> None:
        """Wait for ever."""
        await asyncio.Event().wait()

    async def post(self, thread: Thread, post: Post, *, key: str) -> PostRef:  # noqa: ARG002 - dropped
        """Take a post."""
        self.posts += 1
        return PostRef(thread=thread, id=f"p{self.posts}")

    def pace(self, thread: Thread, key: str) -> float:  # noqa: ARG002 - without haste
        """Any post may be sent now."""
        return 0.0

    async def show(self, thread: Thread, message: str, sign: Sign) -> None:
        """Nobody watches."""

    async def change(self, ref: PostRef, post: Post) -> None:
        """Nobody reads it."""

    async def retract(self, ref: PostRef) -> None:
        """It is gone already."""

    async def fetch(self, thread: Thread, message: str) -> Message | None:  # noqa: ARG002 - as above
        """Nothing was kept."""
        return None

    def link(self, thread: Thread) -> str:  # noqa: ARG002 - nobody follows it
        """Nothing has an address."""
        return ""

    async def find(self, thread: Thread, key: str) -> PostRef | None:  # noqa: ARG002 - as above
        """Nothing was kept."""
        return None

    async def download(self, upload: Upload) -> bytes:  # noqa: ARG002 - as above
        """There is nothing."""
        return b""

    async def close(self) -> None:
        """Nothing is held."""


class News:
    """Pages without a network: the article of an address is always the same."""

    async def read(self, url: str) -> Reading:
        """Return the article."""
        await asyncio.sleep(0)
        made = story(int(url.removeprefix(SITE)))
        return Reading(source=url, verdict=Verdict.ARTICLE, article=made, share=1.0)

    async def read_bytes(self, data: bytes, *, source: str, media_type: str = "") -> Reading:  # noqa: ARG002 - none come
        """Nothing is uploaded here."""
        return Reading(source=source, verdict=Verdict.UNSUPPORTED)

    async def extract(self, html: str, *, url: str | None) -> Reading:  # noqa: ARG002 - as above
        """Nothing is handed over here."""
        return Reading(source=url or "", verdict=Verdict.UNSUPPORTED)


def story(number: int) -> Article:
    """Return an article of about 850 words in 25 paragraphs."""
    chance = random.Random(number)  # noqa: S311 - words, not secrets
    names = [f"{_word(chance).title()} {_word(chance).title()}" for _ in range(4)]
    paragraphs = [
        " ".join(_sentence(chance, names) for _ in range(chance.randint(*_SENTENCES)))
        for _ in range(_PARAGRAPHS)
    ]
    return article(
        url=f"{SITE}{number}",
        headline=_sentence(chance, names)[:90],
        authors=[chance.choice(names)],
        publisher="The Example",
        published=START.date(),
        language="en",
        paragraphs=paragraphs,
    )


def _sentence(chance: random.Random, names: Sequence[str]) -> str:
    words = [
        chance.choice(_LITTLE) if chance.random() < 0.4 else _word(chance)  # noqa: PLR2004 - as in English
        for _ in range(chance.randint(*_WORDS))
    ]
    words[len(words) // 2] = str(chance.randint(2, 900))
    return f"{chance.choice(names)} said {' '.join(words)}."


def _word(chance: random.Random) -> str:
    """Return a word; the commonest come as often as in a language."""
    vocabulary, weights = _vocabulary()
    return vocabulary[bisect(weights, chance.random() * weights[-1])]


@cache
def _vocabulary() -> tuple[list[str], list[float]]:
    chance = random.Random(1)  # noqa: S311 - as above
    made: dict[str, None] = {}
    while len(made) < _VOCABULARY:
        parts = range(chance.randint(1, 3))
        made["".join(chance.choice(_STARTS) + chance.choice(_MIDDLES) for _ in parts)
             + chance.choice(_ENDS)] = None  # fmt: skip
    return list(made), list(accumulate(1 / (rank + 10) for rank in range(_VOCABULARY)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What is said on a day: so much of everything, spread over it."""

    links: int
    questions: int
    commands: int
    workspaces: int = 2
    channels: int = 5

    def day(self, start: datetime, numbers: count[int]) -> Iterator[tuple[datetime, Posted]]:
        """Yield what is said on the day, and when. Questions are about what was said that day."""
        chance = random.Random(start.isoformat())  # noqa: S311 - as above
        kinds = ["link"] * self.links + ["ask"] * self.questions + ["do"] * self.commands
        chance.shuffle(kinds)
        threads: list[tuple[int, Thread]] = []
        for place, kind in enumerate(kinds):
            number = next(numbers)
            at = start + timedelta(days=(place + 1) / (len(kinds) + 2))
            if kind == "link" or not threads:
                thread = Thread(channel=self.channel(number), id=f"m{number}")
                threads.append((number, thread))
                text = f"{SITE}{number}"
            else:
                about, thread = chance.choice(threads)
                text = _asked(about, chance) if kind == "ask" else _command(chance)
            yield at, _said(text, thread, number, at)

    def channel(self, number: int) -> Channel:
        """Return the channel in which a message is said: each belongs to one workspace."""
        place = number % self.channels
        workspace = Workspace(platform=PLATFORM, id=f"W{place % self.workspaces}")
        return Channel(workspace=workspace, id=f"C{place}")


def _said(text: str, thread: Thread, number: int, at: datetime) -> Posted:
    author = f"U{number % 7}"
    said = Message(thread=thread, id=f"m{number}", author=author, text=text, sent_at=at)
    return Posted(key=f"e{number}", message=said, mentions_us=True)


def _asked(about: int, chance: random.Random) -> str:
    words = chance.choice(story(about).paragraphs).split()
    start = chance.randrange(max(1, len(words) - 4))
    return f"What did {' '.join(words[start : start + 4]).strip('.')} say?"


def _command(chance: random.Random) -> str:
    return chance.choice(["list", "proof 1", "settings", f"search {_word(chance)}"])
