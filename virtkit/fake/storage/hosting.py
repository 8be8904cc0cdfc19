"""Pools as libvirt's storage driver has them, on the host's own files."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail, fail_argument, libvirtError
from virtkit.fake.storage import files
from virtkit.fake.storage.checking import system
from virtkit.fake.storage.kinds import DIR, FILE, KINDS
from virtkit.fake.storage.pooldoc import parse_pool, parse_source, print_pool
from virtkit.fake.storage.records import PoolRecord, VolumeRecord
from virtkit.fake.storage.stat import seen
from virtkit.fake.storage.values import FROM
from virtkit.fake.storage.volumes import Volumes

if TYPE_CHECKING:
    from virtkit.fake.storage.kinds import Kind
    from virtkit.fake.storage.records import FileRecord

_OVERWRITE, _NO_OVERWRITE = c.VIR_STORAGE_POOL_BUILD_OVERWRITE, c.VIR_STORAGE_POOL_BUILD_NO_OVERWRITE
# flags of create, and those of build that they mean
_BUILDS = (
    (c.VIR_STORAGE_POOL_CREATE_WITH_BUILD_OVERWRITE, _OVERWRITE),
    (c.VIR_STORAGE_POOL_CREATE_WITH_BUILD_NO_OVERWRITE, _NO_OVERWRITE),
    (c.VIR_STORAGE_POOL_CREATE_WITH_BUILD, 0),
)
# by type: which function of libvirt builds, and the flags that it takes
_BUILDERS = {
    "disk": ("virStorageBackendDiskBuildPool", _OVERWRITE | _NO_OVERWRITE),
    "logical": ("virStorageBackendLogicalBuildPool", _OVERWRITE | _NO_OVERWRITE),
    "zfs": ("virStorageBackendZFSBuildPool", 0),
    "vstorage": ("virStorageBackendVzPoolBuild", 0),
}
_LOCAL_BUILDER = ("virStorageBackendFileSystemBuild", _OVERWRITE | _NO_OVERWRITE)


class HostStorage(Volumes):
    """The storage driver of a host."""

    def define(self, xml: str, flags: int) -> PoolRecord:
        """Define a pool."""
        validate = bool(flags & c.VIR_STORAGE_POOL_DEFINE_VALIDATE)
        definition = parse_pool(xml, validate=validate)
        if "\n" in definition["name"]:
            fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_XML, "invalid char in name: \n")
        self._supported(definition["type"])
        pool = self.place_for(definition, live=False)
        if pool is None:
            pool = PoolRecord(definition["uuid"], definition["name"], definition)
            self.session.put(pool)
        elif pool.active:
            pool.next = definition
        else:
            self._replace(pool, definition)
        pool.persistent = True
        self.tell(pool, c.VIR_STORAGE_POOL_EVENT_DEFINED)
        return pool

    def _supported(self, kind: str) -> None:
        if kind == "sheepdog":
            fail(c.VIR_ERR_INTERNAL_ERROR, FROM, "missing backend for pool type 10 (sheepdog)")

    def _replace(self, pool: PoolRecord, definition: dict[str, Any]) -> None:
        pool.definition, pool.next = definition, None
        pool.capacity = pool.allocation = pool.available = 0

    def create(self, xml: str, flags: int) -> PoolRecord:
        """Create a pool and activate it; one that is defined stays so."""
        self._exclusive(flags)
        definition = parse_pool(xml)
        self._supported(definition["type"])
        known = self.place_for(definition, live=True)
        pool = PoolRecord(definition["uuid"], definition["name"], definition)
        self._bring_up(pool, flags)
        if known is not None:
            pool.next = known.next or known.definition
            pool.persistent, pool.autostart = known.persistent, known.autostart
        self.session.put(pool)
        self._activate(pool)
        return pool

    def start(self, pool: PoolRecord, flags: int) -> None:
        """Activate a pool."""
        self._exclusive(flags)
        self._need_inactive(pool, "already")
        self._bring_up(pool, flags)
        self._activate(pool)

    def _exclusive(self, flags: int) -> None:
        if flags & _OVERWRITE and flags & _NO_OVERWRITE:
            message = (
                "Flags 'VIR_STORAGE_POOL_BUILD_OVERWRITE' and 'VIR_STORAGE_POOL_BUILD_NO_OVERWRITE' "
                "are mutually exclusive"
            )
            fail(c.VIR_ERR_INVALID_ARG, FROM, message)

    def _bring_up(self, pool: PoolRecord, flags: int) -> None:
        """Build the pool if *flags* say so, and look whether its storage is there."""
        for flag, build in _BUILDS:
            if flags & flag and "build" in pool.type.does:
                self._build(pool, build)
                break
        self._look(pool)

    def _look(self, pool: PoolRecord) -> None:
        if pool.type.is_local and not files.is_folder(self.session, pool.target):
            system(errno.ENOENT, f"cannot open directory '{pool.target}'", c.VIR_FROM_NONE)

    def _activate(self, pool: PoolRecord) -> None:
        pool.active = True
        self.list_volumes(pool)
        self.tell(pool, c.VIR_STORAGE_POOL_EVENT_STARTED)

    def _need_inactive(self, pool: PoolRecord, word: str) -> None:
        if pool.active:
            self.invalid(f"storage pool '{pool.name}' is {word} active")

    def build(self, pool: PoolRecord, flags: int) -> None:
        """Make what a pool's volumes are to be in."""
        self._need_inactive(pool, "already")
        if "build" in pool.type.does:
            self._build(pool, flags)
        self.tell(pool, c.VIR_STORAGE_POOL_EVENT_CREATED)
        if pool.next is not None:
            self._replace(pool, pool.next)

    def _build(self, pool: PoolRecord, flags: int) -> None:
        function, known = _BUILDERS.get(pool.type.name, _LOCAL_BUILDER)
        if flags & ~known:
            message = f"unsupported flags ({flags & ~known & 0xFFFFFFFF:#x}) in function {function}"
            fail_argument(FROM, message, function, "flags")
        self._exclusive(flags)
        if flags and pool.type.is_local and not pool.definition["source"].get("devices"):
            self.invalid(f"No source device specified when formatting pool '{pool.name}'")
        if pool.type.is_local:
            if not pool.target.startswith("/"):
                self.invalid(f"path '{pool.target}' is not absolute", c.VIR_ERR_INVALID_ARG)
            stated = pool.definition["target"]["permissions"] or {}
            files.new_folder(self.host, self.session, pool.target, stated)

    def undefine(self, pool: PoolRecord) -> None:
        """Forget a pool."""
        self._need_inactive(pool, "still")
        self.tell(pool, c.VIR_STORAGE_POOL_EVENT_UNDEFINED)
        self.drop_pool(pool)

    def destroy(self, pool: PoolRecord) -> None:
        """Deactivate a pool; its storage stays as it is."""
        self.need_active(pool)
        pool.active = False
        self.forget_volumes(pool)
        self.tell(pool, c.VIR_STORAGE_POOL_EVENT_STOPPED)
        if not pool.persistent:
            self.session.drop(pool)
        elif pool.next is not None:
            self._replace(pool, pool.next)

    def delete(self, pool: PoolRecord, flags: int) -> None:
        """Remove a pool's storage."""
        self._need_inactive(pool, "still")
        if "delete" not in pool.type.does:
            self.invalid("pool does not support pool deletion", c.VIR_ERR_NO_SUPPORT)
        if pool.type.is_local:
            self._remove_folder(pool, flags)
        else:
            for file in files.entries(self.session, pool.target):
                files.remove(self.session, file.key)
        self.tell(pool, c.VIR_STORAGE_POOL_EVENT_DELETED)

    def _remove_folder(self, pool: PoolRecord, flags: int) -> None:
        if flags:
            function = "virStorageBackendDeleteLocal"
            message = f"unsupported flags ({flags:#x}) in function {function}"
            fail_argument(FROM, message, function, "flags")
        number = 0
        if not files.is_folder(self.session, pool.target):
            number = errno.ENOENT
        elif files.entries(self.session, pool.target):
            number = errno.ENOTEMPTY
        if number:
            system(number, f"failed to remove pool '{pool.target}'")
        files.remove(self.session, pool.target)

    def refresh(self, pool: PoolRecord) -> None:
        """Look again at a pool's storage; a pool without any is inactive from then on."""
        self.need_active(pool)
        try:
            self._look(pool)
        except libvirtError as error:
            self.destroy(pool)
            error.kept = True  # type: ignore[attr-defined]  # the pool is off, though the call failed
            raise
        self.list_volumes(pool)
        self.tell_refresh(pool)

    def list_volumes(self, pool: PoolRecord) -> None:
        """Make the list of a pool's volumes, and count its bytes."""
        old = {volume.definition["path"]: volume.definition for volume in self.volumes(pool)}
        self.forget_volumes(pool)
        for file in files.entries(self.session, pool.target):
            name = file.key.rpartition("/")[2]
            if self._belongs(pool, name):
                self.add_volume(pool, self._found(pool, name, file, old.get(file.key)))
        self._count(pool)

    def _belongs(self, pool: PoolRecord, name: str) -> bool:
        if pool.type.name != "disk":
            return name.isprintable()
        return any(
            name.startswith(path["path"].rpartition("/")[2]) for path in pool.definition["source"]["devices"]
        )

    def _found(
        self, pool: PoolRecord, name: str, file: FileRecord, old: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Return the definition of the volume that *file* is."""
        kind = pool.type
        type_ = DIR if file.is_dir and kind.volumes == FILE else kind.volumes
        path = file.key
        definition: dict[str, Any] = {
            "name": name,
            "key": old["key"] if old else self.volume_id(pool, path),
            "type": type_,
            "path": path,
            "capacity": file.size,
            "allocation": 0,
            "physical": 0,
            "format": "dir" if type_ == DIR else kind.default_image or None,
            "encryption": old["encryption"] if old else None,
            "compat": None,
            "nocow": False,
            "cluster_size": 0,
            "features": None,
            "backing": None,
            "permissions": None,
            "timestamps": None,
        }
        seen(self.session, definition, pool.type, probing=kind.is_local)
        return definition

    def _count(self, pool: PoolRecord) -> None:
        if pool.type.name in {"iscsi", "iscsi-direct", "scsi", "mpath"}:
            pool.capacity = sum(volume.definition["capacity"] for volume in self.volumes(pool))
            pool.allocation, pool.available = pool.capacity, 0
            return
        pool.capacity = self.host.disk
        pool.allocation = min(files.used(self.session), pool.capacity)
        pool.available = pool.capacity - pool.allocation
        if pool.type.is_local and pool.definition["target"] is not None:
            self._show_folder(pool)

    def _show_folder(self, pool: PoolRecord) -> None:
        from virtkit.fake.storage.records import FileRecord as Record

        folder = self.session.object(Record, pool.target)
        stated = {"mode": 0o755, "owner": 0, "group": 0}
        if folder is not None:
            stated = {"mode": folder.mode, "owner": folder.owner, "group": folder.group}
        target = {**pool.definition["target"], "permissions": stated}
        pool.definition = {**pool.definition, "target": target}

    def text(self, pool: PoolRecord, flags: int) -> str:
        """Return a pool's document: in force, or after it was inactive."""
        if flags & c.VIR_STORAGE_XML_INACTIVE and pool.next is not None:
            return print_pool(pool.next, (0, 0, 0))
        return print_pool(pool.definition, (pool.capacity, pool.allocation, pool.available))

    def set_autostart(self, pool: PoolRecord, *, on: bool) -> None:
        """Change whether a pool starts with the host."""
        if not pool.persistent:
            self.invalid("pool has no config file", c.VIR_ERR_INTERNAL_ERROR)
        pool.autostart = on

    def all_volumes(self, pool: PoolRecord) -> list[VolumeRecord]:
        """Return the volumes, for listAllVolumes."""
        return self.volumes(self.need_active(pool))

    def missing_key(self, key: str) -> str:
        """Return what is said of a key that no volume has."""
        return f"no storage vol with matching key {key}"

    def find_sources(self, name: str, specification: str | None) -> str:
        """Return what pools there could be: a fake host knows of none."""
        kind = KINDS.get(name)
        if kind is None:
            self.invalid(f"unknown storage pool type {name}", c.VIR_ERR_INTERNAL_ERROR)
        if "find" not in kind.does:
            message = f"pool type '{name}' does not support source discovery"
            self.invalid(message, c.VIR_ERR_NO_SUPPORT)
        if name != "logical":
            self._check_host(kind, specification)
        return "<sources>\n</sources>\n"

    def _check_host(self, kind: Kind, specification: str | None) -> None:
        from virtkit.fake.reading import read

        if specification is None:
            message = f"hostname must be specified for {kind.name} sources"
            self.invalid(message, c.VIR_ERR_INVALID_ARG)
        tree = read(specification, "storage_source_specification", "source", FROM)
        hosts = parse_source(tree, kind)["hosts"]
        if len(hosts) != 1:
            message = "Expected exactly 1 host for the storage pool"
            self.invalid(message, c.VIR_ERR_CONFIG_UNSUPPORTED)
        message = f"no storage pools were found on host '{hosts[0]['name']}'"
        self.invalid(message, c.VIR_ERR_OPERATION_FAILED)
