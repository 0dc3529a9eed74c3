"""PURE: raw bytes in, a Reading out; no I/O, no clock, no chance. Also the grammar of the owner's words."""

from worker.reading.model.keeping import opened
from worker.reading.reader import headers, read, text_hash

__all__ = ["headers", "opened", "read", "text_hash"]
