"""Servers for the tests, and tests of these servers."""
