"""What the tests of the stand-in say to it."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError


async def refused(call):
    """Return the answer to a call that has to be refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def error(call):
    return (await refused(call))["error"]
