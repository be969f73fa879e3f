"""The writer that asks a model, over real connections to a server that may do anything."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from dataclasses import replace

import pytest

from bot.core.writing.labels import tokens_of
from bot.model import Method, Part, Tokens, Voice
from tests.standins.model_settings import ENDINGS, FAULTS, SHAPES, WRITINGS
from tests.writers.asking import (
    BRIDGE,
    FERRY,
    PRINTED,
    RecordingLeave,
    hash_of,
    holds_true,
    long_article,
    question,
)

KEY = "sk-canary-7f3a91"
ASKED = "How much steel did the rust take?"


def texts(brief):
    return [one.text for one in brief.bullets]


# --- what is written -------------------------------------------------------------------------


async def test_a_brief_in_the_models_words_is_proven_and_says_what_wrote_it(model, writing):
    leave = RecordingLeave()
    brief = await writing().brief(BRIDGE, bullets=4, leave=leave)

    assert texts(brief) == [
        "The bridge over the harbour will close for 7 weeks from Monday to be painted",
        "About 300 people an hour cross the bridge on foot, most of them from the station",
        "The council of Marlow said that rust had taken 12 tonnes of steel since spring 2019",
        "“We looked at 4 offers and took the cheapest,” said Ada Byron, the mayor of the town",
    ]
    assert (brief.method, brief.version, brief.warnings) == (
        Method.ABSTRACTIVE,
        BRIDGE.version,
        (),
    )
    assert (brief.model, brief.prompt_hash) == ("stand-in", hash_of("brief"))
    assert holds_true(brief, [BRIDGE])
    assert not any(one.quoted for one in brief.bullets)
    assert len(model.requests) == 1
    assert leave.open == 0
    assert leave.used[0].taken_in > leave.used[0].written > 0


async def test_bullets_come_in_the_articles_order(model, writing):
    model.change(behaviour="array")
    brief = await writing().brief(BRIDGE, bullets=6, leave=RecordingLeave())

    parts = [Part.HEADLINE, Part.STANDFIRST, Part.LEAD_BULLET, Part.BODY]
    places = [
        (parts.index(one.evidence[0].part), one.evidence[0].paragraph) for one in brief.bullets
    ]
    assert places == sorted(places)
    assert len(places) == 6


async def test_an_answer_in_the_models_words_stands_on_quotes(model, writing):
    answer = await writing().answer([BRIDGE], question(ASKED), leave=RecordingLeave())

    assert (answer.voice, answer.method) == (Voice.SAYS, Method.ABSTRACTIVE)
    assert "12 tonnes" in answer.text
    assert [one.quote for one in answer.quotes] == [BRIDGE.paragraphs[1]]
    assert holds_true(answer, [BRIDGE])
    assert (answer.model, answer.prompt_hash) == ("stand-in", hash_of("answer"))


async def test_what_the_article_does_not_say_is_not_answered(model, writing):
    asked = question("Who won the cup final in Oslo?")
    answer = await writing().answer([BRIDGE], asked, leave=RecordingLeave())

    assert (answer.voice, answer.text, answer.warnings) == (Voice.ABSENT, "", ())


async def test_several_articles_are_answered_from_together(model, writing):
    asked = question("How many passengers were brought ashore by lifeboats?")
    answer = await writing().answer([BRIDGE, FERRY], asked, leave=RecordingLeave())

    assert answer.voice is Voice.SAYS
    assert "212" in answer.text
    assert answer.quotes[0].version == FERRY.version
    assert holds_true(answer, [BRIDGE, FERRY])
    shown = model.requests[0]["messages"][1]["content"]
    assert "[1.P2] The council of Marlow" in shown
    assert "[2.P2] All 212 passengers" in shown


async def test_the_threads_memory_goes_with_the_question(model, writing):
    memory = (("How long is it closed?", "For 7 weeks from Monday."), ("Who pays the rest?", ""))
    asked = question("And since when?", previous="How much steel did rust take?", memory=memory)
    await writing().answer([BRIDGE], asked, leave=RecordingLeave())

    shown = model.requests[0]["messages"][1]["content"]
    assert "Earlier question: How long is it closed?\nAnswered: For 7 weeks from Monday." in shown
    assert "Earlier question: Who pays the rest?\nAnswered: The article does not say." in shown
    assert shown.endswith("Question: And since when?")


# --- when no model is asked ------------------------------------------------------------------


async def test_the_publishers_bullets_go_to_no_model(model, writing):
    brief = await writing().brief(PRINTED, bullets=3, leave=RecordingLeave())

    assert brief.method is Method.PUBLISHER
    assert model.requests == []


async def test_own_wording_shows_the_publishers_bullets_as_a_pattern_only(model, writing):
    brief = await writing().brief(PRINTED, bullets=3, own_wording=True, leave=RecordingLeave())

    assert brief.method is Method.ABSTRACTIVE
    assert "- Bridge closes for 7 weeks\n" in model.requests[0]["messages"][1]["content"]
    assert all(one.evidence[0].part is not Part.LEAD_BULLET for one in brief.bullets)


async def test_without_leave_the_article_speaks_for_itself(model, writing):
    writer = writing()
    brief = await writer.brief(BRIDGE, bullets=3)
    answer = await writer.answer([BRIDGE], question(ASKED))

    assert (brief.method, answer.method) == (Method.EXTRACTIVE, Method.EXTRACTIVE)
    assert (brief.model, brief.prompt_hash, brief.warnings) == (None, None, ())
    assert model.requests == []


async def test_a_spent_budget_is_said(model, writing):
    writer = writing()
    brief = await writer.brief(BRIDGE, bullets=3, leave=RecordingLeave(most=10))
    answer = await writer.answer([BRIDGE], question(ASKED), leave=RecordingLeave(most=10))

    assert (brief.method, brief.warnings) == (Method.EXTRACTIVE, ("model_channel_spent",))
    assert (answer.method, answer.warnings) == (Method.EXTRACTIVE, ("model_channel_spent",))
    assert model.requests == []


# --- whatever the server does ----------------------------------------------------------------

# The warning where a model's words never come of it; elsewhere they may, or not.
NEVER = {
    "broken_json": None,
    "wrong_types": "model_broken",
    "double": None,
    "deep": "model_broken",
    "prose": "model_broken",
    "empty": "model_silent",
    "refuses": "model_declined",
    "refuses:text": "model_broken",
    "filtered": "model_declined",
    "null": "model_silent",
    "no_choices": "model_silent",
    "stalls": "model_timed_out",
    "stalls:half": "model_timed_out",
    "cut": "model_unreachable",
    "cut:start": "model_unreachable",
    "cut:end": "model_unreachable",
    "error:half": "model_unreachable",
    "not_http": "model_unreachable",
    "html": None,
    "status:400": "model_rejected",
    "status:401": "model_rejected",
    "status:403": "model_rejected",
    "status:404": "model_rejected",
    "status:413": "model_too_long",
    "status:429": "model_throttled",
    "status:500": "model_unreachable",
    "status:503": "model_unreachable",
}
ALL = (*WRITINGS, *SHAPES, *ENDINGS, *FAULTS, *(one for one in NEVER if one.startswith("status")))
WARNINGS = {
    "model_broken", "model_declined", "model_rejected", "model_silent", "model_throttled",
    "model_timed_out", "model_too_long", "model_unreachable",
}  # fmt: skip


@pytest.mark.parametrize("behaviour", ALL)
async def test_there_is_a_proven_brief_and_answer_whatever_the_server_does(
    model, writing, behaviour
):
    model.change(behaviour=behaviour)
    timeout = 0.4 if behaviour.startswith("stalls") else 1.5  # else what fails at once is told
    writer, leave = writing(timeout=timeout), RecordingLeave()
    before = time.monotonic()
    brief = await writer.brief(BRIDGE, bullets=3, leave=leave)
    answer = await writer.answer([BRIDGE], question(ASKED), leave=leave)

    assert time.monotonic() - before < 2 * timeout + 1
    assert 1 <= len(brief.bullets) <= 3
    assert answer.voice is not Voice.ABSENT
    for said, articles in ((brief, [BRIDGE]), (answer, [BRIDGE])):
        assert holds_true(said, articles)
        if said.method is Method.ABSTRACTIVE:
            assert said.warnings == ()
            assert NEVER.get(behaviour) is None
        else:
            assert said.warnings[0] in WARNINGS
            assert NEVER.get(behaviour) in (None, said.warnings[0])
    assert leave.open == 0
    assert len(leave.reserved) == len(leave.settled)


@pytest.mark.parametrize(
    "behaviour", ["obeys", "fenced_json", "trailing", "extra", "array", "thinks", "slow"]
)
async def test_a_form_that_can_be_read_is_read(model, writing, behaviour):
    model.change(behaviour=behaviour, rough=True, delay=0.05)
    brief = await writing().brief(BRIDGE, bullets=3, leave=RecordingLeave())

    assert (brief.method, len(brief.bullets)) == (Method.ABSTRACTIVE, 3)


async def test_what_is_of_no_form_is_asked_for_once_more(model, writing):
    model.change(behaviour=["prose", "obeys"])
    brief = await writing().brief(BRIDGE, bullets=3, leave=RecordingLeave())

    assert (brief.method, len(model.requests)) == (Method.ABSTRACTIVE, 2)


async def test_a_server_that_cannot_be_dialled(model, writing):
    writer = writing(timeout=0.4, name="stand-in")
    model.shut()
    brief = await writer.brief(BRIDGE, bullets=3, leave=RecordingLeave())
    await model.open()

    assert (brief.method, brief.warnings) == (Method.EXTRACTIVE, ("model_unreachable",))


async def test_which_of_several_models_is_not_guessed(model, writing):
    model.change(models=("one", "two"))
    brief = await writing().brief(BRIDGE, bullets=3, leave=RecordingLeave())
    assert brief.warnings == ("model_rejected",)
    assert model.requests == []

    brief = await writing(name="two").brief(BRIDGE, bullets=3, leave=RecordingLeave())
    assert (brief.model, model.requests[0]["model"]) == ("two", "two")


async def test_refused_drafts_are_asked_for_again_with_the_reason(model, writing):
    model.change(behaviour="lies", lie="number", lies_again=False)
    brief = await writing().brief(BRIDGE, bullets=3, leave=RecordingLeave())

    assert len(model.requests) == 2
    told = model.requests[1]["messages"][1]["content"]
    assert "Why: the article does not have the number “" in told
    assert brief.method is Method.ABSTRACTIVE
    assert not any(one.quoted for one in brief.bullets)


async def test_what_is_refused_again_is_replaced_by_the_articles_words_and_marked(model, writing):
    model.change(behaviour="lies", lie="number", lie_each=2)
    brief = await writing().brief(BRIDGE, bullets=4, leave=RecordingLeave())

    quoted = [one for one in brief.bullets if one.quoted]
    assert brief.method is Method.ABSTRACTIVE
    assert len(model.requests) == 2
    assert 0 < len(quoted) < len(brief.bullets)
    assert all(one.text in one.evidence[0].quote for one in quoted)
    assert not any(lie.words in text for lie in model.lies for text in texts(brief))
    assert holds_true(brief, [BRIDGE])


# --- what servers lack -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lack", "left_out"),
    [
        ("no_json_schema", "json_schema"),
        ("no_response_format", "response_format"),
        ("no_stream_options", "stream_options"),
        ("only_max_tokens", "max_completion_tokens"),
        ("no_temperature", "temperature"),
    ],
)
async def test_what_a_server_lacks_is_not_asked_of_it_again(model, writing, lack, left_out):
    model.change(**{lack: True})
    writer, leave = writing(), RecordingLeave()
    brief = await writer.brief(BRIDGE, bullets=3, leave=leave)
    assert (brief.method, len(brief.bullets)) == (Method.ABSTRACTIVE, 3)
    assert 1 <= len(model.refused) <= 2
    refused = len(model.refused)

    answer = await writer.answer([BRIDGE], question(ASKED), leave=leave)
    assert answer.method is Method.ABSTRACTIVE
    assert len(model.refused) == refused
    format_ = model.requests[-1].get("response_format", {}).get("type", "")
    assert left_out not in (*model.requests[-1], format_)
    assert leave.open == 0


async def test_a_server_may_lack_everything(model, writing):
    model.change(
        no_response_format=True,
        no_stream_options=True,
        only_max_tokens=True,
        no_temperature=True,
        no_usage=True,
    )
    leave = RecordingLeave()
    brief = await writing().brief(BRIDGE, bullets=3, leave=leave)

    assert (brief.method, len(brief.bullets)) == (Method.ABSTRACTIVE, 3)
    assert leave.open == 0
    assert leave.used[0].taken_in > leave.used[0].written > 0  # counted by us


async def test_a_refusal_for_another_reason_is_no_lack(model, writing):
    model.change(behaviour=["status:400", "status:422", *["status:400"] * 6])
    writer = writing(name="stand-in")
    await writer.brief(BRIDGE, bullets=3, leave=RecordingLeave())
    model.change(behaviour="obeys")
    await writer.brief(BRIDGE, bullets=3, leave=RecordingLeave())

    assert model.requests[-1]["response_format"]["type"] == "json_schema"
    assert writer.client.lacks("stand-in") == frozenset()


# --- time ------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_date", [False, True])
async def test_a_server_that_asks_to_wait_is_waited_for(model, writing, as_date):
    model.change(behaviour=["status:429", "obeys"], retry_after=0, retry_as_date=as_date)
    brief = await writing().brief(BRIDGE, bullets=3, leave=RecordingLeave())

    assert (brief.method, len(model.requests)) == (Method.ABSTRACTIVE, 2)


@pytest.mark.parametrize("wait", [30, 86_400])
async def test_nobody_waits_beyond_the_deadline(model, writing, wait):
    model.change(behaviour=["status:429", "obeys"], retry_after=wait)
    before = time.monotonic()
    brief = await writing().brief(BRIDGE, bullets=3, leave=RecordingLeave())

    assert time.monotonic() - before < 1
    assert (brief.warnings, len(model.requests)) == (("model_throttled",), 1)


@pytest.mark.parametrize("behaviour", ["stalls", "stalls:half"])
async def test_who_cancels_leaves_the_server_and_gives_the_tokens_back(model, writing, behaviour):
    model.change(behaviour=behaviour)
    leave = RecordingLeave()
    task = asyncio.create_task(writing(timeout=60).brief(BRIDGE, bullets=3, leave=leave))
    await _until(lambda: model.counts[behaviour])
    assert leave.open > 0
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert leave.open == 0
    assert leave.used == [Tokens()]
    await _until(lambda: model.counts["gone"])


async def _until(reached):
    async with asyncio.timeout(2):
        while not reached():  # noqa: ASYNC110 - the server keeps no event for it
            await asyncio.sleep(0.005)


# --- long articles ---------------------------------------------------------------------------


async def test_a_long_article_is_read_in_parts_and_that_is_said(model, writing):
    long, leave = long_article(), RecordingLeave()
    model.change(context=2_000)
    brief = await writing(context=2_000, timeout=20).brief(long, bullets=4, leave=leave)

    assert brief.method is Method.ABSTRACTIVE
    assert len(brief.bullets) == 4
    assert brief.warnings[0].startswith("model_parts:")
    assert int(brief.warnings[0].partition(":")[2]) == len(model.requests) - 1 > 1
    assert holds_true(brief, [long])
    assert model.refused == []
    assert leave.open == 0


async def test_what_was_not_read_of_a_very_long_one_is_said(model, writing):
    long = long_article(500)
    brief = await writing(context=2_000, timeout=20).brief(long, bullets=4, leave=RecordingLeave())

    name, _, share = brief.warnings[0].partition(":")
    assert name == "model_read"
    assert 0 < int(share.removesuffix("%")) < 100
    assert holds_true(brief, [long])


@pytest.mark.parametrize(
    ("behaviour", "warning"),
    [
        ("status:401", "model_rejected"),
        ("prose", "model_broken"),
        ("refuses", "model_declined"),
        ("stalls", "model_timed_out"),
        ("cut", "model_unreachable"),
    ],
)
async def test_a_part_that_fails_is_told_as_any_failure(model, writing, behaviour, warning):
    model.change(behaviour=["obeys", *[behaviour] * 60])
    leave = RecordingLeave()
    writer = writing(context=2_000, timeout=2)
    brief = await writer.brief(long_article(), bullets=4, leave=leave)

    assert (brief.method, brief.warnings) == (Method.EXTRACTIVE, (warning,))
    assert leave.open == 0


async def test_the_budget_may_end_between_two_parts(model, writing):
    leave = RecordingLeave(most=7_000)
    brief = await writing(context=2_000).brief(long_article(), bullets=4, leave=leave)

    assert (brief.method, brief.warnings) == (Method.EXTRACTIVE, ("model_channel_spent",))
    assert leave.open == 0


async def test_of_a_long_article_the_passages_near_a_question_are_shown(model, writing):
    long = long_article()
    asked = question("How many new kerbs is Hazel Street number 35 to get?")
    answer = await writing(context=2_000).answer([long], asked, leave=RecordingLeave())

    assert len(model.requests) == 1
    assert "Hazel Street number 35" in model.requests[0]["messages"][1]["content"]
    assert holds_true(answer, [long])


async def test_of_several_long_articles_only_so_much_is_sent(model, writing):
    streets = [long_article(300), replace(long_article(301), version="other")]
    asked = question("How many new kerbs is Hazel Street number 35 to get?")
    await writing(timeout=20).answer(streets, asked, leave=RecordingLeave())

    sent = model.requests[0]["messages"][1]["content"]
    assert "Hazel Street number 35" in sent
    assert 4_000 < tokens_of(sent) < 9_000


# --- secrets ---------------------------------------------------------------------------------


@pytest.mark.parametrize("behaviour", ["obeys", "status:401", "status:500", "cut", "prose", "html"])
async def test_the_key_is_in_no_log_error_or_repr(model, writing, caplog, behaviour):
    caplog.set_level(logging.DEBUG)
    model.change(behaviour=behaviour, key=KEY)
    writer = writing(key=KEY, timeout=0.4)
    brief = await writer.brief(BRIDGE, bullets=3, leave=RecordingLeave())

    troubles = writer.telemetry.troubles
    told = [repr(writer), repr(brief), repr(writer.telemetry.lines), caplog.text]
    told += ["".join(traceback.format_exception(one.error)) for one in troubles]
    told += [repr(vars(one.error)) for one in troubles]
    assert model.requests
    assert KEY not in "\n".join(told)
    if behaviour != "obeys":
        assert troubles


async def test_a_wrong_key_is_refused_for_good(model, writing):
    model.change(key=KEY)
    writer = writing(key="sk-other")
    brief = await writer.brief(BRIDGE, bullets=3, leave=RecordingLeave())

    assert brief.warnings == ("model_rejected",)
    assert model.requests == []
    assert "sk-other" not in repr(writer.telemetry.lines)
