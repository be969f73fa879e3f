"""Matrix as a place where people talk: translates and calls; it decides nothing."""

from __future__ import annotations

import asyncio
import random
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.errors import NotSent, PlatformError, Rejected, StoreError
from bot.model import PostRef, Thread
from bot.platforms.matrix import content, media
from bot.platforms.matrix import session as sessions
from bot.platforms.matrix.calls import NAME, SIGNED_OUT, Calls
from bot.platforms.matrix.hearing import Hearing
from bot.platforms.matrix.pace import Pace
from bot.platforms.matrix.receiving import Receiving
from bot.platforms.matrix.sending import Sending, txn_of
from bot.platforms.matrix.signs import Signs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.model import Channel, Incoming, Message, Post, Sign, Upload
    from bot.platforms.matrix.receiving import Manner
    from bot.platforms.matrix.session import Account, Session
    from bot.platforms.matrix.words import Words
    from bot.ports import Clock, Desk, Notes, Telemetry

_SHORTEST, _LONGEST = 1.0, 60.0  # seconds between two attempts to open the session
_PATIENCE = 5.0  # seconds that a post waits for the session to open
_GONE = frozenset({"M_NOT_FOUND"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """An open session, and what is done with it."""

    session: Session
    hearing: Hearing
    receiving: Receiving
    sending: Sending
    signs: Signs


class Matrix:
    """An account on a Matrix homeserver.

    `timeout` bounds each request in seconds, `notes` keep what must be known after a restart,
    `prefix` is what a command begins with.
    """

    def __init__(
        self,
        account: Account,
        *,
        notes: Notes,
        words: Words,
        prefix: str,
        manner: Manner,
        clock: Clock,
        telemetry: Telemetry,
        timeout: float = 10.0,
        most_bytes: int = 20_000_000,
    ) -> None:
        self._account, self._notes, self._words = account, notes, words
        self._prefix, self._manner = prefix, manner
        self._clock, self._telemetry = clock, telemetry
        self._timeout, self._most_bytes = timeout, most_bytes
        self._pace = Pace(lambda: clock.instant().seconds)
        self._open: _Open | None = None
        self._opening = asyncio.Event()

    @property
    def name(self) -> str:
        """The platform's name."""
        return NAME

    @property
    def session(self) -> str:
        """One session an account: its keys are kept in one place, and used by one process."""
        return f"{NAME} {self._account.homeserver} {self._account.user}".strip()

    @property
    def settle(self) -> float:
        """Nothing to wait for: to the server, what is sent again is the same event."""
        return 0.0

    @property
    def connected(self) -> bool:
        """Whether the last sync came through."""
        return self._open is not None and self._open.receiving.connected

    async def listen(
        self,
        accept: Callable[[Incoming], Awaitable[None]],
        desk: Desk,  # noqa: ARG002 - nobody comes to the desk
    ) -> None:
        """Receive events until cancelled.

        Raises ConfigurationError where the account cannot be used as it is set.
        """
        while True:
            try:
                await self._listen(accept)
            except StoreError as error:  # keys could not be stored: it goes on from those that are
                self._telemetry.trouble("keys_not_stored", error)
                await asyncio.sleep(_SHORTEST)

    async def _listen(self, accept: Callable[[Incoming], Awaitable[None]]) -> None:
        session = await self._opened()
        hearing = Hearing(session, prefix=self._prefix, now=self._clock.now)
        receiving = Receiving(
            session,
            hearing,
            notes=self._notes,
            accept=accept,
            manner=self._manner,
            clock=self._clock,
            telemetry=self._telemetry,
            pace=self._pace,
        )
        self._open = _Open(
            session=session,
            hearing=hearing,
            receiving=receiving,
            sending=Sending(session),
            signs=Signs(session),
        )
        try:
            await receiving.run(ready=self._opening)
        finally:
            self._opening.clear()
            self._open = None
            await session.close()

    async def _opened(self) -> Session:
        """Open the session, again where the server cannot be reached."""
        pause = _SHORTEST
        while True:
            try:
                url = await sessions.address_of(self._account.homeserver, self._calls)
                return await sessions.opened(self._account, self._calls(url), self._telemetry)
            except (PlatformError, StoreError) as error:
                self._telemetry.trouble("not_opened", error)
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - keeps no secret
            pause = min(2 * pause, _LONGEST)

    def _calls(self, url: str) -> Calls:
        return Calls(url, timeout=self._timeout)

    async def _here(self) -> _Open:
        """Return the open session, which may take a moment. Raises NotSent where there is none."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._opening.wait()
        except TimeoutError as error:
            raise NotSent(NAME, "no session") from error
        if self._open is None:
            raise NotSent(NAME, "no session")
        return self._open

    def pace(self, thread: Thread, key: str) -> float:
        """Return in how many seconds a post may go out, once the server has asked us to wait."""
        return self._pace.wait(thread.channel.id, key)

    async def post(self, thread: Thread, post: Post, *, key: str) -> PostRef:
        """Send a post once. Raises Throttled, NotSent, Rejected, or Unsure once it went out."""
        here = await self._here()
        root, room = _root(thread), thread.channel.id
        drawn = content.message(post, self._words, root=root)
        try:
            with self._pace.kept(in_turn=True):
                event = await here.sending.message(room, drawn, txn=_txn(here, room, key))
        except Rejected as error:
            if error.detail in SIGNED_OUT:  # the room takes it once we are logged in again
                raise NotSent(NAME, "signed out") from error
            raise
        return PostRef(thread=Thread(channel=thread.channel, id=root or event), id=event)

    async def find(self, thread: Thread, key: str) -> PostRef | None:
        """Look for the post with this key. Raises PlatformError: nothing is known then."""
        here = await self._here()
        root, room = _root(thread), thread.channel.id
        event = await here.sending.find(room, root, _txn(here, room, key))
        if event is None:
            return None
        return PostRef(thread=Thread(channel=thread.channel, id=root or event), id=event)

    async def show(self, thread: Thread, message: str, sign: Sign) -> None:
        """Show how far a message is. Raises PlatformError.

        Where another process has the session, nothing is shown.
        """
        here = self._open
        if here is not None:
            at = message if is_event(message) else ""
            with self._pace.kept():
                await here.signs.show(thread.channel.id, message or thread.id, at, sign)

    async def change(self, ref: PostRef, post: Post) -> None:
        """Give a post another text. Raises PlatformError."""
        here = await self._here()
        drawn = content.edit(post, self._words, of=ref.id)
        with self._pace.kept():
            # Two edits with the same text are one to a reader; with one id, the second would
            # not be made where another came between them.
            await here.sending.message(ref.thread.channel.id, drawn, txn=secrets.token_hex(16))

    async def retract(self, ref: PostRef) -> None:
        """Delete a post. Raises PlatformError."""
        here = await self._here()
        with self._pace.kept():
            await here.sending.redact(ref.thread.channel.id, ref.id)

    async def fetch(self, thread: Thread, message: str) -> Message | None:
        """Return a message of a room that we are in. Raises PlatformError."""
        here = await self._here()
        return await here.hearing.message(thread.channel.id, message)

    async def moderates(self, channel: Channel, who: str) -> bool:
        """Tell whether somebody has a power level of 50 or more in a room, or made it."""
        here = await self._here()
        return here.session.cipher.rooms.moderates(channel.id, who)

    def link(self, thread: Thread) -> str:
        """Return the address of a thread's first message."""
        if not is_event(thread.id):
            return ""
        room, event = quote(thread.channel.id, safe=""), quote(thread.id, safe="")
        via = quote(thread.channel.workspace.id, safe="")
        return f"https://matrix.to/#/{room}/{event}?via={via}"

    async def download(self, upload: Upload) -> bytes:
        """Fetch a file that came with a message. Raises SourceError, NotSent."""
        here = await self._here()
        return await media.download(here.session.calls, upload, most_bytes=self._most_bytes)

    async def close(self) -> None:
        """Close nothing: the session ends with the listening."""


def is_event(text: str) -> bool:
    """Tell whether this is the id of an event, rather than one that we gave for the time being."""
    return text.startswith("$")


def _root(thread: Thread) -> str:
    return thread.id if is_event(thread.id) else ""


def _txn(here: _Open, room: str, key: str) -> str:
    return txn_of(here.session.user, room, key)
