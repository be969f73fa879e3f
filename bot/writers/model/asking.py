"""Asking a model within its budget and its deadline, for a form that is read tolerantly."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from bot.core.writing.labels import tokens_of
from bot.errors import ModelBroken, ModelDeclined
from bot.model import Tokens
from bot.writers.model import wire

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.ports import Clock, Leave, Telemetry
    from bot.writers.model.client import Client, Said

_WRITTEN = 1_200
"""Tokens set aside for an answer; what it really took is counted afterwards."""
_ROOM_TO_WRITE = 4_096

_Written = TypeVar("_Written", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A model and the leave to ask it; `until` is the deadline, on the clock nobody sets."""

    client: Client
    model: str
    leave: Leave
    clock: Clock
    telemetry: Telemetry
    context: int
    until: float

    def room(self, *instructions: str) -> int:
        """Return the tokens of text that fit into one request beside the instructions."""
        taken = sum(tokens_of(text) for text in instructions)
        return max(self.context // 4, self.context - taken - min(_ROOM_TO_WRITE, self.context // 4))

    async def ask(self, name: str, form: type[_Written], system: str, user: str) -> _Written:
        """Return what the model wrote, in the form asked for.

        What is of another form is asked for once more. Raises ModelError.
        """
        try:
            return await self._asked(name, form, system, user)
        except ModelBroken as error:
            self.telemetry.trouble("model_broken", error, detail=error.detail)
            return await self._asked(name, form, system, user)

    async def _asked(self, name: str, form: type[_Written], system: str, user: str) -> _Written:
        said = await self._counted(name, form, system, user)
        try:
            return wire.read(said.text, form)
        except ValueError as error:
            raise ModelBroken(self.model, "form") from error

    async def _counted(self, name: str, form: type[BaseModel], system: str, user: str) -> Said:
        """Ask once, with tokens set aside before and settled after, whatever comes of it."""
        aside = tokens_of(system) + tokens_of(user) + _WRITTEN
        await self.leave.reserve(self.model, aside)
        began = self.clock.instant().seconds
        used = Tokens()
        try:
            said = await self.client.ask(
                self.model,
                system,
                user,
                wire.schema(name, form),
                patience=self.until - began,
            )
            used = said.tokens
        except (ModelBroken, ModelDeclined):  # it read and wrote, and nobody says how much
            used = Tokens(taken_in=aside - _WRITTEN, written=_WRITTEN)
            raise
        finally:
            await _whole(self.leave.settle(self.model, aside, used))
        self.telemetry.tokens("in", used.taken_in)
        self.telemetry.tokens("out", used.written)
        self.telemetry.took("model", self.clock.instant().seconds - began)
        return said


async def _whole(work: Coroutine[None, None, None]) -> None:
    """Do something to its end, also where whoever waits for it is cancelled meanwhile."""
    task = asyncio.create_task(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
