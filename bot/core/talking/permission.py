"""Who may do what: anyone makes it quieter, keepers make it louder, everyone owns what is his.

Keepers of a channel are whoever invited us there and the admins that the operator names; at a
terminal, whoever types.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, assert_never

from bot.model import Mode, Notify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import ChannelSettings, Mention


class Quieter(Enum):
    """Which way a setting makes us quieter."""

    LOWER = auto()  # an earlier word, where it is one of a few
    FEWER = auto()
    MORE = auto()
    NO = auto()
    LATER = auto()
    NEITHER = auto()


QUIETER: dict[str, Quieter] = {
    "mode": Quieter.LOWER,
    "ignore": Quieter.MORE,
    "bots": Quieter.NO,
    "outsiders": Quieter.NO,
    "briefs_per_hour": Quieter.FEWER,
    "links_per_message": Quieter.FEWER,
    "bullets": Quieter.FEWER,
    "own_wording": Quieter.NEITHER,
    "language": Quieter.NEITHER,
    "digest": Quieter.NO,
    "digest_time": Quieter.NEITHER,
    "digest_days": Quieter.NEITHER,
    "zone": Quieter.NEITHER,
    "digest_from": Quieter.LATER,
    "digest_least": Quieter.MORE,
    "digest_most": Quieter.FEWER,
    "article_days": Quieter.NEITHER,
    "private_days": Quieter.NEITHER,
    "brief_days": Quieter.NEITHER,
    "question_days": Quieter.NEITHER,
    "questions_per_hour": Quieter.NEITHER,
    "model_private": Quieter.NO,
    "robots": Quieter.NEITHER,
    "notify": Quieter.LOWER,
}
"""Anyone may change a setting this way; the other way, and where it is NEITHER, keepers may."""

_PLACES: dict[str, list[str]] = {"mode": list(Mode), "notify": list(Notify)}


def is_quieter(before: ChannelSettings, after: ChannelSettings, name: str) -> bool:
    """Tell whether changing this setting so makes us quieter: then anyone may."""
    old, new = getattr(before, name), getattr(after, name)
    way = QUIETER[name]
    match way:
        case Quieter.LOWER:
            return _PLACES[name].index(new) <= _PLACES[name].index(old)
        case Quieter.FEWER:
            return bool(new <= old)
        case Quieter.MORE if name == "ignore":
            return set(old.split()) <= set(new.split())
        case Quieter.MORE | Quieter.LATER:
            return bool(new >= old)
        case Quieter.NO:
            return not new
        case Quieter.NEITHER:
            return False
        case _:
            assert_never(way)


def own(mentions: Sequence[Mention], who: str, *, keeper: bool) -> Sequence[Mention]:
    """Return those of the mentions that somebody may delete or forget."""
    return mentions if keeper else [one for one in mentions if one.poster == who]
