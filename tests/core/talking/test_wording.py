"""Every verdict and every error has its sentence."""

from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from bot import errors
from bot.core.talking import wording
from bot.core.talking.wording import CHAT, CONSOLE, SLACK, TERMINAL, matrix
from bot.model import (
    Backlog,
    ChannelSettings,
    Decided,
    Decision,
    Ending,
    Evidence,
    Part,
    Queue,
    Reading,
    Reason,
    Verdict,
)

MATRIX = matrix("!news")

SAMPLES = {
    errors.UnknownSetting: errors.UnknownSetting("colour", ["bullets"]),
    errors.BadSetting: errors.BadSetting("bullets", "12", "3 to 8"),
    errors.SettingsClash: errors.SettingsClash("digest_least", "6", "digest_most", "5"),
    errors.Locked: errors.Locked("bullets", "5"),
    errors.NoSuchWorkspace: errors.NoSuchWorkspace("T9", ["T1"]),
    errors.Incomplete: errors.Incomplete("forget NUMBER"),
    errors.NoSuchArticle: errors.NoSuchArticle("7"),
    errors.NoSuchBullet: errors.NoSuchBullet("9", 5),
    errors.TooManyQuestions: errors.TooManyQuestions(30),
    errors.NoSuchJob: errors.NoSuchJob("7"),
    errors.Throttled: errors.Throttled("slack", 3.0),
    errors.NotSent: errors.NotSent("slack"),
    errors.Unsure: errors.Unsure("slack", "HTTP 502"),
    errors.Rejected: errors.Rejected("slack", "not_in_channel"),
    errors.ModelThrottled: errors.ModelThrottled("gpt", 3.0),
    errors.WorkTaken: errors.WorkTaken("/data/briefbot.db", "4711"),
    errors.UnknownCommand: errors.UnknownCommand("serach", "search"),
    errors.SourceTooLarge: errors.SourceTooLarge("a.pdf", "20000000"),
    errors.ConfigurationError: errors.ConfigurationError("must be a number", ["BRIEFBOT_X"]),
}


def leaves(kind: type[errors.BriefbotError]) -> list[type[errors.BriefbotError]]:
    below = [leaf for child in kind.__subclasses__() for leaf in leaves(child)]
    return below or [kind]


def sample(kind: type[errors.BriefbotError]) -> errors.BriefbotError:
    if kind in SAMPLES:
        return SAMPLES[kind]
    return (
        kind("/data/briefbot.db")
        if issubclass(kind, (errors.StoreError, errors.SourceError, errors.ModelError))
        else kind()
    )


@pytest.mark.parametrize("kind", leaves(errors.StoreError), ids=lambda kind: kind.__name__)
def test_what_a_server_keeps_has_no_folder(kind: type[errors.StoreError]) -> None:
    said = wording.explain(kind("postgresql://bob@host/news", "bob", "57P01"), TERMINAL)
    assert "postgresql://bob@host/news" in said
    assert "BRIEFBOT_DATA_DIR" not in said
    assert ".backup" not in said


@pytest.mark.parametrize("kind", leaves(errors.BriefbotError), ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    "hints", [TERMINAL, CONSOLE, MATRIX], ids=["terminal", "console", "matrix"]
)
def test_every_error_says_what_to_do(kind, hints):
    said = wording.explain(sample(kind), hints)
    assert "did not work" not in said
    assert "{" not in said
    assert said.endswith((".", "?", "text", "FILE|-", "list", "NUMBER", "link"))
    assert "/brief " not in said


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("reason", Reason)
def test_every_verdict_has_its_sentence(verdict, reason):
    reading = Reading(source="https://a.example/x", verdict=verdict, reason=reason, detail="404")
    said = wording.verdict(reading, TERMINAL)
    assert "{" not in said
    assert said[0].isupper() or said.startswith("https://a.example/x")


@pytest.mark.parametrize("detail", ["²", "9" * 5000, "text/plain; x=\x1b[31m"])
def test_a_strange_detail_breaks_nothing(detail):
    for verdict in Verdict:
        said = wording.verdict(Reading(source="x", verdict=verdict, detail=detail), TERMINAL)
        assert "\x1b" not in said


def test_the_way_out_of_too_many_requests_is_to_wait():
    reading = Reading(source="x", verdict=Verdict.BOT_WALL, detail="429")
    assert "Try again in an hour" in wording.verdict(reading, TERMINAL)


@pytest.mark.parametrize(
    ("published", "said"),
    [
        (None, "undated"),
        (date(2026, 3, 1), "1 March 2026"),
        (date(2025, 12, 1), "1 December 2025, 3 months old"),
        (date(2020, 3, 1), "1 March 2020, 6 years old"),
    ],
)
def test_a_date_tells_its_age_once_that_matters(published, said):
    assert wording.published_on(published, date(2026, 3, 10)) == said


def test_places_have_short_names():
    def place(part: Part, page: int | None = None) -> str:
        return wording.place(
            Evidence(version="v", part=part, paragraph=1, start=0, end=1, quote="x", page=page)
        )

    assert [place(part) for part in Part] == [
        "headline",
        "standfirst",
        "bullet 2",
        "¶2",
        "caption 2",
    ]
    assert place(Part.BODY, page=7) == "¶2, p. 7"


