"""What a SQLite database consists of."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


def tables(path: Path) -> dict[str, int]:
    """Return the bytes of each table with its indexes, the largest first."""
    found: dict[str, int] = {}
    for (table, _), size in _sizes(path).items():
        found[table] = found.get(table, 0) + size
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def parts(path: Path) -> dict[str, int]:
    """Return the bytes of each table and each index by its own name, the largest first."""
    found = {name: size for (_, name), size in _sizes(path).items()}
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def unused(path: Path) -> dict[str, int]:
    """Return the bytes of each table's own pages in which nothing is stored; empty if unread."""
    with closing(sqlite3.connect(path)) as connection, suppress(sqlite3.OperationalError):
        query = "SELECT name, sum(unused) FROM dbstat GROUP BY name ORDER BY 2 DESC"
        return dict(connection.execute(query).fetchall())
    return {}


def _sizes(path: Path) -> dict[tuple[str, str], int]:
    """Return the bytes by table and part; what no table holds is "free" or, unread, "pages"."""
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("PRAGMA page_size").fetchone()
        (free,) = connection.execute("PRAGMA freelist_count").fetchone()
        found = {("free pages", "free pages"): free * page}
        try:
            rows = connection.execute(
                "SELECT coalesce(m.tbl_name, s.name), s.name, sum(s.pgsize) FROM dbstat s "
                "LEFT JOIN sqlite_schema m ON m.name = s.name GROUP BY s.name"
            ).fetchall()
        except sqlite3.OperationalError:  # not compiled in
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            rows = [("pages", "pages", (pages - free) * page)]
    return found | {(table, name): size for table, name, size in rows}


def rows(path: Path) -> dict[str, int]:
    """Return how many rows the tables have that only pass through, and those that stay."""
    names = ("events", "steps", "deliveries", "jobs", "mentions", "article_texts", "briefs")
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 - ours
            for name in (*names, "questions", "passages")
        }


def old_events(path: Path, now: datetime) -> int:
    """Return how many events are older than they should get."""
    before = (now - timedelta(days=7, hours=7)).replace(tzinfo=None)
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT count(*) FROM events WHERE received_at < ?"
        found: int = connection.execute(query, (before.isoformat(" "),)).fetchone()[0]
        return found


def log(path: Path) -> int:
    with suppress(FileNotFoundError):
        return path.with_name(f"{path.name}-wal").stat().st_size
    return 0
