"""Slack as a scene: each message that calls for it has one post in its thread when it is over.

What calls for one: a link where links are briefed unasked, a link beside a mention, a link in a
conversation with the bot, a link that people put a newspaper on, and what is asked about any of
these once its post is there. Refusals, which only one person sees, are counted apart.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING, Any, Self

from tests.chaos.scene import Judgement
from tests.standins.slack import SlackServer
from tests.standins.slack.inviting import bring_in

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping, Sequence

    from tests.standins.slack import Message

_CALLS = {
    "throttle": 0.05,
    "fail": 0.05,
    "drop_before": 0.04,
    "drop_after": 0.06,
    "late": 0.05,
    "delay": 0.05,
}
_LATE = 0.3  # seconds; below a call's time-out, so that what comes late comes within its grace
_LOST_ACKS = 0.04
_TAKEN_OVER = 0.02  # the chance that Slack wants its sockets anew
_A_MODE = 6  # channels; one takes 60 unasked briefs an hour, so 600 kills a lane at most
_MODES = ("automatic", "mention", "reaction")
_PEOPLE = ("ada", "bob")


class SlackScene:
    """See `Scene`."""

    births = ()

    def __init__(self, chances: random.Random, site: str) -> None:
        self._random, self._site = chances, site
        self._slack = SlackServer(seed=chances.randrange(2**32), pace=1.0, redeliver_after=3.0)
        # A minute here has more kills than there are between the last two tries of Slack's.
        self._slack.deliveries.retries = 100
        self._called: Counter[tuple[str, str]] = Counter()  # by (channel, thread's ts)
        self._briefs: set[tuple[str, str]] = set()  # those of them that have a link
        self._cutting: set[asyncio.Task[None]] = set()
        self._numbers = count(1)
        self._modes: dict[str, list[str]] = {}

    async def __aenter__(self) -> Self:
        await self._slack.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        for task in self._cutting:
            task.cancel()
        await self._slack.__aexit__(*error)

    @property
    def environment(self) -> Mapping[str, str]:
        slack = self._slack
        return {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.url,
        }

    @property
    def posts(self) -> int:
        return len(self._ours())

    @property
    def acked(self) -> bool:
        return not self._slack.deliveries.open()

    @property
    def faults(self) -> dict[str, int]:
        events = [one for one in self._slack.deliveries.all if one.kind == "events_api"]
        return {
            **{kind: number for kind, number in self._slack.faults.counts.items() if number},
            "delivered again": sum(max(0, one.attempts - 1) for one in events),
            "connections": self._slack.sockets.connections,
            "refusals to one person": len([one for one in self._all() if one.only_to]),
        }

    # --- what people do -----------------------------------------------------------------------

    async def prepare(self) -> None:
        """Bring the bot into channels of every mode; from then on all goes wrong."""
        slack = self._slack
        for mode in _MODES:
            names = self._modes[mode] = [f"{mode}-{number}" for number in range(_A_MODE)]
            wishes = (f"mode {mode}", "briefs_per_hour 60", "questions_per_hour 500")
            await bring_in(slack, names, people=_PEOPLE, wishes=wishes)
        for name in (name for names in self._modes.values() for name in names):
            self._called[slack.place.channel(name).id, ""] += 1  # a welcome each
        slack.faults.storm(**_CALLS)
        slack.faults.seconds = _LATE
        slack.faults.duplicate, slack.faults.reorder = 0.05, 0.05

    async def heard(self) -> None:
        with suppress(TimeoutError):
            await self._slack.until(lambda: self._slack.sockets.count, within=10)

    async def away(self) -> None:
        """They talk on when it is back."""

    def talk(self, count: int) -> None:
        for _ in range(count):
            self._say()
        if self._random.random() < _LOST_ACKS * count:
            self._slack.faults.lose_acks(1)
        if self._random.random() < _TAKEN_OVER * count:
            self._slack.sockets.disconnect()

    def _say(self) -> None:
        chance, who = self._random.random(), self._random.choice(_PEOPLE)
        number = next(self._numbers)
        link = f"http://{self._site}/story/{self._random.randrange(10_000)}"
        if chance < 0.2 and self._follow_up(who):
            return
        if chance < 0.4:
            self._brief(who, self._channel("automatic"), f"Look: {link}")
        elif chance < 0.55:
            self._brief(who, self._channel("mention"), f"@briefbot {link} please")
        elif chance < 0.65:
            self._brief(who, who, link)  # to the bot alone
        elif chance < 0.75:
            self._ask(who, self._channel("mention"), "@briefbot list")
        elif chance < 0.9:
            self._react(who, self._channel("reaction"), link)
        elif chance < 0.95:  # to one person: it could not be read
            gone = f"http://{self._site}/nowhere/{number}"
            self._slack.says(who, self._channel("mention"), f"@briefbot {gone}")
        else:  # nobody asks the bot
            self._slack.says(who, self._channel("automatic"), "See you at lunch?")

    def _channel(self, mode: str) -> str:
        return self._random.choice(self._modes[mode])

    def _ask(self, who: str, channel: str, text: str) -> tuple[str, str]:
        where = self._slack.place.channel(channel).id, self._slack.says(who, channel, text)
        self._called[where] += 1
        return where

    def _brief(self, who: str, channel: str, text: str) -> None:
        self._briefs.add(self._ask(who, channel, text))

    def _react(self, who: str, channel: str, link: str) -> None:
        """One puts a newspaper on it, sometimes two: there is one brief."""
        ts = self._slack.says(who, channel, f"Somebody should read {link}")
        others = _PEOPLE if self._random.random() < 0.3 else (who,)
        for one in others:
            self._slack.reacts(one, channel, ts, "newspaper")
        self._called[self._slack.place.channel(channel).id, ts] += 1

    def _follow_up(self, who: str) -> bool:
        """Ask about a brief that is there."""
        there = {(one.channel, one.thread) for one in self._ours() if one.thread}
        open_ = [one for one in self._briefs & there if one[0].startswith("C")]
        if not open_:
            return False
        channel, thread = self._random.choice(sorted(open_)[-30:])
        text = "@briefbot How many weeks will it close?"
        self._slack.says(who, channel, text, thread=thread)
        self._called[channel, thread] += 1
        return True

    # --- what goes wrong ----------------------------------------------------------------------

    def cut(self, seconds: float) -> None:
        self._slack.sockets.break_off()
        self._slack.faults.storm(drop_before=1.0)
        task = asyncio.create_task(self._mend(seconds))
        self._cutting.add(task)
        task.add_done_callback(self._cutting.discard)

    async def _mend(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._slack.faults.storm(**_CALLS)

    def calm(self) -> None:
        for task in self._cutting:
            task.cancel()
        faults = self._slack.faults
        faults.storm()
        faults.duplicate = faults.reorder = 0.0

    # --- what came of it ----------------------------------------------------------------------

    def _all(self) -> Iterable[Message]:
        for channel in self._slack.place.channels.values():
            yield from channel.messages.values()

    def _ours(self) -> list[Message]:
        us = self._slack.place.bot_id
        return [one for one in self._all() if one.bot_id == us and not one.only_to]

    def judge(self, rows: Sequence[Mapping[str, Any]]) -> Judgement:
        ours = self._ours()
        found = Judgement(events=sum(self._called.values()), posts=len(ours))
        keys = Counter(_key_of(one) for one in ours)
        found.duplicates = [f"key {key}: {n}" for key, n in keys.items() if n > 1 or not key]
        there = Counter((one.channel, one.thread or "") for one in ours)
        for place in sorted(self._called.keys() | there.keys()):
            called, posted = self._called[place], there[place]
            where = f"{place[0]} {place[1]}: {posted} posts of {called}"
            if posted < called:
                found.lost.append(where)
            elif posted > called:
                found.duplicates.append(where)
        found.unfinished = [row["key"] for row in rows if row["ending"] is None]
        found.lost += [f"{row['key']}: {row['reason']}" for row in rows if row["ending"] == "dead"]
        failed = [one for one in self._slack.deliveries.all if one.failed]
        found.lost += [f"{one.name}: Slack gave up, {one.failed}" for one in failed]
        found.lost += self._slack.complaints
        return found


def _key_of(one: Message) -> str:
    return str(((one.metadata or {}).get("event_payload") or {}).get("key") or "")
