"""Taking a snapshot, as libvirt's QEMU driver does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake import power
from virtkit.fake.block import editing, images, state
from virtkit.fake.block.disks import Chain, Disk, disks, file_layer
from virtkit.fake.errors import fail
from virtkit.fake.snapshot import record as records
from virtkit.fake.snapshot.align import align, prepare_redefined
from virtkit.fake.snapshot.document import parse, path_of
from virtkit.fake.snapshot.domain import cookie, present
from virtkit.fake.snapshot.flags import check_create_flags
from virtkit.fake.snapshot.record import DISK_ONLY, EXTERNAL, INTERNAL, MANUAL, NO, Snapshot
from virtkit.fake.state.document import Document
from virtkit.fake.state.records import SavedImage

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_STATES = {
    c.VIR_DOMAIN_RUNNING: "running",
    c.VIR_DOMAIN_PAUSED: "paused",
    c.VIR_DOMAIN_SHUTDOWN: "shutdown",
    c.VIR_DOMAIN_SHUTOFF: "shutoff",
    c.VIR_DOMAIN_CRASHED: "crashed",
    c.VIR_DOMAIN_PMSUSPENDED: "pmsuspended",
}
_OVERLAYS = ("", "qcow2", "qed")


def state_of(record: DomainRecord) -> str:
    """Return *record*'s state as snapshots' documents call it."""
    return _STATES.get(record.state, "nostate")


def _refuse(message: str, code: int = c.VIR_ERR_CONFIG_UNSUPPORTED) -> NoReturn:
    fail(code, c.VIR_FROM_QEMU, message)


class Creation:
    """The making of one snapshot of *record*."""

    def __init__(
        self, host: Host, session: Session, record: DomainRecord, flags: int, ask: Callable[[str], Any]
    ) -> None:
        self._host, self._session, self._record, self._flags = host, session, record, flags
        self._ask = ask  # the guest's agent

    def _has(self, flag: str) -> bool:
        return bool(self._flags & c.CONSTANTS[f"VIR_DOMAIN_SNAPSHOT_CREATE_{flag}"])

    def make(self, xml: str) -> Snapshot:
        """Make the snapshot that *xml* asks for, and return it."""
        record, redefine = self._record, self._has("REDEFINE")
        check_create_flags(self._flags)
        if record.config is None and self._has("HALT"):
            _refuse("cannot halt after transient domain snapshot", c.VIR_ERR_OPERATION_INVALID)
        snapshot = parse(
            self._host.personality,
            xml,
            self._host.now(),
            redefine=redefine,
            offline=self._has("DISK_ONLY") or not record.active,
            validate=self._has("VALIDATE"),
        )
        self._check_request(snapshot)
        state.check_no_backup(record)
        return self._redefined(snapshot) if redefine else self._made(snapshot)

    def _check_request(self, snapshot: Snapshot) -> None:
        if not self._has("NO_METADATA"):
            for wrong, how in (
                ("/" in snapshot.name, "contain '/'"),
                (snapshot.name[0] == ".", "start with '.'"),
            ):
                if wrong:
                    message = f"invalid snapshot name '{snapshot.name}': name can't {how}"
                    _refuse(message, c.VIR_ERR_XML_DETAIL)
        if self._has("LIVE") and (not self._record.active or snapshot.memory != EXTERNAL):
            message = "live snapshot creation is supported only during full system snapshots"
            _refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
        now = snapshot.state if self._has("REDEFINE") else state_of(self._record)
        if now == "pmsuspended":
            message = "qemu doesn't support taking snapshots of PMSUSPENDED guests"
            _refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
        if now in {"nostate", "blocked"}:
            _refuse(f"Invalid domain state {now}", c.VIR_ERR_INTERNAL_ERROR)

    def _redefined(self, snapshot: Snapshot) -> Snapshot:
        known = records.of(self._session, self._record.uuid)
        prepare_redefined(self._host.personality, known, snapshot, self._flags)
        known.add(snapshot)
        if self._has("CURRENT"):
            known.current = snapshot.name
        self._session.put(known)
        return snapshot

    def _made(self, snapshot: Snapshot) -> Snapshot:
        record = self._record
        self._align(snapshot)
        found = disks(record.document.tree())
        manual = self._prepare(snapshot, found)
        known = records.of(self._session, record.uuid)
        if not self._has("NO_METADATA"):
            known.check_new(snapshot.name)
            snapshot.parent = known.current
        if record.active and snapshot.memory in {INTERNAL, EXTERNAL}:
            state.check_no_jobs(record)
        self._check_files(snapshot)
        if self._has("QUIESCE") and record.active:
            self._ask("guest-fsfreeze-freeze")
        if not record.active:
            self._take_inactive(snapshot, found)
        elif self._has("DISK_ONLY") or snapshot.memory == EXTERNAL:
            self._take_external(snapshot, found, manual=manual)
        else:
            self._take_internal(snapshot)
        if self._has("QUIESCE") and record.active:
            self._ask("guest-fsfreeze-thaw")
        if not self._has("NO_METADATA"):
            known.add(snapshot)
            known.current = snapshot.name
            self._session.put(known)
        return snapshot

    def _align(self, snapshot: Snapshot) -> None:
        record, default = self._record, INTERNAL
        snapshot.domain = present(self._host.personality, record)
        if record.active and record.config is not None:
            snapshot.inactive = record.config.text()
        if self._has("DISK_ONLY"):
            default = EXTERNAL
            snapshot.state = DISK_ONLY if record.active else "shutoff"
            snapshot.memory = NO
        else:
            snapshot.state = state_of(record)
            if snapshot.memory == EXTERNAL:
                default = EXTERNAL
            elif record.active and snapshot.memory == NO:
                message = "internal snapshot of a running VM must include the memory state"
                _refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
            else:
                snapshot.memory = NO if snapshot.state == "shutoff" else INTERNAL
        align(self._host.personality, snapshot, Document(text=snapshot.domain).tree(), default)

    def _prepare(self, snapshot: Snapshot, found: list[Disk]) -> bool:
        """Check that all can be done that *snapshot* says; return whether some disk is left to the user."""
        places = []
        for asked, disk in zip(snapshot.disks, found, strict=False):
            if asked["snapshot"] != NO:
                state.check_idle(self._record, disk.target)
            self._prepare_disk(snapshot, asked, disk)
            places.append(asked["snapshot"])
        kept_out = any(
            place == MANUAL or (place == NO and not disk.empty and not disk.readonly)
            for place, disk in zip(places, found, strict=False)
        )
        internal, external, memory = INTERNAL in places, EXTERNAL in places, snapshot.memory
        if not internal and not external and memory == NO:
            _refuse("nothing selected for snapshot")
        if (memory == INTERNAL and not internal) or (internal and kept_out):
            _refuse("internal and full system snapshots require all disks to be selected for snapshot")
        if snapshot.state == DISK_ONLY and not external:
            _refuse("disk-only snapshots require at least one disk to be selected for snapshot")
        crossed = (memory == INTERNAL and external) or (memory == EXTERNAL and internal)
        if crossed or (internal and external):
            _refuse("mixing internal and external targets for a snapshot is not yet supported")
        if internal and _pflash(self._record):
            message = "internal snapshots of a VM with pflash based firmware are not supported"
            _refuse(message, c.VIR_ERR_OPERATION_UNSUPPORTED)
        return MANUAL in places

    def _prepare_disk(self, snapshot: Snapshot, asked: dict[str, Any], disk: Disk) -> None:
        name = asked["name"]
        if asked["snapshot"] == INTERNAL:
            if snapshot.state == DISK_ONLY and self._record.active:
                message = "active qemu domains require external disk snapshots"
                _refuse(f"{message}; disk {name} requested internal")
            if not self._record.active and disk.kind not in {"file", "block"}:
                message = f"internal inactive snapshots are not supported on '{disk.kind}' disks"
                _refuse(message, c.VIR_ERR_INTERNAL_ERROR)
            if disk.format not in {"", "qcow2"}:
                _refuse(f"internal snapshot for disk {name} unsupported for storage type {disk.format}")
        elif asked["snapshot"] == EXTERNAL:
            if asked["format"] not in _OVERLAYS:
                _refuse(f"external snapshot format for disk {name} is unsupported: {asked['format']}")
            asked["format"] = asked["format"] or "qcow2"

    def _check_files(self, snapshot: Snapshot) -> None:
        for disk in snapshot.disks:
            path, name = path_of(disk), disk["name"]
            if disk["snapshot"] != EXTERNAL or disk["type"] not in {"file", "block"}:
                continue
            if self._has("REUSE_EXT"):
                if not images.exists(self._session, path):
                    message = f"missing existing file for disk {name}: {path}: No such file or directory"
                    _refuse(message, c.VIR_ERR_SYSTEM_ERROR)
            elif disk["type"] == "file" and images.holds_data(self._session, path):
                message = "already exists and is not a block device"
                _refuse(f"external snapshot file for disk {name} {message}: {path}")
            elif disk["type"] == "file" and self._record.active and not images.has_folder(path):
                message = f"failed to create image file '{path}': No such file or directory"
                _refuse(message, c.VIR_ERR_SYSTEM_ERROR)

    # the three ways to take one

    def _take_inactive(self, snapshot: Snapshot, found: list[Disk]) -> None:
        record = self._record
        for asked, disk in zip(snapshot.disks, found, strict=False):
            if asked["snapshot"] != EXTERNAL:
                continue
            old, path = disk.chain(), path_of(asked)
            layer = file_layer(path, asked["format"], kind=asked["type"])
            keeps = len(old.layers) > 1 and not self._has("REUSE_EXT")
            editing.put_config(record, disk.target, Chain([layer]).on(old if keeps else Chain()))
            self._make_image(path, asked["format"], disk)
            record.extra["overlaid"] = True

    def _make_image(self, path: str, form: str, disk: Disk) -> None:
        if not self._has("REUSE_EXT"):
            over = (disk.path, disk.format or "raw")
            images.make(self._host, self._session, path, form, like=disk.path, over=over)

    def _take_internal(self, snapshot: Snapshot) -> None:
        record, session = self._record, self._session
        was_running = record.state == c.VIR_DOMAIN_RUNNING
        snapshot.cookie = cookie(record)
        if was_running:
            self._pause(c.VIR_DOMAIN_PAUSED_SAVE)
        self._write_memory()
        if self._has("HALT"):
            self._halt()
        elif was_running:
            power.set_state(self._host, record, c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_UNPAUSED)
            power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_RESUMED, c.VIR_DOMAIN_EVENT_RESUMED_UNPAUSED)

    def _take_external(self, snapshot: Snapshot, found: list[Disk], *, manual: bool) -> None:
        record, session = self._record, self._session
        memory = snapshot.memory == EXTERNAL
        was_running = record.state == c.VIR_DOMAIN_RUNNING
        stays_live = self._has("LIVE")
        if was_running and (memory or manual) and not stays_live:
            self._pause(c.VIR_DOMAIN_PAUSED_SNAPSHOT)
        if memory:
            snapshot.cookie = cookie(record)
            self._save_memory(snapshot, was_running=was_running and not manual)
        for asked, disk in zip(snapshot.disks, found, strict=False):
            if asked["snapshot"] == EXTERNAL:
                source = {str(key): str(value) for key, value in asked["source"].items()}
                self._make_image(path_of(asked), asked["format"], disk)
                editing.overlay(self._host, session, record, disk, source, asked["format"])
        if self._has("HALT"):
            self._halt()
        elif was_running and memory and not manual:
            power.set_state(self._host, record, c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_UNPAUSED)
            power.lifecycle(session, record, c.VIR_DOMAIN_EVENT_RESUMED, c.VIR_DOMAIN_EVENT_RESUMED_UNPAUSED)

    def _pause(self, reason: int) -> None:
        record = self._record
        power.set_state(self._host, record, c.VIR_DOMAIN_PAUSED, reason)
        detail = c.VIR_DOMAIN_EVENT_SUSPENDED_PAUSED
        power.lifecycle(self._session, record, c.VIR_DOMAIN_EVENT_SUSPENDED, detail)

    def _write_memory(self, *, live: bool = False) -> None:
        for iteration in (1, 2):
            number = c.VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION
            power.emit(self._session, self._record, number, iteration)
            if live and iteration == 1:
                self._pause(c.VIR_DOMAIN_PAUSED_SNAPSHOT)

    def _save_memory(self, snapshot: Snapshot, *, was_running: bool) -> None:
        from virtkit.fake.lasting import memory_job
        from virtkit.fake.migration.report import statistics

        record, host = self._record, self._host
        image = SavedImage(record.inactive_of_live(), was_running, record.cpu_seconds(host.now()))
        self._session.put_image(snapshot.memory_file or "", image)
        self._write_memory(live=record.state == c.VIR_DOMAIN_RUNNING)
        job = memory_job(host, record, c.VIR_DOMAIN_JOB_OPERATION_SNAPSHOT, at_once=True)
        numbers = statistics(job, host.now())
        numbers = {key: value for key, value in numbers.items() if not key.startswith("disk_")}
        power.job_done(self._session, record, numbers, record.id)

    def _halt(self) -> None:
        record, session = self._record, self._session
        event, detail = c.VIR_DOMAIN_EVENT_STOPPED, c.VIR_DOMAIN_EVENT_STOPPED_FROM_SNAPSHOT
        power.lifecycle(session, record, event, detail)  # QEMU's driver tells before it does
        power.halt(self._host, session, record, c.VIR_DOMAIN_SHUTOFF_FROM_SNAPSHOT)


def _pflash(record: DomainRecord) -> bool:
    loader = record.document.tree().find("os/loader")
    return loader is not None and loader.get("type") == "pflash"
