"""What a model was used for, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from bot.model.places import Channel


class Purpose(StrEnum):
    """The steps that may ask a model."""

    BRIEF = "brief"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Tokens that a model took in and wrote."""

    taken_in: int = 0
    written: int = 0

    @property
    def total(self) -> int:
        """Both together: what budgets count."""
        return self.taken_in + self.written


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one channel spent on one step of one day (UTC) with one model.

    `reserved` are tokens set aside for calls that have not come back.
    """

    channel: Channel
    day: date
    purpose: Purpose
    model: str
    calls: int
    tokens: Tokens
    reserved: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many tokens a workspace may spend a day, and how many of them one channel."""

    a_day: int
    a_channel: int


class Reserved(StrEnum):
    """What became of the wish to set tokens aside: NEARLY once a day, when 80 % are reached."""

    WELL = "well"
    NEARLY = "nearly"
    WORKSPACE_SPENT = "workspace_spent"
    CHANNEL_SPENT = "channel_spent"
