"""The words that Slack's own parts need: buttons, dialogs, and what is said where text is cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.model import Control

Json = dict[str, object]
"""A piece of Block Kit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """A question before something is done: at most 100, 300, 30 and 30 characters are shown."""

    title: str
    text: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said in our house.

    `left_out` is the line that tells how many characters had no room. `send` stands on a form
    that names no word of its own, `close` closes a dialog.
    """

    labels: Mapping[Control, str]
    confirms: Mapping[Control, Confirm]
    left_out: Callable[[int], str]
    send: str
    close: str
