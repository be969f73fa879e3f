"""What `briefbot doctor` finds of Matrix: the account, and whether clients will trust it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.app.matrix import Trust
from bot.app.matrix import examine as looked_at
from bot.core.talking import wording
from bot.core.talking.wording import TERMINAL
from bot.errors import ConfigurationError, NotSent, PlatformError
from bot.terminal.exits import Exit
from bot.terminal.findings import Finding

if TYPE_CHECKING:
    from bot.settings import Settings

_SAID = {Trust.SIGNED: wording.homeserver.TRUSTED, Trust.OTHER_IDENTITY: wording.homeserver.OTHER}


async def examine(settings: Settings) -> list[Finding]:
    """Look at the account; a login that is tried is gone again at once."""
    try:
        found = await looked_at(settings)
    except NotSent as error:
        server = settings.matrix_homeserver
        said = wording.homeserver.UNREACHED.format(server=server, detail=error.detail)
        return [_finding(said, well=False)]
    except (ConfigurationError, PlatformError) as error:
        return [_finding(wording.explain(error, TERMINAL), well=False)]
    if found.trust is None:
        return [_finding(wording.homeserver.NOT_YET.format(url=found.url), well=True)]
    who = wording.homeserver.logged_in(found.user, found.device, found.url)
    said = _SAID.get(found.trust, wording.homeserver.UNTRUSTED).format(keys=found.keys)
    return [_finding(f"{who}: {said}", well=found.trust is Trust.SIGNED)]


def _finding(detail: str, *, well: bool) -> Finding:
    return Finding(
        part=wording.homeserver.PART_MATRIX, well=well, detail=detail, code=Exit.SETTINGS
    )
