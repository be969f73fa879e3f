"""What `briefbot doctor` finds of Slack: its tokens, and which feature lacks what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.app.slack import examine as tried
from bot.core.talking import wording
from bot.core.talking.wording import TERMINAL
from bot.errors import ConfigurationError, NotSent, PlatformError, Rejected
from bot.terminal.exits import Exit
from bot.terminal.findings import Finding

if TYPE_CHECKING:
    from bot.settings import Settings


async def examine(settings: Settings) -> list[Finding]:
    """Try the tokens, and hold their scopes against the manifest."""
    try:
        found = await tried(settings)
    except (Rejected, NotSent) as error:
        return [_failed(wording.slack_refuses(error))]
    except (ConfigurationError, PlatformError) as error:
        return [_failed(wording.explain(error, TERMINAL))]
    if found.needed:
        return [_failed(wording.slack_lacks(found.needed, needed=True))]
    detail = wording.slack_works(found.team, found.bot)
    if found.optional:
        detail = f"{detail} {wording.slack_lacks(found.optional, needed=False)}"
    return [Finding(part=wording.PART_SLACK, well=True, detail=detail)]


def _failed(detail: str) -> Finding:
    return Finding(part=wording.PART_SLACK, well=False, detail=detail, code=Exit.SETTINGS)
