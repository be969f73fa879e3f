"""Asking a model within its budget and its deadline, for a form that is read tolerantly."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel

from bot.core.writing.labels import tokens_of
from bot.errors import ModelBroken, ModelDeclined, ModelTimedOut
from bot.model import Tokens
from bot.writers.model import wire

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from bot.core.writing.drafts import Reasons
    from bot.ports import Clock, Leave, Telemetry
    from bot.writers.model.client import Client, Said
    from bot.writers.model.outage import Outage

_WRITTEN = 1_200
"""Tokens set aside for an answer; what it really took is counted afterwards."""
_ROOM_TO_WRITE = 4_096

_Written = TypeVar("_Written", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A model and the leave to ask it; `until` is the deadline, on the clock nobody sets."""

    client: Client
    model: str
    outage: Outage
    leave: Leave
    clock: Clock
    telemetry: Telemetry
    context: int
    until: float

    def room(self, *instructions: str) -> int:
        """Return the tokens of text that fit into one request beside the instructions."""
        taken = sum(tokens_of(text) for text in instructions)
        return max(self.context // 4, self.context - taken - min(_ROOM_TO_WRITE, self.context // 4))

    def log_refused(self, reasons: Reasons) -> None:
        """Log that something written was not accepted: the kinds of reasons, nobody's words."""
        kinds = " ".join(sorted({kind for kind, _ in reasons}))
        self.telemetry.log("draft_refused", reasons=kinds)

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

    async def _set_aside(self, tokens: int) -> None:
        """Set tokens aside; whoever is cancelled meanwhile gives them back."""
        try:
            await _to_the_end(self.leave.reserve(self.model, tokens))
        except asyncio.CancelledError:
            await _to_the_end(self.leave.settle(self.model, tokens, Tokens()))
            raise

    async def _counted(self, name: str, form: type[BaseModel], system: str, user: str) -> Said:
        """Ask once, with tokens set aside before and settled after, whatever comes of it.

        Neither is done where no call is made.
        """
        self.outage.check(self.model)
        if self.clock.instant().seconds >= self.until:
            raise ModelTimedOut(self.model, "deadline")
        aside = tokens_of(system) + tokens_of(user) + _WRITTEN
        await self._set_aside(aside)
        began = self.clock.instant().seconds
        used = Tokens()
        asked = wire.schema(name, form)
        try:
            with self.outage.call(self.model):
                said = await self.client.ask(
                    self.model, system, user, asked, patience=self.until - began
                )
            used = said.tokens
        except (ModelBroken, ModelDeclined):  # it read and wrote, and nobody says how much
            used = Tokens(taken_in=aside - _WRITTEN, written=_WRITTEN)
            raise
        finally:
            await _to_the_end(self.leave.settle(self.model, aside, used))
        self.telemetry.tokens("in", used.taken_in)
        self.telemetry.tokens("out", used.written)
        self.telemetry.took("model", self.clock.instant().seconds - began)
        return said


async def _to_the_end(doing: Coroutine[Any, Any, None]) -> None:
    """Await something that is not to be broken off; being cancelled meanwhile comes after it.

    What it raises itself comes first: then there is nothing to undo.
    """
    task = asyncio.ensure_future(doing)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
        except Exception:  # noqa: BLE001 - raised again below
            break
    task.result()
    if cancelled is not None:
        raise cancelled
