"""Where a fake host's state lives: in memory, or in an SQLite file that processes share."""
