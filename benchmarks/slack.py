"""Slack under load: how soon events are acknowledged while a slow model writes.

The real `briefbot serve` in a workspace of the tests' stand-in, over Socket Mode; the model takes
two seconds an answer. The workspace is in this process, the bot, the model and the news site are
processes of their own.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import time
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks import tables
from benchmarks.floors import floors
from benchmarks.loads import quantile, spread
from benchmarks.processes import Process, module, taken
from benchmarks.program import executable
from tests.standins.slack import SlackServer
from tests.standins.slack.inviting import bring_in

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Iterator, Sequence

    Figures = dict[str, float]

TASKS = ("slack",)
RESULTS = Path(__file__).with_name("results")
_PEOPLE = ("ada", "bob")
_CHANNELS = 20
_LINKS_EACH = 50  # below what a channel lets be briefed unasked in an hour
_SLOW = {"behaviour": "slow", "delay": 2.0}
_QUESTION = "@briefbot How many weeks will it close?"
_WARM_UP = 4
_A_WHILE = 6.0  # seconds; more than a model takes twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of everything: events a second, for how long, at once; questions."""

    rate: float
    seconds: float
    burst: int
    questions: int


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how much is done."""
    for name, kind, usual, said in (
        ("rate", float, 50, "events a second"),
        ("seconds", float, 60, "for how long"),
        ("burst", int, 200, "events at once"),
        ("questions", int, 5, "questions beside the flood"),
        ("rounds", int, 1, "how often all of it is done; the medians count"),
    ):
        parser.add_argument(f"--slack-{name}", type=kind, default=usual, metavar="N", help=said)


def measure(options: argparse.Namespace) -> list[str]:
    """Measure what was asked for; return which figures are under their floors, and how."""
    if "slack" not in options.only:
        return []
    sizes = Sizes(
        rate=options.slack_rate,
        seconds=options.slack_seconds,
        burst=options.slack_burst,
        questions=options.slack_questions,
    )
    rounds = []
    for number in range(options.slack_rounds):
        tables.note(
            f"slack: round {number + 1}, the machine's load is {os.getloadavg()[0]:.1f} ..."
        )
        rounds.append(asyncio.run(_round(sizes)))
    figures = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    bounds = floors("slack", "load")
    tables.quality("slack under load", {"serve": figures}, bounds, versus=None)
    RESULTS.mkdir(exist_ok=True)
    report = {"sizes": asdict(sizes), "medians": figures, "rounds": rounds}
    (RESULTS / "slack.json").write_text(json.dumps(report, indent=2) + "\n", "utf-8")
    return [f"slack, {figure}: {what}" for figure, what in bounds.missed(figures).items()]


async def _round(sizes: Sizes) -> Figures:
    load = os.getloadavg()[0]
    async with _workspace() as place:
        asked = await place.questions(sizes.questions)
        burst = await place.burst(sizes.burst)
        beside = await place.questions(sizes.questions)
        burst |= await place.burst_worked_off()
        held = await place.held(sizes.rate, sizes.seconds)
        return {
            **held,
            **burst,
            "question in peace, s": statistics.median(asked),
            "question beside the flood, s": statistics.median(beside),
            **place.wrong(),
            "memory at end, MB": taken([place.bot.pid]).memory,
            "load at start": load,
        }


class _Place:
    """A workspace whose people talk a lot; `bot` is the process in it."""

    def __init__(self, slack: SlackServer, bot: Process, site: str) -> None:
        self.slack, self.bot, self._site = slack, bot, site
        self._numbers = count(1)
        self._read = 0
        self._root = ""

    async def settle_in(self) -> None:
        wide = ("briefs_per_hour 60", "questions_per_hour 500")
        loud = [f"loud-{number}" for number in range(_CHANNELS)]
        slack = self.slack
        await bring_in(slack, loud, people=_PEOPLE, wishes=("mode automatic", *wide))
        await bring_in(slack, ["quiet"], people=_PEOPLE, wishes=("mode mention", *wide))
        self._root = slack.says("ada", "quiet", f"@briefbot {self._link()}")
        for number in range(_WARM_UP):
            slack.says("ada", loud[number], self._link())
        await self._answered("quiet", self._root, 1)
        await self._idle()
        self._lines()

    def _link(self) -> str:
        return f"http://{self._site}/story/{next(self._numbers)}"

    async def questions(self, number: int) -> list[float]:
        """Ask one after the other; return the seconds until each was answered."""
        found = []
        for _ in range(number):
            posts = len(self.slack.place.channel("quiet").replies(self._root))
            began = time.monotonic()
            self.slack.says("bob", "quiet", _QUESTION, thread=self._root)
            await self._answered("quiet", self._root, posts + 2)
            found.append(time.monotonic() - began)
        return found

    async def burst(self, number: int) -> Figures:
        """Say so many links at once."""
        before = len(self.slack.deliveries.all)
        for one in range(number):
            self.slack.says("ada", f"loud-{one % _CHANNELS}", self._link())
        sent = self.slack.deliveries.all[before:]
        await self.slack.settled(within=60)
        acks = [one.acked_at - one.at for one in sent if one.acked]
        return {
            **spread("burst: event to ack, ms", acks, factor=1000),
            "burst: not acked": number - len(acks),
        }

    async def burst_worked_off(self) -> Figures:
        """Wait until all is done; return how much of it was done at a time."""
        await self._idle()
        return {"burst: jobs at a time": _most_at_once(self._lines())}

    async def held(self, rate: float, seconds: float) -> Figures:
        """Say so much a second: a part of it links that are briefed, the rest talk and others'."""
        before, began = len(self.slack.deliveries.all), time.monotonic()
        late = []
        for number in range(int(rate * seconds)):
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            late.append(time.monotonic() - due)
            self._say(number)
        took = time.monotonic() - began
        sent = list(self.slack.deliveries.all[before:])
        await self.slack.settled(within=60)
        acks = [one.acked_at - one.at for one in sent if one.acked]
        again = sum(one.attempts - 1 for one in sent)
        return {
            "held: events/s": len(sent) / took,  # with the echoes of our own posts
            **spread("held: event to ack, ms", acks, factor=1000),
            "held: worst ack, ms": 1000 * max(acks),
            "held: not acked": len(sent) - len(acks),
            "held: delivered again": again,
            "held: said late, p99, ms": 1000 * quantile(late, 0.99),
            "held: jobs at a time": _most_at_once(self._lines()),
        }

    def _say(self, number: int) -> None:
        channel = f"loud-{number % _CHANNELS}"
        briefed = number // _CHANNELS % 3 == 0 and number // _CHANNELS // 3 < _LINKS_EACH // 2
        if briefed:
            self.slack.says("ada", channel, f"Look: {self._link()}")
        elif number % 2:
            self.slack.says("bob", channel, "See you at lunch, then.")
        else:
            self.slack.says("bob", "quiet", f"Somebody else's: {self._link()}")

    def wrong(self) -> Figures:
        """Return what was said twice, and what was complained of."""
        keys = [
            one.metadata["event_payload"]["key"]
            for channel in self.slack.place.channels.values()
            for one in channel.messages.values()
            if one.metadata
        ]
        return {"said twice": len(keys) - len(set(keys)), "complaints": len(self.slack.complaints)}

    # --- parts ---

    async def _answered(self, channel: str, thread: str, posts: int) -> None:
        place = self.slack.place.channel(channel)
        await self.slack.until(lambda: len(place.replies(thread)) >= posts, within=120)

    async def _idle(self) -> None:
        """Wait until nothing has been posted for a while."""
        before, now = -1, self._posted()
        while before != now:
            await asyncio.sleep(_A_WHILE)
            before, now = now, self._posted()

    def _posted(self) -> int:
        return sum(1 for call in self.slack.calls if call.method.startswith("chat."))

    def _lines(self) -> list[dict[str, Any]]:
        """Return what the bot has logged since this was asked before."""
        with self.bot.log.open("rb") as file:
            file.seek(self._read)
            text = file.read()
        end = text.rfind(b"\n") + 1
        self._read += end
        return list(_parsed(text[:end].splitlines()))


