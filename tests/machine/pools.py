"""Storage pools and their volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tests.machine.kinds import CONNECTION, Family, Kind, Step, calls, flags, refs, some
from tests.machine.side import UUIDS

if TYPE_CHECKING:
    from tests.machine.side import Side

NAMES = ("default-pool", "pa", "pb")
VOLUMES = ("default-pool/v1", "default-pool/v2", "pa/v1")
_UUID_OF = {"default-pool": UUIDS[4], "pa": UUIDS[1], "pb": UUIDS[2]}
_TARGET = "<target><path>/pools/{}</path></target>"
BODIES = {
    "dir": ("dir", _TARGET.format("one")),
    "other dir": ("dir", _TARGET.format("two") + "<permissions/>"),
    "fs": ("fs", "<source><device path='/dev/sda1'/><format type='ext4'/></source>" + _TARGET.format("fs")),
    "netfs": (
        "netfs",
        "<source><host name='h'/><dir path='/d'/><format type='nfs'/></source>" + _TARGET.format("nfs"),
    ),
    "logical": ("logical", "<source><name>vg</name></source><target><path>/dev/vg</path></target>"),
    "disk": ("disk", "<source><device path='/dev/sdb'/></source><target><path>/dev</path></target>"),
    "iscsi": (
        "iscsi",
        (
            "<source><host name='h'/><device path='iqn.x'/></source>"
            "<target><path>/dev/disk/by-path</path></target>"
        ),
    ),
    "rbd": ("rbd", "<source><host name='h'/><name>r</name></source>"),
    "scsi": (
        "scsi",
        (
            "<source><adapter type='fc_host' parent='scsi_host1' wwnn='2000000000000001'"
            " wwpn='1000000000000001'/></source><target><path>/dev/disk/by-path</path></target>"
        ),
    ),
    "bad type": ("bogus", _TARGET.format("one")),
    "no target": ("dir", ""),
    "no source": ("netfs", _TARGET.format("one")),
    "bad format": (
        "fs",
        "<source><device path='/dev/a'/><format type='bogus'/></source>" + _TARGET.format("a"),
    ),
}
_WHOLE = ("<pool", "", "<domain/>", "<pool type='dir'/>", "<pool><name>x</name></pool>", None)


def document(name: str, body: tuple[str, str], uuid: str | None = None) -> str:
    """Return a pool's document."""
    return f"<pool type='{body[0]}'><name>{name}</name><uuid>{uuid or _UUID_OF[name]}</uuid>{body[1]}</pool>"


def volume(name: str, inner: str) -> str:
    """Return a volume's document."""
    return f"<volume>{name}{inner}</volume>"


