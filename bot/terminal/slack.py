"""`briefbot slack manifest`: what Slack asks for when an app is made."""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

from bot.app.slack import manifest_of
from bot.errors import BadSetting
from bot.terminal.exits import Exit


async def manifest(http: str) -> Exit:
    """Print the manifest: for Socket Mode, or for an address that Slack sends its events to."""
    parts = urlsplit(http)
    if http and (parts.scheme != "https" or not parts.hostname):
        raise BadSetting("--http", http, "an address like https://bot.example.com")
    sys.stdout.write(manifest_of(http) + "\n")
    return Exit.DONE
