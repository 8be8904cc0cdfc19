"""The libvirts that the contract tests can talk to."""

from __future__ import annotations

import threading
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("fake", "fake-file", "fake-test", "test", "qemu")
_FAMILY = {"fake": "qemu", "fake-file": "qemu", "qemu": "qemu", "fake-test": "test", "test": "test"}
_URIS = {"fake": "fake:///contract", "fake-test": "test:///default", "test": "test:///default"}
_PREFIX = "contract-"
MARKER = "marker"  # the domain whose events mark that others have come
_TYPE = {"qemu": "<type arch='x86_64' machine='pc'>hvm</type>", "test": "<type>hvm</type>"}
PATIENCE = 120.0  # seconds for what is sure to come: a loaded machine is slow, and a guest boots in ten
_loops: set[str] = set()


@dataclass
class Driver:
    """One libvirt: its module, its connection, and the documents that it takes."""

    name: str
    module: Any
    conn: Any
    errors: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def family(self) -> str:
        """Which driver's answers are expected: ``qemu`` or ``test``."""
        return _FAMILY[self.name]

    @property
    def source(self) -> int:
        """The VIR_FROM_* of that driver."""
        found: int = self.module.VIR_FROM_QEMU if self.family == "qemu" else self.module.VIR_FROM_TEST
        return found

    def constant(self, name: str) -> int:
        """Return the constant ``VIR_<name>``."""
        found: int = getattr(self.module, f"VIR_{name}")
        return found

    def named(self, name: str = "one") -> str:
        """Return the whole name of a domain of these tests."""
        return _PREFIX + name

    def uuid(self, name: str = "one") -> str:
        """Return the UUID of the domain that these tests call *name*."""
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, _PREFIX + name))

    def xml(
        self, name: str = "one", *, inner: str = "", devices: str = "", identity: str | None = None
    ) -> str:
        """Return the document of a small domain.

        Args:
            name: what these tests call it.
            inner: more elements of the domain.
            devices: its devices.
            identity: its UUID element's text, if not the one that goes with the name.
        """
        return (
            f"<domain type='{self.family}'><name>{self.named(name)}</name>"
            f"<uuid>{identity or self.uuid(name)}</uuid><memory>65536</memory>"
            f"<os>{_TYPE[self.family]}</os>{inner}<devices>{devices}</devices></domain>"
        )

    def clean(self) -> None:
        """Remove the domains of these tests."""
        for domain in self.conn.listAllDomains():
            if domain.name().startswith(_PREFIX) and domain.name() != self.named(MARKER):
                self._remove(domain)
        self.errors.clear()

    def _remove(self, domain: Any) -> None:
        if domain.isActive():
            persistent = domain.isPersistent()
            domain.destroy()
            if not persistent:
                return
        names = ["MANAGED_SAVE", "SNAPSHOTS_METADATA"]
        names += ["CHECKPOINTS_METADATA"] if self.family == "qemu" else []
        domain.undefineFlags(sum(self.constant(f"DOMAIN_UNDEFINE_{name}") for name in names))


@contextmanager
def open_driver(name: str, uris: list[str] | None) -> Iterator[Driver]:
    """Open the libvirt called *name*, with its event loop running in a thread."""
    if name in {"test", "qemu"}:
        module = pytest.importorskip("libvirt", reason="libvirt-python is not installed")
    else:
        module = import_module("virtkit.fake")
    _run_loop(module)
    conn = module.open(uris[0] if uris else _URIS[name])
    driver = Driver(name, module, conn)
    module.registerErrorHandler(lambda seen, error: seen.append(error), driver.errors)
    try:
        yield driver
    finally:
        driver.clean()
        conn.close()
        module.registerErrorHandler(None, None)


def _run_loop(module: Any) -> None:
    if module.__name__ in _loops:
        return
    _loops.add(module.__name__)
    module.virEventRegisterDefaultImpl()

    def run() -> None:
        while True:
            module.virEventRunDefaultImpl()

    threading.Thread(target=run, name="contract-events", daemon=True).start()


def elsewhere(driver: Driver, domain: Any) -> Any:
    """Return *domain* on a connection of its own, which a test may break."""
    return driver.module.open(driver.conn.getURI()).lookupByName(domain.name())
