"""What the tests of several folders use."""

from tests.postgres import (
    empty_postgres_url,
    postgres_server,
    postgres_template,
    postgres_url,
)
from tests.synapse import homeserver, people, strict_homeserver

__all__ = [
    "empty_postgres_url",
    "homeserver",
    "people",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "strict_homeserver",
]
