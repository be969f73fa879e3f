"""Every verdict and every error has its sentence."""

from datetime import date

import pytest

from bot import errors
from bot.core.talking import wording
from bot.core.talking.wording import CONSOLE, TERMINAL
from bot.model import Backlog, Evidence, Part, Queue, Reading, Reason, Verdict

SAMPLES = {
    errors.UnknownSetting: errors.UnknownSetting("colour", ["bullets"]),
    errors.BadSetting: errors.BadSetting("bullets", "12", "3 to 8"),
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
@pytest.mark.parametrize("hints", [TERMINAL, CONSOLE], ids=["terminal", "console"])
def test_every_error_says_what_to_do(kind, hints):
    said = wording.explain(sample(kind), hints)
    assert "did not work" not in said
    assert "{" not in said
    assert said.endswith((".", "?", "text", "FILE|-", "list", "NUMBER"))


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


def test_what_waits_for_a_session_is_told_where_there_is_any():
    idle = [Backlog(queue=queue, jobs=0, oldest=0.0) for queue in Queue]
    assert wording.waiting(idle) == "Waiting: 0 questions, 0 briefs, 0 posts."
    held_up = [*idle[:3], Backlog(queue=Queue.SESSION, jobs=1200, oldest=9.0)]
    assert wording.waiting(held_up).endswith("0 posts, 1,200 for a session.")
