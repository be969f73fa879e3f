"""`briefbot serve` and `briefbot worker` as processes, between a chat server and a news site."""

import asyncio
import json
import re
import signal
import sqlite3
import sys
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.terminal.exits import Exit
from tests.e2e.conftest import Cli, Ran, environment
from tests.e2e.test_terminal import TEXT
from tests.standins.chat import Chat
from tests.standins.site import Site

pytestmark = pytest.mark.timeout(120)

CANARY = "zyxqvcanary"


class Bot:
    """A process of the program; `lines` are what it has logged so far."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process = process
        self._log = log

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process.returncode is None

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8")

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.splitlines()]

    def said(self, happened: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] == happened]

    @property
    def address(self) -> str:
        return str(self.said("serving")[0]["address"])

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; return the exit code, negative for a signal. It must not take long."""
        self.process.send_signal(number)
        async with asyncio.timeout(10):
            return await self.process.wait()


class Place:
    """Starts the program in one data folder."""

    def __init__(self, folder: Path, chat: Chat, site: Site) -> None:
        self.folder, self.chat, self.site = folder, chat, site
        self.more: dict[str, str] = {}
        self._numbers = count()
        self._started: list[Bot] = []

    @property
    def environment(self) -> dict[str, str]:
        return {
            **environment(self.folder / "data"),
            "BRIEFBOT_LOOPBACK_URL": self.chat.url,
            "BRIEFBOT_FETCH_ALLOW_HOSTS": self.site.host,
            "BRIEFBOT_LISTEN": "127.0.0.1:0",
            "BRIEFBOT_LOG_FORMAT": "json",
            "BRIEFBOT_POST_TIMEOUT": "1",
            "BRIEFBOT_POST_GRACE": "0.5",
            **self.more,
        }

    async def until(self, reached: Callable[[], object]) -> None:
        """Wait for something to come true, on however busy a machine."""
        await self.chat.until(reached, within=30)

    async def start(self, *arguments: str) -> Bot:
        """Start it and wait until it serves."""
        bot = await self.begin(*arguments)
        await self.until(lambda: bot.said("serving") or not bot.running)
        assert bot.running, bot.log
        return bot

    async def begin(self, *arguments: str) -> Bot:
        log = self.folder / f"{next(self._numbers)}.log"
        with log.open("w") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                *(arguments or ("serve",)),
                cwd=self.folder,
                env=self.environment,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=errors,
            )
        self._started.append(Bot(process, log))
        return self._started[-1]

    async def end(self) -> None:
        for bot in self._started:
            if bot.running:
                bot.process.kill()
                await bot.process.wait()
            assert "Traceback" not in bot.log

    def link(self, number: int) -> str:
        return f"http://{self.site.host}/story/{number}"

    def rows(self, query: str) -> list[Any]:
        path = self.folder / "data" / "briefbot.db"
        with closing(sqlite3.connect(path, timeout=10)) as connection:
            return connection.execute(query).fetchall()

    def traces(self, word: str) -> list[str]:
        """Return which files of the store hold a word, whatever its case."""
        return [
            one.name
            for one in (self.folder / "data").rglob("*")
            if one.is_file() and word.encode() in one.read_bytes().lower()
        ]


@asynccontextmanager
async def beginning(folder: Path) -> AsyncIterator[Place]:
    async with Chat(seed=1, retry_after=0.1) as chat, Site() as site:
        place = Place(folder, chat, site)
        try:
            yield place
        finally:
            await place.end()
        assert chat.outbox.violations == []


@pytest.fixture
async def place(tmp_path: Path) -> AsyncGenerator[Place]:
    async with beginning(tmp_path) as begun:
        yield begun


Typed = Callable[..., Awaitable[Ran]]


@pytest.fixture
def typed(cli: Cli) -> Typed:
    """Run a command in a thread, so that the chat server of this test goes on."""

    async def run(*arguments: str, **given: Any) -> Ran:
        return await asyncio.to_thread(cli, *arguments, **given)

    return run


async def answered(place: Place, *keys: str) -> list[str]:
    """Wait until these events are answered; return the text of each one's post."""
    posts = place.chat.posts
    await place.until(lambda: all(posts.answers.get(key) for key in keys))
    return [posts.answers[key][0].text for key in keys]


def each_once(place: Place) -> None:
    state = place.chat.state()
    assert state["duplicates"] == state["answered_twice"] == {}
    assert state["unprompted"] == []


