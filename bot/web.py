"""What the bot is asked over HTTP: by the operator's tools how it goes, by platforms to listen.

| path | answer |
|---|---|
| `GET /healthz` | 200 as long as the event loop turns |
| `GET /readyz` | 200, or 503 where a part is not ready; the parts in JSON |
| `GET /metrics` | Prometheus's text format |
| `POST` to a hook | whatever the platform's handler answers; 413 over 1 MB |

No answer repeats anything of its request, or tells versions of what serves it.
"""

from __future__ import annotations

import asyncio
import errno
from typing import TYPE_CHECKING

from aiohttp import web

from bot.errors import ConfigurationError, StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Hook = Callable[[web.BaseRequest], Awaitable[web.Response]]

_HEADERS = {"Server": "briefbot", "Cache-Control": "no-store"}
_SHUTDOWN = 1.0  # seconds that an answer under way is waited for
_LARGEST = 1_000_000  # bytes of a hook's body
_SLOWEST = 10.0  # seconds that a body may take to come in
_PROBLEMS = {
    errno.EADDRINUSE: "{} is taken by another program; name a free port, or off",
    errno.EACCES: "{} needs more rights than this user has; name a port above 1023, or off",
}
_NO_ADDRESS = "{} cannot be listened on; name an address of this machine, or off"


class Web:
    """A small web server; `start` opens it, `close` shuts it within about a second."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        ready: Callable[[], Awaitable[Mapping[str, bool]]],
        exposition: Callable[[], Awaitable[tuple[bytes, str]]],
        hooks: Mapping[str, Hook] | None = None,
        patience: float = 2.0,
    ) -> None:
        """Take what it serves; port 0 is any free one.

        `hooks` are the paths that platforms post to, each with who answers there; its request
        has its body in memory already.

        `ready` says of each part whether it is; after `patience` seconds, and where it raises
        StoreError, the store is not. `exposition` returns a body and its content type.
        """
        self._host = host
        self._port = port
        self._ready = ready
        self._exposition = exposition
        self._hooks = dict(hooks or {})
        self._patience = patience
        self._runner: web.ServerRunner | None = None
        self._routes: Mapping[str, Callable[[], Awaitable[web.Response]]] = {
            "/healthz": self._health,
            "/readyz": self._readiness,
            "/metrics": self._metrics,
        }

    @property
    def address(self) -> str:
        """The host:port that it listens on, between `start` and `close`; otherwise empty."""
        if self._runner is None or not self._runner.addresses:
            return ""
        return _spelt(*self._runner.addresses[0][:2])

    async def start(self) -> None:
        """Begin to listen. Raises ConfigurationError where the address cannot be had."""
        self._runner = web.ServerRunner(_Server(self._answer), shutdown_timeout=_SHUTDOWN)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self.close()
            problem = _PROBLEMS.get(error.errno or 0, _NO_ADDRESS)
            place = _spelt(self._host, self._port)
            raise ConfigurationError(problem.format(place), ["BRIEFBOT_LISTEN"]) from error

    async def close(self) -> None:
        """Stop listening. May be called again, and without `start`."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        hook = self._hooks.get(request.path)
        if hook is not None:
            return await _hooked(hook, request)
        answer = self._routes.get(request.path)
        if answer is None:
            return _plain(404)
        if request.method != "GET":
            return _plain(405, Allow="GET")
        return await answer()

    async def _health(self) -> web.Response:
        return web.json_response({"status": "ok"}, headers=_HEADERS)

    async def _readiness(self) -> web.Response:
        try:
            async with asyncio.timeout(self._patience):
                parts = dict(await self._ready())
        except (TimeoutError, StoreError):
            parts = {"store": False}
        ready = all(parts.values())
        answer = {"ready": ready, "parts": parts}
        return web.json_response(answer, status=200 if ready else 503, headers=_HEADERS)

    async def _metrics(self) -> web.Response:
        body, content_type = await self._exposition()
        return web.Response(body=body, headers=_HEADERS | {"Content-Type": content_type})


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        loop = asyncio.get_running_loop()
        off = None  # as aiohttp documents it for its runners; the type here does not know
        return _Connection(self, loop=loop, access_log=off)  # type: ignore[arg-type]


class _Connection(web.RequestHandler):
    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Log as aiohttp does, but answer without what it quotes of a malformed request."""
        super().handle_error(request, status, exc, message)
        return _closing(status)


async def _hooked(hook: Hook, request: web.BaseRequest) -> web.Response:
    if request.method != "POST":
        return _plain(405, Allow="POST")
    if (request.content_length or 0) > _LARGEST:
        return _closing(413)
    try:
        async with asyncio.timeout(_SLOWEST):
            body = await request.read()
    except web.HTTPRequestEntityTooLarge:
        return _closing(413)
    except TimeoutError:
        return _closing(408)
    if len(body) > _LARGEST:
        return _closing(413)
    answer = await hook(request)
    answer.headers.update(_HEADERS)
    return answer


def _closing(status: int) -> web.Response:
    """Answer where what is left of the request is not to be read."""
    answer = _plain(status)
    answer.force_close()
    return answer


def _plain(status: int, **headers: str) -> web.Response:
    return web.Response(status=status, text=f"{status}\n", headers=_HEADERS | headers)


def _spelt(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
