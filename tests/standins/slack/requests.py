"""The Web API's door: arguments, tokens, scopes and faults, before a method is looked at."""

from __future__ import annotations

import asyncio
import json
import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.standins.slack.errors import Refused
from tests.standins.slack.methods import METHODS, Argument, Method
from tests.standins.slack.workspace import KINDS, Channel

if TYPE_CHECKING:
    from tests.standins.slack.faults import Fault
    from tests.standins.slack.server import SlackServer

_TRUE, _FALSE = ("1", "true", True, 1), ("0", "false", "", False, 0)


@dataclass
class Call:
    """One call as it came; `outcome` is "ok", Slack's error, or what the faults made of it."""

    method: str
    arguments: dict[str, Any]
    outcome: str = ""
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Asked:
    """A call whose token, scope and arguments are right; `scopes` are the token's."""

    method: Method
    arguments: dict[str, Any]
    scopes: frozenset[str]

    def __getitem__(self, name: str) -> Any:
        return self.arguments.get(name)

    def need(self, *scopes: str) -> None:
        """Raise Refused unless the token has one of them."""
        if not self.scopes & set(scopes):
            provided = ",".join(sorted(self.scopes))
            raise Refused("missing_scope", needed=",".join(scopes), provided=provided)

    def need_for(self, channel: Channel) -> None:
        """Raise Refused unless the method's scope is there for this kind of channel."""
        self.need(self.method.scope.replace("*", KINDS[channel.kind]))


async def api(slack: SlackServer, request: web.Request) -> web.StreamResponse:
    """Answer one call of a method."""
    name = request.match_info["method"]
    call = Call(name, {})
    slack.calls.append(call)
    headers: dict[str, str] = {}
    try:
        call.arguments, token = await _read(request)
        asked = _asked(slack, name, call.arguments, token, headers)
        answer = await _faulty(slack, request, asked, call)
    except Refused as refused:
        call.outcome = refused.error
        if refused.retry_after is not None:
            headers["Retry-After"] = str(math.ceil(refused.retry_after))
        return web.json_response(refused.as_json(), status=refused.status, headers=headers)
    if answer is None:
        return dropped(request)
    return web.json_response({"ok": True, **answer}, headers=headers)


async def _faulty(
    slack: SlackServer, request: web.Request, asked: Asked, call: Call
) -> dict[str, Any] | None:
    """Carry a call out, or not, as the faults have it; None where no answer is to go out."""
    fault = slack.faults.of_call(call.method)
    match fault.kind if fault else "":
        case "drop_before":
            call.outcome = "dropped before"
            return None
        case "late" if fault is not None:
            call.outcome = "late"
            slack.soon(_late(slack, asked, fault, call))
            return None
    if fault is not None:
        await _spoiled(fault)
    answer = slack.handle(asked)
    call.outcome = "ok"
    if fault is not None and fault.kind == "drop_after":
        call.outcome = "dropped after"
        return None
    return answer


async def _spoiled(fault: Fault) -> None:
    match fault.kind:
        case "throttle":
            raise Refused("ratelimited", status=429, retry_after=fault.seconds)
        case "fail":
            raise Refused("internal_error", status=500)
        case "refuse":
            raise Refused(fault.error)
        case "delay":
            await asyncio.sleep(fault.seconds)
        case _:
            return


async def _late(slack: SlackServer, asked: Asked, fault: Fault, call: Call) -> None:
    await asyncio.sleep(fault.seconds)
    try:
        slack.handle(asked)
    except Refused as refused:
        call.outcome = f"late {refused.error}"
    else:
        call.outcome = "late ok"


def dropped(request: web.Request) -> web.Response:
    """Break the connection of a request."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()  # goes nowhere


# --- arguments --------------------------------------------------------------------------------


async def _read(request: web.Request) -> tuple[dict[str, Any], str]:
    """Return the arguments and the token, wherever they were put."""
    found: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        found.update(await _json(request))
    elif request.method == "POST":
        found.update(await request.post())
    bearer = request.headers.get("Authorization", "")
    given = found.pop("token", "")
    token = bearer.removeprefix("Bearer ").strip() if bearer.startswith("Bearer ") else given
    return found, str(token)


async def _json(request: web.Request) -> dict[str, Any]:
    raw = await request.read()
    if not raw.strip():
        return {}
    try:
        found = json.loads(raw)
    except ValueError as error:
        raise Refused("invalid_form_data") from error
    if not isinstance(found, dict):
        raise Refused("invalid_form_data")
    return found


def _asked(
    slack: SlackServer, name: str, found: dict[str, Any], token: str, headers: dict[str, str]
) -> Asked:
    method = METHODS.get(name)
    if method is None:
        raise Refused("unknown_method", req_method=name)
    # Bolt's client puts the team into every call, and Slack does not mind.
    if found.pop("team_id", slack.place.team) != slack.place.team:
        raise Refused("invalid_arguments", "not the token's: team_id")
    scopes = _scopes(slack, method, token)
    headers["x-oauth-scopes"] = ",".join(sorted(scopes))
    headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
    asked = Asked(method, _checked(method, found), scopes)
    if method.scope and "*" not in method.scope:
        asked.need(method.scope)
    if {"icon_emoji", "icon_url", "username"} & set(asked.arguments):
        asked.need("chat:write.customize")
    return asked


def _scopes(slack: SlackServer, method: Method, token: str) -> frozenset[str]:
    if not token:
        raise Refused("not_authed")
    if token not in (slack.bot_token, slack.app_token):
        raise Refused("invalid_auth")
    if slack.revoked:
        raise Refused("token_revoked")
    if (token == slack.app_token) is not method.app_level:
        raise Refused("not_allowed_token_type")
    return frozenset({"connections:write"}) if method.app_level else slack.scopes


def _checked(method: Method, found: dict[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(found) - set(method.arguments))
    wrong = [f"unsupported argument: {name}" for name in unknown]
    wrong += [
        f"missing required field: {name}"
        for name, one in method.arguments.items()
        if one.required and found.get(name) in (None, "") and name != "status"
    ]
    if wrong:
        raise Refused("invalid_arguments", *wrong)
    return {name: _value(name, method.arguments[name], value) for name, value in found.items()}


def _value(name: str, argument: Argument, value: Any) -> Any:
    match argument.kind:
        case "bool" if value in _TRUE or value in _FALSE:
            return value in _TRUE
        case "number" if str(value).isdecimal() and not isinstance(value, bool):
            return int(value)
        case "json":
            return _decoded(name, value)
        case "string" if isinstance(value, str):
            return value
    raise Refused("invalid_arguments", f"must be a {argument.kind}: {name}")


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        reason = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}
        raise Refused(reason.get(name, "invalid_arguments"), f"no JSON: {name}") from error
