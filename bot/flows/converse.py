"""What somebody says to us -> what we say back.

1. `core.talking.listen` says what the message is.
2. Links and pasted texts are briefed; a question that stands beside the links is answered too.
3. A command is carried out for this channel.
4. Anything else is a question: about all that was read, if it says so, else about the thread's
   articles, which at a terminal are those of the newest message with articles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from bot.core.answering.memory import asks_memory
from bot.core.talking import layout, permission, settings, usage, wording
from bot.core.talking.commands import Typed, needs_argument
from bot.core.talking.listen import Asked, Links, Nothing, Pasted, understand
from bot.errors import BriefbotError, Incomplete, NoSuchBullet, SourceMissing, TooManyQuestions
from bot.flows import answer, brief, command
from bot.model import Budget, Origin, Purpose, Question, Thread

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

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
        Upload,
    )
    from bot.ports import Clock, Leave, Pages, Store, Writer


_DIGITS = 4
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
class Heard:
    """What we say to a message, in order.

    Where all that came of it is that nothing could be read, `refused` is the verdict of the first.
    `known` says that it only points to where all of it was briefed before.
    """

    posts: Sequence[Post] = ()
    refused: str = ""
    known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One channel's conversation: the ports that it draws on, and how it speaks.

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

    def in_private(self) -> Conversation:
        """Return this conversation as one that somebody has with us alone, and looks after."""
        return replace(self, keeper=_everyone)

    async def hear(self, message: Message) -> Sequence[Post]:
        """Return what we say to a message; an error of the asker's becomes a sentence.

        What is older than the channel keeps it is erased first: a conversation may go on for
        longer than that.
        """
        await self.store.expire(self.clock.now())
        try:
            return (await self.understood(message)).posts
        except BriefbotError as error:
            return [layout.said(wording.explain(error, self.hints))]

    async def understood(  # noqa: PLR0911 - one for each kind
        self, message: Message, event: int | None = None
    ) -> Heard:
        """Do what a message says. Raises whatever goes wrong."""
        said = understand(message.text)
        files = [self._attached(upload) for upload in message.uploads]
        match said:
            case Nothing() if not files:
                return Heard()
            case Nothing():
                return await self.hear_sources(files, message, event=event)
            case Links(urls=urls, question=question):
                links = [*files, *(brief.Link(url=url) for url in urls)]
                return await self.hear_sources(links, message, question=question, event=event)
            case Pasted(text=text):
                return await self.hear_sources([*files, _pasted(text)], message, event=event)
            case Asked(text=text) if files:
                question = text if text.rstrip().endswith("?") else ""
                return await self.hear_sources(files, message, question=question, event=event)
            case Asked(text=text):
                return Heard(posts=[await self._answered(text, message)])
            case Typed(command=command, argument=argument) if files and command.name == "brief":
                beside = understand(argument)
                urls = beside.urls if isinstance(beside, Links) else ()
                links = [*files, *(brief.Link(url=url) for url in urls)]
                return await self.hear_sources(links, message, event=event)
            case Typed():
                return await self._command(said, message, event)
            case _:
                assert_never(said)

    def _attached(self, upload: Upload) -> brief.Source:
        return brief.Attached(
            name=upload.name,
            media_type=upload.media_type,
            load=lambda: self.download(upload),
        )

    async def hear_sources(
        self,
        sources: Sequence[brief.Source],
        message: Message,
        *,
        question: str = "",
        event: int | None = None,
    ) -> Heard:
        """Return the briefs of a message's sources, and the answer to what was asked with them."""
        kept = await self.store.channel_settings(self.channel)
        done = await self.brief(sources, message, kept=kept, event=event)
        pointed = [await self._pointed(one) for one in done]
        posts = [
            there or self.laid_out(one, kept) for there, one in zip(pointed, done, strict=True)
        ]
        mentions = [one.mention for one in done if one.mention]
        if question and mentions:
            best = await self.ask(question, message, mentions=mentions)
            posts.append(layout.answered([best], several=len(mentions) > 1))
        return Heard(
            posts=posts,
            refused="" if mentions or not done else done[0].reading.verdict,
            known=bool(pointed) and all(pointed) and not question,
        )

    async def _pointed(self, done: Briefed) -> Post | None:
        """Point to the thread where these very words were briefed, if that is another one."""
        mention = done.mention
        if mention is None or not done.again or not self.threaded:
            return None
        before = await self.store.mentions_of(self.channel, mention.article.key)
        for one in reversed(before):
            elsewhere = one.thread != mention.thread and one.brief is not None
            if elsewhere and one.article.version == mention.article.version:
                where = self.link(one.thread)
                return layout.pointed(one, where) if where else None
        return None

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

    async def _answered(self, text: str, message: Message) -> Post:
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

    async def _command(self, typed: Typed, message: Message, event: int | None) -> Heard:
        if typed.command.name == "brief" and typed.argument:
            return await self._hear_brief(typed.argument, message, event)
        return Heard(posts=[await self.carry_out(typed, message)])

    async def carry_out(self, typed: Typed, message: Message) -> Post:
        """Carry out a command that briefs nothing. Raises UsageError."""
        if needs_argument(typed.command) and not typed.argument:
            raise Incomplete(typed.command.usage)
        one_post: dict[str, Callable[[], Awaitable[Post]]] = {
            "ask": lambda: self._answered(typed.argument, message),
            "proof": lambda: self.proof(typed.argument, thread=message.thread),
            "why": self.why,
            "list": self.listing,
            "search": lambda: self._searched(typed.argument),
            "forget": lambda: self.forget([typed.argument], message.author),
            "export": lambda: self._exported(typed.argument, message.author),
            "settings": lambda: self.set(typed.argument, message.author),
            "usage": self.usage,
        }
        if typed.command.name == "stop":  # what it stops was taken back when it came in
            return layout.said(wording.STOPPED)
        make = one_post.get(typed.command.name)
        return await make() if make else layout.help_list(self.hints)

    async def _hear_brief(self, argument: str, message: Message, event: int | None) -> Heard:
        said = understand(argument)
        if isinstance(said, Links):
            links = [brief.Link(url=url) for url in said.urls]
            return await self.hear_sources(links, message, question=said.question, event=event)
        return await self.hear_sources([_pasted(argument)], message, event=event)

    async def proof(self, argument: str, *, about: str = "", thread: Thread | None = None) -> Post:
        """Show what a bullet rests on; every bullet of the brief where none is named."""
        mention = (await self.drawn_on(about, thread))[0]
        number = argument.removeprefix("#")
        if not number:
            return layout.proofs(mention)
        total = len(mention.brief.bullets) if mention.brief else 0
        if not number.isdecimal() or len(number) > _DIGITS or not 1 <= int(number) <= total:
            raise NoSuchBullet(argument, total)
        return layout.proof(mention, int(number))

    async def listing(self, *, limit: int = 20) -> Post:
        """List what was briefed, newest first."""
        mentions = await command.listing(channel=self.channel, store=self.store, limit=limit)
        return layout.listed(mentions, today=self.clock.now().date())

    async def search(self, text: str, *, limit: int = 10) -> Sequence[Answered]:
        """Return the articles that match words and dates, each with its best passage."""
        return await command.search(
            text, channel=self.channel, store=self.store, clock=self.clock, limit=limit
        )

    async def _searched(self, text: str) -> Post:
        return layout.searched(await self.search(text), today=self.clock.now().date())

    async def why(self) -> Post:
        """Say what was decided last about links of this channel, and why."""
        decided = await self.store.decided(self.channel)
        where = "" if decided is None else self.link(thread_at(self.channel, decided.message))
        return layout.why(decided, where)

    async def forget(self, references: Sequence[str], who: str = "") -> Post:
        """Erase articles with all that hangs on them, or what somebody posted ("mine").

        Raises NotAllowed where they are of others, and he does not look after the channel.
        """
        keeper = await self.keeper(who)
        if list(references) == [command.MINE]:
            receipt = await command.forget_own(who, channel=self.channel, store=self.store)
        else:
            receipt = await command.forget(
                references,
                channel=self.channel,
                store=self.store,
                may=lambda mentions: permission.own(mentions, who, keeper=keeper),
            )
        return layout.said(wording.forgotten(receipt))

    async def forget_everything(self) -> Post:
        """Erase all that was read here."""
        receipt = await command.forget_everything(channel=self.channel, store=self.store)
        return layout.said(wording.forgotten(receipt))

    async def export(self, form: str) -> tuple[str, int]:
        """Return all briefs with their proof as "md" or "json", and how many they are."""
        return await command.export(form, channel=self.channel, store=self.store)

    async def _exported(self, form: str, who: str) -> Post:
        """Keepers get all of it, everybody else what he posted."""
        of = "" if await self.keeper(who) else who
        text, _ = await command.export(
            form.lower() or "md", channel=self.channel, store=self.store, poster=of
        )
        return layout.exported(text)

    async def usage(self, *, days: int = 30) -> Post:
        """Show what models took in this channel lately, and what it may take today."""
        if self.spending is None and not self.budget.a_day:
            return layout.said(wording.NO_MODEL)
        today = self.clock.now().date()
        spent = await command.usage(days, today, channel=self.channel, store=self.store)
        return usage.of_channel(spent, today=today, days=days, cap=self.budget.a_channel)

    async def set(self, argument: str, who: str) -> Post:
        """Show the settings, one of them ("bullets"), or change one ("bullets 8")."""
        name, _, value = argument.strip().partition(" ")
        if not value:
            current = await self.store.channel_settings(self.channel)
            return layout.setting_list(current, settings.named(name, chat=self.threaded))
        _, entry = await command.set_one(
            name,
            value,
            channel=self.channel,
            who=who,
            keeper=await self.keeper(who),
            store=self.store,
            clock=self.clock,
        )
        if entry is None:
            return layout.said(wording.ALREADY_SO)
        return layout.said(wording.changed(entry.name, entry.before, entry.after))


def thread_at(channel: Channel, message: str) -> Thread:
    """Return the thread whose first message this is."""
    return Thread(channel=channel, id=message)


def _pasted(text: str) -> brief.Text:
    data = text.encode("utf-8", "surrogateescape")
    return brief.Text(data=data, name="-", origin=Origin.PASTE, media_type="text/plain")
