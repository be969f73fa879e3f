"""The model server that the other tests rely on: that it is as strict, and as bad, as it says."""

from __future__ import annotations

import json

import pytest

from tests.standins.asking import (
    ITEM,
    SCHEMA,
    STRICT,
    ask,
    body,
    content,
    joined,
    schema,
    stream,
)
from tests.standins.model import Model
from tests.standins.model_settings import BadSetting

# --- strictness ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"temprature": 0}, "temprature", "unknown_parameter"),
        ({"max_output_tokens": 9}, "max_output_tokens", "unknown_parameter"),
        ({"temperature": "0"}, "temperature", "invalid_type"),
        ({"temperature": 3}, "temperature", "invalid_value"),
        ({"stream": "true"}, "stream", "invalid_type"),
        ({"max_tokens": True}, "max_tokens", "invalid_type"),
        ({"max_tokens": 0}, "max_tokens", "invalid_value"),
        ({"seed": None}, "seed", "invalid_type"),
        ({"messages": "hello"}, "messages", "invalid_type"),
        ({"messages": []}, "messages", "invalid_value"),
        ({"messages": ["hello"]}, "messages[0]", "invalid_type"),
        ({"messages": [{"role": "user"}]}, "messages[0].content", "missing_required_parameter"),
        ({"messages": [{"content": "a"}]}, "messages[0].role", "missing_required_parameter"),
        ({"messages": [{"role": "bot", "content": "a"}]}, "messages[0].role", "invalid_value"),
        ({"messages": [{"role": "user", "content": " "}]}, "messages[0].content", "invalid_value"),
        ({"messages": [{"role": "user", "content": 7}]}, "messages[0].content", "invalid_type"),
        ({"messages": [{"role": "system", "content": "a"}]}, "messages", "invalid_value"),
        ({"max_tokens": 9, "max_completion_tokens": 9}, "max_tokens", None),
        ({"stream_options": {"include_usage": True}}, "stream_options", "invalid_value"),
        ({"stream": True, "stream_options": {"usage": True}}, "stream_options.usage", None),
        ({"response_format": {}}, "response_format.type", "missing_required_parameter"),
        ({"response_format": {"type": "json"}}, "response_format.type", "invalid_value"),
        ({"response_format": {"type": "json_schema"}}, "response_format.json_schema", None),
    ],
)
async def test_what_is_wrong_with_a_request_is_refused_with_its_parameter(
    model, session, changes, param, code
):
    status, found = await ask(session, model, body(**changes))
    assert status == 400
    assert set(found["error"]) == {"message", "type", "param", "code"}
    assert found["error"]["param"] == param
    assert code in (None, found["error"]["code"])
    assert (model.counts["refused"], model.refused) == (1, [found["error"]])


async def test_a_missing_model_or_messages_is_told(model, session):
    for name in ("model", "messages"):
        sent = {key: value for key, value in body().items() if key != name}
        status, found = await ask(session, model, sent)
        assert (status, found["error"]["param"]) == (400, name)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "no spaces"},
        {"schema": "object"},
        {"more": 1},
        {"strict": "yes"},
        {"schema": {**SCHEMA, "additionalProperties": True}},
        {"schema": {**SCHEMA, "required": []}},
        {"schema": {**SCHEMA, "$defs": {}}},
        {"schema": {**SCHEMA, "$defs": {"Bullet": {**ITEM, "required": ["text"]}}}},
        {"schema": {**SCHEMA, "$defs": {"Bullet": {"type": "string", "minLength": 1}}}},
        {"schema": {**SCHEMA, "properties": {"bullets": {"type": "array"}}}},
        {"schema": {**SCHEMA, "properties": {"bullets": {"title": "Bullets"}}}},
        {"schema": {"type": "array", "items": ITEM}},
    ],
)
async def test_a_schema_that_would_not_be_taken_is_refused(model, session, changes):
    assert (await ask(session, model, body(**schema(**changes))))[0] == 400


async def test_a_schema_without_name_or_schema_is_refused(model, session):
    for name in ("name", "schema"):
        sent = {key: value for key, value in STRICT.items() if key != name}
        shape = {"type": "json_schema", "json_schema": sent}
        status, found = await ask(session, model, body(response_format=shape))
        assert (status, found["error"]["param"]) == (400, f"response_format.json_schema.{name}")


async def test_json_mode_needs_the_word_in_the_prompt(model, session):
    shape = {"response_format": {"type": "json_object"}}
    assert (await ask(session, model, body(**shape)))[0] == 200
    sent = body(messages=[{"role": "user", "content": "Write it"}], **shape)
    assert (await ask(session, model, sent))[0] == 400


async def test_a_body_that_is_no_json_object_is_refused(model, session):
    url, headers = f"{model.url}/chat/completions", {"Content-Type": "application/json"}
    for raw in (b"{", b"[]", b'{"temperature": NaN}', b"\xff", b"[" * 50_000):
        async with session.post(url, data=raw, headers=headers) as answer:
            assert answer.status == 400
    async with session.post(url, data=b"{}") as answer:
        assert answer.status == 400


