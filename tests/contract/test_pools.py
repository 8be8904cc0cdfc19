"""Storage pools: definition, life, look-ups, listings, documents, events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.differences import expected

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.storage import Storage

NAME = "contract-one"
INVALID = 55
XML_ERROR, STORAGE = 27, 18


def said(storage: Storage, key: str, answer: Any) -> Any:
    """Return the answer that is expected, with names filled in."""
    found = expected(storage.driver, key, answer)
    if isinstance(found, tuple):
        return tuple(part.format(name=NAME) if isinstance(part, str) else part for part in found)
    return found.format(name=NAME, uuid=storage.uuid()) if isinstance(found, str) else found


def test_define(storage: Storage) -> None:
    """A pool that is defined is inactive and persistent, and does not start by itself."""
    pool = storage.conn.storagePoolDefineXML(storage.xml(), 0)
    assert (pool.name(), pool.UUIDString()) == (NAME, storage.uuid())
    assert pool.UUID().hex() == storage.uuid().replace("-", "")
    assert (pool.isActive(), pool.isPersistent(), pool.autostart()) == (0, 1, 0)
    assert storage.events() == ["DEFINED"]


def test_document(storage: Storage) -> None:
    """A new pool's document is its definition with sizes and an empty source."""
    pool = storage.conn.storagePoolDefineXML(storage.xml(), 0)
    size = expected(storage.driver, "inactive capacity", 0)
    assert pool.XMLDesc(0) == (
        f"<pool type='dir'>\n  <name>{NAME}</name>\n  <uuid>{storage.uuid()}</uuid>\n"
        f"  <capacity unit='bytes'>{size}</capacity>\n  <allocation unit='bytes'>0</allocation>\n"
        f"  <available unit='bytes'>{size}</available>\n  <source>\n  </source>\n"
        f"  <target>\n    <path>{storage.path()}</path>\n  </target>\n</pool>\n"
    )


def test_inactive_info(storage: Storage) -> None:
    """What is inactive has no sizes yet."""
    pool = storage.conn.storagePoolDefineXML(storage.xml(), 0)
    size = expected(storage.driver, "inactive capacity", 0)
    assert pool.info() == [0, size, 0, size]


def test_active_info(storage: Storage) -> None:
    """What is active has sizes that fit together."""
    state, capacity, allocation, available = storage.active().info()
    assert state == storage.driver.constant("STORAGE_POOL_RUNNING")
    assert capacity > 0
    assert allocation + available == capacity


def test_life(storage: Storage) -> None:
    """Defined, built, started, refreshed, stopped, deleted, undefined: an event each."""
    pool = storage.conn.storagePoolDefineXML(storage.xml(), 0)
    pool.build(0)
    pool.create(0)
    assert pool.isActive() == 1
    pool.refresh(0)
    pool.destroy()
    assert pool.isActive() == 0
    pool.delete(0)
    pool.undefine()
    assert storage.events() == [
        *("DEFINED", "CREATED", "STARTED", "REFRESH", "STOPPED", "DELETED", "UNDEFINED"),
    ]


@pytest.mark.parametrize(("call", "word"), [("create", "already"), ("build", "already"), ("delete", "still")])
def test_not_while_active(storage: Storage, call: str, word: str) -> None:
    """What changes a pool's storage asks for an inactive pool."""
    pool = storage.active()
    message = f"Requested operation is not valid: storage pool '{NAME}' is {word} active"
    answer = said(storage, f"pool {call} active", (INVALID, STORAGE, message))
    assert storage.outcome(lambda: getattr(pool, call)(0)) == answer


def test_undefine_active(storage: Storage) -> None:
    """An active pool is not undefined."""
    message = f"Requested operation is not valid: storage pool '{NAME}' is still active"
    answer = said(storage, "pool undefine active", (INVALID, STORAGE, message))
    assert storage.outcome(storage.active().undefine) == answer


_INACTIVE: dict[str, Callable[[Any], Any]] = {
    "destroy": lambda pool: pool.destroy(),
    "refresh": lambda pool: pool.refresh(0),
    "numOfVolumes": lambda pool: pool.numOfVolumes(),
    "listVolumes": lambda pool: pool.listVolumes(),
    "listAllVolumes": lambda pool: pool.listAllVolumes(0),
    "storageVolLookupByName": lambda pool: pool.storageVolLookupByName("v"),
    "createXML": lambda pool: pool.createXML("<volume/>", 0),
}


