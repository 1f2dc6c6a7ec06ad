"""A running PostgreSQL of our own, with as many databases as the tests ask for."""

import uuid

from server.demo.cluster import postgres
from server.demo.cluster.postgres import binaries

__all__ = ["Postgres", "binaries"]


class Postgres(postgres.Postgres):
    """Runs when it is made; `remove` throws it away."""

    def __init__(self) -> None:
        super().__init__()
        self.start()

    def database(self, template: str = "template1") -> str:
        """A new database; gives the URL for SQLAlchemy."""
        name = f"t{uuid.uuid4().hex[:12]}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)
