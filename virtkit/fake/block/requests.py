"""What callers ask of a disk's chain, checked as libvirt's QEMU driver does: pull, commit, copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.block import chains, contents, images, jobs, state
from virtkit.fake.block.disks import Disk, by_name, disks, path_of
from virtkit.fake.block.lookup import look_up
from virtkit.fake.block.supported import check_supported
from virtkit.fake.errors import fail
from virtkit.fake.reading import read

if TYPE_CHECKING:
    from virtkit.fake.block.disks import Chain
    from virtkit.fake.host import Host
    from virtkit.fake.state.records import DomainRecord
    from virtkit.fake.store.session import Session

_MIB_LIMIT = (2**63 - 1) >> 20
_COMMIT = "VIR_DOMAIN_BLOCK_COMMIT_"


def refuse(message: str, code: int = c.VIR_ERR_INVALID_ARG, source: int = c.VIR_FROM_QEMU) -> NoReturn:
    """Raise *code* as QEMU's driver does."""
    fail(code, source, message)


def check_active(record: DomainRecord) -> None:
    """Refuse what only a running domain can do."""
    if not record.active:
        refuse("domain is not running", c.VIR_ERR_OPERATION_INVALID, c.VIR_FROM_DOMAIN)


def disk_called(record: DomainRecord, name: str) -> Disk:
    """Return the disk that *name* means."""
    found = by_name(disks(record.document.tree()), name)
    if found is None:
        refuse(f"disk '{name}' not found in domain")
    return found


def bytes_a_second(bandwidth: int, *, in_bytes: int) -> int:
    """Return *bandwidth* in bytes a second, if it is not *in_bytes* already, as MiB."""
    if in_bytes:
        return bandwidth
    if bandwidth > _MIB_LIMIT:
        refuse(f"bandwidth must be less than {_MIB_LIMIT}", c.VIR_ERR_OVERFLOW)
    return bandwidth << 20


def _held(session: Session, chain: Chain, first: int, last: int) -> int:
    """Return how many bytes the images from *first* to before *last* hold."""
    return sum(images.allocation(session, path) for path in chain.paths()[first:last])


def pull(
    host: Host,
    session: Session,
    record: DomainRecord,
    name: str,
    base: str | None,
    bandwidth: int,
    flags: int,
) -> None:
    """Copy what is below the top image into it, down to *base* (None: all)."""
    relative = flags & c.VIR_DOMAIN_BLOCK_REBASE_RELATIVE
    if relative and base is None:
        refuse("flag VIR_DOMAIN_BLOCK_REBASE_RELATIVE is valid only with non-null base")
    check_active(record)
    disk = disk_called(record, name)
    target = disk.target
    state.check_idle(record, target)
    check_supported(disk)
    chain = chains.live_chain(record, target)
    bottom = None if base is None else look_up(chain, target, base, 0)
    if relative and bottom is not None:
        refuse("can't keep relative backing relationship", c.VIR_ERR_OPERATION_INVALID)
    speed = bytes_a_second(bandwidth, in_bytes=flags & c.VIR_DOMAIN_BLOCK_PULL_BANDWIDTH_BYTES)
    held = _held(session, chain, 1, len(chain.layers) if bottom is None else bottom)
    capacity = images.capacity(session, disk.path)
    job = jobs.new(record, target, jobs.PULL, min(held, capacity), capacity, host.now())
    job["bandwidth"] = speed
    job["base"] = "" if bottom is None else chain.layers[bottom].index
    jobs.start(host, session, record, target, job)


def commit(
    host: Host,
    session: Session,
    record: DomainRecord,
    name: str,
    base: str | None,
    top: str | None,
    bandwidth: int,
    flags: int,
) -> None:
    """Move what the images from *top* (None: the top one) down hold into *base* (None: the lowest one)."""
    speed = bytes_a_second(bandwidth, in_bytes=flags & c.VIR_DOMAIN_BLOCK_COMMIT_BANDWIDTH_BYTES)
    disk = disk_called(record, name)
    target, chain = disk.target, chains.live_chain(record, disk.target)
    first = 0 if top is None or top == target else look_up(chain, target, top)
    shallow = flags & c.VIR_DOMAIN_BLOCK_COMMIT_SHALLOW
    below = first + 1 if base is None and shallow else look_up(chain, target, base, first)
    check_active(record)
    check_supported(disk)
    if disk.empty:
        refuse(f"disk {target} has no source file to be committed", c.VIR_ERR_CONFIG_UNSUPPORTED)
    state.check_idle(record, target)
    last = _check_commit(chain, target, first, below, flags)
    held = _held(session, chain, first, last)
    active = first == 0
    kind = jobs.ACTIVE_COMMIT if active else jobs.COMMIT
    end = held if active else images.capacity(session, chain.layers[first].path)
    job = jobs.new(record, target, kind, held, end, host.now())
    job["bandwidth"], job["flags"] = speed, flags
    job["base"], job["top"] = chain.layers[last].index, chain.layers[first].index
    jobs.start(host, session, record, target, job)


