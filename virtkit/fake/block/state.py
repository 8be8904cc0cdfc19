"""What a running domain's block layer is busy with: kept with the domain until it stops, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from virtkit.fake.state.records import DomainRecord

_KEY = "block"
RUNNING, READY = "running", "ready"
SERVING = "serving"  # others pull from it, until somebody ends it


class BlockJob(TypedDict):
    """A job on a disk. Sizes in bytes, times on the clock.

    ``name`` is what the hypervisor calls it; ``now`` is how far it has been worked out, ``left`` what it
    still has to move of ``work``; ``end`` is how the whole is shown. ``base`` and ``top`` are indexes of
    images, ``flags`` those that it was started with, ``target`` the image that a copy writes.
    """

    type: int
    name: str
    state: str
    now: float
    work: float
    left: float
    end: int
    bandwidth: int
    base: str
    top: str
    flags: int
    target: dict[str, str]


class Backup(TypedDict):
    """A backup under way: its document as it is shown, its disks' files, what its ended jobs moved."""

    xml: str
    pull: bool
    started: float
    flags: int
    stores: dict[str, str]
    done: int
    total: int
    error: str


class BlockState(TypedDict):
    """All of it: ``nodes`` counts the images that were opened since the start."""

    nodes: int
    jobs: dict[str, BlockJob]
    backup: Backup | None
    thresholds: dict[str, dict[str, Any]]


def peek(record: DomainRecord) -> BlockState | None:
    """Return what *record*'s block layer does, None if it never did anything."""
    found: BlockState | None = record.extra.get(_KEY)
    return found


def of(record: DomainRecord) -> BlockState:
    """Return what *record*'s block layer does, to be changed."""
    found = peek(record)
    if found is None:
        found = {"nodes": _opened(record), "jobs": {}, "backup": None, "thresholds": {}}
        record.extra[_KEY] = found
    return found


def _opened(record: DomainRecord) -> int:
    tree = record.document.tree()
    indexes = [element.get("index", "0") for element in tree.iterfind("devices/disk//*[@index]")]
    return max((int(index) for index in indexes if index.isdigit()), default=0)


def next_index(record: DomainRecord) -> str:
    """Return the index of the next image that *record* opens."""
    found = of(record)
    found["nodes"] += 1
    return str(found["nodes"])


def jobs(record: DomainRecord) -> dict[str, BlockJob]:
    """Return the jobs by the disk's target."""
    found = peek(record)
    return {} if found is None else found["jobs"]


def backup(record: DomainRecord) -> Backup | None:
    """Return the backup that is under way."""
    found = peek(record)
    return None if found is None else found["backup"]


def mirrored(record: DomainRecord, target: str) -> bool:
    """Return whether the disk *target* is being copied to another image, which it may end up on."""
    types = (c.VIR_DOMAIN_BLOCK_JOB_TYPE_COPY, c.VIR_DOMAIN_BLOCK_JOB_TYPE_ACTIVE_COMMIT)
    job = jobs(record).get(target)
    return job is not None and job["type"] in types


def check_idle(record: DomainRecord, target: str) -> None:
    """Refuse if a job works on the disk *target*."""
    if target in jobs(record):
        code = c.VIR_ERR_OPERATION_UNSUPPORTED
        if mirrored(record, target):
            code = c.VIR_ERR_BLOCK_COPY_ACTIVE
        fail(code, c.VIR_FROM_QEMU, f"disk '{target}' already in active block job")


def check_no_jobs(record: DomainRecord) -> None:
    """Refuse if any job works on any disk."""
    if jobs(record):
        fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_QEMU, "domain has active block job")


def check_no_backup(record: DomainRecord) -> None:
    """Refuse what a backup keeps from beginning, as libvirt does when it has waited half a minute."""
    if backup(record) is not None:
        holder = "cannot acquire state change lock (held by monitor=remoteDispatchDomainBackupBegin)"
        fail(c.VIR_ERR_OPERATION_TIMEOUT, c.VIR_FROM_NONE, holder)
