"""Pools and volumes as libvirt's test driver has them: numbers without any storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.nodedev.making import copied_vport, drop_copied_vport
from virtkit.fake.reading import read
from virtkit.fake.storage.driver import Driver
from virtkit.fake.storage.kinds import KINDS
from virtkit.fake.storage.pooldoc import TITLE, parse_pool, parse_source, pool_of, print_pool
from virtkit.fake.storage.records import PoolRecord, VolumeRecord
from virtkit.fake.storage.values import FROM
from virtkit.fake.storage.volumedoc import parse_volume, print_volume, volume_of

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.storage.kinds import Kind

CAPACITY = 100 << 30
_WORD = (1 << 64) - 1
_LOGICAL = """\
<sources>
  <source>
    <device path='/dev/sda20'/>
    <name>testvg1</name>
    <format type='lvm2'/>
  </source>
  <source>
    <device path='/dev/sda21'/>
    <name>testvg2</name>
    <format type='lvm2'/>
  </source>
</sources>
"""
_NETFS = """\
<sources>
  <source>
    <host name='{}'/>
    <dir path='/testshare'/>
    <format type='nfs'/>
  </source>
</sources>
"""


def _fibre_channel(pool: PoolRecord) -> dict[str, Any] | None:
    """Return the fibre channel adapter that *pool* has made, with a pool that was defined too."""
    adapter: dict[str, Any] | None = pool.definition["source"].get("adapter")
    return adapter if adapter is not None and adapter["type"] == "fc_host" else None


class MockStorage(Driver):
    """The test driver's storage."""

    source = c.VIR_FROM_TEST
    tells_name = False

    def _need_inactive(self, pool: PoolRecord) -> None:
        if pool.active:
            self.invalid(f"storage pool '{pool.name}' is active")

    def define(self, xml: str, flags: int) -> PoolRecord:
        """Define a pool."""
        validate = bool(flags & c.VIR_STORAGE_POOL_DEFINE_VALIDATE)
        definition = parse_pool(xml, validate=validate)
        pool = self._assign(definition, self.place_for(definition, live=False))
        pool.persistent = True
        self.tell(pool, c.VIR_STORAGE_POOL_EVENT_DEFINED)
        return pool

    def create(self, xml: str, flags: int) -> PoolRecord:
        """Create a transient pool; a defined one of that name becomes transient."""
        definition = parse_pool(xml)
        pool = self._assign(definition, self.place_for(definition, live=True))
        adapter = _fibre_channel(pool)
        if adapter is not None:
            copied_vport(self.session, self.host, adapter)
        pool.persistent, pool.active = False, True
        self.tell(pool, c.VIR_STORAGE_POOL_EVENT_STARTED)
        return pool

    def _assign(self, definition: dict[str, Any], pool: PoolRecord | None) -> PoolRecord:
        if pool is None:
            pool = PoolRecord(definition["uuid"], definition["name"], definition)
            self.session.put(pool)
        elif not pool.active:
            pool.definition = definition
        pool.capacity, pool.allocation, pool.available = CAPACITY, 0, CAPACITY
        return pool

    def undefine(self, pool: PoolRecord) -> None:
        """Forget a pool."""
        self._need_inactive(pool)
        self.tell(pool, c.VIR_STORAGE_POOL_EVENT_UNDEFINED)
        self.drop_pool(pool)

    def start(self, pool: PoolRecord, flags: int) -> None:
        """Activate a pool."""
        self._need_inactive(pool)
        pool.active = True
        self.tell(pool, c.VIR_STORAGE_POOL_EVENT_STARTED)

    def build(self, pool: PoolRecord, flags: int) -> None:
        """Say that a pool was built."""
        self._need_inactive(pool)
        self.tell(pool, c.VIR_STORAGE_POOL_EVENT_CREATED)

    def delete(self, pool: PoolRecord, flags: int) -> None:
        """Say that a pool was deleted."""
        self._need_inactive(pool)
        self.tell(pool, c.VIR_STORAGE_POOL_EVENT_DELETED)

    def destroy(self, pool: PoolRecord) -> None:
        """Deactivate a pool; a transient one is gone."""
        self.need_active(pool)
        pool.active = False
        if _fibre_channel(pool) is not None:
            drop_copied_vport(self.session, self.host)
        self.tell(pool, c.VIR_STORAGE_POOL_EVENT_STOPPED)
        if not pool.persistent:
            self.drop_pool(pool)

    def refresh(self, pool: PoolRecord) -> None:
        """Say that a pool was refreshed."""
        self.need_active(pool)
        self.tell_refresh(pool)

    def text(self, pool: PoolRecord, flags: int) -> str:
        """Return a pool's document."""
        return print_pool(pool.definition, (pool.capacity, pool.allocation, pool.available))

    def set_autostart(self, pool: PoolRecord, *, on: bool) -> None:
        """Change whether a pool starts with the host."""
        if not pool.persistent:
            self.invalid("pool has no config file", c.VIR_ERR_INVALID_ARG)
        pool.autostart = on

    def all_volumes(self, pool: PoolRecord) -> list[VolumeRecord]:
        """Return the volumes, for listAllVolumes."""
        if not pool.active:
            self.invalid("storage pool is not active")
        return self.volumes(pool)

    def create_volume(self, pool: PoolRecord, xml: str, flags: int) -> VolumeRecord:
        """Create a volume."""
        self.need_active(pool)
        definition = self._new_volume(pool, xml, flags)
        return self._add(pool, definition)

    def clone_volume(self, pool: PoolRecord, xml: str, source: tuple[str, str], flags: int) -> VolumeRecord:
        """Create a volume from another of the same pool, of which only the name matters."""
        self.need_active(pool)
        definition = self._new_volume(pool, xml, flags, source[1])
        return self._add(pool, definition)

    def _new_volume(self, pool: PoolRecord, xml: str, flags: int, source: str = "") -> dict[str, Any]:
        validate = bool(flags & c.VIR_STORAGE_VOL_CREATE_VALIDATE)
        definition = parse_volume(xml, pool.type, validate=validate)
        name = definition["name"]
        if name in pool.volumes:
            self.invalid("storage vol already exists", c.VIR_ERR_OPERATION_FAILED)
        if source:
            self.volume(pool, source)
        if (pool.allocation + definition["allocation"]) & _WORD > pool.capacity:
            message = f"Not enough free space in pool for volume '{name}'"
            self.invalid(message, c.VIR_ERR_INTERNAL_ERROR)
        return definition

    def _add(self, pool: PoolRecord, definition: dict[str, Any]) -> VolumeRecord:
        folder = pool.definition["target"]["path"] if pool.definition["target"] else "(null)"
        definition["path"] = definition["key"] = f"{folder}/{definition['name']}"
        return self._count(pool, definition)

    @staticmethod
    def _take(pool: PoolRecord, size: int) -> None:
        """Count *size* bytes more as allocated; less than nothing is very much."""
        pool.allocation = (pool.allocation + size) & _WORD
        pool.available = (pool.capacity - pool.allocation) & _WORD

    def _count(self, pool: PoolRecord, definition: dict[str, Any]) -> VolumeRecord:
        self._take(pool, definition["allocation"])
        return self.add_volume(pool, definition)

    def delete_volume(self, pool: PoolRecord, volume: VolumeRecord, flags: int) -> None:
        """Delete a volume."""
        self._take(pool, -volume.definition["allocation"])
        self.forget_volume(pool, volume)

    def volume_info(self, pool: PoolRecord, volume: VolumeRecord, flags: int) -> list[int]:
        """Return type, capacity and allocation of a volume."""
        definition = volume.definition
        return [pool.type.volumes, definition["capacity"], definition["allocation"]]

    def volume_text(self, pool: PoolRecord, volume: VolumeRecord) -> str:
        """Return a volume's document."""
        return print_volume(volume.definition)

    def open_pool(self, source: str | etree._Element) -> None:
        """Add the pool that a file for ``test:///`` has, active, with the volumes in it."""
        tree = read(source, TITLE, "pool", FROM) if isinstance(source, str) else source
        definition = pool_of(tree)
        pool = self._assign(definition, self.place_for(definition, live=False))
        pool.persistent = pool.active = True
        for element in tree.iterfind("volume"):
            volume = volume_of(element, pool.type)
            volume["path"] = volume["path"] or f"{pool.target}/{volume['name']}"
            volume["key"] = volume["key"] or volume["path"]
            self._count(pool, volume)

    def missing_key(self, key: str) -> str:
        """Return what is said of a key that no volume has."""
        return f"no storage vol with matching key '{key}'"

    def find_sources(self, kind: str, specification: str | None) -> str:
        """Return what pools there could be, as the test driver makes it up."""
        if kind == "dir":  # the first of libvirt's types, which it takes for none
            self.invalid(f"unknown storage pool type {kind}", c.VIR_ERR_INTERNAL_ERROR)
        if specification is not None and kind not in KINDS:
            read(specification, "storage_source_specification", "source", FROM)
            fail(c.VIR_ERR_INTERNAL_ERROR, FROM, "missing backend for pool type -1")
        found = _hosts(specification, KINDS[kind]) if specification and kind in KINDS else []
        if kind == "netfs" and not found:
            self.invalid("hostname must be specified for netfs sources", c.VIR_ERR_INVALID_ARG)
        if kind not in {"logical", "netfs"}:
            message = f"pool type '{kind}' does not support source discovery"
            self.invalid(message, c.VIR_ERR_NO_SUPPORT)
        return _LOGICAL if kind == "logical" else _NETFS.format(found[0])


def _hosts(specification: str, kind: Kind) -> list[str]:
    tree = read(specification, "storage_source_specification", "source", FROM)
    return [host["name"] for host in parse_source(tree, kind)["hosts"]]
