"""The variables of the environment, read as tables and keys; only where there are any, for it takes long to load."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from worker.settings.model import PREFIX, Tables


def read(variables: Mapping[str, str]) -> dict[str, Any]:
    """What these variables say, in tables; nothing is checked yet."""
    return Environment(_Known, variables)()


class _Known(Tables, BaseSettings):
    """The tables, under the names that variables give them."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__")


class Environment(EnvSettingsSource):
    """The variables that begin with ASKAROUND_; tables and lists in them are JSON, lists also words with commas."""

    def __init__(self, tables: type[BaseSettings], environ: Mapping[str, str]) -> None:
        self._environ = environ
        super().__init__(tables)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        # The environment is an argument here, so that a test or a job never changes the process's own.
        return {name.lower(): value for name, value in self._environ.items()}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """JSON where it is JSON; else words separated by commas for a list, and the text itself for a table."""
        try:
            return json.loads(value)
        except ValueError:
            if value.lstrip().startswith(("[", "{")):
                return value
            words = [word.strip() for word in value.split(",")]
            return words if value.strip() else []
