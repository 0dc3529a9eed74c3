"""How many examples a generated test tries: fewer where the same tests run thousands of times over (`make mutants`)."""

import os


def examples(usual: int) -> int:
    """The usual number, or a tenth of it."""
    return usual // 10 if "ASKAROUND_FEW_EXAMPLES" in os.environ else usual
