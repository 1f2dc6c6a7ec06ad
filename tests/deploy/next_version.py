"""The version after this one, made from a copy of this one: a migration, a file of the pages that only it has, and a
field of an event that this version does not know."""

import compileall
import shutil
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from server.demo.cluster.node import Node

from .places import ROOT

REVISION = "9000"
ASSET = "/assets/next-4f2a9c.js"
MIGRATION = f'''
import sqlalchemy as sa
from alembic import op

revision = "{REVISION}"
down_revision = "{{head}}"


def upgrade() -> None:
    op.create_table("badges", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("journals", sa.Column("patron", sa.Text()))
    op.add_column("servers", sa.Column("room", sa.Integer(), nullable=False, server_default="0"))
'''
FIELD = "    absent_unexcused: int | None = None\n\n\nclass TvFollowed"
KNOWS = [("server/protocol/events.py", FIELD, FIELD.replace("\n", '\n    counted_by: str = ""\n', 1))]
WRITES = [
    ("server/conference/headcount.py", "c.absent_unexcused)]", 'c.absent_unexcused, "usher")]'),
    ("server/protocol/events.py", "VERSIONS: dict[str, int] = {}", 'VERSIONS = {"headcount_reported": 2}'),
    ("server/journal/upcast.py", "dict[str, Any]]] = {}", 'dict[str, Any]]] = {("headcount_reported", 1): dict}'),
]


class NextVersion:
    """`writes`: it writes the field at once, instead of one version after the one that reads it."""

    def __init__(self, folder: Path, *, writes: bool) -> None:
        self._folder = folder / "next"
        shutil.copytree(ROOT / "server", self._folder / "server")
        shutil.copytree(ROOT / "web" / "dist", self._folder / "web" / "dist")
        (self._folder / "web" / "dist" / ASSET[1:]).write_text("export {};")
        migrations = self._folder / "server" / "migrations"
        config = Config()
        config.set_main_option("script_location", str(ROOT / "server" / "migrations"))
        head = ScriptDirectory.from_config(config).get_current_head()
        (migrations / "versions" / "9000_next.py").write_text(MIGRATION.format(head=head))
        for name, old, new in KNOWS + (WRITES if writes else []):
            file = self._folder / name
            text = file.read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{name} has no {old!r}"
            file.write_text(text.replace(old, new), encoding="utf-8")
        # Once, and not at the start of every server: what was compiled before came with the copy.
        compileall.compile_dir(self._folder / "server", quiet=2)

    def install(self, server: Node) -> None:
        """Stops it in order, and starts it as the next version. Returns when it may be sent work."""
        server.stop()
        # Without the first, Python takes the program of the folder that it is started in.
        server.settings |= {"PYTHONSAFEPATH": "1", "PYTHONPATH": str(self._folder)}
        server.start()


def put_back(server: Node) -> None:
    """This version again. Raises `DidNotStart`."""
    server.stop()
    del server.settings["PYTHONSAFEPATH"], server.settings["PYTHONPATH"]
    server.start()
