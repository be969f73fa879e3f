"""HTTP mode: the app is sent signed requests at its own address."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from tests.standins.slack.events import VERIFICATION

if TYPE_CHECKING:
    from tests.standins.slack.delivery import Attempt
    from tests.standins.slack.server import SlackServer

_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, body: str) -> str:
    """Return what Slack puts into X-Slack-Signature."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Http:
    """Carries to one address; the app's answer of 200 is its ack."""

    def __init__(self, slack: SlackServer, url: str) -> None:
        self._slack, self._url = slack, url
        self._session: aiohttp.ClientSession | None = None

    async def carry(self, attempt: Attempt) -> str:
        body, kind = _body(attempt)
        headers = {"Content-Type": kind}
        if attempt.number:
            headers["X-Slack-Retry-Num"] = str(attempt.number)
            headers["X-Slack-Retry-Reason"] = attempt.reason
        try:
            status, answer = await self._post(body, headers)
        except TimeoutError:
            return "http_timeout"
        except (aiohttp.ClientError, OSError):
            return "connection_failed"
        if status != 200:
            return "http_error"
        self._slack.deliveries.acked(attempt.id, answer)
        return ""

    async def verify(self) -> bool:
        """Ask the address to prove that it is the app's, as Slack does when it is set."""
        challenge = secrets.token_hex(16)
        asked = {"token": VERIFICATION, "challenge": challenge, "type": "url_verification"}
        status, answer = await self._post(json.dumps(asked), {"Content-Type": _JSON})
        return status == 200 and challenge in (answer or {}).values()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _post(self, body: str, headers: dict[str, str]) -> tuple[int, dict[str, Any] | None]:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        stamp = str(int(time.time() - self._slack.http_skew))
        headers["X-Slack-Request-Timestamp"] = stamp
        headers["X-Slack-Signature"] = signature(self._slack.signing_secret, stamp, body)
        timeout = aiohttp.ClientTimeout(self._slack.deliveries.redeliver_after)
        sending = self._session.post(self._url, data=body, headers=headers, timeout=timeout)
        async with sending as answer:
            return answer.status, _payload(await answer.text())


def _body(attempt: Attempt) -> tuple[str, str]:
    payload = attempt.delivery.payload
    match attempt.delivery.kind:
        case "events_api":
            return json.dumps(payload), _JSON
        case "slash_commands":
            return urlencode(payload), _FORM
        case _:
            return urlencode({"payload": json.dumps(payload)}), _FORM


def _payload(text: str) -> dict[str, Any] | None:
    if not text.strip():
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return {"text": text}
    return found if isinstance(found, dict) else None
