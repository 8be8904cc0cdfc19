"""``pytest tests/machine --machine-time 120``: how long to look for differences."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --machine-time."""
    parser.addoption(
        "--machine-time",
        type=float,
        default=8.0,
        metavar="SECONDS",
        help="how long the state machine compares the fake with libvirt's test driver",
    )
