"""The same promises over SQLite and PostgreSQL."""
