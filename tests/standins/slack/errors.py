"""How the stand-in says no."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A call that Slack would not carry out.

    `error` is Slack's name of the reason, `detail` goes into response_metadata.messages, `more`
    into the answer itself. With 429 goes after how many seconds to come back, in whole ones.
    """

    def __init__(
        self,
        error: str,
        *detail: str,
        status: int = 200,
        retry_after: float | None = None,
        **more: Any,
    ) -> None:
        super().__init__(error, *detail)
        self.error, self.detail = error, detail
        self.status, self.retry_after, self.more = status, retry_after, more

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error": self.error, **self.more}
        if self.detail:
            body["response_metadata"] = {"messages": [f"[ERROR] {one}" for one in self.detail]}
        return body


class Impossible(Exception):
    """A test asked a person for what nobody could do: to press what is not there, say."""
