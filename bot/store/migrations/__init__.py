"""The history of the schema: one tree for SQLite and PostgreSQL.

Several releases may run on one PostgreSQL database for a while (a rolling restart), so a schema
changes in two steps. A migration only adds: tables, indexes, columns that may be empty or have a
default in the database. What the previous release reads or writes is dropped, renamed or made
stricter in the release after it, when nobody uses it any more. Never edit a released migration.
"""

OLDEST_READER = "0001"
"""The oldest revision whose release still gets along with the tables of the newest one.

It is written into the database, where a release of that revision or a later one, restarted after
the upgrade, finds it beside a revision that it does not know, and opens the database all the
same. Raise it in the migration that takes something away.
"""
