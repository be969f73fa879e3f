"""How answers of the model server go over the wire, and what goes wrong there."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.standins.model_requests import prompt_of, tokens

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from tests.standins.model_refusals import Refused
    from tests.standins.model_settings import Settings
    from tests.standins.model_shapes import Reply

PAGE = "<!doctype html><html><head><title>Sign in</title></head><body>Proxy login</body></html>"
FOREVER = 3_600.0
CLOSING = {"cut:start": b"", "not_http": b"SSH-2.0-OpenSSH_9.9\r\n\x00\xff"}
_STATUS = {
    429: ("Rate limit reached for requests.", "requests", "rate_limit_exceeded"),
    401: ("Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
}


def answered(found: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    body = json.dumps(found).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def refusal(refused: Refused) -> web.Response:
    return answered({"error": refused.error}, refused.status)


def failed(status: int, settings: Settings) -> web.Response:
    """Return an error that is no fault of the request."""
    message, kind, code = _STATUS.get(
        status, ("The server had an error while processing your request.", "server_error", None)
    )
    error = {"message": message, "type": kind, "param": None, "code": code}
    wait = settings.retry_after
    if status not in (429, 503) or wait is None:
        return answered({"error": error}, status)
    if isinstance(wait, (int, float)):
        at = time.time() + wait
        wait = formatdate(at, usegmt=True) if settings.retry_as_date else f"{wait:g}"
    return answered({"error": error}, status, {"Retry-After": wait})


# --- what an answer is made of ---------------------------------------------------------------


class Answer:
    """One completion, whole or in chunks."""

    def __init__(self, number: int, body: dict[str, Any], reply: Reply, settings: Settings) -> None:
        self._body, self._reply, self._settings = body, reply, settings
        self.streams = bool(body.get("stream"))
        most = body.get("max_completion_tokens", body.get("max_tokens"))
        if most is not None and reply.content is not None and len(reply.content) > most * 4:
            reply.content, reply.finish = reply.content[: most * 4], "length"
        self._head = {
            "id": f"chatcmpl-{number:08d}",
            "object": "chat.completion.chunk" if self.streams else "chat.completion",
            "created": int(time.time()),
            "model": body["model"],
            "system_fingerprint": "fp_standin",
        }

    @property
    def _usage(self) -> dict[str, int]:
        prompt = tokens(prompt_of(self._body))
        completion = -(-len(self._reply.content or self._reply.refusal or "") // 4)
        total = prompt + completion
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": total,
        }

    def whole(self) -> bytes:
        reply = self._reply
        message = {"role": "assistant", "content": reply.content, "refusal": reply.refusal}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": reply.finish}
        body = {**self._head, "choices": [choice] if reply.choices else []}
        if not self._settings.no_usage:
            body["usage"] = self._usage
        return json.dumps(body).encode()

    def events(self, dice: random.Random) -> Iterator[bytes]:
        """Yield the events of a stream, the last is [DONE]."""
        counted = bool((self._body.get("stream_options") or {}).get("include_usage"))
        more = {"usage": None} if counted else {}
        reply = self._reply
        if reply.choices:
            yield self._chunk({"role": "assistant", "content": "", "refusal": None}, None, more)
            for kind, text in (("content", reply.content), ("refusal", reply.refusal)):
                for piece in _pieces(text or "", dice):
                    yield self._chunk({kind: piece}, None, more)
            yield self._chunk({}, reply.finish, more)
        if counted and not self._settings.no_usage:
            yield _event({**self._head, "choices": [], "usage": self._usage})
        yield b"data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, Any], finish: str | None, more: dict[str, Any]) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event({**self._head, "choices": [choice], **more})


def _event(found: Any) -> bytes:
    return b"data: " + json.dumps(found, ensure_ascii=False).encode() + b"\n\n"


def _pieces(text: str, dice: random.Random) -> Iterator[str]:
    at = 0
    while at < len(text):
        size = dice.randint(1, 12) if len(text) < 4_000 else 200
        yield text[at : at + size]
        at += size


def torn(events: list[bytes], dice: random.Random) -> list[bytes]:
    """Return the same stream as a rough server sends it."""
    made = b": ping\r\n\r\n"
    for event in events:
        made += event.replace(b"\n", b"\r\n")
        if dice.random() < 0.1:
            made += b": ping\r\n\r\n"
    cuts = [0]
    while cuts[-1] < len(made):
        cuts.append(cuts[-1] + dice.randint(30, 300))
    return [made[start:end] for start, end in itertools.pairwise(cuts)]


# --- the wire --------------------------------------------------------------------------------


async def send(
    request: web.BaseRequest,
    answer: Answer,
    behaviour: str,
    settings: Settings,
    dice: random.Random,
) -> web.StreamResponse:
    """Send an answer, or as much of it as the behaviour lets through."""
    frames = list(answer.events(dice)) if answer.streams else [answer.whole()]
    if answer.streams and settings.rough:
        frames = torn(frames, dice)
    response = web.StreamResponse()
    if answer.streams:
        response.content_type = "text/event-stream"
        response.headers["Cache-Control"] = "no-cache"
    else:
        response.content_type = "application/json"
        response.content_length = len(frames[0])
        frames = [frames[0][: len(frames[0]) // 2], frames[0][len(frames[0]) // 2 :]]
    await response.prepare(request)
    for frame in frames[: _sent(behaviour, len(frames))]:
        await response.write(frame)
        if settings.drip:
            await asyncio.sleep(settings.drip)
    if behaviour == "stalls:half":
        await asyncio.sleep(FOREVER)
    elif behaviour == "error:half":
        error = {"message": "overloaded", "type": "server_error", "param": None, "code": None}
        await response.write(_event({"error": error}))
    elif behaviour == "cut" or (behaviour == "cut:end" and not answer.streams):
        close(request)
    return response


def _sent(behaviour: str, frames: int) -> int:
    if behaviour in ("stalls:half", "cut", "error:half", "cut:end"):
        return max(1, frames // 2)
    return frames


def close(request: web.BaseRequest, last: bytes = b"") -> web.Response:
    """Close the connection once `last` is sent."""
    if request.transport is not None:
        request.transport.write(last)
        request.transport.close()
    return web.Response()  # goes nowhere
