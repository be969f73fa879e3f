"""Where Slack knocks: Bolt checks who it is, what is said is stored, then it is acknowledged.

Bolt acknowledges an event before its listeners run, so all is done in a middleware: what raises
there is not acknowledged, and Slack delivers it again.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse

from bot.errors import PlatformError, Rejected
from bot.model import (
    Channel,
    Control,
    Filled,
    Form,
    Room,
    ShowHome,
    ShowProof,
    ShowSettings,
    ShowWhy,
    ShowWrong,
    Workspace,
)
from bot.platforms.slack import blocks, events, views
from bot.platforms.slack.order import Order, told
from bot.platforms.slack.pressing import is_ours, pressed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.model import Incoming, Wish
    from bot.platforms.slack.calls import Calls
    from bot.platforms.slack.events import Ourselves
    from bot.platforms.slack.words import Words
    from bot.ports import Desk

    Json = Mapping[str, Any]

_AT_ONCE = 64
_ROOMS = 1000
_NOT_INSIDE = frozenset({"channel_not_found", "not_in_channel"})
_DIALOGS: Mapping[Control, type[ShowProof | ShowWhy | ShowWrong]] = {
    Control.PROOF: ShowProof,
    Control.WHY: ShowWhy,
    Control.WRONG: ShowWrong,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Takes in what Slack delivers, over whichever transport.

    `receipt` is what a command is answered with that takes work, `uninvited` what we say where a
    command or shortcut reaches us from a channel that we are not in, and can't post to.
    """

    us: Ourselves
    calls: Calls
    words: Words
    receipt: str
    uninvited: str
    now: Callable[[], datetime]
    accept: Callable[[Incoming], Awaitable[None]]
    desk: Desk
    order: Order = field(default_factory=Order)

    def app(self, client: AsyncWebClient, *, signing_secret: str | None) -> AsyncApp:
        """Return a Bolt app all of whose requests come here. Without a secret, over a socket."""
        places = asyncio.Semaphore(_AT_ONCE)

        async def authorize(**_: object) -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None,
                team_id=self.us.team,
                bot_user_id=self.us.user,
                bot_id=self.us.bot,
                bot_token=client.token,
            )

        async def door(body: dict[str, Any], **_: object) -> BoltResponse:
            if _team_of(body) not in (None, self.us.team):
                app.logger.warning("an event of another workspace was left aside")
                return BoltResponse(status=200, body="")
            async with places:
                answer = await self.answer(body)
            return BoltResponse(status=200, body="" if answer is None else json.dumps(answer))

        app = AsyncApp(
            client=client,
            authorize=authorize,
            signing_secret=signing_secret,
            request_verification_enabled=signing_secret is not None,
            ssl_check_enabled=False,  # would answer what nobody signed
            ignoring_self_events_enabled=False,  # ours are told apart by more than Bolt looks at
        )
        app.use(door)
        return app

    async def answer(self, body: Json) -> Json | None:
        """Do what a request asks for; return what goes back with the acknowledgement, if anything.

        Raises BriefbotError where it could not be taken in.
        """
        if "command" in body:
            return await self._command(body)
        kind = body.get("type")
        if kind == "view_submission":
            return await self._filled(body)
        if kind == "event_callback":
            await self._event(body)
        elif kind == "block_actions":
            await self._pressed(body)
        elif kind == "message_action":
            await self._shortcut(body)
        return None

    async def _shortcut(self, body: Json) -> None:
        if await self._may_post(body["channel"]["id"]):
            await self.accept(events.shortcut(body, self.us))
        else:
            await self.calls.respond(body["response_url"], _alone(self.uninvited))

    async def _may_post(self, channel: str) -> bool:
        """Tell whether we are in a channel; taken for granted where Slack does not say."""
        try:
            found = await self.calls("conversations.info", channel=channel)
        except Rejected as error:
            return error.detail not in _NOT_INSIDE
        except PlatformError:
            return True
        return bool(found["channel"].get("is_member", True))

    async def _event(self, body: Json) -> None:
        inner = body["event"]
        if inner["type"] == "app_home_opened":
            if inner.get("tab") == "home":
                await self._publish_home(inner["user"])
            return
        incoming = events.event(body, self.us)
        if incoming is not None:
            async with self.order.turn(told(body)) as newest:
                if newest:
                    await self.accept(incoming)

    async def _command(self, body: Json) -> Json:
        commanded = events.command(body, self.us, self.now())
        post = await self.desk.command(commanded)
        if post is None:
            if not await self._may_post(body["channel_id"]):
                return _alone(self.uninvited)
            await self.accept(commanded)
            return _alone(self.receipt)
        drawn, text = blocks.message(post, self.words)
        return {**_alone(text), "blocks": drawn}

    async def _pressed(self, body: Json) -> None:
        for action in body.get("actions") or ():
            found = pressed(action)
            if found is None:
                if is_ours(action):
                    await self.accept(events.press(body, self.us, "", ""))
                continue
            control, about = found
            wish = self._wish(control, about, body)
            if wish is None:
                await self.accept(events.press(body, self.us, control, about))
            else:
                view = views.modal(await self.desk.show(wish), self.words)
                await self.calls("views.open", trigger_id=body["trigger_id"], view=view)

    def _wish(self, control: Control, about: str, body: Json) -> Wish | None:
        if control is Control.SETTINGS:
            where, _, name = about.partition("\n")
            room = Room(channel=self._channel(where), name=name)
            return ShowSettings(room=room, who=body["user"]["id"])
        dialog = _DIALOGS.get(control)
        number = about if about.isdecimal() else "0"
        if dialog is None:
            return None
        channel = self._channel((body.get("container") or {}).get("channel_id") or "")
        return dialog(channel=channel, number=int(number))

    def _channel(self, channel: str) -> Channel:
        return events.channel_of(self.us.team, channel)

    async def _filled(self, body: Json) -> Json | None:
        view, who = body["view"], body["user"]["id"]
        form = views.form_of(view)
        if form is None:
            return None
        wrong = await self.desk.fill(
            Filled(
                key=f"form:{view['id']}:{view.get('hash') or ''}",
                form=form,
                context=view.get("private_metadata") or "",
                who=who,
                values=views.filled(view),
            )
        )
        if wrong:
            return {"response_action": "errors", "errors": views.errors(wrong)}
        if form is Form.SETTINGS:
            await self._publish_home(who)
        return None

    async def _publish_home(self, who: str) -> None:
        rooms = await self._rooms_of(who)
        workspace = Workspace(platform=events.NAME, id=self.us.team)
        sheet = await self.desk.show(ShowHome(workspace=workspace, who=who, rooms=rooms))
        await self.calls("views.publish", user_id=who, view=views.home(sheet, self.words))

    async def _rooms_of(self, who: str) -> tuple[Room, ...]:
        """Return the channels that somebody shares with us."""
        ours = await self._conversations()
        his = await self._conversations(user=who)
        return tuple(
            Room(channel=self._channel(one), name=name) for one, name in his.items() if one in ours
        )

    async def _conversations(self, **of: str) -> dict[str, str]:
        """Return ids and names of the channels that we, or somebody, are in."""
        found: dict[str, str] = {}
        cursor: str | None = None
        while True:
            page = await self.calls(
                "users.conversations",
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=200,
                cursor=cursor,
                **of,
            )
            found |= {one["id"]: one.get("name") or one["id"] for one in page["channels"]}
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None or len(found) >= _ROOMS:
                return found


def _alone(text: str) -> dict[str, Any]:
    """Return an answer to a command or shortcut that only one person sees."""
    return {"response_type": "ephemeral", "text": text}


def _team_of(body: Json) -> str | None:
    team = body.get("team_id") or (body.get("team") or {}).get("id")
    return team if isinstance(team, str) else None
