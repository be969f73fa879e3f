"""What goes wrong with a server -> a ModelError, by the type and the status of what it was."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

import openai

from bot.errors import (
    ModelBroken,
    ModelDeclined,
    ModelError,
    ModelRejected,
    ModelThrottled,
    ModelTooLong,
    ModelUnreachable,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

A_MOMENT = 0.5
_TOO_LONG = (
    *("context_length", "context length", "context size", "context window", "contextwindow"),
    *("maximum context", "exceed_context", "is too long", "too many tokens"),
)
DECLINED = ("content_filter", "content_policy")


@asynccontextmanager
async def translated(model: str) -> AsyncIterator[None]:
    """Turn what the library raises, but for refusals with a status, into a ModelError."""
    try:
        yield
    except openai.APIStatusError:
        raise
    except openai.APIConnectionError as error:
        raise ModelUnreachable(model, type(error).__name__) from error
    except openai.APIError as error:  # told within a stream
        if is_too_long(error):
            raise ModelTooLong(model, "stream") from error
        raise ModelUnreachable(model, type(error).__name__) from error
    except (openai.OpenAIError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise ModelBroken(model, type(error).__name__) from error


def refused(model: str, error: openai.APIStatusError) -> ModelError:
    """Return what a refusal with a status means."""
    status, said = error.status_code, json.dumps(error.body, default=str).lower()
    told = f"HTTP {status}"
    if status == HTTPStatus.TOO_MANY_REQUESTS and "insufficient_quota" not in said:
        return ModelThrottled(model, _retry_after(error))
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or is_too_long(error):
        return ModelTooLong(model, told)
    if any(one in said for one in DECLINED):
        return ModelDeclined(model, told)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in (408, 409, 425):
        return ModelUnreachable(model, told)
    return ModelRejected(model, told)


def is_too_long(error: openai.APIError) -> bool:
    """Tell whether a server says, in the words of any of them, that the text is too long for it."""
    said = f"{error.message} {json.dumps(error.body, default=str)}".lower()
    return any(words in said for words in _TOO_LONG)


def _retry_after(error: openai.APIStatusError) -> float:
    """Return the seconds that a server asks for, as a number or a date; else a moment."""
    headers = error.response.headers
    told = headers.get("retry-after", "")
    try:
        return max(0.0, float(told))
    except ValueError:
        pass
    try:
        # By the server's own clock: ours may be wrong.
        until, now = (parsedate_to_datetime(one) for one in (told, headers.get("date", "")))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        return A_MOMENT
