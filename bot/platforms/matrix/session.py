"""Our one session on a homeserver: logged in once, its device and its keys kept.

1. The login is taken from the vault; where there is none, we log in by password, or ask who the
   access token is.
2. The crypto store must be that of the login's device. Where it was lost, a device that only looks
   like ours would lock us out: with a password we log in anew, as another device, else we say so.
3. The device's keys are uploaded, and signed with our identity.
We never log out when we stop: that would delete the device with its keys.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from peewee import OperationalError

from bot.errors import ConfigurationError, NotSent, PlatformError, Rejected, StoreError
from bot.platforms.matrix import identity
from bot.platforms.matrix.calls import CLIENT, NAME, SIGNED_OUT, Calls
from bot.platforms.matrix.cipher import Cipher
from bot.platforms.matrix.identity import Ours, Trust
from bot.platforms.matrix.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.platforms.matrix.calls import Json
    from bot.ports import Telemetry

_LOGIN = "login"
_DEVICE_NAME = "Briefbot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account as the operator names it, and where what belongs to it is kept.

    `homeserver` is an address or a server's name, `user` a full id or its first part, which may
    be empty with a `token`.
    """

    homeserver: str
    user: str
    password: str | None
    token: str | None
    folder: Path
    secret: str | None
    key_file: Path


@dataclass(frozen=True, slots=True)
class Login:
    """A session that the server knows."""

    user: str
    device: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An open session: who we are, our calls and our keys."""

    user: str
    server: str
    device: str
    calls: Calls
    cipher: Cipher
    trust: Trust

    async def close(self) -> None:
        """Let go of connections and of the crypto store."""
        self.cipher.close()
        await self.calls.close()


async def opened(
    account: Account, calls: Calls, telemetry: Telemetry, *, anew: bool = False
) -> Session:
    """Open the session over calls that it keeps, with a new identity where that is wanted `anew`.

    Raises PlatformError, ConfigurationError, StoreError.
    """
    try:
        return await _opened(account, calls, telemetry, anew=anew)
    except BaseException:
        await calls.close()
        raise


async def _opened(account: Account, calls: Calls, telemetry: Telemetry, *, anew: bool) -> Session:
    login, vault = await logged_in(account, calls, telemetry)
    cipher = _cipher(vault, calls, login, telemetry)
    ours = Ours(login.user, login.device, account.password)
    try:
        if identity.device_of(await identity.published(calls, login.user), ours) is None:
            cipher.publish_again()
        await cipher.upkeep()
        if anew:
            await identity.upload(identity.made(vault), calls, ours, cipher.sign)
        trusted = await identity.ensure(vault, calls, ours, cipher.sign)
    except BaseException:
        cipher.close()
        raise
    return Session(
        user=login.user,
        server=server_of(login.user),
        device=login.device,
        calls=calls,
        cipher=cipher,
        trust=trusted,
    )


def vault_of(account: Account, user: str) -> Vault:
    """Return the folder of what belongs to an account of ours, by its full id.

    The key is drawn here: that takes a moment.
    """
    safe = "".join(char if char.isalnum() or char in "-_." else "_" for char in user.lstrip("@"))
    vault = Vault(account.folder / safe, secret=account.secret, key_file=account.key_file)
    vault.derived("warm")
    return vault


def known_vault(account: Account) -> tuple[Vault, Login] | None:
    """Return what is kept of the account, however its name was typed; None before its login.

    Raises ConfigurationError.
    """
    for folder in sorted(account.folder.glob("*/")):
        vault = vault_of(account, folder.name)
        login = kept_login(vault)
        if login is not None and _is_named(account.user, login.user):
            return vault, login
    return None


def _is_named(typed: str, user: str) -> bool:
    return typed in ("", user, user.lstrip("@").partition(":")[0])


def server_of(user: str) -> str:
    """Return the name of a user's homeserver."""
    return user.partition(":")[2]


def kept_login(vault: Vault) -> Login | None:
    """Return the login that the vault keeps, if there is one. Raises ConfigurationError."""
    kept = vault.read(_LOGIN)
    return None if kept is None else Login(**kept)


async def logged_in(account: Account, calls: Calls, telemetry: Telemetry) -> tuple[Login, Vault]:
    """Return our login, its token set on `calls`, with the vault that keeps it.

    Raises PlatformError, ConfigurationError.
    """
    if account.token is not None:
        return await _by_token(account, calls, account.token, telemetry)
    known = await asyncio.to_thread(known_vault, account)
    if known is not None:
        vault, login = known
        good = await _still_good(calls, login)
        if good and await _is_ours(vault, calls, login, telemetry):
            return login, vault
        if good:  # nobody can use that device any more
            await log_out(calls)
    login = await by_password(account, calls)
    vault = await asyncio.to_thread(vault_of, account, login.user)
    vault.write(_LOGIN, asdict(login))
    if known is not None:
        for left in vault.folder.glob(f"{known[1].device}.db*"):
            left.unlink()
    return login, vault


