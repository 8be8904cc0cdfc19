"""Backups: begun with or without a checkpoint, going on disk by disk, done or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.block import backupdoc, contents, images, jobs, state
from virtkit.fake.block.disks import by_name, disks
from virtkit.fake.block.supported import check_supported
from virtkit.fake.checkpoint import creation
from virtkit.fake.checkpoint import record as checkpoints
from virtkit.fake.checkpoint.document import parse as parse_checkpoint
from virtkit.fake.errors import fail
from virtkit.fake.snapshot.flags import check_known

if TYPE_CHECKING:
    from virtkit.fake.block.backupdoc import BackupDisk, BackupRequest
    from virtkit.fake.block.disks import Disk
    from virtkit.fake.block.state import Backup, BlockJob
    from virtkit.fake.checkpoint.record import Checkpoint, Checkpoints
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_REUSE = c.VIR_DOMAIN_BACKUP_BEGIN_REUSE_EXTERNAL
_CANCELED = "Operation canceled"


def _refuse(message: str, code: int = c.VIR_ERR_CONFIG_UNSUPPORTED) -> NoReturn:
    fail(code, c.VIR_FROM_QEMU, message)


def begin(
    host: Host, session: Session, record: DomainRecord, xml: str, checkpoint_xml: str | None, flags: int
) -> None:
    """Begin the backup that *xml* asks for, and with it the checkpoint *checkpoint_xml*."""
    check_known(flags, _REUSE, "qemuBackupBegin")
    request = backupdoc.parse(xml)
    checkpoint, suffix = None, str(int(host.now()))
    if checkpoint_xml is not None:
        checkpoint = parse_checkpoint(host.personality, checkpoint_xml, host.now(), redefine=False)
        suffix = checkpoint.name
    state.check_no_backup(record)
    if not record.active:
        _refuse("cannot perform disk backup for inactive domain", c.VIR_ERR_OPERATION_UNSUPPORTED)
    backupdoc.align(request, record.document.tree(), suffix)
    if request.pull and request.server.get("transport") == "tcp" and not request.server.get("port"):
        _refuse("<domainbackup> must specify TCP port for now", c.VIR_ERR_OPERATION_UNSUPPORTED)
    known = checkpoints.of(session, record.uuid)
    if checkpoint is not None:
        creation.prepare(host, record, known, checkpoint)
    chosen = [_prepare(record, known, request, asked) for asked in request.disks if asked.wanted]
    if not chosen:
        _refuse("no disks selected for backup")
    if checkpoint is not None:
        creation.check_bitmaps_fit(session, record, checkpoint)
    for asked, disk in chosen:
        state.check_idle(record, disk.target)
        _check_store(session, asked, reuse=bool(flags & _REUSE))
    _start(host, session, record, request, chosen, known, checkpoint, flags)


def _prepare(
    record: DomainRecord, known: Checkpoints, request: BackupRequest, asked: BackupDisk
) -> tuple[BackupDisk, Disk]:
    disk = by_name(disks(record.document.tree()), asked.name)
    assert disk is not None  # noqa: S101
    check_supported(disk)
    if not asked.format:
        asked.format = "qcow2"
    elif asked.format != "qcow2" and request.pull:
        _refuse(f"pull mode backup for disk '{asked.name}' requires qcow2 driver")
    since = asked.incremental
    if since:
        if since not in known.known:
            message = f"Checkpoint '{since}' for incremental backup of disk '{asked.name}' not found"
            _refuse(message, c.VIR_ERR_NO_DOMAIN_CHECKPOINT)
        if not known.tracks(since, asked.name):
            message = f"missing or broken bitmap '{since}' for disk '{asked.name}'"
            _refuse(message, c.VIR_ERR_CHECKPOINT_INCONSISTENT)
    if request.pull:
        asked.export_name = asked.export_name or asked.name
        if since:
            asked.export_bitmap = asked.export_bitmap or f"backup-{asked.name}"
    return asked, disk


def _check_store(session: Session, asked: BackupDisk, *, reuse: bool) -> None:
    if asked.kind != "file":
        return
    if not reuse and images.exists(session, asked.path):
        _refuse(f"store '{asked.path}' for backup of '{asked.name}' exists", c.VIR_ERR_INVALID_ARG)
    if not reuse and not images.has_folder(asked.path):
        message = f"failed to create image file '{asked.path}': No such file or directory"
        _refuse(message, c.VIR_ERR_SYSTEM_ERROR)


def _start(
    host: Host,
    session: Session,
    record: DomainRecord,
    request: BackupRequest,
    chosen: list[tuple[BackupDisk, Disk]],
    known: Checkpoints,
    checkpoint: Checkpoint | None,
    flags: int,
) -> None:
    found = state.of(record)
    for asked, disk in chosen:
        asked.index = state.next_index(record)
        job = _job(host, session, record, known, request, asked, disk)
        found["jobs"][disk.target] = job
        if not flags & _REUSE and asked.kind == "file":
            _make_store(host, session, request, asked, disk)
    found["backup"] = {
        "xml": backupdoc.show(request),
        "pull": request.pull,
        "started": host.now(),
        "flags": flags,
        "stores": {disk.target: asked.path for asked, disk in chosen if asked.kind == "file"},
        "done": 0,
        "total": 0,
        "error": "",
    }
    if checkpoint is not None:
        creation.finish(host, session, record, known, checkpoint, new=True, current=True)
    jobs.plan(host, session, record)


def _make_store(host: Host, session: Session, request: BackupRequest, asked: BackupDisk, disk: Disk) -> None:
    upon = request.pull or (asked.incremental and asked.format == "qcow2")
    over = (disk.path, disk.format or "raw") if upon else None
    data = 0 if upon else images.allocation(session, disk.path)
    images.make(host, session, asked.path, asked.format, like=disk.path, data=data, over=over)
    if not request.pull and not asked.incremental:
        contents.fill(host, session, asked.path, disk.path)


def _job(
    host: Host,
    session: Session,
    record: DomainRecord,
    known: Checkpoints,
    request: BackupRequest,
    asked: BackupDisk,
    disk: Disk,
) -> BlockJob:
    capacity = images.capacity(session, disk.path)
    work, end = min(images.allocation(session, disk.path), capacity), capacity
    if asked.incremental and not request.pull:
        work = end = known.dirty(record, asked.incremental, capacity, host.now())
    job = jobs.new(record, disk.target, jobs.BACKUP, work, end, host.now())
    if request.pull:
        job["work"] = job["left"] = capacity
        job["state"] = state.SERVING
    return job


# how it goes on


def numbers(host: Host, record: DomainRecord, found: Backup) -> dict[str, Any]:
    """Return what is known of *record*'s backup, named as libvirt names it."""
    done, total = found["done"], found["total"]
    for job in state.jobs(record).values():
        if job["type"] == jobs.BACKUP:
            done += 0 if found["pull"] else min(jobs.moved(host, job), job["end"])
            total += job["end"]
    return _statistics(host, found, done, total)