# --- what is said and answered ----------------------------------------------------------------


async def test_links_are_briefed_and_questions_answered_in_their_threads(place: Place) -> None:
    await place.start()
    chat = place.chat
    chat.say(f"Look: {place.link(7)}", key="e1")
    gone = f"http://{place.site.host}/nowhere"
    chat.say(f"{place.link(8)}\n{gone}", key="e2")
    one, both = await answered(place, "e1", "e2")
    assert "Town7" in one
    assert "Town8" in both
    assert "nowhere" in both
    chat.say("How many weeks will it close?", key="e3", thread="m-e1", mentions_us=False)
    (answer,) = await answered(place, "e3")
    assert "close for 9 weeks" in answer
    assert len(chat.posts.all) == 3
    assert {key: chat.posts.answers[key][0].thread for key in ("e1", "e2", "e3")} == {
        "e1": "m-e1",
        "e2": "m-e2",
        "e3": "m-e1",
    }
    each_once(place)


async def test_what_is_not_for_us_leaves_nothing(place: Place) -> None:
    bot = await place.start()
    place.chat.say(f"Who is the {CANARY} of it?", key="e1", thread="theirs", mentions_us=False)
    place.chat.say(f"I read {place.link(3)} {CANARY}", key="e2", mentions_us=False)
    place.chat.say(f"Look: {place.link(7)}", key="e3")
    await answered(place, "e3")
    await place.until(lambda: place.chat.outbox.acked == 3)
    assert len(place.chat.posts.all) == 1
    assert place.rows("SELECT key FROM events") == [("e3",)]
    assert place.traces(CANARY) == []
    assert CANARY not in bot.log


async def test_an_event_delivered_again_is_answered_once(place: Place) -> None:
    place.chat.change(duplicate=1.0)
    bot = await place.start()
    for number in range(3):
        place.chat.say(f"Look: {place.link(number)}", key=f"e{number}")
    await answered(place, "e0", "e1", "e2")
    events = place.chat.outbox.events
    await place.until(lambda: all(one.deliveries > 1 for one in events))
    assert await bot.stop() == Exit.DONE
    again = await place.start()
    place.chat.say(f"Look: {place.link(9)}", key="e9")
    await answered(place, "e9")
    assert len(place.chat.posts.all) == 4
    each_once(place)
    assert await again.stop() == Exit.DONE


# --- stopping and starting --------------------------------------------------------------------


async def test_what_was_under_way_when_it_was_stopped_is_finished_by_the_next(
    place: Place,
) -> None:
    place.site.delay = 1.5
    bot = await place.start()
    keys = [f"e{number}" for number in range(20)]
    for number, key in enumerate(keys):
        place.chat.say(f"Look: {place.link(number)}", key=key)
    await place.until(lambda: place.chat.posts.all)
    assert await bot.stop() == Exit.DONE
    done = len(place.chat.posts.all)
    assert 0 < done < 20
    assert bot.said("stopped")
    place.site.delay = 0.0
    await place.start()
    await answered(place, *keys)
    assert len(place.chat.posts.all) == 20
    each_once(place)


async def test_it_is_stopped_at_once_when_there_is_nothing_to_do(place: Place) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        bot = await place.start()
        assert await bot.stop(number) == Exit.DONE
        assert [line["event"] for line in bot.lines][-1] == "stopped"


async def test_a_second_one_on_the_same_store_is_told_who_has_it(place: Place) -> None:
    first = await place.start()
    second = await place.begin()
    assert await asyncio.wait_for(second.process.wait(), 30) == Exit.TAKEN
    sentence = second.log.splitlines()[-1]
    assert str(first.pid) in sentence
    assert str(place.folder / "data" / "briefbot.db") in sentence
    place.chat.say(f"Look: {place.link(1)}", key="e1")
    await answered(place, "e1")
    assert len(place.chat.posts.all) == 1


# --- what the operator sees -------------------------------------------------------------------


async def get(bot: Bot, path: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://{bot.address}{path}") as response,
    ):
        return response.status, await response.text()


def figures(text: str, name: str) -> float:
    """Return the sum of all series of a counter."""
    return sum(
        float(value)
        for value in re.findall(rf"^{name}_total(?:{{.*}})? (\S+)$", text, re.MULTILINE)
    )


