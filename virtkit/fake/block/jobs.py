"""Block jobs: begun, going on with the clock, ready or done, given up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.block import chains, contents, editing, images, state
from virtkit.fake.block.disks import Layer, file_layer, mirror_of
from virtkit.fake.block.state import READY, RUNNING, SERVING, BlockJob
from virtkit.fake.due import happens
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord, Due
    from virtkit.fake.store.session import Session

PULL, COPY = c.VIR_DOMAIN_BLOCK_JOB_TYPE_PULL, c.VIR_DOMAIN_BLOCK_JOB_TYPE_COPY
COMMIT, ACTIVE_COMMIT = c.VIR_DOMAIN_BLOCK_JOB_TYPE_COMMIT, c.VIR_DOMAIN_BLOCK_JOB_TYPE_ACTIVE_COMMIT
BACKUP = c.VIR_DOMAIN_BLOCK_JOB_TYPE_BACKUP
_WORDS = {PULL: "pull", COPY: "copy", COMMIT: "commit", ACTIVE_COMMIT: "commit", BACKUP: "backup"}
_LONG_WORDS = {**_WORDS, ACTIVE_COMMIT: "active-commit"}
_ACTION = "block job"


def _refuse(message: str, code: int = c.VIR_ERR_OPERATION_INVALID) -> NoReturn:
    fail(code, c.VIR_FROM_QEMU, message)


def new(record: DomainRecord, target: str, kind: int, work: float, end: int, now: float) -> BlockJob:
    """Return a job of a *kind* on the disk *target*: *work* bytes to move, shown as *end*."""
    index = chains.live_chain(record, target).layers[0].index
    return {
        "type": kind,
        "name": f"{_WORDS[kind]}-{target}-libvirt-{index}-format",
        "state": RUNNING,
        "now": now,
        "work": work,
        "left": work,
        "end": end,
        "bandwidth": 0,
        "base": "",
        "top": "",
        "flags": 0,
        "target": {},
    }


def start(host: Host, session: Session, record: DomainRecord, target: str, job: BlockJob) -> None:
    """Begin *job* on the disk *target*."""
    state.of(record)["jobs"][target] = job
    layer = mirror_layer(record, target, job)
    if layer is not None:
        _show(record, target, job, layer)
    plan(host, session, record)


def mirror_layer(record: DomainRecord, target: str, job: BlockJob) -> Layer | None:
    """Return the image that the disk will be on when *job* pivots, if it can."""
    if job["type"] == COPY:
        to = job["target"]
        return file_layer(to["path"], to["format"], kind=to["kind"], index=to["index"])
    if job["type"] == ACTIVE_COMMIT:
        layers = chains.live_chain(record, target).layers
        return next(layer for layer in layers if layer.index == job["base"])
    return None


def _show(record: DomainRecord, target: str, job: BlockJob, layer: Layer) -> None:
    deep = job["type"] == COPY and not job["flags"] & c.VIR_DOMAIN_BLOCK_COPY_SHALLOW
    ready = "yes" if job["state"] == READY else ""
    editing.show_mirror(record, target, mirror_of(_LONG_WORDS[job["type"]], layer, ready=ready, deep=deep))


def rate(host: Host, job: BlockJob) -> float:
    """Return how many bytes a second *job* moves."""
    return float(job["bandwidth"] or host.bandwidth)


def _catch_up(host: Host, job: BlockJob) -> None:
    now = host.now()
    if job["state"] == SERVING:
        return
    job["left"] = max(job["left"] - (now - job["now"]) * rate(host, job), 0.0)
    job["now"] = now


def plan(host: Host, session: Session, record: DomainRecord) -> None:
    """Have the ends of *record*'s jobs happen when they are due."""
    session.cancel(record.uuid, _ACTION)
    for target, job in state.jobs(record).items():
        if job["state"] == RUNNING:
            host.after(session, job["left"] / rate(host, job), _ACTION, record.uuid, target)


def set_speed(host: Host, session: Session, record: DomainRecord, target: str, bandwidth: int) -> None:
    """Limit the job on the disk *target* to *bandwidth* bytes a second; 0: no limit."""
    job = of_disk(record, target)
    _catch_up(host, job)
    job["bandwidth"] = bandwidth
    plan(host, session, record)


