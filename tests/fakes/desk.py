"""A desk to which nobody may come."""

from collections.abc import Mapping

from bot.model import Commanded, Filled, Post, Sheet, Wish


class ClosedDesk:
    """A `ports.Desk` that fails the test in which somebody comes to it."""

    async def show(self, wish: Wish) -> Sheet:
        raise AssertionError(wish)

    async def fill(self, filled: Filled) -> Mapping[str, str]:
        raise AssertionError(filled)

    async def command(self, commanded: Commanded) -> Post | None:
        raise AssertionError(commanded)


NOBODY = ClosedDesk()
