"""A question of a thread -> an answer with its quotes.

1. The thread (or the article named) tells which articles may be drawn on.
2. What was asked before in the thread is what a follow-up leans on.
3. The writer answers from all of them, with a model where there is leave for one.
4. Question and answer are stored: the next follow-up leans on them. What was forgotten while it
   was answered is not said.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.answering.question import resolve
from bot.core.reading.urls import canonical
from bot.errors import NoSuchArticle, NothingStored, TextGone
from bot.flows.spending import NEARLY
from bot.model import Answered, Question

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Sequence
    from datetime import datetime

    from bot.model import Answer, Article, Channel, Mention, Origin, Thread
    from bot.ports import Leave, Store, Writer

_REMEMBERED = 3
_PAGE = 50
_DIGITS = 12


def no_model(_: Iterable[Origin]) -> None:
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
    answer = await written(question, mentions, writer, language=language, leave=leave)
    async with store.begin() as tx:
        kept = await store.add_answer(tx, question, answer)
    if not kept:  # what it quotes was forgotten while it was written
        raise NothingStored
    return answered(mentions, answer)


async def written(
    question: Question,
    mentions: Sequence[Mention],
    writer: Writer,
    *,
    language: str | None,
    leave: Leave | None,
) -> Answer:
    """Have a question answered from articles; say so where the budget is nearly used up."""
    articles = [mention.article for mention in mentions]
    answer = await writer.answer(articles, question, language=language, leave=leave)
    if leave is not None and leave.nearly:
        return replace(answer, warnings=(*answer.warnings, NEARLY))
    return answer


def answered(mentions: Sequence[Mention], answer: Answer) -> Answered:
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
