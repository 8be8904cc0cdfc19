"""Pools and volumes of the contract tests: made, watched and removed."""

from __future__ import annotations

import itertools
import threading
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.driver import PATIENCE
from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.contract.driver import Driver

MIB = 1 << 20
_PREFIX = "contract-"
_EVENTS = ("DEFINED", "UNDEFINED", "STARTED", "STOPPED", "CREATED", "DELETED")


class Storage:
    """The storage of one driver, with what these tests make in it."""

    def __init__(self, driver: Driver) -> None:
        self.driver, self.conn = driver, driver.conn
        self.root = f"/var/tmp/contract-{uuid.uuid4().hex[:8]}"
        self._seen: list[tuple[str, str]] = []
        self._changed = threading.Condition()
        self._marks = itertools.count(1)
        number = driver.constant
        self._ids = [
            self.conn.storagePoolEventRegisterAny(
                None, number("STORAGE_POOL_EVENT_ID_LIFECYCLE"), self._lifecycle, None
            ),
            self.conn.storagePoolEventRegisterAny(
                None, number("STORAGE_POOL_EVENT_ID_REFRESH"), self._refreshed, None
            ),
        ]

    def close(self) -> None:
        """Listen no more."""
        for callback in self._ids:
            self.conn.storagePoolEventDeregisterAny(callback)

    @property
    def source(self) -> int:
        """The VIR_FROM_* of the storage driver."""
        found: int = self.driver.constant("FROM_STORAGE" if self.real else "FROM_TEST")
        return found

    @property
    def real(self) -> bool:
        """Whether it is QEMU's storage driver, or a fake of it: with files, and bytes in them."""
        return self.driver.family == "qemu"

    # documents

    def uuid(self, name: str = "one") -> str:
        """Return the UUID of the pool *name*."""
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, f"pool-{name}"))

    def path(self, name: str = "one", volume: str = "") -> str:
        """Return where the pool *name* is, or a volume in it."""
        place = f"{self.root}-{name}"
        return f"{place}/{volume}" if volume else place

    def xml(self, name: str = "one", *, identity: str = "", path: str = "", inner: str = "") -> str:
        """Return the document of a pool in a folder."""
        return (
            f"<pool type='dir'><name>{_PREFIX}{name}</name><uuid>{identity or self.uuid(name)}</uuid>"
            f"{inner}<target><path>{path or self.path(name)}</path></target></pool>"
        )

    def volume_xml(
        self,
        name: str = "v",
        *,
        capacity: int | None = MIB,
        allocation: int | None = 0,
        style: str = "raw",
        target: str = "",
        inner: str = "",
    ) -> str:
        """Return the document of a volume."""
        sizes = "" if capacity is None else f"<capacity>{capacity}</capacity>"
        sizes += "" if allocation is None else f"<allocation>{allocation}</allocation>"
        return (
            f"<volume><name>{name}</name>{sizes}"
            f"<target><format type='{style}'/>{target}</target>{inner}</volume>"
        )

    # things

    def defined(self, name: str = "one") -> Any:
        """Return a pool that is defined and inactive; its folder is there."""
        pool = self.conn.storagePoolDefineXML(self.xml(name), 0)
        pool.build(0)
        return pool

    def active(self, name: str = "one") -> Any:
        """Return a pool that is defined and active."""
        pool = self.defined(name)
        pool.create(0)
        return pool

    def transient(self, name: str = "one") -> Any:
        """Return a pool that is active and not defined."""
        return self.conn.storagePoolCreateXML(self.xml(name), self.with_build)

    @property
    def with_build(self) -> int:
        """The flags that make a pool's folder."""
        found: int = self.driver.constant("STORAGE_POOL_CREATE_WITH_BUILD")
        return found if self.real else 0

    def volume(self, pool: Any, name: str = "v", **how: Any) -> Any:
        """Return a new volume in *pool*."""
        return pool.createXML(self.volume_xml(name, **how), 0)

    def clean(self) -> None:
        """Remove the pools of these tests, their volumes and their folders."""
        for pool in self.conn.listAllStoragePools(0):
            if pool.name().startswith(_PREFIX):
                self._remove(pool)

    def _remove(self, pool: Any) -> None:
        xml = pool.XMLDesc(0)
        if pool.isActive():
            for volume in pool.listAllVolumes(0):
                volume.delete(0)
            pool.destroy()
        with suppress(self.driver.module.libvirtError):
            pool = self.conn.storagePoolDefineXML(xml, 0)
        with suppress(self.driver.module.libvirtError):
            pool.delete(0)
        pool.undefine()

    # events

    def _add(self, name: str, what: str) -> None:
        with self._changed:
            self._seen.append((name, what))
            self._changed.notify_all()

    def _lifecycle(self, _conn: Any, pool: Any, event: int, _detail: int, _opaque: Any) -> None:
        self._add(pool.name(), _EVENTS[event])

    def _refreshed(self, _conn: Any, pool: Any, _opaque: Any) -> None:
        self._add(pool.name(), "REFRESH")

    def events(self) -> list[str]:
        """Return what happened since the last time, once all of it has come."""
        mark = f"{_PREFIX}mark-{next(self._marks)}"
        path = f"{self.root}-mark"
        xml = f"<pool type='dir'><name>{mark}</name><target><path>{path}</path></target></pool>"
        self.conn.storagePoolDefineXML(xml, 0).undefine()
        end = (mark, "UNDEFINED")
        with self._changed:
            assert self._changed.wait_for(lambda: end in self._seen, PATIENCE), "the mark never came"
            seen, self._seen = self._seen, []
        return [what for name, what in seen if not name.startswith(f"{_PREFIX}mark")]

    def wait_for(self, what: str) -> None:
        """Wait until *what* has happened."""
        with self._changed:
            assert self._changed.wait_for(lambda: any(seen == what for _, seen in self._seen), PATIENCE), (
                f"no {what}: {self._seen}"
            )

    def outcome(self, call: Callable[[], Any]) -> tuple[int, int, str] | None:
        """Make *call*; return the error's code, source and message, or None if it succeeded."""
        return outcome(self.driver, call)


@pytest.fixture(scope="package")
def all_storage(driver: Driver) -> Iterator[Storage]:
    """The driver's storage."""
    storage = Storage(driver)
    yield storage
    storage.clean()
    storage.close()


@pytest.fixture
def storage(all_storage: Storage) -> Iterator[Storage]:
    """The driver's storage, in which nothing of these tests is left."""
    all_storage.clean()
    all_storage.events()
    yield all_storage
    all_storage.clean()


@pytest.fixture
def files(storage: Storage) -> Storage:
    """Storage that has bytes."""
    if not storage.real:
        pytest.skip("the test driver's volumes have no bytes")
    return storage
