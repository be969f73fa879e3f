"""What the tests of several folders use."""

from tests.postgres import (
    _postgres_template,
    empty_postgres_url,
    postgres_server,
    postgres_url,
)

__all__ = ["_postgres_template", "empty_postgres_url", "postgres_server", "postgres_url"]
