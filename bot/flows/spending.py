"""Leave to ask a model: whose text may go to one, and for how many tokens.

1. Text that is not public (pasted, uploaded) goes to a model only where the channel's keepers said
   yes, or the operator said that the model's server is their own.
2. Before each call its tokens are set aside in the store, where all processes see it; what the
   call really took is counted after it.
3. Whoever finds the day's budget spent is told so, and the embedded writer takes over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.errors import NoLeave
from bot.model import Reserved

if TYPE_CHECKING:
    from datetime import date

    from bot.model import Budget, Channel, ChannelSettings, Purpose, Tokens
    from bot.ports import Clock, Leave, Store, Telemetry

PRIVATE = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What a model may be asked. `local` says that its server is the operator's own."""

    store: Store
    clock: Clock
    telemetry: Telemetry
    budget: Budget
    local: bool

    def leave(
        self, channel: Channel, purpose: Purpose, *, private: bool, kept: ChannelSettings
    ) -> Leave:
        """Return the leave for one task; `kept` are the channel's settings."""
        if private and not (self.local or kept.model_private):
            return Denied(reason=PRIVATE)
        return Counted(spending=self, channel=channel, purpose=purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """A `ports.Leave` that is none."""

    reason: str

    async def reserve(self, model: str, tokens: int) -> None:  # noqa: ARG002 - the port's
        """Raise NoLeave."""
        raise NoLeave(model, self.reason)

    async def settle(self, model: str, reserved: int, used: Tokens) -> None:
        """Nothing was set aside."""


@dataclass(slots=True, kw_only=True)
class Counted:
    """A `ports.Leave` within the day's budget; `nearly` tells that it brought it to 80 %."""

    spending: Spending
    channel: Channel
    purpose: Purpose
    nearly: bool = False
    # The tokens and the day of each call under way: one that ends after midnight is the old day's.
    _open: list[tuple[int, date]] = field(default_factory=list)

    async def reserve(self, model: str, tokens: int) -> None:
        """Set tokens aside. Raises NoLeave where they are not left, StoreError."""
        spending = self.spending
        day = spending.clock.now().date()
        async with spending.store.begin() as tx:
            found = await spending.store.reserve_tokens(
                tx,
                self.channel,
                day=day,
                purpose=self.purpose,
                model=model,
                tokens=tokens,
                budget=spending.budget,
            )
        if found in (Reserved.WORKSPACE_SPENT, Reserved.CHANNEL_SPENT):
            raise NoLeave(model, found.value)
        if found is Reserved.NEARLY:
            self.nearly = True
            spending.telemetry.log("budget_nearly_spent")
        self._open.append((tokens, day))

    async def settle(self, model: str, reserved: int, used: Tokens) -> None:
        """Count what a call took. Raises StoreError."""
        spending = self.spending
        at = next(at for at, (tokens, _) in enumerate(self._open) if tokens == reserved)
        _, day = self._open.pop(at)
        async with spending.store.begin() as tx:
            await spending.store.settle_tokens(
                tx,
                self.channel,
                day=day,
                purpose=self.purpose,
                model=model,
                reserved=reserved,
                used=used,
            )
