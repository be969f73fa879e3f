"""Whether two numbers of two articles on one event are of the same thing.

A logistic sum of what `features` measures. Its weights are in `data/sameness.txt`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.core.digesting.likeness import cosine
from bot.core.digesting.quantity import CLOCKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.digesting.contexts import Passage, Telling, Told
    from bot.core.digesting.quantity import Quantity

_OPENING = 3
"""So many paragraphs of the body are its top, the headline with them."""
SMALL = 13
"""Up to here a number counts whatever: two banks, two customers."""
_YEARS, _DAY_MINUTES = 20.0, 1440.0
_FAR_RATIO = 0.6
_UNLIKE = 0.1
_AGAINST = 2.5
"""Set by hand: who is hurt is not dead, however alike the sentences are."""
_MEASURES = frozenset(("length", "area", "mass", "volume", "speed", "temperature"))
_UNSCALED = frozenset(("score", "date", "elapsed"))
_PLAIN = frozenset(("count", "year", "age", "time", "ago", "unit percent"))


def comparable(one: Told, other: Told) -> bool:
    """Tell whether two numbers can be of one thing at all."""
    first, second = one.quantity, other.quantity
    return first.kind == second.kind or {first.kind, second.kind} <= CLOCKS


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two articles, sentence by sentence: how alike each one is to each of the other."""

    mine: Telling
    theirs: Telling
    alike: Sequence[Sequence[float]]
    wide: Sequence[Sequence[float]]

    @property
    def foreign(self) -> bool:
        """Whether they are in two languages."""
        return self.mine.language != self.theirs.language

    def near(self, one: Told, other: Told) -> float:
        """Return how alike the words round two numbers are, 0 to 1."""
        if self.foreign:
            return cosine(one.foreign, other.foreign)
        return cosine(one.near, other.near)


def paired(mine: Telling, theirs: Telling) -> Pairing:
    """Return two articles side by side."""
    foreign = mine.language != theirs.language

    def likenesses(words: str) -> list[list[float]]:
        first = [_vector(passage, words) for passage in mine.passages]
        second = [_vector(passage, words) for passage in theirs.passages]
        return [[cosine(one, other) for other in second] for one in first]

    names = ("foreign", "wide_foreign") if foreign else ("own", "wide")
    return Pairing(mine, theirs, *(likenesses(name) for name in names))


