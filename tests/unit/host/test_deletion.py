"""delete(): what belongs to the domain goes, what belongs to others stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

import virtkit.fake
from tests.unit.host.conftest import XML
from virtkit.errors import HostError, OperationTimeout
from virtkit.fake.errors import make
from virtkit.host import Deleted
from virtkit.host.ownership import plan_disks
from virtkit.model import NAMESPACE

if TYPE_CHECKING:
    from virtkit.host import Connection, Domain

SYSTEM_ERROR, NO_VOLUME, STORAGE = 38, 50, 18


def test_running_one_is_stopped_first(running: Domain) -> None:
    """Gracefully; then the definition goes."""
    assert running.delete() == Deleted(stopped=True)
    assert "web1" not in running.connection.domains


def test_absent_is_no_error(domain: Domain) -> None:
    """It says that there was nothing."""
    domain.undefine()
    assert domain.delete() == Deleted(existed=False)


def test_a_managed_save_image_goes_along(running: Domain) -> None:
    """Undefine alone would refuse."""
    running.managed_save()
    assert running.delete().removed == ("managed save",)
    assert len(running.connection.domains) == 0


def test_nvram_goes_along(conn: Connection) -> None:
    """The flag is given because the domain boots by EFI."""
    domain = conn.domains.define(XML.replace("<os>", "<os firmware='efi'>"))
    assert domain.delete().removed == ("nvram",)


def test_dry_run_changes_nothing(running: Domain) -> None:
    """It says what would go."""
    assert running.delete(dry_run=True).stopped
    assert running.status().running


def test_a_guest_that_does_not_stop_keeps_everything(conn: Connection) -> None:
    """Without force nothing is deleted; with it the guest is destroyed."""
    virtkit.fake.host("one").guest.acpi = False
    domain = conn.domains.define(XML)
    domain.start()
    with pytest.raises(OperationTimeout, match="nothing has been deleted"):
        domain.delete(timeout=5)
    assert domain.status().running
    assert domain.delete(timeout=5, force=True).stopped


def test_a_transient_one_is_only_stopped(conn: Connection) -> None:
    """It has nothing to undefine."""
    assert conn.domains.create(XML).delete() == Deleted(stopped=True)


def test_unknown_choice(domain: Domain) -> None:
    """disks= takes three words."""
    with pytest.raises(ValueError, match="'none', 'owned' or 'all'"):
        domain.delete(disks="some")  # type: ignore[arg-type]


# --- which disks; the storage of the host is a double here


class Volume:
    """A volume in a pool."""

    def __init__(self, path: str, base: str | None = None) -> None:
        self._path, self.base, self.deleted = path, base, False

    def path(self) -> str:
        return self._path

    def name(self) -> str:
        return self._path.rpartition("/")[2]

    def XMLDesc(self) -> str:  # noqa: N802
        backing = f"<backingStore><path>{self.base}</path></backingStore>" if self.base else ""
        return f"<volume><name>{self.name()}</name>{backing}</volume>"

    def delete(self) -> None:
        if "stubborn" in self._path:
            raise make(SYSTEM_ERROR, STORAGE, "cannot unlink file")
        self.deleted = True


class Pool:
    """An active pool."""

    def __init__(self, *volumes: Volume) -> None:
        self.volumes = volumes

    def isActive(self) -> int:  # noqa: N802
        return 1

    def name(self) -> str:
        return "default"

    def listAllVolumes(self) -> list[Volume]:  # noqa: N802
        return list(self.volumes)


VOLUMES = {
    name: f"/pool/{name}.qcow2" for name in ("root", "shared", "media", "base", "theirs", "iso", "stubborn")
}


@pytest.fixture
def storage(conn: Connection, monkeypatch: pytest.MonkeyPatch) -> dict[str, Volume]:
    """Volumes that the host knows: `base` is what `leaf` is based on."""
    found = {name: Volume(path) for name, path in VOLUMES.items()}
    found["leaf"] = Volume("/pool/leaf.qcow2", base=VOLUMES["base"])
    by_path = {volume.path(): volume for volume in found.values()}

    def look_up(path: str) -> Any:
        if path not in by_path:
            raise make(NO_VOLUME, STORAGE, "no storage vol with matching path")
        return by_path[path]

    monkeypatch.setattr(conn.raw, "storageVolLookupByPath", look_up, raising=False)
    monkeypatch.setattr(conn.raw, "listAllStoragePools", lambda: [Pool(*found.values())], raising=False)
    return found


def with_disks(*disks: str, metadata: str = "") -> str:
    """The domain with these disks."""
    return XML.replace("<devices>", f"{metadata}<devices>" + "".join(disks))


def disk(name: str, target: str, *, inside: str = "", device: str = "disk") -> str:
    """One disk on the volume of that name."""
    path = VOLUMES.get(name, f"/elsewhere/{name}.qcow2")
    bus = "sata" if device == "cdrom" else "virtio"
    return (
        f"<disk type='file' device='{device}'><source file='{path}'/><target dev='{target}' bus='{bus}'/>"
        f"{inside}</disk>"
    )


def test_only_what_is_nobody_elses_is_deleted(conn: Connection, storage: dict[str, Volume]) -> None:
    """Read-only, shareable, CD-ROM, base image, another's disk, a file outside of pools: all are kept."""
    conn.domains.define(with_disks(disk("theirs", "vda")).replace("web1", "other"))
    domain = conn.domains.define(
        with_disks(
            disk("root", "vda"),
            disk("media", "vdb", inside="<readonly/>"),
            disk("shared", "vdc", inside="<shareable/>"),
            disk("base", "vdd"),
            disk("theirs", "vde"),
            disk("loose", "vdf"),
            disk("iso", "sda", device="cdrom"),
        )
    )
    planned = domain.delete(disks="all", dry_run=True)
    assert not storage["root"].deleted
    deleted = domain.delete(disks="all")
    assert deleted == planned
    assert deleted.disks == (VOLUMES["root"],)
    assert dict(deleted.kept) == {
        VOLUMES["media"]: "read-only",
        VOLUMES["shared"]: "shareable",
        VOLUMES["base"]: "the base of /pool/leaf.qcow2",
        VOLUMES["theirs"]: "used by domain 'other'",
        "/elsewhere/loose.qcow2": "not in a storage pool",
        VOLUMES["iso"]: "a cdrom",
    }
    assert [name for name, volume in storage.items() if volume.deleted] == ["root"]


