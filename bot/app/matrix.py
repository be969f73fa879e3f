"""Wires Matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.app.machine import SystemClock
from bot.core.talking import wording
from bot.errors import ConfigurationError
from bot.flows.observed import Unobserved
from bot.platforms.matrix import checking
from bot.platforms.matrix.identity import Trust
from bot.platforms.matrix.matrix import Matrix
from bot.platforms.matrix.receiving import Manner
from bot.platforms.matrix.session import Account
from bot.platforms.matrix.words import Words

if TYPE_CHECKING:
    from bot.platforms.matrix.checking import Standing
    from bot.ports import Notes, Telemetry
    from bot.settings import Settings


__all__ = ["Trust", "account_of", "examine", "matrix_of", "reset", "words"]


def account_of(settings: Settings) -> Account:
    """Return the account that the settings name. Raises ConfigurationError."""
    password, token = settings.matrix_password, settings.matrix_access_token
    if token is None and (password is None or not settings.matrix_user):
        raise ConfigurationError("matrix_half", ["MATRIX_USER", "MATRIX_PASSWORD"])
    if not settings.matrix_homeserver:
        raise ConfigurationError("matrix_nowhere", ["MATRIX_HOMESERVER"])
    secret = settings.secret
    return Account(
        homeserver=settings.matrix_homeserver,
        user=settings.matrix_user,
        password=password.get_secret_value() if password else None,
        token=token.get_secret_value() if token else None,
        folder=settings.keys / "matrix",
        secret=secret.get_secret_value() if secret else None,
        key_file=settings.data_dir / "secret.key",
    )


def matrix_of(
    settings: Settings, notes: Notes, telemetry: Telemetry, *, grace: float = 300.0
) -> Matrix:
    """Wire the account that is set; `grace` are the seconds that a message's key may be late.

    Raises ConfigurationError.
    """
    return Matrix(
        account_of(settings),
        notes=notes,
        words=words(settings.matrix_prefix),
        prefix=settings.matrix_prefix,
        manner=Manner(invites=settings.matrix_invites, grace=grace),
        clock=SystemClock(),
        telemetry=telemetry,
        timeout=settings.post_timeout,
        most_bytes=settings.file_max_mb * 1_000_000,
    )


def words(prefix: str) -> Words:
    """Return our house's words for Matrix's own parts."""
    return Words(
        labels=wording.REACTION_LABELS,
        left_out=wording.left_out,
        ask=wording.REPLY_TO_ASK,
        prefix=prefix,
        proof=wording.SHOW_PROOF,
        or_react=wording.OR_REACT,
        react=wording.REACT,
    )


async def examine(settings: Settings) -> Standing:
    """Look at the account, changing nothing. Raises PlatformError, ConfigurationError."""
    return await checking.standing(account_of(settings), within=settings.post_timeout)


async def reset(settings: Settings) -> Standing:
    """Give the account a new identity. Raises PlatformError, ConfigurationError."""
    return await checking.reset(
        account_of(settings), within=settings.post_timeout, telemetry=Unobserved()
    )