@pytest.mark.parametrize("call", _INACTIVE)
def test_not_while_inactive(storage: Storage, call: str) -> None:
    """What looks into a pool asks for an active one."""
    pool = storage.defined()
    message = f"Requested operation is not valid: storage pool '{NAME}' is not active"
    answer = said(storage, f"pool {call} inactive", (INVALID, storage.source, message))
    assert storage.outcome(lambda: _INACTIVE[call](pool)) == answer


def test_transient(storage: Storage) -> None:
    """A pool that was created and not defined is gone once it stops."""
    pool = storage.transient()
    assert (pool.isActive(), pool.isPersistent(), pool.autostart()) == (1, 0, 0)
    assert storage.events() == ["STARTED"]
    pool.destroy()
    assert storage.events() == ["STOPPED"]
    assert storage.outcome(lambda: storage.conn.storagePoolLookupByName(NAME)) == (
        *(49, storage.source),
        f"Storage pool not found: no storage pool with matching name '{NAME}'",
    )
    storage.defined()


def test_define_over_transient(storage: Storage) -> None:
    """A definition makes a transient pool stay."""
    storage.transient()
    pool = storage.conn.storagePoolDefineXML(storage.xml(), 0)
    assert (pool.isActive(), pool.isPersistent()) == (1, 1)


def test_create_over_definition(storage: Storage) -> None:
    """A pool that is created over its definition runs."""
    pool = storage.defined()
    storage.conn.storagePoolCreateXML(storage.xml(), 0)
    assert pool.isActive() == 1
    assert pool.isPersistent() == expected(storage.driver, "persistent after createXML", 1)


def test_create_active(storage: Storage) -> None:
    """A pool is not created over an active one."""
    storage.active()
    message = f"Requested operation is not valid: pool is already active as '{NAME}'"
    assert storage.outcome(lambda: storage.conn.storagePoolCreateXML(storage.xml(), 0)) == (
        *(INVALID, STORAGE),
        message,
    )


def test_redefine_active(storage: Storage) -> None:
    """An active pool stays as it is when it is defined otherwise."""
    pool = storage.active()
    storage.conn.storagePoolDefineXML(storage.xml(path=storage.path("other")), 0)
    assert f"<path>{storage.path()}</path>" in pool.XMLDesc(0)
    if storage.real:
        flag = storage.driver.constant("STORAGE_XML_INACTIVE")
        assert f"<path>{storage.path('other')}</path>" in pool.XMLDesc(flag)
        pool.destroy()
        assert f"<path>{storage.path('other')}</path>" in pool.XMLDesc(0)
        storage.conn.storagePoolDefineXML(storage.xml(), 0)


def test_same_name(storage: Storage) -> None:
    """Two pools do not have one name."""
    storage.defined()
    xml = storage.xml(identity=storage.uuid("other"))
    message = f"operation failed: pool '{NAME}' already exists with uuid {storage.uuid()}"
    assert storage.outcome(lambda: storage.conn.storagePoolDefineXML(xml, 0)) == (9, STORAGE, message)


def test_same_uuid(storage: Storage) -> None:
    """Two pools do not have one UUID."""
    storage.defined()
    xml = storage.xml("two", identity=storage.uuid())
    message = f"operation failed: pool '{NAME}' is already defined with uuid {storage.uuid()}"
    assert storage.outcome(lambda: storage.conn.storagePoolDefineXML(xml, 0)) == (9, STORAGE, message)


@pytest.mark.parametrize("call", ["storagePoolDefineXML", "storagePoolCreateXML"])
def test_same_folder(storage: Storage, call: str) -> None:
    """Two pools do not have one folder, however it is written."""
    storage.defined()
    xml = storage.xml("two", path=storage.path().replace("/tmp/", "/tmp///") + "/")
    message = f"operation failed: Storage source conflict with pool: '{NAME}'"
    assert storage.outcome(lambda: getattr(storage.conn, call)(xml, 0)) == (9, STORAGE, message)


_SOURCES = {
    "logical": ("<device path='/dev/contract-a'/><name>{name}</name>", ""),
    "fs": ("<device path='/dev/contract-a'/>", "<target><path>/mnt</path></target>"),
    "netfs": ("<host name='contract.invalid'/><dir path='/a'/>", "<target><path>/mnt</path></target>"),
    "iscsi": ("<host name='contract.invalid'/><device path='iqn'/>", "<target><path>/dev</path></target>"),
    "scsi": ("<adapter name='host3'/>", "<target><path>/dev/disk/by-path</path></target>"),
}