def _parsed(lines: Sequence[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.startswith(b"{"):
            yield json.loads(line)


def _most_at_once(lines: Sequence[dict[str, Any]]) -> int:
    """Return how many events were worked on at a time at most."""
    under_way: set[str] = set()
    most = 0
    for line in sorted(lines, key=lambda line: datetime.fromisoformat(line["time"])):
        if line["event"] == "begun":
            under_way.add(line["trace"])
            most = max(most, len(under_way))
        elif line["event"] in ("answered", "ended", "taken_back", "event_failed"):
            under_way.discard(line.get("trace", ""))
    return most


@asynccontextmanager
async def _workspace() -> AsyncIterator[_Place]:
    with TemporaryDirectory(prefix="briefbot-bench-") as made:
        folder, processes = Path(made), []

        def start(name: str, *command: str, **given: Any) -> Process:
            process = Process(command, data=folder / "data", log=folder / f"{name}.log", **given)
            processes.append(process)
            return process

        try:
            slow = ("--control", json.dumps(_SLOW))
            model = start("model", *module("tests.standins.model", *slow)).first_text()
            site = f"127.0.0.1:{start('site', *module('tests.standins.site')).first_line()['port']}"
            async with SlackServer(seed=1, trigger_life=60) as slack:
                settings = _settings(slack, model, site)
                bot = start("serve", executable(), "serve", settings=settings)
                place = _Place(slack, bot, site)
                await place.settle_in()
                yield place
                await asyncio.to_thread(bot.stop)
        finally:
            for process in processes:
                process.kill()


def _settings(slack: SlackServer, model: str, site: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.url,
        "OPENAI_BASE_URL": model,
        "OPENAI_MODEL": "stand-in",
        "BRIEFBOT_MODEL_TOKENS_A_DAY": "1000000000",
        "BRIEFBOT_MODEL_CHANNEL_SHARE": "100",
        "BRIEFBOT_FETCH_ALLOW_HOSTS": site,
        "BRIEFBOT_LISTEN": "off",
        "BRIEFBOT_LOG_FORMAT": "json",
    }
