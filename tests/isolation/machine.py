"""Twelve channels in which people do whatever they like, in whatever order; nothing may leak.

After every step: what was posted, shown, exported, logged or sent to a model held no word that
only another channel has said, and none that its own channel has forgotten.
"""

from __future__ import annotations

import asyncio
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.model import (
    Commanded,
    Control,
    Deleted,
    Edited,
    Filled,
    Form,
    Joined,
    Message,
    Origin,
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
from tests.isolation.digests import compose_digest
from tests.isolation.holdings import Holdings
from tests.isolation.leaks import Counts, Walls
from tests.isolation.world import Place, World

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.model import Channel, Incoming
    from tests.fakes.platform import Sent
    from tests.isolation.holdings import Here

places = st.integers(0, len(made.CHANNELS) - 1)
whom = st.sampled_from((0, 0, 1))
threads = st.sampled_from(("1", "2"))
numbers = st.integers(1, 6)
nths = st.integers(0, made.OWN + made.SHARED - 1)
topics = st.sampled_from(made.TOPICS)
SETTINGS = (
    *("mode automatic", "mode mention", "mode reaction", "mode off", "bullets short"),
    *("own_wording yes", "language fr", "model_private yes", "model_private no"),
    *("article_days 0", "article_days 9", "article_days 90", "private_days 2", "brief_days 9"),
    *("question_days 2", "question_days 90", "digest yes", "notify all", "ignore none"),
)
COMMANDS = ("list", "why", "help", "usage", "settings", "proof", "proof 1", "proof 3", "stop")
EXPORTS = ("", "json", "mine", "mine json", "thread", "thread json", "md")
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


persons = st.builds(Person, places, whom, threads)


@dataclass
class Asked:
    """How many canaries of questions and pastes were given out; no two histories share them."""

    questions: int = 0
    pastes: int = 0
    keys: dict[Channel, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Begun:
    """What every history begins with, so that it need not be done anew in each."""

    database: bytes
    given: Asked
    said: dict[Channel, set[str]]
    here: dict[Channel, Here]
    posts: dict[str, list[Sent]]


@cache
def beginning() -> Begun:
    """Have something be there in every channel; done once in a process."""
    first = Isolation()
    try:
        first.run(first._opened(model=False))
        first.run(first._fill())
        assert first.world is not None
        posts = {name: one.posts for name, one in first.world.platforms.items()}
        first.run(first.world.store.close())
        return Begun(
            first.place.path.read_bytes(), first.given, first.walls.said, first.holdings.all, posts
        )
    finally:
        first.world = None
        first.teardown()


class Isolation(RuleBasedStateMachine):
    """See the module; `counts` is where what was done and looked at is added up."""

    counts = Counts()

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.place = Place.new()
        self.walls = Walls(type(self).counts)
        self.given = Asked()
        self.world: World | None = None

    # --- beginning, end, and what holds after each step ---

    @initialize(model=st.sampled_from((True, True, False)))
    def open(self, model: bool) -> None:
        begun = beginning()
        self.walls.counts.histories += 1
        self.place.path.write_bytes(begun.database)
        self.given = deepcopy(begun.given)
        self.walls.begin(begun.said)
        self.run(self._opened(model))
        assert self.world is not None
        self.holdings.begin(begun.here)
        for name, platform in self.world.platforms.items():
            platform.begin(begun.posts[name])

    async def _opened(self, model: bool) -> None:
        store = await self.place.open()
        self.world = World(walls=self.walls, store=store, model=model)
        self.holdings = Holdings(store=store, walls=self.walls)

    def teardown(self) -> None:
        try:
            if self.world is not None:
                self.world.look_at_figures()
                self.run(self.world.store.close())
                self.walls.check()
        finally:
            self.runner.close()
            self.place.close()

    async def _fill(self) -> None:
        """Have two people of each channel post its own article and one of all, and ask."""
        for place in range(len(made.CHANNELS)):
            one, other = Person(place, 0, "1"), Person(place, 1, "2")
            await self._posts(one, place % made.OWN, us=True, asks=True)
            await self._posts(other, made.OWN + place % 2, us=True, asks=False)
            await self._asks(other, QUESTIONS[0], "harbour")
            await self._asks(other, QUESTIONS[0], "bridge")
            await self._asks(one, QUESTIONS[2], made.TOPICS[(place + place % 3) % 6])

    @invariant()
    def nothing_is_logged(self) -> None:
        if self.world is not None:
            self.world.look_at_lines()
        self.walls.echo.clear()
        self.walls.check()

    def run(self, doing: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(doing)

    def step(self, name: str, doing: Coroutine[Any, Any, Any]) -> Any:
        self.walls.counts.steps += 1
        self.walls.counts.rules[name] += 1
        done = self.run(doing)
        self.walls.check()
        return done

    # --- what people say ---

    @rule(who=persons, nth=nths, us=st.sampled_from((True, True, False)), asks=st.booleans())
    def posts_a_link(self, who: Person, nth: int, us: bool, asks: bool) -> None:
        self.step("link", self._posts(who, nth, us=us, asks=asks))

    @rule(crowd=st.lists(persons, min_size=2, max_size=4), nth=nths)
    def many_post_at_once(self, crowd: list[Person], nth: int) -> None:
        self.step("links at once", self._crowd(crowd, nth))

    @rule(who=persons, topic=topics)
    def pastes_a_text(self, who: Person, topic: str) -> None:
        text = made.pasted(self.given.pastes, topic)
        self.given.pastes += 1
        self.step("paste", self._pastes(who, text))

    @rule(who=persons, topic=topics, form=st.sampled_from(QUESTIONS))
    def asks_in_a_thread(self, who: Person, topic: str, form: str) -> None:
        self.step("question", self._asks(who, form, topic))

    @rule(who=persons, topic=topics)
    def asks_what_was_read(self, who: Person, topic: str) -> None:
        text = "what did we read about the {topic} and {canary}?"
        self.step("memory", self._asks(who, text, topic))

    @rule(who=persons, other=places, nth=nths)
    def asks_about_another_channel(self, who: Person, other: int, nth: int) -> None:
        self.step("foreign question", self._probes(who, other, nth, "What became of {canary}?"))

    @rule(who=persons, topic=topics)
    def searches(self, who: Person, topic: str) -> None:
        self.step("search", self._says(who, f"search {topic} repairs boat"))

    @rule(who=persons, other=places, nth=nths)
    def searches_for_another_channel(self, who: Person, other: int, nth: int) -> None:
        self.step("foreign search", self._probes(who, other, nth, "search {canary}"))

    @rule(who=persons, text=st.sampled_from(COMMANDS), typed=st.booleans())
    def commands(self, who: Person, text: str, typed: bool) -> None:
        say = self._types if typed else self._says
        self.step("command", say(who, text))

    @rule(who=persons, what=st.sampled_from(EXPORTS))
    def exports(self, who: Person, what: str) -> None:
        self.step("export", self._exports(who, what))

    @rule(who=persons, text=st.sampled_from(SETTINGS), form=st.booleans())
    def sets(self, who: Person, text: str, form: bool) -> None:
        self.step(
            "setting", self._fills(who, text) if form else self._says(who, f"settings {text}")
        )

    # --- what people take back ---

    @rule(who=persons, number=numbers)
    def forgets_a_number(self, who: Person, number: int) -> None:
        self.step("forget article", self._forgets(who, str(number)))

    @rule(who=persons, nth=nths, other=st.none() | places)
    def forgets_a_link(self, who: Person, nth: int, other: int | None) -> None:
        text = made.text_of(who.place if other is None else other, nth)
        self.walls.echo |= {one for one in text.canaries if one in text.url}
        self.step("forget article", self._forgets(who, text.url))

    @rule(who=persons, what=st.sampled_from(("mine", "thread", "mine", "thread", "channel")))
    def forgets_more(self, who: Person, what: str) -> None:
        self.step(f"forget {what}", self._forgets(who, what))

    @rule(place=places)
    def forgets_all(self, place: int) -> None:
        self.step("forget channel yes", self._forgets(Person(place, 0), "channel yes"))

    @rule(place=places, nth=st.integers(0, 9))
    def deletes_a_message(self, place: int, nth: int) -> None:
        self.step("delete", self._deletes(made.CHANNELS[place], nth))

    @rule(place=places, nth=st.integers(0, 9), other=nths)
    def edits_a_message(self, place: int, nth: int, other: int) -> None:
        self.step("edit", self._edits(place, nth, other))

    # --- what people press ---

    @rule(who=persons, nth=nths, told=st.booleans())
    def reacts(self, who: Person, nth: int, told: bool) -> None:
        self.step("react", self._reacts(who, nth, told=told))

    @rule(
        who=persons,
        number=numbers,
        action=st.sampled_from(("proof", "shorter", "longer", "why", "delete", "retry")),
    )
    def presses(self, who: Person, number: int, action: str) -> None:
        self.step("press", self._presses(who, number, action))

    @rule(who=persons, number=numbers, bullet=st.integers(1, 3))
    def says_it_is_wrong(self, who: Person, number: int, bullet: int) -> None:
        self.step("wrong", self._strikes(who, number, bullet))

    @rule(who=persons, number=numbers, what=st.sampled_from(("proof", "why", "wrong", "settings")))
    def looks(self, who: Person, number: int, what: str) -> None:
        self.step("dialog", self._looks(who, number, what))

    @rule(who=persons, rooms=st.lists(places, min_size=1, max_size=3, unique=True))
    def goes_home(self, who: Person, rooms: list[int]) -> None:
        self.step("home", self._home(who, rooms))

    # --- time, and what the bot does by itself ---

    @rule(days=st.sampled_from((0, 1, 3, 8, 31, 91, 400)), hours=st.integers(0, 9))
    def time_passes(self, days: int, hours: int) -> None:
        assert self.world is not None
        self.world.clock.wait(days=days, hours=hours)
        self.step("time", self.holdings.expire(self.world.clock.now()))

    @rule(place=places, back=st.booleans())
    def is_put_out(self, place: int, back: bool) -> None:
        self.step("put out", self._put_out(made.CHANNELS[place], back=back))

    @precondition(lambda _: compose_digest() is not None)
    @rule(place=places)
    def makes_a_digest(self, place: int) -> None:
        self.step("digest", self._digest(made.CHANNELS[place]))

    # --- how all of that is done ---

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
        if message is None or Origin.PASTE in message.text:
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

    async def _digest(self, channel: Channel) -> None:
        compose = compose_digest()
        assert compose is not None
        self.walls.look("digest", repr(await compose(self.world, channel)), channel)
        await self._do_all()
