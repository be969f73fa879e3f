"""Where the people of a storm talk to the bot, and what they must find there when it is over."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

TIMEOUT, GRACE = 0.5, 0.8
"""What a post's request may take, and how much later it may appear: `late` + `lag` is below."""


@dataclass(kw_only=True)
class Judgement:
    """What was said and answered; the lists name what should not be.

    `unreadable` are posts that somebody had no key for, `exposed` those that needed none where all
    is encrypted.
    """

    events: int = 0
    posts: int = 0
    lost: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    exposed: list[str] = field(default_factory=list)


class Scene(Protocol):
    """A chat platform full of people, whose every fault may come; made with chances and a site."""

    births: Sequence[float]
    """Seconds of the lives that end before the bot has begun."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *_: object) -> None: ...

    @property
    def environment(self) -> Mapping[str, str]:
        """What the bot is to be told of it."""
        ...

    @property
    def posts(self) -> int:
        """How many posts there are."""
        ...

    @property
    def acked(self) -> bool:
        """Whether everything that was said was taken in."""
        ...

    @property
    def faults(self) -> dict[str, int]:
        """What went wrong how often."""
        ...

    async def prepare(self) -> None:
        """Do what takes a bot that is alive, then let the faults begin."""
        ...

    async def heard(self) -> None:
        """Wait until the bot listens, but not for long."""
        ...

    async def away(self) -> None:
        """Do what people do while the bot is down."""
        ...

    def talk(self, count: int) -> None:
        """Let people say so many things."""
        ...

    def cut(self, seconds: float) -> None:
        """Break all connections and refuse new ones for some time."""
        ...

    def calm(self) -> None:
        """Let the faults end."""
        ...

    def judge(self, rows: Sequence[Mapping[str, Any]]) -> Judgement:
        """Judge what came of it; `rows` are the inbox's."""
        ...
