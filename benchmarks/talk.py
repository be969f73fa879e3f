"""The people in the chat: says things through the chat server, and looks at what became of them."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from typing import TYPE_CHECKING, Any

from tests.standins.chat import message_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Event = dict[str, Any]

_AT_ONCE = 400  # a request to the server may have 1 MB
_LOOK_EVERY = 0.1
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of an event: moments in seconds of the chat server's clock."""

    key: str
    first: float | None
    acked: float | None
    posts: tuple[float, ...]


class Talk:
    """A conversation with the bot through the chat server at `port` of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._numbers = count(1)

    def event(
        self, text: str, *, workspace: str, channel: str = "C1", thread: str | None = None
    ) -> Event:
        """Return the event of a message that speaks to the bot, with a key of its own."""
        return message_event(
            text,
            key=f"e{next(self._numbers)}",
            workspace=workspace,
            channel=channel,
            thread=thread,
        )

    def say(self, events: Sequence[Event]) -> list[str]:
        """Let events happen at once; return their keys."""
        for start in range(0, len(events), _AT_ONCE):
            self._ask("POST", "/control/events", events[start : start + _AT_ONCE])
        return [one["key"] for one in events]

    def state(self) -> dict[str, Any]:
        """Return what the server counts."""
        found: dict[str, Any] = self._ask("GET", "/control/state")
        return found

    def connected(self) -> bool:
        """Whether the bot is listening."""
        return bool(self.state()["connected"])

    def fates(self, keys: Iterable[str] | None = None) -> list[Fate]:
        """Return what became of some events, or of all."""
        wanted = None if keys is None else set(keys)
        return [
            Fate(
                key=one["key"],
                first=one["first"],
                acked=one["acked"],
                posts=tuple(at for _, at in one["posts"]),
            )
            for one in self._ask("GET", "/control/posts")["events"]
            if wanted is None or one["key"] in wanted
        ]

    def fate(self, key: str) -> Fate:
        """Return what became of one event, without looking at all others."""
        found = self._ask("GET", f"/control/event?key={key}")
        posts = tuple(at for _, at in found["posts"])
        return Fate(key=key, first=found["first"], acked=found["acked"], posts=posts)

    def until(self, what: str, number: int, *, patience: float = 30.0) -> bool:
        """Wait until a count of `state` is reached; False where it stands still for so long."""
        best, since = -1, time.monotonic()
        while True:
            now = self.state()[what]
            if now >= number:
                return True
            if now > best:
                best, since = now, time.monotonic()
            if time.monotonic() - since > patience:
                return False
            time.sleep(_LOOK_EVERY)

    def until_answered(self, key: str, *, patience: float = 120.0) -> float:
        """Wait for the answer to an event; return how long it took, infinity for too long."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            fate = self.fate(key)
            if fate.posts and fate.first is not None:
                return fate.posts[0] - fate.first
            time.sleep(_LOOK_EVERY / 4)
        return math.inf

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            answer = connection.getresponse()
            found = json.loads(answer.read())
        finally:
            connection.close()
        if answer.status != _OK:
            raise RuntimeError(f"{path}: {answer.status} {found}")
        return found