async def test_a_key_is_asked_for(model, session):
    model.change(key="k-1")
    for header in (None, "Bearer k-2", "k-1", "Bearer ", "Basic k-1"):
        headers = {"Authorization": header} if header else {}
        status, found = await ask(session, model, headers=headers)
        assert (status, set(found)) == (401, {"error"})
    assert (await ask(session, model, headers={"Authorization": "Bearer k-1"}))[0] == 200
    assert len(model.requests) == 1


async def test_unknown_models_and_addresses_are_not_found(model, session):
    status, found = await ask(session, model, body(model="gpt-x"))
    assert (status, found["error"]["code"]) == (404, "model_not_found")
    async with session.get(f"{model.url}/models") as answer:
        assert [one["id"] for one in (await answer.json())["data"]] == ["stand-in"]
    for method, path, status in (
        ("GET", "/chat/completions", 405),
        ("POST", "/models", 405),
        ("POST", "/completions", 404),
        ("POST", "/chat/completions/", 404),
        ("POST", "/v1/chat/completions", 404),
    ):
        async with session.request(method, model.url + path, json=body()) as answer:
            assert (answer.status, set(await answer.json())) == (status, {"error"})


@pytest.mark.parametrize(
    ("lack", "changes", "param"),
    [
        ("no_json_schema", schema(), "response_format"),
        ("no_response_format", {"response_format": {"type": "json_object"}}, "response_format"),
        (
            "no_stream_options",
            {"stream": True, "stream_options": {"include_usage": True}},
            "stream_options",
        ),
        ("only_max_tokens", {"max_completion_tokens": 900}, "max_completion_tokens"),
        ("only_max_completion_tokens", {"max_tokens": 900}, "max_tokens"),
        ("no_temperature", {"temperature": 0}, "temperature"),
    ],
)
async def test_what_a_server_lacks_is_named(model, session, lack, changes, param):
    async with session.post(f"{model.url}/chat/completions", json=body(**changes)) as answer:
        assert answer.status == 200
    model.change(**{lack: True})
    status, found = await ask(session, model, body(**changes))
    assert (status, found["error"]["param"]) == (400, param)
    assert (await ask(session, model))[0] == 200


async def test_a_prompt_over_the_context_is_refused(model, session):
    model.change(context=100)
    status, found = await ask(session, model)
    assert (status, found["error"]["code"]) == (400, "context_length_exceeded")


def test_a_setting_that_is_unknown_or_not_possible_changes_nothing():
    model = Model()
    for wrong in ({"x": 1}, {"behaviour": "sings"}, {"behaviour": []}, {"lie": "x"}, {"delay": -1}):
        with pytest.raises(BadSetting):
            model.change(context=5, **wrong)
    assert model.settings.context == 128_000


async def test_it_is_told_to_lie_and_says_what_it_told(model, session):
    root = model.url.removesuffix("/v1")
    async with session.put(f"{root}/settings", json={"behaviour": "lies", "lie": "name"}) as done:
        assert done.status == 200
    written = await content(session, model)
    for lies in (3, 0):
        async with session.get(f"{root}/told") as answer:
            told = await answer.json()
        assert [one["words"] in written for one in told["lies"]] == [True] * lies
        assert (told["misquotes"], told["worst"]) == ([], [])


# --- the form of answers ---------------------------------------------------------------------


async def test_an_answer_has_the_form_of_a_completion(model, session):
    _, found = await ask(session, model)
    assert found["object"] == "chat.completion"
    assert found["id"].startswith("chatcmpl-")
    assert found["choices"][0]["finish_reason"] == "stop"
    usage = found["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"] > 0
    assert model.requests == [body()]


async def test_a_stream_says_the_same_in_chunks(model, session):
    whole = await content(session, model)
    events = await stream(session, model, stream_options={"include_usage": True})
    assert joined(events) == whole
    assert events[-1] == "[DONE]"
    chunks = [json.loads(one) for one in events[:-1]]
    assert {one["object"] for one in chunks} == {"chat.completion.chunk"}
    assert len({one["id"] for one in chunks}) == 1
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert (chunks[-1]["choices"], chunks[-1]["usage"]["total_tokens"] > 0) == ([], True)
    assert "usage" not in json.loads((await stream(session, model))[-2])


async def test_a_rough_stream_says_the_same(model, session):
    whole = await content(session, model)
    model.change(rough=True, no_usage=True)
    events = await stream(session, model, stream_options={"include_usage": True})
    assert joined(events) == whole
    assert json.loads(events[-2])["choices"]


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
async def test_an_answer_ends_at_the_most_tokens(model, session, name):
    whole = await content(session, model)
    _, found = await ask(session, model, body(**{name: 10}))
    assert found["choices"][0]["message"]["content"] == whole[:40]
    assert found["choices"][0]["finish_reason"] == "length"
    events = await stream(session, model, **{name: 10})
    assert joined(events) == whole[:40]
    assert json.loads(events[-2])["choices"][0]["finish_reason"] == "length"
