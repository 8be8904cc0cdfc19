"""Storage volumes: made, found, cloned, resized, wiped, deleted; formats and backing files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.differences import expected
from tests.contract.storage import MIB

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.driver import Driver
    from tests.contract.storage import Storage

STORAGE = 18
NO_SUPPORT = "this function is not supported by the connection driver"
CLUSTERS = 3 * 65536  # what an empty qcow2 image has before its table


def tag(volume: Any, name: str) -> str | None:
    """Return the text of an element of a volume's document."""
    found = re.search(rf"<{name}[^>]*>([^<]*)</{name}>", volume.XMLDesc(0))
    return None if found is None else found[1]


def test_create(storage: Storage) -> None:
    """A new volume has a name, a path and a key, and is listed."""
    pool = storage.active()
    volume = storage.volume(pool)
    path = storage.path("one", "v")
    assert (volume.name(), volume.path(), volume.key()) == ("v", path, path)
    assert pool.listVolumes() == ["v"]
    assert pool.numOfVolumes() == 1
    assert [each.name() for each in pool.listAllVolumes(0)] == ["v"]


def test_info(storage: Storage) -> None:
    """A volume's sizes are those that it was made with."""
    volume = storage.volume(storage.active(), capacity=2 * MIB, allocation=MIB)
    assert volume.info() == [storage.driver.constant("STORAGE_VOL_FILE"), 2 * MIB, MIB]


def test_full_by_default(storage: Storage) -> None:
    """Without an allocation, all of it is allocated."""
    volume = storage.volume(storage.active(), allocation=None)
    assert volume.info()[1:] == [MIB, MIB]


def test_pool_counts(storage: Storage) -> None:
    """What a volume takes, the pool has no longer."""
    pool = storage.active()
    before = pool.info()
    volume = storage.volume(pool, allocation=MIB)
    after = pool.info()
    assert (after[2] - before[2], before[3] - after[3]) == (MIB, MIB)
    volume.delete(0)
    assert pool.info() == before


def test_document(storage: Storage) -> None:
    """A document has the sizes in bytes, and the format."""
    volume = storage.volume(storage.active())
    text = volume.XMLDesc(0)
    path = storage.path("one", "v")
    assert text.startswith(f"<volume type='file'>\n  <name>v</name>\n  <key>{path}</key>\n  <capacity unit")
    assert (tag(volume, "capacity"), tag(volume, "allocation")) == (str(MIB), "0")
    assert f"<target>\n    <path>{path}</path>\n    <format type='raw'/>" in text


def test_document_of_a_file(files: Storage) -> None:
    """A file has also a size on disk, permissions and times."""
    volume = files.volume(files.active())
    assert tag(volume, "physical") == str(MIB)
    assert (tag(volume, "mode"), tag(volume, "owner"), tag(volume, "group")) == ("0600", "0", "0")
    assert all(tag(volume, name) for name in ("atime", "mtime", "ctime", "btime"))


@pytest.mark.parametrize(
    ("size", "unit", "bytes_"),
    [("1", "KiB", 1024), ("1", "KB", 1000), ("2", "M", 2 << 20), ("4096", "bytes", 4096), ("3", "k", 3072)],
)
def test_units(storage: Storage, size: str, unit: str, bytes_: int) -> None:
    """Sizes have units: powers of 1024, or with a B of 1000."""
    sizes = f"<capacity unit='{unit}'>{size}</capacity><allocation>0</allocation>"
    volume = storage.active().createXML(f"<volume><name>v</name>{sizes}</volume>", 0)
    assert volume.info()[1] == bytes_


def test_lookups(storage: Storage) -> None:
    """A volume is found by its name, its key and its path, and finds its pool."""
    pool = storage.active()
    volume = storage.volume(pool)
    conn = storage.conn
    for found in (
        pool.storageVolLookupByName("v"),
        conn.storageVolLookupByKey(volume.key()),
        conn.storageVolLookupByPath(volume.path()),
    ):
        assert found.path() == volume.path()
    assert volume.storagePoolLookupByVolume().UUIDString() == storage.uuid()


_MISSING: dict[str, tuple[Callable[[Any], Any], str]] = {
    "key": (lambda conn: conn.storageVolLookupByKey("/nonexistent"), "key /nonexistent"),
    "path": (lambda conn: conn.storageVolLookupByPath("/nonexistent"), "path '/nonexistent'"),
}


@pytest.mark.parametrize("how", _MISSING)
def test_lookup_nothing(storage: Storage, how: str) -> None:
    """What is not there is said to be not there."""
    call, what = _MISSING[how]
    message = expected(
        storage.driver, f"no {how}", f"Storage volume not found: no storage vol with matching {what}"
    )
    assert storage.outcome(lambda: call(storage.conn)) == (50, storage.source, message)


