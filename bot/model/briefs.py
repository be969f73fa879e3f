"""What is said: briefs and answers, with their proof."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model.places import Thread


class Part(StrEnum):
    """The parts of an article that evidence may point into."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    LEAD_BULLET = "lead_bullet"
    BODY = "body"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """An exact span of a stored article: part text [start:end] equals `quote`, always.

    `paragraph` is the index within the part (0 for headline and standfirst); `page` the page of
    a PDF, from 1.
    """

    version: str
    part: Part
    paragraph: int
    start: int
    end: int
    quote: str
    page: int | None = None


class Method(StrEnum):
    """Where the words of a brief come from."""

    PUBLISHER = "publisher"
    EXTRACTIVE = "extractive"
    ABSTRACTIVE = "abstractive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullet:
    """One sentence of a brief and 1 to 3 spans that it rests on, best first.

    `lead_only` holds the words of a publisher's lead bullet that nothing else in the article
    states. `quoted` marks one that is the article's own sentence among others of a model's wording.
    """

    text: str
    evidence: tuple[Evidence, ...]
    lead_only: tuple[str, ...] = ()
    quoted: bool = False


TEASER = "teaser"
"""The warning of a brief whose article was read in its beginning only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Our bullets for one article version, and what wrote them."""

    version: str
    method: Method
    bullets: tuple[Bullet, ...]
    warnings: tuple[str, ...] = ()
    model: str | None = None
    prompt_hash: str | None = None

    @property
    def is_of_teaser(self) -> bool:
        """Whether no more than the beginning of its article was read."""
        return TEASER in self.warnings

    def of_teaser(self) -> Brief:
        """Return it with the warning that no more than the beginning was read."""
        return self if self.is_of_teaser else replace(self, warnings=(TEASER, *self.warnings))


class Voice(StrEnum):
    """How sure an answer is."""

    SAYS = "says"
    CLOSEST = "closest"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asked in a thread. `previous` is the thread's last question, if any.

    `memory` holds the thread's last exchanges, oldest first: what was asked, what was answered.
    """

    thread: Thread
    asker: str
    text: str
    asked_at: datetime
    previous: str | None = None
    memory: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What we say to a question: up to three quotes, best first.

    `text` is the first quote's words or, where the method is ABSTRACTIVE, a sentence or two that a
    model wrote and that rest on the quotes. `confidence` runs from 0 to 1 and rises with certainty.
    """

    voice: Voice
    text: str
    quotes: tuple[Evidence, ...] = ()
    confidence: float = 0.0
    method: Method = Method.EXTRACTIVE
    warnings: tuple[str, ...] = ()
    model: str | None = None
    prompt_hash: str | None = None


class Outcome(StrEnum):
    """What the fact lock decides about one sentence."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The fact lock's finding on a claim; `support`, 0 to 1, rises with faithfulness.

    Each reason is a kind and the words at fault: ("number", "300").
    """

    outcome: Outcome
    reasons: tuple[tuple[str, str], ...]
    support: float
