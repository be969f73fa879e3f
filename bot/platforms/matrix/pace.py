"""When a post may go out: at once, until the server asks us to wait.

A homeserver lets an account send about ten events and then one in a few seconds, over all rooms.
From the first refusal on, posts go out one by one, as far apart as the server said, each room in
its turn, so that none waits for all that another has to say. After a while without any, we are
free again.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SHORTEST = 0.1
_LONGEST = 60.0
_FREE_AFTER = 60.0  # seconds in which nothing was sent: the server's allowance has filled again
_GONE_AFTER = 30.0  # seconds after which a post that does not come for its turn has lost it


class Pace:
    """The order of an account's posts; `now` tells seconds on a clock that nobody sets."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._apart = 0.0
        self._next = 0.0
        # Keys that wait, by room, the room whose turn it is first; each with when it comes back.
        self._rooms: OrderedDict[str, OrderedDict[str, float]] = OrderedDict()

    def refused(self, seconds: float) -> None:
        """Take in that the server asked us to wait for so long."""
        self._apart = min(max(seconds, _SHORTEST), _LONGEST)
        self._next = max(self._next, self._now() + self._apart)

    def wait(self, room: str, key: str) -> float:
        """Return in how many seconds a post may be sent: 0 is now, and only once."""
        now = self._now()
        if not self._apart or now - self._next > _FREE_AFTER:
            self._apart = 0.0
            self._rooms.clear()
            return 0.0
        self._forget(now)
        self._rooms.setdefault(room, OrderedDict()).setdefault(key, now)
        place = self._place(room, key)
        if place == 0 and now >= self._next:
            self._leave(room, key)
            self._next = now + self._apart
            return 0.0
        pause = max(self._next - now, 0.0) + place * self._apart
        pause = max(pause, _SHORTEST)
        self._rooms[room][key] = now + pause
        return pause

    def _place(self, room: str, key: str) -> int:
        """Return how many go before a key, taking one of each room in turn."""
        own = list(self._rooms[room]).index(key)
        ahead = 0
        before = True
        for other, keys in self._rooms.items():
            if other == room:
                before = False
                ahead += own
            else:  # those whose turn is sooner in this round, and all of the rounds before
                ahead += min(len(keys), own + 1 if before else own)
        return ahead

    def _leave(self, room: str, key: str) -> None:
        del self._rooms[room][key]
        if self._rooms[room]:
            self._rooms.move_to_end(room)
        else:
            del self._rooms[room]

    def _forget(self, now: float) -> None:
        """Strike out whoever has not come back for his turn: what he had to post was taken back."""
        for room in tuple(self._rooms):
            keys = self._rooms[room]
            for key in [key for key, due in keys.items() if now - due > _GONE_AFTER]:
                del keys[key]
            if not keys:
                del self._rooms[room]
