"""Whose work goes first: the more a channel has waiting, the later its next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.model import Channel, Workspace

COUNTED = 256
"""A backlog is counted up to here; more makes no difference."""


def priority(backlog: int) -> int:
    """Return the priority of one more job of a channel with so many waiting: 0 is highest."""
    return -min(backlog, COUNTED).bit_length()


def name_of(workspace: Workspace) -> str:
    """Return what a workspace's share of the work is counted under."""
    return f"{workspace.platform}/{workspace.id}"


def lock_of(channel: Channel, thread: str) -> str:
    """Return the lock of a thread: what is said in one is answered in its order.

    All before its last slash is the channel's (`Job.channel`).
    """
    return f"{name_of(channel.workspace)}/{channel.id}/{thread.replace('/', '|')}"
