"""Who may do what: anyone makes it quieter, keepers make it louder, everyone owns what is his.

Keepers of a channel are whoever invited us there and the admins that the operator names; at a
terminal, whoever types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Mode, Notify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import ChannelSettings, Mention

_LOUDNESS: dict[str, dict[str, int]] = {
    "mode": {mode: place for place, mode in enumerate(Mode)},
    "notify": {notify: place for place, notify in enumerate(Notify)},
}
_FEWER_IS_QUIETER = frozenset({"briefs_per_hour", "links_per_message", "bullets", "digest_most"})
_NO_IS_QUIETER = frozenset({"bots", "outsiders", "digest", "model_private"})


def is_quieter(before: ChannelSettings, after: ChannelSettings, name: str) -> bool:
    """Tell whether changing this setting so makes us quieter: then anyone may."""
    old, new = getattr(before, name), getattr(after, name)
    if name in _LOUDNESS:
        return _LOUDNESS[name][new] <= _LOUDNESS[name][old]
    if name == "ignore":
        return set(old.split()) <= set(new.split())
    if name in _FEWER_IS_QUIETER:
        return bool(new <= old)
    return name in _NO_IS_QUIETER and not new


def own(mentions: Sequence[Mention], who: str, *, keeper: bool) -> Sequence[Mention]:
    """Return those of the mentions that somebody may delete or forget."""
    return mentions if keeper else [one for one in mentions if one.poster == who]
