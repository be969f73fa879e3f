"""A chat server on this machine: what tests and benchmarks drive the bot with (docs/loopback.md).

It is as bare as a platform can be and as hard as the hardest: events come over a websocket until
they are acknowledged, a post carries a key but is not deduplicated by it, an answer may be lost.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, assert_never

import aiohttp

from bot.errors import (
    BriefbotError,
    NotSent,
    Rejected,
    SourceMissing,
    Throttled,
    Unsure,
)
from bot.model import (
    Bullets,
    Channel,
    Commanded,
    Heading,
    Line,
    Message,
    Posted,
    PostRef,
    Quote,
    Reacted,
    Thread,
    Workspace,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.model import Block, Incoming, Post, Upload

NAME = "loopback"
_AT_ONCE = 256
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0
_HEARTBEAT = 10.0
_REFUSED = frozenset({400, 401, 403, 404, 409, 413})
_OK, _THROTTLED = 200, 429
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class UnknownEventError(Exception):
    """A frame of the server that holds nothing we know."""


class Loopback:
    """A `ports.Platform` on the chat server at `url` (http).

    `timeout` is for one request; `grace` is how much later than that a post may still appear.
    """

    def __init__(self, url: str, *, timeout: float = 5.0, grace: float = 2.0) -> None:
        self._url = url.rstrip("/")
        self._timeout = timeout
        self.settle = timeout + grace
        self.connected = False
        self.unknown_events = 0
        self._session: aiohttp.ClientSession | None = None

    @property
    def name(self) -> str:
        """The platform's name."""
        return NAME

    async def listen(self, accept: Callable[[Incoming], Awaitable[None]]) -> None:
        """Receive events until cancelled: see `ports.Platform.listen`."""
        pause = _FIRST_PAUSE
        while True:
            with suppress(aiohttp.ClientError, TimeoutError, OSError):
                async with self._open().ws_connect(
                    f"{self._url}/events", heartbeat=_HEARTBEAT
                ) as socket:
                    self.connected, pause = True, _FIRST_PAUSE
                    await self._receive(socket, accept)
            self.connected = False
            await asyncio.sleep(pause * (0.5 + random.random() / 2))  # noqa: S311 - keeps no secret
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def post(self, thread: Thread, post: Post, *, key: str) -> PostRef:
        """Post once: see `ports.Platform.post`."""
        body = {**_place(thread), "key": key, "text": rendered(post)}
        try:
            async with self._open().post(f"{self._url}/posts", json=body) as answer:
                _refused(answer)
                if answer.status != _OK:
                    raise Unsure(NAME, f"HTTP {answer.status}")
                return PostRef(thread=thread, id=str((await answer.json())["id"]))
        except aiohttp.ClientConnectorError as error:
            raise NotSent(NAME, type(error).__name__) from error
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError) as error:
            raise Unsure(NAME, type(error).__name__) from error

    async def find(self, thread: Thread, key: str) -> PostRef | None:
        """Look for a post by its key."""
        query = {**_place(thread), "key": key}
        try:
            async with self._open().get(f"{self._url}/posts", params=query) as answer:
                _refused(answer)
                if answer.status != _OK:
                    raise NotSent(NAME, f"HTTP {answer.status}")
                found = (await answer.json())["posts"]
                return PostRef(thread=thread, id=str(found[0]["id"])) if found else None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, LookupError) as error:
            raise NotSent(NAME, type(error).__name__) from error

    async def download(self, upload: Upload) -> bytes:
        """Refuse: nothing is uploaded here."""
        raise SourceMissing(upload.name)

    async def close(self) -> None:
        """Let go of every connection."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._timeout), trust_env=False
            )
        return self._session

    async def _receive(
        self,
        socket: aiohttp.ClientWebSocketResponse,
        accept: Callable[[Incoming], Awaitable[None]],
    ) -> None:
        """Take in events, many at a time, and acknowledge those that were accepted."""
        places = asyncio.Semaphore(_AT_ONCE)

        async def take_in(frame: Mapping[str, Any]) -> None:
            try:
                await accept(event_of(frame["event"]))
            except (UnknownEventError, LookupError):
                self.unknown_events += 1  # never to be understood: not to come again
            except BriefbotError:
                return  # not acknowledged, so it comes again
            finally:
                places.release()
            with suppress(ConnectionError):
                await socket.send_json({"ack": frame.get("delivery")})

        async with asyncio.TaskGroup() as tasks:
            async for message in socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    continue
                try:
                    frame = message.json()
                except ValueError:
                    self.unknown_events += 1
                    continue
                await places.acquire()
                tasks.create_task(take_in(frame))


def event_of(given: Mapping[str, Any]) -> Incoming:
    """Return what an event of the server says. Raises UnknownEventError."""
    try:
        match given["type"]:
            case "posted":
                return Posted(
                    key=given["key"],
                    message=_message(given),
                    mentions_us=bool(given.get("mentions_us", False)),
                    direct=bool(given.get("direct", False)),
                )
            case "reacted":
                return Reacted(
                    key=given["key"],
                    message=_message(given),
                    who=given["who"],
                    reaction=given["reaction"],
                )
            case "commanded":
                return Commanded(
                    key=given["key"],
                    thread=_thread(given, given["thread"]),
                    who=given["who"],
                    text=given["text"],
                    at=datetime.fromisoformat(given["sent_at"]),
                )
            case _:
                raise UnknownEventError
    except (LookupError, TypeError, ValueError) as error:
        raise UnknownEventError from error


def rendered(post: Post) -> str:
    """Return a post as text, with what the server would read as markup escaped."""
    return "\n".join(_line(block) for block in post.blocks).translate(_ESCAPES)


def _line(block: Block) -> str:
    match block:
        case Heading(text=text, url=url, details=details):
            return "\n".join(filter(None, (text, url, " · ".join(details))))
        case Bullets(items=items):
            return "\n".join(
                " ".join(filter(None, (f"• {item.text}", item.note, *item.places)))
                for item in items
            )
        case Quote(place=place, quote=quote):
            return f"{place} “{quote}”"
        case Line(text=text):
            return text
        case _:
            assert_never(block)


def _message(given: Mapping[str, Any]) -> Message:
    return Message(
        thread=_thread(given, given.get("thread") or given["message"]),
        id=given["message"],
        author=given["author"],
        text=given["text"],
        sent_at=datetime.fromisoformat(given["sent_at"]),
    )


def _thread(given: Mapping[str, Any], name: str) -> Thread:
    workspace = Workspace(platform=NAME, id=given["workspace"])
    return Thread(channel=Channel(workspace=workspace, id=given["channel"]), id=name)


def _place(thread: Thread) -> dict[str, str]:
    channel = thread.channel
    return {"workspace": channel.workspace.id, "channel": channel.id, "thread": thread.id}


def _refused(answer: aiohttp.ClientResponse) -> None:
    """Raise where the server says for sure that nothing was posted."""
    if answer.status == _THROTTLED:
        raise Throttled(NAME, _seconds(answer.headers.get("Retry-After", "")))
    if answer.status in _REFUSED:
        raise Rejected(NAME, f"HTTP {answer.status}")


def _seconds(header: str) -> float:
    try:
        return max(0.0, float(header))
    except ValueError:
        return 1.0
