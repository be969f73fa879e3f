"""The requests that the chat server takes."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.standins.chat_posts import Refused
from tests.standins.faults import BadControl, known

if TYPE_CHECKING:
    from tests.standins.chat import Chat


async def handle(chat: Chat, request: web.BaseRequest) -> web.StreamResponse:
    """Answer one request."""
    try:
        return await _answered(chat, request)
    except Refused as refused:
        return _refusal(refused)
    except BadControl as error:
        return _refusal(Refused(400, str(error)))


async def _answered(chat: Chat, request: web.BaseRequest) -> web.StreamResponse:
    match request.method, request.path:
        case "GET", "/events":
            return await _events(chat, request)
        case "POST", "/posts":
            return await _post(chat, request)
        case "GET", "/posts":
            found = _find(chat, request)
        case "PUT", "/posts":
            found = _change(chat, await _json(request))
        case "DELETE", "/posts":
            found = _retract(chat, await _json(request))
        case "POST", "/working":
            found = _working(chat, await _json(request))
        case _:
            found = await _controlled(chat, request)
    return _answer(found)


async def _controlled(chat: Chat, request: web.BaseRequest) -> Any:
    match request.method, request.path:
        case "POST", "/control":
            return _control(chat, await _json(request))
        case "POST", "/control/events":
            return _injected(chat, await _json(request))
        case "GET", "/control/state":
            return chat.state()
        case "GET", "/control/posts":
            return chat.history()
        case "GET", "/control/event":
            return _history_of(chat, request.query.get("key", ""))
        case _:
            raise Refused(404, "no_such_address")


def _working(chat: Chat, said: Any) -> dict[str, Any]:
    if not isinstance(said, dict) or set(said) != {"workspace", "channel", "thread", "on"}:
        raise Refused(400, "bad_working")
    if not isinstance(said["on"], bool) or not all(
        isinstance(said[name], str) and said[name] for name in ("workspace", "channel", "thread")
    ):
        raise Refused(400, "bad_working")
    chat.working.append((said["thread"], said["on"]))
    return {}


async def _events(chat: Chat, request: web.BaseRequest) -> web.StreamResponse:
    socket = web.WebSocketResponse(compress=False, timeout=1)
    await socket.prepare(request)
    await chat.outbox.serve(socket)
    return socket


async def _post(chat: Chat, request: web.BaseRequest) -> web.StreamResponse:
    post = chat.posts.check(await _json(request))
    chat.posts.take_turn(post)
    fault = chat.dice.of_post()
    match fault:
        case "throttle":
            raise Refused(429, "throttled", retry_after=chat.faults.retry_after)
        case "fail_before":
            raise Refused(500, fault)
        case "drop_before":
            return _dropped(request)
        case "drop_late":
            chat.posts.commit_late(post)
            return _dropped(request)
    made = chat.posts.commit(post)
    match fault:
        case "fail_after":
            raise Refused(500, fault)
        case "drop_after":
            return _dropped(request)
        case "slow":
            await asyncio.sleep(chat.faults.slow_for)
    return _answer({"id": made.id})


def _change(chat: Chat, given: Any) -> dict[str, str]:
    return {"id": chat.posts.change(given).id}


def _retract(chat: Chat, given: Any) -> dict[str, str]:
    chat.posts.retract(given)
    return {}


def _find(chat: Chat, request: web.BaseRequest) -> Any:
    asked = dict(request.query)
    if len(asked) != len(request.query):
        raise Refused(400, "field_twice")
    fault = chat.dice.of_lookup()
    if fault == "lookup_throttle":
        raise Refused(429, "throttled", retry_after=chat.faults.retry_after)
    if fault == "lookup_fail":
        raise Refused(500, fault)
    found = chat.posts.find(asked)
    return {"post": None if found is None else {"id": found.id}}


def _control(chat: Chat, wanted: Any) -> Any:
    if not isinstance(wanted, dict):
        raise BadControl("not an object")
    changes = dict(wanted)
    asked, cut = changes.pop("next", []), changes.pop("network_cut", None)
    if cut is not None and (type(cut) not in (int, float) or not 0 < cut <= 3600):
        raise BadControl("out of bounds: network_cut")
    if not isinstance(asked, list):
        raise BadControl("not a list: next")
    known(asked)  # before anything is changed
    chat.change(**changes)
    chat.dice.ask_for(*asked)
    if cut is not None:  # after the reply to this
        asyncio.get_running_loop().call_later(0.02, chat.cut, cut)
    return {}


def _injected(chat: Chat, events: Any) -> Any:
    if not isinstance(events, list):
        raise BadControl("not a list")
    for event in events:
        chat.inject(event)
    return {"injected": len(events)}


def _history_of(chat: Chat, key: str) -> Any:
    for one in reversed(chat.outbox.events):
        if one.key == key:
            return chat.history_of(one)
    raise Refused(404, "no_such_event")


async def _json(request: web.BaseRequest) -> Any:
    try:
        return json.loads(await request.read())
    except (ValueError, RecursionError) as error:
        raise Refused(400, "not_json") from error


def _answer(found: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    body = json.dumps(found).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def _refusal(refused: Refused) -> web.Response:
    wait = refused.retry_after
    headers = None if wait is None else {"Retry-After": f"{wait:g}"}
    return _answer({"error": refused.error}, refused.status, headers)


def _dropped(request: web.BaseRequest) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()  # goes nowhere
