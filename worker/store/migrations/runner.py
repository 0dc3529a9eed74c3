"""Runs the migrations on an engine, each in a transaction that a kill leaves nothing of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, inspect, text

HERE = Path(__file__).parent
NEWEST = "0009"


def newest() -> str:
    """The revision that this program writes; a test compares it with the files."""
    return NEWEST


def revision_of(engine: Engine) -> str | None:
    """The revision of the database behind `engine`; None where it is empty. Does not load Alembic."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("select version_num from alembic_version")).scalar()


class _Upgrade:
    """Bring a database to the newest revision."""

    def _config(self) -> Any:
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(HERE).replace("%", "%%"))
        return config

    def knows(self, revision: str) -> bool:
        """Whether `revision` is one of ours."""
        from alembic.script import ScriptDirectory

        return any(step.revision == revision for step in ScriptDirectory.from_config(self._config()).walk_revisions())

    def __call__(self, engine: Engine, to: str = "head") -> None:
        from alembic import command

        config = self._config()
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, to)


upgrade = _Upgrade()
