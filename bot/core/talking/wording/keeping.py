"""What is said of forgetting and exporting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking.wording.places import plural

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.talking.wording.places import Hints
    from bot.model import Forgotten, Kept

NOTHING_ERASED = "There was nothing to erase."
NOTHING_IN_THREAD = (
    "Nothing of this thread is kept. Say it in the thread that you mean; there, mention me."
)
NOTHING_OF_YOURS = "Nothing that you posted or asked is kept here."
_STAYS = "Settings and the log of who changed them stay"


def forgotten(receipt: Forgotten, *, whole: bool = False) -> str:
    """Give the receipt of a forget, `whole` where it was all of a channel.

    It counts what its own channel lost. Whether another channel holds the same text is nothing
    that can be read from it.
    """
    kinds = (
        (receipt.mentions, "posted article", ""),
        (receipt.briefs, "brief", ""),
        (receipt.answers, "question with its answer", "questions with their answers"),
        (receipt.waiting, "message that waited", "messages that waited"),
        (receipt.digests, "digest that was not posted yet", "digests that were not posted yet"),
    )
    counts = [plural(count, one, many) for count, one, many in kinds if count]
    if not counts:
        return NOTHING_ERASED
    stays = f" {_STAYS}, and so does what I posted in the chat." if whole else ""
    return f"Erased: {', '.join(counts)}. Nothing of it is kept here any more.{stays}"


def would_forget(kept: Kept, hints: Hints) -> str:
    """Say what would go with a channel, and how to confirm that."""
    articles = plural(kept.mentions, "posted article with its brief", "posted articles with briefs")
    asked = plural(kept.questions, "question with its answer", "questions with their answers")
    since = f" since {kept.since:%Y-%m-%d}" if kept.since else ""
    return (
        f"That erases all that is kept of this channel{since}: {articles}, {asked}, and what waits "
        f"to be answered or posted. {_STAYS}, and so does what I posted in the chat. To do it, "
        f"type: {hints.command('forget channel yes')}"
    )


def taken_away(count: int) -> str:
    """Say that posts about what is forgotten are gone from the chat, too."""
    return (
        f"{plural(count, 'post')} of mine about it taken away. Answers that I gave stay in the "
        "chat; delete them there."
    )


def exported(briefs: int, questions: int, path: str) -> str:
    """Say where an export went."""
    asked = f" and {plural(questions, 'question')}" if questions else ""
    return f"Wrote {plural(briefs, 'brief')}{asked} to {path}."


def asked_on(at: datetime) -> str:
    """Head a question in an export."""
    return f"Asked on {at:%Y-%m-%d %H:%M}"


NO_ANSWER = "The article doesn't say."
