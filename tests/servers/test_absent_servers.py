"""A missing server skips its tests, unless it has to be there."""

import pytest

from tests.servers.available import REQUIRED, absent


def test_a_missing_server_skips(monkeypatch):
    monkeypatch.delenv(REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="no Dovecot"):
        absent("no Dovecot")


def test_a_missing_server_fails_where_it_is_required(monkeypatch):
    monkeypatch.setenv(REQUIRED, "required")
    with pytest.raises(pytest.fail.Exception, match="no Dovecot"):
        absent("no Dovecot")