_good = st.builds(document, some("pa", "pb"), some(*BODIES.values()))
_clash = st.builds(document, some(*NAMES), st.just(BODIES["dir"]), some(*_UUID_OF.values()))
_XML = st.one_of(_good, _good, _clash, some(*_WHOLE))
_INNER = some(
    "<capacity>1048576</capacity>",
    "<capacity unit='MiB'>2</capacity><allocation unit='KiB'>4</allocation>"
    "<target><format type='qcow2'/></target>",
    "<capacity>5</capacity><allocation>9</allocation>",
    "<capacity unit='TiB'>5</capacity>",
    "<capacity unit='bogus'>5</capacity>",
    "<capacity>4096</capacity><target><permissions><mode>0600</mode></permissions></target>",
    "<capacity>4096</capacity><backingStore><path>/x</path><format type='raw'/></backingStore>",
    "<capacity>4096</capacity><target><format type='bogus'/></target>",
    "",
)
_VOLUME = st.one_of(
    st.builds(volume, some("<name>v1</name>", "<name>v2</name>", "<name>v1</name>", ""), _INNER),
    some("<volume", "", "<pool/>", None),
)
_POOL: dict[str, tuple[Any, ...]] = {
    "pool.create": (flags(1, 2, 4),),
    "pool.build": (flags(1, 2, 4),),
    "pool.destroy": (),
    "pool.delete": (flags(1),),
    "pool.undefine": (),
    "pool.refresh": (flags(1),),
    "pool.isActive": (),
    "pool.isPersistent": (),
    "pool.autostart": (),
    "pool.setAutostart": (some(0, 1),),
    "pool.info": (),
    "pool.name": (),
    "pool.XMLDesc": (flags(1),),
    "pool.numOfVolumes": (),
    "pool.listAllVolumes": (flags(1),),
    "pool.storageVolLookupByName": (some("v1", "v2", "none", "", None),),
    "pool.createXML": (_VOLUME, flags(1, 2)),
    "pool.createXMLFrom": (_VOLUME, refs("volume", *VOLUMES), flags(1, 2)),
}
_VOL: dict[str, tuple[Any, ...]] = {
    "vol.delete": (flags(1),),
    "vol.info": (),
    "vol.infoFlags": (flags(1),),
    "vol.key": (),
    "vol.name": (),
    "vol.path": (),
    "vol.XMLDesc": (flags(1),),
    "vol.storagePoolLookupByVolume": (),
    "vol.resize": (some(1, 1 << 30), flags(1, 2)),
    "vol.wipe": (flags(1),),
    "vol.wipePattern": (some(0, 1), flags(1)),
}
_CONN: dict[str, tuple[Any, ...]] = {
    "storagePoolDefineXML": (_XML, flags(1)),
    "storagePoolCreateXML": (_XML, flags(1, 2, 4)),
    "storagePoolLookupByName": (some(*NAMES, "none", "", None),),
    "storagePoolLookupByUUIDString": (some(*_UUID_OF.values(), "x", "99999999-9999-9999-9999-999999999999"),),
    "storagePoolLookupByUUID": (some(b"\x11" * 16, b"\x99" * 16),),
    "storagePoolLookupByTargetPath": (some("/default-pool", None),),
    "storageVolLookupByKey": (some("/default-pool/v1", "/none", None),),
    "storageVolLookupByPath": (some("/default-pool/v1", "/pools/one/v1", "/none", "", None),),
    "listAllStoragePools": (flags(*(1 << bit for bit in range(21))),),
    "numOfStoragePools": (),
    "numOfDefinedStoragePools": (),
    "findStoragePoolSources": (
        some("logical", "netfs", "dir", "iscsi", "bogus", None),
        # not "<source/>": that ends libvirt itself, as it takes the host for granted
        some(None, "<source><host name='h'/></source>", "<x", "<bogus/>"),
        flags(1),
    ),
    "getStoragePoolCapabilities": (flags(1),),
}


def _named(target: str, table: dict[str, tuple[Any, ...]]) -> tuple[Kind, ...]:
    return tuple(Kind(name, target, name.split(".")[1], arguments) for name, arguments in table.items())


_SEEN = (
    Kind("conn.listStoragePools", CONNECTION, "listStoragePools", see=sorted),
    Kind("conn.listDefinedStoragePools", CONNECTION, "listDefinedStoragePools", see=sorted),
    Kind("pool.listVolumes", "pool", "listVolumes", see=sorted),
)


def _summary(side: Side) -> Any:
    return {pool.name(): _pool(pool, side.module) for pool in side.conn.listAllStoragePools()}


def _pool(pool: Any, module: Any) -> Any:
    known = {
        "uuid": pool.UUIDString(),
        "active": pool.isActive(),
        "persistent": pool.isPersistent(),
        "autostart": pool.autostart(),
        "info": pool.info(),
        "XML": pool.XMLDesc(0),
    }
    try:
        volumes = pool.listAllVolumes()
    except module.libvirtError as error:
        return {**known, "volumes": str(error)}
    return {
        **known,
        "volumes": sorted((vol.name(), vol.key(), vol.info(), vol.XMLDesc(0)) for vol in volumes),
    }


_FIRST = volume("<name>v1</name>", "<capacity>1048576</capacity>")
pools = Family(
    "pools",
    (*_named("pool", _POOL), *_named("volume", _VOL), *calls(CONNECTION, _CONN), *_SEEN),
    {"pool": NAMES, "volume": VOLUMES},
    st.one_of(
        st.just([]),
        st.just([Step("pool.createXML", "default-pool", "fresh", (_FIRST, 0))]),
        _good.map(lambda xml: [Step("conn.storagePoolDefineXML", "", "", (xml, 0))]),
    ),
    _summary,
    (
        ("storagePoolEventRegisterAny", "VIR_STORAGE_POOL_EVENT_ID_LIFECYCLE", "pool"),
        ("storagePoolEventRegisterAny", "VIR_STORAGE_POOL_EVENT_ID_REFRESH", "pool refresh"),
    ),
)