@pytest.mark.parametrize("kind", _SOURCES)
def test_same_source(storage: Storage, kind: str) -> None:
    """Two pools do not have one source."""
    source, rest = _SOURCES[kind]

    def xml(name: str) -> str:
        inner = source.format(name=name)
        return f"<pool type='{kind}'><name>contract-{name}</name><source>{inner}</source>{rest}</pool>"

    storage.conn.storagePoolDefineXML(xml("one"), 0)
    message = f"operation failed: Storage source conflict with pool: '{NAME}'"
    assert storage.outcome(lambda: storage.conn.storagePoolDefineXML(xml("two"), 0)) == (9, STORAGE, message)


def test_autostart(storage: Storage) -> None:
    """Whether a pool starts with the host can be changed."""
    pool = storage.defined()
    pool.setAutostart(1)
    assert pool.autostart() == 1
    flag = storage.driver.constant("CONNECT_LIST_STORAGE_POOLS_AUTOSTART")
    assert NAME in [each.name() for each in storage.conn.listAllStoragePools(flag)]
    pool.setAutostart(0)
    assert pool.autostart() == 0


def test_autostart_transient(storage: Storage) -> None:
    """A transient pool does not start with the host."""
    pool = storage.transient()
    answer = (1, STORAGE, "internal error: pool has no config file")
    assert storage.outcome(lambda: pool.setAutostart(1)) == said(
        storage, "pool setAutostart transient", answer
    )


def test_lookups(storage: Storage) -> None:
    """A pool is found by name and by UUID."""
    storage.defined()
    conn, uuid = storage.conn, storage.uuid()
    raw = bytes.fromhex(uuid.replace("-", ""))
    for found in (
        conn.storagePoolLookupByName(NAME),
        conn.storagePoolLookupByUUIDString(uuid),
        conn.storagePoolLookupByUUID(raw),
    ):
        assert (found.name(), found.UUIDString()) == (NAME, uuid)


def test_lookup_by_target(files: Storage) -> None:
    """An active pool is found by its folder."""
    pool = files.active()
    assert files.conn.storagePoolLookupByTargetPath(f"{files.path()}//").name() == NAME
    pool.destroy()
    message = f"Storage pool not found: no storage pool with matching target path '{files.path()}'"
    outcome = files.outcome(lambda: files.conn.storagePoolLookupByTargetPath(files.path()))
    assert outcome == (49, STORAGE, message)


_NOBODY = "00000000-0000-0000-0000-000000000001"
_MISSING: dict[str, tuple[Callable[[Any], Any], str]] = {
    "name": (lambda conn: conn.storagePoolLookupByName("nobody"), "name 'nobody'"),
    "uuid": (lambda conn: conn.storagePoolLookupByUUIDString(_NOBODY), f"uuid '{_NOBODY}'"),
}


@pytest.mark.parametrize("how", _MISSING)
def test_lookup_nothing(storage: Storage, how: str) -> None:
    """What is not there is said to be not there."""
    call, what = _MISSING[how]
    message = f"Storage pool not found: no storage pool with matching {what}"
    assert storage.outcome(lambda: call(storage.conn)) == (49, storage.source, message)


_ON_A_GONE_POOL: dict[str, Callable[[Any], Any]] = {
    "info": lambda pool: pool.info(),
    "create": lambda pool: pool.create(0),
    "XMLDesc": lambda pool: pool.XMLDesc(0),
    "undefine": lambda pool: pool.undefine(),
    "listVolumes": lambda pool: pool.listVolumes(),
}


@pytest.mark.parametrize("call", _ON_A_GONE_POOL)
def test_gone(storage: Storage, call: str) -> None:
    """A handle outlives its pool, and says so."""
    pool = storage.conn.storagePoolDefineXML(storage.xml(), 0)
    pool.undefine()
    message = f"Storage pool not found: no storage pool with matching uuid '{storage.uuid()}' ({NAME})"
    answer = (49, storage.source, said(storage, "pool gone", message))
    assert storage.outcome(lambda: _ON_A_GONE_POOL[call](pool)) == answer
    assert pool.name() == NAME


