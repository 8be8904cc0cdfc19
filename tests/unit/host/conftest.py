"""Fake hosts, fresh for each test, on a clock that the test holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import virtkit.fake
from virtkit import clock
from virtkit.clock import VirtualClock
from virtkit.host import Connection, connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from virtkit.host import Domain

XML = """\
<domain type='qemu'>
  <name>web1</name>
  <memory unit='MiB'>256</memory>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <interface type='network'><source network='default'/><model type='virtio'/></interface>
  </devices>
</domain>
"""


@pytest.fixture
def held() -> Iterator[VirtualClock]:
    """A clock that moves only when somebody waits."""
    with clock.use(VirtualClock()) as held:
        yield held


@pytest.fixture
def conn(held: VirtualClock) -> Iterator[Connection]:
    """An empty fake host."""
    virtkit.fake.reset()
    with connect("fake:///one") as conn:
        yield conn


@pytest.fixture
def other(conn: Connection) -> Iterator[Connection]:
    """A second fake host."""
    with connect("fake:///two") as other:
        yield other


@pytest.fixture
def domain(conn: Connection) -> Domain:
    """A domain that is defined and off."""
    return conn.domains.define(XML)


@pytest.fixture
def running(domain: Domain) -> Domain:
    """A domain that runs."""
    domain.start()
    return domain
