"""The chat server of our own as a scene: every event that is injected ends in one post."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Self

from tests.chaos.scene import Judgement
from tests.standins.chat import Chat, message_event

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

STORMY = {
    "throttle": 0.08,
    "retry_after": 0.1,
    "fail_before": 0.04,
    "fail_after": 0.04,
    "drop_before": 0.04,
    "drop_after": 0.06,
    "drop_late": 0.05,
    "late": 0.35,
    "lag": 0.25,
    "duplicate": 0.05,
    "reorder": 0.05,
    "lookup_fail": 0.05,
    "lookup_throttle": 0.02,
}
CALM = dict.fromkeys(STORMY, 0.0) | {"retry_after": 0.1}


class LoopbackScene:
    """See `Scene`."""

    births = ()

    def __init__(self, chances: random.Random, site: str) -> None:
        self._random, self._site = chances, site
        self._events: list[dict[str, Any]] = []
        self._chat = Chat(seed=chances.randrange(2**32), **STORMY)

    async def __aenter__(self) -> Self:
        await self._chat.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._chat.__aexit__(*error)

    @property
    def environment(self) -> Mapping[str, str]:
        return {"BRIEFBOT_LOOPBACK_URL": self._chat.url}

    @property
    def posts(self) -> int:
        return len(self._chat.posts.all)

    @property
    def acked(self) -> bool:
        return self._chat.outbox.acked == len(self._events)

    @property
    def faults(self) -> dict[str, int]:
        return dict(self._chat.state()["faults"])

    async def prepare(self) -> None:
        """Nothing is to be done."""

    async def heard(self) -> None:
        """It takes in what it finds within its first moments."""

    async def away(self) -> None:
        """They talk on when it is back."""

    def talk(self, count: int) -> None:
        for _ in range(count):
            self._events.append(self._event(len(self._events)))
            self._chat.inject(self._events[-1])

    def _event(self, number: int) -> dict[str, Any]:
        key, channel = f"e{number}", f"C{number % 5}"
        chance = self._random.random()
        link = f"http://{self._site}/story/{self._random.randrange(10_000)}"
        threads = [one for one in self._events[-50:] if one["channel"] == channel]
        if chance < 0.2 and threads:
            asked = self._random.choice(threads)
            thread = asked.get("thread") or asked["message"]
            return message_event(
                "How many weeks will it close?", key=key, channel=channel, thread=thread
            )
        if chance < 0.5:  # answered at once, so that much is posted in a short life
            return message_event("list", key=key, channel=channel)
        if chance < 0.6:
            gone = f"http://{self._site}/nowhere/{number}"
            return message_event(f"{link}\n{gone}", key=key, channel=channel)
        return message_event(f"Look: {link}", key=key, channel=channel)

    def cut(self, seconds: float) -> None:
        self._chat.cut(seconds)

    def calm(self) -> None:
        self._chat.change(**CALM)

    def judge(self, rows: Sequence[Mapping[str, Any]]) -> Judgement:
        by_key = {row["key"]: row for row in rows}
        posts = Counter({key: len(some) for key, some in self._chat.posts.by_key.items()})
        found = Judgement(events=len(self._events), posts=len(self._chat.posts.all))
        found.duplicates = [key for key, count in posts.items() if count > 1]
        for event in self._chat.outbox.events:
            key = event.key
            row = by_key.get(key)
            if row is None or event.acked is None:
                found.lost.append(f"{key}: not accepted")
            elif row["ending"] is None:
                found.unfinished.append(key)
            elif (row["ending"] == "posted") != bool(posts[f"{row['trace']}.{row['id']}"]):
                found.lost.append(f"{key}: {row['ending']} {row['reason']}, but not its post")
            elif row["ending"] == "dead":
                found.lost.append(f"{key}: dead, {row['reason']}")
        return found
