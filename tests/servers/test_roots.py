"""Servers in roots of their own are started only where they are wanted, and are there where they have to be."""

import os

import pytest

from tests.servers.roots import REQUIRED, root


def test_nobody_gets_a_root_by_surprise(monkeypatch):
    monkeypatch.delenv(REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match=REQUIRED):
        root("bookworm", "hello")


@pytest.mark.parametrize("wanted, outcome", [("try", pytest.skip.Exception), ("required", pytest.fail.Exception)])
def test_without_rights_it_is_skipped_or_fails(monkeypatch, wanted, outcome):
    monkeypatch.setenv(REQUIRED, wanted)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(outcome, match="root"):
        root("bookworm", "hello")


@pytest.mark.skipif(os.geteuid() != 0, reason="asks for a root as root does")
def test_without_mmdebstrap_it_is_skipped(monkeypatch, tmp_path):
    monkeypatch.setenv(REQUIRED, "try")
    monkeypatch.setenv("ASKAROUND_ROOTS", str(tmp_path))
    monkeypatch.setattr("tests.servers.roots.program", lambda name: None)
    with pytest.raises(pytest.skip.Exception, match=r"mmdebstrap|namespaces"):
        root("bookworm", "hello")