def of_disk(record: DomainRecord, target: str) -> BlockJob:
    """Return the job on the disk *target*."""
    job = state.jobs(record).get(target)
    if job is None:
        _refuse(f"disk {target} does not have an active block job", c.VIR_ERR_INVALID_ARG)
    return job


def moved(host: Host, job: BlockJob) -> int:
    """Return how much of its end *job* has reached."""
    _catch_up(host, job)
    done = 1.0 if not job["work"] else 1.0 - job["left"] / job["work"]
    return int(job["end"] * done)


def progress(host: Host, job: BlockJob) -> tuple[int, int]:
    """Return how far *job* is, and where its end is."""
    cur, end = moved(host, job), job["end"]
    if job["state"] == READY:
        return (end, end) if end else (1, 1)
    return (cur - 1, end) if cur and cur == end else (cur, end or 1)


@happens(_ACTION)
def _due(host: Host, session: Session, due: Due) -> None:
    record = session.find(due.uuid)
    if record is None or not record.active:
        return
    job = state.jobs(record).get(due.detail)
    if job is None or job["state"] != RUNNING:
        return
    job["left"] = 0.0
    if job["target"].get("room") == "no":
        _give_up(host, session, record, due.detail, c.VIR_DOMAIN_BLOCK_JOB_FAILED)
        return
    if job["type"] not in {COPY, ACTIVE_COMMIT}:
        finish(host, session, record, due.detail)
        return
    job["state"] = READY
    layer = mirror_layer(record, due.detail, job)
    if layer is not None:
        _show(record, due.detail, job, layer)
    chains.tell(session, record, due.detail, job["type"], c.VIR_DOMAIN_BLOCK_JOB_READY)


def finish(host: Host, session: Session, record: DomainRecord, target: str) -> None:
    """Have the job on the disk *target* done: its chain is what the job made of it."""
    job = state.jobs(record).pop(target)
    kind, status = job["type"], c.VIR_DOMAIN_BLOCK_JOB_COMPLETED
    layer = mirror_layer(record, target, job)
    if layer is not None:
        editing.show_mirror(record, target, None)
    chain = chains.live_chain(record, target)
    if kind == PULL:
        contents.pull_up(host, session, chain, chains.place(chain, job["base"]) if job["base"] else None)
        chains.pulled(record, target, job["base"])
    elif kind in {COMMIT, ACTIVE_COMMIT}:
        first, bottom = chains.place(chain, job["top"]), chains.place(chain, job["base"])
        contents.push_down(host, session, chain, first, bottom)
        for path in chains.committed(record, target, job["base"], job["top"]):
            if job["flags"] & c.VIR_DOMAIN_BLOCK_COMMIT_DELETE:
                images.remove(session, path)
    elif kind == COPY and layer is not None:
        shallow = bool(job["flags"] & c.VIR_DOMAIN_BLOCK_COPY_SHALLOW)
        chains.copied(record, target, layer, shallow=shallow)
    elif kind == BACKUP:
        from virtkit.fake.block.backup import disk_done

        disk_done(host, session, record, job)
    chains.tell(session, record, target, kind, status)


def cancel(host: Host, session: Session, record: DomainRecord, target: str) -> None:
    """Give up the job on the disk *target*: the disk stays as it is."""
    _give_up(host, session, record, target, c.VIR_DOMAIN_BLOCK_JOB_CANCELED)


def _give_up(host: Host, session: Session, record: DomainRecord, target: str, status: int) -> None:
    job = state.jobs(record).pop(target)
    if mirror_layer(record, target, job) is not None:
        editing.show_mirror(record, target, None)
    if job["type"] == BACKUP:
        from virtkit.fake.block.backup import disk_cancelled

        disk_cancelled(host, session, record, target, job)
    plan(host, session, record)
    chains.tell(session, record, target, job["type"], status)


def pivot(host: Host, session: Session, record: DomainRecord, target: str) -> None:
    """Go over to the other image of the job on the disk *target*."""
    job = of_disk(record, target)
    if job["state"] != READY:
        _refuse(f"block job '{job['name']}' not ready for pivot yet", c.VIR_ERR_BLOCK_COPY_ACTIVE)
    finish(host, session, record, target)
