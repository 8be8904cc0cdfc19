"""Volumes as libvirt's storage driver makes, changes and shows them."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.errors import fail, fail_argument, make
from virtkit.fake.storage import files, qcow2
from virtkit.fake.storage.building import convert, copy_raw, write_image
from virtkit.fake.storage.checking import Plan, check_image, system
from virtkit.fake.storage.driver import Driver
from virtkit.fake.storage.kinds import DIR, FILE
from virtkit.fake.storage.records import FileRecord, PoolRecord, VolumeRecord
from virtkit.fake.storage.stat import seen, show_backing
from virtkit.fake.storage.values import FROM
from virtkit.fake.storage.volumedoc import parse_volume, print_volume

if TYPE_CHECKING:
    from virtkit.fake.storage.kinds import Kind

_ALLOCATE, _DELTA = c.VIR_STORAGE_VOL_RESIZE_ALLOCATE, c.VIR_STORAGE_VOL_RESIZE_DELTA
_SHRINK = c.VIR_STORAGE_VOL_RESIZE_SHRINK
_LARGEST = (1 << 63) - 1
_TRIM = c.VIR_STORAGE_VOL_WIPE_ALG_TRIM


class Volumes(Driver):
    """Create, clone, delete, resize, wipe and show volumes."""

    def _lacks(self, kind: Kind, operation: str, message: str) -> None:
        if operation not in kind.does:
            self.invalid(message, c.VIR_ERR_NO_SUPPORT)

    def create_volume(self, pool: PoolRecord, xml: str, flags: int) -> VolumeRecord:
        """Create a volume."""
        self.need_active(pool)
        kind = pool.type
        validate = bool(flags & c.VIR_STORAGE_VOL_CREATE_VALIDATE)
        definition = parse_volume(xml, kind, capacity="backing", validate=validate)
        if not definition["capacity"]:
            self._lacks(kind, "build-volume", "volume capacity required for this storage pool")
        name = definition["name"]
        if name in pool.volumes:
            raise make(c.VIR_ERR_STORAGE_VOL_EXIST, FROM, f"'{name}'")
        self._place(pool, definition)
        plan = Plan(self.host, self.session, pool, definition, flags)
        check_image(plan)
        write_image(plan)
        return self._finish(pool, definition)

    def clone_volume(self, pool: PoolRecord, xml: str, source: tuple[str, str], flags: int) -> VolumeRecord:
        """Create a volume with the bytes of another: *source* is its pool's name, and its own."""
        other = pool if source[0] == pool.name else self.by_name(source[0])
        self.need_active(pool)
        self.need_active(other)
        original = self.volume(other, source[1])
        validate = bool(flags & c.VIR_STORAGE_VOL_CREATE_VALIDATE)
        definition = parse_volume(xml, pool.type, capacity="optional", validate=validate)
        name = definition["name"]
        if name in pool.volumes:
            self.invalid(f"storage volume name '{name}' already in use.", c.VIR_ERR_INTERNAL_ERROR)
        definition["capacity"] = max(definition["capacity"], original.definition["capacity"])
        if not definition["has_allocation"]:
            definition["allocation"] = definition["capacity"]
        message = "storage pool does not support volume creation from an existing volume"
        self._lacks(pool.type, "clone", message)
        seen(self.session, original.definition, other.type, probing=False)
        self._place(pool, definition)
        plan = Plan(self.host, self.session, pool, definition, flags)
        if FILE in {definition["type"], original.definition["type"]} and self._needs_conversion(
            definition, original.definition
        ):
            convert(plan, original.definition)
        else:
            copy_raw(plan, original.definition)
        return self._finish(pool, definition)

    @staticmethod
    def _needs_conversion(one: dict[str, Any], other: dict[str, Any]) -> bool:
        return any(
            each["type"] == FILE and (each["format"] != "raw" or each["encryption"]) for each in (one, other)
        )

    def _place(self, pool: PoolRecord, definition: dict[str, Any]) -> None:
        """Say where a new volume is to be, and make sure that nothing is there."""
        kind, name = pool.type, definition["name"]
        self._lacks(kind, "create-volume", "storage pool does not support volume creation")
        definition["type"] = DIR if kind.is_local and definition["format"] == "dir" else kind.volumes
        if kind.is_local and "/" in name:
            self.invalid(f"volume name '{name}' cannot contain '/'")
        definition["path"] = f"{pool.target}/{name}"
        if files.exists(self.session, definition["path"]):
            self.invalid(f"volume target path '{definition['path']}' already exists")
        definition["key"] = self.volume_id(pool, definition["path"])

    @staticmethod
    def volume_id(pool: PoolRecord, path: str) -> str:
        """Return the key of a volume: its path, but for LVM an identity of its own."""
        if pool.type.name != "logical":
            return path
        import hashlib

        digest = hashlib.sha256(path.encode()).hexdigest()
        return "-".join((digest[:6], *(digest[at : at + 4] for at in range(6, 26, 4)), digest[26:32]))

    def _finish(self, pool: PoolRecord, definition: dict[str, Any]) -> VolumeRecord:
        """Show the new volume as it is on disk, and count it."""
        if definition["backing"]:
            show_backing(self.session, definition["backing"])
        seen(self.session, definition, pool.type, probing=False)
        pool.take(definition["allocation"])
        return self.add_volume(pool, definition)

    def delete_volume(self, pool: PoolRecord, volume: VolumeRecord, flags: int) -> None:
        """Delete a volume and its file."""
        self._lacks(pool.type, "delete-volume", "storage pool does not support vol deletion")
        if flags and pool.type.is_local:
            function = "virStorageBackendVolDeleteLocal"
            message = f"unsupported flags ({flags & 0xFFFFFFFF:#x}) in function {function}"
            fail_argument(FROM, message, function, "flags")
        path = volume.definition["path"]
        if files.is_folder(self.session, path) and files.entries(self.session, path):
            system(errno.ENOTEMPTY, f"cannot remove directory '{path}'")
        files.remove(self.session, path)
        pool.take(-volume.definition["allocation"])
        self.forget_volume(pool, volume)

    def resize_volume(self, pool: PoolRecord, volume: VolumeRecord, capacity: int, flags: int) -> None:
        """Change a volume's capacity."""
        definition = volume.definition
        size = self._new_size(definition, capacity & 0xFFFFFFFFFFFFFFFF, flags)
        delta = size - definition["allocation"] if flags & _ALLOCATE else 0
        if delta > pool.available:
            self.invalid("Not enough space left in storage pool", c.VIR_ERR_OPERATION_FAILED)
        message = "storage pool does not support changing of volume capacity"
        self._lacks(pool.type, "resize", message)
        self._resize_file(definition, size, allocate=bool(flags & _ALLOCATE))
        definition["capacity"] = size
        if flags & _ALLOCATE:
            definition["allocation"] = size
            pool.take(delta)

    def _new_size(self, definition: dict[str, Any], capacity: int, flags: int) -> int:
        old: int = definition["capacity"]
        size = capacity
        if flags & _DELTA:
            size = old - min(capacity, old) if flags & _SHRINK else old + capacity
        if size < definition["allocation"]:
            message = "can't shrink capacity below existing allocation"
            self.invalid(message, c.VIR_ERR_INVALID_ARG)
        if size < old and not flags & _SHRINK:
            message = "Can't shrink capacity below current capacity unless shrink flag explicitly specified"
            self.invalid(message, c.VIR_ERR_INVALID_ARG)
        return size

    def _resize_file(self, definition: dict[str, Any], size: int, *, allocate: bool) -> None:
        raw = definition["format"] in {"raw", None}
        if allocate and not raw:
            message = "preallocate is only supported for raw type volume"
            self.invalid(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
        if allocate and definition["encryption"]:
            message = "preallocate is only supported for an unencrypted raw volume"
            self.invalid(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
        path = definition["path"]
        file = self.session.object(FileRecord, path)
        if file is None:
            system(errno.ENOENT, f"Unable to open '{path}'", c.VIR_FROM_NONE)
        if size > _LARGEST:
            system(errno.EINVAL, f"Failed to truncate file '{path}'", c.VIR_FROM_NONE)
        if file.is_dir:
            words = f"qemu-img: Could not open '{path}': Could not open '{path}': Is a directory"
            command = f"/usr/bin/qemu-img resize {path} {-(-size // 512) * 512}"
            message = f"Child process ({command}) unexpected exit status 1: {words}\n"
            fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_NONE, message)
        with files.changing(self.host, self.session, file) as blob:
            if raw:
                blob.truncate(size)
                file.reserved = size if allocate else file.reserved
            elif definition["format"] == "qcow2":
                qcow2.resize(blob, -(-size // 512) * 512)

    def wipe_volume(self, pool: PoolRecord, volume: VolumeRecord, algorithm: int) -> None:
        """Overwrite a volume's bytes."""
        self._lacks(pool.type, "wipe", "storage pool doesn't support volume wiping")
        definition = volume.definition
        file = self.session.object(FileRecord, definition["path"])
        if file is None:
            message = f"Failed to open storage volume with path '{definition['path']}'"
            system(errno.ENOENT, message)
        if file.is_dir:
            system(errno.EISDIR, f"Failed to open storage volume with path '{definition['path']}'")
        if algorithm == _TRIM:
            self.invalid("'trim' algorithm not supported", c.VIR_ERR_ARGUMENT_UNSUPPORTED)
        if algorithm:
            system(errno.ENOENT, "Cannot find 'scrub' in path", c.VIR_FROM_NONE)
        with files.changing(self.host, self.session, file) as blob:
            size, allocation = file.size, blob.allocation
            blob.truncate(0)
            if allocation < size:
                blob.truncate(size)
            else:  # all blocks, and with them the rest of the last one
                blob.fill(0, allocation)
        definition["encryption"] = None
        seen(self.session, definition, pool.type, probing=pool.type.is_local)

    def volume_info(self, pool: PoolRecord, volume: VolumeRecord, flags: int) -> list[int]:
        """Return type, capacity and allocation (or the file's size) of a volume."""
        definition = self._look_at(pool, volume)
        physical = flags & c.VIR_STORAGE_VOL_GET_PHYSICAL
        size = definition["physical" if physical else "allocation"]
        return [definition["type"], definition["capacity"], size]

    def volume_text(self, pool: PoolRecord, volume: VolumeRecord) -> str:
        """Return a volume's document."""
        return print_volume(self._look_at(pool, volume))

    def _look_at(self, pool: PoolRecord, volume: VolumeRecord) -> dict[str, Any]:
        definition = volume.definition
        if not seen(self.session, definition, pool.type, probing=False) and pool.type.is_local:
            system(errno.ENOENT, f"cannot open volume '{definition['path']}'")
        return definition
