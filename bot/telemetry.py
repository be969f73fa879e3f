"""What the operator can see: lines on standard error, and figures for Prometheus.

A line is one JSON object: `time` (ISO 8601, UTC), `level`, `event` (the word for what happened),
`trace` inside `following`, then its facts. An error is a type and a place in our code. Its
message is never written: it may hold what people wrote, an address, a token.
"""

from __future__ import annotations

import inspect
import logging
import math
import re
import sys
import threading
from contextlib import suppress
from itertools import islice
from traceback import walk_tb
from typing import TYPE_CHECKING, Literal, TextIO

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot import VERSION
from bot.model import Queue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

    from bot.model import Backlog, Ending, Verdict

    Fact = str | float | list[str]

_OURS = __name__.partition(".")[0]
_LONGEST = 200
_MOST_CAUSES = 8
_WORD = re.compile(r"[a-z0-9_.-]{0,40}")
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Instruments:
    """A `ports.Telemetry` with structlog and Prometheus; its figures are its own.

    No method raises: a log that cannot be written stops no work. Facts that are text lose their
    control characters and what is above 200 characters; label values that are no short lower-case
    word are counted as "other".
    """

    def __init__(self, *, stream: TextIO, text: bool = False) -> None:
        """Write to `stream`: JSON lines, or with `text` lines for a person's eyes."""
        self._lines = _logger(stream, _as_text if text else structlog.processors.JSONRenderer())
        self._registry = own = CollectorRegistry()
        self._accepted = Counter("briefbot_accepted", "Events taken in", ["platform"], registry=own)
        self._ended = Counter(
            "briefbot_ended", "Events that ended", ["platform", "ending", "reason"], registry=own
        )
        self._pages = Counter(
            "briefbot_pages_read", "Pages by what they were", ["verdict"], registry=own
        )
        self._steps = Histogram(
            "briefbot_step_seconds", "Time of a step", ["step"], buckets=_BUCKETS, registry=own
        )
        self._jobs = Gauge("briefbot_queue_jobs", "Jobs not done", ["queue"], registry=own)
        self._oldest = Gauge(
            "briefbot_queue_oldest_seconds", "Age of the oldest job", ["queue"], registry=own
        )
        self._tokens = Counter("briefbot_model_tokens", "Model's tokens", ["kind"], registry=own)
        self._errors = Counter("briefbot_errors", "Errors", ["happened", "kind"], registry=own)
        Info("briefbot_build", "What runs", registry=own).info({"version": VERSION})

    def following(self, trace: str) -> AbstractContextManager[None]:
        """Have every line inside carry the trace, those of tasks started inside as well."""
        return structlog.contextvars.bound_contextvars(trace=_clean(trace))

    def log(self, happened: str, **facts: str | float) -> None:
        """Write one line: a word for what happened, and its facts."""
        self.write(logging.INFO, happened, facts)

    def trouble(self, happened: str, error: BaseException, **facts: str | float) -> None:
        """Write one line about an error, counted by its type, with where in our code it arose."""
        self._errors.labels(happened=_word(happened), kind=type(error).__name__).inc()
        self.write(logging.ERROR, happened, {**facts, **_about(error)})

    def accepted(self, platform: str) -> None:
        """Count an event that was taken in."""
        self._accepted.labels(platform=_word(platform)).inc()

    def ended(self, platform: str, ending: Ending, reason: str) -> None:
        """Count an event that ended."""
        self._ended.labels(platform=_word(platform), ending=ending, reason=_word(reason)).inc()

    def read(self, verdict: Verdict) -> None:
        """Count a page that was read, by what it turned out to be."""
        self._pages.labels(verdict=verdict).inc()

    def took(self, step: str, seconds: float) -> None:
        """Note how long a step of the walk took."""
        self._steps.labels(step=_word(step)).observe(seconds)

    def waiting(self, backlog: Sequence[Backlog]) -> None:
        """Note what waits; a queue that is not named is empty."""
        named = {one.queue: one for one in backlog}
        for queue in Queue:
            one = named.get(queue)
            self._jobs.labels(queue=queue).set(one.jobs if one else 0)
            self._oldest.labels(queue=queue).set(one.oldest if one else 0)

    def tokens(self, kind: str, count: int) -> None:
        """Count tokens that a model took in or gave out; fewer than none are none."""
        self._tokens.labels(kind=_word(kind)).inc(max(count, 0))

    def exposition(self) -> tuple[bytes, str]:
        """Return the figures in Prometheus's text format, and its content type."""
        return generate_latest(self._registry), CONTENT_TYPE_PLAIN_0_0_4

    def write(self, level: int, happened: str, facts: Mapping[str, Fact]) -> None:
        """Write one line at a level of `logging`: INFO, WARNING, ERROR or CRITICAL."""
        cleaned = {_clean(name): _clean_fact(fact) for name, fact in facts.items()}
        self._lines.log(level, _clean(happened), facts=cleaned)


