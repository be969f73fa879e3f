"""An article that came before -> where it was discussed, and no more than what is new in it.

1. Where these very words were briefed in another thread of the channel, that is pointed to.
2. Else an earlier version of the page is looked for, then the nearest articles of the channel: of
   the same text at another address, or edited by another house.
3. Where one of them is the same article, its thread is pointed to; of the brief are shown the
   bullets that say what it lacks. Another outlet's own report of the same event is none.
Without the earlier text nothing can be compared: then only the very same words count.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.answering import again
from bot.core.answering.memory import likely_terms
from bot.core.talking import layout
from bot.flows.answer import has_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.model import Briefed, Mention, Post, Thread
    from bot.ports import Store

_PASSAGES = 20
_COMPARED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed:
    """A post that points to an earlier thread; `fresh` where it says something new, too."""

    post: Post
    fresh: bool = False


async def pointed(done: Briefed, *, store: Store, link: Callable[[Thread], str]) -> Pointed | None:
    """Point to the thread where an article was discussed before, if that is another one.

    `link` gives the address of a thread; where there is none, nothing is pointed to.
    """
    mention = done.mention
    if mention is None or mention.brief is None:
        return None
    before = [one for one in await _of_page(mention, store) if _is_elsewhere(one, mention)]
    same = [one for one in before if one.article.version == mention.article.version]
    if same:
        where = link(same[-1].thread)
        return Pointed(post=layout.pointed(same[-1], where)) if where else None
    if done.again:
        return None
    earlier = await _earlier(mention, before, store)
    where = link(earlier.thread) if earlier else ""
    if earlier is None or not where:
        return None
    numbers = await asyncio.to_thread(again.new_in, mention.article, mention.brief, earlier.article)
    if len(numbers) == len(mention.brief.bullets):
        return None  # the same form with other facts: this week's results, say
    return Pointed(post=layout.discussed(earlier, mention, numbers, where), fresh=bool(numbers))


async def _of_page(mention: Mention, store: Store) -> Sequence[Mention]:
    return await store.mentions_of(mention.thread.channel, mention.article.key)


def _is_elsewhere(one: Mention, mention: Mention) -> bool:
    return one.thread != mention.thread and one.brief is not None


async def _earlier(mention: Mention, before: Sequence[Mention], store: Store) -> Mention | None:
    """Return the earlier mention of what is the same article, the page's own versions first."""
    for one in before[:_COMPARED]:
        if has_text(one.article) and await _shares(mention, one, again.STILL):
            return one
    for one in await _nearest(mention, store):
        if await _shares(mention, one, again.COPY):
            return one
    return None


async def _nearest(mention: Mention, store: Store) -> Sequence[Mention]:
    """Return the articles of the channel that share most with an article's opening."""
    found = await store.search(
        mention.thread.channel, likely_terms(mention.article), limit=_PASSAGES
    )
    by_key = {
        hit.mention.article.key: hit.mention
        for hit in reversed(found)
        if hit.mention.article.key != mention.article.key and _is_elsewhere(hit.mention, mention)
    }
    return list(by_key.values())[::-1][:_COMPARED]


async def _shares(mention: Mention, earlier: Mention, least: float) -> bool:
    share = await asyncio.to_thread(again.share, mention.article, earlier.article)
    return share >= least
