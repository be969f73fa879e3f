"""What a channel may set: names, bounds, and how a typed value becomes a change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.language.wishes import ARTICLE, LANGUAGES
from bot.core.talking import values
from bot.core.talking.spelling import as_name, closest, name_and_rest
from bot.core.talking.values import NONE, Choice, Kind, Shape, Value, Whole
from bot.errors import BadSetting, SettingsClash, UnknownSetting
from bot.model import ChannelSettings, Mode, Notify, Robots, SettingChange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

__all__ = [
    "CHAT",
    "DEFAULTS",
    "KINDS",
    "NOTICES",
    "TERMINAL",
    "WRITTEN",
    "Choice",
    "Kind",
    "Shape",
    "Value",
    "Whole",
    "allowed",
    "change",
    "change_all",
    "named",
    "parted",
    "shown",
    "understood",
    "written",
]

KINDS: dict[str, Kind] = {
    "mode": Choice(kind=Mode),
    "ignore": Shape.SITES,
    "bots": Shape.SWITCH,
    "outsiders": Shape.SWITCH,
    "briefs_per_hour": Whole(least=1, most=60),
    "links_per_message": Whole(least=1, most=20),
    "bullets": Whole(least=3, most=8, words=True),
    "own_wording": Shape.SWITCH,
    "language": Choice(kind=(ARTICLE, *LANGUAGES)),
    "digest": Shape.SWITCH,
    "digest_time": Shape.TIME,
    "digest_days": Shape.DAYS,
    "zone": Shape.ZONE,
    "digest_from": Shape.DATE,
    "digest_least": Whole(least=1, most=10),
    "digest_most": Whole(least=1, most=10),
    "article_days": Whole(least=0, most=3650),
    "private_days": Whole(least=0, most=3650),
    "brief_days": Whole(least=1, most=3650),
    "question_days": Whole(least=1, most=3650),
    "questions_per_hour": Whole(least=1, most=500),
    "model_private": Shape.SWITCH,
    "robots": Choice(kind=Robots),
    "notify": Choice(kind=Notify),
}

TERMINAL = (
    *("bullets", "own_wording", "language"),
    *("article_days", "private_days", "brief_days", "question_days"),
)
"""The settings that mean something where one person types at a terminal."""

CHAT = tuple(name for name in KINDS if name != "notify")
"""Those that mean something where people talk, and are told of what bots say as of the rest."""

NOTICES = tuple(KINDS)
"""Those that mean something where they are told of nothing that bots say, unless asked for."""

WRITTEN = frozenset({"bullets", "own_wording", "language"})
"""Those that change how a brief is written."""

DEFAULTS = ChannelSettings()

_ALSO = {
    "length": "bullets",
    "lang": "language",
    "timezone": "zone",
    "time_zone": "zone",
    "tz": "zone",
    "wording": "own_wording",
}
_NAMES = (*KINDS, *_ALSO)


def allowed(name: str) -> str:
    """Return what a setting may be, in words."""
    return values.allowed(KINDS[name])


def parted(typed: str) -> tuple[str, str]:
    """Split what was typed into a setting's name and what follows; the name need not be one."""
    name, rest = name_and_rest(typed, _NAMES)
    return _ALSO.get(name, name), rest


def named(
    name: str, *, here: tuple[str, ...] = TERMINAL, said: str = "settings", rest: str = ""
) -> tuple[str, ...]:
    """Return the settings to show: the one named, or those of the place where none is.

    Raises UnknownSetting: `said` and `rest` is what was typed before the name and after it.
    """
    if not name:
        return here
    known = as_name(name)
    known = _ALSO.get(known, known)
    if known not in KINDS:
        meant = closest(known, _NAMES)
        line = f"{said} {_ALSO.get(meant, meant)} {rest}".strip() if meant else ""
        raise UnknownSetting(name, here, line)
    return (known,)


def shown(settings: ChannelSettings, name: str) -> str:
    """Return a setting's value as people type it."""
    return written(getattr(settings, name))


def written(value: Value) -> str:
    """Return a value as people type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or NONE


def understood(name: str, typed: str, *, said: str = "settings") -> Value:
    """Return the value that was typed for a setting.

    Raises BadSetting: `said` is what was typed before the name.
    """
    kind = KINDS[name]
    found = values.understood(kind, typed)
    if found is None:
        meant = values.nearly(kind, typed)
        line = f"{said} {name} {meant}" if meant else ""
        raise BadSetting(name, typed, allowed(name), line)
    return found


def change(
    settings: ChannelSettings, name: str, typed: str, *, who: str, at: datetime
) -> tuple[ChannelSettings, SettingChange | None]:
    """Return the settings with one changed, and the entry for the change log.

    None in place of the entry means that it was so already. Raises UnknownSetting, BadSetting,
    SettingsClash.
    """
    (name,) = named(name.strip() or "?")
    after, entries = change_all(settings, {name: understood(name, typed)}, who=who, at=at)
    return after, next(iter(entries), None)


def change_all(
    settings: ChannelSettings, changes: Mapping[str, Value], *, who: str, at: datetime
) -> tuple[ChannelSettings, Sequence[SettingChange]]:
    """Return the settings with several changed, and an entry for each that was not so already.

    Raises SettingsClash.
    """
    after = replace(settings, **changes)  # type: ignore[arg-type] # KINDS names only fields
    if after.digest_least > after.digest_most:
        name, other = "digest_least", "digest_most"
        raise SettingsClash(name, shown(after, name), other, shown(after, other))
    entries = [
        SettingChange(who=who, at=at, name=name, before=shown(settings, name), after=after_words)
        for name in changes
        if (after_words := shown(after, name)) != shown(settings, name)
    ]
    return after, entries