async def test_health_readiness_and_figures(place: Place) -> None:
    bot = await place.start()
    await place.until(lambda: place.chat.outbox.socket)
    assert await get(bot, "/healthz") == (200, '{"status": "ok"}')
    status, parts = await get(bot, "/readyz")
    assert (status, json.loads(parts)) == (
        200,
        {"ready": True, "parts": {"store": True, "loopback": True}},
    )
    for number in range(4):
        place.chat.say(f"Look: {place.link(number)}", key=f"e{number}")
    place.chat.say("list", key="e4")
    await answered(place, *(f"e{number}" for number in range(5)))
    await place.until(lambda: len(bot.said("ended")) == 5)
    _, text = await get(bot, "/metrics")
    assert figures(text, "briefbot_accepted") == figures(text, "briefbot_ended") == 5
    assert figures(text, "briefbot_pages_read") == 4
    waiting = re.compile(r"^briefbot_queue_jobs{.*} [1-9]", re.MULTILINE)
    async with asyncio.timeout(20):  # the jobs end a moment after their events
        while waiting.search((await get(bot, "/metrics"))[1]):  # noqa: ASYNC110 - as below
            await asyncio.sleep(0.05)
    place.chat.cut(60)
    async with asyncio.timeout(20):
        while (await get(bot, "/readyz"))[0] != 503:  # noqa: ASYNC110 - another process's state
            await asyncio.sleep(0.05)
    assert json.loads((await get(bot, "/readyz"))[1])["parts"] == {"store": True, "loopback": False}
    assert (await get(bot, "/healthz"))[0] == 200


async def test_every_line_is_json_with_its_event_s_trace_and_nobody_s_words(place: Place) -> None:
    bot = await place.start()
    place.chat.say(f"Look: {place.link(7)} {CANARY}", key="e1")
    await answered(place, "e1")
    place.chat.say(f"What of the {CANARY}?", key="e2", thread="m-e1")
    place.chat.say(f"http://{place.site.host}/{CANARY}", key="e3")
    place.chat.change(refused=["C2"])
    place.chat.say(f"Look: {place.link(8)} {CANARY}", key="e4", channel="C2")
    await answered(place, "e2", "e3")
    await place.until(lambda: len(bot.said("ended")) == 4)
    assert await bot.stop() == Exit.DONE
    told: dict[str, list[str]] = defaultdict(list)
    for line in bot.lines:
        assert {"time", "level", "event"} <= line.keys()
        if "trace" in line:
            told[line["trace"]].append(line["event"])
    traces = dict(place.rows("SELECT key, trace FROM events"))
    assert told == {
        traces["e1"]: ["accepted", "begun", "read", "answered", "ended"],
        traces["e2"]: ["accepted", "begun", "answered", "ended"],
        traces["e3"]: ["accepted", "begun", "read", "answered", "ended"],
        traces["e4"]: ["accepted", "begun", "read", "answered", "post_rejected", "ended"],
    }
    for word in (CANARY, "town7", "slates", "weeks", place.site.host, "ada"):
        assert word not in bot.log.lower()


async def test_a_post_that_was_refused_is_listed_and_tried_again(
    place: Place, typed: Typed
) -> None:
    place.chat.change(refused=["C1"])
    bot = await place.start()
    place.chat.say(f"Look: {place.link(7)}", key="e1")
    await place.until(lambda: bot.said("ended"))
    listed = await typed("jobs")
    assert listed.code == Exit.DONE
    (first, waiting) = listed.out.splitlines()
    assert "no_such_channel" in first
    assert "briefbot jobs retry 1" in first
    assert waiting == "Waiting: 0 questions, 0 briefs, 0 posts."
    (letter,) = [json.loads(line) for line in (await typed("jobs", "--json")).out.splitlines()]
    assert {**letter, "since": "", "failures": 0} == {
        "number": 1,
        "platform": "loopback",
        "workspace": "W1",
        "channel": "C1",
        "thread": "m-e1",
        "since": "",
        "state": "failed",
        "reason": "no_such_channel",
        "failures": 0,
    }
    assert (await typed("jobs", "retry", "2")).code == Exit.NOTHING_STORED
    assert (await typed("jobs", "show", "1")).out.count("\n") == 1
    place.chat.change(refused=[])
    again = await typed("jobs", "retry", "1")
    assert again.out.startswith("1 job put back")
    assert "Town7" in (await answered(place, "e1"))[0]
    await place.until(lambda: len(bot.said("ended")) == 2)
    assert (await typed("jobs")).out.startswith("Nothing failed.")
    assert (await typed("jobs", "retry", "1")).code == Exit.NOTHING_STORED
    each_once(place)


