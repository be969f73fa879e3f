"""Figures for the same thing that differ between outlets.

First what two articles agree on is set aside: a number that both give clashes with nothing, even
where the one gives others beside it. Of what is left, numbers that are rather of the same thing
than not (`sameness`) and cannot both be right (`bounds`) clash, the surest first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from bot.core.digesting.bounds import agree
from bot.core.digesting.contexts import told_in
from bot.core.digesting.outlets import outlet_of, struck_spans
from bot.core.digesting.quantity import CLOCKS
from bot.core.digesting.sameness import SMALL, Left, comparable, paired, sameness
from bot.model import Clash, Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence
    from decimal import Decimal

    from bot.core.digesting.contexts import Telling, Told
    from bot.core.digesting.sameness import Pairing
    from bot.model import Mention

_BY_CHANCE = 0.1
"""Numbers whose surroundings are less alike than this may agree by chance."""
_LOOSELY, _IN_RANGE = 0.2, 0.4
_HALF_DAY = 720
_ABOUT_YEAR = 2
_NAMED = frozenset(("year", "date", "score", "ordinal", "elapsed", "age"))
"""Kinds that are not rounded: another number is another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    """What an article tells in numbers."""

    mention: Mention
    telling: Telling

    @property
    def told(self) -> Sequence[Told]:
        return self.telling.told


def clashes(mentions: Sequence[Mention]) -> tuple[Clash, ...]:
    """Return the figures that the outlets of a story give differently for the same thing.

    The surest come first. What stands in a struck bullet is left out.
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
    telling = told_in(mention)
    told = [
        one
        for one in telling.told
        if not any(
            (part, paragraph) == (one.part, one.paragraph) and start <= one.start < end
            for part, paragraph, start, end in struck
        )
    ]
    return _Account(mention=mention, telling=replace(telling, told=told))


def _between(mine: _Account, theirs: _Account) -> list[tuple[float, int, int]]:
    """The clashes of two articles, the surest first: a score and the two places."""
    pairing, left = left_over(mine.telling, theirs.telling)
    scored = [
        (score, at, place)
        for at, place, rest in left
        if (score := sameness(pairing, mine.told[at], theirs.told[place], rest)) > 0
    ]
    return _surest(scored)


def left_over(mine: Telling, theirs: Telling) -> tuple[Pairing, list[tuple[int, int, Left]]]:
    """Return two articles side by side, and which of their numbers may clash: two places each."""
    pairing = paired(mine, theirs)
    nears = {
        (at, place): pairing.near(one, other)
        for at, one in enumerate(mine.told)
        for place, other in enumerate(theirs.told)
        if comparable(one, other)
    }
    ours, others = _agreed(mine, theirs, nears)
    share = (len(ours) + len(others)) / max(1, len(mine.told) + len(theirs.told))
    rest = [one for at, one in enumerate(mine.told) if at not in ours]
    over = [one for place, one in enumerate(theirs.told) if place not in others]
    kinds = [_counts(side, lambda one: one.quantity.kind) for side in (rest, over)]
    units = [_counts(side, _unit) for side in (rest, over)]
    found = []
    for at, place in nears:
        one, other = mine.told[at], theirs.told[place]
        if at in ours or place in others or _agree(one, other):
            continue
        best, rival = _beside(nears, at, place, ours, others)
        left = Left(
            alone=1 / (kinds[0][one.quantity.kind] * kinds[1][other.quantity.kind]),
            alone_unit=1 / (units[0][_unit(one)] * units[1][_unit(other)]),
            best=best,
            rival=rival,
            agreed=share,
        )
        found.append((at, place, left))
    return pairing, found


def _counts(side: Sequence[Told], of: Callable[[Told], Hashable]) -> Counter[Hashable]:
    """How many values there are of each kind."""
    return Counter(kind for kind, _ in {(of(one), one.quantity.amount.size) for one in side})


def _beside(
    nears: Mapping[tuple[int, int], float], at: int, place: int, ours: set[int], others: set[int]
) -> tuple[float, float]:
    """How near the nearest other number is to either of two, any, and one that both give."""
    best, rival = nears[at, place], 0.0
    for (first, second), near in nears.items():
        if first == at or second == place:
            best = max(best, near)
            if (first == at and second in others) or (second == place and first in ours):
                rival = max(rival, near)
    return best, rival


def _agreed(
    mine: Telling, theirs: Telling, nears: Mapping[tuple[int, int], float]
) -> tuple[set[int], set[int]]:
    """The numbers of the one and of the other that both give."""
    both = [
        (at, place, _same_size(mine.told[at], theirs.told[place]))
        for (at, place), near in nears.items()
        if _both(mine.told[at], theirs.told[place], near)
    ]
    ours = {at for at, _, same in both if same}
    others = {place for _, place, same in both if same}
    # what is rounded or bounded is the same as one that is not yet accounted for
    rest = [(at, place) for at, place, same in both if not same]
    loose = [pair for pair in rest if not (pair[0] in ours or pair[1] in others)]
    return ours | {at for at, _ in loose}, others | {place for _, place in loose}


def _same_size(one: Told, other: Told) -> bool:
    return one.quantity.amount.size == other.quantity.amount.size


def _unit(one: Told) -> tuple[str, Decimal, str]:
    """What a number is in: its unit, or what it counts."""
    quantity = one.quantity
    return quantity.kind, quantity.amount.factor, min(one.counted, default="")


def _surest(scored: Sequence[tuple[float, int, int]]) -> list[tuple[float, int, int]]:
    """Take each place once, in the best of its pairs."""
    chosen: list[tuple[float, int, int]] = []
    for score, at, place in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
        if all(at != one and place != other for _, one, other in chosen):
            chosen.append((score, at, place))
    return chosen


def _both(one: Told, other: Told, near: float) -> bool:
    """Whether both articles give a number: what is told of the same thing, or is no chance."""
    if not _agree(one, other):
        return False
    first, second = one.quantity, other.quantity
    telling = first.kind != "count" or first.amount.value >= SMALL
    if telling and first.amount.size == second.amount.size:
        return True
    loose = any(each.amount.is_range for each in (first, second))
    least = _BY_CHANCE if first.amount.size == second.amount.size else _LOOSELY
    return near >= (_IN_RANGE if loose else least)


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
    """Join matches that share a number: one clash may be of several outlets, each with one.

    The surest come first.
    """
    groups: list[set[tuple[int, int]]] = []
    for _, one, other in sorted(matches, key=lambda each: (-each[0], *each[1:])):
        touched = [group for group in groups if group & {one, other}]
        merged = {one, other}.union(*touched)
        if len({account for account, _ in merged}) == len(merged):
            at = groups.index(touched[0]) if touched else len(groups)
            groups[at : at + 1] = [merged]
            groups = [group for group in groups if group is merged or group not in touched]
    return [sorted(group) for group in groups]


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
