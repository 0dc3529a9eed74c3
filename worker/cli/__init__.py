"""What a person types and sees; no decisions."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """The command `askaround`: exit code 0 done, 1 the world is wrong, 2 what the user wrote is wrong."""
    gc.set_threshold(100_000, 20, 50)  # to load modules makes many objects, and hardly any garbage to look for
    from worker.cli.app import asked_for
    from worker.errors import AskaroundError

    try:
        asked_for(sys.argv[1:])()
    except AskaroundError as error:
        sys.stdout.flush()
        for line in error.lines():
            print(line, file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
