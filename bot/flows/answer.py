"""A question -> answers, each with its quotes.

In a thread:
1. The thread (or the article named) tells which articles may be drawn on.
2. What was asked before in the thread is what a follow-up leans on.
3. The writer answers from all of them, with a model where there is leave for one.
4. Question and answer are stored: the next follow-up leans on them. What was forgotten while it
   was answered is not said.

Over all that a channel has read:
1. Date phrases become bounds, the other words search terms.
2. The store brings up passages of this channel's articles, and of no other's.
3. They are scored again. A model, where there is leave for one, answers from the best articles
   together; else, and where it does not, they answer each for itself.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.core.answering import memory
from bot.core.answering.answer import is_struck
from bot.core.answering.filters import asks_poster, names_poster, names_sources
from bot.core.answering.memory import answer_memory, best_articles, parse, struck
from bot.core.answering.question import resolve
from bot.core.language.detect import untranslated
from bot.core.reading.urls import canonical
from bot.errors import NoSuchArticle, NothingStored, TextGone
from bot.flows.spending import NEARLY
from bot.model import Answered, Method, Question, Recalled, Sources, Voice

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
    from datetime import datetime

    from bot.core.answering.memory import MemoryQuery
    from bot.model import Answer, Article, Channel, Found, Mention, Origin, Thread
    from bot.ports import Clock, Leave, Store, Writer

_OF_A_MODEL = ("model_", NEARLY)
_MOST_READ = 5
_REMEMBERED = 3
_LOOK_AT = 100
_PAGE = 50
_DIGITS = 12


def _no_model(_: Iterable[Origin]) -> None:
    """Give no leave to ask a model."""


async def ask(
    text: str,
    *,
    mentions: Sequence[Mention],
    thread: Thread,
    asker: str,
    asked_at: datetime,
    writer: Writer,
    store: Store,
    language: str | None = None,
    leave: Leave | None = None,
) -> Answered:
    """Answer a question of a thread from the articles given (one at least).

    `language` is the one wished for, None the articles' own. The mention is that of the article
    that the first quote stands in. Raises TextGone where the text of none of them is kept any
    more, NothingStored where the one that answers was forgotten meanwhile.
    """
    mentions = [mention for mention in mentions if has_text(mention.article)]
    if not mentions:
        raise TextGone
    question = Question(
        thread=thread,
        asker=asker,
        text=text,
        asked_at=asked_at,
        previous=_before(await store.last_question(thread), text, asked_at),
        memory=tuple(await store.exchanges(thread, limit=_REMEMBERED)),
    )
    answer = await _written(question, mentions, writer, language=language, leave=leave)
    async with store.begin() as tx:
        kept = await store.add_answer(tx, question, answer)
    if not kept:  # what it quotes was forgotten while it was written
        raise NothingStored
    return _answered(mentions, answer)


async def _written(
    question: Question,
    mentions: Sequence[Mention],
    writer: Writer,
    *,
    language: str | None,
    leave: Leave | None,
) -> Answer:
    articles = [mention.article for mention in mentions]
    answer = await writer.answer(articles, question, language=language, leave=leave)
    if leave is not None and leave.nearly:
        return replace(answer, warnings=(*answer.warnings, NEARLY))
    return answer


def _answered(mentions: Sequence[Mention], answer: Answer) -> Answered:
    """Name the articles that are quoted, the best first; the first given where none is."""
    by_version = {one.article.version: one for one in reversed(mentions)}
    quoted = dict.fromkeys(span.version for span in answer.quotes)
    best, *others = [by_version[version] for version in quoted] or mentions[:1]
    return Answered(mention=best, answer=answer, others=tuple(others))


def _before(last: Question | None, text: str, asked_at: datetime) -> str | None:
    """Return what was asked before, which may be this very question where it is answered anew."""
    if last is None:
        return None
    if (last.text, last.asked_at) == (text, asked_at):
        return last.previous
    return resolve(last.text, last.previous)


async def ask_memory(
    question: Question,
    *,
    writer: Writer,
    store: Store,
    clock: Clock,
    language: str | None = None,
    leave: Callable[[Iterable[Origin]], Leave | None] = _no_model,
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
    answer = await _written(question, near, writer, language=language, leave=permit)
    given = _answered(near, answer)
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


async def named(reference: str, *, channel: Channel, store: Store) -> Mention:
    """Return the mention that a number or an address names.

    Raises NothingStored where the channel has none at all, NoSuchArticle.
    """
    if not await store.mentions(channel, limit=1):
        raise NothingStored
    number = reference.removeprefix("#")
    if number.isdecimal():
        known = len(number) <= _DIGITS
        mention = await store.mention(channel, int(number)) if known else None
    else:
        mention = next(iter(await store.mentions_of(channel, _key(reference))), None)
        mention = mention or await _by_source(reference, channel=channel, store=store)
    if mention is None:
        raise NoSuchArticle(reference)
    return mention


def _key(reference: str) -> str:
    return canonical(reference) if "://" in reference else reference


async def _by_source(reference: str, *, channel: Channel, store: Store) -> Mention | None:
    """The newest mention that came from a file of this name."""
    async with aclosing(everything(channel=channel, store=store)) as mentions:
        async for mention in mentions:
            if mention.source == reference:
                return mention
    return None


async def everything(*, channel: Channel, store: Store) -> AsyncGenerator[Mention]:
    """Yield all mentions of a channel, newest first, a page of them held at a time."""
    seen = 0
    while page := await store.mentions(channel, limit=_PAGE, offset=seen):
        seen += len(page)
        for mention in page:
            yield mention


def has_text(article: Article) -> bool:
    """Tell whether an article's text is (still) kept."""
    return bool(article.paragraphs or article.lead_bullets or article.captions)


async def latest(*, channel: Channel, store: Store) -> Mention:
    """Return the channel's newest mention. Raises NothingStored."""
    newest = await store.mentions(channel, limit=1)
    if not newest:
        raise NothingStored
    return newest[0]
