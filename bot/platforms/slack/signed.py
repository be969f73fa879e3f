"""Whether a request over HTTP is Slack's, and whether it was answered already.

The SDK's verifier decides; what it would stumble over is refused before. The same signed request
acts once: its signature is remembered for as long as its moment would be taken.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from slack_sdk.signature import Clock, SignatureVerifier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

_MOMENT = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")
_REMEMBERED = 600.0  # a moment may be five minutes off either way
_MOST = 100_000


class Verdict(Enum):
    """What is to be done with a request."""

    NEW = "new"
    UNSIGNED = "unsigned"
    UNDER_WAY = "under way"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request and what is to be done with it; `body` is empty where it is unsigned."""

    verdict: Verdict
    body: str = ""
    signature: str = ""


class Signed:
    """Tells requests apart that are signed with a secret; `now` tells the time."""

    def __init__(self, secret: str, *, now: Callable[[], datetime]) -> None:
        self._now = now
        self._verifier = SignatureVerifier(secret, _Clock(now))
        self._under_way: set[str] = set()
        self._answered: OrderedDict[str, float] = OrderedDict()

    def look(self, raw: bytes, headers: Mapping[str, str]) -> Request:
        """Return what is to be done; after NEW, `done` must be called with its signature."""
        moment = headers.get("X-Slack-Request-Timestamp", "")
        signature = headers.get("X-Slack-Signature", "")
        if not (_MOMENT.fullmatch(moment) and _SIGNATURE.fullmatch(signature)):
            return Request(verdict=Verdict.UNSIGNED)
        try:
            body = raw.decode("utf-8")
        except UnicodeDecodeError:
            return Request(verdict=Verdict.UNSIGNED)
        if not self._verifier.is_valid(body, moment, signature):
            return Request(verdict=Verdict.UNSIGNED)
        self._tidy()
        if signature in self._answered:
            return Request(verdict=Verdict.ANSWERED)
        if signature in self._under_way:
            return Request(verdict=Verdict.UNDER_WAY)
        self._under_way.add(signature)
        return Request(verdict=Verdict.NEW, body=body, signature=signature)

    def done(self, signature: str, *, answered: bool) -> None:
        """Take in that a request was worked off, or that it may come again."""
        self._under_way.discard(signature)
        if answered:
            self._answered[signature] = self._now().timestamp()

    def _tidy(self) -> None:
        oldest = self._now().timestamp() - _REMEMBERED
        while self._answered:
            signature = next(iter(self._answered))
            if self._answered[signature] > oldest and len(self._answered) <= _MOST:
                return
            del self._answered[signature]


class _Clock(Clock):
    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now().timestamp()
