"""Posting once: what to do next with a line of the ledger.

A post whose sending began may have arrived. It is sent again only after the platform, asked late
enough that it must know, does not have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model import DeliveryState

if TYPE_CHECKING:
    from bot.model import Delivery, Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Send it: it cannot have arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Wait so many seconds before looking; it may be under way."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Look whether it has arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """There is nothing to do: it has arrived, was given up or withdrawn."""


Next = Send | Wait | Look | Nothing


def step(delivery: Delivery, *, now: Instant, seen: Instant, settle: float) -> Next:
    """Return what to do next with a line of the ledger.

    `seen` is when this process first saw it as it is: where it was sent in another era (another
    machine, before a reboot), no less than `settle` seconds may have passed since then.
    """
    match delivery.state:
        case DeliveryState.NEW:
            return Look() if delivery.suspect else Send()
        case DeliveryState.SENDING:
            tried = delivery.tried
            began = tried if tried is not None and tried.era == now.era else seen
            left = began.seconds + settle - now.seconds
            return Wait(seconds=left) if left > 0 else Look()
        case _:
            return Nothing()
