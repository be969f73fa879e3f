"""What is said after "settings": show them or their log, change one, or try what that would do.

"all" before a name is the whole workspace's: what holds in every channel that has not set it
itself, and what no channel may set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.talking.settings import TERMINAL, named, parted, understood
from bot.core.talking.spelling import as_name, plain
from bot.errors import BadSetting, UnknownSetting, UsageError

if TYPE_CHECKING:
    from bot.core.talking.values import Value

TRY = "try"
_TRY = frozenset({TRY, "preview"})
_ALL = frozenset({"all", "--all", "everywhere", "workspace"})
_LOG = frozenset({"log", "history", "changes"})
_DEFAULT = frozenset({"default", "reset", "unset"})
LOCK, UNLOCK = "lock", "unlock"
_NAME_AND_VALUE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSettings:
    """The settings of a channel, or those of the whole workspace."""

    names: tuple[str, ...]
    everywhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowLog:
    """Who changed what, when, from what to what."""

    everywhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Settings of a channel: what they are to be, and which are to be the usual ones again.

    `trial` says that nothing is to be changed, only told what that would do.
    """

    values: tuple[tuple[str, Value], ...] = ()
    usual: tuple[str, ...] = ()
    trial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAll:
    """A setting of the whole workspace.

    `value` is None where it stays as it is, and `lock` likewise; `usual` says that the program's
    own default is to hold again.
    """

    name: str
    value: Value | None = None
    usual: bool = False
    lock: bool | None = None
    trial: bool = False


SettingsWish = ShowSettings | ShowLog | Change | ChangeAll


def read_settings(argument: str, *, here: tuple[str, ...] = TERMINAL) -> SettingsWish:
    """Return what is wanted; `here` are the settings of the place.

    Raises UnknownSetting, BadSetting.
    """
    first, _, rest = plain(argument).partition(" ")
    everywhere = first.lower() in _ALL
    said = "settings all" if everywhere else "settings"
    argument = plain(rest) if everywhere else plain(argument)
    if as_name(argument) in _LOG:
        return ShowLog(everywhere=everywhere)
    name, rest = parted(argument)
    names = named(name, here=here, said=said, rest=rest)
    if not rest:
        return ShowSettings(names=names, everywhere=everywhere)
    trial, lock, value = _marks(rest, everywhere=everywhere)
    if everywhere:
        return _of_all(names[0], value, trial=trial, lock=lock)
    if value.lower() in _DEFAULT:
        return Change(usual=names, trial=trial)
    return Change(values=((names[0], understood(names[0], value)),), trial=trial)


def _of_all(name: str, value: str, *, trial: bool, lock: bool | None) -> ChangeAll:
    if value.lower() in _DEFAULT:
        return ChangeAll(name=name, usual=True, lock=lock, trial=trial)
    if not value and lock is not None:
        return ChangeAll(name=name, lock=lock, trial=trial)
    typed = understood(name, value, said="settings all")
    return ChangeAll(name=name, value=typed, lock=lock, trial=trial)


def _marks(rest: str, *, everywhere: bool) -> tuple[bool, bool | None, str]:
    """Take the words off the end that say what is to be done with a value."""
    trial, lock, words = False, None, rest.split()
    while words:
        last = words[-1].lower()
        if last in _TRY:
            trial = True
        elif everywhere and last in (LOCK, "locked"):
            lock = True
        elif everywhere and last in (UNLOCK, "unlocked"):
            lock = False
        else:
            break
        words.pop()
    return trial, lock, " ".join(words)


def reads(argument: str) -> bool:
    """Tell whether what follows "settings" is all of it understood."""
    try:
        read_settings(argument)
    except UsageError:
        return False
    return True


def nearly_reads(argument: str) -> bool:
    """Tell whether it is a name and a value, or a setting with a slip: hardly a sentence."""
    if len(argument.split()) <= _NAME_AND_VALUE:
        return True
    try:
        read_settings(argument)
    except BadSetting as error:
        return bool(error.line) or len(parted(argument)[1].split()) == 1
    except UnknownSetting as error:
        return bool(error.line) and reads(error.line.removeprefix("settings "))
    return True
