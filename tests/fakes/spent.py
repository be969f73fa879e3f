"""What the store in memory knows of the tokens that models took."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from bot.model import Budget, Channel, Purpose, Reserved, Tokens, Usage, Workspace

Key = tuple[Channel, date, Purpose, str]


@dataclass(kw_only=True)
class Spent:
    rows: dict[Key, Usage] = field(default_factory=dict)
    # Where it was told that 80 % are reached.
    told: dict[tuple[Workspace, date], Channel] = field(default_factory=dict)

    def copy(self) -> "Spent":
        return Spent(rows=self.rows.copy(), told=self.told.copy())


def reserve(spent: Spent, key: Key, *, tokens: int, budget: Budget) -> Reserved:
    channel, day, _, _ = key
    today = [
        one
        for one in spent.rows.values()
        if one.day == day and one.channel.workspace == channel.workspace
    ]
    if _counted(today) + tokens > budget.a_day:
        return Reserved.WORKSPACE_SPENT
    if _counted([one for one in today if one.channel == channel]) + tokens > budget.a_channel:
        return Reserved.CHANNEL_SPENT
    row = _row(spent, key)
    spent.rows[key] = replace(row, reserved=row.reserved + tokens)
    told = (channel.workspace, day)
    if told in spent.told or (_counted(today) + tokens) * 5 < budget.a_day * 4:
        return Reserved.WELL
    spent.told[told] = channel
    return Reserved.NEARLY


def settle(spent: Spent, key: Key, *, reserved: int, used: Tokens) -> None:
    row = _row(spent, key)
    spent.rows[key] = replace(
        row,
        calls=row.calls + 1,
        tokens=Tokens(
            taken_in=row.tokens.taken_in + used.taken_in,
            written=row.tokens.written + used.written,
        ),
        reserved=max(0, row.reserved - reserved),
    )


def listed(spent: Spent, workspace: Workspace, *, since: date) -> Sequence[Usage]:
    found = [
        one
        for one in spent.rows.values()
        if one.channel.workspace == workspace and one.day >= since
    ]
    found.sort(key=lambda one: (one.channel.id, one.purpose, one.model))
    return sorted(found, key=lambda one: one.day, reverse=True)


def expire(spent: Spent, now: datetime) -> None:
    oldest = now.astimezone(UTC).date() - timedelta(days=400)
    spent.rows = {key: one for key, one in spent.rows.items() if one.day >= oldest}


def erase(spent: Spent, channels: set[Channel]) -> None:
    spent.rows = {key: one for key, one in spent.rows.items() if one.channel not in channels}
    spent.told = {key: where for key, where in spent.told.items() if where not in channels}


def _row(spent: Spent, key: Key) -> Usage:
    channel, day, purpose, model = key
    new = Usage(channel=channel, day=day, purpose=purpose, model=model, calls=0, tokens=Tokens())
    return spent.rows.get(key, new)


def _counted(rows: Sequence[Usage]) -> int:
    return sum(one.tokens.total + one.reserved for one in rows)
