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
from bot.core.talking.layout.digesting import (
    digest,
    digest_state,
)
from bot.core.talking.layout.helping import help_list, help_settings, help_with
from bot.core.talking.layout.listing import (
    article,
    discussed,
    exported,
    joined,
    listed,
    pointed,
    said,
    searched,
    shown,
    welcome,
    why,
)
from bot.core.talking.layout.quoting import (
    quote,
)
from bot.core.talking.layout.setting_up import (
    all_changed,
    all_list,
    change_log,
    changes,
    setting_list,
    tried,
)

__all__ = [
    "all_changed",
    "all_list",
    "answered",
    "article",
    "briefed",
    "change_log",
    "changes",
    "digest",
    "digest_state",
    "discussed",
    "exported",
    "heading",
    "help_list",
    "help_settings",
    "help_with",
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
    "tried",
    "welcome",
    "why",
]
