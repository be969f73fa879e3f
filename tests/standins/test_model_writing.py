"""The model server that the other tests rely on: what it writes, well and badly."""

from __future__ import annotations

import json

import pytest

from tests.standins.asking import (
    ARTICLE,
    ITEM,
    SCHEMA,
    ask,
    body,
    bullets,
    content,
    joined,
    passage,
    prompt,
    proven,
    question,
    schema,
    stream,
)
from tests.standins.model import Model
from tests.standins.model_outputs import WORST_CASES, filled
from tests.standins.model_settings import ENDINGS, LIES, MISQUOTES, SHAPES
from tests.standins.model_shapes import SORRY
from tests.standins.model_writing import first_sentence


async def test_a_brief_is_made_of_true_bullets_in_order(model, session):
    found = await bullets(session, model)
    assert [one["label"] for one in found] == ["S", "P1", "P2"]
    assert all(map(proven, found))
    assert found[1]["text"] == (
        "About 300 people an hour cross the bridge on foot, most of them from the station"
    )
    more = await bullets(session, model, body(messages=prompt("brief", bullets="four to 6")))
    assert len(more) == 6


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Dr. Ada Byron of the U.S. Navy left. It rained.", "Dr. Ada Byron of the U.S. Navy left."),
        ("“I am out. It is over,” she said. “Bye.”", "“I am out. It is over,” she said."),
        ("It cost 2.5 million. “No,” he said.", "It cost 2.5 million."),
        ("橋は月曜に閉まる。雨だ。", "橋は月曜に閉まる。"),
        ("No stop", "No stop"),
    ],
)
def test_a_sentence_is_cut_out_whole(text, first):
    assert first_sentence(text) == first


async def test_bullets_are_repaired_from_the_passages_named(model, session):
    failed = '- "It is wrong" (P4): the quote is not in [P4]'
    sent = body(messages=prompt("repair", bullets="1", failed=failed))
    found = await bullets(session, model, sent)
    assert [one["label"] for one in found] == ["P4"]
    assert all(map(proven, found))


async def test_an_answer_is_the_passage_that_shares_most(model, session):
    found = json.loads(await content(session, model, question("How much steel did the rust take?")))
    assert (found["found"], found["quotes"][0]["label"]) == (True, "P2")
    assert "12 tonnes" in found["answer"]
    found = json.loads(await content(session, model, question("Who won the cup final in Oslo?")))
    assert (found["found"], found["answer"]) == (False, "")


async def test_a_schema_gives_the_task_and_the_keys(model, session):
    messages = [{"role": "user", "content": ARTICLE}]
    found = await bullets(session, model, body(messages=messages, **schema()))
    assert [list(one) for one in found] == [["text", "label", "quote"]] * 3
    narrow = {**ITEM, "properties": {"text": {"type": "string"}}, "required": ["text"]}
    wanted = schema(schema={**SCHEMA, "$defs": {"Bullet": narrow}})
    found = await bullets(session, model, body(messages=messages, **wanted))
    assert [list(one) for one in found] == [["text"]] * 3


async def test_another_task_is_answered_shortly(model, session):
    ping = [{"role": "user", "content": "ping"}]
    assert await content(session, model, body(messages=ping)) == "OK"
    sent = body(messages=ping, **schema(name="probe"))
    assert json.loads(await content(session, model, sent)) == {"bullets": []}


@pytest.mark.parametrize("kind", LIES)
async def test_each_bullet_holds_one_lie_that_is_told(model, session, kind):
    model.change(behaviour="lies", lie=kind)
    for _ in range(20):
        found = await bullets(session, model)
        assert all(map(proven, found))
        for bullet, lie in zip(found, model.lies[-3:], strict=True):
            assert (lie.kind, lie.text) == (kind, bullet["text"])
            assert lie.words in bullet["text"]
            assert lie.words not in ARTICLE
    assert len({lie.words for lie in model.lies}) > 3
    if kind in ("name", "quote"):
        assert {lie.place for lie in model.lies} == {"start", "middle", "end"}


async def test_lies_may_be_inventions_in_some_of_the_lines(model, session):
    model.change(behaviour="lies", lie="invented", lie_each=2)
    for _ in range(3):
        found = await bullets(session, model)
        assert [one["text"] in passage(one["label"]) for one in found] == [False, True, False]
    assert {lie.kind for lie in model.lies} == {"number", "name", "quote"}


