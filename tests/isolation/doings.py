"""How people do what the machine lets them do, and what is noted of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.flows.digest import due_on
from bot.model import (
    Commanded,
    Control,
    Deleted,
    Edited,
    Filled,
    Form,
    Joined,
    Message,
    Posted,
    Pressed,
    Reacted,
    Removed,
    Room,
    ShowHome,
    ShowProof,
    ShowSettings,
    ShowWhy,
    ShowWrong,
    Thread,
)
from tests.isolation import canaries as made

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.model import Channel, Incoming
    from tests.isolation.holdings import Holdings
    from tests.isolation.leaks import Walls
    from tests.isolation.world import World

QUESTIONS = (
    "What did the repairs of the {topic} cost near {canary}?",
    "Who asked {canary} for the {topic}?",
    "When will the {topic} open, {canary}?",
)


@dataclass(frozen=True)
class Person:
    """Somebody in a channel, and the thread that he speaks in."""

    place: int
    which: int
    thread: str = "1"

    @property
    def channel(self) -> Channel:
        return made.CHANNELS[self.place]

    @property
    def name(self) -> str:
        return made.people()[self.place][self.which]

    @property
    def where(self) -> Thread:
        return Thread(channel=self.channel, id=self.thread)


@dataclass
class Asked:
    """How many canaries of questions and pastes were given out; no two histories share them."""

    questions: int = 0
    pastes: int = 0
    keys: dict[Channel, int] = field(default_factory=dict)


class Doings:
    """What can be done in a world, each with what the channel holds after it."""

    walls: Walls
    given: Asked
    holdings: Holdings
    world: World | None

    async def _fill(self) -> None:
        """Have two people of each channel post its own article and one of all, and ask."""
        for place in range(len(made.CHANNELS)):
            one, other = Person(place, 0, "1"), Person(place, 1, "2")
            await self._posts(one, place % made.OWN, us=True, asks=True)
            await self._posts(other, made.OWN + place % 2, us=True, asks=False)
            await self._asks(other, QUESTIONS[0], "harbour")
            await self._asks(other, QUESTIONS[0], "bridge")
            await self._asks(one, QUESTIONS[2], made.TOPICS[(place + place % 3) % 6])

    async def _accept(self, incoming: Incoming) -> None:
        assert self.world is not None
        await self.world.accept(incoming)

    async def _do_all(self) -> None:
        assert self.world is not None
        await self.world.do_all()

    def _key(self, channel: Channel) -> str:
        """Return the next key of a channel: the same in every channel."""
        number = self.given.keys[channel] = self.given.keys.get(channel, 0) + 1
        return f"k{number}"

    def _canary(self) -> str:
        self.given.questions += 1
        return made.word(7000 + self.given.questions)

    def _message(self, who: Person, text: str, name: str) -> Message:
        assert self.world is not None
        return Message(
            thread=who.where,
            id=name,
            author=who.name,
            text=text,
            sent_at=self.world.clock.now(),
        )

    async def _said(self, who: Person, text: str, *, us: bool = True) -> Message:
        """Have somebody say something; return the message, which was accepted."""
        key = self._key(who.channel)
        message = self._message(who, text, f"m-{key}")
        await self._accept(Posted(key=key, message=message, mentions_us=us))
        return message

    async def _says(self, who: Person, text: str) -> None:
        await self._said(who, text)
        await self._do_all()

    async def _posts(self, who: Person, nth: int, *, us: bool, asks: bool) -> None:
        text = made.text_of(who.place, nth)
        self.walls.say(who.channel, text.canaries)
        beside = ""
        if asks:
            canary = self._canary()
            self.walls.say(who.channel, [canary])
            beside = f" what did the {text.topic} cost {canary}?"
        message = await self._said(who, f"{text.url}{beside}", us=us)
        await self._do_all()
        self.holdings.posted(message, text)
        if asks:
            self.holdings.asked(message, canary)
        await self.holdings.settle(who.channel)

    async def _crowd(self, crowd: list[Person], nth: int) -> None:
        """Have people in several places post at once; the same article where all may post it."""
        for who in crowd:
            text = made.text_of(who.place, nth)
            self.walls.say(who.channel, text.canaries)
            self.holdings.posted(await self._said(who, text.url), text)
        await self._do_all()
        for who in crowd:
            await self.holdings.settle(who.channel)

    async def _pastes(self, who: Person, text: made.Text) -> None:
        self.walls.say(who.channel, text.canaries)
        self.holdings.posted(await self._said(who, text.pasted), text)
        await self._do_all()
        await self.holdings.settle(who.channel)

    async def _asks(self, who: Person, form: str, topic: str) -> None:
        canary = self._canary()
        self.walls.say(who.channel, [canary])
        message = await self._said(who, form.format(topic=topic, canary=canary))
        self.holdings.asked(message, canary)
        await self._do_all()

    async def _probes(self, who: Person, other: int, nth: int, form: str) -> None:
        """Have somebody use a word of another channel: it may be said back, and nothing with it."""
        word = min(made.text_of(other, nth).canaries)
        message = await self._said(who, form.format(canary=word))
        if "search" in form:
            self.walls.echo.add(word)
        else:
            self.walls.say(who.channel, [word])
            self.holdings.asked(message, word)
        await self._do_all()

    async def _types(self, who: Person, text: str) -> None:
        """Have somebody type a command after a slash."""
        assert self.world is not None
        commanded = Commanded(
            key=self._key(who.channel),
            thread=who.where,
            who=who.name,
            text=text,
            at=self.world.clock.now(),
        )
        post = await self.world.desk.command(commanded)
        if post is None:
            await self._accept(commanded)
            await self._do_all()
        else:
            self.walls.look("desk", repr(post), who.channel)

    async def _exports(self, who: Person, what: str) -> None:
        assert self.world is not None
        await self._types(who, f"export {what}".strip())
        talk = self.world.conversation(who.channel)
        written = await talk.export(what, who.name, who.where)
        self.walls.look("export", written.text, who.channel)

    async def _fills(self, who: Person, text: str) -> None:
        assert self.world is not None
        room = Room(channel=who.channel, name=who.channel.id)
        sheet = await self.world.desk.show(ShowSettings(room=room, who=who.name))
        self.walls.look("form", repr(sheet), who.channel)
        name, _, value = text.partition(" ")
        told = await self.world.desk.fill(
            Filled(
                key=self._key(who.channel),
                form=Form.SETTINGS,
                context=sheet.context,
                who=who.name,
                values=((name, value),),
            )
        )
        self.walls.look("form", repr(told), who.channel)

    async def _forgets(self, who: Person, what: str) -> None:
        await self._do_all()
        going = await self.holdings.going(who.where, who.name, who.which == 0, what)
        await self._says(who, f"forget {what}")
        await self.holdings.gone(who.channel, going)

    async def _deletes(self, channel: Channel, nth: int) -> None:
        message = self.holdings.message(channel, nth)
        if message is not None:
            going = await self.holdings.of_message(message)
            thread = message.thread
            key = self._key(channel)
            await self._accept(Deleted(key=key, thread=thread, message_id=message.id))
            await self._do_all()
            await self.holdings.gone(channel, going)

    async def _edits(self, place: int, nth: int, other: int) -> None:
        channel, text = made.CHANNELS[place], made.text_of(place, other)
        message = self.holdings.message(channel, nth)
        if message is None or text.url in message.text:
            return
        self.walls.say(channel, text.canaries)
        going = await self.holdings.of_message(message)
        after = replace(message, text=text.url)
        key = self._key(channel)
        await self._accept(Edited(key=key, message=after, mentions_us=True, named_us=True))
        await self._do_all()
        self.holdings.posted(after, text)
        await self.holdings.gone(channel, going)
        await self.holdings.settle(channel)

    async def _reacts(self, who: Person, nth: int, *, told: bool) -> None:
        message = self.holdings.message(who.channel, nth)
        if message is None:
            return
        if told:  # the platform brings its text
            self.walls.say(who.channel, self.holdings.canaries_in(message.text))
        else:
            message = replace(message, text="")
        key = self._key(who.channel)
        await self._accept(Reacted(key=key, message=message, who=who.name, reaction="newspaper"))
        await self._do_all()

    async def _presses(self, who: Person, number: int, action: str) -> None:
        going = None
        if action == Control.DELETE:
            going = await self.holdings.deleting(who.where, who.name, who.which == 0, number)
        key = self._key(who.channel)
        await self._accept(
            Pressed(key=key, thread=who.where, who=who.name, action=action, value=f"{number}")
        )
        await self._do_all()
        if going is not None:
            await self.holdings.gone(who.channel, going)

    async def _strikes(self, who: Person, number: int, bullet: int) -> None:
        assert self.world is not None
        sheet = await self.world.desk.show(ShowWrong(channel=who.channel, number=number))
        self.walls.look("form", repr(sheet), who.channel)
        if sheet.form is None:
            return
        values = (("bullet", f"{bullet}"), ("why", "It was otherwise"))
        filled = Filled(
            key=self._key(who.channel),
            form=Form.WRONG,
            context=sheet.context,
            who=who.name,
            values=values,
        )
        self.walls.look("form", repr(await self.world.desk.fill(filled)), who.channel)
        await self._do_all()

    async def _looks(self, who: Person, number: int, what: str) -> None:
        assert self.world is not None
        wishes: dict[str, Callable[[], Any]] = {
            "proof": lambda: ShowProof(channel=who.channel, number=number),
            "why": lambda: ShowWhy(channel=who.channel, number=number),
            "wrong": lambda: ShowWrong(channel=who.channel, number=number),
            "settings": lambda: ShowSettings(
                room=Room(channel=who.channel, name="room"), who=who.name
            ),
        }
        sheet = await self.world.desk.show(wishes[what]())
        self.walls.look("dialog", repr(sheet), who.channel)

    async def _home(self, who: Person, rooms: list[int]) -> None:
        """Show a person's page, who is in some channels of a workspace."""
        assert self.world is not None
        workspace = who.channel.workspace
        there = [made.CHANNELS[one] for one in {who.place, *rooms}]
        seen = tuple(Room(channel=one, name=one.id) for one in there if one.workspace == workspace)
        wish = ShowHome(workspace=workspace, who=who.name, rooms=seen)
        sheet = await self.world.desk.show(wish)
        self.walls.look("home", repr(sheet), *(room.channel for room in seen))

    async def _put_out(self, channel: Channel, *, back: bool) -> None:
        assert self.world is not None
        key, who = self._key(channel), made.people()[made.CHANNELS.index(channel)][0]
        if back:
            await self._accept(Joined(key=key, channel=channel, inviter=who))
            await self._do_all()
            self.holdings.back(channel)
            return
        await self._accept(Removed(key=key, workspace=channel.workspace, channel=channel))
        self.holdings.put_out(channel, self.world.clock.now() + timedelta(days=30))

    async def _digest(self, who: Person, how: str) -> None:
        """Have a digest's moment come, or somebody ask for one."""
        assert self.world is not None
        if how != "due":
            await self._says(who, f"digest {how}")
            return
        await self._accept(due_on(who.channel, self.world.clock.now().date()))
        await self._do_all()
