"""`briefbot jobs`: what failed for good or may have arrived, and trying it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import app
from bot.core.talking import layout, wording
from bot.core.talking.address import queue_of
from bot.errors import NoSuchJob
from bot.flows.jobs import delivering, handling
from bot.terminal.exits import Exit
from bot.terminal.inout import show, show_json

if TYPE_CHECKING:
    from bot.model import Letter
    from bot.settings import Settings

_MOST = 1000


async def listed(settings: Settings, *, number: int | None, as_json: bool) -> Exit:
    """Show what needs a person, newest first, or one of them. Raises NoSuchJob."""
    store = await app.open_store(settings)
    try:
        letters = await store.letters(limit=_MOST)
        backlog = await app.work_of(settings, store).backlog()
    finally:
        await store.close()
    chosen = [one for one in letters if number is None or one.number == number]
    if number is not None and not chosen:
        raise NoSuchJob(str(number))
    if as_json:
        for one in chosen:
            show_json(_as_json(one))
    else:
        lines = [wording.letter(one) for one in chosen] or [wording.NO_LETTERS]
        if number is None:
            lines.append(wording.waiting(backlog))
        await show(layout.said("\n".join(lines)))
    return Exit.DONE


async def again(settings: Settings, *, number: int | None) -> Exit:
    """Have one tried again, or all of them. Raises NoSuchJob."""
    store = await app.open_store(settings)
    work, clock = app.work_of(settings, store), app.SystemClock()
    try:
        numbers = (
            [number]
            if number is not None
            else [one.number for one in await store.letters(limit=_MOST)]
        )
        for one in numbers:
            async with store.begin() as tx:
                revived = await store.revive(tx, one, at=clock.now())
                if revived is None:
                    raise NoSuchJob(str(one))
                event, delivery = revived
                job = (
                    delivering(delivery, sessions=app.SESSIONS)
                    if delivery
                    else handling(event, queue_of(event.incoming), sessions=app.SESSIONS)
                )
                await work.enqueue(tx, [job])
    finally:
        await store.close()
    await show(layout.said(wording.tried_again(len(numbers))))
    return Exit.DONE


def _as_json(one: Letter) -> dict[str, object]:
    channel = one.thread.channel
    return {
        "number": one.number,
        "platform": channel.workspace.platform,
        "workspace": channel.workspace.id,
        "channel": channel.id,
        "thread": one.thread.id,
        "since": one.since.isoformat(),
        "state": one.state.value,
        "reason": one.reason,
        "failures": one.failures,
    }
