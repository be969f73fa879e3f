"""A stand-in for Slack that runs on this machine: the Web API, Socket Mode, and the people.

In a test: `async with SlackServer(seed=1, pace=0.01) as slack: ...`; `slack.url` is the base_url
of the SDK, `slack.bot_token` and `slack.app_token` are its tokens. Verbs (`says`, `presses`...)
return at once; `await slack.settled()` waits until what they caused has been acked.

What Slack documents as refused is refused here; what a bot ought not to do although Slack lets it
is in `complaints`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from tests.standins.slack import posting, reacting, reading, viewing
from tests.standins.slack.errors import Refused
from tests.standins.slack.http import Http
from tests.standins.slack.looks import Looks
from tests.standins.slack.requests import Asked, api

_Handler = Callable[["SlackServer", Asked], dict[str, Any]]


def _auth_test(slack: SlackServer, _: Asked) -> dict[str, Any]:
    place = slack.place
    return {
        "url": f"https://{place.domain}.slack.com/",
        "team": place.name,
        "user": place.users[place.bot_user].name,
        "team_id": place.team,
        "user_id": place.bot_user,
        "bot_id": place.bot_id,
        "is_enterprise_install": False,
    }


def _open_connection(slack: SlackServer, _: Asked) -> dict[str, Any]:
    return {"url": slack.sockets.ticket()}


HANDLERS: dict[str, _Handler] = {
    "auth.test": _auth_test,
    "apps.connections.open": _open_connection,
    "chat.postMessage": posting.post_message,
    "chat.postEphemeral": posting.post_ephemeral,
    "chat.update": posting.update,
    "chat.delete": posting.delete,
    "chat.getPermalink": posting.permalink,
    "conversations.replies": reading.replies,
    "conversations.history": reading.history,
    "conversations.info": reading.info,
    "conversations.members": reading.members,
    "conversations.list": reading.channels,
    "conversations.open": reading.open_dm,
    "users.conversations": reading.channels_of,
    "users.info": reading.user_info,
    "files.info": reading.file_info,
    "reactions.add": reacting.add,
    "reactions.remove": reacting.remove,
    "reactions.get": reacting.get,
    "assistant.threads.setStatus": reacting.thread_status,
    "agents.sessions.setStatus": reacting.session_status,
    "views.open": viewing.open_view,
    "views.update": viewing.update_view,
    "views.publish": viewing.publish,
}


class SlackServer(Looks):
    """The server, in this process, on 127.0.0.1.

    `pace` is the least time between two posts of a channel (1 s in Slack), `redeliver_after` how
    long an ack may take (3 s) before an event is sent again, `retries` how often (3), and
    `trigger_life` how long a trigger id is good (3 s). `scopes` are the bot token's, `subscribed`
    the events that the app gets. With `history_pace` (60 s) history and threads are as scarce as
    for an app sold outside the marketplace, else they are not limited. `seed` is of what goes
    wrong by chance.
    """

    def __init__(self, *, port: int = 0, **given: Any) -> None:
        super().__init__(**given)
        self.port = port
        self._runner: web.AppRunner | None = None
        self._http: Http | None = None

    @property
    def url(self) -> str:
        """The address that the SDK takes as its base_url."""
        return f"{self.root}/api/"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=4 * 2**20)
        app.add_routes(
            [
                web.route("*", "/api/{method}", self._api),
                web.get("/link/", self.sockets.serve),
                web.post("/response/{team}/{id}", self._respond),
                web.get("/files-pri/{id}/{tail:.+}", self._download),
                web.get("/login", _login),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, backlog=1024)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.root = self.place.files_root = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.deliveries.close()
        for task in tuple(self._work):
            task.cancel()
        await self.sockets.close()
        if self._http is not None:
            await self._http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def http_to(self, url: str) -> None:
        """Deliver to an address instead of over sockets."""
        self._http = Http(self, url)
        self.deliveries.carrier = self._http

    async def verifies(self) -> bool:
        """Tell whether the app's address answers a url_verification rightly."""
        return self._http is not None and await self._http.verify()

    def handle(self, asked: Asked) -> dict[str, Any]:
        """Carry out one call. Raises Refused."""
        method = asked.method
        try:
            return HANDLERS[method.name](self, asked)
        except Refused as refused:
            if refused.error not in method.errors:
                raise AssertionError(f"{method.name} does not raise {refused.error}") from refused
            raise

    async def _api(self, request: web.Request) -> web.StreamResponse:
        return await api(self, request)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        try:
            self.respond(request.match_info["id"], await request.json())
        except Refused as refused:
            status = 400 if refused.status == 200 else refused.status
            return web.Response(text=refused.error, status=status)
        except ValueError:
            return web.Response(text="invalid_payload", status=400)
        return web.Response(text="ok")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Hand a file out; whoever may not have it is sent to a login page, as Slack does."""
        found = self.place.files.get(request.match_info["id"].rpartition("-")[2])
        allowed = request.headers.get("Authorization") == f"Bearer {self.bot_token}"
        if not allowed or self.revoked or "files:read" not in self.scopes:
            raise web.HTTPFound("/login")
        if found is None or found.deleted:
            return web.Response(status=404)
        return web.Response(body=found.content, content_type=found.mimetype)


async def _login(_: web.Request) -> web.StreamResponse:
    return web.Response(text="<html><title>Sign in</title></html>", content_type="text/html")
