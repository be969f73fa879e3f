"""What a digest says beside the articles' own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking.wording.places import name_of, plural
from bot.core.talking.wording.setting_up import digest_comes
from bot.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from bot.core.talking.wording.places import Hints
    from bot.model import ChannelSettings, Digest, Told, Unread

TO_THREAD = "→ thread"
DIFFERS = "Differs: "
NOTHING_TO_TELL = "Nothing new to tell: no link was briefed since the last digest."
_NAMED = 3

_WHY: dict[Verdict, str] = {
    Verdict.TEASER: "paywall",
    Verdict.CONSENT_WALL: "cookie notice",
    Verdict.BOT_WALL: "lets no program in",
    Verdict.NEEDS_JAVASCRIPT: "needs JavaScript",
    Verdict.NOT_AN_ARTICLE: "no article",
    Verdict.GONE: "gone",
    Verdict.TOO_LARGE: "too large",
    Verdict.UNSUPPORTED: "a type I don't read",
    Verdict.REFUSED: "not fetched",
    Verdict.UNREACHABLE: "not reached",
}


def weekday(day: date) -> str:
    """Name a day as people do: "Tuesday 24 November"."""
    return f"{day:%A} {day.day} {day:%B}"


def digest_title(digest: Digest) -> str:
    """Head a digest: its day, how much there is, and what is missing."""
    stories = len(digest.stories) + digest.more
    parts = [weekday(digest.day), plural(stories, "story", "stories")]
    if digest.unread:
        parts.append(f"{plural(len(digest.unread), 'link')} could not be read")
    return " · ".join(parts)


def outlets(names: Sequence[str]) -> str:
    """Say how many outlets report a story, and which."""
    listed = ", ".join(names)
    return listed if len(names) < 2 else f"{plural(len(names), 'outlet')}: {listed}"  # noqa: PLR2004 - several


def numbered(number: int) -> str:
    """Name an article as people type it."""
    return f"#{number}"


def alone(place: str) -> str:
    """Mark what one outlet alone reports, by where that stands."""
    return f"only {place}"


def figure(text: str, outlet: str, place: str) -> str:
    """Quote one of the figures that differ."""
    return f"“{text}” ({outlet} {place})"


def also_in(outlet: str, title: str) -> str:
    """Name another article of a story."""
    return f"{outlet}: {title}" if outlet else title


def talked(count: int) -> str:
    """Say how much was said about a story; nothing where that is little."""
    return f"came up {count} times" if count > 1 else ""


def more_stories(count: int, hints: Hints) -> str:
    """Say what is left out, and where it is."""
    return f"and {count} more: {hints.list_all}"


def not_read(unread: Sequence[Unread]) -> str:
    """Name the links that could not be read, and why."""
    named = [f"{name_of(one.source)} ({_WHY.get(one.verdict, one.verdict)})" for one in unread]
    more = f", and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return f"Could not be read: {', '.join(named[:_NAMED])}{more}."


def digest_state(
    settings: ChannelSettings, *, comes: datetime | None, told: Told | None, hints: Hints
) -> list[str]:
    """Say whether and when digests come, when the last one did, and how to see one.

    `comes` is in the channel's zone.
    """
    said = [digest_comes(settings, comes)]
    if told is not None:
        too_little = "" if told.posted else ", with too little in it to post"
        said.append(f"The last one: {weekday(told.day)}{too_little}.")
    said.append(f"To see what it would say now: {hints.command('digest preview')}.")
    return said
