"""Which articles tell of one event.

Average link: two groups become one while the mean likeness of their articles is high enough, the
likest first. A single link would chain an event to its follow-ups.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from bot.core.digesting.likeness import likeness
from bot.core.digesting.traits import traits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.digesting.traits import Traits
    from bot.model import Mention

_ONE_EVENT = 0.5
"""On the days to tune by anything from 0.2 up groups alike; two events told as one are worse than
one told twice."""
_NOTHING = 0.01
"""A likeness below this counts as none: nearly all pairs of a day have one."""


def group(mentions: Sequence[Mention]) -> list[list[Mention]]:
    """Return the mentions by event, each article once; the order given does not matter.

    Of several mentions of an article, or of the same words, the newest is kept, one with a brief
    before one without. The newest story is first, and in it the newest mention.
    """
    kept = distinct(mentions)
    found = [traits(mention) for mention in kept]
    groups = _linked(len(kept), _likenesses(found))
    stories = [[kept[at] for at in members] for members in groups]
    return sorted(stories, key=lambda story: recency(story[0]), reverse=True)


def recency(mention: Mention) -> tuple[object, ...]:
    """Return what sorts mentions by their time, those of one moment always alike."""
    return mention.at, mention.number, mention.article.key, mention.article.version


def distinct(mentions: Sequence[Mention]) -> list[Mention]:
    """Return one mention for each article, the newest first."""
    ordered = sorted(mentions, key=recency, reverse=True)
    ordered.sort(key=lambda mention: mention.brief is None)
    held: list[Mention] = []
    seen: set[str] = set()
    for mention in ordered:
        names = {mention.article.key, f"version:{mention.article.version}"}
        if names.isdisjoint(seen):
            held.append(mention)
        seen |= names
    return sorted(held, key=recency, reverse=True)


def _likenesses(found: Sequence[Traits]) -> dict[tuple[int, int], float]:
    """The likeness of every pair that shares a word, a name or a number and has one to speak of."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(found):
        for token in (*one.names, *one.figures, *(f"{one.language} {w}" for w in one.opening)):
            holders[token].append(at)
    pairs = {pair for places in holders.values() for pair in combinations(places, 2)}
    likenesses = {pair: likeness(found[pair[0]], found[pair[1]]) for pair in sorted(pairs)}
    return {pair: alike for pair, alike in likenesses.items() if alike >= _NOTHING}


def _linked(count: int, likenesses: dict[tuple[int, int], float]) -> list[list[int]]:
    """Join the likest groups until none are alike enough; members in order."""
    groups = {at: [at] for at in range(count)}
    sums = dict(likenesses)
    while sums:
        best, pair = max(
            (total / (len(groups[one]) * len(groups[other])), (-one, -other))
            for (one, other), total in sums.items()
        )
        if best < _ONE_EVENT:
            break
        one, other = -pair[0], -pair[1]
        groups[one] = sorted([*groups[one], *groups.pop(other)])
        del sums[one, other]
        for third in groups:
            if third == one:
                continue
            gone = sums.pop((min(third, other), max(third, other)), 0.0)
            if gone:
                at = (min(third, one), max(third, one))
                sums[at] = sums.get(at, 0.0) + gone
    return list(groups.values())
