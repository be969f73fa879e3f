"""Lays out what we know as posts, free of any platform's markup.

The words of ours in them come from `wording`.
"""

from bot.core.talking.layout.answering import (
    answered,
    recalled,
)
from bot.core.talking.layout.briefing import (
    briefed,
    heading,
    proof,
    proofs,
    refused,
    title,
)
from bot.core.talking.layout.listing import (
    article,
    discussed,
    exported,
    help_list,
    joined,
    listed,
    pointed,
    said,
    searched,
    setting_list,
    shown,
    welcome,
    why,
)
from bot.core.talking.layout.quoting import (
    quote,
)

__all__ = [
    "answered",
    "article",
    "briefed",
    "discussed",
    "exported",
    "heading",
    "help_list",
    "joined",
    "listed",
    "pointed",
    "proof",
    "proofs",
    "quote",
    "recalled",
    "refused",
    "said",
    "searched",
    "setting_list",
    "shown",
    "title",
    "welcome",
    "why",
]