def _vector(passage: Passage, name: str) -> Mapping[str, float]:
    vector: Mapping[str, float] = getattr(passage, name)
    return vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How much is left of two articles when what they agree on is set aside.

    `alone` is 1 where no other numbers of the kind are left in them, and the less the more there
    are; `alone_unit` the same for those of the unit or of the counted thing; `best` how near the
    nearest other numbers of the kind are, agreed or not, for each of the two; `agreed` the share
    of the numbers that they agree on.
    """

    alone: float
    alone_unit: float
    best: float
    rival: float
    agreed: float


def sameness(pairing: Pairing, one: Told, other: Told, left: Left) -> float:
    """Return how likely two numbers are of one thing, over 0 where rather than not."""
    weights = _weights()
    total = sum(
        weights.get(name, 0.0) * value
        for name, value in features(pairing, one, other, left).items()
    )
    against = one.state and other.state and one.state != other.state
    return total - (_AGAINST if against and one.quantity.kind == "count" else 0.0)


def features(pairing: Pairing, one: Told, other: Told, left: Left) -> dict[str, float]:
    """Return what speaks for and against two numbers being of one thing, by name."""
    kind = kind_of(one.quantity, other.quantity)
    tongue = "foreign" if pairing.foreign else "own"
    near = pairing.near(one, other)
    at, place = one.passage, other.passage
    alike = pairing.alike[at][place]
    most = max(*pairing.alike[at], *(row[place] for row in pairing.alike), 1e-9)
    wide = pairing.wide[at][place]
    most_wide = max(*pairing.wide[at], *(row[place] for row in pairing.wide), 1e-9)
    ratio = _apart(one.quantity, other.quantity)
    depth = [
        each.passage / max(1, len(telling.passages) - 1)
        for each, telling in ((one, pairing.mine), (other, pairing.theirs))
    ]
    found = {
        "bias": 1.0,
        f"kind {kind}": 1.0,
        f"tongue {tongue}": 1.0,
        f"near {tongue}": near,
        f"near root {tongue}": math.sqrt(near),
        f"alike {tongue}": alike,
        f"wide {tongue}": wide,
        f"best passage {tongue}": alike / most,
        f"best wide {tongue}": wide / most_wide,
        "mutual": float(alike >= most and alike > 0),
        "best near": near / max(left.best, 1e-9) if near else 0.0,
        "rival": left.rival,
        "alone": left.alone,
        f"alone {kind}": left.alone,
        "alone unit": left.alone_unit,
        f"alike alone {tongue}": alike * left.alone,
        "agreed": left.agreed,
        "top": float(max(one.depth, other.depth) < _OPENING),
        "depth": abs(depth[0] - depth[1]),
        "ratio": ratio,
        "far": float(ratio > _FAR_RATIO),
        "ranges": float(one.quantity.amount.is_range != other.quantity.amount.is_range),
        "bounds": float(one.quantity.amount.how == other.quantity.amount.how),
        "unit": float(one.quantity.amount.factor == other.quantity.amount.factor),
        f"near {kind}": near,
        f"near alone {tongue}": near * left.alone,
        "only": float(left.alone == 1),
        f"only {kind}": float(left.alone == 1),
        "unlike": float(near + alike < _UNLIKE),
        "unlike small": float(near + alike < _UNLIKE and kind == "small"),
        "unlike year": float(near + alike < _UNLIKE and kind == "year"),
    }
    if not pairing.foreign:
        found["before"] = float(one.beside[0] == other.beside[0] != "")
        found["behind"] = float(one.beside[1] == other.beside[1] != "")
    if kind in ("count", "small"):
        found |= _by_counted(one, other, kind, tongue)
    if one.state or other.state:
        found["state same" if one.state == other.state else "state other"] = 1.0
        if one.state and other.state and one.state != other.state:
            found["state against"] = 1.0
    return found


def kind_of(one: Quantity, other: Quantity) -> str:
    """Return the group of kinds that two numbers are weighed by."""
    if one.kind == "count":
        return "small" if min(one.amount.value, other.amount.value) < SMALL else "count"
    if one.kind in _PLAIN:
        return one.kind.removeprefix("unit ")
    if one.kind in CLOCKS or one.kind == "date":
        return "moment"
    if one.kind.startswith("unit "):
        return "money"
    return "measure" if one.kind in _MEASURES else "other"


def _by_counted(one: Told, other: Told, kind: str, tongue: str) -> dict[str, float]:
    """What the words behind two numbers say of their being of one thing."""
    if one.counted & other.counted:
        found = {f"counted {kind}": 1.0}
    elif one.counted and other.counted:
        found = {f"counted other {kind} {tongue}": 1.0}
        if _classes(one) and _classes(other):
            found["counted other class"] = 1.0
    elif one.counted or other.counted:
        found = {"counted once": 1.0}
    else:
        found = {"counted nothing": 1.0}
    if _is_whole(one.quantity) != _is_whole(other.quantity):
        found["whole"] = 1.0
    return found


def _classes(one: Told) -> bool:
    return any(name[0] in "#~" for name in one.counted)


def _apart(one: Quantity, other: Quantity) -> float:
    """How far two values lie apart: powers of ten, up to 2; years and times by difference."""
    first, second = abs(float(one.amount.size)), abs(float(other.amount.size))
    if one.kind in CLOCKS:
        minutes = abs(first - second) % _DAY_MINUTES
        return 2 * min(minutes, _DAY_MINUTES - minutes) / _DAY_MINUTES
    if one.kind == "year":
        return min(2.0, abs(first - second) / _YEARS)
    if one.kind in _UNSCALED or one.kind.startswith("label"):
        return 0.0
    if not first or not second:
        return 1.0
    return min(2.0, abs(math.log10(first / second)))


def _is_whole(quantity: Quantity) -> bool:
    return quantity.amount.value % 1 == 0


@cache
def _weights() -> dict[str, float]:
    """Read sameness.txt: what each feature counts."""
    text = files("bot.core.digesting").joinpath("data/sameness.txt").read_text("utf-8")
    rows = (line.rsplit(maxsplit=1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(weight) for name, weight in rows}
