"""Which disks go along, and the volumes that wait for them; the storage of both hosts is a double here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest
from lxml import etree

from tests.unit.host.conftest import XML
from virtkit.errors import HostError, NotSupported
from virtkit.fake.errors import make
from virtkit.host import migration_storage

if TYPE_CHECKING:
    from virtkit.host import Connection, Domain

SYSTEM_ERROR, NO_VOLUME, STORAGE = 38, 50, 18
GIB = 1 << 30


class Volume:
    """A volume in a pool."""

    def __init__(self, pool: Pool, path: str, xml: str = "") -> None:
        self.pool, self.at, self.xml, self.deleted = pool, path, xml, False

    def storagePoolLookupByVolume(self) -> Pool:  # noqa: N802
        return self.pool

    def delete(self) -> None:
        if "stubborn" in self.at:
            raise make(SYSTEM_ERROR, STORAGE, "cannot unlink file")
        self.deleted = True


class Pool:
    """A pool over /pool."""

    def __init__(self, kind: str = "dir", *names: str) -> None:
        self.kind, self.volumes = kind, {f"/pool/{name}": Volume(self, f"/pool/{name}") for name in names}

    def isActive(self) -> int:  # noqa: N802
        return 1

    def name(self) -> str:
        return "p"

    def storageVolLookupByName(self, name: str) -> Volume:  # noqa: N802
        if f"/pool/{name}" not in self.volumes:
            raise missing()
        return self.volumes[f"/pool/{name}"]

    def XMLDesc(self) -> str:  # noqa: N802
        return f"<pool type='{self.kind}'><name>p</name><target><path>/pool</path></target></pool>"

    def createXML(self, xml: str) -> Volume:  # noqa: N802
        path = f"/pool/{etree.fromstring(xml).findtext('name')}"
        if "full" in path:
            raise make(SYSTEM_ERROR, STORAGE, "no space left")
        self.volumes[path] = Volume(self, path, xml)
        return self.volumes[path]


def missing() -> Exception:
    """What libvirt says when there is no such volume."""
    return make(NO_VOLUME, STORAGE, "no storage vol with matching path")


def give(monkeypatch: pytest.MonkeyPatch, conn: Connection, *pools: Pool) -> None:
    """Let a host have these pools."""

    def look_up(path: str) -> Volume:
        for pool in pools:
            if path in pool.volumes:
                return pool.volumes[path]
        raise missing()

    def by_name(name: str) -> Pool:
        return next((pool for pool in pools if pool.name() == name), None) or Pool()

    monkeypatch.setattr(conn.raw, "storageVolLookupByPath", look_up, raising=False)
    monkeypatch.setattr(conn.raw, "storagePoolLookupByName", by_name, raising=False)
    monkeypatch.setattr(conn.raw, "listAllStoragePools", lambda: list(pools), raising=False)


def with_disks(conn: Connection, monkeypatch: pytest.MonkeyPatch, *disks: str) -> Domain:
    """A running domain with these disks, each of 1 GiB."""
    domain = conn.domains.define(XML.replace("<devices>", "<devices>" + "".join(disks)))
    domain.start()
    monkeypatch.setattr(domain.raw, "blockInfo", lambda *_: [GIB, 0, 0], raising=False)
    return domain


def disk(path: str, target: str, inside: str = "") -> str:
    """One qcow2 disk."""
    return (
        f"<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='{path}'/>"
        f"<target dev='{target}' bus='virtio'/>{inside}</disk>"
    )


CDROM = "<disk type='file' device='cdrom'><source file='/pool/iso'/><target dev='sda' bus='sata'/></disk>"


def test_copy_makes_missing_volumes(
    conn: Connection, other: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the right size and format; read-only, shareable and CD-ROM disks stay where they are."""
    theirs = Pool("dir", "there")
    give(monkeypatch, conn, Pool("dir", "here", "there"))
    give(monkeypatch, other, theirs)
    domain = with_disks(
        conn,
        monkeypatch,
        disk("/pool/here", "vda"),
        disk("/pool/there", "vdb"),
        disk("/pool/ro", "vdc", "<readonly/>"),
        disk("/pool/sh", "vdd", "<shareable/>").replace("qcow2", "raw"),
        CDROM,
    )
    found = migration_storage.prepare(domain, other, "copy")
    assert found is not None
    assert found.targets == ("vda", "vdb")
    made: Any = found.created
    assert [volume.at for volume in made] == ["/pool/here"]
    volume = etree.fromstring(made[0].xml)
    assert volume.findtext("capacity") == str(GIB)
    assert volume.xpath("string(target/format/@type)") == "qcow2"
    migration_storage.undo(found)
    assert made == []
    assert theirs.volumes["/pool/here"].deleted
    assert not theirs.volumes["/pool/there"].deleted


