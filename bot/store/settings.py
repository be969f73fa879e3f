"""What a channel has set, and who changed it when."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from bot.model import ChannelSettings, Mode, Notify, Origin, Robots, SettingChange
from bot.store import retention, scopes
from bot.store.column_types import from_json, to_json
from bot.store.schema import briefs, channel_settings, mentions, questions, setting_changes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from bot.model import Channel

_DEFAULTS = ChannelSettings()
STORED = select(channel_settings.c.settings).where(
    channel_settings.c.channel_id == scopes.CHANNEL_ID
)
_ENUMS: dict[str, type[Mode | Robots | Notify]] = {"mode": Mode, "robots": Robots, "notify": Notify}


def read(connection: Connection, channel: Channel) -> ChannelSettings:
    """Return the channel's settings, the defaults where nothing was set."""
    return decoded(connection.scalar(STORED, scopes.named(channel)))


def decoded(stored: str | None) -> ChannelSettings:
    """Return what was stored as settings; the defaults where nothing was."""
    return _decode(stored) if stored is not None else _DEFAULTS


def change(
    connection: Connection,
    channel: Channel,
    settings: ChannelSettings,
    changes: Sequence[SettingChange],
) -> None:
    """Replace a channel's settings, add to its log, and move the deadlines they set."""
    _, channel_id = scopes.ensure(connection, channel)
    before = read(connection, channel)
    connection.execute(delete(channel_settings).where(channel_settings.c.channel_id == channel_id))
    connection.execute(
        insert(channel_settings).values(channel_id=channel_id, settings=_encode(settings))
    )
    if changes:
        connection.execute(
            insert(setting_changes),
            [{"channel_id": channel_id, **asdict(one)} for one in changes],
        )
    if _kept_for(before) != _kept_for(settings):
        _move_deadlines(connection, channel_id, settings)


def log(connection: Connection, channel: Channel) -> list[SettingChange]:
    """Return the channel's change log, oldest first."""
    rows = connection.execute(
        select(setting_changes)
        .where(setting_changes.c.channel_id == scopes.id_of(channel))
        .order_by(setting_changes.c.id)
    )
    return [
        SettingChange(who=row.who, at=row.at, name=row.name, before=row.before, after=row.after)
        for row in rows
    ]


def _encode(settings: ChannelSettings) -> str:
    # Without the defaults, so that a later default reaches whoever never set anything else.
    ours, usual = asdict(settings), asdict(_DEFAULTS)
    return to_json({name: value for name, value in ours.items() if value != usual[name]})


def _decode(stored: str) -> ChannelSettings:
    known = {field.name for field in fields(ChannelSettings)}
    values: dict[str, Any] = {
        name: _ENUMS[name](value) if name in _ENUMS else value
        for name, value in from_json(stored).items()
        if name in known  # others were set by a newer Briefbot
    }
    return ChannelSettings(**values)


def _kept_for(settings: ChannelSettings) -> tuple[int, ...]:
    return (
        settings.article_days,
        settings.private_days,
        settings.brief_days,
        settings.question_days,
    )


def _move_deadlines(connection: Connection, channel_id: int, settings: ChannelSettings) -> None:
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
