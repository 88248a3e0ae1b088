"""A case on disk: SQLite, files that come in, files written whole."""
