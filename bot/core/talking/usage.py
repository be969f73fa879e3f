"""What models took, laid out: a line for each day, step and model, and today against its cap."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from bot.core.talking import wording
from bot.model import Line, Post, Tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from bot.model import Purpose, Usage, Workspace


def of_channel(spent: Sequence[Usage], *, today: date, days: int, cap: int) -> Post:
    """Show what one channel used in so many days up to `today`, and may use a day."""
    lines = list(_lines(spent)) or [wording.no_usage(days)]
    return _post([*lines, wording.used_today(counted(spent, today), cap, by_channel=True)])


def of_workspace(workspace: Workspace, spent: Sequence[Usage], *, today: date, cap: int) -> Post:
    """Show what the channels of a workspace used together, and may use a day."""
    total = wording.used_today(counted(spent, today), cap, by_channel=False)
    return _post([wording.whose(workspace), *_lines(spent), total])


def nothing(days: int, cap: int) -> Post:
    """Say that no workspace used anything in so many days, and what each may use a day."""
    return _post([wording.no_usage(days), wording.used_today(0, cap, by_channel=False)])


def counted(spent: Sequence[Usage], day: date) -> int:
    """Return the tokens of a day that count against its cap, with those set aside."""
    return sum(one.tokens.total + one.reserved for one in spent if one.day == day)


def _lines(spent: Sequence[Usage]) -> Iterator[str]:
    """A line for each day, step and model over all channels, newest day first."""
    ordered = sorted(spent, key=lambda one: (-one.day.toordinal(), one.purpose, one.model))
    for (day, purpose, model), same in groupby(ordered, key=_step):
        rows = list(same)
        tokens = Tokens(
            taken_in=sum(one.tokens.taken_in for one in rows),
            written=sum(one.tokens.written for one in rows),
        )
        calls, reserved = sum(one.calls for one in rows), sum(one.reserved for one in rows)
        yield wording.used(day, purpose, model, calls=calls, tokens=tokens, reserved=reserved)


def _step(one: Usage) -> tuple[date, Purpose, str]:
    return one.day, one.purpose, one.model


def _post(lines: Sequence[str]) -> Post:
    return Post(blocks=tuple(Line(text=line) for line in lines))
