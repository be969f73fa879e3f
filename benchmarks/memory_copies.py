"""Copies of articles as other houses print them, and articles that only tell of the same event.

A copy lacks a part of the sentences, has others in another order, some words replaced by words
that mean the same, another headline and a paragraph of its own. The pairs that are no copies are
the nearest to each other of two houses' articles, most of them of the same event.
"""

from __future__ import annotations

import random
import re
from itertools import combinations, islice
from typing import TYPE_CHECKING

from benchmarks.memory_articles import paragraphs_of
from bot.core.answering.terms import terms, weights
from bot.core.language.sentences import split
from bot.core.reading import identity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.program import Row
    from bot.model import Article

_PAIRS = """
said:stated told:informed killed:slain police:officers people:persons children:kids man:fellow
home:house woman:lady big:large show:programme started:began many:numerous helped:assisted
found:discovered wants:wishes shows:reveals got:received car:vehicle doctor:physician film:movie
movie:film job:post world:globe also:too including:among think:believe believe:think called:named
died:perished buy:purchase money:cash released:freed area:region near:beside year:twelvemonth
months:weeks report:account attack:assault attacks:assaults death:demise hospital:clinic
mother:mum father:dad official:functionary officials:functionaries group:band reported:related
made:built took:seized left:departed asked:requested came:arrived went:travelled saw:noticed
family:relatives work:labour long:lengthy high:lofty new:fresh old:aged first:initial
later:afterwards last:final make:create take:grab give:hand need:require use:employ win:triumph
lose:forfeit team:squad game:match season:campaign players:footballers
"""
_SAME = dict(pair.split(":") for pair in _PAIRS.split())
ADDED = (
    "The broadcaster asked three experts for their view on Tuesday. None of them wished to comment "
    "before the hearing in Aldermouth, which 41 witnesses are to attend."
)
_LEAST_SENTENCES = 6


def copies(rows: Sequence[Row], *, many: int) -> Iterator[tuple[Article, Article]]:
    """Yield copies with the articles that they are made of."""
    rng = random.Random("copies")  # noqa: S311 - a benchmark
    long = [row for row in rows if len(_sentences(row)) >= _LEAST_SENTENCES]
    for number, row in enumerate(rng.sample(long, min(many, len(long)))):
        kept = [one for one in _sentences(row) if rng.random() > rng.choice((0.1, 0.2, 0.3))]
        for _ in range(len(kept) // 8 + 1):
            at = rng.randrange(max(1, len(kept) - 1))
            kept[at : at + 2] = kept[at : at + 2][::-1]
        changed = [_reworded(rng, one) for one in kept]
        changed.insert(rng.randrange(len(changed) + 1), ADDED)
        copy = identity.article(
            url=f"https://other.example/{number}",
            headline=row["expected"]["lead_bullets"][-1],
            publisher="The Other House",
            language="en",
            paragraphs=[" ".join(changed[at : at + 2]) for at in range(0, len(changed), 2)],
        )
        yield copy, article_of(row)


def reports(rows: Sequence[Row], *, many: int) -> Iterator[tuple[Article, Article]]:
    """Yield the pairs of articles of different sites that are most like each other."""
    site = [row["expected"].get("site") for row in rows]
    nearest = _nearest(rows)
    apart = ((one, other) for one, other in nearest if site[one] != site[other])
    for one, other in islice(apart, many):
        yield article_of(rows[one]), article_of(rows[other])


def _nearest(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Return the places of pairs of rows, those that share most of the shorter one's words first.

    Words that more than a twentieth of the rows hold do not count.
    """
    weigh = weights("en")
    bags = [set(terms(" ".join(row["paragraphs"]), "en")) for row in rows]
    holders: dict[str, list[int]] = {}
    for place, bag in enumerate(bags):
        for term in bag:
            holders.setdefault(term, []).append(place)
    scored: dict[tuple[int, int], float] = {}
    for term, places in holders.items():
        if len(places) <= len(rows) // 20:
            for pair in combinations(places, 2):
                scored[pair] = scored.get(pair, 0.0) + weigh[term]
    sizes = [sum(weigh[term] for term in bag) or 1.0 for bag in bags]
    return sorted(scored, key=lambda pair: -scored[pair] / min(sizes[at] for at in pair))


def article_of(row: Row) -> Article:
    """Return a row's article."""
    bullets = row["expected"]["lead_bullets"]
    return identity.article(
        url=f"https://first.example/{row['id']}",
        headline=bullets[0],
        publisher="The First House",
        language="en",
        paragraphs=paragraphs_of(row["paragraphs"]),
    )


def _sentences(row: Row) -> list[str]:
    return [text[a:b] for text in row["paragraphs"] for a, b in split(text, "en")]


def _reworded(rng: random.Random, sentence: str) -> str:
    def other(match: re.Match[str]) -> str:
        new = _SAME.get(match[0])
        return new if new and rng.random() < 0.6 else match[0]  # noqa: PLR2004 - most

    return re.sub(r"[a-z]+", other, sentence)
