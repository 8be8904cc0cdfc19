"""Networks of the contract tests: made, watched and removed."""

from __future__ import annotations

import threading
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.driver import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.driver import Driver

_PREFIX = "contract-"
_EVENTS = ("DEFINED", "UNDEFINED", "STARTED", "STOPPED")
_MARKER = "marker"
# Networks of the tests are in 10.77 and 10.79: 10.78 is the lab's own.
IP = "<ip address='10.77.0.1' netmask='255.255.255.0'>{}</ip>"
DHCP = IP.format("<dhcp><range start='10.77.0.10' end='10.77.0.99'/></dhcp>")


class Networks:
    """The networks of one driver, with what these tests make of them."""

    def __init__(self, driver: Driver) -> None:
        self.driver, self.conn = driver, driver.conn
        self._seen: list[tuple[str, str]] = []
        self._changed = threading.Condition()
        number = driver.constant("NETWORK_EVENT_ID_LIFECYCLE")
        self._id = self.conn.networkEventRegisterAny(None, number, self._lifecycle, None)

    def close(self) -> None:
        """Remove what is left, and listen no more."""
        self.clean()
        self.conn.networkEventDeregisterAny(self._id)

    @property
    def source(self) -> int:
        """The VIR_FROM_* of the driver's own errors: the parser's are always the network part's."""
        found: int = self.driver.constant("FROM_NETWORK" if self.real else "FROM_TEST")
        return found

    @property
    def real(self) -> bool:
        """Whether it is libvirt's network driver, or a fake of it."""
        return self.driver.family == "qemu"

    def uuid(self, name: str = "one") -> str:
        """Return the UUID of the network *name*."""
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"network-{name}"))

    def named(self, name: str = "one") -> str:
        """Return the whole name of the network that these tests call *name*."""
        return _PREFIX + name

    def xml(self, inner: str = "", name: str = "one", *, identity: str | None = None, root: str = "") -> str:
        """Return the document of a network."""
        return (
            f"<network {root}><name>{self.named(name)}</name><uuid>{identity or self.uuid(name)}</uuid>"
            f"{inner}</network>"
        )

    def define(self, inner: str = "", name: str = "one") -> Any:
        """Define a network."""
        return self.conn.networkDefineXML(self.xml(inner, name))

    def create(self, inner: str = "", name: str = "one") -> Any:
        """Make a transient network."""
        return self.conn.networkCreateXML(self.xml(inner, name))

    def clean(self) -> None:
        """Remove the networks of these tests."""
        for network in self.conn.listAllNetworks():
            if not network.name().startswith(_PREFIX):
                continue
            persistent = network.isPersistent()
            if network.isActive():
                network.destroy()
            if persistent:
                network.undefine()

    # events

    def _lifecycle(self, _conn: Any, network: Any, event: int, detail: int, _opaque: Any) -> None:
        assert detail == 0
        with self._changed:
            self._seen.append((network.name(), _EVENTS[event]))
            self._changed.notify_all()

    def _flush(self) -> None:
        """Wait until all that has happened was heard of."""
        with self._changed:
            marks = sum(name == self.named(_MARKER) for name, _ in self._seen)
        self.define(name=_MARKER).undefine()
        with self._changed:
            assert self._changed.wait_for(
                lambda: sum(name == self.named(_MARKER) for name, _ in self._seen) == marks + 2, PATIENCE
            ), "the marker never came"

    def forget(self) -> None:
        """Forget what has happened so far."""
        self._flush()
        with self._changed:
            self._seen.clear()

    def events(self) -> list[str]:
        """Return what happened so far, in order."""
        self._flush()
        with self._changed:
            return [what for name, what in self._seen if name != self.named(_MARKER)]


@pytest.fixture(scope="package")
def all_networks(driver: Driver) -> Iterator[Networks]:
    """The networks of the driver."""
    networks = Networks(driver)
    yield networks
    networks.close()


@pytest.fixture
def networks(all_networks: Networks, conn: Any) -> Iterator[Networks]:
    """The networks of the driver, none of these tests'; and no domain of these tests either."""
    all_networks.clean()
    all_networks.forget()
    yield all_networks
    all_networks.driver.clean()
    all_networks.clean()
