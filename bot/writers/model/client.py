"""One question to an OpenAI-compatible server, whatever it understands of the protocol.

1. A request asks for JSON of a schema, for a bounded length, and for the answer as a stream.
2. What a server says that it does not know is left out, and not asked of it again.
3. What may pass (no connection, a broken server, "wait") is tried again, by the type of the
   error, within the deadline of whoever asks; the library's own retries are off.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import openai
import tenacity

from bot.core.writing.labels import tokens_of
from bot.errors import (
    ConfigurationError,
    ModelBroken,
    ModelDeclined,
    ModelSilent,
    ModelThrottled,
    ModelTimedOut,
    ModelUnreachable,
)
from bot.model import Tokens
from bot.writers.model.failures import A_MOMENT, DECLINED, is_too_long, refused, translated

if TYPE_CHECKING:
    from collections.abc import Mapping

_TRIES = 4
_LONGEST_PAUSE = 8.0
_LONGEST_WAIT = 60.0
_MOST_WRITTEN = 4096
_TEMPERATURE = 0.2
_LONGEST_ANSWER = 60_000  # characters: twice what 4,096 tokens can be
_UNKNOWN = frozenset((400, 404, 415, 422, 501))
# What a server may not know, and what is asked of it instead, the last first.
_OPTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("stream_options", ("stream_options", "include_usage")),
    ("temperature", ("temperature",)),
    ("max_completion_tokens", ("max_completion_tokens",)),
    ("max_tokens", ("max_tokens",)),
    ("json_schema", ("json_schema", "response_format", "schema", "grammar")),
    ("json_object", ("json_object", "response_format")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a model wrote, and the tokens that it took, as its server `counted` them or we."""

    text: str
    tokens: Tokens
    counted: bool


