"""That nothing goes into a room in the open that is encrypted, or becomes so; and what is found."""

import asyncio
import json
from types import SimpleNamespace

import pytest

from bot.app.matrix import words
from bot.core.talking import layout
from bot.errors import NotSent, PlatformError, Rejected
from bot.model import Channel, Sign, Thread, Workspace
from bot.platforms.matrix.matrix import Matrix
from bot.platforms.matrix.receiving import Manner
from bot.platforms.matrix.sending import MARK, Sending
from bot.platforms.matrix.signs import Signs
from tests.fakes.clock import FakeClock
from tests.fakes.telemetry import FakeTelemetry
from tests.platforms.matrix.fake import ROOM, US, event, session

SECRET = "the harbour closes at nine"  # noqa: S105 - a canary
STATE = "/state/m.room.encryption/"
CONTENT = {
    "msgtype": "m.notice",
    "body": SECRET,
    "m.relates_to": {"rel_type": "m.thread", "event_id": "$root"},
}
EDIT = {**CONTENT, "m.new_content": {"body": SECRET}}
ENCRYPTED = {"algorithm": "m.megolm.v1.aes-sha2"}
NONE = Rejected("matrix", "M_NOT_FOUND")


@pytest.fixture
def here():
    return session()


def in_the_open(here):
    return [path for path, body in here.calls.put_in if SECRET in json.dumps(body)]


def known(here):
    here.cipher.rooms.encrypted.add(ROOM)
    here.calls.answers[STATE] = NONE  # a server that says otherwise changes nothing


def told(here):
    here.calls.answers[STATE] = ENCRYPTED


def told_oddly(here):
    here.calls.answers[STATE] = {}


def switched_on_between_posts(here):
    here.calls.answers[STATE] = [NONE, ENCRYPTED]


def switched_on_while_asked(here):
    def answer():
        here.cipher.rooms.encrypted.add(ROOM)
        return NONE

    here.calls.answers[STATE] = answer


def unknown(here):
    here.calls.answers[STATE] = NotSent("matrix", "away")


def forbidden(here):
    here.calls.answers[STATE] = Rejected("matrix", "M_FORBIDDEN")


def nonsense(here):
    here.calls.answers[STATE] = Rejected("matrix", "M_UNRECOGNIZED")


@pytest.mark.parametrize(
    "how", [known, told, told_oddly, switched_on_while_asked, unknown, forbidden, nonsense]
)
@pytest.mark.parametrize("content", [CONTENT, EDIT])
async def test_what_is_or_may_be_encrypted_gets_nothing_in_the_open(here, how, content):
    how(here)
    try:
        await Sending(here).message(ROOM, content, txn="t")
    except PlatformError:
        assert here.calls.put_in == []
    assert in_the_open(here) == []
    assert all("/send/m.room.encrypted/" in path for path, _ in here.calls.put_in)


async def test_encryption_that_comes_between_two_posts_counts_from_then_on_for_ever(here):
    switched_on_between_posts(here)
    sending = Sending(here)
    await sending.message(ROOM, CONTENT, txn="1")
    await sending.message(ROOM, CONTENT, txn="2")
    known(here)
    await sending.message(ROOM, CONTENT, txn="3")
    assert [path.rpartition("/")[2] for path in in_the_open(here)] == ["1"]


async def test_posts_at_once_are_each_encrypted(here):
    told(here)
    sending = Sending(here)
    await asyncio.gather(*(sending.message(ROOM, CONTENT, txn=str(one)) for one in range(20)))
    assert len(here.calls.put_in) == 20
    assert in_the_open(here) == []


async def test_a_room_that_we_left_meanwhile_gets_nothing(here):
    known(here)
    here.cipher.rooms.leave(ROOM)
    with pytest.raises(Rejected):
        await Sending(here).message(ROOM, CONTENT, txn="t")
    assert here.calls.put_in == []


async def test_signs_say_nothing_of_what_is_worked_on(here):
    known(here)
    signs = Signs(here)

    for sign in (Sign.WORKING, Sign.WORKING, Sign.REFUSED):
        await signs.show(ROOM, "$about", "$message", sign)
    bodies = [body for _, body in here.calls.put_in]
    assert not any("body" in json.dumps(body) for body in bodies)


@pytest.mark.parametrize("answer", [{}, {"event_id": 5}, {"event_id": None}, {"errcode": "M_X"}])
async def test_an_answer_without_an_event_is_no_post(here, answer):
    here.calls.answers[STATE] = NONE

    async def put(*_args, **_kind):
        return answer

    here.calls.put = put
    with pytest.raises(PlatformError):
        await Sending(here).message(ROOM, CONTENT, txn="t")


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"chunk": 5},
        {"chunk": ["x", 5, None, {}]},
        {"chunk": [{**event(sender=US), "content": "x", "unsigned": 5}]},
        {"chunk": [], "end": ["x"]},
    ],
)
async def test_a_page_of_nonsense_has_no_post_of_ours(here, page):
    here.calls.answers["/messages"] = page
    assert await Sending(here).find(ROOM, "", "t") is None


async def test_only_what_we_sent_is_ours(here):
    theirs = event("m.room.encrypted", event_id="$theirs", **{MARK: "t"})
    ours = {**event(sender=US, event_id="$ours"), "unsigned": {"transaction_id": "t"}}
    here.calls.answers["/messages"] = {"chunk": [theirs, ours]}
    assert await Sending(here).find(ROOM, "", "t") == "$ours"


async def test_a_post_outlives_that_we_were_logged_out(here):
    """What a server refuses for good is given up; that it knows us no more is no such thing."""
    here.calls.answers[STATE] = Rejected("matrix", "M_UNKNOWN_TOKEN")
    matrix = Matrix(
        None,
        notes=None,
        words=words("!brief"),
        prefix="!brief",
        manner=Manner(),
        clock=FakeClock(),
        telemetry=FakeTelemetry(),
    )
    matrix._open = SimpleNamespace(session=here, sending=Sending(here))
    matrix._opening.set()
    thread = Thread(channel=Channel(workspace=Workspace(platform="matrix", id="x"), id=ROOM), id="")
    with pytest.raises(NotSent):
        await matrix.post(thread, layout.said("x"), key="k")
    here.calls.answers[STATE] = Rejected("matrix", "M_FORBIDDEN")
    with pytest.raises(Rejected):
        await matrix.post(thread, layout.said("x"), key="k")
