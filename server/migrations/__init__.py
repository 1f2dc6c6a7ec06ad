"""The schema's history. One file a change; `server.db.migrate` brings a database to the newest."""
