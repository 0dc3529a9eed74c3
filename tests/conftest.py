"""Makes the servers' fixtures known to every test."""

from tests.servers.plugin import embedded, fresh_address, mail_server, postgresql, postgresql_url

__all__ = ["embedded", "fresh_address", "mail_server", "postgresql", "postgresql_url"]
