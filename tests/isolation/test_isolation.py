"""A few histories in every test run; a thousand are `make isolation`.

And what a machine that finds nothing is worth: with the wall broken on purpose, it finds that.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.sql import visitors

from bot.flows import observed
from bot.model import Forgotten, Thread
from bot.store import mentions, scopes
from bot.store.schema import channels
from bot.store.sql import SqlStore
from tests.isolation.canaries import CHANNELS
from tests.isolation.doings import QUESTIONS, Person
from tests.isolation.leaks import Leak
from tests.isolation.machine import Isolation, beginning
from tests.isolation.running import run
from tests.lengths import length

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 20261125


def test_no_channel_says_what_only_another_one_knows_or_what_it_has_forgotten() -> None:
    histories = length(25, 200)
    counts = run(histories, steps=30, number=SEED)
    assert counts.found == 0
    assert counts.histories >= histories
    assert counts.sought > 10_000 * histories
    # It has seen something of everything, and in it what was to be there.
    shown = {"post", "prompt", "export", "desk", "form", "dialog"}
    assert shown <= set(counts.holding)
    assert counts.outputs["home"]
    assert counts.outputs["log"] > histories
    assert {"forget mine", "forget thread", "forget channel yes", "time"} <= set(counts.rules)


# --- the wall broken on purpose --------------------------------------------------------------


def _everywhere(patch: pytest.MonkeyPatch) -> None:
    """Have a channel see the mentions of its whole workspace."""
    ours = mentions.mentions.c.channel_id == scopes.CHANNEL_ID
    theirs = mentions.mentions.c.channel_id.in_(
        select(channels.c.id).where(channels.c.workspace_id == scopes.WORKSPACE_ID)
    )
    real = mentions._chosen

    @cache
    def chosen(*conditions: Any) -> Any:
        def broken(element: Any, **_: Any) -> Any:
            return theirs if element.compare(ours) else None

        return visitors.replacement_traverse(real(*conditions), {}, broken)

    patch.setattr(mentions, "_chosen", chosen)


def _search(patch: pytest.MonkeyPatch) -> None:
    """Have a search go on in the other channels."""
    real = SqlStore.search

    async def search(self: SqlStore, channel: Any, terms: Any, **given: Any) -> Any:
        return [hit for one in CHANNELS for hit in await real(self, one, terms, **given)]

    patch.setattr(SqlStore, "search", search)


def _exchanges(patch: pytest.MonkeyPatch) -> None:
    """Have a thread remember what was asked in that of the same name elsewhere."""
    real = SqlStore.exchanges

    async def exchanges(self: SqlStore, thread: Any, *, limit: int) -> Any:
        there = [Thread(channel=one, id=thread.id) for one in CHANNELS]
        return [pair for one in there for pair in await real(self, one, limit=limit)]

    patch.setattr(SqlStore, "exchanges", exchanges)


def _logged(patch: pytest.MonkeyPatch) -> None:
    """Have the log name what was read."""
    real = observed.ObservedPages._noted

    def noted(self: Any, reading: Any, began: float) -> Any:
        self.telemetry.log("read", url=reading.source)
        return real(self, reading, began)

    patch.setattr(observed.ObservedPages, "_noted", noted)


def _nothing_forgotten(name: str) -> Callable[[pytest.MonkeyPatch], None]:
    async def forget(*_: Any, **__: Any) -> Forgotten:
        return Forgotten(mentions=1, articles=1, briefs=1, answers=1)

    return lambda patch: patch.setattr(SqlStore, name, forget)


BROKEN: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "mentions": _everywhere,
    "search": _search,
    "exchanges": _exchanges,
    "log": _logged,
    "forget": _nothing_forgotten("forget"),
    "forget_asked": _nothing_forgotten("forget_asked"),
    "forget_channel": _nothing_forgotten("forget_channel"),
}


def tour(place: int) -> None:
    """Do a little of everything in one channel; it takes a second, where chance takes a minute."""
    machine = Isolation()
    keeper, other = Person(place, 0, "1"), Person(place, 1, "2")
    try:
        machine.open(model=True)
        for who in (keeper, other):
            machine.asks_in_a_thread(who, "harbour", QUESTIONS[0])
            machine.asks_what_was_read(who, "bridge")
            machine.searches(who, "ferry")
            machine.exports(who, "mine json")
            machine.posts_a_link(who, 2, us=True, asks=True)
            machine.nothing_is_logged()
        machine.forgets_a_number(keeper, 1)
        machine.commands(keeper, "list", typed=False)
        machine.exports(keeper, "")
        machine.forgets_more(other, "mine")
        machine.asks_in_a_thread(other, "harbour", QUESTIONS[0])
        machine.exports(other, "mine")
        machine.posts_a_link(other, 0, us=True, asks=True)
        machine.forgets_more(keeper, "thread")
        machine.exports(keeper, "thread json")
        machine.forgets_all(place)
        for what in ("", "json", "mine"):
            machine.exports(other, what)
            machine.exports(keeper, what)
        machine.searches(keeper, "museum")
        machine.nothing_is_logged()
    finally:
        machine.teardown()


@pytest.mark.parametrize("place", [0, 7])
def test_a_tour_finds_nothing_behind_a_whole_wall(place: int) -> None:
    before = Isolation.counts.outputs.total()
    tour(place)
    assert Isolation.counts.outputs.total() > before + 30


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_wall_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    beginning()  # what everything begins with is made behind a whole wall
    BROKEN[name](monkeypatch)
    with pytest.raises(Leak):
        tour(3)


def test_chance_finds_a_broken_wall_too(monkeypatch: pytest.MonkeyPatch) -> None:
    beginning()
    _everywhere(monkeypatch)
    with pytest.raises(Leak):
        run(60, steps=40, number=SEED)