@pytest.mark.parametrize(
    ("here", "there", "copied"),
    [
        (Pool("dir", "d"), Pool("dir"), True),
        (Pool("dir", "d"), Pool("dir", "d"), False),
        (Pool("netfs", "d"), Pool("dir"), False),
        (Pool("dir"), Pool("dir"), False),
    ],
    ids=["missing there", "there too", "network storage", "outside of pools"],
)
def test_auto_copies_what_is_local_and_missing_there(
    conn: Connection,
    other: Connection,
    monkeypatch: pytest.MonkeyPatch,
    here: Pool,
    there: Pool,
    copied: bool,
) -> None:
    """For everything else libvirt decides whether it is safe."""
    give(monkeypatch, conn, here)
    give(monkeypatch, other, there)
    domain = with_disks(conn, monkeypatch, disk("/pool/d", "vda"))
    found = migration_storage.prepare(domain, other, "auto")
    assert (found is not None) is copied


@pytest.mark.parametrize("storage", ["auto", "copy"])
def test_a_disk_that_names_its_volume(
    conn: Connection, other: Connection, monkeypatch: pytest.MonkeyPatch, storage: Literal["auto", "copy"]
) -> None:
    """It is looked for, and made, in the pool of that name."""
    theirs = Pool("dir")
    give(monkeypatch, conn, Pool("dir", "d"))
    give(monkeypatch, other, theirs)
    named = disk("/pool/d", "vda").replace("type='file'", "type='volume'")
    named = named.replace("file='/pool/d'", "pool='p' volume='d'")
    domain = with_disks(conn, monkeypatch, named)
    found = migration_storage.prepare(domain, other, storage)
    assert found is not None
    assert found.targets == ("vda",)
    assert list(theirs.volumes) == ["/pool/d"]
    assert migration_storage.prepare(domain, other, "auto") is None
    give(monkeypatch, other)
    with pytest.raises(NotSupported, match=r"disk vda \(p/d\).*no active storage pool there is called p"):
        migration_storage.prepare(domain, other, storage)


def test_shared_asks_nothing(running: Domain, other: Connection) -> None:
    """Nor does a domain without disks need anything."""
    assert migration_storage.prepare(running, other, "shared") is None
    assert migration_storage.prepare(running, other, "copy") is None


def test_without_a_pool_over_the_folder(
    conn: Connection, other: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says which pool is missing, and what had been made is removed."""
    theirs = Pool("dir")
    give(monkeypatch, conn)
    give(monkeypatch, other, theirs)
    domain = with_disks(conn, monkeypatch, disk("/pool/a", "vda"), disk("/elsewhere/b", "vdb"))
    with pytest.raises(NotSupported, match=r"disk vdb \(/elsewhere/b\).*no active .* covers /elsewhere"):
        migration_storage.prepare(domain, other, "copy")
    assert theirs.volumes["/pool/a"].deleted


def test_a_volume_that_cannot_be_made(
    conn: Connection, other: Connection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Its error is raised; one that cannot be removed again is a warning, for it is not the cause."""
    give(monkeypatch, conn)
    give(monkeypatch, other, Pool("dir"))
    domain = with_disks(conn, monkeypatch, disk("/pool/stubborn", "vda"), disk("/pool/full", "vdb"))
    with pytest.raises(HostError, match="make a volume for '/pool/full' on fake:///two: no space left"):
        migration_storage.prepare(domain, other, "copy")
    assert "stays: cannot unlink file" in caplog.text
