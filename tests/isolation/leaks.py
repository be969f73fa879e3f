"""What each channel may say, and whether it says anything else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.isolation.canaries import CHANNELS, everything, people

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.model import Channel


class Leak(AssertionError):
    """A canary is where it must not be."""

    def __init__(self, kind: str, where: str, canary: str, text: str) -> None:
        at = text.find(canary)
        super().__init__(f"{canary} in {kind} of {where}: …{text[max(0, at - 200) : at + 80]}…")
        self.kind = kind
        self._given = (kind, where, canary, text)

    def __reduce__(self) -> tuple[type[Leak], tuple[str, str, str, str]]:
        return Leak, self._given  # it may come from another process


@dataclass
class Counts:
    """How much was looked at: outputs by their kind, and canaries looked for in each of them."""

    histories: int = 0
    steps: int = 0
    sought: int = 0
    found: int = 0
    outputs: Counter[str] = field(default_factory=Counter)
    holding: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)

    def add(self, other: Counts) -> None:
        self.histories += other.histories
        self.steps += other.steps
        self.sought += other.sought
        self.found += other.found
        self.outputs += other.outputs
        self.holding += other.holding
        self.rules += other.rules


@dataclass
class Walls:
    """Who said what where: a channel may hold what it said itself and has not forgotten.

    `echo` may be said back as well: it was typed just now.
    """

    counts: Counts
    canaries: set[str] = field(default_factory=lambda: set(everything()))
    echo: set[str] = field(default_factory=set)
    leaks: list[Leak] = field(default_factory=list)
    said: dict[Channel, set[str]] = field(init=False)
    _gone: dict[Channel, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.said = {one: set(names) for one, names in zip(CHANNELS, people(), strict=True)}
        self._gone = {one: set() for one in CHANNELS}

    def check(self) -> None:
        """Raise the first Leak that was found, if any."""
        if self.leaks:
            raise self.leaks[0]

    def begin(self, said: Mapping[Channel, set[str]]) -> None:
        """Let this have been said before."""
        for channel, canaries in said.items():
            self.say(channel, canaries)

    def say(self, channel: Channel, canaries: Iterable[str]) -> None:
        """Let a channel have said something."""
        said = {one.casefold() for one in canaries}
        self.canaries |= said
        self.said[channel] |= said
        self._gone[channel] -= said

    def forget(self, channel: Channel, canaries: Iterable[str]) -> None:
        """Let a channel say something no more."""
        self._gone[channel] |= {one.casefold() for one in canaries}

    def allowed(self, channels: Iterable[Channel]) -> set[str]:
        """Return the canaries that may be seen in all of these channels together."""
        seen = set(self.echo)
        for one in channels:
            seen |= self.said[one] - self._gone[one]
        return seen

    def look(self, kind: str, text: str, *channels: Channel) -> None:
        """Look at what is shown in these channels, or anywhere; `check` tells what was found.

        It raises nothing: flows would take that for a failure of theirs, and try again.
        """
        folded = text.casefold()
        allowed = self.allowed(channels) if channels else set()
        foreign = self.canaries - allowed
        self.counts.outputs[kind] += 1
        self.counts.sought += len(foreign)
        for canary in foreign:
            if canary in folded:
                self.counts.found += 1
                self.leaks.append(Leak(kind, str(channels), canary, folded))
        if any(canary in folded for canary in allowed):
            self.counts.holding[kind] += 1  # else it would prove little
