"""A host's memory: what guests have of it, its pages, and whether another guest fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.errors import fail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from virtkit.fake.host import Host
    from virtkit.fake.state.document import Facts
    from virtkit.fake.store.session import Session

SMALL = 4  # KiB of an ordinary page
_POOLS = "huge pages"


def used(session: Session) -> int:
    """Return how many KiB running guests have."""
    return sum(record.balloon for record in session.all() if record.active)


def pools(session: Session, host: Host) -> dict[int, int]:
    """Return how many huge pages there are of each size in KiB."""
    changed: Mapping[str, int] = session.setting(_POOLS) or {}
    return {size: changed.get(str(size), count) for size, count in host.pages.items()}


def set_pool(session: Session, size: int, count: int) -> None:
    """Change how many huge pages of *size* there are."""
    session.put_setting(_POOLS, {**(session.setting(_POOLS) or {}), str(size): count})


def free(session: Session, host: Host) -> int:
    """Return how many KiB nobody has."""
    huge = sum(size * count for size, count in pools(session, host).items())
    return max(host.total_memory() - used(session) - huge, 0)


def cell_free(session: Session, host: Host, number: int) -> int:
    """Return how many KiB are free in a NUMA cell: guests are spread evenly."""
    cells = host.numa_cells()
    return free(session, host) * cells[number].memory // max(host.total_memory(), 1)


def reserve(session: Session, host: Host, facts: Facts, *, kept: bool) -> None:
    """Refuse a guest for which the host has no memory, as where overcommit is not allowed.

    Args:
        session: of the call.
        host: where the guest would run.
        facts: of its document.
        kept: whether the domain has a definition, whose start is told otherwise.

    Raises:
        libvirtError: VIR_ERR_INTERNAL_ERROR: QEMU got no memory, and ended.
    """
    assert host.overcommit is not None  # noqa: S101
    others = sum(each.facts.memory for each in session.all() if each.active and each.uuid != facts.uuid)
    if others + facts.memory > host.total_memory() * host.overcommit:
        where = (
            "process exited while connecting to monitor" if kept else "qemu unexpectedly closed the monitor"
        )
        from datetime import UTC, datetime

        when = datetime.fromtimestamp(host.now(), UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        why = "cannot set up guest memory 'pc.ram': Cannot allocate memory"
        message = f"{where}: {when} qemu-system-x86_64: {why}"
        fail(c.VIR_ERR_INTERNAL_ERROR, c.VIR_FROM_QEMU, message)
