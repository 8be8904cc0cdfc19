"""What all tests share."""

import re
from collections.abc import Generator

import pytest

_MISSING = re.compile("not installed|could not import|cannot run on this machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--complete``: libvirt is here, so nothing may be skipped for want of it."""
    parser.addoption(
        "--complete", action="store_true", help="a test that skips because libvirt is missing fails"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a skip for want of libvirt, its schemas or the lab a failure, if the run is to be complete."""
    report = yield
    if report.skipped and item.config.getoption("--complete") and _MISSING.search(str(report.longrepr)):
        report.outcome = "failed"
    return report
