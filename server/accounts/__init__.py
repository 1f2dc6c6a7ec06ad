"""Who may come in: accounts, sessions, API tokens, kiosks, and the first administrator."""
