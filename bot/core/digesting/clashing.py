"""Figures for the same thing that differ between outlets.

First what two articles agree on is set aside: a number that both give clashes with nothing, even
where the one gives others beside it. Of what is left, numbers that are rather of the same thing
than not (`sameness`) and cannot both be right (`bounds`) clash, the surest first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from bot.core.digesting.bounds import agree
from bot.core.digesting.contexts import told_in
from bot.core.digesting.outlets import outlet_of, struck_spans
from bot.core.digesting.quantity import CLOCKS
from bot.core.digesting.sameness import SMALL, comparable, likeness_of, sameness
from bot.core.language.detect import language_of
from bot.core.language.words import language_or_english
from bot.model import Clash, Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.digesting.contexts import Told
    from bot.model import Mention

_BY_CHANCE = 0.1
"""Numbers whose surroundings are less alike than this may agree by chance."""
_IN_RANGE = 0.4
_HALF_DAY = 720
_ABOUT_YEAR = 2
_NAMED = frozenset(("year", "date", "score", "ordinal", "elapsed", "age"))
"""Kinds that are not rounded: another number is another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    """What an article tells in numbers."""

    mention: Mention
    language: str
    told: Sequence[Told]


def clashes(mentions: Sequence[Mention]) -> tuple[Clash, ...]:
    """Return the figures that the outlets of a story give differently for the same thing.

    In the order in which the first article tells them. What stands in a struck bullet is left out.
    """
    accounts = [_account(mention) for mention in mentions]
    matches = [
        (score, (one, at), (other, place))
        for (one, mine), (other, theirs) in combinations(enumerate(accounts), 2)
        if outlet_of(mine.mention) != outlet_of(theirs.mention)
        for score, at, place in _between(mine, theirs)
    ]
    found: dict[frozenset[tuple[str, str]], Clash] = {}
    for places in _joined(matches):
        said = frozenset(_said(accounts[one], at) for one, at in places)
        if not any(said <= other for other in found):
            found[said] = Clash(figures=tuple(_figure(accounts[one], at) for one, at in places))
    return tuple(found.values())


def _account(mention: Mention) -> _Account:
    struck = struck_spans(mention)
    told = [
        one
        for one in told_in(mention)
        if not any(
            (part, paragraph) == (one.part, one.paragraph) and start <= one.start < end
            for part, paragraph, start, end in struck
        )
    ]
    language = language_or_english(language_of(mention.article))
    return _Account(mention=mention, language=language, told=told)


def _between(mine: _Account, theirs: _Account) -> list[tuple[float, int, int]]:
    """The clashes of two articles, the surest first: a score and the two places."""
    language = mine.language if mine.language == theirs.language else None
    pairs = [
        (at, place)
        for at, one in enumerate(mine.told)
        for place, other in enumerate(theirs.told)
        if comparable(one, other)
    ]
    agreed = [
        (at, place) for at, place in pairs if _both(mine.told[at], theirs.told[place], language)
    ]
    ours, others = ({pair[side] for pair in agreed} for side in (0, 1))
    left = Counter(one.quantity.kind for at, one in enumerate(mine.told) if at not in ours)
    right = Counter(one.quantity.kind for at, one in enumerate(theirs.told) if at not in others)
    scored = []
    for at, place in pairs:
        one, other = mine.told[at], theirs.told[place]
        if at in ours or place in others or _agree(one, other):
            continue
        alone = 1 / (left[one.quantity.kind] * right[other.quantity.kind])
        if (score := sameness(one, other, language, alone)) > 0:
            scored.append((score, at, place))
    return _surest(scored)


def _surest(scored: Sequence[tuple[float, int, int]]) -> list[tuple[float, int, int]]:
    """Take each place once, in the best of its pairs."""
    chosen: list[tuple[float, int, int]] = []
    for score, at, place in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
        if all(at != one and place != other for _, one, other in chosen):
            chosen.append((score, at, place))
    return chosen


def _both(one: Told, other: Told, language: str | None) -> bool:
    """Whether both articles give a number: what is told of the same thing, or is no chance."""
    if not _agree(one, other):
        return False
    first, second = one.quantity, other.quantity
    telling = first.kind != "count" or first.amount.value >= SMALL
    if telling and first.amount.size == second.amount.size:
        return True
    loose = any(each.amount.is_range for each in (first, second))
    return likeness_of(one, other, language) >= (_IN_RANGE if loose else _BY_CHANCE)


def _agree(one: Told, other: Told) -> bool:
    first, second = one.quantity, other.quantity
    apart = abs(first.amount.value - second.amount.value)
    if first.kind in CLOCKS:
        # "at 7.30" may be in the evening
        half = {first.kind, second.kind} != {"clock"}
        return agree(first.amount, second.amount) or (half and apart % _HALF_DAY == 0)
    if first.kind == "year" and (first.amount.how or second.amount.how):
        return apart <= _ABOUT_YEAR
    if first.kind in _NAMED or first.kind.startswith("label"):
        return apart == 0
    return agree(first.amount, second.amount)


def _joined(
    matches: Sequence[tuple[float, tuple[int, int], tuple[int, int]]],
) -> list[list[tuple[int, int]]]:
    """Join matches that share a number: one clash may be of several outlets, each with one."""
    groups: list[set[tuple[int, int]]] = []
    for _, one, other in sorted(matches, key=lambda each: (-each[0], *each[1:])):
        touched = [group for group in groups if group & {one, other}]
        merged = {one, other}.union(*touched)
        if len({account for account, _ in merged}) == len(merged):
            groups = [group for group in groups if group not in touched] + [merged]
    return sorted(sorted(group) for group in groups)


def _said(account: _Account, at: int) -> tuple[str, str]:
    quantity = account.told[at].quantity
    return outlet_of(account.mention), f"{quantity.kind} {quantity.amount.size.normalize():f}"


def _figure(account: _Account, at: int) -> Figure:
    proof = account.told[at].proof(account.mention.article)
    return Figure(
        text=proof.quote,
        outlet=outlet_of(account.mention),
        mention=account.mention,
        evidence=proof,
    )
