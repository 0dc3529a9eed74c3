"""Leaves out what needs Debian roots of its own, 250 MB over the network, unless asked for; begins with the longest."""

import os

import pytest

collect_ignore = [] if os.environ.get("ASKAROUND_OTHER_SERVERS") else ["test_from_nothing.py", "test_other_servers.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The soak alone takes as long as a tenth of all the rest: at the end only one process would be at work."""
    items.sort(key=lambda item: "test_soak" not in item.nodeid)
