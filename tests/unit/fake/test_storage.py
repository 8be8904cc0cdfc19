"""Storage of a fake host: types of pools, the host's disk, image files, what others ask of it."""

from __future__ import annotations

from typing import Any

import pytest

import virtkit.fake as libvirt
from virtkit.fake import storage

IMAGES = "/var/lib/libvirt/images"
MIB = 1 << 20


def pool_of(
    conn: Any, kind: str = "dir", *, name: str = "pool", source: str = "", target: str = IMAGES
) -> Any:
    """Return an active pool."""
    xml = (
        f"<pool type='{kind}'><name>{name}</name><source>{source}</source>"
        f"<target><path>{target}</path></target></pool>"
    )
    return conn.storagePoolCreateXML(xml)


def volume_of(pool: Any, name: str = "v", *, style: str = "raw", inner: str = "", size: int = MIB) -> Any:
    """Return a new volume that takes no room yet."""
    return pool.createXML(
        f"<volume><name>{name}</name><capacity>{size}</capacity><allocation>0</allocation>"
        f"<target><format type='{style}'/></target>{inner}</volume>"
    )


def upload(volume: Any, data: bytes, offset: int = 0) -> None:
    """Write *data* into *volume*."""
    stream = volume.connect().newStream()
    volume.upload(stream, offset, 0)
    stream.send(data)
    stream.finish()


def download(volume: Any) -> bytes:
    """Return the bytes of *volume*."""
    stream = volume.connect().newStream()
    volume.download(stream, 0, 0)
    parts: list[bytes] = []
    stream.recvAll(lambda _stream, data, parts: parts.append(data), parts)
    return b"".join(parts)


@pytest.fixture(params=["memory", "file"])
def anywhere(request: pytest.FixtureRequest, db: str) -> Any:
    """A connection to a host in memory, or in a file."""
    return libvirt.open("fake:///one" if request.param == "memory" else db)


def test_bytes_are_kept(anywhere: Any) -> None:
    """What was uploaded comes back, in memory and in a file."""
    volume = volume_of(pool_of(anywhere), size=300_000)
    data = bytes(range(256)) * 800
    upload(volume, data, 70_000)
    assert download(volume) == bytes(70_000) + data + bytes(300_000 - 70_000 - len(data))


def test_another_process_finds_it(db: str) -> None:
    """A host in a file keeps pools, volumes and bytes."""
    pool = pool_of(libvirt.open(db))
    upload(volume_of(pool), b"kept")
    libvirt.reset()
    found = libvirt.open(db).storageVolLookupByPath(f"{IMAGES}/v")
    assert download(found)[:4] == b"kept"


def test_a_call_that_fails_leaves_nothing(db: str) -> None:
    """A volume that cannot be made is not half there."""
    conn = libvirt.open(db)
    pool = pool_of(conn)
    before = pool.info()
    inner = "<backingStore><path>/none</path><format type='raw'/></backingStore>"
    with pytest.raises(libvirt.libvirtError, match="inaccessible backing store"):
        volume_of(pool, style="qcow2", inner=inner)
    assert (pool.listVolumes(), pool.info()) == ([], before)


def test_the_disk_is_shared(conn: Any) -> None:
    """Pools in folders share the host's disk, which can be full."""
    libvirt.host("one").disk = 10 * MIB
    one = pool_of(conn)
    conn.storagePoolCreateXML(
        "<pool type='dir'><name>two</name><target><path>/srv</path></target></pool>"
    ).createXML(f"<volume><name>v</name><capacity>{6 * MIB}</capacity></volume>")
    one.refresh()
    assert one.info()[1:] == [10 * MIB, 6 * MIB, 4 * MIB]
    with pytest.raises(libvirt.libvirtError) as caught:
        one.createXML(f"<volume><name>v</name><capacity>{5 * MIB}</capacity></volume>")
    assert caught.value.get_error_code() == libvirt.VIR_ERR_SYSTEM_ERROR
    assert str(caught.value).endswith("No space left on device")
    assert one.listVolumes() == []


