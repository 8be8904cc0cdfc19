"""virStorageVol."""
# ruff: noqa: SLF001

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake.call import object_call
from virtkit.fake.errors import fail, fail_argument
from virtkit.fake.handles import Named
from virtkit.fake.objects import ObjectBase
from virtkit.fake.storage import files
from virtkit.fake.storage.checking import system
from virtkit.fake.storage.drivers import driver_of
from virtkit.fake.storage.hosting import HostStorage
from virtkit.fake.storage.records import VolumeRecord
from virtkit.fake.storage.transfers import Download, Upload
from virtkit.fake.storage.values import FROM
from virtkit.fake.streams.whole import BUFFER_SIZE
from virtkit.fake.surface import complete

if TYPE_CHECKING:
    from virtkit.fake.storage.pool import virStoragePool
    from virtkit.fake.storage.records import PoolRecord
    from virtkit.fake.store.session import Session
    from virtkit.fake.streams import virStream

_ALGORITHMS = c.VIR_STORAGE_VOL_WIPE_ALG_TRIM + 1
_DOWNLOAD_SPARSE, _UPLOAD_SPARSE = (
    c.VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM,
    c.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM,
)


@dataclass(slots=True)
class VolumeHandle(Named):
    """Which volume an object means: its key, its name, and its pool's name."""

    pool: str = ""


def volume_handle(pool: PoolRecord, volume: VolumeRecord) -> VolumeHandle:
    """Return what virStorageVol wraps."""
    definition = volume.definition
    return VolumeHandle(definition["key"], definition["name"], pool=pool.name)


@complete
class virStorageVol(ObjectBase[VolumeRecord]):
    """A storage volume of a fake host, with the methods of libvirt-python's class."""

    streamBufSize = BUFFER_SIZE
    _o: VolumeHandle

    def _find(self, session: Session) -> VolumeRecord:
        driver = driver_of(self._host, session)
        pool = driver.need_active(driver.by_name(self._o.pool))
        return driver.volume(pool, self._o.name)

    def name(self) -> str:
        return self._o.name

    def key(self) -> str:
        return self._o.key

    @object_call("virStorageVolGetPath", write=False)
    def path(self, session: Session, volume: VolumeRecord) -> str:
        return str(volume.definition["path"])

    @object_call("virStorageVolGetInfo", write=False)
    def info(self, session: Session, volume: VolumeRecord) -> list[int]:
        driver = driver_of(self._host, session)
        return driver.volume_info(driver.by_name(self._o.pool), volume, 0)

    @object_call("virStorageVolGetInfoFlags", write=False)
    def infoFlags(self, session: Session, volume: VolumeRecord, flags: int = 0) -> list[int]:
        driver = driver_of(self._host, session)
        return driver.volume_info(driver.by_name(self._o.pool), volume, flags)

    @object_call("virStorageVolGetXMLDesc", write=False)
    def XMLDesc(self, session: Session, volume: VolumeRecord, flags: int = 0) -> str:
        driver = driver_of(self._host, session)
        return driver.volume_text(driver.by_name(self._o.pool), volume)

    def storagePoolLookupByVolume(self) -> virStoragePool:
        return self._conn._pool_of_volume(self._o.pool)

    @object_call("virStorageVolDelete")
    def delete(self, session: Session, volume: VolumeRecord, flags: int = 0) -> int:
        driver = driver_of(self._host, session)
        driver.delete_volume(driver.by_name(self._o.pool), volume, flags)
        return 0

    @object_call("virStorageVolResize")
    def resize(self, session: Session, volume: VolumeRecord, capacity: int, flags: int = 0) -> int:
        driver = HostStorage(self._host, session)
        driver.resize_volume(driver.by_name(self._o.pool), volume, capacity, flags)
        return 0

    @object_call("virStorageVolWipe")
    def wipe(self, session: Session, volume: VolumeRecord, flags: int = 0) -> int:
        if flags:
            function = "storageVolWipePattern"
            message = f"unsupported flags ({flags & 0xFFFFFFFF:#x}) in function {function}"
            fail_argument(FROM, message, function, "flags")
        return self._wipe(session, volume, c.VIR_STORAGE_VOL_WIPE_ALG_ZERO)

    @object_call("virStorageVolWipePattern")
    def wipePattern(self, session: Session, volume: VolumeRecord, algorithm: int, flags: int = 0) -> int:
        return self._wipe(session, volume, algorithm)

    def _wipe(self, session: Session, volume: VolumeRecord, algorithm: int) -> int:
        if algorithm >= _ALGORITHMS:
            fail(c.VIR_ERR_INVALID_ARG, FROM, f"wiping algorithm {algorithm} not supported")
        driver = HostStorage(self._host, session)
        driver.wipe_volume(driver.by_name(self._o.pool), volume, algorithm)
        return 0

    @object_call("virStorageVolUpload")
    def upload(
        self, session: Session, volume: VolumeRecord, stream: Any, offset: int, length: int, flags: int = 0
    ) -> int:
        wanted = self._stream(stream, "virStorageVolUpload")
        pool = HostStorage(self._host, session).by_name(self._o.pool)
        if "upload" not in pool.type.does:
            fail(c.VIR_ERR_NO_SUPPORT, FROM, "storage pool doesn't support volume upload")
        if files.is_folder(session, volume.definition["path"]):
            path = volume.definition["path"]
            system(errno.EISDIR, f"Unable to open stream for '{path}'", c.VIR_FROM_STREAMS)
        end = Upload(self._host, pool.name, volume.definition["path"], offset, length)
        end.sparse = bool(flags & _UPLOAD_SPARSE)
        wanted.open(end)
        return 0

    @object_call("virStorageVolDownload")
    def download(
        self, session: Session, volume: VolumeRecord, stream: Any, offset: int, length: int, flags: int = 0
    ) -> int:
        wanted = self._stream(stream, "virStorageVolDownload")
        pool = HostStorage(self._host, session).by_name(self._o.pool)
        if "download" not in pool.type.does:
            fail(c.VIR_ERR_NO_SUPPORT, FROM, "storage pool doesn't support volume download")
        end = Download(self._host, volume.definition["path"], offset, length)
        end.sparse = bool(flags & _DOWNLOAD_SPARSE)
        wanted.open(end)
        return 0

    def _stream(self, stream: Any, function: str) -> virStream:
        """Return the stream if the volume can use it."""
        if stream is None:
            fail(c.VIR_ERR_INVALID_STREAM, c.VIR_FROM_STREAMS, function)
        found: virStream = stream
        if found.connect() is not self._conn:
            message = f"stream in {function} must match connection of volume '{self._o.name}'"
            fail_argument(FROM, message, function, "stream")
        return found
