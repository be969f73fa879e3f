"""Train the weights by which numbers of two articles are held to be of one thing.

    BRIEFBOT_BENCH=<folder> python -m benchmarks.train_clashes [--write]

Learns from the days marked "tune" and from every other real pair of one event: planted figures
with their counterparts against what else is left over. Prints how many of the plants are shown and
of the unchanged pairs clash when their event is left out of training; `--write` trains on all and
replaces bot/core/digesting/data/sameness.txt. Needs numpy, which the program itself does not.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.stories import apart, pairs, stories
from benchmarks.stories_clashes import plants, values
from benchmarks.stories_days import days
from bot.core.digesting.clashing import left_over
from bot.core.digesting.contexts import told_in
from bot.core.digesting.sameness import features
from bot.model import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from numpy.typing import NDArray

    from benchmarks.stories_clashes import Plant
    from bot.core.digesting.contexts import Telling, Told
    from bot.model import Mention

    Array = NDArray[np.float64]

WEIGHTS = Path(__file__).parent.parent / "bot/core/digesting/data/sameness.txt"
RIDGE = 2.0
WRONG = {"unchanged": 1.0, "planted": 0.1, "parted": 0.3}
"""What a wrong pairing counts, by how it came about."""
MOST_PARTED = 12
FOLDS = 6
SMALL_STEP = 1e-6
LEVELS = (-0.5, 0.0, 0.3, 0.6, 1.0, 1.5)
LEAST = 0.3
"""The threshold: chosen where it shows most for the false ones, in cross-validation."""
HEAD = """\
# What each feature of `sameness.features` counts towards two numbers being of one thing: a logistic
# regression by `benchmarks/train_clashes.py` on the days marked "tune" in seeds/days and on every
# other real pair of one event in benchmarks/story_pairs.json; figures that two articles share, one
# of them changed, against the other pairings. Over 0 a pair clashes.
"""


@dataclass(frozen=True, slots=True)
class Case:
    """Two articles: their pairings as features, and which of them are of one thing."""

    event: str
    how: str
    rows: Sequence[Mapping[str, float]]
    right: Sequence[bool]
    rivals: Sequence[bool]
    name: str = ""


def cases(
    event: str, mentions: Sequence[Mention], known: Sequence[tuple[str, str]]
) -> Iterator[Case]:
    """Yield the pairs of an event, unchanged and with each plant."""
    for one, other in combinations(mentions, 2):
        yield _case(event, one, other, known)
        yield from _parted(event, one, other)
    for plant in plants(mentions):
        yield _planted(event, plant)


def _case(event: str, one: Mention, other: Mention, known: Sequence[tuple[str, str]]) -> Case:
    mine, theirs = told_in(one), told_in(other)
    pairing, left = left_over(mine, theirs)
    rows, right = [], []
    for at, place, rest in left:
        first, second = mine.told[at], theirs.told[place]
        texts = first.proof(one.article).quote, second.proof(other.article).quote
        natural = any(
            (values(a) & values(texts[0]) and values(b) & values(texts[1]))
            or (values(b) & values(texts[0]) and values(a) & values(texts[1]))
            for a, b in known
        )
        rows.append(features(pairing, first, second, rest))
        right.append(natural)
    return Case(event, "unchanged", rows, right, [True] * len(rows))


def _planted(event: str, plant: Plant) -> Case:
    mine, theirs = told_in(plant.changed), told_in(plant.other)
    pairing, left = left_over(mine, theirs)
    rows, right, rivals = [], [], []
    for at, place, rest in left:
        first, second = _is_at(mine.told[at], plant.mine), _is_at(theirs.told[place], plant.theirs)
        if first or second:
            rows.append(features(pairing, mine.told[at], theirs.told[place], rest))
            right.append(first and second)
            rivals.append(first != second)
    return Case(event, "planted", rows, right, rivals, f"{plant.value} {plant.old} {plant.new}")


def _parted(event: str, one: Mention, other: Mention) -> Iterator[Case]:
    """What is left over when each article is without a sentence of its own that the other has.

    Two figures of a kind that both articles give, V and W: the first is told without W, the other
    without V. What the first tells of V and the other of W is not of one thing.
    """
    mine, theirs = told_in(one), told_in(other)
    first, second = ({_value(each): each for each in side.told} for side in (mine, theirs))
    shared = [value for value in first if value in second]
    for kind in sorted({kind for kind, _ in shared}):
        both = list(permutations([v for v in shared if v[0] == kind], 2))
        for v, w in both[:: max(1, len(both) // MOST_PARTED)]:
            ours, others = _without(mine, w), _without(theirs, v)
            pairing, left = left_over(ours, others)
            held = [
                features(pairing, ours.told[at], others.told[place], rest)
                for at, place, rest in left
                if (_value(ours.told[at]), _value(others.told[place])) == (v, w)
            ]
            if held:
                yield Case(event, "parted", held, [False] * len(held), [True] * len(held))


def _value(told: Told) -> tuple[str, Decimal]:
    return told.quantity.kind, told.quantity.amount.size


def _without(telling: Telling, value: tuple[str, Decimal]) -> Telling:
    """An article without the sentences that give a figure."""
    gone = {one.passage for one in telling.told if _value(one) == value}
    kept = [at for at in range(len(telling.passages)) if at not in gone]
    new = {at: place for place, at in enumerate(kept)}
    return replace(
        telling,
        told=[replace(one, passage=new[one.passage]) for one in telling.told if one.passage in new],
        passages=[telling.passages[at] for at in kept],
    )


def _is_at(told: Told, places: frozenset[tuple[int, int]]) -> bool:
    text = told.paragraph + 1 if told.part is Part.BODY else 0
    return any(text == number and told.start <= at < told.end for number, at in places)


def matrix(held: Sequence[Case], names: Sequence[str]) -> tuple[Array, Array, Array]:
    index = {name: at for at, name in enumerate(names)}
    rows, target, weight = [], [], []
    for case in held:
        n = sum(case.right)
        for row, right in zip(case.rows, case.right, strict=True):
            vector = np.zeros(len(names))
            for name, value in row.items():
                if name in index:
                    vector[index[name]] = value
            rows.append(vector)
            target.append(float(right))
            weight.append(1 / n if right else WRONG[case.how])
    return np.array(rows), np.array(target), np.array(weight)


def fit(x: Array, y: Array, w: Array, names: Sequence[str]) -> Array:
    """Fit a ridge logistic regression by Newton's method."""
    beta = np.zeros(x.shape[1])
    spread = (w[:, None] * (x - np.average(x, axis=0, weights=w)) ** 2).sum(0) / w.sum()
    ridge = RIDGE * np.where(np.array(names) == "bias", 0.001, np.maximum(spread * 10, 0.05))
    for _ in range(25):
        p = 1 / (1 + np.exp(-x @ beta))
        gradient = x.T @ (w * (y - p)) - ridge * beta
        hessian = (x * (w * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < SMALL_STEP:
            break
    return beta


def scores(case: Case, beta: Mapping[str, float]) -> list[float]:
    return [sum(beta.get(name, 0.0) * value for name, value in row.items()) for row in case.rows]


def best(case: Case, beta: Mapping[str, float]) -> tuple[float, float]:
    """The best right and the best wrong score."""
    right = wrong = -99.0
    for score, is_right in zip(scores(case, beta), case.right, strict=True):
        if is_right:
            right = max(right, score)
        else:
            wrong = max(wrong, score)
    return right, wrong


def load() -> Iterator[Case]:
    """Yield the cases of the days to tune on, and of every other real pair of one event."""
    for day in days("tune"):
        for event, mentions in stories([day]):
            known = [both for place, both in day.clashes if place == event]
            yield from cases(f"{day.name} {event}", mentions, known)
    real = [pair for pair in pairs() if pair.same]
    for at, pair in enumerate(real[1::2]):
        yield from cases(f"real {at}", apart(pair.mentions), pair.clashes)


def crossed(held: Sequence[Case], names: Sequence[str]) -> list[tuple[Case, float, float]]:
    """Score each case with the weights of what is not of its event."""
    events = sorted({case.event for case in held})
    found = []
    for fold in range(FOLDS):
        out = set(events[fold::FOLDS])
        weights = fit(*matrix([case for case in held if case.event not in out], names), names)
        by_name = dict(zip(names, weights, strict=True))
        found += [(case, *best(case, by_name)) for case in held if case.event in out]
    return found


def curve(results: Sequence[tuple[Case, float, float]]) -> str:
    """Shares of plants shown, and of unchanged pairs with a false clash, by threshold."""
    lines = []
    for least in LEVELS:
        planted = [
            right > max(least, wrong) for case, right, wrong in results if case.how == "planted"
        ]
        false = [wrong > least for case, _, wrong in results if case.how == "unchanged"]
        lines.append(f"over {least}: shown {np.mean(planted):.3f}, false {np.mean(false):.3f}")
    return "\n".join(lines)


def main() -> None:
    """Cross-validate, and with --write train on all and write the weights."""
    held = list(load())
    names = sorted({name for case in held for row in case.rows for name in row})
    print(curve(crossed(held, names)))
    if "--write" in sys.argv:
        weights = dict(zip(names, fit(*matrix(held, names), names), strict=True))
        weights["bias"] -= LEAST
        rows = "".join(f"{name} {weight:.2f}\n" for name, weight in sorted(weights.items()))
        WEIGHTS.write_text(HEAD + rows, "utf-8")


if __name__ == "__main__":
    main()
