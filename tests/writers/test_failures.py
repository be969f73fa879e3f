"""What servers say when a text is too long for them, word for word as some of them do."""

import json

import httpx2 as httpx
import openai
import pytest

from bot.errors import ModelRejected, ModelTooLong, ModelUnreachable
from bot.writers.model.failures import refused, translated

LLAMA_CPP = (
    "request (15020 tokens) exceeds the available context size (2048 tokens), try increasing it"
)
LM_STUDIO = (
    "The number of tokens to keep from the initial prompt is greater than the context length "
    "(n_keep: 13055>= n_ctx: 4096). Try to load the model with a larger context length"
)
SAID = [
    (400, {"code": 400, "message": LLAMA_CPP, "type": "exceed_context_size_error"}),
    (400, {"message": f"litellm.ContextWindowExceededError: OpenAIException - {LLAMA_CPP}"}),
    (400, {"message": "litellm.ContextWindowExceededError: this is a mock error"}),
    (400, {"message": "This model's maximum context length is 2048 tokens. However, ..."}),
    (400, {"message": "...", "code": "context_length_exceeded"}),
    (400, LM_STUDIO),
    (400, {"message": "prompt is too long: 213456 tokens > 200000 maximum"}),
    (413, {"message": "Payload Too Large"}),
]


def answered(status: int, error: object) -> openai.APIStatusError:
    request = httpx.Request("POST", "http://127.0.0.1/v1/chat/completions")
    response = httpx.Response(status, content=json.dumps({"error": error}), request=request)
    return openai.APIStatusError("Error", response=response, body=error)


@pytest.mark.parametrize(("status", "error"), SAID)
def test_a_text_that_is_too_long_is_known_for_it(status, error):
    assert isinstance(refused("m", answered(status, error)), ModelTooLong)


@pytest.mark.parametrize("error", [error for status, error in SAID if status == 400])
async def test_also_where_it_is_told_within_a_stream(error):
    request = httpx.Request("POST", "http://127.0.0.1/v1/chat/completions")
    with pytest.raises(ModelTooLong):
        async with translated("m"):
            raise openai.APIError("Error", request, body=error)


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (504, "The upstream server took too long to respond", ModelUnreachable),
        (500, "Internal Server Error", ModelUnreachable),
        (400, "No connected db.", ModelRejected),
    ],
)
def test_what_is_something_else_is_not_taken_for_it(status, message, kind):
    assert isinstance(refused("m", answered(status, {"message": message})), kind)
