"""A channel's day as stories, the most discussed first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.digesting.compare import clashes, points
from bot.core.digesting.outlets import outlet_of, unstruck
from bot.core.digesting.stories import group, recency
from bot.model import Digest, Story

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from bot.model import Mention, Unread


_CLASHES = 3
"""So many clashes of a story are shown, the surest."""


def compose(
    mentions: Sequence[Mention],
    *,
    day: date,
    since: datetime,
    until: datetime,
    talk: Mapping[str, int],
    unread: Sequence[Unread],
    most: int,
    bullets: int = 3,
) -> Digest:
    """Return the digest of these mentions: `most` stories of up to `bullets` points each.

    `talk` has how many questions were asked, by a thread's id. First comes what was talked of
    most, then what more outlets report, then what is newest. A story of which no bullet is left
    to tell is none; an article without a brief only bears others out.
    """
    told = [story for story in group(mentions) if any(unstruck(mention) for mention in story)]
    said = {id(story): _said(story, mentions, talk) for story in told}
    ranked = sorted(
        told,
        key=lambda story: (said[id(story)], len(set(map(outlet_of, story))), recency(story[0])),
        reverse=True,
    )
    return Digest(
        day=day,
        since=since,
        until=until,
        stories=tuple(
            _story(story, mentions, talk, said[id(story)], bullets) for story in ranked[:most]
        ),
        more=len(ranked[most:]),
        unread=tuple(unread),
    )


def _story(
    story: Sequence[Mention],
    mentions: Sequence[Mention],
    talk: Mapping[str, int],
    said: int,
    bullets: int,
) -> Story:
    """Tell a story from the article that was talked of most, of those that have a brief."""
    ordered = sorted(
        story,
        key=lambda one: (not unstruck(one), -_said([one], mentions, talk), recency(one)),
    )
    return Story(
        mentions=tuple(ordered),
        points=points(ordered, bullets),
        clashes=clashes(ordered)[:_CLASHES],
        talk=said,
    )


def _said(story: Sequence[Mention], mentions: Sequence[Mention], talk: Mapping[str, int]) -> int:
    """How often the articles of a story were posted, and asked about in those threads."""
    keys = {one.article.key for one in story}
    versions = {one.article.version for one in story}
    posts = [one for one in mentions if one.article.key in keys or one.article.version in versions]
    return len(posts) + sum(talk.get(thread, 0) for thread in {one.thread.id for one in posts})