@pytest.mark.parametrize(
    ("kind", "source", "path"),
    [
        ("logical", "<device path='/dev/sdb'/><name>vg</name>", "/dev/vg/v"),
        ("rbd", "<host name='ceph'/><name>rbd</name>", "rbd/v"),
        ("zfs", "<name>tank</name>", "/dev/zvol/tank/v"),
        ("netfs", "<host name='nas'/><dir path='/export'/>", f"{IMAGES}/v"),
        ("fs", "<device path='/dev/sdc'/>", f"{IMAGES}/v"),
    ],
)
def test_types_of_pools(conn: Any, kind: str, source: str, path: str) -> None:
    """Pools that no test machine has work as records: volumes come, stay and go."""
    pool = pool_of(conn, kind, source=source)
    volume = volume_of(pool, size=5 * MIB)
    assert volume.path() == path
    assert volume.info()[1] == 5 * MIB
    pool.refresh()
    assert pool.listVolumes() == ["v"]
    volume.delete()
    assert pool.listVolumes() == []


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("scsi", "<adapter name='host0'/>"),
        ("mpath", ""),
        ("iscsi", "<host name='san'/><device path='iqn.example'/>"),
    ],
)
def test_types_without_new_volumes(conn: Any, kind: str, source: str) -> None:
    """Where volumes are made elsewhere, libvirt does not make any."""
    pool = pool_of(conn, kind, source=source)
    with pytest.raises(libvirt.libvirtError, match="storage pool does not support volume creation"):
        volume_of(pool)
    assert pool.info()[1] == 0


def test_no_resize_of_logical_volumes(conn: Any) -> None:
    """libvirt cannot change the size of a logical volume."""
    pool = pool_of(conn, "logical", source="<device path='/dev/sdb'/><name>vg</name>")
    with pytest.raises(libvirt.libvirtError, match="does not support changing of volume capacity"):
        volume_of(pool).resize(2 * MIB)


def test_keys_of_logical_volumes(conn: Any) -> None:
    """LVM gives each volume an identity of its own."""
    pool = pool_of(conn, "logical", source="<device path='/dev/sdb'/><name>vg</name>")
    key = volume_of(pool).key()
    assert [len(part) for part in key.split("-")] == [6, 4, 4, 4, 4, 4, 6]
    assert conn.storageVolLookupByKey(key).path() == "/dev/vg/v"


def test_find_by_path(conn: Any) -> None:
    """Others find an image's sizes and what it stands on."""
    pool = pool_of(conn)
    volume_of(pool, "base", style="qcow2", size=8 * MIB)
    inner = "<backingStore><path>base</path><format type='qcow2'/></backingStore>"
    volume_of(pool, "top", style="qcow2", size=8 * MIB, inner=inner)
    with libvirt.host("one") as session:
        chain = storage.chain(session, f"{IMAGES}/top")
        missing = storage.find_by_path(session, f"{IMAGES}/none")
    assert [(image.path, image.format, image.capacity) for image in chain] == [
        (f"{IMAGES}/top", "qcow2", 8 * MIB),
        (f"{IMAGES}/base", "qcow2", 8 * MIB),
    ]
    assert missing is None


def test_create_image(conn: Any) -> None:
    """What others put into a folder, a pool there sees after a refresh."""
    pool, host = pool_of(conn), libvirt.host("one")
    with host as session:
        path = f"{IMAGES}/snapshot"
        storage.create_image(host, session, path, "qcow2", MIB, backing="/base", backing_format="raw")
    assert pool.listVolumes() == []
    pool.refresh()
    text = pool.storageVolLookupByName("snapshot").XMLDesc()
    assert "<backingStore>\n    <path>/base</path>\n    <format type='raw'/>" in text
    with host as session:
        storage.remove_image(session, path)
    pool.refresh()
    assert pool.listVolumes() == []


def test_disks_have_the_size_of_their_volumes(conn: Any) -> None:
    """What a domain's disk is, its volume says."""
    volume_of(pool_of(conn), style="qcow2", size=3 * MIB)
    domain = conn.defineXML(
        "<domain type='qemu'><name>d</name><memory>65536</memory><os><type>hvm</type></os><devices>"
        f"<disk type='file'><source file='{IMAGES}/v'/><target dev='vda'/></disk></devices></domain>"
    )
    domain.create()
    assert domain.blockInfo("vda")[0] == 3 * MIB
    assert conn.getAllDomainStats()[0][1]["block.0.capacity"] == 3 * MIB


