"""Deleting a domain with what belongs to it, and nothing that belongs to others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from virtkit import tree
from virtkit.binding.constants import Undefine
from virtkit.errors import HostError, NotFound, NotSupported
from virtkit.host.ownership import DiskPlan, plan_disks

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.host.domain import Domain

Disks = Literal["none", "owned", "all"]
_TPM_SINCE = 8_009_000  # the libvirt version whose undefine takes the TPM flag


@dataclass(frozen=True, slots=True)
class Deleted:
    """What ``delete`` removed; after a dry run, what it would remove.

    Attributes:
        existed: False: the domain was not there, and nothing was done.
        stopped: It was running.
        removed: What went with the definition: ``"nvram"``, ``"tpm"``, ``"snapshots"``, ``"checkpoints"``,
            ``"managed save"``.
        disks: The paths of the volumes that were deleted.
        kept: The paths of the other disks, each with the reason why it was kept.
    """

    existed: bool = True
    stopped: bool = False
    removed: tuple[str, ...] = ()
    disks: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()


def delete(
    domain: Domain,
    disks: Disks = "none",
    *,
    timeout: float = 120,
    force: bool = False,
    dry_run: bool = False,
) -> Deleted:
    """Stop *domain*, undefine it, then delete its disks; `Domain.delete` describes it."""
    if disks not in {"none", "owned", "all"}:
        raise ValueError(f"disks={disks!r}: choose 'none', 'owned' or 'all'")
    try:
        status = domain.status()
        root = tree.parse(domain.xml(inactive=True), "domain XML")
        persistent = not status.active or bool(domain.raw.isPersistent())
        flags = _flags(domain, root) if persistent else Undefine(0)
        plan = plan_disks(domain, root, disks)
    except NotFound:
        return Deleted(existed=False)
    found = Deleted(
        stopped=status.active,
        removed=tuple(_WORDS[flag] for flag in Undefine if flag in flags),
        disks=tuple(each.path for each in plan if each.volume is not None),
        kept=tuple((each.path, each.reason) for each in plan if each.volume is None),
    )
    if dry_run:
        return found
    if status.active:
        try:
            domain.stop(timeout=timeout, force=force)
        except HostError as error:
            error.operation = "delete"
            error.message += "; nothing has been deleted"
            raise
    if persistent:
        _undefine(domain, flags)
    _delete_volumes(domain, plan)
    return found


_WORDS = {
    Undefine.MANAGED_SAVE: "managed save",
    Undefine.SNAPSHOTS_METADATA: "snapshots",
    Undefine.NVRAM: "nvram",
    Undefine.KEEP_NVRAM: "",
    Undefine.CHECKPOINTS_METADATA: "checkpoints",
    Undefine.TPM: "tpm",
    Undefine.KEEP_TPM: "",
}


def _flags(domain: Domain, root: etree._Element) -> Undefine:
    """What it has decides: drivers refuse flags for things that they do not know."""
    flags = Undefine(0)
    if domain.has_managed_save():
        flags |= Undefine.MANAGED_SAVE
    boot = root.find("os")
    if boot is not None and (boot.get("firmware") == "efi" or boot.find("nvram") is not None):
        flags |= Undefine.NVRAM
    tpm = root.find("devices/tpm/backend[@type='emulator']")
    if tpm is not None and tpm.get("persistent_state") != "yes":
        with domain.calling("delete"):
            if domain.connection.raw.getLibVersion() >= _TPM_SINCE:
                flags |= Undefine.TPM
    if _count(domain, "snapshots"):
        flags |= Undefine.SNAPSHOTS_METADATA
    if _count(domain, "checkpoints"):
        flags |= Undefine.CHECKPOINTS_METADATA
    return flags


def _count(domain: Domain, what: Literal["snapshots", "checkpoints"]) -> int:
    try:
        with domain.calling("delete"):
            return domain.raw.snapshotNum() if what == "snapshots" else len(domain.raw.listAllCheckpoints())
    except NotFound:
        raise
    except NotSupported:  # a driver without them has none
        return 0


def _undefine(domain: Domain, flags: Undefine) -> None:
    try:
        with domain.calling("delete"):
            domain.raw.undefineFlags(int(flags)) if flags else domain.raw.undefine()
    except NotFound:  # somebody else was faster
        return


def _delete_volumes(domain: Domain, plan: list[DiskPlan]) -> None:
    gone: list[str] = []
    failed: list[HostError] = []
    for each in plan:
        if each.volume is None:
            continue
        try:
            with domain.connection.calling("delete volume", each.path):
                each.volume.delete()
            gone.append(each.path)
        except NotFound:
            gone.append(each.path)
        except HostError as error:
            failed.append(error)
    if failed:
        first, left = failed[0], ", ".join(str(each.name) for each in failed)
        first.message += (
            f" (the domain is deleted; its volumes too: {', '.join(gone) or 'none'}; left: {left})"
        )
        raise first
