"""`python -m worker` is `askaround`."""

from worker.cli import main

main()
