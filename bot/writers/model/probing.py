"""Trying a model with a request that costs next to nothing: what `briefbot doctor` tells of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel

from bot.writers.model import wire

if TYPE_CHECKING:
    from bot.writers.model.client import Client

_SYSTEM = 'You answer with JSON alone: {"ready": true}'
_USER = "Are you ready? Answer with JSON."


class _Ready(BaseModel):
    ready: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """How a model answered: when, whether in the form asked for and with its tokens counted.

    `lacks` is what its server does not know: json_schema, json_object, stream_options,
    temperature, max_completion_tokens, max_tokens.
    """

    model: str
    seconds: float
    in_form: bool
    counted: bool
    lacks: frozenset[str]


async def probe(client: Client, model: str, *, patience: float) -> Probed:
    """Ask a model for a word in JSON, as a stream. Raises ModelError."""
    began = time.monotonic()
    form = wire.schema("ready", _Ready)
    said = await client.ask(model, _SYSTEM, _USER, form, patience=patience)
    seconds = time.monotonic() - began
    try:
        wire.read(said.text, _Ready)
    except ValueError:
        in_form = False
    else:
        in_form = True
    return Probed(
        model=model,
        seconds=seconds,
        in_form=in_form,
        counted=said.counted,
        lacks=client.lacks(model),
    )
