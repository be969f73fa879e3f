"""When a post may go out."""

import itertools
from collections import Counter

import pytest

from bot.errors import Throttled
from bot.platforms.matrix.pace import Pace


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def sent(pace, clock, waiting, seconds):
    """Let everybody who waits ask as often as he is told; return who sent when, in order."""
    due = dict.fromkeys(waiting, clock.now)
    end = clock.now + seconds
    done = []
    while due and clock.now < end:
        one = min(due, key=due.get)
        clock.now = max(clock.now, due[one])
        wait = pace.wait(*one)
        if wait == 0:
            done.append((one, clock.now))
            del due[one]
        else:
            due[one] = clock.now + wait
    return done


class Server:
    """Lets so many events through at once, and then one in so many seconds, as Synapse does."""

    def __init__(self, clock, *, every=5.0, burst=10):
        self.clock, self.every, self.burst = clock, every, burst
        self.level, self.seen = 0.0, clock.now
        self.refusals = 0

    def take(self):
        now = self.clock.now
        self.level = max(0.0, self.level - (now - self.seen) / self.every)
        self.seen = now
        if self.level > self.burst - 1:
            self.refusals += 1
            raise Throttled("matrix", (self.level - self.burst + 1) * self.every)
        self.level += 1


def taken(pace, server, waiting, seconds):
    """Have everybody who waits send to a server, again where it refuses; return who sent when."""
    clock = server.clock
    due = dict.fromkeys(waiting, clock.now)
    end = clock.now + seconds
    done = []
    while due and clock.now < end:
        one = min(due, key=due.get)
        clock.now = max(clock.now + 0.01, due[one])
        wait = pace.wait(*one)
        if not wait:
            try:
                with pace.kept(in_turn=True):
                    server.take()
                done.append((one, clock.now))
                del due[one]
                continue
            except Throttled as error:
                wait = error.after
        due[one] = clock.now + wait
    return done


def test_it_is_learned_how_far_apart_posts_must_be():
    clock = Clock()
    server = Server(clock)
    done = taken(Pace(clock), server, [("!a", str(n)) for n in range(40)], 1000)
    assert len(done) == 40
    assert server.refusals <= 8
    assert done[-1][1] - done[0][1] <= 31 * 5 * 1.1  # hardly slower than the server lets us


def test_once_the_server_refuses_no_more_we_are_soon_as_fast_as_we_can_be():
    clock = Clock()
    server = Server(clock)
    pace = Pace(clock)
    first = taken(pace, server, [("!a", f"limited {n}") for n in range(20)], 1000)
    server.burst = 1_000_000
    began = clock.now
    later = taken(pace, server, [("!a", f"free {n}") for n in range(100)], 1000)
    assert (len(first), len(later)) == (20, 100)
    assert later[-1][1] - began <= 100


def test_what_is_not_a_post_does_not_make_us_faster():
    clock = Clock()
    pace = Pace(clock)
    pace.refused(5.0)
    for _ in range(50):
        with pace.kept():
            clock.now += 0.1
    clock.now += 1
    assert pace.wait("!a", "1") == 0
    assert pace.wait("!a", "2") == pytest.approx(5.0)


def test_until_the_server_asks_us_to_wait_everything_goes_out_at_once():
    pace = Pace(Clock())
    assert [pace.wait("!a", str(n)) for n in range(100)] == [0.0] * 100


def test_after_a_refusal_posts_keep_as_far_apart_as_the_server_said():
    clock = Clock()
    pace = Pace(clock)
    pace.refused(5.0)
    done = sent(pace, clock, [("!a", str(n)) for n in range(6)], 60)
    times = [at for _, at in done]
    assert len(times) == 6
    assert all(later - sooner >= 5.0 for sooner, later in itertools.pairwise(times))
    assert times[0] >= 105.0


def test_a_room_with_one_post_does_not_wait_for_a_room_with_fifty():
    clock = Clock()
    pace = Pace(clock)
    pace.refused(1.0)
    many = [("!many", str(n)) for n in range(50)]
    done = sent(pace, clock, [*many, ("!one", "x")], 100)
    assert [one for one, _ in done].index(("!one", "x")) <= 2


def test_rooms_take_turns():
    clock = Clock()
    pace = Pace(clock)
    pace.refused(1.0)
    waiting = [(f"!{room}", str(n)) for room in "abcde" for n in range(6)]
    done = sent(pace, clock, waiting, 200)
    assert len(done) == 30
    for count in (5, 10, 15, 20):  # nobody is ever more than one ahead
        so_far = Counter(room for (room, _), _ in done[:count])
        assert max(so_far.values()) - min(so_far.get(f"!{r}", 0) for r in "abcde") <= 1


def test_posts_of_a_room_keep_their_order():
    clock = Clock()
    pace = Pace(clock)
    pace.refused(1.0)
    done = sent(pace, clock, [("!a", str(n)) for n in range(9)], 100)
    assert [key for (_, key), _ in done] == [str(n) for n in range(9)]


def test_who_does_not_come_for_his_turn_holds_up_nobody_for_long():
    clock = Clock()
    pace = Pace(clock)
    pace.refused(1.0)
    assert pace.wait("!a", "taken back") > 0
    done = sent(pace, clock, [("!b", "x")], 100)
    assert done
    assert done[0][1] <= 100 + 40


def test_after_a_while_without_posts_we_are_free_again():
    clock = Clock()
    pace = Pace(clock)
    pace.refused(5.0)
    clock.now += 70
    assert [pace.wait("!a", str(n)) for n in range(5)] == [0.0] * 5