def _check_commit(chain: Chain, target: str, first: int, below: int, flags: int) -> int:
    paths = chain.paths()
    active = flags & c.VIR_DOMAIN_BLOCK_COMMIT_ACTIVE
    if first == 0 and not active:
        refuse(f"commit of '{target}' active layer requires active flag")
    if first and active:
        refuse(f"active commit requested but '{paths[first]}' is not active")
    if first == len(paths) - 1:
        refuse(f"top '{paths[first]}' in chain for '{paths[0]}' has no backing file")
    if flags & c.VIR_DOMAIN_BLOCK_COMMIT_SHALLOW and below != first + 1:
        place = f"base '{paths[below]}' is not immediately below '{paths[first]}'"
        refuse(f"{place} in chain for '{paths[0]}'")
    if flags & c.VIR_DOMAIN_BLOCK_COMMIT_RELATIVE and first:
        refuse("can't keep relative backing relationship", c.VIR_ERR_OPERATION_INVALID)
    return below


def copy_parameters(params: dict[str, Any] | None) -> int:
    """Return the bandwidth that *params* of a copy limit it to, having checked the others."""
    known = (
        c.VIR_DOMAIN_BLOCK_COPY_BANDWIDTH,
        c.VIR_DOMAIN_BLOCK_COPY_GRANULARITY,
        c.VIR_DOMAIN_BLOCK_COPY_BUF_SIZE,
    )
    given = params or {}
    for key in given:
        if key not in known:
            fail(c.VIR_ERR_ARGUMENT_UNSUPPORTED, c.VIR_FROM_NONE, f"parameter '{key}' not supported")
    granularity = int(given.get(c.VIR_DOMAIN_BLOCK_COPY_GRANULARITY, 0))
    if granularity & (granularity - 1):
        refuse("granularity must be power of 2")
    return int(given.get(c.VIR_DOMAIN_BLOCK_COPY_BANDWIDTH, 0))


def destination(xml: str) -> dict[str, str]:
    """Return the image that the document of a disk *xml* describes: ``kind``, ``path``, ``format``."""
    tree = read(xml, "disk_definition", "disk", c.VIR_FROM_DOMAIN)
    kind, driver = tree.get("type", "file"), tree.find("driver")
    form = "" if driver is None else driver.get("type", "")
    return {"kind": kind, "path": path_of(kind, tree.find("source")), "format": form}


def copy(
    host: Host,
    session: Session,
    record: DomainRecord,
    name: str,
    to: dict[str, str],
    bandwidth: int,
    flags: int,
) -> None:
    """Copy a disk to the image *to*, and keep the two alike until somebody pivots or gives up."""
    local = to["kind"] in {"file", "block"}
    if local and not to["path"].startswith("/"):
        refuse("absolute path must be used as block copy target")
    check_active(record)
    disk = disk_called(record, name)
    target = disk.target
    state.check_idle(record, target)
    check_supported(disk)
    if not flags & c.VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB and record.config is not None:
        refuse("domain is not transient", c.VIR_ERR_OPERATION_INVALID)
    chain = chains.live_chain(record, target)
    if len(chain.layers) < 2:
        flags &= ~c.VIR_DOMAIN_BLOCK_COPY_SHALLOW
    shallow, reuse = flags & c.VIR_DOMAIN_BLOCK_COPY_SHALLOW, flags & c.VIR_DOMAIN_BLOCK_COPY_REUSE_EXT
    if shallow and not reuse and to["format"] == "raw":
        message = f"shallow copy of disk '{target}' into a raw file is not possible"
        refuse(message, c.VIR_ERR_CONFIG_UNSUPPORTED)
    if local:
        _check_target(session, target, to, reuse=bool(reuse))
    made = {**to, "format": to["format"] or disk.format or "raw", "index": state.next_index(record)}
    held = _held(session, chain, 0, 1 if shallow else len(chain.layers))
    capacity = images.capacity(session, disk.path)
    job = jobs.new(record, target, jobs.COPY, min(held, capacity), capacity, host.now())
    job["bandwidth"], job["flags"], job["target"] = bandwidth, flags, made
    if reuse and images.is_smaller(session, made["path"], capacity):
        made["room"] = "no"
        job["work"] = job["left"] = 0.0
    if not reuse:
        over = (chain.layers[1].path, chain.layers[1].format) if shallow else None
        data = min(held, capacity)
        images.make(host, session, made["path"], made["format"], like=disk.path, data=data, over=over)
        contents.fill(host, session, made["path"], disk.path, 1 if shallow else None)
    jobs.start(host, session, record, target, job)


def _check_target(session: Session, target: str, to: dict[str, str], *, reuse: bool) -> None:
    path, block = to["path"], to["kind"] == "block"
    if not images.exists(session, path):
        if reuse or block:
            message = f"missing destination file for disk {target}: {path}: No such file or directory"
            refuse(message, c.VIR_ERR_SYSTEM_ERROR)
        if not images.has_folder(path):
            message = "failed to create copy target: No such file or directory"
            refuse(message, c.VIR_ERR_SYSTEM_ERROR)
        return
    if block:
        return
    if not reuse and images.holds_data(session, path):
        message = f"external destination file for disk {target} already exists and is not a block device"
        refuse(f"{message}: {path}", c.VIR_ERR_CONFIG_UNSUPPORTED)
