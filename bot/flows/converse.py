"""What somebody says to us -> what we say back.

1. `core.talking.listen` says what the message is.
2. Links and pasted texts are briefed; a question that stands beside the links is answered too.
3. A command is carried out for this channel.
4. Anything else is a question: about all that was read, if it says so, else about the thread's
   articles, which at a terminal are those of the newest message with articles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from bot.core.answering.memory import asks_memory
from bot.core.talking import layout, settings, wording
from bot.core.talking.commands import Typed, needs_argument
from bot.core.talking.listen import Asked, Links, Nothing, Pasted, understand
from bot.errors import BriefbotError, Incomplete, NoSuchArticle
from bot.flows import answer, brief, command
from bot.model import Origin

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.core.talking.wording import Hints
    from bot.model import Channel, ChannelSettings, Mention, Message, Post
    from bot.ports import Clock, Pages, Store, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One channel's conversation: the ports that it draws on, and how it speaks.

    `where` names the folder in which things are kept.
    """

    channel: Channel
    pages: Pages
    writer: Writer
    store: Store
    clock: Clock
    hints: Hints
    where: str

    async def hear(self, message: Message) -> Sequence[Post]:
        """Return what we say to a message; an error of the asker's becomes a sentence."""
        try:
            return await self._hear(message)
        except BriefbotError as error:
            return [layout.said(wording.explain(error, self.hints))]

    async def _hear(self, message: Message) -> Sequence[Post]:
        said = understand(message.text)
        match said:
            case Nothing():
                return []
            case Links(urls=urls, question=question):
                sources: list[brief.Source] = [brief.Link(url=url) for url in urls]
                return await self.brief(sources, message, question=question)
            case Pasted(text=text):
                return await self.brief([self._pasted(text)], message)
            case Asked(text=text):
                return [await self.ask(text, message.author)]
            case Typed():
                return await self._command(said, message)
            case _:
                assert_never(said)

    @staticmethod
    def _pasted(text: str) -> brief.Text:
        data = text.encode("utf-8", "surrogateescape")
        return brief.Text(data=data, name="-", origin=Origin.PASTE, media_type="text/plain")

    async def brief(
        self,
        sources: Sequence[brief.Source],
        message: Message,
        *,
        question: str = "",
        wanted: brief.Wanted | None = None,
    ) -> Sequence[Post]:
        """Brief sources, and answer what was asked with them."""
        kept = await self.store.channel_settings(self.channel)
        done = await brief.brief(
            sources,
            thread=message.thread,
            message=message.id,
            poster=message.author,
            wanted=wanted or brief.Wanted(bullets=kept.bullets, own_wording=kept.own_wording),
            pages=self.pages,
            writer=self.writer,
            store=self.store,
            clock=self.clock,
        )
        today = self.clock.now().date()
        posts = [
            layout.briefed(
                one,
                hints=self.hints,
                today=today,
                days=days_kept(kept, one.mention.origin if one.mention else Origin.LINK),
                where=self.where,
            )
            for one in done
        ]
        if question and any(one.mention for one in done):
            posts.append(await self.ask(question, message.author))
        return posts

    async def ask(self, text: str, asker: str) -> Post:
        """Answer a question about the newest articles, or about all that was read."""
        if asks_memory(text):
            found = await answer.ask_memory(
                text, channel=self.channel, store=self.store, clock=self.clock
            )
            return layout.answered(found, several=True)
        newest = await answer.latest(channel=self.channel, store=self.store)
        mentions = await self.store.mentions_in(newest.thread)
        best = await answer.ask(
            text,
            mentions=mentions,
            thread=newest.thread,
            asker=asker,
            writer=self.writer,
            store=self.store,
            clock=self.clock,
        )
        return layout.answered([best], several=len(mentions) > 1)

    async def _command(self, typed: Typed, message: Message) -> Sequence[Post]:
        if needs_argument(typed.command) and not typed.argument:
            raise Incomplete(typed.command.usage)
        if typed.command.name == "brief":
            return await self._hear_brief(typed.argument, message)
        one_post: dict[str, Callable[[], Awaitable[Post]]] = {
            "ask": lambda: self.ask(typed.argument, message.author),
            "proof": lambda: self.proof(typed.argument),
            "list": self.listing,
            "search": lambda: self.search(typed.argument),
            "forget": lambda: self.forget([typed.argument]),
            "export": lambda: self._export(typed.argument),
            "settings": lambda: self.set(typed.argument, message.author),
        }
        make = one_post.get(typed.command.name)
        return [await make() if make else layout.help_list()]

    async def _hear_brief(self, argument: str, message: Message) -> Sequence[Post]:
        said = understand(argument)
        if isinstance(said, Links):
            sources: list[brief.Source] = [brief.Link(url=url) for url in said.urls]
            return await self.brief(sources, message, question=said.question)
        return await self.brief([self._pasted(argument)], message)

    async def proof(self, argument: str, *, about: str = "") -> Post:
        """Show what a bullet rests on; every bullet of the brief where none is named."""
        mention = await self._mention(about)
        number = argument.removeprefix("#")
        if number and not number.isdecimal():
            raise NoSuchArticle(argument)
        return layout.proof(mention, int(number)) if number else layout.proofs(mention)

    async def _mention(self, about: str) -> Mention:
        if about:
            return await answer.named(about, channel=self.channel, store=self.store)
        return await answer.latest(channel=self.channel, store=self.store)

    async def listing(self, *, limit: int = 20) -> Post:
        """List what was briefed, newest first."""
        mentions = await self.store.mentions(self.channel, limit=limit)
        return layout.listed(mentions, today=self.clock.now().date())

    async def search(self, text: str, *, limit: int = 10) -> Post:
        """List the articles that match words and dates."""
        found = await command.search(
            text, channel=self.channel, store=self.store, clock=self.clock, limit=limit
        )
        return layout.searched(found, today=self.clock.now().date())

    async def forget(self, references: Sequence[str]) -> Post:
        """Erase articles with all that hangs on them."""
        mentions = [
            await answer.named(reference, channel=self.channel, store=self.store)
            for reference in references
        ]
        receipt = await command.forget(mentions, channel=self.channel, store=self.store)
        return layout.said(wording.forgotten(receipt))

    async def _export(self, form: str) -> Post:
        text, _ = await command.export(form.lower() or "md", channel=self.channel, store=self.store)
        return layout.said(text)

    async def set(self, argument: str, who: str) -> Post:
        """Show the settings, one of them ("bullets"), or change one ("bullets 8")."""
        name, _, value = argument.strip().partition(" ")
        if not value:
            current = await self.store.channel_settings(self.channel)
            return layout.setting_list(current, settings.named(name))
        _, entry = await command.set_one(
            name, value, channel=self.channel, who=who, store=self.store, clock=self.clock
        )
        if entry is None:
            return layout.said(wording.ALREADY_SO)
        return layout.said(wording.changed(entry.name, entry.before, entry.after))


def days_kept(kept: ChannelSettings, origin: Origin) -> int:
    """Return for how many days the text of an article of this origin is kept."""
    return kept.article_days if origin is Origin.LINK else kept.private_days