def test_not_found_by_path_while_inactive(storage: Storage) -> None:
    """Only active pools are looked through."""
    pool = storage.active()
    path = storage.volume(pool).path()
    pool.destroy()
    message = f"Storage volume not found: no storage vol with matching path '{path}'"
    outcome = storage.outcome(lambda: storage.conn.storageVolLookupByPath(path))
    assert outcome == (50, storage.source, message)
    pool.create(0)


_ON_A_GONE_VOLUME: dict[str, Callable[[Any], Any]] = {
    "info": lambda volume: volume.info(),
    "path": lambda volume: volume.path(),
    "XMLDesc": lambda volume: volume.XMLDesc(0),
    "delete": lambda volume: volume.delete(0),
}


@pytest.mark.parametrize("call", _ON_A_GONE_VOLUME)
def test_gone(storage: Storage, call: str) -> None:
    """A handle outlives its volume, and says so."""
    volume = storage.volume(storage.active())
    volume.delete(0)
    message = "Storage volume not found: no storage vol with matching name 'v'"
    assert storage.outcome(lambda: _ON_A_GONE_VOLUME[call](volume)) == (50, storage.source, message)
    assert volume.key() == storage.path("one", "v")


@pytest.mark.parametrize("call", _ON_A_GONE_VOLUME)
def test_of_an_inactive_pool(storage: Storage, call: str) -> None:
    """Nothing is done with a volume while its pool is inactive."""
    pool = storage.active()
    volume = storage.volume(pool)
    pool.destroy()
    message = "Requested operation is not valid: storage pool 'contract-one' is not active"
    assert storage.outcome(lambda: _ON_A_GONE_VOLUME[call](volume)) == (55, storage.source, message)
    pool.create(0)


def test_exists(storage: Storage) -> None:
    """Two volumes of a pool do not have one name."""
    pool = storage.active()
    storage.volume(pool)
    answer = expected(storage.driver, "volume exists", (90, STORAGE, "storage volume 'v' exists already"))
    assert storage.outcome(lambda: storage.volume(pool)) == answer


def test_too_big(storage: Storage) -> None:
    """There is not more room than there is."""
    pool = storage.active()
    size = 1 << 60
    message = f"cannot allocate {size} bytes in file '{storage.path('one', 'big')}': No space left on device"
    answer = expected(storage.driver, "volume too big", (38, STORAGE, message))
    if storage.driver.name == "qemu":
        size = 8 << 40  # what its file system takes for a size
        answer = (38, STORAGE, message.replace(str(1 << 60), str(size)))
    outcome = storage.outcome(lambda: storage.volume(pool, "big", capacity=size, allocation=size))
    assert outcome == answer
    assert pool.listVolumes() == []


def test_bigger_than_the_disk(files: Storage) -> None:
    """A volume that is not allocated can be bigger than its pool."""
    assert files.volume(files.active(), capacity=4 << 40).info()[1:] == [4 << 40, 0]


def test_in_a_folder(storage: Storage) -> None:
    """Volumes are directly in their pool."""
    pool = storage.active()
    message = "Requested operation is not valid: volume name 'a/b' cannot contain '/'"
    answer = expected(storage.driver, "volume in a folder", (55, STORAGE, message))
    assert storage.outcome(lambda: storage.volume(pool, "a/b")) == answer


_FAULTS = {
    "<volume/>": (27, STORAGE, "XML error: missing volume name element"),
    "<pool/>": (27, 5, "XML error: expecting root element of 'volume', not 'pool'"),
    "<volume><name>v</name></volume>": (27, STORAGE, "XML error: missing capacity element"),
    "<volume><name>v</name><capacity>x</capacity></volume>": (
        *(27, STORAGE),
        "XML error: malformed capacity element",
    ),
    "<volume><name>v</name><capacity unit='x'>1</capacity></volume>": (
        *(8, 0),
        "invalid argument: unknown suffix 'x'",
    ),
    "<volume><name>v</name><capacity>1</capacity><target><format type='x'/></target></volume>": (
        *(67, STORAGE),
        "unsupported configuration: unknown volume format type x",
    ),
    "<volume><name>v</name><capacity>1</capacity><target><compat>x</compat></target></volume>": (
        *(27, STORAGE),
        "XML error: forbidden characters in 'compat' attribute",
    ),
    "<volume><name>v</name><capacity>1</capacity><target><features><x/></features></target></volume>": (
        *(67, STORAGE),
        "unsupported configuration: unsupported feature x",
    ),
    "<volume": (
        *(35, STORAGE),
        "(storage_volume_definition):1: Couldn't find end of Start Tag volume line 1\n<volume\n-------^",
    ),
}


