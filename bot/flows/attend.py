"""While something is worked out: show that it is, and stop where nobody wants it any more.

Once it takes longer than a moment, the platform shows so, in its own way. From then on the inbox
is asked now and then whether the event was taken back (a message deleted, "stop"), by whichever
process; then the work is broken off, a call to a model with it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bot.errors import PlatformError, StoreError
from bot.model import Sign

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from typing import Any

    from bot.model import Event
    from bot.ports import Platform, Store, Telemetry

_Result = TypeVar("_Result")

MOMENT = 1.0
"""Seconds until it is shown: most answers need no sign."""

_EVERY = 3.0


class TakenBack(Exception):
    """Whoever asked took it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """Watches over events that are being answered; `moment` and `every` are seconds."""

    platforms: Mapping[str, Platform]
    store: Store
    telemetry: Telemetry
    moment: float = MOMENT
    every: float = _EVERY

    async def attend(
        self,
        event: Event,
        doing: Coroutine[Any, Any, _Result],
        *,
        sign_of: Callable[[_Result], Sign],
    ) -> _Result:
        """Return what `doing` does. Raises what it raises, or TakenBack once it is broken off.

        `sign_of` gives the sign that stays; that it is done is shown only where it was shown that
        it is worked on.
        """
        task = asyncio.create_task(doing)
        shown = False
        last = Sign.NOTHING
        pause = self.moment
        try:
            while not (await asyncio.wait([task], timeout=pause))[0]:
                if await self._is_over(event):
                    raise TakenBack
                shown |= await self._show(event, Sign.WORKING)
                pause = self.every
            last = sign_of(task.result())
            return task.result()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait([task])
            if shown or last is Sign.REFUSED:
                await self._show(event, last)

    async def _is_over(self, event: Event) -> bool:
        try:
            now = await self.store.event(event.id)
        except StoreError as error:
            self.telemetry.trouble("not_watched", error)
            return False
        return now is None or now.ending is not None

    async def _show(self, event: Event, sign: Sign) -> bool:
        """Show how far it is; False where that did not work."""
        platform = self.platforms.get(event.thread.channel.workspace.platform)
        if platform is None:
            return False
        try:
            await platform.show(event.thread, event.message, sign)
        except PlatformError as error:
            self.telemetry.trouble("not_shown", error)
            return False
        return True