@dataclass(slots=True)
class Client:
    """A server and how it is reached; `model` names the one to ask where nobody says otherwise.

    Without a name, the only model that the server lists is meant.
    """

    base_url: str | None
    key: str = field(repr=False)
    model: str
    timeout: float
    _server: openai.AsyncOpenAI = field(init=False)
    _lacks: dict[str, set[str]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Make the connection pool; nothing is dialled yet."""
        self._server = openai.AsyncOpenAI(
            base_url=self.base_url,
            # Local servers ask for none, and the library asks for one.
            api_key=self.key or "none",
            max_retries=0,
            timeout=self.timeout,
        )
        _ = self._server.chat.completions  # loads for 80 ms: now, not while others wait

    async def close(self) -> None:
        """Close every connection."""
        await self._server.close()

    async def names(self) -> list[str]:
        """Return the models that the server lists. Raises ModelError."""
        try:
            async with asyncio.timeout(self.timeout), translated("?"):
                listed = await self._server.models.list()
                return [one.id for one in listed.data or ()]
        except TimeoutError as error:
            raise ModelTimedOut("?", f"{self.timeout:g} s") from error
        except openai.APIStatusError as error:
            raise refused("?", error) from error

    async def named(self, wanted: str = "") -> str:
        """Return the model to ask. Raises ConfigurationError where that is not clear."""
        if not (wanted or self.model):
            names = await self.names()
            if len(names) != 1:
                raise ConfigurationError("which_model", [", ".join(names[:5])])
            self.model = names[0]
        return wanted or self.model

    def lacks(self, model: str) -> frozenset[str]:
        """Return what the server was found not to know."""
        return frozenset(self._lacks.get(model, ()))

    async def ask(
        self, model: str, system: str, user: str, form: Mapping[str, Any], *, patience: float
    ) -> Said:
        """Return what the model writes.

        Raises ModelError once trying again is no use, or could not be over in `patience` seconds;
        ModelTimedOut where nothing whole had come by then.
        """
        retrying = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception_type((ModelUnreachable, ModelThrottled)),
            stop=tenacity.stop_after_attempt(_TRIES) | tenacity.stop_before_delay(patience),
            wait=_pause,
            reraise=True,
        )
        try:
            async with asyncio.timeout(patience):
                said: Said = await retrying(self._ask_knowing, model, system, user, form)
        except TimeoutError as error:
            raise ModelTimedOut(model, f"{patience:.3g} s") from error
        return said

    async def _ask_knowing(
        self, model: str, system: str, user: str, form: Mapping[str, Any]
    ) -> Said:
        """Ask, leaving out one more thing each time the server says that it does not know it.

        What was left out is remembered once that helped: a refusal may have had another reason.
        """
        lacks = set(self.lacks(model))
        while True:
            try:
                async with translated(model):
                    said = await self._asked_once(model, system, user, form, lacks)
            except openai.APIStatusError as error:
                missing = _not_known(error, lacks)
                if missing is None:
                    raise refused(model, error) from error
                lacks.add(missing)
            else:
                self._lacks.setdefault(model, set()).update(lacks)
                return said

    async def _asked_once(
        self, model: str, system: str, user: str, form: Mapping[str, Any], lacks: set[str]
    ) -> Said:
        request = {
            "model": model,
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": user},
            ],
            "stream": True,
            **_options(form, lacks),
        }
        answer = _Answer()
        async with aclosing(await self._server.chat.completions.create(**request)) as chunks:
            async for chunk in chunks:
                answer.take(chunk)
                if answer.length > _LONGEST_ANSWER:  # some servers don't know any bound
                    raise ModelBroken(model, "length")
                await asyncio.sleep(0)  # of an answer that is there already, nobody else had a turn
        return answer.whole(model, system + user)


def _options(form: Mapping[str, Any], lacks: set[str]) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if "stream_options" not in lacks:
        wanted["stream_options"] = {"include_usage": True}
    if "temperature" not in lacks:
        wanted["temperature"] = _TEMPERATURE
    if "max_completion_tokens" not in lacks:
        wanted["max_completion_tokens"] = _MOST_WRITTEN
    elif "max_tokens" not in lacks:
        wanted["max_tokens"] = _MOST_WRITTEN
    if "json_schema" not in lacks:
        wanted["response_format"] = form
    elif "json_object" not in lacks:
        wanted["response_format"] = {"type": "json_object"}
    return wanted


def _not_known(error: openai.APIStatusError, lacks: set[str]) -> str | None:
    """Return the option that a refusal is about; None where it is about something else.

    A server that names nothing may mean any of them: the one least often known goes first.
    """
    # One server in use answers 500 to a form that it does not know, naming it.
    is_broken = error.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    if (error.status_code not in _UNKNOWN and not is_broken) or error.code == "model_not_found":
        return None
    said = json.dumps(error.body, default=str).lower()
    if is_too_long(error) or any(words in said for words in DECLINED):
        return None
    asked = [one for one in _OPTIONS if one[0] not in lacks and _is_asked(one[0], lacks)]
    for name, words in asked:
        if any(word in said for word in words):
            return name
    if is_broken or error.status_code == HTTPStatus.NOT_FOUND:
        return None
    return asked[0][0] if asked else None


def _is_asked(name: str, lacks: set[str]) -> bool:
    """Whether an option was part of the request: two of them take the place of another."""
    instead_of = {"max_tokens": "max_completion_tokens", "json_object": "json_schema"}
    return name not in instead_of or instead_of[name] in lacks


@dataclass(slots=True)
class _Answer:
    """The pieces of an answer as they come."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    finish: str | None = None
    declined: bool = False
    taken_in: int | None = None
    written: int | None = None

    def take(self, chunk: Any) -> None:
        usage = getattr(chunk, "usage", None)
        if usage is not None:
            self.taken_in, self.written = usage.prompt_tokens, usage.completion_tokens
        for choice in getattr(chunk, "choices", None) or ():
            delta = choice.delta
            text = getattr(delta, "content", None)
            if isinstance(text, str):
                self.pieces.append(text)
                self.length += len(text)
            self.declined |= bool(getattr(delta, "refusal", None))
            self.finish = choice.finish_reason or self.finish

    def whole(self, model: str, asked: str) -> Said:
        """Return the answer. Raises ModelError where it is none."""
        text = "".join(self.pieces)
        if self.declined or self.finish == "content_filter":
            raise ModelDeclined(model, self.finish or "refusal")
        if self.finish == "length":
            raise ModelBroken(model, "length")
        if not text.strip():
            raise ModelSilent(model, self.finish or "no end")
        if self.finish is None:
            raise ModelUnreachable(model, "cut off")
        taken_in = tokens_of(asked) if self.taken_in is None else self.taken_in
        written = tokens_of(text) if self.written is None else self.written
        tokens = Tokens(taken_in=max(0, taken_in), written=max(0, written))
        return Said(text=text, tokens=tokens, counted=self.taken_in is not None)


def _pause(state: tenacity.RetryCallState) -> float:
    """Return how long to wait: doubling, with jitter, and at least as long as we were told."""
    error = state.outcome.exception() if state.outcome else None
    spread: float = tenacity.wait_exponential_jitter(
        multiplier=A_MOMENT, max=_LONGEST_PAUSE, jitter=A_MOMENT
    )(state)
    if isinstance(error, ModelThrottled):
        return min(max(error.after, spread), _LONGEST_WAIT)
    return spread
