"""What the tests of several folders use."""

from tests.postgres import (
    empty_postgres_url,
    postgres_server,
    postgres_template,
    postgres_url,
)

__all__ = ["empty_postgres_url", "postgres_server", "postgres_template", "postgres_url"]
