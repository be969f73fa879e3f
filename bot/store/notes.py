"""What a platform keeps for itself by name: its own texts, whose sense only it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, text

from bot.store.schema import notes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection


def read(connection: Connection, account: str) -> dict[str, str]:
    """Return all notes of an account, by name."""
    rows = connection.execute(_READ, {"_account": account})
    return {row.name: row.text for row in rows}


def change(connection: Connection, account: str, changes: Mapping[str, str | None]) -> bool:
    """Keep, replace or drop notes; tell whether any was dropped."""
    dropped = 0
    # In one order, so that of two who change the same ones neither waits for the other for ever.
    for name, given in sorted(changes.items()):
        named = {"_account": account, "_name": name}
        if given is None:
            dropped += connection.execute(_DROP, named).rowcount
        else:
            connection.execute(_KEEP, {**named, "_text": given})
    return dropped > 0


_READ = select(notes.c.name, notes.c.text).where(notes.c.account == bindparam("_account"))
_DROP = delete(notes).where(
    notes.c.account == bindparam("_account"), notes.c.name == bindparam("_name")
)
# As both databases say it.
_KEEP = text(
    "INSERT INTO notes (account, name, text) VALUES (:_account, :_name, :_text) "
    "ON CONFLICT (account, name) DO UPDATE SET text = excluded.text"
)
