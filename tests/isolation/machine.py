"""Twelve channels in which people do whatever they like, in whatever order; nothing may leak.

After every step: what was posted, shown, exported, logged or sent to a model held no word that
only another channel has said, and none that its own channel has forgotten.
"""

from __future__ import annotations

import asyncio
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.isolation import canaries as made
from tests.isolation.doings import QUESTIONS, Asked, Doings, Person
from tests.isolation.holdings import Holdings
from tests.isolation.leaks import Counts, Walls
from tests.isolation.world import Place, World

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.model import Channel
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
    *(
        "question_days 2",
        "question_days 90",
        "digest yes",
        "digest_least 1",
        "notify all",
        "ignore none",
    ),
)
COMMANDS = ("list", "why", "help", "usage", "settings", "proof", "proof 1", "proof 3", "stop")
EXPORTS = ("", "json", "mine", "mine json", "thread", "thread json", "md")
persons = st.builds(Person, places, whom, threads)


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


class Isolation(Doings, RuleBasedStateMachine):
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

    @rule(who=persons, how=st.sampled_from(("due", "due", "now", "preview")))
    def makes_a_digest(self, who: Person, how: str) -> None:
        self.step("digest", self._digest(who, how))