@pytest.mark.parametrize("call", ["isActive", "isPersistent", "listAllVolumes"])
def test_gone_by_uuid(storage: Storage, call: str) -> None:
    """The same, for the calls for which the test driver looks for the UUID too."""
    pool = storage.conn.storagePoolDefineXML(storage.xml(), 0)
    pool.undefine()
    message = f"Storage pool not found: no storage pool with matching uuid '{storage.uuid()}' ({NAME})"
    answer = (49, storage.source, said(storage, "pool gone by uuid", message))
    assert storage.outcome(getattr(pool, call)) == answer


def test_listings(storage: Storage) -> None:
    """Active pools and inactive ones are listed apart, by name and by filter."""
    conn, number = storage.conn, storage.driver.constant
    storage.defined("one")
    storage.active("two")
    storage.transient("three")

    def listed(flags: str) -> set[str]:
        flag = number(f"CONNECT_LIST_STORAGE_POOLS_{flags}")
        names = {pool.name() for pool in conn.listAllStoragePools(flag)}
        return {name.removeprefix("contract-") for name in names if name.startswith("contract-")}

    assert listed("ACTIVE") == {"two", "three"}
    assert listed("INACTIVE") == {"one"}
    assert listed("PERSISTENT") == {"one", "two"}
    assert listed("TRANSIENT") == {"three"}
    assert listed("NO_AUTOSTART") == {"one", "two", "three"}
    assert listed("DIR") == {"one", "two", "three"}
    assert listed("LOGICAL") == set()
    assert {NAME} <= set(conn.listDefinedStoragePools())
    assert {"contract-two", "contract-three"} <= set(conn.listStoragePools())
    assert conn.numOfStoragePools() == len(conn.listStoragePools())
    assert conn.numOfDefinedStoragePools() == len(conn.listDefinedStoragePools())


def test_unknown_filter(storage: Storage) -> None:
    """A filter that nobody knows is refused."""
    function = expected(storage.driver, "list flags function", "storageConnectListAllStoragePools")
    message = f"unsupported flags (0x100000) in function {function}"
    assert storage.outcome(lambda: storage.conn.listAllStoragePools(1 << 20)) == (8, storage.source, message)


_FAULTS = {
    "<pool/>": (XML_ERROR, 5, "XML error: Missing required attribute 'type' in element 'pool'"),
    "<network/>": (XML_ERROR, 5, "XML error: expecting root element of 'pool', not 'network'"),
    "<pool type='bogus'/>": (
        *(XML_ERROR, 5),
        "XML error: Invalid value for attribute 'type' in element 'pool': 'bogus'.",
    ),
    "<pool type='dir'/>": (XML_ERROR, STORAGE, "XML error: missing pool source name element"),
    "<pool type='dir'><name>a/b</name></pool>": (
        *(XML_ERROR, STORAGE),
        "XML error: name a/b cannot contain '/'",
    ),
    "<pool type='dir'><name>a</name></pool>": (
        *(XML_ERROR, STORAGE),
        "XML error: missing storage pool target path",
    ),
    "<pool type='dir'><name>a</name><uuid>1</uuid></pool>": (
        *(XML_ERROR, STORAGE),
        "XML error: malformed uuid element",
    ),
    "<pool type='fs'><name>a</name></pool>": (
        *(XML_ERROR, STORAGE),
        "XML error: missing storage pool source device name",
    ),
    "<pool type='netfs'><name>a</name></pool>": (
        *(XML_ERROR, STORAGE),
        "XML error: missing storage pool source host name",
    ),
    "<pool type='scsi'><name>a</name></pool>": (
        *(XML_ERROR, STORAGE),
        "XML error: missing storage pool source adapter",
    ),
    "<pool type='rbd'><source/></pool>": (
        *(XML_ERROR, STORAGE),
        "XML error: element 'name' is mandatory for RBD pool",
    ),
    "<pool type='logical'><name>a</name><source><format type='x'/></source></pool>": (
        *(67, STORAGE),
        "unsupported configuration: unknown pool format type x",
    ),
    "<pool": (
        *(35, STORAGE),
        "(storage_pool_definition):1: Couldn't find end of Start Tag pool line 1\n<pool\n-----^",
    ),
}


@pytest.mark.parametrize("xml", _FAULTS)
def test_faulty(storage: Storage, xml: str) -> None:
    """A faulty definition is refused with what is wrong."""
    assert storage.outcome(lambda: storage.conn.storagePoolDefineXML(xml, 0)) == _FAULTS[xml]