def test_disk_in_a_pool(conn: Any) -> None:
    """A disk can be a volume by its pool's name and its own."""
    volume_of(pool_of(conn), style="qcow2", size=3 * MIB)
    domain = conn.defineXML(
        "<domain type='qemu'><name>d</name><memory>65536</memory><os><type>hvm</type></os><devices>"
        "<disk type='volume'><source pool='pool' volume='v'/><target dev='vda'/></disk></devices></domain>"
    )
    assert domain.blockInfo("vda")[0] == 3 * MIB


def test_encrypted_volume(conn: Any) -> None:
    """An encrypted volume needs its secret, and keeps saying which."""
    pool = pool_of(conn)
    xml = (
        "<volume><name>v</name><capacity>1048576</capacity><target><format type='raw'/>"
        "<encryption format='luks'><secret type='passphrase' uuid='{}'/></encryption></target></volume>"
    )
    uuid = "2ec115d7-3a88-3ceb-bc12-0ac909a6fd87"
    with pytest.raises(libvirt.libvirtError, match="no secret with matching uuid"):
        pool.createXML(xml.format(uuid))
    secret = conn.secretDefineXML(f"<secret ephemeral='no' private='yes'><uuid>{uuid}</uuid></secret>")
    secret.setValue(b"open sesame")
    volume = pool.createXML(xml.format(uuid))
    pool.refresh()
    assert f"<secret type='passphrase' uuid='{uuid}'/>" in volume.XMLDesc()


def test_wiping_takes_the_written_away(conn: Any) -> None:
    """A sparse volume is empty after a wipe."""
    volume = volume_of(pool_of(conn))
    upload(volume, b"secret")
    volume.wipe()
    assert volume.info()[2] == 0
    assert download(volume) == bytes(MIB)


@pytest.mark.parametrize("persistent", [True, False])
def test_refresh_without_a_folder(anywhere: Any, persistent: bool) -> None:
    """The pool is off then, as QEMU's storage driver has it; one without a definition is gone."""
    outer = pool_of(anywhere)
    folder = volume_of(outer, "d", style="dir")
    xml = f"<pool type='dir'><name>inner</name><target><path>{folder.path()}</path></target></pool>"
    inner = anywhere.storagePoolDefineXML(xml) if persistent else anywhere.storagePoolCreateXML(xml)
    if persistent:
        inner.create()
    folder.delete()
    heard: list[int] = []
    libvirt.virEventRegisterDefaultImpl()
    number = anywhere.storagePoolEventRegisterAny(
        inner, libvirt.VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE, lambda *args: heard.append(args[2]), None
    )
    with pytest.raises(libvirt.libvirtError, match="No such file or directory"):
        inner.refresh()
    anywhere._events.state.dispatch()
    anywhere.storagePoolEventDeregisterAny(number)
    assert heard == [libvirt.VIR_STORAGE_POOL_EVENT_STOPPED]
    assert [pool.name() for pool in anywhere.listAllStoragePools() if pool.isActive()] == [outer.name()]
    assert anywhere.listDefinedStoragePools() == (["inner"] if persistent else [])


def test_read_only(conn: Any) -> None:
    """Who may only read does not change storage, nor download it."""
    volume_of(pool_of(conn))
    reader = libvirt.openReadOnly("fake:///one")
    volume = reader.storageVolLookupByPath(f"{IMAGES}/v")
    assert volume.info()[1] == MIB
    for call in (volume.delete, volume.wipe, volume.storagePoolLookupByVolume().destroy):
        with pytest.raises(libvirt.libvirtError, match="read only access prevents"):
            call()


def test_faults_strike_volumes(conn: Any) -> None:
    """A fault can be about a call on a volume."""
    volume = volume_of(pool_of(conn))
    libvirt.host("one").faults.add("virStorageVolGetInfo", message="bad sector", times=1)
    with pytest.raises(libvirt.libvirtError, match="bad sector"):
        volume.info()
    assert volume.info()[1] == MIB
