"""What is written about one channel's articles: briefs, and answers to questions.

1. The channel's settings say how long, in whose words and in which language.
2. `flows.spending` gives the leave to ask a model, by where the text came from.
3. `flows.brief`, `flows.answer` and `flows.recall` have it written, and store it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.talking import layout
from bot.errors import TooManyQuestions
from bot.flows import answer, brief, recall
from bot.flows.kept import Kept
from bot.model import Notify, Origin, Purpose, Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import (
        Answered,
        Brief,
        Briefed,
        ChannelSettings,
        Mention,
        Message,
        Post,
        Recalled,
    )
    from bot.ports import Leave, Pages, Writer


_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written(Kept):
    """What is written about what a channel keeps.

    `where` names the folder in which things are kept, or is empty.
    """

    pages: Pages
    writer: Writer
    where: str = ""

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
        return await self.written_as(mention, replace(kept, bullets=bullets, own_wording=True))

    async def written_as(self, mention: Mention, kept: ChannelSettings) -> Brief:
        """Write a mention's brief anew, as a channel wants it that is set so; nothing is stored."""
        brief = await self.writer.brief(
            mention.article,
            bullets=kept.bullets,
            own_wording=kept.own_wording,
            language=kept.wish,
            leave=self._leave(Purpose.BRIEF, [mention.origin], kept),
        )
        teaser = mention.brief is not None and mention.brief.is_of_teaser
        return brief.of_teaser() if teaser else brief

    def _leave(
        self,
        purpose: Purpose,
        origins: Iterable[Origin],
        kept: ChannelSettings,
        *,
        private: bool = False,
    ) -> Leave | None:
        """Return the leave to ask a model; `private` where what is asked is not public itself."""
        if self.spending is None:
            return None
        private = private or any(origin is not Origin.LINK for origin in origins)
        return self.spending.leave(self.channel, purpose, private=private, kept=kept)

    def laid_out(self, done: Briefed, kept: ChannelSettings) -> Post:
        """Lay out a brief, or why there is none; `kept` are the channel's settings."""
        private = done.mention is not None and done.mention.origin is not Origin.LINK
        post = layout.briefed(
            done,
            hints=self.hints,
            today=self.clock.now().date(),
            days=kept.private_days if private else kept.article_days,
            where=self.where,
        )
        loud = done.mention is not None and self.hints.notices and kept.notify is Notify.ALL
        return replace(post, loud=loud)

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
            leave=self._leave(
                Purpose.ANSWER,
                (one.origin for one in mentions),
                kept,
                private=message.private,
            ),
        )

    async def ask_memory(self, text: str, message: Message) -> Recalled:
        """Answer a question from all that the channel has read."""
        kept = await self.store.channel_settings(self.channel)
        return await recall.ask_memory(
            Question(
                thread=message.thread, asker=message.author, text=text, asked_at=message.sent_at
            ),
            writer=self.writer,
            store=self.store,
            clock=self.clock,
            language=kept.wish,
            leave=lambda origins: self._leave(
                Purpose.ANSWER, origins, kept, private=message.private
            ),
        )
