"""Whether a domain may go, and as it was asked for: what QEMU's driver checks when a migration begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.block import state
from virtkit.fake.errors import fail, fail_argument
from virtkit.fake.snapshot import record as snapshots

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.host import Host
    from virtkit.fake.migration.options import Options
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_KNOWN = (1 << 21) - 1


def check_flags(options: Options) -> None:
    """Refuse flags that the driver does not know."""
    unknown = options.flags & ~_KNOWN & 0xFFFFFFFF
    if unknown:
        function = "qemuDomainMigrateBegin3Params"
        fail_argument(
            c.VIR_FROM_QEMU, f"unsupported flags ({unknown:#x}) in function {function}", function, "flags"
        )


def check(host: Host, session: Session, record: DomainRecord, options: Options) -> None:
    """Refuse a domain that cannot move, disks that nobody at the destination would see, flags that clash.

    Raises:
        libvirtError: with QEMU's code and text.
    """
    offline = options.has(c.VIR_MIGRATE_OFFLINE)
    state.check_no_backup(record)
    count = snapshots.count(session, record.uuid)
    if count:
        _invalid(f"cannot migrate domain with {count} snapshots")
    if not offline:
        state.check_no_jobs(record)
        _check_devices(record)
        if not options.has(c.VIR_MIGRATE_UNSAFE):
            _check_safe(host, record, options)
    _check_postcopy(options)
    if offline:
        _check_offline(options)
    if options.has(c.VIR_MIGRATE_ZEROCOPY) and not options.has(c.VIR_MIGRATE_PARALLEL):
        _invalid("zero-copy is only available for parallel migration")
    if options.copies_disks:
        _check_named(record, options)


def _check_devices(record: DomainRecord) -> None:
    tree = record.document.tree()
    for shmem in tree.iterfind("devices/shmem"):
        model = shmem.find("model")
        if model is not None and model.get("type") == "ivshmem":
            _invalid("migration with legacy shmem device is not supported")
    if tree.find("devices/filesystem/driver[@type='virtiofs']") is not None:
        _invalid("migration with virtiofs device is not supported")
    if tree.find("devices/disk/transient") is not None:
        _invalid("migration with transient disk is not supported")
    if tree.find("devices/hostdev") is not None and tree.find("devices/hostdev/teaming") is None:
        alias = tree.find("devices/hostdev/alias")
        name = "hostdev0" if alias is None else alias.get("name")
        _invalid(f"cannot migrate domain: {name}: VFIO migration is not supported in kernel")


def _check_safe(host: Host, record: DomainRecord, options: Options) -> None:
    for disk in record.document.tree().iterfind("devices/disk"):
        source = disk.find("source")
        if source is None or disk.find("readonly") is not None or _travels(disk, options):
            continue
        path = source.get("file")
        if path is None or disk.find("shareable") is not None:
            continue
        if not path.startswith(tuple(host.shared_paths)):
            fail(c.VIR_ERR_MIGRATE_UNSAFE, c.VIR_FROM_QEMU, "Migration without shared storage is unsafe")


def _travels(disk: etree._Element, options: Options) -> bool:
    target = disk.find("target")
    name = None if target is None else target.get("dev")
    return options.copies_disks and (not options.disks or name in options.disks)


def _check_postcopy(options: Options) -> None:
    if not options.has(c.VIR_MIGRATE_POSTCOPY):
        return
    if not options.has(c.VIR_MIGRATE_LIVE) or options.has(c.VIR_MIGRATE_PAUSED):
        message = "post-copy migration is not supported with non-live or paused migration"
        fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, c.VIR_FROM_QEMU, message)
    if options.has(c.VIR_MIGRATE_TUNNELLED):
        message = "post-copy is not supported with tunnelled migration"
        fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, c.VIR_FROM_QEMU, message)


def _check_offline(options: Options) -> None:
    if options.copies_disks:
        _invalid("offline migration cannot handle non-shared storage")
    if not options.has(c.VIR_MIGRATE_PERSIST_DEST):
        _invalid("offline migration must be specified with the persistent flag set")
    if options.has(c.VIR_MIGRATE_TUNNELLED):
        _invalid("tunnelled offline migration does not make sense")


def _check_named(record: DomainRecord, options: Options) -> None:
    known = {target.get("dev") for target in record.document.tree().iterfind("devices/disk/target")}
    for name in options.disks:
        if name not in known:
            fail(c.VIR_ERR_INVALID_ARG, c.VIR_FROM_QEMU, f"disk target {name} not found")


def _invalid(detail: str) -> None:
    fail(c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_QEMU, detail)
