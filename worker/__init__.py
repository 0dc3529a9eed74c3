"""askaround: a worker that asks strangers for an informational interview, by mail, politely."""

__version__ = "0.1.0"
