"""Slack as a place where people talk: translates and calls; it decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bot.errors import (
    NotSent,
    Rejected,
    SourceMissing,
    SourceTooLarge,
)
from bot.model import PostRef, Sign, Thread
from bot.platforms.slack import blocks, events
from bot.platforms.slack.calls import Calls, Pace
from bot.platforms.slack.door import Door
from bot.platforms.slack.events import NAME, Ourselves, is_ts
from bot.platforms.slack.receiving import Receiving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from aiohttp import web

    from bot.model import Channel, Incoming, Message, Post, Upload
    from bot.platforms.slack.words import Words
    from bot.ports import Desk, Telemetry

_EVENT_TYPE = "briefbot_post"
_PAGES = 20
_PAGE = 100
_NO_SUCH_POST = frozenset({"message_not_found", "channel_not_found"})
_READING, _DONE, _REFUSED = "eyes", "white_check_mark", "no_entry_sign"
_CHUNK = 65_536


class Slack:
    """A Slack workspace, spoken to over its Web API.

    With `app_token` events come over a socket, else over HTTP, signed with `signing_secret`.
    `timeout` bounds each call in seconds, `grace` is how long after that what it did is seen,
    `pace` the seconds between two posts in a channel, `heartbeat` those after which it is noticed
    that the socket is gone, and between two attempts to open another; `now` and `instant` tell
    the time and seconds on a clock that nobody sets. `status` is what stands in a thread while we
    are at work, `receipt` and `uninvited` are as in `door`.
    """

    def __init__(
        self,
        *,
        token: str,
        app_token: str | None,
        signing_secret: str | None,
        url: str,
        words: Words,
        status: str,
        receipt: str,
        uninvited: str,
        now: Callable[[], datetime],
        instant: Callable[[], float],
        telemetry: Telemetry,
        timeout: float = 10.0,
        grace: float = 5.0,
        pace: float = 1.0,
        heartbeat: float = 3.0,
        most_bytes: int = 20_000_000,
    ) -> None:
        self._calls = Calls(token=token, url=url, timeout=timeout)
        self._token = token
        self._hosts = frozenset({urlsplit(url).hostname or ""})
        self._words, self._status = words, status
        self._receipt, self._uninvited = receipt, uninvited
        self._now, self._settle, self._most_bytes = now, timeout + grace, most_bytes
        self._pace = Pace(every=pace, now=instant)
        self._us: Ourselves | None = None
        self._statuses = True
        self._receiving = Receiving(
            self._calls,
            app_token=app_token,
            signing_secret=signing_secret,
            heartbeat=heartbeat,
            now=now,
            telemetry=telemetry,
        )

    @property
    def name(self) -> str:
        """The platform's name."""
        return NAME

    @property
    def session(self) -> str:
        """Nothing: any number of processes may listen."""
        return ""

    async def moderates(self, channel: Channel, who: str) -> bool:  # noqa: ARG002 - see below
        """Tell nothing: that is not known here."""
        return False

    @property
    def settle(self) -> float:
        """Seconds after which `find` is sure: a call's time-out, and Slack's grace."""
        return self._settle

    @property
    def connected(self) -> bool:
        """Whether events can be received."""
        return self._receiving.connected

    async def listen(self, accept: Callable[[Incoming], Awaitable[None]], desk: Desk) -> None:
        """Receive events until cancelled; a lost connection is made again.

        Raises ConfigurationError where Slack knows none of the tokens.
        """

        async def door() -> Door:
            return Door(
                us=await self._ourselves(),
                calls=self._calls,
                words=self._words,
                receipt=self._receipt,
                uninvited=self._uninvited,
                now=self._now,
                accept=accept,
                desk=desk,
            )

        await self._receiving.run(door)

    async def request(self, request: web.BaseRequest) -> web.Response:
        """Answer one HTTP request of Slack's."""
        return await self._receiving.request(request)

    async def _ourselves(self) -> Ourselves:
        """Find out who we are, and that our token is good. Raises PlatformError."""
        found = await self._calls("auth.test")
        self._us = Ourselves(
            team=found["team_id"],
            user=found["user_id"],
            bot=found.get("bot_id") or "",
            app=found.get("app_id") or "",
            url=found.get("url") or "",
        )
        return self._us

    def pace(self, thread: Thread, key: str) -> float:
        """Return in how many seconds a post may go out: one a second and channel."""
        return self._pace.wait(thread.channel.id, key)

    async def post(self, thread: Thread, post: Post, *, key: str) -> PostRef:
        """Send a post once. Raises Throttled, NotSent, Rejected, or Unsure once it went out."""
        if self._us is None:  # a worker, which never listens, has to know the address of links
            await self._ourselves()
        drawn, text = blocks.message(post, self._words)
        said = {"channel": thread.channel.id, "text": text, "blocks": drawn}
        root = thread.id if is_ts(thread.id) else None
        if post.to:
            answer = await self._calls("chat.postEphemeral", user=post.to, **said)
            return PostRef(thread=thread, id=answer["message_ts"])
        answer = await self._calls(
            "chat.postMessage",
            thread_ts=root,
            metadata={"event_type": _EVENT_TYPE, "event_payload": {"key": key}},
            unfurl_links=False,
            unfurl_media=False,
            **said,
        )
        self._pace.went(thread.channel.id)
        ts = answer["ts"]
        return PostRef(thread=Thread(channel=thread.channel, id=root or ts), id=ts)

    async def find(self, thread: Thread, key: str) -> PostRef | None:
        """Look for the post with this key. Raises PlatformError: nothing is known then."""
        root = thread.id if is_ts(thread.id) else None
        method = "conversations.replies" if root else "conversations.history"
        cursor: str | None = None
        for _ in range(_PAGES):
            try:
                page = await self._calls(
                    method,
                    channel=thread.channel.id,
                    ts=root,
                    include_all_metadata=True,
                    limit=_PAGE,
                    cursor=cursor,
                )
            except Rejected as error:
                if error.detail == "thread_not_found":
                    return None
                raise NotSent(NAME, error.detail) from error
            for message in page["messages"]:
                if _key_of(message) == key:
                    ts = message["ts"]
                    begun = Thread(channel=thread.channel, id=root or ts)
                    return PostRef(thread=begun, id=ts)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return None
        raise NotSent(NAME, "too_many_messages")

    async def show(self, thread: Thread, message: str, sign: Sign) -> None:
        """Put a reaction on the message, and a status into the thread where the plan has one."""
        await self._show_status(thread, working=sign is Sign.WORKING)
        if not is_ts(message):
            return
        if sign is not Sign.WORKING:
            await self._react("remove", thread, message, _READING)
        shown = {Sign.WORKING: _READING, Sign.DONE: _DONE, Sign.REFUSED: _REFUSED}.get(sign)
        if shown:
            await self._react("add", thread, message, shown)

    async def _react(self, how: str, thread: Thread, message: str, name: str) -> None:
        try:
            await self._calls(
                f"reactions.{how}", channel=thread.channel.id, timestamp=message, name=name
            )
        except Rejected as error:
            if error.detail not in ("already_reacted", "no_reaction", "message_not_found"):
                raise

    async def _show_status(self, thread: Thread, *, working: bool) -> None:
        if not self._statuses or not is_ts(thread.id):
            return
        try:
            await self._calls(
                "assistant.threads.setStatus",
                channel_id=thread.channel.id,
                thread_ts=thread.id,
                status=self._status if working else "",
            )
        except Rejected:  # the plan has none, or the app may not: the reaction says it too
            self._statuses = False

    async def change(self, ref: PostRef, post: Post) -> None:
        """Give a post another text. Raises PlatformError."""
        drawn, text = blocks.message(post, self._words)
        channel = ref.thread.channel.id
        await self._calls("chat.update", channel=channel, ts=ref.id, text=text, blocks=drawn)

    async def retract(self, ref: PostRef) -> None:
        """Delete a post. Raises PlatformError."""
        try:
            await self._calls("chat.delete", channel=ref.thread.channel.id, ts=ref.id)
        except Rejected as error:
            if error.detail not in _NO_SUCH_POST:
                raise

    async def fetch(self, thread: Thread, message: str) -> Message | None:
        """Return a message of a channel that we are in. Raises PlatformError."""
        channel = thread.channel
        try:
            page = await self._calls(
                "conversations.replies",
                channel=channel.id,
                ts=message,
                latest=message,
                oldest=message,
                inclusive=True,
                limit=_PAGE,
            )
        except Rejected:  # deleted, or in a channel that we are not in
            return None
        for one in page["messages"]:
            if one["ts"] == message:
                us = self._us or await self._ourselves()
                return events.message_of(one, us, channel.id)
        return None

    def link(self, thread: Thread) -> str:
        """Return the address of a thread's first message."""
        if self._us is None or not is_ts(thread.id):
            return ""
        ts = thread.id.replace(".", "")
        return f"{self._us.url}archives/{thread.channel.id}/p{ts}"

    async def download(self, upload: Upload) -> bytes:
        """Fetch a file of this workspace. Raises SourceMissing, SourceTooLarge, NotSent."""
        if upload.size > self._most_bytes:
            raise SourceTooLarge(upload.name, str(self._most_bytes))
        if not self._is_slacks(upload.handle):  # the token goes nowhere else
            raise SourceMissing(upload.name)
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            async with self._calls.session.get(
                upload.handle, headers=headers, allow_redirects=False
            ) as answer:
                wrong_page = answer.content_type == "text/html" != upload.media_type
                if answer.status != 200 or wrong_page:  # noqa: PLR2004 - HTTP's OK
                    raise SourceMissing(upload.name, f"HTTP {answer.status}")
                data = bytearray()
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    data += chunk
                    if len(data) > self._most_bytes:
                        raise SourceTooLarge(upload.name, str(self._most_bytes))
                return bytes(data)
        except (OSError, TimeoutError) as error:  # aiohttp's own errors are OSErrors or these
            raise NotSent(NAME, type(error).__name__) from error

    def _is_slacks(self, address: str) -> bool:
        parts = urlsplit(address)
        host = parts.hostname or ""
        own = host in self._hosts
        return own or (parts.scheme == "https" and host.endswith(".slack.com"))

    async def close(self) -> None:
        """Close every connection."""
        await self._calls.close()


def _key_of(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != _EVENT_TYPE:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return key if isinstance(key, str) else None
