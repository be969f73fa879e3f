"""A human at Element's own SDK, in a process of its own."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from tests.standins.matrix import contents

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from tests.homeserver import Homeserver

_T = TypeVar("_T")
_FOLDER = Path(__file__).parent
INSTALLED = (_FOLDER / "node_modules" / "matrix-js-sdk").is_dir()  # by `make element`


class ElementError(Exception):
    """The SDK could not do what it was asked."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A message as Element shows it: `shield` is `none`, `grey` or `red`, for a `reason`.

    What cannot be read has no body, and a `failure`.
    """

    event_id: str
    sender: str
    body: str
    html: str | None
    msgtype: str
    thread: str | None
    edited: bool
    redacted: bool
    encrypted: bool
    decrypted: bool
    failure: str | None
    shield: str | None
    reason: str | None


class ElementPerson:
    """A user on one signed device; `strict`, without regard for devices that nobody signed."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path) -> None:
        self.name = name
        self.user_id = ""
        self._process = process
        self._log = log
        self._numbers = count()
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def at(
        cls, homeserver: Homeserver, folder: Path, *, name: str, strict: bool = True
    ) -> Self:
        """Register, log in, and sign the device."""
        account = await homeserver.register(name)
        log = folder / f"{name}.log"
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                "node",
                "person.mjs",
                cwd=_FOLDER,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                limit=2**24,
            )
        person = cls(name, process, log)
        try:
            found = await person.ask(
                "login",
                url=homeserver.url,
                user=account.user_id,
                password=account.password,
                strict=strict,
            )
        except BaseException:
            await person.close()
            raise
        person.user_id = found["user_id"]
        return person

    async def create_room(
        self,
        *,
        encrypted: bool = True,
        invite: Iterable[str] = (),
        name: str | None = None,
        direct: bool = False,
    ) -> str:
        """Make a private room; return its id."""
        return await self.ask(
            "create_room", encrypted=encrypted, invite=list(invite), name=name, direct=direct
        )

    async def join(self, room: str, *, within: float = 20) -> None:
        """Join a room when the invitation is there."""

        async def invited() -> bool:
            return room in await self.ask("invitations")

        await self.until(invited, f"an invitation to {room}", within=within)
        await self.ask("join", room=room)

    async def say(
        self, room: str, text: str, *, mentions: Iterable[str] = (), thread: str | None = None
    ) -> str:
        """Send a message; return the event's id."""
        content = contents.message(text, html=None, mentions=mentions, msgtype="m.text")
        tie = contents.relation(thread=thread, last=thread or "", reply_to=None)
        return await self.ask("send", room=room, content={**content, **tie})

    async def messages(self, room: str) -> list[Sight]:
        return [Sight(**one) for one in await self.ask("messages", room=room)]

    async def sees(
        self, room: str, what: str | Callable[[Sight], object], *, within: float = 20
    ) -> Sight:
        """Wait for a message that contains a text, or of which something holds."""

        async def found() -> Sight | None:
            fits = (lambda one: what in one.body) if isinstance(what, str) else what
            return next((one for one in await self.messages(room) if fits(one)), None)

        wanted = f"{what!r}" if isinstance(what, str) else "such a message"
        return await self.until(found, wanted, room=room, within=within)

    async def sees_member(self, room: str, who: str, *, within: float = 20) -> None:
        """Wait until somebody has joined."""

        async def joined() -> bool:
            return (await self.ask("members", room=room)).get(who) == "join"

        await self.until(joined, f"{who} joining", room=room, within=within)

    async def knows(self, who: str, device_id: str) -> bool:
        """Tell whether a device is known here to be signed by its owner."""
        return await self.ask("knows", user=who, device=device_id)

    async def doubts(self, who: str) -> bool:
        """Tell whether Element warns that somebody's identity is another one than before."""
        return await self.ask("doubts", user=who)

    async def until(
        self,
        check: Callable[[], Awaitable[_T | None]],
        wanted: str,
        *,
        room: str = "",
        within: float = 20,
    ) -> _T:
        """Wait until something holds; say what was seen where it never does."""
        clock = asyncio.get_running_loop().time
        end = clock() + within
        while not (found := await check()):
            if clock() > end:
                seen = await self.messages(room) if room else ()
                lines = [f"{self.name} did not see {wanted} within {within:g} s. What there was:"]
                raise AssertionError("\n  ".join([*lines, *map(str, seen)]))
            await asyncio.sleep(0.1)
        return found

    async def ask(self, action: str, **given: object) -> Any:
        """Have something done by the SDK; see `person.mjs`."""
        assert self._process.stdin is not None
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        line = json.dumps({"id": number, "action": action, **given})
        self._process.stdin.write(f"{line}\n".encode())
        async with asyncio.timeout(60):
            return await answer

    async def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(5):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._reading

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            reply = json.loads(line)
            waiting = self._waiting.pop(reply["id"])
            if waiting.done():
                continue
            if "error" in reply:
                waiting.set_exception(ElementError(reply["error"]))
            else:
                waiting.set_result(reply["answer"])
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ElementError(f"it ended: {self._end_of_log()}"))

    def _end_of_log(self) -> str:
        return self._log.read_text("utf-8", errors="replace")[-2000:]
