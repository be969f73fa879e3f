"""The posts of the chat server: what it takes, what look-ups see, whom they answer."""

import asyncio
import math
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from tests.standins.chat_events import Injected
from tests.standins.faults import Faults

LONGEST = 12_000
_PLACE = ("workspace", "channel", "thread")
_BARE = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)|[\x00-\x09\x0b-\x1f\x7f-\x9f]")
Place = tuple[str, str, str]


class Refused(Exception):
    """A request that no server would take: its status and the reason."""

    def __init__(self, status: int, error: str, *, retry_after: float | None = None) -> None:
        super().__init__(status, error)
        self.status, self.error, self.retry_after = status, error, retry_after


@dataclass(frozen=True)
class Posted:
    """A committed post; `at` in seconds since the server's start, `answers` an event's key.

    `changes` counts how often it got another text; one that is `gone` stays in the history.
    """

    id: str
    workspace: str
    channel: str
    thread: str
    key: str
    text: str
    at: float
    answers: str | None
    changes: int = 0
    gone: bool = False


def checked(given: Any, names: tuple[str, ...], refused: list[str]) -> dict[str, str]:
    """Return the fields of a request, each a text with something in it."""
    if not isinstance(given, dict):
        raise Refused(400, "not_an_object")
    if unknown := given.keys() - set(names):
        raise Refused(400, f"unknown_field:{min(unknown)}")
    for name in names:
        if not isinstance(given.get(name), str) or not given[name]:
            raise Refused(400, f"bad_field:{name}")
    if given["channel"] in refused:
        raise Refused(404, "no_such_channel")
    return given


def _said(given: dict[str, str]) -> dict[str, str]:
    """Return a request whose text may be shown. Raises Refused."""
    if len(given["text"]) > LONGEST:
        raise Refused(400, "text_too_long")
    if _BARE.search(given["text"]):
        raise Refused(400, "unescaped")
    return given


class Posts:
    """Every post there is. The same key twice is two posts, as on Slack."""

    def __init__(self, faults: Faults, now: Callable[[], float]) -> None:
        self._faults, self._now = faults, now
        self.all: list[Posted] = []
        self.by_key: dict[str, list[Posted]] = defaultdict(list)
        self._asked: dict[Place, list[str]] = defaultdict(list)  # keys not answered yet
        self._answered: dict[Place, str] = {}  # the last one that was
        self.answers: dict[str, list[Posted]] = {}  # by the key of the event
        self.unprompted: list[Posted] = []
        self._free_at: dict[tuple[str, str], float] = {}
        self._later: set[asyncio.TimerHandle] = set()

    def expect(self, injected: Injected) -> None:
        """Take note of an event that may be answered: each key once."""
        event = injected.event
        if not isinstance(event, dict) or injected.key in self.answers:
            return
        thread = event.get("thread") or event.get("message") or event.get("key")
        place = (event.get("workspace", ""), event.get("channel", ""), thread)
        self.answers[injected.key] = []
        self._asked[place].append(injected.key)

    def check(self, given: Any) -> dict[str, str]:
        """Return what is to be posted. Raises Refused; one that is taken counts to the rate."""
        return _said(checked(given, (*_PLACE, "key", "text"), self._faults.refused))

    def take_turn(self, post: dict[str, str]) -> None:
        """Hold a channel to its rate. Raises Refused."""
        if not self._faults.rate:
            return
        now, channel = self._now(), (post["workspace"], post["channel"])
        wait = self._free_at.get(channel, 0.0) - now
        if wait > 0:
            raise Refused(429, "rate", retry_after=math.ceil(wait * 1000) / 1000)
        self._free_at[channel] = now + self._faults.rate

    def commit(self, post: dict[str, str]) -> Posted:
        made = Posted(
            id=f"p{len(self.all) + 1}", **post, at=self._now(), answers=self._answer(post)
        )
        self.all.append(made)
        self.by_key[made.key].append(made)
        if made.answers is None:
            self.unprompted.append(made)
        else:
            self.answers[made.answers].append(made)
        return made

    def commit_late(self, post: dict[str, str]) -> None:
        def now() -> None:
            self._later.discard(timer)
            self.commit(post)

        timer = asyncio.get_running_loop().call_later(self._faults.late, now)
        self._later.add(timer)

    @property
    def pending(self) -> int:
        """How many late commits are still to come."""
        return len(self._later)

    def forget_pending(self) -> None:
        for timer in self._later:
            timer.cancel()

    def change(self, given: Any) -> Posted:
        """Give a post another text. Raises Refused where it is not there, or is gone."""
        asked = _said(checked(given, (*_PLACE, "post", "text"), self._faults.refused))
        place, post = self._there(asked)
        if post is None:
            raise Refused(404, "no_such_post")
        changed = self.all[place] = replace(post, text=asked["text"], changes=post.changes + 1)
        self._put(post, changed)
        return changed

    def retract(self, given: Any) -> None:
        """Take a post away; it may be gone already. Raises Refused where it never was."""
        asked = checked(given, (*_PLACE, "post"), self._faults.refused)
        place, post = self._there(asked)
        if post is not None:
            gone = self.all[place] = replace(post, gone=True)
            self._put(post, gone)

    def _there(self, asked: dict[str, str]) -> tuple[int, Posted | None]:
        """Return where a post is; None beside it where it is gone."""
        for place, post in enumerate(self.all):
            if post.id == asked["post"] and all(getattr(post, at) == asked[at] for at in _PLACE):
                return place, None if post.gone else post
        raise Refused(404, "no_such_post")

    def _put(self, old: Posted, new: Posted) -> None:
        answered = [] if old.answers is None else self.answers[old.answers]
        for posts in (self.by_key[old.key], answered, self.unprompted):
            posts[:] = [new if post is old else post for post in posts]

    def find(self, given: Any) -> Posted | None:
        """Return the first post with a key that look-ups see by now, unless it is gone."""
        asked = checked(given, (*_PLACE, "key"), self._faults.refused)
        seen = self._now() - self._faults.lag
        for post in self.by_key.get(asked["key"], ()):
            if (
                not post.gone
                and post.at <= seen
                and all(getattr(post, name) == asked[name] for name in _PLACE)
            ):
                return post
        return None

    def _answer(self, post: dict[str, str]) -> str | None:
        """Say whom a post answers: whom its key answered before, else who waits in its thread.

        Where nobody waits there, the last one of the thread is answered twice.
        """
        if before := self.by_key.get(post["key"]):
            return before[0].answers
        place = (post["workspace"], post["channel"], post["thread"])
        if self._asked.get(place):
            self._answered[place] = self._asked[place].pop(0)
        return self._answered.get(place)

    def state(self) -> dict[str, Any]:
        return {
            "posts": len(self.all),
            "gone": sum(post.gone for post in self.all),
            "keys": len(self.by_key),
            "duplicates": _more_than_one(self.by_key),
            "answered": sum(bool(posts) for posts in self.answers.values()),
            "answered_twice": _more_than_one(self.answers),
            "unprompted": [post.id for post in self.unprompted],
            "late": self.pending,
        }

    def listed(self) -> list[dict[str, Any]]:
        return [asdict(post) for post in self.all]


def _more_than_one(posts: dict[str, list[Posted]]) -> dict[str, list[str]]:
    return {key: [post.id for post in some] for key, some in posts.items() if len(some) > 1}
