"""What survives a crash: the Work port on SQLite and on PostgreSQL."""
