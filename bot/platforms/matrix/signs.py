"""What shows that we are at work: that we are typing, and, where it takes long, a reaction.

A reaction rather than a message that is changed later: whoever is to be told of a post is told of
a new one only, and one that was taken away leaves a gap in the room.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import TYPE_CHECKING

from bot.errors import Rejected
from bot.model import Sign
from bot.platforms.matrix.calls import room_path
from bot.platforms.matrix.sending import Sending, txn_of

if TYPE_CHECKING:
    from bot.platforms.matrix.session import Session

_READING, _REFUSED = "👀", "🚫"
_SLOW = 2  # times that a message is shown to be worked on before it bears a sign of that
_TYPING = 20_000  # milliseconds after which we are typing no more, unless it is said again
_THERE = "M_DUPLICATE_ANNOTATION"
_REMEMBERED = 1000


class Signs:
    """Shows signs at messages of our rooms."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._sending = Sending(session)
        # How often each message was shown to be worked on, and the reaction that says so.
        self._shown: Counter[tuple[str, str]] = Counter()
        self._reactions: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def show(self, room: str, about: str, message: str, sign: Sign) -> None:
        """Show how far the work `about` something is; `message` is an event's id or empty.

        Raises PlatformError.
        """
        place = (room, about)
        if sign is Sign.WORKING:
            await self._type(room, typing=True)  # where that fails, nobody says that it is over
            self._shown[place] += 1
            if message and self._shown[place] == _SLOW:
                reaction = await self._react(room, message, _READING)
                if reaction:
                    self._reactions[place] = reaction
                    if len(self._reactions) > _REMEMBERED:
                        self._reactions.popitem(last=False)
            return
        was_shown = self._shown.pop(place, 0)
        if was_shown and not any(other == room for other, _ in self._shown):
            await self._type(room, typing=False)
        reaction = self._reactions.pop(place, "")
        if reaction:
            await self._sending.redact(room, reaction)
        if sign is Sign.REFUSED and message:
            await self._react(room, message, _REFUSED)

    async def _react(self, room: str, message: str, key: str) -> str:
        try:
            txn = txn_of(self._session.user, "sign", message, key)
            return await self._sending.react(room, message, key, txn=txn)
        except Rejected as error:
            if error.detail != _THERE:
                raise
            return ""

    async def _type(self, room: str, *, typing: bool) -> None:
        body = {"typing": True, "timeout": _TYPING} if typing else {"typing": False}
        await self._session.calls.put(room_path(room, "typing", self._session.user), body)
