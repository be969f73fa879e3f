"""Wires who writes, and what a model may cost."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.app.machine import SystemClock
from bot.model import Budget, Purpose

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.flows.spending import Spending
    from bot.ports import Clock, Store, Telemetry, Writer
    from bot.settings import Settings
    from bot.writers.embedded import EmbeddedWriter
    from bot.writers.model import Client, ModelWriter


def budget_of(settings: Settings, *, share: int) -> Budget:
    """Return what models may take a day: nothing where none is set up.

    `share` is how much of it one channel may take, in percent.
    """
    a_day = settings.model_tokens_a_day if settings.has_model else 0
    return Budget(a_day=a_day, a_channel=a_day * share // 100)


def spending_of(
    settings: Settings, store: Store, clock: Clock, telemetry: Telemetry, *, budget: Budget
) -> Spending | None:
    """Wire the budget of the model; None where no model is to be asked."""
    if not settings.has_model:
        return None
    from bot.flows.spending import Spending  # noqa: PLC0415 - wired only where used

    return Spending(
        store=store, clock=clock, telemetry=telemetry, budget=budget, local=settings.model_is_here
    )


def model_client(settings: Settings) -> Client:
    """Wire the server of the model."""
    from bot.writers.model import Client  # noqa: PLC0415 - openai: 800 ms

    key = settings.openai_api_key
    return Client(
        base_url=settings.openai_base_url or None,
        key=key.get_secret_value() if key else "",
        model=settings.openai_model,
        timeout=settings.model_timeout,
    )


def model_writer(settings: Settings, client: Client, telemetry: Telemetry) -> ModelWriter:
    """Wire the writer that asks a model.

    Raises ConfigurationError for a prompt that is not as it has to be.
    """
    from bot.writers.model import ModelWriter, Outage, Prompts  # noqa: PLC0415 - openai: 800 ms

    clock = SystemClock()
    return ModelWriter(
        client=client,
        outage=Outage(clock=clock, telemetry=telemetry),
        prompts=Prompts.load(settings.prompts),
        embedded=embedded_writer(),
        clock=clock,
        telemetry=telemetry,
        models={
            Purpose.BRIEF: settings.brief_model,
            Purpose.ANSWER: settings.answer_model,
        },
        context=settings.model_context,
        timeout=settings.model_timeout,
    )


@asynccontextmanager
async def writing(settings: Settings, telemetry: Telemetry) -> AsyncIterator[Writer]:
    """Lend the writer: with a model where one is set up.

    Raises ConfigurationError for a prompt that is not as it has to be.
    """
    if not settings.has_model:
        yield embedded_writer()
        return
    client = model_client(settings)
    try:
        yield model_writer(settings, client, telemetry)
    finally:
        await client.close()


def embedded_writer() -> EmbeddedWriter:
    """Wire the writer that needs no service."""
    from bot.writers.embedded import EmbeddedWriter  # noqa: PLC0415 - wired only where used

    return EmbeddedWriter()
