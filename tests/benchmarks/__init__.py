"""Measurements that print figures; their floors are tests of the suite."""
