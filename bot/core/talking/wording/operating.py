"""What commands say: settings, jobs, keeping, doctor, demo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking.wording.places import plural
from bot.model import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.model import Backlog, Forgotten, Letter, Verdict


def forgotten(receipt: Forgotten) -> str:
    """Give the receipt of a forget."""
    if not receipt.mentions:
        return "There was nothing to erase."
    return (
        f"Erased: {plural(receipt.articles, 'article text')}, {plural(receipt.briefs, 'brief')}, "
        f"{plural(receipt.answers, 'answer')}. Nothing of it is left in the store."
    )


def changed(name: str, before: str, after: str) -> str:
    """Say what a setting was and is."""
    return f"{name}: {before} -> {after}"


def exported(count: int, path: str) -> str:
    """Say where an export went."""
    return f"Wrote {plural(count, 'brief')} to {path}."


NO_LETTERS = "Nothing failed."
_WHY = {
    "NotSent": "the platform could not be reached",
    "Throttled": "the platform asked to wait for too long",
    "Unsure": "the platform did not say whether it was posted",
    "unreadable": "stored by another version of Briefbot",
}


def letter(one: Letter) -> str:
    """Say of one job what failed, and what to do."""
    channel = one.thread.channel
    where = f"{channel.workspace.platform} {channel.workspace.id} {channel.id}"
    why = _WHY.get(one.reason, one.reason)
    state = "may have been posted" if one.state is DeliveryState.UNCERTAIN else "not posted"
    return (
        f"{one.number}  {one.since:%Y-%m-%d %H:%M}  {where}  {state}: {why}, "
        f"{plural(one.failures, 'failed try', 'failed tries')}. "
        f"Try again: briefbot jobs retry {one.number}"
    )


def waiting(backlog: Sequence[Backlog]) -> str:
    """Say what waits or is being done."""
    return "Waiting: " + ", ".join(f"{one.jobs:,} {one.queue}" for one in backlog) + "."


def tried_again(count: int) -> str:
    """Say that jobs were put back."""
    return f"{plural(count, 'job')} put back; briefbot serve does them next."


def backed_up(target: str, *, whole: bool) -> str:
    """Say what a backup holds."""
    if whole:
        return (
            f"Wrote {target}: the database, keys, and what was forgotten. Keep it as safe as those."
        )
    return (
        f"Wrote {target}: keys, and what was forgotten. The database itself is on PostgreSQL: dump "
        "it with pg_dump."
    )


def restored(source: str, gone: Forgotten) -> str:
    """Say that a backup is back."""
    again = f" {plural(gone.mentions, 'article')} forgotten since then is gone again."
    if gone.mentions != 1:
        again = again.replace(" is gone", " are gone")
    return (
        f"{source} is back.{again if gone.mentions else ''} What it had not posted yet is looked "
        "for before it is posted."
    )


def moved(counts: Mapping[str, int], where: str) -> str:
    """Say that everything was copied."""
    total = sum(counts.values())
    return (
        f"Copied {plural(total, 'row')} of {plural(len(counts), 'table')} to {where} and compared "
        "them: the same. Set DATABASE_URL to it; the old database is left as it is."
    )


PART_PROGRAM = "Program"
PART_FOLDER = "Data folder"
PART_STORE = "Store"
PART_READER = "Reading and briefing"
PART_GUARD = "Guard"
PART_PAGE = "Page"
READER_WORKS = "a sample page was read in its sandbox and briefed, every proof exact"
GUARD_WORKS = "private addresses are refused"
GUARD_OPEN = "this machine itself may be fetched: is 127.0.0.1 in BRIEFBOT_FETCH_ALLOW_HOSTS?"


def finding(part: str, detail: str, *, well: bool) -> str:
    """Report one check."""
    return f"{'ok  ' if well else 'FAIL'}  {part}: {detail}"


def room(folder: str, free: int) -> str:
    """Say how much room there is for what is kept."""
    return f"{folder}, {free // 1_000_000:,} MB free"


def reader_fails(found: Verdict) -> str:
    """Say that the sample page was not read."""
    return f"a sample page came out as “{found}”. Install Briefbot again, or report this."


def demo_step(typed: str) -> str:
    """Show what would be typed."""
    return f"$ briefbot {typed}\n"


def demo_end(sample: str) -> str:
    """Say what to try next."""
    return f"""That was a throwaway store. Three commands to try (briefbot is in .venv/bin here):

  briefbot brief {sample}
  briefbot ask "your own question"
  briefbot console"""