def test_owned_are_those_that_the_metadata_name(conn: Connection, storage: dict[str, Volume]) -> None:
    """Other disks stay, although nobody else uses them."""
    mark = (
        f"<metadata><v:owned xmlns:v='{NAMESPACE}'><v:volume path='{VOLUMES['root']}'/></v:owned></metadata>"
    )
    domain = conn.domains.define(with_disks(disk("root", "vda"), disk("media", "vdb"), metadata=mark))
    deleted = domain.delete(disks="owned")
    assert deleted.disks == (VOLUMES["root"],)
    assert dict(deleted.kept) == {VOLUMES["media"]: "not made for this domain"}


def test_none_is_the_default(conn: Connection, storage: dict[str, Volume]) -> None:
    """Disks are data: they go only when asked for."""
    deleted = conn.domains.define(with_disks(disk("root", "vda"))).delete()
    assert deleted.kept == ((VOLUMES["root"], "not asked for"),)
    assert not storage["root"].deleted


def test_a_volume_that_cannot_be_deleted_is_named(conn: Connection, storage: dict[str, Volume]) -> None:
    """The others are deleted, and the error says which are left."""
    domain = conn.domains.define(with_disks(disk("stubborn", "vda"), disk("root", "vdb")))
    with pytest.raises(HostError) as caught:
        domain.delete(disks="all")
    assert f"its volumes too: {VOLUMES['root']}; left: {VOLUMES['stubborn']}" in str(caught.value)
    assert storage["root"].deleted


def test_network_disks_are_nobodys_to_delete(domain: Domain) -> None:
    """Neither are empty drives: they do not appear in the plan."""
    root = etree.fromstring(
        "<domain><devices><disk type='network' device='disk'><source protocol='rbd' name='pool/x'/></disk>"
        "<disk type='file' device='cdrom'/></devices></domain>"
    )
    assert plan_disks(domain, root, "all") == []
