"""What is kept: schema, queries, search, migrations."""
