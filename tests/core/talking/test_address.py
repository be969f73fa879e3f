"""What is for us, and what is kept of it."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.talking.address import (
    Concern,
    Passed,
    concern,
    is_stop,
    is_unasked,
    needs_platform,
    not_ignored,
    queue_of,
    thread_of,
)
from bot.core.talking.edits import as_posted
from bot.core.talking.listen import Links, understand
from bot.model import (
    Channel,
    ChannelSettings,
    Commanded,
    Control,
    Decision,
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
    Unreadable,
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
UNREADABLE = Unreadable(key="e1", thread=THREAD, message_id="m1", who="ada")


def said(text: str, *, us: bool = False, direct: bool = False) -> Posted:
    return Posted(key="e1", message=replace(MESSAGE, text=text), mentions_us=us, direct=direct)


def reacted(text: str = LINK, reaction: str = "newspaper") -> Reacted:
    return Reacted(key="e1", message=replace(MESSAGE, text=text), who="bob", reaction=reaction)


def standing(mode: Mode = Mode.MENTION, *, ours: bool = False, most: int = 5) -> Standing:
    settings = ChannelSettings(mode=mode, links_per_message=most)
    return Standing(settings=settings, ours=ours, backlog=0)


def kept(incoming: Incoming, where: Standing) -> str:
    """Return the text that is kept of what is for us."""
    found = heard(incoming, where)
    assert found is not None
    assert isinstance(found.incoming, Posted | Reacted | Edited)
    return found.incoming.message.text


def heard(incoming: Incoming, where: Standing) -> Concern | None:
    found = concern(incoming, where)
    return found if isinstance(found, Concern) else None


def decided(incoming: Incoming, where: Standing) -> Decision | None:
    """Return what is decided about its links; None where nothing is kept of it."""
    found = concern(incoming, where)
    return None if found is None else found.decision


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
    assert {mode for mode in Mode if heard(said(text), standing(mode))} == modes
    assert {mode for mode in Mode if heard(said(text), standing(mode, ours=True))} == ours


@pytest.mark.parametrize(
    "text", [LINK, QUESTION, "Thanks, that helps.", "list", "/serach tea", "word " * 200]
)
@pytest.mark.parametrize("ours", [False, True])
def test_who_names_us_is_heard_unless_we_are_off(text: str, ours: bool) -> None:
    modes = {mode for mode in Mode if heard(said(text, us=True), standing(mode, ours=ours))}
    assert modes == {MENTION, REACTION, AUTOMATIC}


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("text", [LINK, QUESTION, "list", "/serach tea"])
def test_who_speaks_to_us_alone_is_always_heard(text: str, mode: Mode) -> None:
    assert heard(said(text, direct=True), standing(mode)) is not None


@pytest.mark.parametrize("mode", Mode)
def test_a_command_is_always_heard(mode: Mode) -> None:
    command = Commanded(key="e1", thread=THREAD, who="ada", text="settings", at=NOON)
    assert concern(command, standing(mode)) == Concern(
        incoming=command, thread=THREAD, message="e1", queue=Queue.QUESTIONS
    )


@pytest.mark.parametrize("text", ["", "  \n "])
def test_without_a_word_only_our_name_is_heard(text: str) -> None:
    assert heard(said(text, us=True), standing()) is not None
    assert concern(said(text, us=True), standing(OFF)) is None
    assert concern(said(text, direct=True), standing()) is None


def test_a_file_needs_no_words_but_our_name() -> None:
    with_file = replace(said("", us=True), message=replace(MESSAGE, text="", uploads=(FILE,)))
    found = heard(with_file, standing())
    assert found is not None
    assert (found.incoming, found.queue) == (with_file, Queue.BRIEFS)
    shared = replace(with_file, mentions_us=False)
    assert {mode for mode in Mode if heard(shared, standing(mode))} == {AUTOMATIC}


@pytest.mark.parametrize("reaction", ["newspaper", "📰", "rolled_up_newspaper", "🗞️", "🗞"])
def test_a_newspaper_under_a_link_is_a_request(reaction: str) -> None:
    modes = {mode for mode in Mode if heard(reacted(reaction=reaction), standing(mode))}
    assert modes == {REACTION, AUTOMATIC}


@pytest.mark.parametrize("text", ["", "word " * 200])
def test_under_a_text_that_is_pasted_or_not_known_yet_it_is_too(text: str) -> None:
    assert heard(reacted(text), standing(REACTION)) is not None


@pytest.mark.parametrize(
    "given", [reacted(reaction="+1"), reacted(QUESTION), reacted("list"), reacted("/serach tea")]
)
def test_any_other_reaction_is_not(given: Reacted) -> None:
    assert concern(given, standing(AUTOMATIC, ours=True)) is None


@pytest.mark.parametrize("channel", [None, CHANNEL])
def test_being_put_out_is_answered_nowhere(channel: Channel | None) -> None:
    removed = Removed(key="e1", workspace=CHANNEL.workspace, channel=channel)
    assert thread_of(removed) is None
    assert concern(removed, standing(AUTOMATIC, ours=True)) is None


WHERE = [
    (said(LINK, us=True), "7", "m1"),
    (reacted(), "7", "m1"),
    (Edited(key="e1", message=MESSAGE), "7", "m1"),
    (Deleted(key="e1", thread=THREAD, message_id="m1"), "7", "m1"),
    (Commanded(key="e1", thread=THREAD, who="ada", text="list", at=NOON), "7", "e1"),
    (Pressed(key="e1", thread=THREAD, who="ada", action="shorter", value="1"), "7", ""),
    (Joined(key="e1", channel=CHANNEL, inviter="ada"), "e1", ""),
]


@pytest.mark.parametrize(("given", "thread", "message"), WHERE)
def test_what_is_answered_is_answered_in_its_thread(
    given: Incoming, thread: str, message: str
) -> None:
    found = heard(given, standing(REACTION))
    assert found is not None
    assert thread_of(given) == found.thread == Thread(channel=CHANNEL, id=thread)
    assert (found.message, found.incoming) == (message, given)


@pytest.mark.parametrize("mode", Mode)
def test_what_people_do_with_our_posts_is_heard_also_where_we_are_off(mode: Mode) -> None:
    for one, _, _ in WHERE[2:]:
        assert heard(one, standing(mode)) is not None


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
        decision=Decision.ASKED,
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
    found = heard(given, standing())
    assert found is not None
    command = Commanded(key="e1", thread=THREAD, who="ada", text=text, at=NOON)
    assert [found.queue, queue_of(given), queue_of(found.incoming), queue_of(command)] == [
        queue
    ] * 4


def test_what_cannot_be_read_waits_with_the_briefs() -> None:
    assert queue_of(None) is Queue.BRIEFS
    assert queue_of(reacted()) is Queue.BRIEFS


# --- what is decided -------------------------------------------------------------------------


def place(mode: Mode = AUTOMATIC, *, unasked: int = 0, **settings: Any) -> Standing:
    kept = ChannelSettings(mode=mode, **settings)
    return Standing(settings=kept, ours=False, backlog=0, unasked=unasked)


def posted(**given: Any) -> Posted:
    return replace(said(LINK), **given)


@pytest.mark.parametrize(
    ("given", "where", "decision"),
    [
        (posted(), place(), Decision.UNASKED),
        (posted(mentions_us=True), place(MENTION), Decision.ASKED),
        (posted(direct=True), place(OFF), Decision.ASKED),
        (reacted(), place(REACTION), Decision.ASKED),
        (posted(), place(REACTION), Decision.WAITS_FOR_REACTION),
        (posted(), place(MENTION), Decision.WAITS_FOR_MENTION),
        (posted(), place(OFF), Decision.CHANNEL_OFF),
        (posted(mentions_us=True), place(OFF), Decision.CHANNEL_OFF),
        (posted(), place(unasked=9), Decision.UNASKED),
        (posted(), place(unasked=10), Decision.TOO_MANY),
        (posted(), place(unasked=2, briefs_per_hour=2), Decision.TOO_MANY),
        (posted(mentions_us=True), place(unasked=99), Decision.ASKED),
        (reacted(), place(unasked=99), Decision.ASKED),
        (posted(), place(ignore="post.example example"), Decision.IGNORED_SITE),
        (posted(), place(ignore="news.example"), Decision.IGNORED_SITE),
        (posted(), place(ignore="ews.example old.news.example"), Decision.UNASKED),
        (posted(mentions_us=True), place(ignore="news.example"), Decision.ASKED),
        (reacted(), place(ignore="news.example"), Decision.ASKED),
        (posted(), place(REACTION, ignore="news.example"), Decision.WAITS_FOR_REACTION),
        (posted(bot=True), place(), Decision.BY_A_BOT),
        (posted(bot=True), place(REACTION, bots=True), Decision.BY_A_BOT),
        (posted(bot=True), place(bots=True), Decision.UNASKED),
        (posted(bot=True, mentions_us=True), place(), Decision.BY_A_BOT),
        (posted(bot=True, mentions_us=True), place(unasked=99, bots=True), Decision.TOO_MANY),
        (posted(outside=True), place(), Decision.OUTSIDERS),
        (posted(outside=True, mentions_us=True), place(), Decision.OUTSIDERS),
        (posted(outside=True, mentions_us=True), place(OFF), Decision.OUTSIDERS),
        (posted(outside=True), place(outsiders=True), Decision.UNASKED),
        (replace(reacted(), outside=True), place(), None),
        (replace(reacted(), outside=True, asked=True), place(), None),
        (replace(reacted(), outside=True), place(outsiders=True), Decision.ASKED),
        (replace(reacted(reaction=""), asked=True), place(OFF), Decision.ASKED),
        (reacted(), place(OFF), None),
    ],
)
def test_what_is_decided_about_links(
    given: Incoming, where: Standing, decision: Decision | None
) -> None:
    assert decided(given, where) is decision
    found = concern(given, where)
    assert isinstance(found, Concern) is (decision in {Decision.ASKED, Decision.UNASKED})
    if isinstance(found, Concern):
        assert found.unasked is (decision is Decision.UNASKED)


def test_of_links_that_nobody_asked_about_no_more_is_remembered_than_of_others() -> None:
    text = f"Ada told me in private: {LINK} is by her brother."
    assert concern(said(text), place(REACTION)) == Passed(
        decision=Decision.WAITS_FOR_REACTION, remembered=MESSAGE
    )


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("text", ["", QUESTION, "list", "/serach tea", "word " * 200])
def test_of_what_has_no_links_nothing_is_decided(text: str, mode: Mode) -> None:
    for one in (said(text), replace(said(text), outside=True), replace(said(text), bot=True)):
        assert concern(one, place(mode)) is None


def test_a_question_in_our_thread_is_of_the_one_who_is_called() -> None:
    ours = standing(ours=True)
    assert heard(said(QUESTION), ours) is not None
    assert heard(replace(said(QUESTION), calls=True), ours) is None
    assert heard(replace(said(QUESTION, us=True), calls=True), ours) is not None
    assert heard(replace(said(QUESTION), bot=True), ours) is None
    assert heard(replace(said(QUESTION, us=True), bot=True), ours) is None
    assert heard(replace(said(QUESTION), outside=True), ours) is None


def test_a_question_does_not_count_as_a_brief_that_nobody_asked_for() -> None:
    found = heard(said(QUESTION), standing(AUTOMATIC, ours=True))
    assert found is not None
    assert (found.unasked, found.decision) == (False, None)


def test_a_file_that_is_shared_waits_as_a_link_does() -> None:
    shared = replace(said("the minutes"), message=replace(MESSAGE, text="", uploads=(FILE,)))
    assert decided(shared, place(REACTION)) is Decision.WAITS_FOR_REACTION
    assert decided(shared, place(unasked=10)) is Decision.TOO_MANY
    assert decided(shared, place(ignore="a.pdf")) is Decision.UNASKED


sites = st.sampled_from(["news.example", "post.example", "a.news.example", "example.org"])
bools = st.booleans()


@given(
    st.builds(posted, mentions_us=bools, direct=bools, bot=bools, outside=bools, calls=bools),
    st.builds(
        place,
        st.sampled_from(Mode),
        unasked=st.integers(0, 20),
        ignore=st.lists(sites).map(" ".join),
        bots=bools,
        outsiders=bools,
    ),
)
def test_a_link_is_always_decided_about_and_a_quieter_channel_hears_no_more(
    given_one: Posted, where: Standing
) -> None:
    assert decided(given_one, where) is not None
    quieter = replace(where, settings=replace(where.settings, mode=OFF))
    assert (heard(given_one, quieter) is None) is not given_one.direct
    if heard(given_one, where) is None:
        busier = replace(where, unasked=where.unasked + 1)
        assert heard(given_one, busier) is None


@given(st.lists(sites, max_size=4), st.lists(sites, max_size=3))
def test_an_ignored_site_takes_its_subdomains_along(hosts: list[str], ignored: list[str]) -> None:
    urls = tuple(f"https://{host}/{place}" for place, host in enumerate(hosts))
    left = not_ignored(urls, ChannelSettings(ignore=" ".join(ignored)))
    assert left == tuple(
        url
        for url, host in zip(urls, hosts, strict=True)
        if not any(host == one or host.endswith(f".{one}") for one in ignored)
    )


def test_of_several_links_those_of_ignored_sites_are_left_out() -> None:
    other = "https://post.example/a"
    ignoring = place(ignore="news.example")
    assert kept(said(f"{LINK} {other} who paid for it?"), ignoring) == f"{other} who paid for it?"
    assert kept(said(LINK, us=True), ignoring) == LINK


def test_what_was_changed_is_kept_no_longer_than_it_takes() -> None:
    text = f"Ada told me in private: {LINK} is by her brother."
    assert kept(Edited(key="e1", message=replace(MESSAGE, text=text)), place(OFF)) == LINK


@given(bools, bools, bools, bools, bools)
def test_a_message_that_was_changed_is_as_one_said_now(us, direct, bot, outside, calls) -> None:
    how = {"mentions_us": us, "direct": direct, "bot": bot, "outside": outside, "calls": calls}
    assert as_posted(Edited(key="e1", message=MESSAGE, before="x", **how)) == posted(**how)


def test_who_asked() -> None:
    assert is_unasked(posted())
    assert is_unasked(Edited(key="e1", message=MESSAGE))
    for asked in (posted(mentions_us=True), posted(direct=True), reacted(), None):
        assert not is_unasked(asked)


@pytest.mark.parametrize("text", ["stop", "/stop", "!stop", "Stop"])
def test_stop_is_said_or_commanded(text: str) -> None:
    assert is_stop(said(text))
    assert is_stop(Commanded(key="e1", thread=THREAD, who="ada", text=text, at=NOON))


@pytest.mark.parametrize(
    "given", [said("stop it"), said("/sto"), said(LINK), reacted("stop"), WHERE[5][0]]
)
def test_anything_else_stops_nothing(given: Incoming) -> None:
    assert not is_stop(given)


@pytest.mark.parametrize(
    ("action", "queue"),
    [
        (Control.DELETE, Queue.QUESTIONS),
        (Control.STRIKE, Queue.QUESTIONS),
        (Control.RETRY, Queue.QUESTIONS),
        (Control.SHORTER, Queue.BRIEFS),
        (Control.LONGER, Queue.BRIEFS),
        ("unheard of", Queue.BRIEFS),
    ],
)
def test_what_is_quickly_done_waits_for_no_brief(action: str, queue: Queue) -> None:
    assert queue_of(Pressed(key="e", thread=THREAD, who="a", action=action, value="1")) is queue


@pytest.mark.parametrize(
    ("given", "needs"),
    [
        (said(LINK), False),
        (said(f"{LINK} who paid for it?"), False),
        (said("word " * 200), False),
        (said(QUESTION), False),
        (said(f"brief {LINK}"), False),
        (said(f"ask {QUESTION}"), False),
        (said("settings mode off"), True),
        (said("forget mine"), True),
        (said("/serach tea"), True),
        (said("", us=True), True),
        (replace(said(LINK), message=replace(MESSAGE, uploads=(FILE,))), True),
        (reacted(), False),
        (reacted(QUESTION), False),
        (reacted(""), True),
        (replace(reacted(), message=replace(MESSAGE, uploads=(FILE,))), True),
        (Commanded(key="e1", thread=THREAD, who="ada", text=QUESTION, at=NOON), False),
        (Commanded(key="e1", thread=THREAD, who="ada", text="list", at=NOON), True),
        (Edited(key="e1", message=MESSAGE), True),
        (Deleted(key="e1", thread=THREAD, message_id="m1"), True),
        (Pressed(key="e1", thread=THREAD, who="ada", action="shorter", value="1"), True),
        (Joined(key="e1", channel=CHANNEL, inviter="ada"), True),
        (UNREADABLE, True),
        (None, False),
    ],
)
def test_what_takes_more_of_a_platform_than_to_be_posted(
    given: Incoming | None, needs: bool
) -> None:
    assert needs_platform(given) is needs


def test_what_could_not_be_decrypted_waits_for_no_brief() -> None:
    assert queue_of(UNREADABLE) is Queue.QUESTIONS


def test_welcomes_and_deletions_wait_for_no_brief() -> None:
    assert [queue_of(one) for one, _, _ in WHERE] == [
        *[Queue.BRIEFS] * 3,
        *[Queue.QUESTIONS] * 2,
        Queue.BRIEFS,
        Queue.QUESTIONS,
    ]


# --- what cannot be read ---------------------------------------------------------------------

SEALED = Unreadable(key="e1", thread=THREAD, message_id="m1", who="ada")


@pytest.mark.parametrize(
    ("direct", "ours", "modes"),
    [
        (True, False, {OFF, MENTION, REACTION, AUTOMATIC}),
        (False, True, {MENTION, REACTION, AUTOMATIC}),
        (False, False, {AUTOMATIC}),
    ],
)
def test_an_unreadable_message_is_for_us_where_most_are(
    direct: bool, ours: bool, modes: set[Mode]
) -> None:
    given = replace(SEALED, direct=direct)
    assert {mode for mode in Mode if concern(given, standing(mode, ours=ours))} == modes


def test_what_is_said_of_it_does_not_answer_it_once_its_key_is_there() -> None:
    found = heard(SEALED, standing(AUTOMATIC))
    assert found is not None
    assert (found.thread, found.message, found.decision) == (THREAD, "", None)
