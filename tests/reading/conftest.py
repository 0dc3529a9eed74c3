"""The tests of reading look at the rules by themselves, as they decide where the weights are missing."""

from __future__ import annotations

import pytest

from worker.reading.model import keeping


@pytest.fixture(autouse=True)
def rules_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an opinion of the model; what both say together is tested in tests/benchmarks."""
    monkeypatch.setattr(keeping, "opinion", lambda *_: None)
