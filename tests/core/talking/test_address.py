"""What is for us, and what is kept of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.talking.address import Concern, concern, queue_of, thread_of
from bot.core.talking.listen import Links, understand
from bot.model import (
    Channel,
    ChannelSettings,
    Commanded,
    Deleted,
    Edited,
    Incoming,
    Joined,
    Message,
    Mode,
    Posted,
    Pressed,
    Queue,
    Reacted,
    Removed,
    Standing,
    Thread,
    Upload,
    Workspace,
)
from tests.store.samples import NOON

CHANNEL = Channel(workspace=Workspace(platform="slack", id="T1"), id="news")
THREAD = Thread(channel=CHANNEL, id="7")
LINK = "https://news.example/harbour"
QUESTION = "When does the harbour open?"
FILE = Upload(name="a.pdf", media_type="application/pdf", size=9, handle="F1")

MESSAGE = Message(thread=THREAD, id="m1", author="ada", text=LINK, sent_at=NOON)


def said(text: str, *, us: bool = False, direct: bool = False) -> Posted:
    return Posted(key="e1", message=replace(MESSAGE, text=text), mentions_us=us, direct=direct)


def reacted(text: str = LINK, reaction: str = "newspaper") -> Reacted:
    return Reacted(key="e1", message=replace(MESSAGE, text=text), who="bob", reaction=reaction)


def standing(mode: Mode = Mode.MENTION, *, ours: bool = False, most: int = 5) -> Standing:
    settings = ChannelSettings(mode=mode, links_per_message=most)
    return Standing(settings=settings, ours=ours, backlog=0)


def kept(incoming: Incoming, where: Standing) -> str:
    """Return the text that is kept of what is for us."""
    found = concern(incoming, where)
    assert found is not None
    assert isinstance(found.incoming, Posted | Reacted)
    return found.incoming.message.text


# --- when we speak ---------------------------------------------------------------------------

OFF, MENTION, REACTION, AUTOMATIC = Mode.OFF, Mode.MENTION, Mode.REACTION, Mode.AUTOMATIC


@pytest.mark.parametrize(
    ("text", "modes", "ours"),
    [
        (LINK, {AUTOMATIC}, {AUTOMATIC}),
        (f"look at {LINK} everyone", {AUTOMATIC}, {AUTOMATIC}),
        (QUESTION, set(), {MENTION, REACTION, AUTOMATIC}),
        ("Thanks, that helps.", set(), set()),
        ("list", set(), set()),
        ("/serach tea", set(), set()),
        ("word " * 200, set(), set()),
        ("", set(), set()),
    ],
)
def test_when_we_speak_though_nobody_named_us(text: str, modes: set[Mode], ours: set[Mode]) -> None:
    assert {mode for mode in Mode if concern(said(text), standing(mode))} == modes
    assert {mode for mode in Mode if concern(said(text), standing(mode, ours=True))} == ours


@pytest.mark.parametrize(
    "text", [LINK, QUESTION, "Thanks, that helps.", "list", "/serach tea", "word " * 200]
)
@pytest.mark.parametrize("ours", [False, True])
def test_who_names_us_is_heard_unless_we_are_off(text: str, ours: bool) -> None:
    heard = {mode for mode in Mode if concern(said(text, us=True), standing(mode, ours=ours))}
    assert heard == {MENTION, REACTION, AUTOMATIC}


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("text", [LINK, QUESTION, "list", "/serach tea"])
def test_who_speaks_to_us_alone_is_always_heard(text: str, mode: Mode) -> None:
    assert concern(said(text, direct=True), standing(mode)) is not None


@pytest.mark.parametrize("mode", Mode)
def test_a_command_is_always_heard(mode: Mode) -> None:
    command = Commanded(key="e1", thread=THREAD, who="ada", text="settings", at=NOON)
    assert concern(command, standing(mode)) == Concern(
        incoming=command, thread=THREAD, message="", queue=Queue.QUESTIONS
    )


@pytest.mark.parametrize("text", ["", "  \n "])
def test_being_named_without_a_word_is_nothing(text: str) -> None:
    assert concern(said(text, us=True), standing()) is None
    assert concern(said(text, direct=True), standing()) is None


def test_a_file_needs_no_words_but_our_name() -> None:
    with_file = replace(said("", us=True), message=replace(MESSAGE, text="", uploads=(FILE,)))
    found = concern(with_file, standing())
    assert found is not None
    assert found.incoming == with_file
    assert concern(replace(with_file, mentions_us=False), standing(AUTOMATIC)) is None


@pytest.mark.parametrize("reaction", ["newspaper", "📰", "rolled_up_newspaper", "🗞️", "🗞"])
def test_a_newspaper_under_a_link_is_a_request(reaction: str) -> None:
    heard = {mode for mode in Mode if concern(reacted(reaction=reaction), standing(mode))}
    assert heard == {REACTION, AUTOMATIC}


@pytest.mark.parametrize(
    "given", [reacted(reaction="+1"), reacted(QUESTION), reacted(""), reacted("word " * 200)]
)
def test_any_other_reaction_is_not(given: Reacted) -> None:
    assert concern(given, standing(AUTOMATIC, ours=True)) is None


@pytest.mark.parametrize(
    "given",
    [
        Edited(key="e1", message=MESSAGE),
        Deleted(key="e1", thread=THREAD, message_id="m1"),
        Pressed(key="e1", thread=THREAD, who="ada", action="proof", value="1"),
        Joined(key="e1", channel=CHANNEL, inviter="ada"),
        Removed(key="e1", channel=CHANNEL),
    ],
)
def test_nothing_is_kept_of_what_we_do_not_answer(given: Incoming) -> None:
    assert thread_of(given) is None
    assert concern(given, standing(AUTOMATIC, ours=True)) is None


def test_what_is_answered_is_answered_in_its_thread() -> None:
    command = Commanded(key="e1", thread=THREAD, who="ada", text="list", at=NOON)
    for one in (said(LINK, us=True), reacted(), command):
        assert thread_of(one) == THREAD
        found = concern(one, standing(REACTION))
        assert found is not None
        assert found.thread == THREAD
        assert found.message == ("" if one is command else "m1")


# --- what is kept ----------------------------------------------------------------------------


def test_of_chatter_around_links_only_the_links_are_kept() -> None:
    text = f"Ada told me in private: {LINK} is by her brother (www.example.org/b)."
    assert kept(said(text), standing(AUTOMATIC)) == f"{LINK} https://www.example.org/b"
    assert kept(reacted(text), standing(AUTOMATIC)) == f"{LINK} https://www.example.org/b"


def test_what_was_asked_beside_links_is_kept() -> None:
    assert kept(said(f"{LINK} who paid for it?"), standing(AUTOMATIC)) == f"{LINK} who paid for it?"


def test_no_more_links_are_kept_than_are_read() -> None:
    text = " and ".join(f"https://news.example/{number}" for number in range(9))
    for most in (1, 3):
        assert kept(said(text), standing(AUTOMATIC, most=most)).split() == [
            f"https://news.example/{number}" for number in range(most)
        ]
    assert kept(reacted(text), standing(REACTION, most=1)) == "https://news.example/0"


@pytest.mark.parametrize("text", [QUESTION, "list", "brief " + LINK, "word " * 200])
def test_what_is_said_to_us_is_kept_as_it_was_said(text: str) -> None:
    assert kept(said(text, us=True), standing()) == text


def test_only_the_text_of_what_is_kept_changes() -> None:
    given = said(f"Psst: {LINK}", us=True)
    found = concern(given, standing())
    assert found == Concern(
        incoming=replace(given, message=replace(given.message, text=LINK)),
        thread=THREAD,
        message="m1",
        queue=Queue.BRIEFS,
    )


slugs = st.lists(
    st.sampled_from(["the", "old", "harbour", "opens", "2026"]), min_size=1, max_size=9
)
addresses = st.builds(
    lambda host, slug: f"https://{host}.example/{'-'.join(slug)}",
    st.sampled_from(["news", "www.post"]),
    slugs,
)
chatter = st.lists(st.sampled_from(["look", "at", "this,", "ada!", "\n"]), max_size=4)


@given(
    st.lists(st.tuples(chatter, addresses), min_size=1, max_size=8),
    st.sampled_from(["", " who paid for it?"]),
    st.integers(1, 8),
)
def test_what_is_kept_says_the_same(
    parts: list[tuple[list[str], str]], question: str, most: int
) -> None:
    text = " ".join(" ".join((*before, address)) for before, address in parts) + question
    whole = understand(text)
    if not isinstance(whole, Links):
        return
    again = understand(kept(said(text, us=True), standing(most=most)))
    assert again == replace(whole, urls=whole.urls[:most])


def test_a_link_that_begins_as_another_leaves_nothing_of_it_in_the_question() -> None:
    whole = understand(f"{LINK} {LINK}-two who paid for it?")
    assert whole == Links(urls=(LINK, f"{LINK}-two"), question="who paid for it?")


def test_many_long_links_are_no_pasted_text() -> None:
    text = " ".join(
        f"https://news.example/2026/03/what-the-council-said-about-the-old-harbour-{number}"
        for number in range(5)
    )
    assert isinstance(understand(kept(said(text), standing(AUTOMATIC))), Links)


# --- where it waits --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "queue"),
    [
        (LINK, Queue.BRIEFS),
        (f"{LINK} who paid for it?", Queue.BRIEFS),
        ("word " * 200, Queue.BRIEFS),
        (f"brief {LINK}", Queue.BRIEFS),
        (QUESTION, Queue.QUESTIONS),
        ("list", Queue.QUESTIONS),
        ("/serach tea", Queue.QUESTIONS),
    ],
)
def test_reading_does_not_hold_up_questions(text: str, queue: Queue) -> None:
    given = said(text, us=True)
    found = concern(given, standing())
    assert found is not None
    command = Commanded(key="e1", thread=THREAD, who="ada", text=text, at=NOON)
    assert [found.queue, queue_of(given), queue_of(found.incoming), queue_of(command)] == [
        queue
    ] * 4


def test_what_cannot_be_read_waits_with_the_briefs() -> None:
    assert queue_of(None) is Queue.BRIEFS
    assert queue_of(reacted()) is Queue.BRIEFS
