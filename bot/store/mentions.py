"""Articles, and what mentions them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, exists, insert, select, update

from bot.model import Article, Channel, Mention, Origin, Thread
from bot.store import briefs, retention, scopes, settings
from bot.store.ensure import ensure, insert_missing
from bot.store.schema import (
    article_texts,
    article_versions,
    articles,
    channels,
    mentions,
    passages,
)
from bot.store.schema import briefs as brief_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from bot.model import Passage, Strike


BY_NUMBER = mentions.c.number == bindparam("_number")
IN_NUMBERS = mentions.c.number.in_(bindparam("_numbers", expanding=True))
_of_message = mentions.alias("of_message")
OF_MESSAGE = mentions.c.id.in_(
    # Apart, or SQLite would look through all of the channel in the order of the numbers.
    select(_of_message.c.id).where(
        _of_message.c.channel_id == scopes.CHANNEL_ID,
        _of_message.c.message == bindparam("_message"),
    )
)
IN_THREAD = mentions.c.thread == bindparam("_thread")
OF_ARTICLE = mentions.c.version_id.in_(
    select(article_versions.c.id)
    .join(articles, articles.c.id == article_versions.c.article_id)
    .where(
        articles.c.workspace_id == scopes.WORKSPACE_ID,
        articles.c.key == bindparam("_key"),
    )
)
_SAME = and_(
    mentions.c.message == bindparam("_message"), mentions.c.version_id == bindparam("_version")
)

_MENTIONED = insert(mentions)
_PASSAGES = insert(passages)
_HAS_TEXT = select(exists().where(article_texts.c.version_id == bindparam("_version")))
_COUNTED = (
    update(channels)
    .where(channels.c.id == bindparam("_channel_id"))
    .values(last_number=channels.c.last_number + 1)
    .returning(channels.c.last_number)
)


def add(connection: Connection, given: Mention, article_passages: Sequence[Passage]) -> Mention:
    """Store a mention and its article; the number of `given` is not looked at.

    Returns what is stored: of the same message and article, the first.
    """
    channel = given.thread.channel
    workspace_id, channel_id = scopes.ensure(connection, channel)
    article_id = _ensure_article(connection, workspace_id, given.article.key)
    version_id = _ensure_version(connection, article_id, given.article)
    same = find(connection, channel, _SAME, _message=given.message, _version=version_id)
    if same:
        return same[0]
    kept = settings.read(connection, channel)
    keeps_text = retention.text_days(kept, given.origin) > 0
    if keeps_text:
        _ensure_text(connection, version_id, given.article, article_passages)
    number = _next_number(connection, channel_id)
    connection.execute(
        _MENTIONED,
        {
            "channel_id": channel_id,
            "number": number,
            "version_id": version_id,
            "message": given.message,
            "thread": given.thread.id,
            "poster": given.poster,
            "at": given.at,
            "origin": given.origin.value,
            "source": given.source,
            "text_until": (
                retention.text_deadline(kept, given.origin, given.at) if keeps_text else None
            ),
            "until": retention.mention_deadline(kept, given.origin, given.at),
        },
    )
    (stored,) = find(connection, channel, BY_NUMBER, _number=number)
    return stored if keeps_text else replace(stored, article=given.article)


def find(
    connection: Connection,
    channel: Channel,
    *conditions: ColumnElement[bool],
    limit: int | None = None,
    offset: int = 0,
    **given: object,
) -> list[Mention]:
    """Return the channel's mentions that meet the conditions, newest first.

    The conditions are those below, or others that are made once; `given` are their parameters.
    """
    chosen = _chosen(*conditions)
    if limit is not None or offset:
        chosen = chosen.limit(limit).offset(offset)
    rows = connection.execute(chosen, {**scopes.named(channel), **given}).all()
    struck = briefs.struck(connection, [row.brief_id for row in rows if row.is_struck])
    return [_mention(channel, row, struck.get(row.brief_id, ())) for row in rows]


@cache
def _chosen(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *mentions.c,
            *article_versions.c["version", "url", "headline", "authors"],
            *article_versions.c["publisher", "published", "language"],
            *article_texts.c["standfirst", "lead_bullets", "paragraphs", "captions", "pages"],
            *briefs.COLUMNS,
            briefs.IS_STRUCK.label("is_struck"),
        )
        .join(article_versions, article_versions.c.id == mentions.c.version_id)
        .outerjoin(
            article_texts,
            and_(
                article_texts.c.version_id == mentions.c.version_id,
                mentions.c.text_until.is_not(None),
            ),
        )
        .outerjoin(brief_rows, brief_rows.c.id == briefs.NEWEST)
        .where(mentions.c.channel_id == scopes.CHANNEL_ID, *conditions)
        .order_by(mentions.c.number.desc())
    )


def _ensure_article(connection: Connection, workspace_id: int, key: str) -> int:
    # Held until the transaction ends, so that nobody erases it meanwhile.
    return ensure(
        connection,
        articles,
        {"workspace_id": workspace_id, "key": key},
        hold="shared",
    )


def _ensure_version(connection: Connection, article_id: int, article: Article) -> int:
    return ensure(
        connection,
        article_versions,
        {"article_id": article_id, "version": article.version},
        {
            "url": article.url,
            "headline": article.headline,
            "authors": article.authors,
            "publisher": article.publisher,
            "published": article.published,
            "language": article.language,
        },
    )


def _ensure_text(
    connection: Connection, version_id: int, article: Article, given: Sequence[Passage]
) -> None:
    if connection.scalar(_HAS_TEXT, {"_version": version_id}):
        return
    text = {
        "version_id": version_id,
        "standfirst": article.standfirst,
        "lead_bullets": article.lead_bullets,
        "paragraphs": article.paragraphs,
        "captions": article.captions,
        "pages": article.pages,
    }
    made = insert_missing(connection, article_texts, text, returning=article_texts.c.version_id)
    if made is not None and given:
        connection.execute(
            _PASSAGES,
            [
                {"version_id": version_id, "first": one.first, "last": one.last, "terms": one.terms}
                for one in given
            ],
        )


def _next_number(connection: Connection, channel_id: int) -> int:
    return connection.execute(_COUNTED, {"_channel_id": channel_id}).scalar_one()


def _mention(channel: Channel, row: Row[*tuple[Any, ...]], strikes: tuple[Strike, ...]) -> Mention:
    return Mention(
        number=row.number,
        message=row.message,
        thread=Thread(channel=channel, id=row.thread),
        poster=row.poster,
        at=row.at,
        origin=Origin(row.origin),
        source=row.source,
        article=Article(
            url=row.url,
            version=row.version,
            headline=row.headline,
            standfirst=row.standfirst,
            authors=row.authors,
            publisher=row.publisher,
            published=row.published,
            language=row.language,
            lead_bullets=row.lead_bullets or (),
            paragraphs=row.paragraphs or (),
            captions=row.captions or (),
            pages=row.pages or (),
        ),
        brief=briefs.read(row) if row.method is not None else None,
        strikes=strikes,
    )
