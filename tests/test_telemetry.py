"""The log can be read by machines, and nobody's words are in it."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
import subprocess
import sys
from datetime import UTC, datetime

import aiohttp
import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from bot import VERSION
from bot.core.talking.settings import change
from bot.errors import BadSetting, NotSent
from bot.model import Backlog, ChannelSettings, Ending, Queue, Verdict
from bot.telemetry import Instruments, LibraryLines, configure

CANARY = "xoxb-canary-4711"


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def instruments(stream: io.StringIO) -> Instruments:
    return Instruments(stream=stream)


@pytest.fixture
def _quiet_after():
    """Give the process its own logging back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


@pytest.fixture
def library(instruments: Instruments):
    """Lend a library's logger whose records come to the instruments."""
    logger = logging.getLogger("some.library")
    handler = LibraryLines(instruments)
    logger.addHandler(handler)
    logger.propagate = False
    yield logger
    logger.removeHandler(handler)
    logger.propagate = True


def lines(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def samples(instruments: Instruments) -> dict[tuple, float]:
    text = instruments.exposition()[0].decode()
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


# --- lines -----------------------------------------------------------------------------------


def test_a_line_is_json_with_time_level_event_trace_and_facts_in_this_order(instruments, stream):
    with instruments.following("e7"):
        instruments.log("ended", ending=Ending.POSTED, seconds=1.5)

    (line,) = lines(stream)
    assert list(line) == ["time", "level", "event", "trace", "ending", "seconds"]
    assert (line["level"], line["event"], line["trace"]) == ("info", "ended", "e7")
    assert (line["ending"], line["seconds"]) == ("posted", 1.5)
    assert datetime.fromisoformat(line["time"]).utcoffset() == UTC.utcoffset(None)


def test_facts_are_cut_and_lose_what_does_not_print(instruments, stream):
    instruments.log(
        "x\n", long="é" * 500, odd="a\nb\x1b[31m\u202ec\u2028d\ud800", many=float("nan")
    )

    (line,) = lines(stream)
    assert line["event"] == "x"
    assert line["long"] == "é" * 200
    assert line["odd"] == "ab[31mcd"
    assert line["many"] == "nan"


def test_a_fact_called_like_what_every_line_has_gives_way(instruments, stream):
    instruments.log("x", event="e", level="l", exc_info="yes", trace="own")

    (line,) = lines(stream)
    assert (line["event"], line["level"]) == ("x", "info")
    assert (line["event_"], line["level_"], line["trace"]) == ("e", "l", "own")


def test_what_is_no_fact_shows_only_its_type(instruments, stream):
    instruments.log("x", thing=ValueError(CANARY))

    assert lines(stream)[0]["thing"] == "ValueError"


def test_for_a_person_a_line_is_text(stream):
    telemetry = Instruments(stream=stream, text=True)
    with telemetry.following("e7"):
        telemetry.log("answered", voice="says", forged="a\nb")

    assert stream.getvalue().endswith(" info     answered trace=e7 voice=says forged=ab\n")
    assert stream.getvalue().count("\n") == 1


def test_a_closed_standard_error_stops_nothing(instruments, stream):
    stream.close()
    instruments.log("x")
    instruments.trouble("y", ValueError())


def test_a_line_that_comes_up_while_another_is_written_does_not_block():
    class Collecting(io.StringIO):
        def write(self, text: str) -> int:
            if "outer" in text:
                instruments.log("inner")
            return super().write(text)

    stream = Collecting()
    instruments = Instruments(stream=stream)
    instruments.log("outer")

    assert [line["event"] for line in lines(stream)] == ["inner", "outer"]


# --- errors ----------------------------------------------------------------------------------


def failing() -> None:
    """Raise our own error, from two of a library's, all with the secret in them."""
    try:
        try:
            raise ConnectionResetError(CANARY)  # noqa: TRY301 - its traceback is what is tested
        except ConnectionResetError as error:
            raise aiohttp.ClientError(f"https://x.invalid/?token={CANARY}") from error
    except aiohttp.ClientError as error:
        raise NotSent("slack", CANARY) from error


def test_trouble_names_the_types_and_never_the_message(instruments, stream):
    with pytest.raises(NotSent) as caught:
        failing()
    instruments.trouble("post_failed", caught.value, attempt=2)

    (line,) = lines(stream)
    assert (line["level"], line["event"], line["attempt"]) == ("error", "post_failed", 2)
    assert line["error"] == "NotSent"
    assert line["causes"] == ["ClientError", "ConnectionResetError"]
    assert "where" not in line  # it did not come through our package
    assert CANARY not in stream.getvalue()
    assert CANARY not in instruments.exposition()[0].decode()


def test_trouble_names_the_innermost_place_in_our_code(instruments, stream):
    with pytest.raises(BadSetting) as caught:
        change(ChannelSettings(), "bullets", CANARY, who="ada", at=datetime(2026, 3, 4, tzinfo=UTC))
    instruments.trouble("x", caught.value)

    module, line, function = lines(stream)[0]["where"].split(":")
    assert module == "bot.core.talking.settings"
    assert int(line) > 0
    assert function
    assert CANARY not in stream.getvalue()


def test_the_place_of_a_cause_counts_where_the_error_has_none(instruments, stream):
    with pytest.raises(BadSetting) as caught:
        change(ChannelSettings(), "bullets", CANARY, who="ada", at=datetime(2026, 3, 4, tzinfo=UTC))
    outer = RuntimeError(CANARY)
    outer.__cause__ = caught.value
    instruments.trouble("x", outer)

    assert lines(stream)[0]["where"].startswith("bot.core.talking.settings:")


def test_groups_are_opened_and_circles_end(instruments, stream):
    one, two = ValueError(CANARY), KeyError(CANARY)
    one.__context__, two.__context__ = two, one
    instruments.trouble("x", BaseExceptionGroup(CANARY, [one, asyncio.CancelledError()]))

    (line,) = lines(stream)
    assert line["error"] == "BaseExceptionGroup"
    assert line["causes"] == ["ValueError", "CancelledError", "KeyError"]
    assert CANARY not in stream.getvalue()


# --- libraries -------------------------------------------------------------------------------


def test_a_library_line_has_its_template_without_arguments(library, stream):
    library.warning("connection to %s lost", CANARY, extra={"token": CANARY})
    library.info("nothing from %s", CANARY)

    (line,) = lines(stream)
    assert (line["level"], line["event"]) == ("warning", "library")
    assert (line["logger"], line["message"]) == ("some.library", "connection to %s lost")
    assert CANARY not in stream.getvalue()


def test_a_message_put_together_at_run_time_is_left_out(library, stream):
    library.error(f"connection to {CANARY} lost")
    library.critical("connection to " + CANARY)
    library.error(ValueError(CANARY))

    assert [line["level"] for line in lines(stream)] == ["error"] * 3
    assert all("message" not in line for line in lines(stream))
    assert CANARY not in stream.getvalue()


def test_a_library_exception_shows_its_types_only(library, stream):
    try:
        failing()
    except NotSent:
        library.exception("failed with %s", CANARY, stack_info=True)
    library.error("none", exc_info=True)

    first, second = lines(stream)
    assert (first["error"], first["causes"]) == ("NotSent", ["ClientError", "ConnectionResetError"])
    assert "error" not in second
    assert CANARY not in stream.getvalue()


@pytest.mark.usefixtures("_quiet_after")
def test_arguments_that_do_not_fit_print_no_traceback(capsys):
    configure("json")
    logging.getLogger("some.library").warning("%d and %d", CANARY)  # noqa: PLE1206 - as tested

    captured = capsys.readouterr()
    assert (captured.out, json.loads(captured.err)["message"]) == ("", "%d and %d")
    assert CANARY not in captured.err


@pytest.mark.usefixtures("_quiet_after")
async def test_what_asyncio_says_of_a_lost_task_has_no_secret(capsys):
    configure("json")

    async def lost() -> None:
        raise ValueError(CANARY)

    task = asyncio.create_task(lost(), name=CANARY)
    await asyncio.wait([task])
    del task
    gc.collect()

    (line,) = [json.loads(text) for text in capsys.readouterr().err.splitlines()]
    assert (line["logger"], line["level"], line["error"]) == ("asyncio", "error", "ValueError")
    assert CANARY not in str(line)


@pytest.mark.usefixtures("_quiet_after")
def test_configuring_again_does_not_write_twice(capsys):
    configure("json")
    instruments = configure("auto")  # standard error is no terminal here
    with instruments.following("e7"):
        logging.getLogger("psycopg.pool").warning("error connecting in %r: %s", CANARY, CANARY)
        instruments.log("x")

    library, ours = [json.loads(text) for text in capsys.readouterr().err.splitlines()]
    assert (library["event"], library["trace"]) == ("library", "e7")
    assert (ours["event"], ours["trace"]) == ("x", "e7")


@pytest.mark.usefixtures("_quiet_after")
@pytest.mark.parametrize(
    ("log_format", "is_text"), [("auto", True), ("text", True), ("json", False)]
)
def test_on_a_terminal_lines_are_text_unless_told_otherwise(monkeypatch, log_format, is_text):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    configure(log_format).log("x")

    assert terminal.getvalue().startswith("{") is not is_text


# --- figures ---------------------------------------------------------------------------------


def test_the_exposition_is_prometheus_text(instruments):
    instruments.accepted("slack")
    instruments.ended("matrix", Ending.SILENT, "no_links")
    instruments.read(Verdict.CONSENT_WALL)
    instruments.took("read", 0.3)
    instruments.waiting([Backlog(queue=Queue.BRIEFS, jobs=3, oldest=12.5)])
    instruments.tokens("prompt", 7)
    instruments.trouble("event_failed", KeyError(CANARY))

    found = samples(instruments)
    ended = ("ending", "silent"), ("platform", "matrix"), ("reason", "no_links")
    assert found["briefbot_accepted_total", ("platform", "slack")] == 1
    assert found["briefbot_ended_total", *ended] == 1
    assert found["briefbot_pages_read_total", ("verdict", "consent_wall")] == 1
    assert found["briefbot_step_seconds_bucket", ("le", "0.25"), ("step", "read")] == 0
    assert found["briefbot_step_seconds_bucket", ("le", "0.5"), ("step", "read")] == 1
    assert found["briefbot_queue_jobs", ("queue", "briefs")] == 3
    assert found["briefbot_queue_jobs", ("queue", "posts")] == 0
    assert found["briefbot_queue_oldest_seconds", ("queue", "briefs")] == 12.5
    assert found["briefbot_model_tokens_total", ("kind", "prompt")] == 7
    errors = ("happened", "event_failed"), ("kind", "KeyError")
    assert found["briefbot_errors_total", *errors] == 1
    assert found["briefbot_build_info", ("version", VERSION)] == 1
    assert instruments.exposition()[1].startswith("text/plain")


@pytest.mark.parametrize(
    ("reason", "label"),
    [
        ("no_links", "no_links"),
        ("http-status.404", "http-status.404"),
        ("", ""),
        ("a" * 40, "a" * 40),
        ("a" * 41, "other"),
        ("Not a word", "other"),
        ("https://x.invalid/", "other"),
        ("gone\n", "other"),
    ],
)
def test_a_reason_that_is_no_word_is_counted_as_other(instruments, reason, label):
    instruments.ended("slack", Ending.REFUSED, reason)

    labels = {dict(key[1:])["reason"] for key in samples(instruments) if "ended_total" in key[0]}
    assert labels == {label}


def test_two_instruments_share_no_figures(instruments):
    instruments.accepted("slack")
    other = Instruments(stream=io.StringIO())

    assert not [key for key in samples(other) if key[0] == "briefbot_accepted_total"]
    assert not [one for one in REGISTRY.collect() if one.name.startswith("briefbot")]


def test_the_terminals_commands_do_not_pay_for_it():
    heavy = {"bot.telemetry", "bot.web", "structlog", "prometheus_client"}
    code = f"import sys, bot.app, bot.terminal.cli; print({heavy} & set(sys.modules))"
    printed = subprocess.check_output([sys.executable, "-c", code], text=True)  # noqa: S603 - our own

    assert printed.strip() == "set()"
