"""Domains with disks for the contract tests: images in a pool, overlays, and what happens to them."""

from __future__ import annotations

import re
import threading
import uuid
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.driver import PATIENCE
from tests.contract.recorder import outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.contract.driver import Driver
    from tests.contract.recorder import Recorder

MIB = 1 << 20
SIZE = 8 * MIB
POOL = "disks-of-contract"
_JOBS = ("UNKNOWN", "PULL", "COPY", "COMMIT", "ACTIVE_COMMIT", "BACKUP")
_STATUS = ("COMPLETED", "FAILED", "CANCELED", "READY")


class Blocks:
    """Makes domains whose disks are there, and hears of the jobs on them."""

    def __init__(self, driver: Driver, recorder: Recorder) -> None:
        self.driver, self.conn, self._recorder = driver, driver.conn, recorder
        self.folder = f"/var/tmp/contract-{uuid.uuid4().hex[:8]}"
        self._seen: list[Any] = []
        self._changed = threading.Condition()
        self._pool = self._make_pool() if self.real else None
        number = driver.constant
        calls = (("BLOCK_JOB", self._by_path), ("BLOCK_JOB_2", self._by_name), ("JOB_COMPLETED", self._job))
        self._ids = [
            self.conn.domainEventRegisterAny(None, number(f"DOMAIN_EVENT_ID_{name}"), call, None)
            for name, call in calls
        ]

    @property
    def real(self) -> bool:
        """Whether the driver has disks with something behind them."""
        return self.driver.family == "qemu"

    def _make_pool(self) -> Any:
        xml = f"<pool type='dir'><name>{POOL}</name><target><path>{self.folder}</path></target></pool>"
        pool = self.conn.storagePoolDefineXML(xml, 0)
        pool.build(0)
        pool.create(0)
        return pool

    def clean(self) -> None:
        """Remove the images that a test left."""
        if self._pool is not None:
            self._pool.refresh()
            for volume in self._pool.listAllVolumes():
                volume.delete()
        self._recorder.clear()
        self._seen.clear()

    def close(self) -> None:
        """Remove the pool, and listen no more."""
        for number in self._ids:
            self.conn.domainEventDeregisterAny(number)
        if self._pool is not None:
            self.clean()
            self._pool.destroy()
            self._pool.delete(0)
            self._pool.undefine()

    # events

    def _add(self, what: Any) -> None:
        with self._changed:
            self._seen.append(what)
            self._changed.notify_all()

    def _by_path(self, _conn: Any, _dom: Any, path: str, kind: int, status: int, _opaque: Any) -> None:
        self._add((PurePosixPath(path).name, _JOBS[kind], _STATUS[status]))

    def _by_name(self, _conn: Any, _dom: Any, name: str, kind: int, status: int, _opaque: Any) -> None:
        self._add((name, _JOBS[kind], _STATUS[status]))

    def _job(self, _conn: Any, _dom: Any, params: dict[str, Any], _opaque: Any) -> None:
        self._add(("job", params["operation"], params.get("success")))

    def seen(self) -> list[Any]:
        """Return what happened to jobs so far, once all of it has come."""
        self._recorder.names()
        with self._changed:
            return list(self._seen)

    def wait_for(self, *expected: Any) -> None:
        """Wait until *expected* has happened, all of it in that order, and nothing else."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._seen) >= len(expected), PATIENCE)
        assert self.seen() == list(expected)

    def ready(self, image: str, kind: str) -> list[Any]:
        """Return the two events of a job on *image* that is ready, of which there was none before."""
        return [(image, kind, "READY"), ("vda", kind, "READY")]

    def forget(self) -> None:
        """Forget the events so far."""
        self.seen()
        with self._changed:
            self._seen.clear()

    # disks

    def path(self, name: str) -> str:
        """Return where the image *name* is."""
        return f"{self.folder}/{name}"

    def disk(self, name: str, target: str = "vda", form: str = "qcow2", compat: str = "1.1") -> str:
        """Return the document of a disk on the image *name*, which is made."""
        if self._pool is not None:
            version = f"<compat>{compat}</compat>" if form == "qcow2" else ""
            self._pool.createXML(
                f"<volume><name>{name}</name><capacity>{SIZE}</capacity><allocation>0</allocation>"
                f"<target><format type='{form}'/>{version}</target></volume>"
            )
        return (
            f"<disk type='file' device='disk'><driver name='qemu' type='{form}'/>"
            f"<source file='{self.path(name)}'/><target dev='{target}' bus='virtio'/></disk>"
        )

    def define(self, devices: str | None = None, name: str = "one") -> Any:
        """Define a domain with *devices*: one disk, if nothing is said."""
        found = self.disk("base") if devices is None else devices
        return self.conn.defineXML(self.driver.xml(name, devices=found))

    def start(self, devices: str | None = None, *, overlays: int = 0) -> Any:
        """Start a domain with *devices*, its disk upon so many *overlays*: top1, top2, ..."""
        domain = self.define(devices)
        domain.create()
        for number in range(1, overlays + 1):
            self.overlay(domain, f"top{number}")
        self.forget()
        return domain

    def overlay(self, domain: Any, name: str) -> None:
        """Put a domain's disk upon a new image."""
        flags = self.driver.constant("DOMAIN_SNAPSHOT_CREATE_DISK_ONLY")
        flags |= self.driver.constant("DOMAIN_SNAPSHOT_CREATE_NO_METADATA")
        domain.snapshotCreateXML(self.snapshot_xml(name, self.external(name)), flags)

    def external(self, image: str, target: str = "vda", inner: str = "") -> str:
        """Return what asks a snapshot to put the disk *target* upon *image*."""
        return (
            f"<disks><disk name='{target}' snapshot='external'>{inner}"
            f"<source file='{self.path(image)}'/></disk></disks>"
        )

    @staticmethod
    def snapshot_xml(name: str, inner: str = "") -> str:
        """Return the document of a snapshot."""
        return f"<domainsnapshot><name>{name}</name>{inner}</domainsnapshot>"

    def chain(self, domain: Any, *, inactive: bool = False) -> list[str]:
        """Return the names of the images of a domain's first disk, the top one first."""
        flags = self.driver.constant("DOMAIN_XML_INACTIVE") if inactive else 0
        disk = re.search(r"<disk .*?</disk>", domain.XMLDesc(flags), re.DOTALL)
        assert disk is not None
        shown = re.sub(r"<mirror.*?</mirror>", "", disk[0], flags=re.DOTALL)
        return [PurePosixPath(path).name for path in re.findall(r"<source file='([^']*)'", shown)]

    def error(self, call: Callable[[], Any]) -> tuple[int, str] | None:
        """Return the code and the message of the error of *call*, the folder left out."""
        found = outcome(self.driver, call)
        return None if found is None else (found[0], found[2].replace(f"{self.folder}/", ""))


@pytest.fixture(scope="package")
def all_blocks(driver: Driver, recorder: Recorder) -> Iterator[Blocks]:
    """What makes domains with disks."""
    made = Blocks(driver, recorder)
    yield made
    driver.clean()
    made.close()


@pytest.fixture
def blocks(all_blocks: Blocks, conn: Any) -> Blocks:
    """The same, with nothing left of other tests."""
    all_blocks.clean()
    return all_blocks


@pytest.fixture
def real(blocks: Blocks) -> Blocks:
    """The same, of drivers whose disks have something behind them."""
    if not blocks.real:
        pytest.skip("the test driver has no images")
    return blocks
