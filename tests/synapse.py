"""A real homeserver for tests, started where a test asks for it, and the people on it.

Outside pytest: `async with homeserver_in(folder) as homeserver`. By hand, until Ctrl-C, with a
person and a bot who are registered: `python -m tests.synapse --port 8008`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.homeserver import Account, Homeserver, HomeserverError, Limits, homeserver_in

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from tests.standins.matrix import Person

__all__ = ["Account", "Homeserver", "HomeserverError", "Limits", "homeserver_in"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def homeserver(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Homeserver]:
    """A homeserver that slows nobody down, one a test process: a test makes its own accounts."""
    async with homeserver_in(tmp_path_factory.mktemp("homeserver")) as running:
        yield running


@pytest.fixture
async def strict_homeserver(
    tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncGenerator[Homeserver]:
    """A homeserver with Synapse's own limits, or those that a test gives as its parameter."""
    limits = getattr(request, "param", Limits())
    async with homeserver_in(tmp_path / "homeserver", limits=limits) as running:
        yield running


@pytest.fixture
async def people(
    homeserver: Homeserver, tmp_path: Path
) -> AsyncGenerator[Callable[..., Awaitable[Person]]]:
    """Make people, `await people("ann", strict=True)`, who go when the test is over."""
    from tests.standins.matrix import Person  # noqa: PLC0415 - slow, so only where asked for

    numbers = count()
    async with AsyncExitStack() as stack:

        async def person(name: str, **given: object) -> Person:
            folder = tmp_path / f"{name}-{next(numbers)}"
            one = await Person.at(homeserver, folder, name=name, **given)
            stack.push_async_callback(one.close)
            return one

        yield person


async def _by_hand(port: int) -> None:
    with TemporaryDirectory(prefix="briefbot-synapse-") as folder:
        async with homeserver_in(Path(folder), port=port) as running:
            sys.stdout.write(f"{running.url}\n")
            for name in ("ann", "briefbot"):
                account = await running.register(name)
                sys.stdout.write(f"{account.user_id}  password: {account.password}\n")
            sys.stdout.write("Ctrl-C ends it.\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.synapse")
    parser.add_argument("--port", type=int, default=8008)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_by_hand(parser.parse_args().port))


if __name__ == "__main__":
    main()
