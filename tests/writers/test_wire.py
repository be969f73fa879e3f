"""What a model answers is read in whatever form it comes, or refused with one error."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.writers.model.wire import WrittenAnswer, WrittenBrief, read, schema
from tests.standins.model_requests import check
from tests.standins.model_settings import SHAPES, Settings
from tests.standins.model_shapes import shaped

BRIEF = {"bullets": [{"text": "A, b]", "label": "P1", "quote": 'say // "hi", }'}]}
ANSWER = {"found": True, "answer": "Yes.", "quotes": [{"label": "P1", "quote": "it is so"}]}
READ = ("fenced_json", "trailing", "extra", "array", "thinks")

JSONISH = st.lists(
    st.sampled_from(
        ['{"bullets": ', '{"found": ', "[", "]", "{", "}", '"', "\\", "//", "/*", "*/", ",", "```",
         "<think>", "</think>", "null", "true", "1e999", "9" * 5000, '"text"', ": ", "\n", "\ud83d"]
    ),
    max_size=40,
).map("".join)  # fmt: skip


@given(st.text() | JSONISH, st.sampled_from([WrittenBrief, WrittenAnswer]))
def test_any_text_is_read_or_is_a_value_error(text, form):
    try:
        found = read(text, form)
    except ValueError:
        return
    assert isinstance(found, form)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                    lambda inner: st.lists(inner) | st.dictionaries(
                        st.sampled_from(["bullets", "found", "answer", "quotes", "text"]), inner),
                    max_leaves=12))  # fmt: skip
def test_any_json_is_read_or_is_a_value_error(value):
    for form in (WrittenBrief, WrittenAnswer):
        try:
            found = read(json.dumps(value), form)
        except ValueError:
            continue
        assert isinstance(found, form)


@pytest.mark.parametrize("shape", READ)
@pytest.mark.parametrize("turn", range(4))
def test_a_form_that_models_use_is_read(shape, turn):
    found = read(shaped(shape, BRIEF, turn), WrittenBrief)
    assert found.bullets[0].text == "A, b]"
    if shape != "extra":
        assert found.bullets[0].quote == 'say // "hi", }'


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("turn", range(8))
def test_no_form_breaks_the_reading(shape, turn):
    for form, value in ((WrittenBrief, BRIEF), (WrittenAnswer, ANSWER)):
        try:
            assert isinstance(read(shaped(shape, value, turn), form), form)
        except ValueError:
            assert shape not in READ or form is WrittenAnswer


def test_an_answer_is_read():
    found = read(json.dumps(ANSWER), WrittenAnswer)
    assert (found.found, found.answer, found.quotes[0].label) == (True, "Yes.", "P1")


@pytest.mark.parametrize(
    ("text", "bullets"),
    [
        ('{"bullets": ["one", "two"]}', ["one", "two"]),
        ('["one"]', ["one"]),
        ('{"bullets": [{"text": 7, "label": null}]}', ["7"]),
        ('{"bullets": []}', []),
        ('{"x": 1} {"bullets": ["one"]}', ["one"]),
        ('<think>{"bullets": ["no"]}</think>{"bullets": ["one"]}', ["one"]),
        ('<THINKING> well\n</THINKING>\n```\n["one",]\n```', ["one"]),
        ('{"bullets": ["a\nb"] /* so */ } // end', ["a\nb"]),
        ('{"bullets": ["http://x", "/* y */"],}', ["http://x", "/* y */"]),
    ],
)
def test_a_brief_is_read(text, bullets):
    assert [one.text for one in read(text, WrittenBrief).bullets] == bullets


@pytest.mark.parametrize(
    "text",
    ["", "no", "{}", "null", '{"bullets": null}', '{"bullets": [[]]}', '{"bullets": ["one"',
     '{"bullets": [' + '"a",' * 80 + '"a"]}', '{"found": true}'],
)  # fmt: skip
def test_another_form_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        read(text, WrittenBrief)


@pytest.mark.parametrize(
    "text",
    ["{" + "/*" * 100_000, "<think>" * 30_000, "</think>" * 25_000, '{"a' * 70_000, "[" * 200_000,
     '{"bullets": ' + '\\"' * 100_000, "```" + " " * 200_000, "{," + " " * 200_000,
     "{/" + "*" * 200_000,
     '{"bullets": [' + "1" * 200_000],
    ids=range(10),
)  # fmt: skip
def test_no_text_takes_long(text):
    before = time.process_time()
    with pytest.raises(ValueError, match=r".+"):
        read(text, WrittenBrief)
    assert time.process_time() - before < 2


def test_the_schema_is_one_that_strict_servers_take():
    for name, form in (("brief", WrittenBrief), ("answer", WrittenAnswer)):
        body = {
            "model": "stand-in",
            "messages": [{"role": "user", "content": "as JSON"}],
            "response_format": schema(name, form),
        }
        check(body, Settings())