@pytest.mark.parametrize("xml", _FAULTS)
def test_faulty(storage: Storage, xml: str) -> None:
    """A faulty definition is refused with what is wrong."""
    pool = storage.active()
    assert storage.outcome(lambda: pool.createXML(xml, 0)) == _FAULTS[xml]


def test_a_file_is_in_the_way(files: Storage) -> None:
    """A file that the pool has not seen yet is not written over."""
    one = files.active("one")
    files.volume(one)
    one.destroy()
    one.undefine()
    pool = files.conn.storagePoolDefineXML(files.xml("one"), 0)
    pool.create(0)
    assert pool.listVolumes() == ["v"]
    pool.storageVolLookupByName("v").delete(0)
    assert pool.listVolumes() == []


# formats


def test_qcow2(files: Storage) -> None:
    """A qcow2 image takes little room, whatever its guest sees."""
    volume = files.volume(files.active(), style="qcow2", allocation=None, capacity=64 * MIB)
    assert volume.info()[1:] == [64 * MIB, CLUSTERS + 4096]
    flag = files.driver.constant("STORAGE_VOL_GET_PHYSICAL")
    assert volume.infoFlags(flag)[2] == CLUSTERS + 8
    assert "<format type='qcow2'/>" in volume.XMLDesc(0)


def test_qcow2_after_refresh(files: Storage) -> None:
    """On refresh an image's own bytes say what it is."""
    pool = files.active()
    target = "<features><lazy_refcounts/></features>"
    volume = files.volume(pool, style="qcow2", target=target)
    files.volume(pool, "old", style="qcow2")
    pool.refresh(0)
    assert (tag(volume, "compat"), tag(volume, "clusterSize")) == ("1.1", "65536")
    assert "<lazy_refcounts/>" in volume.XMLDesc(0)
    assert tag(pool.storageVolLookupByName("old"), "compat") is None


@pytest.mark.parametrize("style", ["qcow", "qed", "vmdk", "vdi"])
def test_other_formats(files: Storage, style: str) -> None:
    """Other images are recognised too."""
    pool = files.active()
    volume = files.volume(pool, style=style)
    assert volume.info()[1] == MIB
    pool.refresh(0)
    assert f"<format type='{style}'/>" in pool.storageVolLookupByName("v").XMLDesc(0)
    assert volume.info()[1] == MIB


def test_folder(files: Storage) -> None:
    """A volume can be a folder."""
    volume = files.volume(files.active(), style="dir")
    assert volume.info() == [files.driver.constant("STORAGE_VOL_DIR"), 0, 0]
    assert volume.XMLDesc(0).startswith("<volume type='dir'>")


def test_cluster_size(files: Storage) -> None:
    """The cluster size of an image can be chosen."""
    volume = files.volume(files.active(), style="qcow2", target="<clusterSize unit='KiB'>128</clusterSize>")
    assert tag(volume, "clusterSize") == "131072"
    assert volume.info()[2] == 2 * CLUSTERS + 4096


def test_refcounts_of_an_old_image(files: Storage) -> None:
    """An old image has no lazy refcounts."""
    pool = files.active()
    target = "<compat>0.10</compat><features><lazy_refcounts/></features>"
    message = "unsupported configuration: lazy_refcounts not supported with compat level 0.10"
    outcome = files.outcome(lambda: files.volume(pool, style="qcow2", target=target))
    assert outcome == (67, STORAGE, message)


@pytest.mark.parametrize(
    ("target", "options", "words"),
    [
        (
            "<clusterSize>5</clusterSize>",
            "compat=0.10,cluster_size=5",
            "Cluster size must be a power of two between 512 and 2048k",
        ),
        ("<compat>2.5</compat>", "compat=2.5", "Parameter 'version' does not accept value '2.5'"),
    ],
)
def test_what_qemu_refuses(files: Storage, target: str, options: str, words: str) -> None:
    """What qemu-img does not make is told in its words, and nothing stays of it."""
    pool, path = files.active(), files.path("one", "v")
    command = f"/usr/bin/qemu-img create -f qcow2 -o {options} {path} 1024K"
    said = f"Child process ({command}) unexpected exit status 1: qemu-img: {path}: {words}\n"
    outcome = files.outcome(lambda: files.volume(pool, style="qcow2", target=target))
    assert outcome == (1, 0, f"internal error: {said}")
    assert files.volume(pool, style="qcow2").info()[1] == MIB


# backing files


