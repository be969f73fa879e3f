"""Whether the account is set up, and what people's clients make of it; nothing is changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import ConfigurationError, Rejected
from bot.platforms.matrix import identity
from bot.platforms.matrix import session as sessions
from bot.platforms.matrix.calls import CLIENT, Calls
from bot.platforms.matrix.identity import Ours, Trust

if TYPE_CHECKING:
    from bot.platforms.matrix.session import Account
    from bot.ports import Telemetry


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is found of an account.

    `user` and `device` are empty where we have not logged in yet; `trust` is None then. `keys` is
    the folder that holds what must not be lost.
    """

    url: str
    user: str
    device: str
    trust: Trust | None
    keys: str


async def standing(account: Account, *, within: float) -> Standing:
    """Look at the account, each request `within` so many seconds.

    Raises PlatformError, ConfigurationError.
    """

    def calls_to(url: str) -> Calls:
        return Calls(url, timeout=within)

    url = await sessions.address_of(account.homeserver, calls_to)
    calls = calls_to(url)
    try:
        await calls.get("/_matrix/client/versions")
        login = await _login(account, calls)
        if login is None:
            return Standing(url=url, user="", device="", trust=None, keys=str(account.folder))
        vault = await asyncio.to_thread(sessions.vault_of, account, login.user)
        known = await identity.published(calls, login.user)
        ours = Ours(login.user, login.device)
        return Standing(
            url=url,
            user=login.user,
            device=login.device,
            trust=identity.trust(known, ours, identity.opened(vault)),
            keys=str(vault.folder),
        )
    finally:
        await calls.close()


async def _login(account: Account, calls: Calls) -> sessions.Login | None:
    """Return who we are; None where we log in at the next start, as was tried."""
    known = await asyncio.to_thread(sessions.known_vault, account)
    calls.token = account.token or (known[1].token if known is not None else "")
    if not calls.token:
        await _try(account, calls)
        return None
    try:
        found = await calls.get(f"{CLIENT}/account/whoami")
    except Rejected as error:
        if account.token is None and account.password is not None:
            await _try(account, calls)  # logged out
            return None
        raise ConfigurationError("matrix_token", ["MATRIX_ACCESS_TOKEN"]) from error
    user, device = str(found.get("user_id")), str(found.get("device_id") or "")
    return sessions.Login(user, device, calls.token)


async def _try(account: Account, calls: Calls) -> None:
    """See that the password is the right one: log in as a device that is gone again at once."""
    await sessions.by_password(account, calls, device="Briefbot's doctor")
    await sessions.log_out(calls)


async def reset(account: Account, *, within: float, telemetry: Telemetry) -> Standing:
    """Put a new identity in place of the one that the server knows, and sign our device with it.

    Whoever verified the old one is warned by his client. Nobody else may use the account's keys
    meanwhile. Raises PlatformError, ConfigurationError.
    """

    def calls_to(url: str) -> Calls:
        return Calls(url, timeout=within)

    url = await sessions.address_of(account.homeserver, calls_to)
    session = await sessions.opened(account, calls_to(url), telemetry, anew=True)
    try:
        vault = await asyncio.to_thread(sessions.vault_of, account, session.user)
        return Standing(
            url=url,
            user=session.user,
            device=session.device,
            trust=session.trust,
            keys=str(vault.folder),
        )
    finally:
        await session.close()