def test_without_folder(storage: Storage) -> None:
    """A pool does not start without its folder."""
    pool = storage.conn.storagePoolDefineXML(storage.xml(), 0)
    message = f"cannot open directory '{storage.path()}': No such file or directory"
    answer = expected(storage.driver, "pool without folder", (38, 0, message))
    assert storage.outcome(lambda: pool.create(0)) == answer


def test_delete_twice(storage: Storage) -> None:
    """A folder is removed once."""
    pool = storage.defined()
    pool.delete(0)
    message = f"failed to remove pool '{storage.path()}': No such file or directory"
    answer = expected(storage.driver, "pool delete twice", (38, STORAGE, message))
    assert storage.outcome(lambda: pool.delete(0)) == answer


def test_delete_with_volumes(files: Storage) -> None:
    """A folder with something in it stays."""
    pool = files.active()
    files.volume(pool)
    pool.destroy()
    message = f"failed to remove pool '{files.path()}': Directory not empty"
    assert files.outcome(lambda: pool.delete(0)) == (38, STORAGE, message)
    pool.create(0)


def test_volumes_come_back(storage: Storage) -> None:
    """Volumes are there again when the pool is."""
    pool = storage.active()
    storage.volume(pool)
    pool.destroy()
    pool.create(0)
    assert pool.listVolumes() == ["v"]


def test_permissions(files: Storage) -> None:
    """A folder is built with the permissions that were asked for, and shows them."""
    xml = files.xml().replace(
        "</target>", "<permissions><mode>0750</mode><owner>3</owner><group>4</group></permissions></target>"
    )
    pool = files.conn.storagePoolCreateXML(xml, files.with_build)
    shown = "<mode>0750</mode>\n      <owner>3</owner>\n      <group>4</group>"
    assert shown in pool.XMLDesc(0)


def test_default_permissions(files: Storage) -> None:
    """Else everybody may enter it, and root alone look."""
    assert "<mode>0711</mode>\n      <owner>0</owner>" in files.active().XMLDesc(0)


def test_build_flags(files: Storage) -> None:
    """A folder cannot be formatted."""
    pool = files.defined()
    flag = files.driver.constant("STORAGE_POOL_BUILD_OVERWRITE")
    message = f"Requested operation is not valid: No source device specified when formatting pool '{NAME}'"
    assert files.outcome(lambda: pool.build(flag)) == (INVALID, STORAGE, message)


NO_SUPPORT = "this function is not supported by the connection driver"
_SOURCES_ASKED = {
    "dir": (3, STORAGE, f"{NO_SUPPORT}: pool type 'dir' does not support source discovery"),
    "bogus": (1, STORAGE, "internal error: unknown storage pool type bogus"),
}


@pytest.mark.parametrize("kind", _SOURCES_ASKED)
def test_find_sources(storage: Storage, kind: str) -> None:
    """Only some types of pools can be looked for."""
    answer = expected(storage.driver, f"find {kind}", _SOURCES_ASKED[kind])
    assert storage.outcome(lambda: storage.conn.findStoragePoolSources(kind, None, 0)) == answer


def test_find_netfs_needs_a_host(storage: Storage) -> None:
    """Shares are looked for on a host."""
    message = "invalid argument: hostname must be specified for netfs sources"
    outcome = storage.outcome(lambda: storage.conn.findStoragePoolSources("netfs", None, 0))
    assert outcome == (8, storage.source, message)


def test_capabilities(files: Storage) -> None:
    """The document of pool types says which formats volumes can have."""
    text = files.conn.getStoragePoolCapabilities(0)
    assert text.startswith("<storagepoolCapabilities>\n  <pool type='dir' supported='yes'>\n")
    assert "<value>qcow2</value>" in text


def test_events_of_one_pool(storage: Storage) -> None:
    """A callback for one pool hears of that one."""
    heard: list[tuple[str, int]] = []
    one, two = storage.defined("one"), storage.defined("two")
    storage.events()
    number = storage.driver.constant("STORAGE_POOL_EVENT_ID_LIFECYCLE")
    callback = storage.conn.storagePoolEventRegisterAny(
        one, number, lambda _conn, pool, event, _detail, _opaque: heard.append((pool.name(), event)), None
    )
    two.create(0)
    one.create(0)
    storage.events()
    storage.conn.storagePoolEventDeregisterAny(callback)
    assert heard == [(NAME, storage.driver.constant("STORAGE_POOL_EVENT_STARTED"))]
