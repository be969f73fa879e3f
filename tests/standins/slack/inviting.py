"""Brings the bot into many channels at once, as storms and benchmarks need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.standins.slack.server import SlackServer


async def bring_in(
    slack: SlackServer,
    names: Iterable[str],
    *,
    people: Sequence[str],
    wishes: Sequence[str],
    within: float = 60,
) -> None:
    """Make channels, have the first of the people bring the bot in, and set what they wish for.

    Each wish is a setting and its value. Raises TimeoutError where the bot takes that ill.
    """
    keeper, made = people[0], list(names)
    await slack.until(lambda: slack.sockets.count, within=within)
    for name in made:
        slack.place.add_channel(name, members=tuple(people))
        slack.invites(keeper, name)
    await slack.settled(within=within)
    for name in made:
        for wish in wishes:
            asked = slack.commands(keeper, name, "/brief", f"settings {wish}")
            if not await asked.done(within):
                raise TimeoutError(f"{name}: {wish}: {asked.failed or 'no answer'}")
