"""What somebody says to us -> what we say back.

1. `core.talking.listen` says what the message is.
2. Links and pasted texts are briefed; a question that stands beside the links is answered too
   (`flows.written`).
3. A command is carried out for this channel.
4. Anything else is a question: about all that was read, if it says so or a digest began its
   thread, else about the thread's articles, which at a terminal are those of the newest message
   with articles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from bot.core.talking import layout, wording
from bot.core.talking.commands import Typed, needs_argument, setting_of
from bot.core.talking.digesting import DigestNow
from bot.core.talking.export import Of, wish
from bot.core.talking.listen import Asked, Links, Nothing, Pasted, check_typing, understand
from bot.errors import BriefbotError, Incomplete, NotAllowed, SourceMissing
from bot.flows import again, brief
from bot.flows.kept import everyone
from bot.flows.set_up import SetUp
from bot.model import Origin, PostRef

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.flows.again import Pointed
    from bot.model import Briefed, Message, Post, Thread, Told, Upload


async def _no_files(upload: Upload) -> bytes:
    raise SourceMissing(upload.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What we say to a message, in order.

    Where all that came of it is that nothing could be read, `refused` is the verdict of the first.
    `known` says that it only points to where all of it was briefed before. `told` is what is to
    be kept of a digest once it is posted.
    """

    posts: Sequence[Post] = ()
    refused: str = ""
    known: bool = False
    told: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation(SetUp):
    """One channel's conversation: the ports that it draws on, and how it speaks.

    Where it is `threaded`, what was discussed elsewhere in the channel is pointed to
    (`flows.again`). `download` fetches files of messages.
    """

    download: Callable[[Upload], Awaitable[bytes]] = _no_files

    def in_private(self) -> Conversation:
        """Return this conversation as one that somebody has with us alone, and looks after."""
        return replace(self, keeper=everyone, alone=True)

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
                links = [*files, *_links(urls, message)]
                return await self.hear_sources(links, message, question=question, event=event)
            case Pasted(text=text):
                return await self.hear_sources([*files, _pasted(text)], message, event=event)
            case Asked(text=text) if files:
                question = text if text.rstrip().endswith("?") else ""
                return await self.hear_sources(files, message, question=question, event=event)
            case Asked(text=text):
                if self.alone:  # where others are, it is asked of us by name or after a command
                    check_typing(text)
                return Heard(posts=[await self._answered(text, message)])
            case Typed(command=command, argument=argument) if files and command.name == "brief":
                beside = understand(argument)
                urls = beside.urls if isinstance(beside, Links) else ()
                links = [*files, *_links(urls, message)]
                return await self.hear_sources(links, message, event=event)
            case Typed():
                return await self.command(said, message, event)
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
            there.post if there else self.laid_out(one, kept)
            for there, one in zip(pointed, done, strict=True)
        ]
        mentions = [one.mention for one in done if one.mention]
        if question and mentions:
            best = await self.ask(question, message, mentions=mentions)
            answer = layout.answered([best], several=len(mentions) > 1)
            posts.append(self._to_asker(answer, message))
        return Heard(
            posts=posts,
            refused="" if mentions or not done else done[0].reading.verdict,
            known=bool(pointed)
            and all(there and not there.fresh for there in pointed)
            and not question,
        )

    async def _pointed(self, done: Briefed) -> Pointed | None:
        """Point to where an article was discussed before, if that is another thread."""
        if not self.threaded:
            return None
        return await again.pointed(done, store=self.store, link=self.link)

    async def _answered(self, text: str, message: Message) -> Post:
        if await self.asks_memory(text) or await self._is_begun_by_us(message.thread):
            answer = self.answered(await self.ask_memory(text, message))
        else:
            mentions = await self.drawn_on("", message.thread)
            best = await self.ask(text, message, mentions=mentions)
            answer = layout.answered([best], several=len(mentions) > 1)
        return self._to_asker(answer, message)

    async def _is_begun_by_us(self, thread: Thread) -> bool:
        """Whether a post of ours that answers no message began a thread: a digest, say."""
        line = await self.store.delivery_of(PostRef(thread=thread, id=thread.id))
        return line is not None and not line.message

    def _to_asker(self, answer: Post, message: Message) -> Post:
        """Have the asker told of his answer where the platform would not by itself."""
        told = self.hints.notices
        return replace(answer, asker=message.author) if told else answer

    async def command(self, typed: Typed, message: Message, event: int | None = None) -> Heard:
        """Carry out a command; `event` is that of the inbox, if any. Raises UsageError."""
        if typed.command.name == "brief" and typed.argument:
            return await self._hear_brief(typed.argument, message, event)
        if typed.command.name == "digest":
            wanted = await self.digest_wish(typed.argument)
            if isinstance(wanted, DigestNow):
                return await self.digest_now(message.author, event)
        return Heard(posts=[await self.carry_out(typed, message, event)])

    async def digest_now(self, who: str, event: int | None = None) -> Heard:
        """Return the digest of today, for everybody, in place of the one that is to come.

        Of an event, it is told with its post; else it is told at once. Raises NotAllowed.
        """
        if not await self.keeper(who):
            raise NotAllowed
        kept = await self.store.channel_settings(self.channel)
        telling = await self.telling(kept)
        if not telling.digest.stories:
            return Heard(posts=[layout.said(wording.NOTHING_TO_TELL)])
        if event is None:
            async with self.store.begin() as tx:
                await self.store.tell(tx, self.channel, telling.told, again=True)
        return Heard(posts=[self.digest_post(telling, kept)], told=telling.told)

    async def carry_out(self, typed: Typed, message: Message, event: int | None = None) -> Post:
        """Carry out a command that briefs nothing. Raises UsageError."""
        if needs_argument(typed.command) and not typed.argument:
            command = typed.command
            raise Incomplete(command.chat_usage if self.threaded else command.usage)
        one_post: dict[str, Callable[[], Awaitable[Post]]] = {
            "ask": lambda: self._answered(typed.argument, message),
            "proof": lambda: self.proof(typed.argument, thread=message.thread),
            "why": self.why,
            "list": self.listing,
            "search": lambda: self._searched(typed.argument, message.author),
            "forget": lambda: self.forget(
                [typed.argument], message.author, thread=message.thread, event=event
            ),
            "export": lambda: self._exported(typed.argument, message),
            "settings": lambda: self.set(setting_of(typed), message.author),
            "language": lambda: self.set(setting_of(typed), message.author),
            "length": lambda: self.set(setting_of(typed), message.author),
            "digest": lambda: self.digest(typed.argument, message),
            "usage": self.usage,
        }
        if typed.command.name == "stop":  # what it stops was taken back when it came in
            return layout.said(wording.STOPPED)
        make = one_post.get(typed.command.name)
        return await make() if make else self.help(typed.argument)

    async def _hear_brief(self, argument: str, message: Message, event: int | None) -> Heard:
        said = understand(argument)
        if isinstance(said, Links):
            links = _links(said.urls, message)
            return await self.hear_sources(links, message, question=said.question, event=event)
        return await self.hear_sources([_pasted(argument)], message, event=event)

    async def _searched(self, text: str, who: str) -> Post:
        return self.found(await self.search(text, who))

    async def _exported(self, argument: str, message: Message) -> Post:
        """Keepers get all of a channel or thread, everybody else what is his."""
        text, briefs, questions = await self.export(argument, message.author, message.thread)
        if briefs or questions:
            return layout.exported(text)
        of, _ = wish(argument)
        if of is Of.THREAD:
            return layout.said(wording.NOTHING_IN_THREAD)
        all_of_it = of is Of.CHANNEL and await self.keeper(message.author)
        return layout.said(wording.EMPTY_LIST if all_of_it else wording.NOTHING_OF_YOURS)


def _links(urls: Sequence[str], message: Message) -> Sequence[brief.Source]:
    return [brief.Link(url=url, private=message.private) for url in urls]


def _pasted(text: str) -> brief.Text:
    data = text.encode("utf-8", "surrogateescape")
    return brief.Text(data=data, name="-", origin=Origin.PASTE, media_type="text/plain")
