"""What all tests share."""

from collections.abc import Generator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--complete``: libvirt is here, so nothing may be skipped for want of it."""
    parser.addoption(
        "--complete", action="store_true", help="a test that skips because libvirt is missing fails"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a skip for want of libvirt or its schemas a failure, if the run says that it is complete."""
    report = yield
    if report.skipped and item.config.getoption("--complete") and "libvirt" in str(report.longrepr):
        report.outcome = "failed"
    return report
