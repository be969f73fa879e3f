"""What is said of models: what they took, and how much of the day is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking.wording.places import plural

if TYPE_CHECKING:
    from datetime import date

    from bot.model import Purpose, Tokens, Workspace


def no_usage(days: int) -> str:
    """Say that there is nothing to show."""
    when = "today" if days == 1 else f"in the last {plural(days, 'day')}"
    return f"No model was asked {when}."


def whose(workspace: Workspace) -> str:
    """Head what one workspace used."""
    return f"{workspace.platform} {workspace.id}"


def used(
    day: date, purpose: Purpose, model: str, *, calls: int, tokens: Tokens, reserved: int
) -> str:
    """Say what one step of one day took of one model."""
    aside = f", {reserved:,} set aside" if reserved else ""
    return (
        f"{day}  {purpose}  {model}: {plural(calls, 'call')}, "
        f"{tokens.taken_in:,} tokens in, {tokens.written:,} out{aside}"
    )


def used_today(tokens: int, cap: int, *, by_channel: bool) -> str:
    """Hold today's tokens, with those set aside, against how many there may be."""
    if not cap:
        return "No model is asked: its budget is 0 tokens a day."
    who = "this channel" if by_channel else "the workspace"
    return f"Today: {tokens:,} of {who}'s {cap:,} tokens."