async def _by_token(
    account: Account, calls: Calls, token: str, telemetry: Telemetry
) -> tuple[Login, Vault]:
    calls.token = token
    try:
        found = await calls.get(f"{CLIENT}/account/whoami")
    except Rejected as error:
        raise ConfigurationError("matrix_token", ["MATRIX_ACCESS_TOKEN"]) from error
    device = found.get("device_id")
    if not device:
        raise ConfigurationError("matrix_no_device", ["MATRIX_ACCESS_TOKEN"])
    login = _told({**found, "access_token": token})
    vault = await asyncio.to_thread(vault_of, account, login.user)
    if not await _is_ours(vault, calls, login, telemetry):
        raise ConfigurationError("matrix_lost_store", ["MATRIX_ACCESS_TOKEN"])
    vault.write(_LOGIN, asdict(login))
    return login, vault


async def by_password(account: Account, calls: Calls, *, device: str = _DEVICE_NAME) -> Login:
    """Log in as a new device of this name. Raises PlatformError, ConfigurationError."""
    if account.password is None or not account.user:
        raise ConfigurationError("matrix_half", ["MATRIX_USER", "MATRIX_PASSWORD"])
    calls.token = ""
    asked: Json = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": account.user},
        "password": account.password,
        "initial_device_display_name": device,
    }
    try:
        found = await calls.post(f"{CLIENT}/login", asked)
    except Rejected as error:
        raise ConfigurationError("matrix_password", ["MATRIX_USER", "MATRIX_PASSWORD"]) from error
    login = _told(found)
    calls.token = login.token
    return login


def _told(found: Json) -> Login:
    """Return the login that a server tells us of. Raises NotSent where it says something else."""
    user, device, token = (found.get(name) for name in ("user_id", "device_id", "access_token"))
    if isinstance(user, str) and isinstance(device, str) and isinstance(token, str):
        return Login(user, device, token)
    raise NotSent(NAME, "no login")


async def _still_good(calls: Calls, login: Login) -> bool:
    """Tell whether the server still knows a login; its token stays set."""
    calls.token = login.token
    try:
        await calls.get(f"{CLIENT}/account/whoami")
    except Rejected as error:
        if error.detail in SIGNED_OUT:
            return False
        raise
    return True


async def _is_ours(vault: Vault, calls: Calls, login: Login, telemetry: Telemetry) -> bool:
    """Tell whether the keys that the server has for a device are those of our crypto store.

    A device without keys takes any.
    """
    known = await identity.published(calls, login.user)
    device = (known.get("device_keys") or {}).get(login.user, {}).get(login.device)
    if device is None:
        return True
    if not _store(vault, login).exists():
        return False
    cipher = _cipher(vault, calls, login, telemetry)
    try:
        fingerprint: object = device["keys"].get(f"ed25519:{login.device}")
        return fingerprint == cipher.fingerprint
    finally:
        cipher.close()


async def log_out(calls: Calls) -> None:
    """Have the server forget the device whose token is set, as far as it can be reached."""
    try:
        await calls.post(f"{CLIENT}/logout", {})
    except PlatformError:  # then a dead device stays in the list; it does no harm
        return


def _store(vault: Vault, login: Login) -> Path:
    return vault.folder / f"{login.device}.db"


def _cipher(vault: Vault, calls: Calls, login: Login, telemetry: Telemetry) -> Cipher:
    """Open the crypto store. Raises StoreError where it is locked, or the disk is full."""
    store = _store(vault, login)
    try:
        return Cipher(
            calls,
            user=login.user,
            device=login.device,
            store=store,
            key=vault.derived("crypto store"),
            telemetry=telemetry,
        )
    except OperationalError as error:
        raise StoreError(str(store), detail=type(error).__name__) from error


async def address_of(homeserver: str, make: Callable[[str], Calls]) -> str:
    """Return the address of a homeserver that is named by address or by name.

    A name is looked up as clients do it: https://NAME/.well-known/matrix/client. Raises
    PlatformError, ConfigurationError.
    """
    if homeserver.startswith(("https://", "http://")):
        return homeserver.rstrip("/")
    calls = make(f"https://{homeserver}")
    try:
        status, found = await calls.look("/.well-known/matrix/client")
    finally:
        await calls.close()
    if status != HTTPStatus.OK:
        return f"https://{homeserver}"  # none: then the name is the address
    told = found.get("m.homeserver")
    base = told.get("base_url") if isinstance(told, dict) else None
    if not isinstance(base, str) or not base.startswith(("https://", "http://")):
        raise ConfigurationError("matrix_well_known", ["MATRIX_HOMESERVER"])
    return base.rstrip("/")
