"""Where a channel's articles come from: their outlets, and who posted them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from bot.model import Outlet, Sources
from bot.store import scopes
from bot.store.schema import article_versions, mentions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection

    from bot.model import Channel

_SCHEME_END = 3  # "://"


def of(connection: Connection, channel: Channel) -> Sources:
    """Return the outlets of what a channel mentions, and who posted it."""
    here = mentions.c.channel_id == scopes.id_of(channel)
    outlets = connection.execute(
        select(article_versions.c.publisher, _host(connection).label("host"))
        .join(mentions, mentions.c.version_id == article_versions.c.id)
        .where(here)
        .distinct()
    )
    posters = connection.scalars(select(mentions.c.poster).where(here).distinct())
    return Sources(
        outlets=tuple(Outlet(publisher=row.publisher, host=row.host) for row in outlets),
        posters=tuple(posters),
    )


def any_of(connection: Connection, outlets: Sequence[Outlet]) -> ColumnElement[bool]:
    """Return the condition that a row of mentions has an article of one of some outlets."""
    host = _host(connection)
    same = (
        and_(article_versions.c.publisher.is_not_distinct_from(one.publisher), host == one.host)
        for one in outlets
    )
    return mentions.c.version_id.in_(select(article_versions.c.id).where(or_(*same)))


def _host(connection: Connection) -> ColumnElement[str]:
    """Return the host in an address, empty where there is none: what is between "://" and "/"."""
    url = func.coalesce(article_versions.c.url, "")
    if connection.dialect.name != "sqlite":
        return func.split_part(url, "/", _SCHEME_END)
    rest = func.substr(url, func.instr(url, "://") + _SCHEME_END)
    return func.substr(rest, 1, func.instr(rest.op("||")("/"), "/") - 1)