def _over(path: str, style: str = "qcow2") -> str:
    return f"<backingStore><path>{path}</path><format type='{style}'/></backingStore>"


def test_backing(files: Storage) -> None:
    """An image over another is as big as that one, and says where it is."""
    pool = files.active()
    base = files.volume(pool, "base", style="qcow2", capacity=8 * MIB)
    volume = files.volume(pool, style="qcow2", capacity=None, inner=_over(base.path()))
    assert volume.info()[1] == 8 * MIB
    shown = volume.XMLDesc(0).partition("<backingStore>")[2]
    assert f"<path>{base.path()}</path>\n    <format type='qcow2'/>\n    <permissions>" in shown


def test_backing_after_refresh(files: Storage) -> None:
    """The image itself says what it stands on."""
    pool = files.active()
    files.volume(pool, "base", style="raw")
    files.volume(pool, style="qcow2", capacity=2 * MIB, inner=_over("base", "raw"))
    pool.refresh(0)
    volume = pool.storageVolLookupByName("v")
    shown = volume.XMLDesc(0).partition("<backingStore>")[2]
    assert f"<path>{files.path('one', 'base')}</path>\n    <format type='raw'/>" in shown
    assert volume.info()[1] == 2 * MIB


def test_backing_is_another_format(files: Storage) -> None:
    """What an image stands on must be what it is said to be."""
    pool = files.active()
    base, path = files.volume(pool, "base"), files.path("one", "v")
    command = (
        f"/usr/bin/qemu-img create -f qcow2 -b {base.path()} -o backing_fmt=qcow2,compat=0.10 {path} 1024K"
    )
    said = f"{path}: Image is not in qcow2 format\nCould not open backing image.\n"
    outcome = files.outcome(lambda: files.volume(pool, style="qcow2", inner=_over(base.path())))
    message = f"internal error: Child process ({command}) unexpected exit status 1: qemu-img: {said}"
    assert outcome == (1, 0, message)


def test_backing_is_missing(storage: Storage) -> None:
    """An image needs what it stands on."""
    pool = storage.active()
    message = "inaccessible backing store volume /nonexistent: No such file or directory"
    answer = expected(storage.driver, "backing is missing", (38, STORAGE, message))
    inner = _over("/nonexistent")
    assert storage.outcome(lambda: storage.volume(pool, style="qcow2", inner=inner)) == answer


def test_raw_has_no_backing(storage: Storage) -> None:
    """A raw image stands on nothing."""
    pool = storage.active()
    message = f"{NO_SUPPORT}: backing storage not supported for raw volumes"
    answer = expected(storage.driver, "raw with backing", (3, STORAGE, message))
    assert storage.outcome(lambda: storage.volume(pool, inner=_over("/nonexistent"))) == answer


# what the test driver lacks


@pytest.mark.parametrize(
    ("call", "function"),
    [
        (lambda volume: volume.resize(1, 0), "virStorageVolResize"),
        (lambda volume: volume.wipe(0), "virStorageVolWipe"),
        (lambda volume: volume.wipePattern(0, 0), "virStorageVolWipePattern"),
        (lambda volume: volume.infoFlags(0), "virStorageVolGetInfoFlags"),
        (lambda volume: volume.upload(volume.connect().newStream(0), 0, 0, 0), "virStorageVolUpload"),
        (lambda volume: volume.download(volume.connect().newStream(0), 0, 0, 0), "virStorageVolDownload"),
    ],
)
def test_lacking(storage: Storage, call: Callable[[Any], Any], function: str) -> None:
    """Numbers cannot be read or written."""
    if storage.real:
        pytest.skip("a storage driver has it")
    volume = storage.volume(storage.active())
    assert storage.outcome(lambda: call(volume)) == (3, STORAGE, f"{NO_SUPPORT}: {function}")


def test_a_disk_of_a_guest(files: Storage, driver: Driver, conn: Any) -> None:
    """A running guest's disk still names pool and volume; its chain of images has an end."""
    if driver.family == "test":
        pytest.skip("the test driver looks at no images")
    pool = files.active()
    files.volume(pool)
    disk = (
        "<disk type='volume' device='cdrom'><driver name='qemu' type='raw'/>"
        f"<source startupPolicy='optional' volume='v' pool='{pool.name()}'/>"
        "<target dev='hda' bus='ide'/></disk>"
    )
    domain = conn.defineXML(driver.xml(devices=disk))
    domain.createWithFlags(driver.constant("DOMAIN_START_PAUSED"))
    source = f"<source pool='{pool.name()}' volume='v' startupPolicy='optional' index='1'/>"
    assert re.search(rf"{source}\s*<backingStore/>", domain.XMLDesc(0))
    domain.destroy()
