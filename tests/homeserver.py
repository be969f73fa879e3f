"""A real homeserver for tests: Synapse with its data in a folder, on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import os
import random
import secrets
import socket
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

# Synapse, which ends with the process that holds the other end of its standard input: a test
# process that is killed leaves no server behind.
_RUN = """
import os, runpy, signal, threading
def watch():
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGKILL)
threading.Thread(target=watch, daemon=True).start()
runpy.run_module("synapse.app.homeserver", run_name="__main__", alter_sys=True)
"""
_SECRET = "known to the tests alone"  # noqa: S105 - it guards nothing
_START, _STOP = 60, 15  # seconds
_FREE = {"per_second": 100_000, "burst_count": 100_000}


class HomeserverError(Exception):
    """The homeserver did not do what a test needs of it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast one account may send; as Synapse has it where nothing is said."""

    per_second: float = 0.2
    burst: int = 10


@dataclass(frozen=True, slots=True)
class Account:
    user_id: str
    password: str


class Homeserver:
    """A Synapse with its data in a folder; a stop and a start keep them, and the address.

    Without `limits` nobody is ever slowed down. With them, messages are limited so, and what else
    Synapse limits as it comes, save for logging in. `settings` go into its configuration.
    """

    def __init__(
        self, folder: Path, *, port: int = 0, limits: Limits | None = None, **settings: object
    ) -> None:
        self.name = "briefbot.test"
        self._port = port or _free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._names: Counter[str] = Counter()
        self._operator = ""  # an administrator's token, once one was needed
        folder.mkdir(parents=True, exist_ok=True)
        self._write(limits, settings)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """The id of its process."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start it; return when it answers."""
        with (self._folder / "synapse.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: ASYNC220, S603 - no loop owns it; ours
                [sys.executable, "-c", _RUN, "--config-path", str(self._folder / "synapse.yaml")],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                # coverage would follow it, and make it slow
                env={k: v for k, v in os.environ.items() if not k.startswith("COV")},
                start_new_session=True,
            )
        deadline = asyncio.get_running_loop().time() + _START
        async with aiohttp.ClientSession(self.url) as session:
            while not await _healthy(session):
                if self._process.poll() is not None:
                    raise HomeserverError(f"Synapse ended as it started:\n{self.log()}")
                if asyncio.get_running_loop().time() > deadline:
                    await self.kill()
                    raise HomeserverError(f"Synapse is not up after {_START} s:\n{self.log()}")
                await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Stop it as an operator would, or by force where it takes too long."""
        if self._process is not None:
            self._process.terminate()
            if not await self._ended(_STOP):
                await self.kill()
            self._forget()

    async def kill(self) -> None:
        """Take it away at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            await self._ended(_STOP)
            self._forget()

    def log(self, lines: int = 30) -> str:
        """Return the end of what it wrote."""
        text = (self._folder / "synapse.log").read_text("utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    async def register(self, user: str, *, admin: bool = False) -> Account:
        """Make an account; a name that was given before gets a number."""
        self._names[user] += 1
        number = self._names[user]
        name = user if number == 1 else f"{user}-{number}"
        password = f"{name} has no other secret"
        path = "/_synapse/admin/v1/register"
        nonce = (await self.ask("GET", path))["nonce"]
        parts = (nonce, name, password, "admin" if admin else "notadmin")
        mac = hmac.new(_SECRET.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
        given = {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac}
        found = await self.ask("POST", path, {**given, "displayname": user})
        return Account(found["user_id"], password)

    async def login(self, account: Account, device: str = "a test") -> dict[str, Any]:
        """Log in; return what it answers: `access_token`, `device_id`."""
        given = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": account.user_id},
            "password": account.password,
            "initial_device_display_name": device,
        }
        return await self.ask("POST", "/_matrix/client/v3/login", given)

    async def override_ratelimit(
        self, user_id: str, *, per_second: int = 0, burst: int = 0
    ) -> None:
        """Give an account limits of its own, as its operator may; of nothing, none at all."""
        await self.administer(
            "POST",
            f"/_synapse/admin/v1/users/{user_id}/override_ratelimit",
            {"messages_per_second": per_second, "burst_count": burst},
        )

    async def administer(
        self, method: str, path: str, given: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Ask it something as its operator."""
        if not self._operator:
            account = await self.register("operator", admin=True)
            self._operator = (await self.login(account))["access_token"]
        return await self.ask(method, path, given, token=self._operator)

    async def ask(
        self, method: str, path: str, given: dict[str, Any] | None = None, *, token: str = ""
    ) -> dict[str, Any]:
        """Ask it something, as anyone or with a token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with (
            aiohttp.ClientSession(self.url, headers=headers) as session,
            session.request(method, path, json=given) as response,
        ):
            found: dict[str, Any] = await response.json()
            if not response.ok:
                raise HomeserverError(f"{method} {path}: {response.status} {found}")
            return found

    async def _ended(self, seconds: float) -> bool:
        assert self._process is not None
        for _ in range(int(seconds / 0.02)):
            if self._process.poll() is not None:
                return True
            await asyncio.sleep(0.02)
        return False

    def _forget(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    def _write(self, limits: Limits | None, settings: dict[str, object]) -> None:
        key = self._folder / "signing.key"
        if not key.exists():
            seed = b64encode(secrets.token_bytes(32)).decode().rstrip("=")
            key.write_text(f"ed25519 a_test {seed}\n", encoding="utf-8")
        log = {"version": 1, "root": {"level": "WARNING"}, "disable_existing_loggers": False}
        (self._folder / "log.yaml").write_text(json.dumps(log), encoding="utf-8")
        configuration = {**_configuration(self._folder, self.name, self._port), **_rates(limits)}
        # what is JSON is YAML
        text = json.dumps({**configuration, **settings})
        (self._folder / "synapse.yaml").write_text(text, encoding="utf-8")


def _configuration(folder: Path, name: str, port: int) -> dict[str, object]:
    listener = {
        "port": port,
        "type": "http",
        "bind_addresses": ["127.0.0.1"],
        "resources": [{"names": ["client"]}],
    }
    return {
        "server_name": name,
        "listeners": [listener],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "media_store_path": str(folder / "media"),
        "pid_file": str(folder / "synapse.pid"),
        "signing_key_path": str(folder / "signing.key"),
        "log_config": str(folder / "log.yaml"),
        "registration_shared_secret": _SECRET,
        "macaroon_secret_key": _SECRET,
        "form_secret": _SECRET,
        "bcrypt_rounds": 4,
        "presence": {"enabled": False},
        "url_preview_enabled": False,
        "report_stats": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "federation_domain_whitelist": [],
    }


def _rates(limits: Limits | None) -> dict[str, object]:
    """Return what is limited; people log in freely, since all of them come from one address."""
    login = dict.fromkeys(("address", "account", "failed_attempts"), _FREE)
    if limits is not None:
        message = {"per_second": limits.per_second, "burst_count": limits.burst}
        return {"rc_login": login, "rc_registration": _FREE, "rc_message": message}
    flat = ("message", "registration", "admin_redaction", "joins_per_room", "room_creation")
    flat = (*flat, "key_requests", "delayed_event_mgmt", "media_create", "reports")
    return {
        "rc_login": login,
        "rc_joins": {"local": _FREE, "remote": _FREE},
        "rc_invites": {"per_room": _FREE, "per_user": _FREE, "per_issuer": _FREE},
        "rc_presence": {"per_user": _FREE},
        **{f"rc_{one}": _FREE for one in (*flat, "user_directory", "profile")},
    }


def _free_port() -> int:
    """Find a port below those that the system lends, which a stop and a start may keep."""
    while True:
        port = random.randrange(20_000, 32_000)  # noqa: S311 - no secret
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


async def _healthy(session: aiohttp.ClientSession) -> bool:
    with contextlib.suppress(aiohttp.ClientError):
        async with session.get("/health") as response:
            return response.ok
    return False


@asynccontextmanager
async def homeserver_in(
    folder: Path, *, port: int = 0, limits: Limits | None = None, **settings: object
) -> AsyncGenerator[Homeserver]:
    """Run a homeserver with its data in a folder."""
    homeserver = Homeserver(folder, port=port, limits=limits, **settings)
    try:
        await homeserver.start()
        yield homeserver
    finally:
        await homeserver.stop()
