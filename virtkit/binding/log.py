"""Messages for whoever listens. Where nobody does, logging is not even loaded: it takes 4 ms."""

from __future__ import annotations

import sys


def debug(logger: str, message: str, *values: object, exc_info: bool = False) -> None:
    """Log at DEBUG, unless no part of the program has ever imported logging."""
    logging = sys.modules.get("logging")
    if logging is not None:
        logging.getLogger(logger).debug(message, *values, exc_info=exc_info)
