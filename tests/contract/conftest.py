"""One source, many drivers: ``pytest tests/contract --driver fake|fake-file|fake-test|test|qemu``.

``fake`` needs nothing. ``test`` is libvirt's own test driver, ``qemu`` a host of the lab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contract.blocks import all_blocks, blocks, real  # noqa: F401
from tests.contract.driver import NAMES, Driver, open_driver
from tests.contract.networks import all_networks, networks  # noqa: F401
from tests.contract.recorder import Recorder
from tests.contract.storage import all_storage, files, storage  # noqa: F401
from tests.lab.fixtures import lab  # noqa: F401

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --driver."""
    parser.addoption(
        "--driver", choices=NAMES, default="fake", help="which libvirt answers the contract tests"
    )


def pytest_report_header(config: pytest.Config) -> str:
    """Say which driver answers."""
    return f"contract driver: {config.getoption('--driver')}"


@pytest.fixture(scope="package")
def driver(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    """The libvirt that answers, with its event loop running."""
    name = request.config.getoption("--driver")
    uris = [f"fake://{tmp_path_factory.mktemp('fake') / 'host.db'}"] if name == "fake-file" else None
    if name == "qemu":
        uris = [host.uri for host in request.getfixturevalue("lab").hosts]
    with open_driver(name, uris) as driver:
        yield driver


@pytest.fixture
def conn(driver: Driver) -> Any:
    """A connection to a host on which no domain of these tests is left."""
    driver.clean()
    return driver.conn


@pytest.fixture(scope="package")
def recorder(driver: Driver) -> Iterator[Recorder]:
    """Hears of every domain of these tests."""
    recorder = Recorder(driver)
    yield recorder
    recorder.close()


@pytest.fixture
def events(recorder: Recorder, conn: Any) -> Recorder:
    """What happens to the domains of these tests, from now on."""
    recorder.clear()
    return recorder


@pytest.fixture
def domain(driver: Driver, conn: Any) -> Any:
    """A domain that is defined and off."""
    return conn.defineXML(driver.xml())


@pytest.fixture
def running(domain: Any) -> Any:
    """A domain that runs."""
    domain.create()
    return domain


@pytest.fixture
def paused(running: Any) -> Any:
    """A domain that is paused."""
    running.suspend()
    return running


@pytest.fixture
def transient(driver: Driver, conn: Any) -> Any:
    """A domain that runs and has no definition."""
    return conn.createXML(driver.xml(), 0)