@pytest.mark.parametrize(
    ("share", "said"), [(None, ""), (1.0, "read whole"), (0.999, "read whole"), (0.3, "read 30 %")]
)
def test_the_share_that_was_read(share, said):
    assert wording.share_read(share) == said


# --- what depends on the place ---------------------------------------------------------------


def test_a_command_is_said_as_it_is_typed_there():
    said = [hints.command("settings") for hints in (SLACK, MATRIX, CHAT, CONSOLE, TERMINAL)]
    assert said == ["/brief settings", "!news settings", *["settings"] * 2, "briefbot settings"]


def test_matrix_has_all_hints_and_names_its_own_prefix():
    under_a_brief = {"ask", "proof"}  # its line of controls says these
    named = {field.name for field in fields(MATRIX) if getattr(MATRIX, field.name)}
    assert named == {field.name for field in fields(MATRIX)} - under_a_brief
    for said in (MATRIX.list_all, MATRIX.settings, MATRIX.greeting):
        assert "!news" in said
    assert "/brief" not in str(MATRIX)


def test_those_who_look_after_a_room_are_named():
    assert SLACK.keepers == "whoever invited me, and my admins"
    assert MATRIX.keepers == "whoever invited me, the room's moderators, and my admins"
    assert MATRIX.keepers in wording.explain(errors.NotAllowed(), MATRIX)


@pytest.mark.parametrize(
    ("hints", "said"),
    [(SLACK, "Type /brief help"), (MATRIX, "Type !news help"), (CHAT, "Type help")],
    ids=["slack", "matrix", "chat"],
)
def test_where_the_commands_are_listed(hints, said):
    assert said in wording.explain(errors.UnknownCommand("xyzzy"), hints)
    assert said in wording.old_control(hints)


@pytest.mark.parametrize("decision", Decision)
@pytest.mark.parametrize(
    ("hints", "settings"),
    [(SLACK, "/brief settings"), (MATRIX, "!news settings"), (matrix("{x}"), "{x} settings")],
    ids=["slack", "matrix", "braces"],
)
def test_why_names_the_settings_as_they_are_typed_there(decision, hints, settings):
    at = datetime(2026, 3, 4, tzinfo=UTC)
    decided = Decided(decision=decision, message="m", at=at, ending=Ending.REFUSED, reason="r")
    said = wording.why(decided, hints)
    assert ("(" + settings in said) is (" settings" in said)
    assert said.endswith("The chat refused the post (r).")


def welcomed(*, hints=MATRIX, leaves="", encrypted=False, **kept):
    said = wording.welcome(ChannelSettings(**kept), hints, leaves=leaves, encrypted=encrypted)
    return " ".join(said)


def test_in_slack_the_welcome_is_as_it_always_was():
    assert wording.welcome(ChannelSettings(), SLACK, leaves="api.example") == (
        (
            "invited me. I read the articles that are linked here and post their briefs in the "
            "thread, each bullet with its proof."
        ),
        "I brief a link when somebody puts 📰 on it, or mentions me.",
        "Ask about an article by replying in its thread.",
        (
            "Texts are kept 90 days, pasted ones 30 days, briefs 365 days. Articles' text goes to "
            "the model at api.example; pasted and uploaded text does not."
        ),
        (
            "Whoever invited me looks after my settings here: /brief settings. /brief help lists "
            "the rest."
        ),
    )


def test_in_matrix_it_names_who_looks_after_the_room_and_how():
    said = welcomed()
    assert "Whoever invited me and the room's moderators look after my settings here" in said
    assert "here: !news settings. !news help lists the rest." in said
    assert "Texts are kept 90 days, pasted ones 30 days, briefs 365 days." in said
    assert "encrypted" not in said


def test_in_an_encrypted_room_it_says_what_is_stored_and_for_how_long():
    said = welcomed(encrypted=True, private_days=1)
    assert "stored as decrypted text by whoever hosts me." in said
    assert "Texts are kept 1 day, briefs 365 days. No text leaves this installation." in said
    assert "pasted ones" not in said


def test_it_says_what_of_an_encrypted_room_goes_to_a_model():
    kept = welcomed(encrypted=True, leaves="api.example")
    assert "None of them goes to the model at api.example, unless you allow it: !news" in kept
    for encrypted in (True, False):
        said = welcomed(encrypted=encrypted, leaves="api.example", model_private=True)
        assert "Texts go to the model at api.example, pasted and uploaded ones too." in said


def test_what_is_said_of_an_unreadable_message_says_what_to_do():
    assert "Send it again" in wording.UNREADABLE


def test_what_waits_for_a_session_is_told_where_there_is_any():
    idle = [Backlog(queue=queue, jobs=0, oldest=0.0) for queue in Queue]
    assert wording.waiting(idle) == "Waiting: 0 questions, 0 briefs, 0 posts."
    held_up = [*idle[:3], Backlog(queue=Queue.SESSION, jobs=1200, oldest=9.0)]
    assert wording.waiting(held_up).endswith("0 posts, 1,200 for a session.")
