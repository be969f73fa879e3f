"""A year of digests in five zones, while the process is killed again and again.

In memory all of the year; in a database the weeks in which clocks change.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.core.digesting.schedule import LATE, moment
from bot.model import Channel, ChannelSettings, Origin, Workspace
from bot.platforms.console.plain import plain
from bot.store.sql import SqlStore
from tests.fakes.clock import FakeClock
from tests.flows.bot import Bot
from tests.lengths import length
from tests.store.samples import article, brief, empty_database, passages, thread

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from bot.ports import Tx

PLACES = {
    "America/New_York": "02:30",  # the hour that is left out in March
    "Europe/Berlin": "02:30",  # and the one that comes twice in October
    "Australia/Lord_Howe": "01:45",  # by half an hour
    "America/Santiago": "00:10",  # shortly after midnight, which is left out in September
    "Asia/Kolkata": "23:45",
}
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Killed(BaseException):
    """The process is gone."""


class Year(Bot):
    """A bot in five channels of five zones, which dies at random moments of its work.

    It is killed before or after a transaction or a post, and then starts anew with what is
    stored.
    """

    def live(self, chance: random.Random, deadly: float) -> None:
        self.chance, self.deadly, self.deaths = chance, deadly, 0
        self.days: list[tuple[str, date, datetime]] = []
        self.posted: dict[str, list[datetime]] = defaultdict(list)
        self.platform.before.append(self.risk)
        self.platform.after.append(self.risk)
        begin = self.store.begin

        @asynccontextmanager
        async def begun() -> AsyncGenerator[Tx]:
            self.risk()
            async with begin() as tx:
                yield tx
                self.risk()
            self.risk()

        self.store.begin = begun  # type: ignore[method-assign]  # each may be the last

    def risk(self) -> None:
        if self.chance.random() < self.deadly:
            self.deaths += 1
            raise Killed

    async def read(self, zone: str, name: str) -> None:
        """Have a link briefed, whatever it takes."""
        deadly, self.deadly = self.deadly, 0.0
        found = article(name)
        async with self.store.begin() as tx:
            mention = await self.store.add_mention(
                tx,
                thread=thread(place(zone), name),
                message=name,
                poster="alice",
                at=self.clock.now(),
                origin=Origin.LINK,
                source=found.url or "",
                article=found,
                passages=passages(found),
            )
            await self.store.add_brief(tx, mention, brief(found), mention.at)
        self.posted[zone].append(self.clock.now())
        self.deadly = deadly

    async def minute(self) -> None:
        """Do what this minute brings; a process that dies is started again."""
        while True:
            try:
                await self.clockwork.tick()
                await self.do_all(within=30)
            except Killed:
                for entry in self.work.entries:
                    entry.runs = False
                self.start()
                continue
            return


def place(zone: str) -> Channel:
    return Channel(workspace=Workspace(platform="fake", id=zone.partition("/")[0]), id=zone)


def settings(zone: str) -> ChannelSettings:
    return ChannelSettings(
        digest=True,
        digest_least=1,
        digest_time=PLACES[zone],
        digest_days="mon tue wed thu fri sat sun",
        zone=zone,
        article_days=3,  # what is kept makes no difference here, and much of it is slow
        brief_days=3,
    )


def schedule_of(
    chance: random.Random, begin: datetime, end: datetime
) -> list[tuple[datetime, str]]:
    """Return when something happens: links are posted, or (no zone) the clock is looked at.

    It is looked at around each moment of each channel, and every few hours in between.
    """
    plan: list[tuple[datetime, str]] = []
    for zone in PLACES:
        for count in range(-1, (end - begin).days + 1):
            day = begin + timedelta(days=count)
            links = chance.choice((0, 1, 1, 2))
            plan += [(day + chance.randrange(1440) * MINUTE, zone) for _ in range(links)]
            at = moment(settings(zone), day.date())
            if at is not None:
                plan += [(at + late * MINUTE, "") for late in (0, 1)]
    hours = int((end - begin).total_seconds() // 3600)
    plan += [(begin + timedelta(hours=hour), "") for hour in range(0, hours, 12)]
    return sorted(one for one in plan if begin <= one[0] < end)


@pytest.mark.timeout(120)
async def test_each_day_with_links_is_told_once_in_every_zone() -> None:
    bot = Year(clock=FakeClock(BEGIN))
    await _lived(bot, BEGIN, END)
    assert bot.deaths > 500


@pytest.mark.parametrize(
    ("first", "days"),
    [("2026-03-05", 26), ("2026-10-22", 12)],
    ids=["New York's and Berlin's spring", "their autumn"],
)
@pytest.mark.timeout(120)
async def test_so_it_is_in_a_database_when_clocks_change(
    first: str, days: int, tmp_path: Path
) -> None:
    begin = datetime.fromisoformat(first).replace(tzinfo=UTC)
    store = await SqlStore.open(empty_database(tmp_path), patience=5)
    bot = Year(clock=FakeClock(begin), store=store)  # type: ignore[arg-type]  # as good as its own
    await _lived(bot, begin, begin + timedelta(days=length(days, 365)))
    assert bot.deaths > days
    await store.close()


async def _lived(bot: Year, begin: datetime, end: datetime) -> None:
    chance = random.Random(f"digests {begin}")  # noqa: S311 - the same course of things each time
    for zone in PLACES:
        async with bot.store.begin() as tx:
            await bot.store.change_settings(tx, place(zone), settings(zone), [])
    bot.live(chance, deadly=0.15)
    for count, (at, zone) in enumerate(schedule_of(chance, begin, end)):
        bot.clock.wait(seconds=max(0.0, (at - bot.clock.now()).total_seconds()))
        if zone:
            await bot.read(zone, f"n{count}")
        else:
            before = len(bot.platform.posts)
            await bot.minute()
            for sent in bot.platform.posts[before:]:
                _note(bot, sent.ref.thread.channel.id, plain(sent.post), at)
            if count % 50 == 0:
                await _forget_old(bot)
    for zone in PLACES:
        _judge(bot, zone, begin, end)


def _note(bot: Year, zone: str, text: str, at: datetime) -> None:
    day = at.astimezone(ZoneInfo(zone)).date()
    title = text.splitlines()[0].split(" · ")[0]
    assert title == f"{day:%A} {day.day} {day:%B}"  # none was so late that its day was over
    bot.days.append((zone, day, at))


async def _forget_old(bot: Year) -> None:
    deadly, bot.deadly = bot.deadly, 0.0
    await bot.store.expire(bot.clock.now())
    bot.deadly = deadly


def _judge(bot: Year, zone: str, begin: datetime, end: datetime) -> None:
    """No day twice, none missed, and each at its minute."""
    told = {day: at for where, day, at in bot.days if where == zone}
    counted = Counter(day for where, day, _ in bot.days if where == zone)
    assert set(counted.values()) == {1}
    posted = sorted(bot.posted[zone])
    moments = [
        (day, at)
        for count in range(-1, (end - begin).days + 1)
        if (at := moment(settings(zone), day := (begin + timedelta(days=count)).date()))
    ]
    for (_, before), (day, at) in pairwise(moments):
        if at < begin + LATE or at >= end - timedelta(hours=1):
            continue
        anything = any(before <= one < at for one in posted)
        assert (day in told) is anything, (zone, day)
        if anything:
            assert timedelta(0) <= told[day] - at <= 2 * MINUTE, (zone, day)