# --- settings ---------------------------------------------------------------------------------


async def test_settings_that_do_not_fit_get_one_sentence(place: Place, typed: Typed) -> None:
    async def refused(*arguments: str, **env: str) -> str:
        ran = await typed(*arguments, **env)
        assert ran.code == Exit.SETTINGS
        (sentence,) = ran.err.splitlines()
        return str(sentence)

    loopback = {"BRIEFBOT_LOOPBACK_URL": place.chat.url}
    assert "SLACK_BOT_TOKEN" in await refused("serve")
    taken = f"127.0.0.1:{place.chat.port}"
    assert f"{taken} is taken" in await refused("serve", BRIEFBOT_LISTEN=taken, **loopback)
    for arguments in (("worker",), ("serve", "--front-end-only")):
        assert "PostgreSQL" in await refused(*arguments, **loopback)
    assert "BRIEFBOT_LOOPBACK_URL" in await refused("serve", BRIEFBOT_LOOPBACK_URL="ftp://x")


# --- beside it --------------------------------------------------------------------------------


async def test_commands_work_beside_it(place: Place, typed: Typed, tmp_path: Path) -> None:
    await place.start()
    for number in range(10):
        place.chat.say(f"Look: {place.link(number)}", key=f"e{number}")
    assert (await typed("brief", "-", stdin=TEXT)).code == Exit.DONE
    assert "Night ferry" in (await typed("list")).out
    backup = await typed("backup", str(tmp_path / "backup.tar"))
    assert backup.code == Exit.DONE
    assert (await typed("forget", "1")).code == Exit.DONE
    assert (await typed("list")).out == "Nothing was briefed yet.\n"
    restored = await typed("restore", str(tmp_path / "backup.tar"))
    assert restored.code == Exit.TAKEN
    await answered(place, *(f"e{number}" for number in range(10)))
    assert (await typed("doctor", "--quiet")).code == Exit.DONE
    each_once(place)


# --- several processes ------------------------------------------------------------------------


@pytest.fixture
async def shared(tmp_path: Path, empty_postgres_url: str) -> AsyncGenerator[Place]:
    """A place on PostgreSQL."""
    async with beginning(tmp_path) as begun:
        begun.more = {"DATABASE_URL": empty_postgres_url}
        yield begun


@pytest.mark.postgres
async def test_what_a_killed_worker_had_is_done_by_the_other(shared: Place) -> None:
    place = shared
    await place.start("serve", "--front-end-only")
    first, second = await asyncio.gather(place.start("worker"), place.start("worker"))
    place.site.delay = 0.3
    keys = [f"e{number}" for number in range(30)]
    for number, key in enumerate(keys):
        place.chat.say(f"Look: {place.link(number)}", key=key)
    await place.until(lambda: len(place.chat.posts.all) >= 5)
    assert await first.stop(signal.SIGKILL) == -signal.SIGKILL
    await answered(place, *keys)
    each_once(place)
    assert len(place.chat.posts.all) == 30
    assert second.said("answered")


@pytest.mark.postgres
async def test_a_rolling_restart_loses_nothing(shared: Place) -> None:
    place = shared
    front = await place.start("serve", "--front-end-only")
    workers = list(await asyncio.gather(place.start("worker"), place.start("worker")))
    place.site.delay = 0.3
    keys = [f"e{number}" for number in range(40)]
    said = iter(enumerate(keys))

    def say(count: int) -> None:
        for _ in range(count):
            number, key = next(said)
            place.chat.say(f"Look: {place.link(number)}", key=key)

    say(15)
    await place.until(lambda: place.chat.posts.all)
    for turn in range(2):
        say(5)
        assert await workers[turn].stop() == Exit.DONE
        workers[turn] = await place.start("worker")
    assert await front.stop() == Exit.DONE
    say(10)  # while nobody listens
    await place.start("serve", "--front-end-only")
    say(5)
    await answered(place, *keys)
    each_once(place)
    assert len(place.chat.posts.all) == 40
    for worker in workers:
        assert await worker.stop() == Exit.DONE
