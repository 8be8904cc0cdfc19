"""A snapshot's disks brought into line with those of the domain: all of them, in their order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import abi
from virtkit.fake import constants as c
from virtkit.fake.block.disks import Disk, by_name, disks
from virtkit.fake.errors import fail
from virtkit.fake.snapshot.document import path_of
from virtkit.fake.snapshot.record import DISK_ONLY, EXTERNAL, INTERNAL, NO, ONLINE, Snapshot, Snapshots
from virtkit.fake.state.document import Document

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.rules import Personality


def _refuse(message: str, code: int = c.VIR_ERR_CONFIG_UNSUPPORTED) -> NoReturn:
    fail(code, c.VIR_FROM_DOMAIN_SNAPSHOT, message)


def align(personality: Personality, snapshot: Snapshot, domain: etree._Element | None, default: str) -> None:
    """Make *snapshot* say something of each disk of *domain*: *default*, unless something else is said."""
    if domain is None:
        _refuse("missing domain in snapshot", c.VIR_ERR_INTERNAL_ERROR)
    found = disks(domain)
    if len(snapshot.disks) > len(found):
        _refuse("too many disk snapshot requests for domain")
    if not found:
        return
    asked: dict[str, dict[str, Any]] = {}
    for disk in snapshot.disks:
        known = by_name(found, disk["name"], ambiguous=False)
        if known is None:
            _refuse(f"no disk named '{disk['name']}'")
        if known.target in asked:
            _refuse(f"disk '{disk['name']}' specified twice")
        asked[known.target] = _settled(disk, known, default)
    snapshot.disks = [asked.get(disk.target) or _unasked(disk, default) for disk in found]
    _name_files(personality, snapshot, found)


def _settled(asked: dict[str, Any], disk: Disk, default: str) -> dict[str, Any]:
    """Return what is *asked* of *disk*, with what the *default* decides."""
    place = asked["snapshot"]
    uniform = default == INTERNAL
    if not place:
        own = disk.snapshot
        place = own if own and (not uniform or own == NO) else default
    elif uniform and place != default and not (place == NO and disk.snapshot == NO):
        _refuse(f"disk '{asked['name']}' must use snapshot mode '{default}'")
    path = path_of(asked)
    if path and place != EXTERNAL:
        _refuse(f"file '{path}' for disk '{asked['name']}' requires use of external snapshot mode")
    return {**asked, "name": disk.target, "snapshot": place}


def _unasked(disk: Disk, default: str) -> dict[str, Any]:
    place = NO if disk.empty else disk.snapshot or default
    return {"name": disk.target, "snapshot": place, "type": "file", "format": "", "source": {}}


def _name_files(personality: Personality, snapshot: Snapshot, found: list[Disk]) -> None:
    """Give the external disks files whose names end with the snapshot's."""
    names: dict[str, str] = {}
    for asked, disk in zip(snapshot.disks, found, strict=True):
        target = asked["name"]
        if asked["snapshot"] == EXTERNAL and not path_of(asked):
            asked["source"] = {"file": _overlay(personality, snapshot.name, asked, disk)}
            other = names.get(path_of(asked))
            if other is not None:
                collision = f"collision with disk '{other}'"
                _refuse(f"cannot generate external snapshot name for disk '{target}': {collision}")
        names.setdefault(path_of(asked), target)


def _overlay(personality: Personality, name: str, asked: dict[str, Any], disk: Disk) -> str:
    target, cannot = asked["name"], f"cannot generate external snapshot name for disk '{asked['name']}'"
    if asked["type"] != "file":
        _refuse(f"{cannot} on a '{asked['type']}' device")
    if not disk.path:
        _refuse(f"{cannot} without source")
    regular = disk.kind == "file" if personality.guest_decides else Path(disk.path).is_file()
    if not regular:
        message = "is not a regular file; refusing to generate external snapshot name"
        _refuse(f"source for disk '{target}' {message}")
    stem, dot, suffix = disk.path.rpartition(".")
    return f"{stem if dot and '/' not in suffix else disk.path}.{name}"


def prepare_redefined(personality: Personality, snapshots: Snapshots, snapshot: Snapshot, flags: int) -> None:
    """Check *snapshot*, which is to take the place of one made before, and align its disks."""
    snapshots.check_parent(snapshot)
    other = snapshots.known.get(snapshot.name)
    _check_redefined(snapshots.key, snapshot, other, flags)
    default = EXTERNAL if snapshot.state == DISK_ONLY or snapshot.external else INTERNAL
    text = snapshot.domain or (None if other is None else other.domain)
    align(personality, snapshot, None if text is None else Document(text=text).tree(), default)
    if snapshot.domain is None:
        snapshot.domain = text


def _check_redefined(uuid: str, snapshot: Snapshot, other: Snapshot | None, flags: int) -> None:
    name, wrong = snapshot.name, c.VIR_ERR_INVALID_ARG
    disk_only = snapshot.state == DISK_ONLY
    if flags & c.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY and not disk_only:
        _refuse(f"disk-only flag for snapshot {name} requires disk-snapshot state", wrong)
    if snapshot.domain is not None and Document(text=snapshot.domain).facts().uuid != uuid:
        _refuse(f"definition for snapshot {name} must use uuid {uuid}", wrong)
    if other is None:
        return
    if (other.state in ONLINE) != (snapshot.state in ONLINE):
        _refuse(f"cannot change between online and offline snapshot state in snapshot {name}", wrong)
    if (other.state == DISK_ONLY) != disk_only:
        _refuse(f"cannot change between disk only and full system in snapshot {name}", wrong)
    if other.domain is not None and snapshot.domain is not None:
        abi.check(Document(text=other.domain).tree(), Document(text=snapshot.domain).tree())
