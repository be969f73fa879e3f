"""A search or a question over all that a channel has read -> articles, each with its quotes.

1. Date phrases become bounds in the channel's own days, outlets and people filters, the other
   words search terms.
2. The store brings up passages of this channel's articles, and of no other's.
3. A search lists the articles, each with its nearest sentence. A question is answered by a model,
   where there is leave for one, from the best articles together; else, and where it does not, they
   answer each for itself.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.core.answering import memory
from bot.core.answering.answer import is_struck
from bot.core.answering.filters import asks_poster, names_poster, names_sources
from bot.core.answering.memory import answer_memory, best_articles, parse, struck
from bot.core.language.detect import untranslated
from bot.flows.answer import answered, no_model, written
from bot.flows.spending import NEARLY
from bot.model import Answered, Method, Recalled, Sources, Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.core.answering.memory import MemoryQuery
    from bot.model import Answer, Channel, Found, Mention, Origin, Question
    from bot.ports import Clock, Leave, Store, Writer

_OF_A_MODEL = ("model_", NEARLY)
_MOST_READ = 5
_LOOK_AT = 100


async def ask_memory(
    question: Question,
    *,
    writer: Writer,
    store: Store,
    clock: Clock,
    language: str | None = None,
    leave: Callable[[Iterable[Origin]], Leave | None] = no_model,
) -> Recalled:
    """Answer a question from all that its channel has read.

    Either one answer of a model from the five articles that are nearest, or up to three articles,
    best first, each with its own quotes. `leave` gives the leave to ask a model about texts of
    some origins.
    """
    channel = question.thread.channel
    query = await understood(
        question.text, channel=channel, store=store, clock=clock, asker=question.asker
    )
    given = await _recalled(
        query, question, writer=writer, store=store, language=language, leave=leave
    )
    return Recalled(given=tuple(given), unknown=query.unknown)


async def _recalled(
    query: MemoryQuery,
    question: Question,
    *,
    writer: Writer,
    store: Store,
    language: str | None,
    leave: Callable[[Iterable[Origin]], Leave | None],
) -> Sequence[Answered]:
    search = partial(searched, query, channel=question.thread.channel, store=store)
    found = await search()
    near = [one.mention for one in best_articles(query, found, most=_MOST_READ)]
    permit = leave(one.origin for one in near) if near else None
    if permit is None:
        return _quoted(query, found, language)
    answer = await written(question, near, writer, language=language, leave=permit)
    given = answered(near, answer)
    if (answer.method, answer.voice) == (Method.ABSTRACTIVE, Voice.SAYS):
        if not _rests_on_struck(answer, near) and await _is_kept(given, store):
            return [given]
        return _quoted(query, await search(), language)
    return _in_its_place(answer, _quoted(query, await search(), language))


async def understood(
    text: str, *, channel: Channel, store: Store, clock: Clock, asker: str = ""
) -> MemoryQuery:
    """Read a search, or a question over all that a channel read, with its filters.

    Days are those of the channel's own zone; `asker` is "me".
    """
    zone = ZoneInfo((await store.channel_settings(channel)).zone)
    sources = await store.sources(channel) if names_sources(text) else Sources()
    return parse(text, clock.now().astimezone(zone), sources, asker=asker)


async def searched(query: MemoryQuery, *, channel: Channel, store: Store) -> Sequence[Found]:
    """Return what a search brings up, best first; nothing where nothing is asked for."""
    if query.is_empty:
        return []
    return await store.search(
        channel,
        query.terms,
        since=query.since,
        until=query.until,
        outlets=query.outlets,
        posters=query.posters,
        limit=_LOOK_AT,
    )


async def asks_memory(text: str, *, channel: Channel, store: Store) -> bool:
    """Tell whether a question is about all that was read, or what one of its people posted."""
    if memory.asks_memory(text):
        return True
    return names_poster(text) and asks_poster(text, await store.sources(channel))


def _rests_on_struck(answer: Answer, near: Sequence[Mention]) -> bool:
    """Whether an answer quotes what somebody said is wrong."""
    wrong = [span for mention in near for span in struck(mention)]
    return any(
        is_struck(quote, [span for span in wrong if span.version == quote.version])
        for quote in answer.quotes
    )


def _quoted(query: MemoryQuery, found: Sequence[Found], language: str | None) -> Sequence[Answered]:
    return [
        Answered(
            mention=hit.mention,
            answer=replace(answer, warnings=untranslated(hit.mention.article, language)),
        )
        for hit, answer in answer_memory(query, found)
    ]


async def _is_kept(given: Answered, store: Store) -> bool:
    """Whether all that an answer quotes is still there: a model took its time."""
    for one in (given.mention, *given.others):
        if await store.mention(one.thread.channel, one.number) is None:
            return False
    return True


def _in_its_place(answer: Answer, quoted: Sequence[Answered]) -> Sequence[Answered]:
    """Return the articles' own words where a model's answer is not to be given, saying why not.

    Where it found nothing, they are no more than close.
    """
    failed = [code for code in answer.warnings if code.startswith(_OF_A_MODEL)]
    given = []
    for place, one in enumerate(quoted):
        own = one.answer
        if failed and place == 0:
            own = replace(own, warnings=(*own.warnings, *failed))
        elif not failed and own.voice is Voice.SAYS:
            own = replace(own, voice=Voice.CLOSEST)
        given.append(replace(one, answer=own))
    return given
