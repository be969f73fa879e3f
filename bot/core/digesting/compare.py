"""What the outlets of one story say alike, and where their figures differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.digesting.clashing import clashes
from bot.core.digesting.outlets import by_outlet, outlet_of, unstruck
from bot.core.digesting.saying import Account, account, same_bullet
from bot.model import Point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Bullet, Evidence, Mention

__all__ = ["clashes", "points"]


def points(mentions: Sequence[Mention], most: int) -> tuple[Point, ...]:
    """Return up to `most` bullets of a story's briefs, none that says what one above it says.

    What more outlets say comes first, then the order of the mentions and of their bullets.
    Bullets that somebody struck are left out.
    """
    accounts = {
        outlet: [account(mention) for mention in held]
        for outlet, held in by_outlet(mentions).items()
    }
    found = [
        _point(mention, number, bullet, accounts)
        for mention in mentions
        for number, bullet in unstruck(mention)
    ]
    chosen: list[Point] = []
    for point in sorted(found, key=lambda one: -len(one.outlets)):
        if len(chosen) == most:
            break
        if not any(same_bullet(point, other) for other in chosen):
            chosen.append(point)
    return tuple(chosen)


def _point(
    mention: Mention, number: int, bullet: Bullet, accounts: dict[str, list[Account]]
) -> Point:
    """A bullet with every other outlet's best sentence that says it."""
    own = outlet_of(mention)
    outlets, others = [own], []
    for outlet, held in accounts.items():
        proof = None if outlet == own else _proof(mention, bullet, held)
        if proof:
            outlets.append(outlet)
            others.append(proof)
    return Point(
        mention=mention,
        number=number,
        bullet=bullet,
        outlets=tuple(outlets),
        others=tuple(others),
    )


def _proof(mention: Mention, bullet: Bullet, held: Sequence[Account]) -> Evidence | None:
    for one in held:
        if proof := one.saying(bullet.text, mention.article):
            return proof
    return None
