"""The configuration: a TOML file, the environment above it, and where the password comes from."""

from worker.settings.load import load
from worker.settings.model import Settings
from worker.settings.tables import Endpoint, Servers

__all__ = ["Endpoint", "Servers", "Settings", "load"]
