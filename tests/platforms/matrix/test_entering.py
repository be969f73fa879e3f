"""Coming into rooms where the server lets us do so now and then only."""

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace

from bot.errors import Throttled
from bot.platforms.matrix.entering import Entering
from bot.platforms.matrix.invites import Invitation
from bot.platforms.matrix.noted import Noted
from bot.platforms.matrix.pace import Pace
from tests.fakes.store import FakeStore
from tests.fakes.telemetry import FakeTelemetry

ROOMS = ["!a:x", "!b:x", "!c:x"]


class Server:
    """Knows who is in which room; refuses the first so many times."""

    def __init__(self, *, refuses=0, after=0.0):
        self.asked, self.inside = [], set()
        self.refuses, self.after = refuses, after
        self.news = asyncio.Event()

    async def post(self, path, _body):
        room = path.partition("/join/")[2].replace("%21", "!").replace("%3A", ":")
        self.asked.append(room)
        self.news.set()
        if self.refuses:
            self.refuses -= 1
            raise Throttled("matrix", self.after)
        self.inside.add(room)
        return {}

    async def until(self, check):
        async with asyncio.timeout(10):
            while not check():
                self.news.clear()
                await self.news.wait()


@asynccontextmanager
async def entering(server, *, pace=None):
    """Invite us into all rooms; whoever is in a room is not known to be before the next sync."""
    cipher = SimpleNamespace(rooms=SimpleNamespace(knows=lambda _room: False))
    session = SimpleNamespace(user="@bot:x", server="x", calls=server, cipher=cipher)
    noted = Noted(FakeStore(), "matrix:@bot:x", FakeTelemetry())

    for room in ROOMS:
        invitation = Invitation(room=room, inviter="@ann:x")
        noted.put(invitation.note, invitation.text())
    await noted.store()
    pace = pace or Pace(asyncio.get_running_loop().time)
    one = Entering(session, noted, allowed=(), telemetry=FakeTelemetry(), pace=pace)
    running = asyncio.create_task(one.run())
    try:
        yield one
    finally:
        running.cancel()
        await asyncio.wait([running])


async def ring(one, times=20):
    """Sync so often."""
    for _ in range(times):
        one.go_on()
        await asyncio.sleep(0)


async def test_a_room_that_we_joined_is_not_joined_again_with_each_sync():
    server = Server()
    async with entering(server) as one:
        await server.until(lambda: len(server.inside) == len(ROOMS))
        await ring(one)
    assert server.asked == ROOMS


async def test_a_server_that_refuses_is_not_asked_again_before_its_time():
    server = Server(refuses=3, after=60.0)
    async with entering(server) as one:
        await server.until(lambda: len(server.asked) == len(ROOMS))
        await ring(one)
    assert server.asked == ROOMS
    assert not server.inside


async def test_after_that_time_we_come_in():
    server = Server(refuses=3, after=0.01)
    async with entering(server):
        await server.until(lambda: len(server.inside) == len(ROOMS))
    assert server.inside == set(ROOMS)


async def test_where_posts_wait_for_their_turn_so_does_coming_in():
    server = Server()
    pace = Pace(asyncio.get_running_loop().time)
    pace.refused(60.0)
    async with entering(server, pace=pace) as one:
        await ring(one)
    assert server.asked == []


async def test_being_refused_to_come_in_does_not_slow_down_posts():
    server = Server(refuses=3, after=60.0)
    pace = Pace(asyncio.get_running_loop().time)
    async with entering(server, pace=pace):
        await server.until(lambda: len(server.asked) == len(ROOMS))
    assert pace.wait("!a:x", "a post") == 0
