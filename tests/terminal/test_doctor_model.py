"""`briefbot doctor` with a model: each thing that can be wrong with it, and what to do."""

import pytest

from bot.settings import Settings
from bot.terminal.doctor_model import examine
from bot.terminal.exits import Exit
from bot.terminal.findings import Finding
from tests.standins.model import Model


@pytest.fixture
async def model():
    async with Model(seed=1) as serving:
        yield serving


async def found(model: Model, **settings) -> list[Finding]:
    return await examine(Settings(openai_base_url=model.url, **settings))


def failed(findings: list[Finding]) -> Finding:
    """The last finding, which is the only one to fail."""
    assert [one.well for one in findings] == [True] * (len(findings) - 1) + [False]
    assert findings[-1].code is Exit.SETTINGS
    return findings[-1]


async def test_a_good_one_is_asked_by_name_form_and_a_sample_brief(model):
    server, asked, brief = await found(model)
    assert server.detail == f"{model.url} answers and lists 1 model"
    assert asked.detail.startswith("stand-in answers as a stream, after ")
    assert asked.detail.endswith(" s; takes a JSON schema")
    assert brief.detail.startswith("a sample article was briefed in ")
    assert brief.detail.endswith("every proof exact")
    assert all(one.well for one in (server, asked, brief))


async def test_each_model_that_is_set_up_is_asked(model):
    model.change(models=["small", "large"])
    server, *rest = await found(model, openai_model="small", answer_model="large")
    assert server.detail.endswith("lists 2 models")
    assert [one.detail.split()[0] for one in rest] == ["small", "large", "a"]


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ({"no_json_schema": True}, "; takes JSON, but no schema of it"),
        ({"no_response_format": True}, "; takes no form of JSON and is asked for it in words"),
        ({"no_usage": True}, "; does not count its tokens, so they are estimated"),
        ({"no_stream_options": True}, "; does not count its tokens, so they are estimated"),
    ],
)
async def test_what_its_server_lacks_is_told_and_no_failure(model, lacks, said):
    model.change(**lacks)
    findings = await found(model)
    assert said in findings[1].detail
    assert all(one.well for one in findings)


async def test_a_wrong_key(model):
    model.change(key="right")
    assert (await found(model, openai_api_key="right"))[-1].well
    for named in ({}, {"openai_model": "stand-in"}):
        fault = failed(await found(model, openai_api_key="wrong", **named))
        assert fault.detail == (
            "its server did not accept the key (HTTP 401). Correct OPENAI_API_KEY."
        )


async def test_a_wrong_name(model):
    model.change(models=["small", "large"])
    fault = failed(await found(model, openai_model="medium"))
    assert fault.detail == (
        "its server doesn't know medium (HTTP 404). There: small, large. Correct OPENAI_MODEL."
    )


async def test_no_name_where_there_are_several(model):
    model.change(models=["small", "large"])
    fault = failed(await found(model))
    assert "several models, or none (small, large)" in fault.detail
    assert "OPENAI_MODEL" in fault.detail


async def test_no_server(model):
    model.shut()
    (fault,) = await found(model, openai_model="stand-in")
    assert fault.detail.startswith("its server can't be reached, or broke (APIConnectionError).")
    assert "OPENAI_BASE_URL" in fault.detail


@pytest.mark.parametrize("path", ["", "/v2"])
async def test_an_address_of_nothing(model, path):
    url = model.url.removesuffix("/v1") + path
    fault = failed(await examine(Settings(openai_base_url=url, openai_model="stand-in")))
    assert "nothing at this address (HTTP 404)" in fault.detail


async def test_one_that_never_answers(model):
    model.change(behaviour="stalls")
    fault = failed(await found(model, model_timeout=1))
    assert fault.detail.startswith("no whole answer within 1 s.")
    assert "BRIEFBOT_MODEL_TIMEOUT" in fault.detail


async def test_one_whose_briefs_cannot_be_proven(model):
    model.change(behaviour=["obeys", "prose", "prose"])
    fault = failed(await found(model))
    assert fault.detail.startswith("nothing that it wrote of a sample article could be proven")


async def test_one_that_lies_is_told_as_far_as_it_is_caught(model):
    model.change(behaviour="lies", lie="number", lies_again=False)
    assert all(one.well for one in await found(model))
    model.change(lies_again=True)
    assert "could be proven" in failed(await found(model)).detail


async def test_one_that_does_not_keep_to_the_form(model):
    model.change(behaviour=["prose", "obeys"])
    asked = (await found(model))[1]
    assert asked.well
    assert asked.detail.endswith("takes a JSON schema; did not keep to it this time")


async def test_a_prompt_that_does_not_fit(model, tmp_path):
    (tmp_path / "brief.md").write_text("# system\n\n# user\n\n{{nonsense}}\n")
    fault = failed(await found(model, prompts=tmp_path))
    assert "{{nonsense}}" in fault.detail


async def test_no_password_of_an_address_is_shown(model):
    url = model.url.replace("//", "//ada:secret@")
    findings = await examine(Settings(openai_base_url=url))
    assert findings[0].detail == f"{model.url} answers and lists 1 model"
