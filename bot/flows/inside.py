"""What is briefed and answered in one channel, by its settings and within its budget."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.answering.memory import asks_memory
from bot.core.talking import layout
from bot.errors import SourceMissing, TooManyQuestions
from bot.flows import answer, brief
from bot.model import Budget, Origin, Purpose, Question

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from typing import Self

    from bot.core.talking.wording import Hints
    from bot.flows.spending import Spending
    from bot.model import (
        Answered,
        Brief,
        Briefed,
        Channel,
        ChannelSettings,
        Mention,
        Message,
        Post,
        Thread,
        Upload,
    )
    from bot.ports import Clock, Leave, Pages, Store, Writer


_HOUR = timedelta(hours=1)
_NO_MODEL = Budget(a_day=0, a_channel=0)


async def _everyone(_: str) -> bool:
    """Take whoever asks for one who looks after the place: at a terminal he does."""
    return True


async def _no_files(upload: Upload) -> bytes:
    raise SourceMissing(upload.name)


def _no_link(_: Thread) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """One channel: the ports that what is said there draws on, and how it is answered.

    `where` names the folder in which things are kept, or is empty. Where it is `threaded`, a
    question is about what was briefed in its thread, else about what was briefed last, and what
    was briefed elsewhere in the channel is pointed to. `budget` is what models may take a day;
    without `spending`, none is asked. `keeper` tells whether somebody looks after the channel,
    `download` fetches files of messages, `link` gives the address of a thread.
    """

    channel: Channel
    pages: Pages
    writer: Writer
    store: Store
    clock: Clock
    hints: Hints
    budget: Budget = _NO_MODEL
    where: str = ""
    threaded: bool = False
    spending: Spending | None = None
    keeper: Callable[[str], Awaitable[bool]] = _everyone
    download: Callable[[Upload], Awaitable[bytes]] = _no_files
    link: Callable[[Thread], str] = _no_link

    def in_private(self) -> Self:
        """Return this channel as one where somebody is alone with us, and looks after it."""
        return replace(self, keeper=_everyone)

    async def brief(
        self,
        sources: Sequence[brief.Source],
        message: Message,
        *,
        bullets: int | None = None,
        own_wording: bool | None = None,
        kept: ChannelSettings,
        event: int | None = None,
    ) -> Sequence[Briefed]:
        """Brief the sources of a message, as the channel wants it where nothing else is said.

        `kept` are the channel's settings.
        """
        wanted = brief.Wanted(
            bullets=kept.bullets if bullets is None else bullets,
            own_wording=kept.own_wording if own_wording is None else own_wording,
            language=kept.wish,
            anew=not self.threaded,
        )
        return await brief.brief(
            sources,
            brief.Asked(
                thread=message.thread,
                message=message.id,
                poster=message.author,
                wanted=wanted,
                event=event,
                leave=lambda origin: self._leave(Purpose.BRIEF, [origin], kept),
            ),
            pages=self.pages,
            writer=self.writer,
            store=self.store,
            clock=self.clock,
        )

    async def rewrite(self, mention: Mention, *, bullets: int) -> Brief:
        """Write a mention's brief anew, in our own wording, in another length."""
        kept = await self.store.channel_settings(self.channel)
        leave = self._leave(Purpose.BRIEF, [mention.origin], kept)
        return await self.writer.brief(
            mention.article, bullets=bullets, own_wording=True, language=kept.wish, leave=leave
        )

    def _leave(
        self, purpose: Purpose, origins: Iterable[Origin], kept: ChannelSettings
    ) -> Leave | None:
        if self.spending is None:
            return None
        private = any(origin is not Origin.LINK for origin in origins)
        return self.spending.leave(self.channel, purpose, private=private, kept=kept)

    def laid_out(self, done: Briefed, kept: ChannelSettings) -> Post:
        """Lay out a brief, or why there is none; `kept` are the channel's settings."""
        private = done.mention is not None and done.mention.origin is not Origin.LINK
        return layout.briefed(
            done,
            hints=self.hints,
            today=self.clock.now().date(),
            days=kept.private_days if private else kept.article_days,
            where=self.where,
        )

    async def answered(self, text: str, message: Message) -> Post:
        """Answer a question: about all that was read, if it says so, else about its thread.

        Raises as `ask` and `drawn_on`.
        """
        if asks_memory(text):
            return layout.answered(await self.ask_memory(text, message), several=True)
        mentions = await self.drawn_on("", message.thread)
        best = await self.ask(text, message, mentions=mentions)
        return layout.answered([best], several=len(mentions) > 1)

    async def ask(self, text: str, message: Message, *, mentions: Sequence[Mention]) -> Answered:
        """Answer a question from articles of one thread (one at least).

        Raises TooManyQuestions where somebody has asked as many as the channel allows an hour.
        """
        kept = await self.store.channel_settings(self.channel)
        if self.threaded:
            since = self.clock.now() - _HOUR
            asked = await self.store.asked_since(self.channel, message.author, since)
            if asked >= kept.questions_per_hour:
                raise TooManyQuestions(kept.questions_per_hour)
        return await answer.ask(
            text,
            mentions=mentions,
            thread=mentions[0].thread,
            asker=message.author,
            asked_at=message.sent_at,
            writer=self.writer,
            store=self.store,
            language=kept.wish,
            leave=self._leave(Purpose.ANSWER, (one.origin for one in mentions), kept),
        )

    async def ask_memory(self, text: str, message: Message) -> Sequence[Answered]:
        """Answer a question from all that the channel has read."""
        kept = await self.store.channel_settings(self.channel)
        return await answer.ask_memory(
            Question(
                thread=message.thread, asker=message.author, text=text, asked_at=message.sent_at
            ),
            writer=self.writer,
            store=self.store,
            clock=self.clock,
            language=kept.wish,
            leave=lambda origins: self._leave(Purpose.ANSWER, origins, kept),
        )

    async def drawn_on(self, about: str, thread: Thread | None = None) -> Sequence[Mention]:
        """Return the articles that a question draws on.

        The one that `about` names; else those of the thread, where there are any and this is
        `threaded`; else those of the newest message. Raises NothingStored, NoSuchArticle.
        """
        if about:
            return [await answer.named(about, channel=self.channel, store=self.store)]
        if self.threaded and thread is not None:
            here = await self.store.mentions_in(thread)
            if here:
                return here
        newest = await answer.latest(channel=self.channel, store=self.store)
        return await self.store.mentions_in(newest.thread)