async def test_lies_are_mixed_and_may_end_with_a_repair(model, session):
    model.change(behaviour="lies")
    await bullets(session, model)
    await content(session, model, question("Who won the cup final in Oslo?"))
    assert {lie.kind for lie in model.lies} == set(LIES)
    sent = body(messages=prompt("repair"))
    await bullets(session, model, sent)
    assert len(model.lies) == 7
    model.change(lies_again=False)
    assert all(map(proven, await bullets(session, model, sent)))
    assert len(model.lies) == 7


@pytest.mark.parametrize("kind", MISQUOTES)
async def test_the_proof_is_wrong_and_the_bullet_true(model, session, kind):
    model.change(behaviour="misquotes", misquote=kind)
    found = await bullets(session, model)
    assert [one.kind for one in model.misquotes] == [kind] * 3
    for bullet in found:
        assert any(bullet["text"] in line for line in ARTICLE.splitlines())
        assert f"[{bullet['label']}]" not in ARTICLE or not proven(bullet)


async def test_one_bullet_is_the_worst_and_each_case_has_its_turn(model, session):
    model.change(behaviour="injected")
    for number, (kind, _) in enumerate(WORST_CASES):
        found = await bullets(session, model)
        worst = model.worst[-1]
        assert (worst.index, worst.kind) == (number, kind)
        assert sum(one["text"] == worst.text for one in found) == 1
        assert all(map(proven, found))
    model.change(worst=3, worst_in="quote")
    assert WORST_CASES[3][1] == "{benign}, see evil.example/login"
    assert any(one["quote"].endswith("evil.example/login") for one in await bullets(session, model))
    await content(session, model, question("Who won the cup final in Oslo?"))


def test_the_worst_cases_are_many_and_all_different():
    assert len(set(WORST_CASES)) == len(WORST_CASES) >= 92
    kinds = {kind for kind, _ in WORST_CASES}
    assert {"link", "mention", "hidden", "markup", "foreign", "homoglyph"} < kinds
    assert all("{benign}" not in filled(number, "x").text for number in range(len(WORST_CASES)))


@pytest.mark.parametrize("behaviour", SHAPES)
async def test_other_shapes_are_not_what_was_asked_for(model, session, behaviour):
    good = json.loads(await content(session, model))
    model.change(behaviour=behaviour)
    for _ in range(8):
        text = await content(session, model)
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        assert found != good
    if behaviour == "fenced_json":
        assert json.loads(text[text.index('{\n  "bullets"') : text.rindex("}") + 1]) == good
    if behaviour == "double":
        assert json.loads(found) == good


@pytest.mark.parametrize("behaviour", ENDINGS)
async def test_other_endings_hold_no_answer(model, session, behaviour):
    model.change(behaviour=behaviour)
    _, found = await ask(session, model)
    events = await stream(session, model)
    assert events[-1] == "[DONE]"
    if behaviour == "no_choices":
        assert (found["choices"], len(events)) == ([], 1)
        return
    choice = found["choices"][0]
    told = (choice["message"]["content"], choice["message"]["refusal"], choice["finish_reason"])
    assert (
        told
        == {
            "refuses": (None, SORRY, "stop"),
            "refuses:text": (SORRY, None, "stop"),
            "filtered": ('{"bullets": [{"text"', None, "content_filter"),
            "null": (None, None, "stop"),
        }[behaviour]
    )
    assert joined(events) == (told[0] or "")
    assert json.loads(events[-2])["choices"][0]["finish_reason"] == told[2]


async def test_behaviours_take_turns(model, session):
    model.change(behaviour=["prose", "status:500", "obeys"])
    assert [(await ask(session, model))[0] for _ in range(4)] == [200, 500, 200, 200]
    assert model.counts == {"prose": 2, "status:500": 1, "obeys": 1}


async def test_the_same_seed_writes_the_same(session):
    told = []
    for _ in range(2):
        async with Model(seed=7, behaviour=["lies", "injected", "misquotes"]) as model:
            told.append([await content(session, model) for _ in range(6)])
    assert told[0] == told[1]
