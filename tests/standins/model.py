"""A server like OpenAI's for chat completions, as strict as it and worse than any.

In a test: `async with Model(seed=1, behaviour="lies") as model: ...`, with `model.url`. As a
program: `python -m tests.standins.model --port 8099 --behaviour obeys`, which prints its URL on a
line and serves until SIGTERM. Beside /v1, `PUT /settings` changes settings while it runs, and
`GET /told` gives what it wrote since it was last asked for that must not be posted.

It writes from the prompt alone: sentences of the passages, as the prompts of this repository give
them. What can be set, and the behaviours, are in model_settings.py.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import sys
from collections import Counter
from typing import Any, Self

from aiohttp import web

from tests.standins.model_lies import Liar, Lie, Misquote
from tests.standins.model_outputs import WORST_CASES, Worst, filled
from tests.standins.model_refusals import Refused
from tests.standins.model_requests import check, check_key, parsed
from tests.standins.model_schemas import fitted
from tests.standins.model_sending import (
    CLOSING,
    FOREVER,
    PAGE,
    Answer,
    answered,
    close,
    failed,
    refusal,
    send,
)
from tests.standins.model_settings import ENDINGS, WRITINGS, Settings, behaviours
from tests.standins.model_shapes import Reply, ending, shaped
from tests.standins.model_writing import Task, Written, task_of, written


class Model:
    """The server in this process.

    `requests` are the bodies it was sent, refused ones too; `refused` the errors it gave for them;
    `lies`, `misquotes` and `worst` what it wrote that must not be posted. `counts` counts by
    behaviour, and as "refused" and "gone" (the client left before the answer was sent).
    """

    def __init__(
        self, *, seed: int = 0, host: str = "127.0.0.1", port: int = 0, **settings: Any
    ) -> None:
        self._host, self.port = host, port
        self._dice = random.Random(seed)  # noqa: S311 - keeps no secret
        self._liar = Liar(self._dice)
        self.settings = Settings()
        self.requests: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        self.worst: list[Worst] = []
        self.counts: Counter[str] = Counter()
        self._turn = self._number = 0
        self.change(**settings)
        self._listening: asyncio.Server | None = None
        self._web: web.Server | None = None  # made where a loop runs

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self.port}/v1"

    @property
    def lies(self) -> list[Lie]:
        return self._liar.lies

    @property
    def misquotes(self) -> list[Misquote]:
        return self._liar.misquotes

    def change(self, **settings: Any) -> None:
        """Behave otherwise from now on. Raises BadSetting."""
        self.settings.change(**settings)
        if "behaviour" in settings:
            self._turn = 0

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.shut()
        if self._web is not None:
            await self._web.shutdown(0.1)

    async def open(self) -> None:
        """Listen, on the same port as before if there was one."""
        loop = asyncio.get_running_loop()
        if self._web is None:
            self._web = web.Server(self._handle, handler_cancellation=True, access_log=None)
        self._listening = await loop.create_server(
            self._web, self._host, self.port, reuse_address=True
        )
        self.port = self._listening.sockets[0].getsockname()[1]

    def shut(self) -> None:
        """Refuse connections from now on and break those there are."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        for connection in self._web.connections if self._web is not None else ():
            if connection.transport is not None:
                connection.transport.abort()

    # --- requests ---

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if (request.method, request.path) in (("PUT", "/settings"), ("GET", "/told")):
            return await self._controlled(request)
        try:
            check_key(request.headers.get("Authorization"), self.settings.key)
            return await self._answered(request)
        except Refused as refused:
            self.counts["refused"] += 1
            self.refused.append(refused.error)
            return refusal(refused)
        except (asyncio.CancelledError, ConnectionError):
            self.counts["gone"] += 1
            raise

    async def _controlled(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method == "PUT":
            self.change(**await request.json())
            return answered({})
        told = {"lies": self.lies, "misquotes": self.misquotes, "worst": self.worst}
        found = {kind: [vars(one) for one in of_kind] for kind, of_kind in told.items()}
        for of_kind in told.values():
            of_kind.clear()
        return answered(found)

    async def _answered(self, request: web.BaseRequest) -> web.StreamResponse:
        match request.method, request.path:
            case "POST", "/v1/chat/completions":
                body = parsed(await request.content.read(), request.content_type)
                self.requests.append(body)
                check(body, self.settings)
                return await self._complete(request, body)
            case "GET", "/v1/models":
                known = [_about(one) for one in self.settings.models]
                return answered({"object": "list", "data": known})
            case _, "/v1/chat/completions" | "/v1/models":
                raise Refused(405, f"Not allowed to {request.method} on {request.path}.")
            case _:
                pass
        raise Refused(404, f"Invalid URL ({request.method} {request.path})", code="unknown_url")

    async def _complete(self, request: web.BaseRequest, body: dict[str, Any]) -> web.StreamResponse:
        several = behaviours(self.settings.behaviour)
        behaviour = several[self._turn % len(several)]
        self._turn += 1
        self._number += 1
        self.counts[behaviour] += 1
        kind, _, detail = behaviour.partition(":")
        if kind == "status" or (behaviour == "error:half" and not body.get("stream")):
            return failed(int(detail) if kind == "status" else 500, self.settings)
        if behaviour == "html":
            return web.Response(text=PAGE, content_type="text/html")
        if behaviour in CLOSING:
            return close(request, CLOSING[behaviour])
        if behaviour in ("stalls", "slow"):
            await asyncio.sleep(self.settings.delay if behaviour == "slow" else FOREVER)
        reply = self._reply(body, behaviour)
        answer = Answer(self._number, body, reply, self.settings)
        return await send(request, answer, behaviour, self.settings, self._dice)

    # --- writing ---

    def _reply(self, body: dict[str, Any], behaviour: str) -> Reply:
        task = task_of(body)
        found = self._found(task, body, behaviour)
        if behaviour in ENDINGS:
            return ending(behaviour, found)
        return Reply(shaped(behaviour, found, self.counts[behaviour] - 1))

    def _found(self, task: Task, body: dict[str, Any], behaviour: str) -> Any:
        format_ = body.get("response_format") or {"type": "text"}
        schema = format_.get("json_schema", {}).get("schema")
        if not task.kind:
            return "OK" if format_["type"] == "text" else fitted({}, schema or {}, schema or {})
        made = written(task)
        if behaviour in WRITINGS:
            self._spoil(made, behaviour)
        return made.as_json() if schema is None else fitted(made.as_json(), schema, schema)

    def _spoil(self, made: Written, behaviour: str) -> None:
        settings, task = self.settings, made.task
        if behaviour == "lies" and (settings.lies_again or not task.repair):
            made.insist()
            for line in made.lines[:: max(1, settings.lie_each)]:
                self._liar.lie(line, task, settings.lie)
        elif behaviour == "misquotes":
            for line in made.lines:
                self._liar.misquote(line, task, settings.misquote)
        elif behaviour == "injected":
            made.insist()
            if made.lines:
                self._inject(made)

    def _inject(self, made: Written) -> None:
        index = self.settings.worst
        if index is None:
            index = len(self.worst)
        line = self._dice.choice(made.lines)
        worst = filled(index % len(WORST_CASES), line.text)
        setattr(line, self.settings.worst_in, worst.text)
        self.worst.append(worst)


def _about(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 1_700_000_000, "owned_by": "standins"}


# --- as a program -----------------------------------------------------------------------------


async def _serve(model: Model) -> None:
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, over.set)
    async with model:
        sys.stdout.write(model.url + "\n")
        sys.stdout.flush()
        await over.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="A server like OpenAI's, for tests.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--behaviour", action="append", help="several take turns")
    parser.add_argument("--key", default=None, help="what `Authorization: Bearer` has to bear")
    parser.add_argument("--control", type=json.loads, default={}, help="more settings, as JSON")
    given = parser.parse_args()
    settings = {"behaviour": given.behaviour or "obeys", "key": given.key, **given.control}
    asyncio.run(_serve(Model(seed=given.seed, host=given.host, port=given.port, **settings)))


if __name__ == "__main__":
    main()
