"""How our values are written into columns: times in UTC, tuples and evidence as compact JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, Text
from sqlalchemy.types import TypeDecorator

from bot.model import Bullet, Evidence, Part
from bot.store.failures import DamagedError

if TYPE_CHECKING:
    from sqlalchemy import Dialect


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware on the way in (a naive one is a ValueError), UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Bring the moment to UTC; SQLite keeps no offset."""
        return None if value is None else in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Say again that it is UTC; PostgreSQL answers in the session's zone."""
        if value is None or value.tzinfo is None:
            return value and value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


class Tuple(TypeDecorator[tuple[Any, ...]]):
    """A tuple of strings or of numbers."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Write it as a JSON array."""
        return None if value is None else to_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Any, ...] | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Read it back."""
        return None if value is None else tuple(from_json(value))


class Bullets(TypeDecorator[tuple[Bullet, ...]]):
    """The bullets of a brief with their evidence."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Bullet, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Write one array a bullet."""
        return None if value is None else to_json([_bullet_row(bullet) for bullet in value])

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Bullet, ...] | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Read them back."""
        if value is None:
            return None
        return tuple(_bullet(row) for row in from_json(value))


class Quotes(TypeDecorator[tuple[Evidence, ...]]):
    """The spans that an answer shows."""

    impl = Text
    cache_ok = True

    def process_bind_param(
        self,
        value: tuple[Evidence, ...] | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> str | None:
        """Write one array a span."""
        return None if value is None else to_json([_evidence_row(one) for one in value])

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Evidence, ...] | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Read them back."""
        return None if value is None else tuple(_evidence(row) for row in from_json(value))


def in_utc(value: datetime) -> datetime:
    """Return a moment in UTC. Raises ValueError where it is naive."""
    if value.utcoffset() is None:
        raise ValueError("a time without its zone cannot be stored")
    return value.astimezone(UTC)


def to_json(value: object) -> str:
    """Return compact JSON with its letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Any:
    """Return what `to_json` was given. Raises DamagedError for anything that is not JSON."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise DamagedError from error


def _bullet_row(one: Bullet) -> list[object]:
    row: list[object] = [one.text, [_evidence_row(span) for span in one.evidence], one.lead_only]
    # Only where it is so: the release before this one reads rows of three.
    return [*row, one.quoted] if one.quoted else row


def _bullet(row: list[Any]) -> Bullet:
    text, evidence, lead_only, *quoted = row
    return Bullet(
        text=text,
        evidence=tuple(_evidence(span) for span in evidence),
        lead_only=tuple(lead_only),
        quoted=bool(quoted and quoted[0]),
    )


def _evidence_row(one: Evidence) -> list[object]:
    return [one.version, one.part, one.paragraph, one.start, one.end, one.quote, one.page]


def _evidence(row: list[Any]) -> Evidence:
    version, part, paragraph, start, end, quote, page = row
    return Evidence(
        version=version,
        part=Part(part),
        paragraph=paragraph,
        start=start,
        end=end,
        quote=quote,
        page=page,
    )
