"""Slack over HTTP: all that Slack sends gets in, and nothing that it did not sign, ever."""

from __future__ import annotations

import json
import random
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import aiohttp
import pytest

from bot.app.serving import hooks_of
from bot.errors import ConfigurationError, StoreBusy
from bot.settings import Settings
from tests.lengths import length
from tests.platforms.slack.bot import PIER_BULLET, PIER_URL, slack_bot
from tests.standins.slack import Message, events
from tests.standins.slack.http import signature

if TYPE_CHECKING:
    from pathlib import Path

    from tests.platforms.slack.bot import SlackBot

SEED = 20261124
MUTATIONS = length(2_000, 10_000)
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@asynccontextmanager
async def http_bot(folder: Path, **given: object):
    """Lend the bot, and a function that posts a body with headers to it."""
    async with slack_bot(folder, socket=False, **given) as bot, aiohttp.ClientSession() as client:
        address = f"http://{bot.web.address}/slack/events"

        async def send(body: bytes | str, headers: dict[str, str]) -> tuple[int, str]:
            async with client.post(address, data=body, headers=headers) as answer:
                return answer.status, await answer.text()

        yield bot, send


def signed(bot: SlackBot, body: str, kind: str = JSON, *, at: float | None = None, **more: str):
    stamp = str(int(time.time() if at is None else at))
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(bot.slack.signing_secret, stamp, body),
        **more,
    }


def asks(bot: SlackBot, *, text: str = f"<@U0BRIEF> <{PIER_URL}>") -> str:
    """Put a message into the workspace, and return its event's body, which goes nowhere yet."""
    place = bot.slack.place
    channel = place.channel("general")
    one = Message(ts=place.ts(), channel=channel.id, user="U0ADA", text=text)
    channel.messages[one.ts] = one
    return json.dumps(events.callback(place, events.said(place, one), channel))


def commands(text: str) -> str:
    return urlencode(
        {
            "team_id": "T0TEAM",
            "channel_id": "C0GENERAL",
            "channel_name": "general",
            "user_id": "U0ADA",
            "command": "/brief",
            "text": text,
            "trigger_id": "1.2.three",
        }
    )


async def test_all_that_slack_sends_gets_in(tmp_path: Path):
    async with http_bot(tmp_path) as (bot, _):
        assert await bot.slack.verifies()
        ts = await bot.says("ada", f"@briefbot {PIER_URL}")  # an event
        (post,) = bot.posts()
        assert post.thread == ts
        assert PIER_BULLET in "\n".join(bot.seen())
        bot.slack.commands("ada", "general", "/brief", "list")  # a command
        await bot.idle()
        (listed,) = [one for one in bot.slack.messages("general") if one.only_to == "U0ADA"]
        assert "pier" in listed.text.lower()
        bot.slack.presses("ada", "general", post.ts, "briefbot:proof")  # a button
        await bot.idle()
        proof = bot.slack.modal("ada")
        assert proof is not None
        bot.slack.closes("ada", proof.id)
        bot.slack.opens_home("ada")
        await bot.idle()
        bot.slack.presses("ada", "", bot.slack.home("ada").id, "briefbot:settings")
        await bot.idle()
        form = bot.slack.modal("ada")
        bot.slack.submits("ada", form.id)  # a form
        await bot.idle()
        assert form.closed
        assert not form.errors


async def test_a_retry_is_answered_and_acts_once(tmp_path: Path):
    async with http_bot(tmp_path) as (bot, send):
        body = asks(bot)
        for number in range(4):
            again = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"}
            headers = signed(bot, body, at=time.time() + number, **again if number else {})
            assert await send(body, headers) == (200, "")
        await bot.idle()
        assert len(bot.posts()) == 1


async def test_an_event_comes_again_until_it_was_acked(tmp_path: Path):
    async with http_bot(tmp_path, redeliver_after=0.3) as (bot, _):
        bot.slack.faults.lose_acks(2)
        await bot.says("ada", f"@briefbot {PIER_URL}")
        assert bot.slack.faults.counts["lost_ack"] == 2
        assert len(bot.posts()) == 1


async def test_the_same_request_acts_once(tmp_path: Path):
    async with http_bot(tmp_path) as (bot, send):
        body = commands("settings bullets 3")
        headers = signed(bot, body, FORM)
        status, said = await send(body, headers)
        assert status == 200
        assert said
        for kind in (FORM, JSON, "text/plain"):
            assert await send(body, {**headers, "Content-Type": kind}) == (200, "")


async def test_what_could_not_be_stored_is_not_acked_and_comes_again(tmp_path: Path, monkeypatch):
    @asynccontextmanager
    async def away():
        raise StoreBusy("the store")
        yield

    async with http_bot(tmp_path) as (bot, send):
        body = asks(bot)
        headers = signed(bot, body)
        with monkeypatch.context() as broken:
            broken.setattr(bot.store, "begin", away)
            assert (await send(body, headers))[0] == 500
            assert (await send(body, headers))[0] == 500  # not taken for one that was answered
        assert (await send(body, headers))[0] == 200