def configure(log_format: Literal["auto", "json", "text"]) -> Instruments:
    """Set up this process's telemetry on standard error, that of the libraries included.

    For `app` alone, once. `auto` is text where standard error is a terminal.
    """
    text = log_format == "text" or (log_format == "auto" and sys.stderr.isatty())
    instruments = Instruments(stream=sys.stderr, text=text)
    root = logging.getLogger()
    root.handlers[:] = [LibraryLines(instruments)]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    return instruments


class LibraryLines(logging.Handler):
    """Takes what libraries log, from WARNING up, into the same lines.

    Their arguments and extras hold anything: the address of a request, a job's arguments, a
    connection string, the text of an exception. So a line names the logger and the exception's
    type, and has the message only as it stands in the library's code, without its arguments.
    """

    def __init__(self, instruments: Instruments) -> None:
        super().__init__(logging.WARNING)
        self._instruments = instruments

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line about a record."""
        facts: dict[str, Fact] = {"logger": record.name}
        if _is_constant(record.msg):
            facts["message"] = record.msg
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            facts |= _about(error)
        level = logging.ERROR if record.levelno >= logging.ERROR else logging.WARNING
        self._instruments.write(level, "library", facts)


def _is_constant(message: object) -> bool:
    """Tell whether the message stands as it is in the code of one of the functions under way.

    asyncio, aiohttp and procrastinate also log what they put together at run time; only what
    the code spells out cannot hold anybody's words.
    """
    frame = inspect.currentframe()
    while frame is not None:
        if any(isinstance(one, str) and one == message for one in frame.f_code.co_consts):
            return True
        frame = frame.f_back
    return False


def _about(error: BaseException) -> dict[str, Fact]:
    """Return the types of an error and of its causes, and our innermost place."""
    chain = _chain(error)
    facts: dict[str, Fact] = {"error": type(error).__name__}
    if len(chain) > 1:
        facts["causes"] = [type(one).__name__ for one in chain[1:]]
    place = next(filter(None, map(_place, chain)), None)
    if place is not None:
        facts["where"] = place
    return facts


def _chain(error: BaseException) -> list[BaseException]:
    """Return an error and what it came from, nearest first; groups are opened."""
    chain: list[BaseException] = []
    open_ends = [error]
    while open_ends and len(chain) <= _MOST_CAUSES:
        one = open_ends.pop(0)
        if any(one is known for known in chain):
            continue
        chain.append(one)
        if isinstance(one, BaseExceptionGroup):
            open_ends.extend(one.exceptions)
        cause = one.__cause__
        if cause is None and not one.__suppress_context__:
            cause = one.__context__
        if cause is not None:
            open_ends.append(cause)
    return chain


def _place(error: BaseException) -> str | None:
    """Return the innermost place of our package that an error came through."""
    place = None
    for frame, line in walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] == _OURS:
            place = f"{module}:{line}:{frame.f_code.co_qualname}"
    return place


def _word(label: str) -> str:
    """Return a label's value, one for all that are no words: each value is a series for ever."""
    return label if _WORD.fullmatch(label) else "other"


def _clean(text: str) -> str:
    return "".join(islice(filter(str.isprintable, text), _LONGEST))


def _clean_fact(fact: object) -> Fact:
    match fact:
        case str():
            return _clean(fact)
        case list():
            return [_clean(str(one)) for one in fact]
        case float() if not math.isfinite(fact):
            return str(fact)  # JSON has no word for it
        case int() | float():
            return fact
        case _:
            return type(fact).__name__  # what it would say of itself is unknown


class _Output:
    """Writes whole lines, from any thread.

    structlog's own is not used since its lock is not reentrant: what is collected as garbage
    while a line is written may log another, in the same thread.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.RLock()

    def write(self, line: str) -> None:
        # a standard error that is closed, full or busy below us must not cost an event
        with self._lock, suppress(OSError, ValueError, RuntimeError):
            self._stream.write(line + "\n")
            self._stream.flush()

    info = warning = error = critical = write


def _logger(stream: TextIO, render: Processor) -> FilteringBoundLogger:
    made: FilteringBoundLogger = structlog.wrap_logger(
        _Output(stream),
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.processors.add_log_level,
            structlog.contextvars.merge_contextvars,
            _in_order,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    return made


def _in_order(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Put what every line has first; a fact that is called like one of those gives way."""
    heads = {name: line[name] for name in ("time", "level", "event", "trace") if name in line}
    facts: dict[str, Fact] = line["facts"]
    return heads | {f"{name}_" if name in heads else name: fact for name, fact in facts.items()}


def _as_text(_logger: WrappedLogger, _method: str, line: EventDict) -> str:
    head = f"{line.pop('time')} {line.pop('level'):<8} {line.pop('event')}"
    return " ".join([head, *(f"{name}={fact}" for name, fact in line.items())])
