"""How long a channel keeps what.

Deadlines are stored with each row, so that one look at an index tells whether anything is due.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.model import Origin

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import ChannelSettings


def text_days(settings: ChannelSettings, origin: Origin) -> int:
    """Return for how many days an article's words are kept; 0: they are never stored."""
    return settings.article_days if origin is Origin.LINK else settings.private_days


def text_deadline(settings: ChannelSettings, origin: Origin, at: datetime) -> datetime:
    """Return when the words of an article mentioned at that time go."""
    return at + timedelta(days=text_days(settings, origin))


def mention_deadline(settings: ChannelSettings, origin: Origin, at: datetime) -> datetime:
    """Return when a mention itself goes: when neither its words nor its briefs are kept."""
    return max(text_deadline(settings, origin, at), brief_deadline(settings, at))


def brief_deadline(settings: ChannelSettings, at: datetime) -> datetime:
    """Return when a brief written at that time goes."""
    return at + timedelta(days=settings.brief_days)


def question_deadline(settings: ChannelSettings, at: datetime) -> datetime:
    """Return when a question asked at that time goes, with its answer."""
    return at + timedelta(days=settings.question_days)
