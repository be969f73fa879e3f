"""What every telemetry promises, fake or real."""

from __future__ import annotations

import asyncio
import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.model import Backlog, Ending, Queue, Verdict
from bot.telemetry import Instruments
from tests.fakes.telemetry import FakeTelemetry

if TYPE_CHECKING:
    from bot.ports import Telemetry


@dataclass
class Fake:
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)

    def lines(self) -> list[tuple[str, str, dict[str, Any]]]:
        return [(line.happened, line.trace, line.facts) for line in self.telemetry.lines]

    def errors(self) -> dict[tuple[str, str], float]:
        found: dict[tuple[str, str], float] = {}
        for line in self.telemetry.troubles:
            kind = line.happened, type(line.error).__name__
            found[kind] = found.get(kind, 0) + 1
        return found

    def figures(self) -> dict[str, float]:
        told = self.telemetry
        return {
            "accepted": told.events["slack"],
            "ended": told.endings["slack", Ending.DEAD, "gone"],
            "pages": told.verdicts[Verdict.TEASER],
            "steps": len(told.steps),
            "jobs": told.queues[Queue.POSTS].jobs if Queue.POSTS in told.queues else 0,
            "tokens": told.model_tokens["prompt"],
        }


@dataclass
class Real:
    stream: io.StringIO = field(default_factory=io.StringIO)
    telemetry: Instruments = field(init=False)

    def __post_init__(self) -> None:
        self.telemetry = Instruments(stream=self.stream)

    def lines(self) -> list[tuple[str, str, dict[str, Any]]]:
        ours = {"time", "level", "event", "trace", "error", "causes", "where"}
        read = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        return [
            (
                line["event"],
                line.get("trace", ""),
                {name: fact for name, fact in line.items() if name not in ours},
            )
            for line in read
        ]

    def errors(self) -> dict[tuple[str, str], float]:
        return {
            (labels["happened"], labels["kind"]): value
            for name, labels, value in self._samples()
            if name == "briefbot_errors_total"
        }

    def figures(self) -> dict[str, float]:
        wanted = {
            "accepted": ("briefbot_accepted_total", {"platform": "slack"}),
            "ended": (
                "briefbot_ended_total",
                {"platform": "slack", "ending": "dead", "reason": "gone"},
            ),
            "pages": ("briefbot_pages_read_total", {"verdict": "teaser"}),
            "steps": ("briefbot_step_seconds_count", {"step": "read"}),
            "jobs": ("briefbot_queue_jobs", {"queue": "posts"}),
            "tokens": ("briefbot_model_tokens_total", {"kind": "prompt"}),
        }
        found = [(name, labels, value) for name, labels, value in self._samples()]
        return {
            key: next((value for n, ls, value in found if (n, ls) == sought), 0)
            for key, sought in wanted.items()
        }

    def _samples(self) -> list[tuple[str, dict[str, str], float]]:
        text = self.telemetry.exposition()[0].decode()
        families = text_string_to_metric_families(text)
        return [(s.name, s.labels, s.value) for family in families for s in family.samples]


@pytest.fixture(params=[Fake, Real])
def seen(request: pytest.FixtureRequest) -> Fake | Real:
    return request.param()


def test_a_line_has_its_word_and_its_facts(seen: Fake | Real):
    telemetry: Telemetry = seen.telemetry
    telemetry.log("answered", voice="says", seconds=0.25, quotes=2)

    assert seen.lines() == [("answered", "", {"voice": "says", "seconds": 0.25, "quotes": 2})]


def test_a_trace_follows_until_its_end_and_the_outer_one_returns(seen: Fake | Real):
    telemetry: Telemetry = seen.telemetry
    with telemetry.following("outer"):
        telemetry.log("one")
        with telemetry.following("inner"):
            telemetry.log("two")
        telemetry.log("three")
    with pytest.raises(KeyError), telemetry.following("lost"):
        raise KeyError
    telemetry.log("four")

    traces = [(happened, trace) for happened, trace, _ in seen.lines()]
    assert traces == [("one", "outer"), ("two", "inner"), ("three", "outer"), ("four", "")]


async def test_tasks_keep_their_own_trace_and_pass_it_on(seen: Fake | Real):
    telemetry: Telemetry = seen.telemetry

    async def child(name: str) -> None:
        await asyncio.sleep(0)
        telemetry.log(name)

    async def event(trace: str) -> None:
        with telemetry.following(trace):
            started = asyncio.create_task(child("child"))
            await asyncio.gather(child("gathered"), asyncio.to_thread(telemetry.log, "thread"))
            telemetry.log("itself")
        await started

    await asyncio.gather(*(event(f"e{number}") for number in range(5)))

    found = sorted((trace, happened) for happened, trace, _ in seen.lines())
    words = ["child", "gathered", "itself", "thread"]
    assert found == [(f"e{number}", word) for number in range(5) for word in words]


def test_trouble_is_one_line_and_counted_by_type(seen: Fake | Real):
    telemetry: Telemetry = seen.telemetry
    with telemetry.following("e1"):
        telemetry.trouble("post_failed", TimeoutError("x"), attempt=2)
        telemetry.trouble("post_failed", TimeoutError("y"), attempt=3)
        telemetry.trouble("event_failed", KeyError("z"))

    assert seen.lines() == [
        ("post_failed", "e1", {"attempt": 2}),
        ("post_failed", "e1", {"attempt": 3}),
        ("event_failed", "e1", {}),
    ]
    assert seen.errors() == {("post_failed", "TimeoutError"): 2, ("event_failed", "KeyError"): 1}


def test_what_happens_is_counted(seen: Fake | Real):
    telemetry: Telemetry = seen.telemetry
    for _ in range(2):
        telemetry.accepted("slack")
    telemetry.ended("slack", Ending.DEAD, "gone")
    telemetry.read(Verdict.TEASER)
    telemetry.took("read", 0.2)
    telemetry.waiting([Backlog(queue=Queue.POSTS, jobs=7, oldest=3.5)])
    telemetry.tokens("prompt", 40)
    telemetry.tokens("prompt", 2)
    telemetry.tokens("prompt", -5)

    assert seen.figures() == {
        "accepted": 2,
        "ended": 1,
        "pages": 1,
        "steps": 1,
        "jobs": 7,
        "tokens": 42,
    }


def test_a_queue_that_is_no_longer_named_is_empty(seen: Fake | Real):
    telemetry: Telemetry = seen.telemetry
    telemetry.waiting([Backlog(queue=Queue.POSTS, jobs=7, oldest=3.5)])
    telemetry.waiting([])

    assert seen.figures()["jobs"] == 0
