"""``python -m virtkit.cli``: the command, where it is not installed."""

import sys

from virtkit.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
