"""Migration of a guest whose disk lies on storage that only its host has."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

import virtkit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.lab import Host, Lab
    from tests.real.host.conftest import Guest

POOL = "local"


def open_pool(conn: virtkit.Connection, lab: Lab) -> None:
    """A pool over the folder that each host has as its own."""
    xml = f"<pool type='dir'><name>{POOL}</name><target><path>{lab.local}</path></target></pool>"
    conn.raw.storagePoolCreateXML(xml).refresh()  # type: ignore[attr-defined]


@pytest.fixture
def empty(host_a: Host, host_b: Host) -> Iterator[None]:
    """Folders without images, before and after; no pools afterwards."""
    yield
    for host in (host_a, host_b):
        with virtkit.connect(host.uri) as conn:
            for pool in conn.raw.listAllStoragePools():
                pool.destroy()  # type: ignore[attr-defined]
        for image in host.local.glob("*.qcow2"):
            image.unlink()


@pytest.fixture
def with_disk(
    empty: None, boot: Callable[..., Guest], here: virtkit.Connection, host_a: Host, lab: Lab
) -> Guest:
    """A guest with a disk in the first host's own folder."""
    image = host_a.local / "disk.qcow2"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(image), "64M"], check=True)
    open_pool(here, lab)
    return boot(disk=f"{lab.local}/disk.qcow2")


def test_without_shared_storage_it_is_refused(with_disk: Guest, there: virtkit.Connection) -> None:
    """libvirt finds it unsafe; the hint says what helps."""
    with pytest.raises(virtkit.MigrationError, match="storage 'copy'") as caught:
        with_disk.domain.migrate(there, storage="shared")
    assert caught.value.outcome == "still_on_source"
    assert with_disk.domain.status().running


@pytest.mark.parametrize("storage", ["auto", "copy"])
def test_the_disk_goes_along(
    with_disk: Guest, there: virtkit.Connection, host_b: Host, lab: Lab, storage: str
) -> None:
    """Its volume is made there, and the guest runs on through the copying."""
    open_pool(there, lab)
    before = with_disk.ticks.wait_for_next()
    moved = with_disk.domain.migrate(there, storage=storage)  # type: ignore[arg-type]
    assert moved.storage == "copy"
    assert moved.transferred > 64 * 1024**2
    assert (host_b.local / "disk.qcow2").exists()
    with_disk.ran_through_since(before)


def test_an_overlay_arrives_whole(
    empty: None,
    boot: Callable[..., Guest],
    here: virtkit.Connection,
    there: virtkit.Connection,
    host_a: Host,
    host_b: Host,
    lab: Lab,
) -> None:
    """With what its base holds, which is not there."""
    base, image = host_a.local / "base.qcow2", host_a.local / "disk.qcow2"
    create = ["qemu-img", "create", "-q", "-f", "qcow2"]
    subprocess.run([*create, str(base), "16M"], check=True)
    subprocess.run(["qemu-io", "-c", "write -q -P 170 0 1M", str(base)], check=True)
    subprocess.run([*create, "-b", base.name, "-F", "qcow2", str(image)], check=True)
    open_pool(here, lab)
    open_pool(there, lab)
    guest = boot(disk=f"{lab.local}/disk.qcow2")
    moved = guest.domain.migrate(there)
    moved.domain.destroy()
    assert [path.name for path in host_b.local.glob("*.qcow2")] == ["disk.qcow2"]
    subprocess.run(["qemu-img", "compare", "-q", str(image), str(host_b.local / "disk.qcow2")], check=True)


def test_a_failure_leaves_no_volume_there(
    with_disk: Guest, there: virtkit.Connection, host_b: Host, lab: Lab
) -> None:
    """What was made for it is removed again."""
    open_pool(there, lab)
    with pytest.raises(virtkit.MigrationError):
        with_disk.domain.migrate(there, storage="copy", migrate_address="192.0.2.7")
    assert not list(host_b.local.glob("*.qcow2"))
    assert with_disk.domain.status().running


def test_without_a_pool_there_it_says_so(with_disk: Guest, there: virtkit.Connection, lab: Lab) -> None:
    """Before anything is copied."""
    with pytest.raises(virtkit.NotSupported, match=f"no active storage pool there covers {lab.local}"):
        with_disk.domain.migrate(there, storage="copy")
    assert with_disk.domain.status().running


def test_delete_removes_the_disk(with_disk: Guest, host_a: Host) -> None:
    """Asked for all disks, the volume of the pool goes."""
    deleted = with_disk.domain.delete(disks="all", timeout=60)
    assert deleted.disks
    assert not deleted.kept
    assert not (host_a.local / "disk.qcow2").exists()
