"""How each embedded server is prepared and started: PostgreSQL, SeaweedFS, Valkey."""