async def test_nothing_that_slack_did_not_sign_gets_in(tmp_path: Path):
    chance = random.Random(SEED)  # noqa: S311 - mutations, not secrets
    async with http_bot(tmp_path) as (bot, send):
        right = [
            (asks(bot), JSON),
            (asks(bot, text=f"<{PIER_URL}>"), JSON),
            (commands("settings bullets 3"), FORM),
            (json.dumps({"type": "url_verification", "challenge": "c" * 20}), JSON),
            ("ssl_check=1&token=x", FORM),
        ]
        accepted = []
        for number in range(MUTATIONS):
            body, kind = chance.choice(right)
            what, sent, headers = mutated(chance, bot, body.encode(), kind)
            status, said = await send(sent, headers)
            if status != 401 or said:
                accepted.append(f"seed {SEED}, {number}: {what}: {status} {said}")
        await bot.idle()
        assert accepted == []
        assert bot.posts() == []
        assert await bot.store.open_events(after=0, limit=1) == []
        assert (await bot.store.kept(channel_of(bot))).mentions == 0
        status, _ = await send(right[0][0], signed(bot, right[0][0]))
        assert status == 200, "the unmutated one should get in"


def mutated(chance: random.Random, bot: SlackBot, body: bytes, kind: str):
    """Return what was done to a request, its body and its headers."""
    headers = signed(bot, body.decode(), kind)
    mark, stamp = headers["X-Slack-Signature"], headers["X-Slack-Request-Timestamp"]
    what = chance.choice(list(_MUTATIONS))
    changed = _MUTATIONS[what](chance, bot, body, mark, stamp)
    body = changed.pop("body", body)
    headers |= {_NAMES[name]: value for name, value in changed.items()}
    return what, body, {name: value for name, value in headers.items() if value is not None}


_NAMES = {"mark": "X-Slack-Signature", "stamp": "X-Slack-Request-Timestamp"}


def _flipped(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def _flipped_text(chance: random.Random, text: str) -> str:
    while True:
        found = _flipped(chance, text.encode()).decode("latin-1")
        if found != text and found.strip() and found.isprintable():
            return found


def _moved(chance, _bot, _body, _mark, stamp):
    """It is signed rightly, for another moment than it says."""
    return {"stamp": str(int(stamp) + chance.choice([-1, 1]) * chance.randint(1, 299))}


def _stale(chance, bot, body, _, stamp):
    other = str(int(stamp) + chance.choice([-1, 1]) * chance.randint(302, 10**6))
    return {"stamp": other, "mark": signature(bot.slack.signing_secret, other, body.decode())}


def _odd_stamp(chance, bot, body, _, stamp):
    """The moment is signed rightly, but no number as Slack writes them."""
    odd = ("", "now", f"{stamp}.0", f"+{stamp}", f"0x{int(stamp):x}", "1e9", f"-{stamp}", "9" * 400)
    other = chance.choice([*odd, stamp.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))])
    return {"stamp": other, "mark": signature(bot.slack.signing_secret, other, body.decode())}


def _odd_mark(chance, _bot, _body, mark, _stamp):
    digits = mark.removeprefix("v0=")
    odd = (
        "",
        digits,
        f"v1={digits}",
        f"V0={digits}",
        f"sha256={digits}",
        f"v0:{digits}",
        f"v0={digits.upper()}",
        f"v0={digits[:-1]}",
        f"v0={digits}0",
        f"v0={digits},v0={digits}",
        "v0=",
        f"v0={'é' * 64}",
        f"v0={'0' * 64}",
    )
    return {"mark": chance.choice([one for one in odd if one != mark])}


def _other_secret(chance, _bot, body, _mark, stamp):
    secret = chance.choice(["x", "signing-secret-of-the-stand-im", "xoxb-stand-in"])
    return {"mark": signature(secret, stamp, body.decode())}


def _longer(chance, _bot, body, _mark, _stamp):
    more = chance.choice([b" ", b"\n", b"\0", b"&payload=%7B%7D", b"\xef\xbb\xbf", b"{}"])
    return {"body": chance.choice([body + more, more + body, body * 2])}


_MUTATIONS = {
    "a bit of the body": lambda c, _b, body, _m, _s: {"body": _flipped(c, body)},
    "a bit of the signature": lambda c, _b, _o, mark, _s: {"mark": _flipped_text(c, mark)},
    "a bit of the moment": lambda c, _b, _o, _m, stamp: {"stamp": _flipped_text(c, stamp)},
    "another moment": _moved,
    "a stale moment": _stale,
    "an odd moment": _odd_stamp,
    "an odd signature": _odd_mark,
    "another secret": _other_secret,
    "a longer body": _longer,
    "a shorter body": lambda c, _b, body, _m, _s: {"body": body[: c.randrange(len(body))]},
    "no signature": lambda *_: {"mark": None},
    "no moment": lambda *_: {"stamp": None},
    "neither": lambda *_: {"mark": None, "stamp": None},
}


async def test_what_is_too_long_is_not_read(tmp_path: Path):
    async with http_bot(tmp_path) as (_, send):
        assert (await send(b"x" * 1_000_001, {"Content-Type": JSON}))[0] == 413
        assert (await send(b"x" * 1_000_000, {"Content-Type": JSON}))[0] == 401


def test_over_http_something_has_to_be_listened_on():
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "x"}
    settings = Settings(**tokens, listen="off")
    with pytest.raises(ConfigurationError):
        hooks_of(settings, [])


def channel_of(bot: SlackBot):
    from bot.platforms.slack.events import channel_of as of  # noqa: PLC0415 - one use

    return of(bot.slack.place.team, "C0GENERAL")
