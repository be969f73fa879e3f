"""A model server, and a writer that asks it."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from tests.standins.conftest import model
from tests.writers.asking import writer_for

__all__ = ["model"]


@pytest.fixture
async def writing(model):
    """Return a function that makes a writer for the model server, with what it is to have."""
    async with AsyncExitStack() as stack:

        def make(**given):
            made = writer_for(model, **given)
            stack.push_async_callback(made.client.close)
            return made

        yield make
