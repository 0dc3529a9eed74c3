"""PURE: the vocabulary, the table of transitions, the pace; no I/O, no clock, no chance."""
