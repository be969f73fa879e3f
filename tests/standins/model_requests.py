"""What the model server lets pass, and how it says no."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.standins.model_refusals import Refused, bad_type, bad_value, missing, unsupported
from tests.standins.model_schemas import check_format

if TYPE_CHECKING:
    from tests.standins.model_settings import Settings

Check = Callable[[Any], bool]

_ROLES = ("system", "developer", "user", "assistant", "tool", "function")
_MESSAGE_KEYS = {"role", "content", "name", "refusal", "tool_calls", "tool_call_id", "audio"}


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _list(value: Any) -> bool:
    return isinstance(value, list)


def _object(value: Any) -> bool:
    return isinstance(value, dict)


def _stops(value: Any) -> bool:
    return _text(value) or (_list(value) and len(value) <= 4 and all(map(_text, value)))


def _any(value: Any) -> bool:
    return True


PARAMETERS: dict[str, tuple[str, Check]] = {
    "messages": ("an array of objects", _list),
    "model": ("a string", _text),
    "audio": ("an object", _object),
    "frequency_penalty": ("a decimal", _number),
    "function_call": ("a string or object", _any),
    "functions": ("an array", _list),
    "logit_bias": ("an object", _object),
    "logprobs": ("a boolean", _flag),
    "max_completion_tokens": ("an integer", _whole),
    "max_tokens": ("an integer", _whole),
    "metadata": ("an object", _object),
    "modalities": ("an array", _list),
    "n": ("an integer", _whole),
    "parallel_tool_calls": ("a boolean", _flag),
    "prediction": ("an object", _object),
    "presence_penalty": ("a decimal", _number),
    "prompt_cache_key": ("a string", _text),
    "prompt_cache_retention": ("a string", _text),
    "reasoning_effort": ("a string", _text),
    "response_format": ("an object", _object),
    "safety_identifier": ("a string", _text),
    "seed": ("an integer", _whole),
    "service_tier": ("a string", _text),
    "stop": ("a string or an array of up to 4 strings", _stops),
    "store": ("a boolean", _flag),
    "stream": ("a boolean", _flag),
    "stream_options": ("an object", _object),
    "temperature": ("a decimal", _number),
    "tool_choice": ("a string or object", _any),
    "tools": ("an array", _list),
    "top_logprobs": ("an integer", _whole),
    "top_p": ("a decimal", _number),
    "user": ("a string", _text),
    "verbosity": ("a string", _text),
    "web_search_options": ("an object", _object),
}
_BOUNDS = {
    "temperature": (0, 2),
    "top_p": (0, 1),
    "frequency_penalty": (-2, 2),
    "presence_penalty": (-2, 2),
    "n": (1, 1),  # this server writes one
    "max_tokens": (1, 1_000_000),
    "max_completion_tokens": (1, 1_000_000),
    "top_logprobs": (0, 20),
}


def check_key(header: str | None, key: str | None) -> None:
    """Raise Refused where a key is needed and the header `Authorization` does not bear it."""
    if key is None:
        return
    if not header:
        raise Refused(401, "You didn't provide an API key.", kind="invalid_request_error")
    if not hmac.compare_digest(header.encode(), f"Bearer {key}".encode()):
        raise Refused(401, "Incorrect API key provided.", code="invalid_api_key")


def parsed(raw: bytes, content_type: str) -> dict[str, Any]:
    """Return the body of a request. Raises Refused."""
    if content_type != "application/json":
        raise Refused(400, f"Unsupported content type: {content_type!r}")
    try:
        body = json.loads(raw.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "We could not parse the JSON body of your request.") from error
    if not isinstance(body, dict):
        raise Refused(400, "The JSON body of your request is no object.")
    return body


def _no_constant(name: str) -> float:
    raise ValueError(name)


def check(body: dict[str, Any], settings: Settings) -> None:
    """Raise Refused where a server like this one would say no."""
    for name in body:
        if name not in PARAMETERS:
            message = f"Unrecognized request argument supplied: {name}"
            raise Refused(400, message, param=name, code="unknown_parameter")
    for name in ("model", "messages"):
        if name not in body:
            raise missing(name)
    _check_lacks(body, settings)
    for name, value in body.items():
        _check_type(name, value)
    if body["model"] not in settings.models:
        message = f"The model `{body['model']}` does not exist or you do not have access to it."
        raise Refused(404, message, param="model", code="model_not_found")
    _check_messages(body["messages"])
    _check_together(body)
    if "response_format" in body:
        check_format(body["response_format"], prompt_of(body))
    _check_length(body, settings)


def _check_lacks(body: dict[str, Any], settings: Settings) -> None:
    shape = body.get("response_format")
    kind = shape.get("type") if isinstance(shape, dict) else None
    lacks = {
        "response_format": settings.no_response_format
        or (settings.no_json_schema and kind == "json_schema"),
        "stream_options": settings.no_stream_options,
        "max_completion_tokens": settings.only_max_tokens,
        "max_tokens": settings.only_max_completion_tokens,
        "temperature": settings.no_temperature and body.get("temperature") != 1,
    }
    for name, lacking in lacks.items():
        if lacking and name in body:
            raise unsupported(name, "" if name != "response_format" or kind is None else kind)


def _check_type(name: str, value: Any) -> None:
    expected, fits = PARAMETERS[name]
    if not fits(value):
        raise bad_type(name, expected, value)
    if name in _BOUNDS:
        least, most = _BOUNDS[name]
        if not least <= value <= most:
            raise bad_value(name, f"Expected a value from {least} to {most}, but got {value}.")


def _check_messages(messages: list[Any]) -> None:
    if not messages:
        raise bad_value("messages", "Expected an array with minimum length 1.")
    for number, message in enumerate(messages):
        at = f"messages[{number}]"
        if not isinstance(message, dict):
            raise bad_type(at, "an object", message)
        if unknown := sorted(set(message) - _MESSAGE_KEYS):
            raise bad_value(f"{at}.{unknown[0]}", "Unknown parameter.", "unknown_parameter")
        for name in ("role", "content"):
            if name not in message:
                raise missing(f"{at}.{name}")
        if message["role"] not in _ROLES:
            raise bad_value(f"{at}.role", f"Supported values are {', '.join(_ROLES)}.")
        _check_content(f"{at}.content", message["content"])
    if messages[-1]["role"] != "user":
        raise bad_value("messages", "The last message is not the user's.")


def _check_content(at: str, content: Any) -> None:
    if isinstance(content, list):
        for number, part in enumerate(content):
            if not isinstance(part, dict) or part.get("type") != "text" or set(part) != _PART:
                raise bad_value(f"{at}[{number}]", "Expected {type: text, text}.")
            _check_content(f"{at}[{number}].text", part["text"])
        if not content:
            raise bad_value(at, "Expected an array with minimum length 1.")
    elif not isinstance(content, str):
        raise bad_type(at, "a string or an array of parts", content)
    elif not content.strip():
        raise bad_value(at, "Expected a text that is not empty.")


_PART = {"type", "text"}


def _check_together(body: dict[str, Any]) -> None:
    if "max_tokens" in body and "max_completion_tokens" in body:
        message = (
            "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
        )
        raise Refused(400, message, param="max_tokens", code="invalid_parameter_combination")
    if "stream_options" in body:
        if not body.get("stream"):
            raise bad_value("stream_options", "Only allowed when 'stream' is enabled.")
        for name, value in body["stream_options"].items():
            if name not in ("include_usage", "include_obfuscation"):
                at = f"stream_options.{name}"
                raise bad_value(at, "Unknown parameter.", "unknown_parameter")
            if not _flag(value):
                raise bad_type(f"stream_options.{name}", "a boolean", value)
    if "top_logprobs" in body and not body.get("logprobs"):
        raise bad_value("top_logprobs", "Only allowed when 'logprobs' is enabled.")


def _check_length(body: dict[str, Any], settings: Settings) -> None:
    taken = tokens(prompt_of(body))
    if taken > settings.context:
        message = (
            f"This model's maximum context length is {settings.context} tokens. However, your "
            f"messages resulted in {taken} tokens. Please reduce the length of the messages."
        )
        raise Refused(400, message, param="messages", code="context_length_exceeded")


def content_of(message: dict[str, Any]) -> str:
    content = message["content"]
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


def prompt_of(body: dict[str, Any]) -> str:
    return "\n".join(map(content_of, body["messages"]))


def tokens(text: str) -> int:
    """Count as this server does: four characters are a token."""
    return len(text) // 4
