"""virDomain: its disks' sizes and bytes, and its memory's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.block import images, requests, state, thresholds
from virtkit.fake.block.disks import by_name, disks
from virtkit.fake.call import domain_call
from virtkit.fake.domain.base import DomainBase

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_SECTOR = 512
_BYTES_LIMIT = (2**64 - 1) // 1024


class BlockDevices(DomainBase):
    """blockResize, blockPeek, memoryPeek, setBlockThreshold."""

    @domain_call("virDomainBlockResize")
    def blockResize(
        self, session: Session, record: DomainRecord, disk: str, size: int, flags: int = 0
    ) -> int:
        if not flags & c.VIR_DOMAIN_BLOCK_RESIZE_BYTES:
            if size > _BYTES_LIMIT:
                self._refuse(f"size must be less than {_BYTES_LIMIT}", c.VIR_ERR_OVERFLOW)
            size *= 1024
        requests.check_active(record)
        found = by_name(disks(record.document.tree()), disk, ambiguous=False)
        if found is None:
            self._refuse(f"disk '{disk}' was not found in the domain config", c.VIR_ERR_INVALID_ARG)
        if found.empty or found.readonly:
            message = f"can't resize empty or readonly disk '{found.target}'"
            self._refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
        if found.target in state.jobs(record):
            message = "unable to execute QEMU command 'block_resize': Device '(null)' is in use"
            self._refuse(message, c.VIR_ERR_INTERNAL_ERROR)
        if found.format in {"qcow2", "qed"}:
            size = -(-size // _SECTOR) * _SECTOR
        images.resize(self._host, session, found.path, size)
        return 0

    @domain_call("virDomainBlockPeek")
    def blockPeek(
        self, session: Session, record: DomainRecord, disk: str, offset: int, size: int, flags: int = 0
    ) -> bytes:
        found = requests.disk_called(record, disk)
        if found.format != "raw":
            message = f"peeking is only supported for disk with 'raw' format not '{found.format}'"
            self._refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
        data = images.read(session, found.path, offset, size)
        if len(data) < size:
            message = f"'{disk}' starting from {offset} has only {len(data)} bytes available"
            self._refuse(message, c.VIR_ERR_INVALID_ARG)
        return data

    @domain_call("virDomainMemoryPeek")
    def memoryPeek(
        self, session: Session, record: DomainRecord, start: int, size: int, flags: int = 0
    ) -> bytes:
        if flags not in {c.VIR_MEMORY_VIRTUAL, c.VIR_MEMORY_PHYSICAL}:
            message = "flags parameter must be VIR_MEMORY_VIRTUAL or VIR_MEMORY_PHYSICAL"
            self._refuse(message, c.VIR_ERR_INVALID_ARG)
        requests.check_active(record)
        if self._host.personality.guest_decides:
            return bytes(size)
        return bytes((start + place) & 0xFF for place in range(size))  # as the test driver makes them up

    @domain_call("virDomainSetBlockThreshold")
    def setBlockThreshold(
        self, session: Session, record: DomainRecord, dev: str, threshold: int, flags: int = 0
    ) -> int:
        requests.check_active(record)
        thresholds.put(self._host, session, record, dev, threshold)
        return 0
