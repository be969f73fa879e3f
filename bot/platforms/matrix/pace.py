"""When a post may go out: at once, until the server asks us to wait.

A homeserver lets an account send about ten events and then one in a few seconds, over all rooms.
From the first refusal on, posts go out one by one, each room in its turn, so that none waits for
all that another has to say. How far apart they must be is not said: what the server tells is how
long it is until the next may go. So that is learned, from when the last one went. Once ten went
out unhindered it is tried whether they may go faster: an operator may have exempted us. After a
while without any, we are free again.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.errors import Throttled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SHORTEST = 0.1
_LONGEST = 60.0
_FREE_AFTER = 60.0  # seconds in which nothing was sent: the server's allowance has filled again
_GONE_AFTER = 30.0  # seconds after which a post that does not come for its turn has lost it
_FASTER_AFTER = 10  # posts that went out unhindered
# Seconds after which whoever waits asks again, and what each that waits adds to them: turns may
# come sooner than it seemed, but to ask costs a write.
_AGAIN, _AGAIN_EACH = 10.0, 0.1


class Pace:
    """The order of an account's posts; `now` tells seconds on a clock that nobody sets."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._apart = 0.0
        self._next = 0.0
        self._last = 0.0  # when the last one went that was not refused
        self._good = 0  # how many went since something was refused, and when that was
        self._bad = 0.0
        # Keys that wait, by room, the room whose turn it is first; each with when it comes back.
        self._rooms: OrderedDict[str, OrderedDict[str, float]] = OrderedDict()

    @contextmanager
    def kept(self, *, in_turn: bool = False) -> Iterator[None]:
        """Send something in this block; what the server says of how fast we may be is heeded.

        `in_turn` is what has waited for its turn: it shows that we are slow enough.
        """
        began = self._now()
        try:
            yield
        except Throttled as error:
            self.refused(error.after, began=began)
            raise
        if in_turn:
            self._went(began)

    def refused(self, seconds: float, *, began: float | None = None) -> None:
        """Take in that the server asked us to wait for so long; `began` is when we asked it."""
        began = self._now() if began is None else began
        apart = self._apart + seconds
        if self._apart:  # what else counts (a reaction) may have come between
            apart = max(self._apart, min(apart, began + seconds - self._last))
        self._apart = min(max(apart, _SHORTEST), _LONGEST)
        self._bad = self._now()
        self._next = max(self._next, self._bad + min(max(seconds, _SHORTEST), _LONGEST))
        self._good = 0

    def _went(self, began: float) -> None:
        self._last = max(self._last, began)
        self._good += began >= self._bad
        if self._apart and self._good >= _FASTER_AFTER:
            faster = self._apart / 2
            self._next -= self._apart - faster
            self._apart = faster if faster >= _SHORTEST else 0.0

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
        pause = min(max(pause, _SHORTEST), _AGAIN + _AGAIN_EACH * self._waiting)
        self._rooms[room][key] = now + pause
        return pause

    @property
    def _waiting(self) -> int:
        return sum(map(len, self._rooms.values()))

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
