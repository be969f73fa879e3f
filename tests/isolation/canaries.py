"""Invented words and figures that are in one text only, and texts that are made of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

from bot.core.reading.identity import article
from bot.model import Channel, Reading, Verdict, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import Article

_SYLLABLES = ("ba", "de", "fi", "go", "lu", "ma", "ne", "po", "ri", "su")
TOPICS = ("harbour", "bridge", "ferry", "tunnel", "museum", "station")
"""What the texts of every channel are about: their common words are the same everywhere."""

WORKSPACES = (
    Workspace(platform="alpha", id="T1"),
    Workspace(platform="alpha", id="T2"),
    Workspace(platform="beta", id="T1"),
)
CHANNELS = tuple(
    Channel(workspace=workspace, id=name)
    for workspace in WORKSPACES
    for name in ("news", "desk", "sport", "city")
)
"""Called the same in every workspace, and so are their threads and messages."""

_FILLING = (
    "Nobody who was asked about it this week would say what is to become of those who work there.",
    "The boats that call there every morning, and the old sheds behind it, belong to the town.",
    "The council meets again in two weeks, when it will hear both sides and decide on the sale.",
    "It would be the first of its kind in this part of the country for at least twelve years.",
    "Until then the gates stay open from seven in the morning until nine in the evening.",
)

OWN, SHARED, PEOPLE = 3, 4, 2


def word(number: int) -> str:
    """Return an invented name: no two are alike, and nothing else has its beginning."""
    return "Qx" + "".join(_SYLLABLES[int(digit)] for digit in f"{number:04d}")


def figure(number: int) -> str:
    """Return a figure that is in no other text, nor by chance in a trace or hash."""
    return f"8,{number // 1000:03d},{number % 1000:03d}"


@dataclass(frozen=True, slots=True)
class Text:
    """An article with the canaries that are in it; of a pasted one, `pasted` is what is typed."""

    article: Article
    topic: str
    canaries: frozenset[str]
    pasted: str = ""

    @property
    def url(self) -> str:
        return self.article.url or ""


def _linked(numbers: Iterator[int], topic: str) -> Text:
    names = [word(next(numbers)) for _ in range(6)]
    slug, town, writer, mayor, firm, ship = names
    costs = figure(next(numbers))
    made = article(
        url=f"https://{slug.lower()}.example/{topic}",
        headline=f"The {topic} of {town} opens again",
        authors=[writer],
        publisher="The Sample Post",
        language="en",
        paragraphs=[
            f"The {topic} at {town} will open on Friday after repairs that cost {costs} pounds.",
            f"The work on the {topic} was done by {firm}, which began in the spring of last year.",
            f"“We had given up hope,” said the mayor, {mayor}, who had asked for it since 2019.",
            "About two hundred people stood on the quay and waited for the first boat to arrive.",
        ],
        captions=[f"The {ship} at the {topic} on Monday"],
    )
    return Text(made, topic, frozenset((*(name.casefold() for name in names), costs)))


@cache
def linked() -> tuple[tuple[Text, ...], ...]:
    """Return the articles of each channel, and last those that any channel may post."""
    numbers = count()
    own = [
        tuple(_linked(numbers, TOPICS[(place + nth) % len(TOPICS)]) for nth in range(OWN))
        for place in range(len(CHANNELS))
    ]
    shared = tuple(_linked(numbers, TOPICS[nth]) for nth in range(SHARED))
    return (*own, shared)


def text_of(place: int, nth: int) -> Text:
    """Return one of the texts that a channel may post: its own, then those that all may."""
    return linked()[place][nth] if nth < OWN else linked()[-1][nth - OWN]


def readings() -> dict[str, Reading]:
    """Return what the pages of all articles are read as."""
    return {
        one.url: Reading(source=one.url, verdict=Verdict.ARTICLE, article=one.article)
        for row in linked()
        for one in row
    }


@cache
def people() -> tuple[tuple[str, ...], ...]:
    """Return who is in each channel: one who looks after it, and one who does not."""
    numbers = count(5000)
    return tuple(tuple(word(next(numbers)).casefold() for _ in range(PEOPLE)) for _ in CHANNELS)


def pasted(number: int, topic: str) -> Text:
    """Return a text for somebody to paste; `number` makes it one of a kind, from 0 to 99."""
    names = [word(6000 + 10 * number + nth) for nth in range(3)]
    town, mayor, firm = names
    costs = figure(600_000 + number)
    paragraphs = [
        f"A letter from {town} says that the {topic} there is to be sold before the summer.",
        f"The buyer, {firm}, offers {costs} pounds for the {topic} and for all that belongs to it.",
        f"The mayor, {mayor}, wants to keep the {topic}, since it feeds half of the town.",
        *_FILLING,
    ]
    made = article(url=None, language="en", paragraphs=paragraphs)
    known = frozenset((*(name.casefold() for name in names), costs))
    return Text(made, topic, known, pasted="\n\n".join(paragraphs))


@cache
def everything() -> frozenset[str]:
    """Return every canary of articles and people; those of questions and pastes come later."""
    names = {name for row in people() for name in row}
    return frozenset(names.union(*(one.canaries for row in linked() for one in row)))
