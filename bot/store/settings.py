"""What a channel has set, and who changed it when."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from bot.model import (
    ChannelSettings,
    Chosen,
    Mode,
    Notify,
    Origin,
    Robots,
    SettingChange,
    WorkspaceSettings,
)
from bot.store import retention, scopes
from bot.store.column_types import from_json, to_json
from bot.store.schema import (
    briefs,
    channel_settings,
    mentions,
    questions,
    setting_changes,
    workspace_settings,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy import Connection, Row

    from bot.model import Channel

_ENUMS: dict[str, type[Mode | Robots | Notify]] = {"mode": Mode, "robots": Robots, "notify": Notify}
_KNOWN = tuple(field.name for field in fields(ChannelSettings))

STORED = select(
    select(channel_settings.c.settings)
    .where(channel_settings.c.channel_id == scopes.CHANNEL_ID)
    .scalar_subquery()
    .label("settings"),
    select(workspace_settings.c.settings)
    .where(workspace_settings.c.workspace_id == scopes.WORKSPACE_ID)
    .scalar_subquery()
    .label("of_all"),
    select(workspace_settings.c.locks)
    .where(workspace_settings.c.workspace_id == scopes.WORKSPACE_ID)
    .scalar_subquery()
    .label("locks"),
)
"""What a channel sets, what holds in its workspace, and which of that is locked."""


def read(connection: Connection, channel: Channel) -> ChannelSettings:
    """Return what holds in a channel: its own settings, else its workspace's, else the defaults."""
    return decoded(connection.execute(STORED, scopes.named(channel)).one())


def chosen(connection: Connection, channel: Channel) -> Chosen:
    """Return what holds in a channel, and which of it it has set itself."""
    return chosen_of(channel, connection.execute(STORED, scopes.named(channel)).one())


def decoded(row: Row[*tuple[Any, ...]]) -> ChannelSettings:
    """Return the settings that a row of STORED's columns holds."""
    return workspace_of(row.of_all, row.locks).with_own(values_of(row.settings))


def workspace_of(stored: str | None, locks: Iterable[str] | None) -> WorkspaceSettings:
    """Return what is stored of a workspace; nothing but the defaults where nothing is."""
    own = values_of(stored)
    return WorkspaceSettings(
        settings=ChannelSettings(**own), own=frozenset(own), locks=frozenset(locks or ())
    )


def chosen_of(channel: Channel, row: Row[*tuple[Any, ...]]) -> Chosen:
    """Return what a row of STORED's columns holds, and what of it is the channel's own."""
    return Chosen(channel=channel, settings=decoded(row), own=values_of(row.settings))


def change(
    connection: Connection,
    channel: Channel,
    settings: ChannelSettings,
    changes: Sequence[SettingChange],
    *,
    names: Collection[str] | None = None,
    usual: Collection[str] = (),
) -> None:
    """Set what a channel sets, add to its log, and move the deadlines that changes with it.

    See `ports.Store.change_settings`.
    """
    _, channel_id = scopes.ensure(connection, channel)
    row = connection.execute(STORED, scopes.named(channel)).one()
    before = decoded(row)
    named = differing(before, settings) if names is None else names
    own = {name: value for name, value in values_of(row.settings).items() if name not in usual}
    own |= {name: getattr(settings, name) for name in named}
    connection.execute(delete(channel_settings).where(channel_settings.c.channel_id == channel_id))
    connection.execute(
        insert(channel_settings).values(channel_id=channel_id, settings=to_json(own))
    )
    if changes:
        connection.execute(
            insert(setting_changes),
            [{"channel_id": channel_id, **asdict(one)} for one in changes],
        )
    after = read(connection, channel)
    if kept_for(before) != kept_for(after):
        move_deadlines(connection, channel_id, after)


def log(connection: Connection, channel: Channel) -> list[SettingChange]:
    """Return the channel's change log, oldest first."""
    rows = connection.execute(
        select(setting_changes)
        .where(setting_changes.c.channel_id == scopes.id_of(channel))
        .order_by(setting_changes.c.id)
    )
    return [logged(row) for row in rows]


def logged(row: Row[*tuple[Any, ...]]) -> SettingChange:
    """Return an entry of a change log."""
    return SettingChange(who=row.who, at=row.at, name=row.name, before=row.before, after=row.after)


def differing(before: ChannelSettings, after: ChannelSettings) -> Sequence[str]:
    """Return the names in which two settings differ."""
    return [name for name in _KNOWN if getattr(before, name) != getattr(after, name)]


def values_of(stored: str | None) -> dict[str, Any]:
    """Return the settings that are stored by their name; none where nothing is stored."""
    found = from_json(stored) if stored else {}
    return {
        name: _ENUMS[name](value) if name in _ENUMS else value
        for name, value in found.items()
        if name in _KNOWN  # others were set by a newer Briefbot
    }


def kept_for(settings: ChannelSettings) -> tuple[int, ...]:
    """Return for how many days what is kept."""
    return (
        settings.article_days,
        settings.private_days,
        settings.brief_days,
        settings.question_days,
    )


def move_deadlines(connection: Connection, channel_id: int, settings: ChannelSettings) -> None:
    """Store anew when each thing of a channel goes."""
    held = connection.execute(
        select(mentions.c.id, mentions.c.at, mentions.c.origin, mentions.c.text_until).where(
            mentions.c.channel_id == channel_id
        )
    ).all()
    moved_mentions = [
        {
            "of": row.id,
            "text_until": row.text_until
            and retention.text_deadline(settings, Origin(row.origin), row.at),
            "until": retention.mention_deadline(settings, Origin(row.origin), row.at),
        }
        for row in held
    ]
    written = connection.execute(
        select(briefs.c.id, briefs.c.at)
        .join(mentions, mentions.c.id == briefs.c.mention_id)
        .where(mentions.c.channel_id == channel_id)
    ).all()
    asked = connection.execute(
        select(questions.c.id, questions.c.asked_at).where(questions.c.channel_id == channel_id)
    ).all()
    moved_briefs = [
        {"of": row.id, "until": retention.brief_deadline(settings, row.at)} for row in written
    ]
    moved_questions = [
        {"of": row.id, "until": retention.question_deadline(settings, row.asked_at)}
        for row in asked
    ]
    for table, moved in (
        (mentions, moved_mentions),
        (briefs, moved_briefs),
        (questions, moved_questions),
    ):
        if moved:
            connection.execute(update(table).where(table.c.id == bindparam("of")), moved)
