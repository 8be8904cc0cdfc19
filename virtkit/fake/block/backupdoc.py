"""The document of a backup: read as libvirt does, aligned with the domain's disks, and shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.block.disks import LOCAL, Disk, disks
from virtkit.fake.errors import fail
from virtkit.fake.reading import read, text_of
from virtkit.fake.snapshot import schema

if TYPE_CHECKING:
    from lxml import etree

_FULL, _INCREMENTAL = "full", "incremental"
_PUSH, _PULL = "push", "pull"
_TYPES = ("file", "block")


@dataclass
class BackupDisk:
    """A disk of a backup: where it goes (*path*, empty: not said), and since which checkpoint."""

    name: str
    wanted: bool = True
    kind: str = "file"
    path: str = ""
    format: str = ""
    mode: str = ""
    incremental: str | None = None
    export_name: str | None = None
    export_bitmap: str | None = None
    index: str = ""
    has_store: bool = False


@dataclass
class BackupRequest:
    """What a backup's document asks for."""

    pull: bool
    incremental: str | None = None
    server: dict[str, str] = field(default_factory=dict)
    disks: list[BackupDisk] = field(default_factory=list)


def refuse(
    message: str, code: int = c.VIR_ERR_CONFIG_UNSUPPORTED, source: int = c.VIR_FROM_DOMAIN
) -> NoReturn:
    """Raise *code* as libvirt's common code for domains does."""
    fail(code, source, message)


def parse(xml: str) -> BackupRequest:
    """Return what *xml* asks for."""
    tree = read(xml, "domain_backup", "domainbackup", c.VIR_FROM_DOMAIN)
    mode = tree.get("mode", _PUSH)
    if mode not in {_PUSH, _PULL}:
        schema.refuse(tree, "Invalid attribute mode for element domainbackup")
    pull = mode == _PULL
    _check(tree, pull=pull)
    found = BackupRequest(pull, text_of(tree, "incremental"))
    server = tree.find("server")
    if server is not None:
        transport = {"transport": server.get("transport", "tcp")}
        found.server = {**transport, **{str(key): str(value) for key, value in server.attrib.items()}}
    found.disks = [_disk(element, pull=pull) for element in tree.iterfind("disks/disk")]
    return found


def _check(tree: etree._Element, *, pull: bool) -> None:
    """Refuse what libvirt's schema does not have."""
    store = "scratch" if pull else "target"

    def disk_fits(disk: etree._Element) -> bool:
        kind, source = disk.get("type"), disk.find(store)
        unknown = {str(child.tag) for child in disk} - {store, "driver"}
        if not schema.DEVICE.match(disk.get("name", "")) or disk.get("backup", "yes") not in {"yes", "no"}:
            return False
        if disk.get("backup") == "no":
            return not len(disk)
        fits = source is None or (kind is not None and source.get(LOCAL.get(kind, ""), "").startswith("/"))
        return kind in _TYPES and fits and not unknown

    def server_fits(server: etree._Element) -> bool:
        if server.get("transport", "tcp") == "unix":
            return server.get("socket", "").startswith("/")
        return server.get("transport", "tcp") == "tcp" and bool(server.get("name"))

    def no_server(_server: etree._Element) -> bool:
        return False

    if pull and tree.find("server") is None and len(tree):
        schema.refuse(
            tree,
            f"Extra element {tree[0].tag!s} in interleave\nElement domainbackup failed to validate content",
        )
    server = server_fits if pull else no_server
    fits = {"incremental": schema.anything, "server": server, "disks": schema.all_disks(disk_fits)}
    schema.check_children(tree, fits)


def _disk(element: etree._Element, *, pull: bool) -> BackupDisk:
    name = element.get("name", "")
    if element.get("backup") == "no":
        return BackupDisk(name, wanted=False)
    kind, store = element.get("type", "file"), element.find("scratch" if pull else "target")
    driver = element.find("driver")
    return BackupDisk(
        name,
        kind=kind,
        path="" if store is None else store.get(LOCAL[kind], ""),
        format="" if driver is None else driver.get("type", ""),
        mode=element.get("backupmode", ""),
        incremental=element.get("incremental"),
        export_name=element.get("exportname") if pull else None,
        export_bitmap=element.get("exportbitmap") if pull else None,
        has_store=store is not None,
    )


def align(request: BackupRequest, domain: etree._Element, suffix: str) -> None:
    """Make *request* say something of each disk of *domain*; files without a name get one with *suffix*."""
    found = disks(domain)
    if not found:
        refuse("domain must have at least one disk to perform backup")
    known = {disk.target: disk for disk in found}
    seen = set()
    for asked in request.disks:
        disk = known.get(asked.name)
        if disk is None:
            refuse(f"no disk named '{asked.name}'")
        if asked.name in seen:
            refuse(f"disk '{asked.name}' specified twice")
        seen.add(asked.name)
        if asked.mode == _INCREMENTAL and not asked.incremental and not request.incremental:
            message = "requires setting 'incremental' field for disk or backup"
            refuse(f"'incremental' backup mode of disk '{asked.name}' {message}")
        if asked.wanted:
            _name_store(asked, disk, suffix)
    everything = not request.disks
    for disk in found:
        if disk.target not in seen:
            wanted = everything and not disk.empty and not disk.readonly
            asked = BackupDisk(disk.target, wanted=wanted)
            if wanted:
                _name_store(asked, disk, suffix)
            request.disks.append(asked)
    for asked in request.disks:
        asked.mode = asked.mode or (_INCREMENTAL if request.incremental or asked.incremental else _FULL)
        if asked.mode == _INCREMENTAL:
            asked.incremental = asked.incremental or request.incremental


def _name_store(asked: BackupDisk, disk: Disk, suffix: str) -> None:
    if disk.empty:
        refuse(f"disk '{asked.name}' has no media")
    if not asked.path:
        if disk.kind != "file":
            refuse(f"refusing to generate file name for disk '{asked.name}'")
        asked.kind, asked.path = "file", f"{disk.path}.{suffix}"


def show(request: BackupRequest) -> str:
    """Return the document of the backup that *request* began."""
    from lxml.etree import Element, SubElement

    from virtkit.fake.state.printing import print_xml

    tree = Element("domainbackup", {"mode": _PULL if request.pull else _PUSH})
    if request.incremental is not None:
        SubElement(tree, "incremental").text = request.incremental
    if request.server:
        order = ("transport", "tls", "name", "port", "socket")
        SubElement(tree, "server", {key: request.server[key] for key in order if request.server.get(key)})
    holder = SubElement(tree, "disks")
    for disk in request.disks:
        _show_disk(holder, disk, "scratch" if request.pull else "target")
    return print_xml(tree)


def _show_disk(holder: etree._Element, disk: BackupDisk, store: str) -> None:
    from lxml.etree import SubElement

    element = SubElement(holder, "disk", {"name": disk.name, "backup": "yes" if disk.wanted else "no"})
    if not disk.wanted:
        return
    element.set("type", disk.kind)
    for name, value in (
        ("backupmode", disk.mode),
        ("incremental", disk.incremental),
        ("exportname", disk.export_name),
        ("exportbitmap", disk.export_bitmap),
        ("index", disk.index),
    ):
        if value:
            element.set(name, value)
    SubElement(element, "driver", {"type": disk.format})
    SubElement(element, store, {LOCAL[disk.kind]: disk.path})