def _statistics(host: Host, found: Backup, done: int, total: int) -> dict[str, Any]:
    elapsed = int((host.now() - found["started"]) * 1000)
    shown: dict[str, Any] = {"operation": c.VIR_DOMAIN_JOB_OPERATION_BACKUP, "time_elapsed": elapsed}
    if not done and not total:
        return shown
    if found["pull"]:
        return {**shown, "disk_temp_used": done, "disk_temp_total": total}
    return {**shown, "disk_total": total, "disk_processed": done, "disk_remaining": total - done}


def job_info(host: Host, record: DomainRecord, found: Backup) -> list[int]:
    """Return the twelve numbers of jobInfo."""
    shown = numbers(host, record, found)
    total, done = shown.get("disk_total", 0), shown.get("disk_processed", 0)
    sizes = [total, done, total - done]
    return [c.VIR_DOMAIN_JOB_UNBOUNDED, shown["time_elapsed"], 0, *sizes, 0, 0, 0, *sizes]


def disk_done(host: Host, session: Session, record: DomainRecord, job: BlockJob) -> None:
    """Count what *job* moved; the last one ends the backup."""
    found = state.backup(record)
    if found is None:
        return
    found["done"] += job["end"]
    found["total"] += job["end"]
    _end_if_last(host, session, record, found, c.VIR_DOMAIN_JOB_COMPLETED)


def disk_cancelled(host: Host, session: Session, record: DomainRecord, target: str, job: BlockJob) -> None:
    """Give up the backup because the job on the disk *target* was."""
    found = state.backup(record)
    if found is None:
        return
    done = 0 if found["pull"] else min(jobs.moved(host, job), job["end"])
    found["done"] += done
    found["total"] += job["end"]
    found["error"] = found["error"] or _CANCELED
    status = c.VIR_DOMAIN_JOB_COMPLETED if found["pull"] else c.VIR_DOMAIN_JOB_CANCELLED
    others = [each for each, other in state.jobs(record).items() if other["type"] == jobs.BACKUP]
    if others:
        jobs.cancel(host, session, record, others[0])
    else:
        _end_if_last(host, session, record, found, status)


def _end_if_last(host: Host, session: Session, record: DomainRecord, found: Backup, status: int) -> None:
    if not any(job["type"] == jobs.BACKUP for job in state.jobs(record).values()):
        _end(host, session, record, found, status)


def _end(host: Host, session: Session, record: DomainRecord, found: Backup, status: int) -> None:
    """End the backup: what it wrote goes, unless it is a whole one."""
    succeeded = status == c.VIR_DOMAIN_JOB_COMPLETED
    state.of(record)["backup"] = None
    if not found["flags"] & _REUSE and (found["pull"] or not succeeded):
        for path in found["stores"].values():
            images.remove(session, path)
    shown = {**_statistics(host, found, found["done"], found["total"]), "success": succeeded}
    if found["error"]:
        shown["errmsg"] = found["error"]
    power.emit(session, record, c.VIR_DOMAIN_EVENT_ID_JOB_COMPLETED, shown)
    record.last_job = {**shown, "type": status}


def abort(host: Host, session: Session, record: DomainRecord) -> None:
    """Give up the backup."""
    target = next(each for each, job in state.jobs(record).items() if job["type"] == jobs.BACKUP)
    jobs.cancel(host, session, record, target)


def give_up(host: Host, session: Session, record: DomainRecord) -> None:
    """End the backup of a domain that has stopped."""
    found = state.backup(record)
    if found is not None:
        found["done"] = found["total"] = 0
        _end(host, session, record, found, c.VIR_DOMAIN_JOB_CANCELLED)
