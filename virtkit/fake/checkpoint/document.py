"""The document of a checkpoint: read as libvirt does, aligned with the domain's disks, and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.block.disks import by_name, disks
from virtkit.fake.checkpoint.record import BITMAP, NO, Checkpoint
from virtkit.fake.errors import fail
from virtkit.fake.reading import read, text_of
from virtkit.fake.snapshot import schema
from virtkit.fake.snapshot.document import created, former_domain, show_head, shown_domain
from virtkit.fake.state.document import Document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from virtkit.fake.rules import Personality

_FROM = c.VIR_FROM_DOMAIN_CHECKPOINT
_ATTRIBUTES = {"name", "checkpoint", "bitmap", "size"}


def _refuse(message: str, code: int = c.VIR_ERR_CONFIG_UNSUPPORTED) -> NoReturn:
    fail(code, _FROM, message)


def _disk_fits(disk: etree._Element) -> bool:
    name, place = disk.get("name", ""), disk.get("checkpoint", BITMAP)
    names = set(map(str, disk.attrib))
    known = names <= ({"name", "checkpoint"} if place == NO else _ATTRIBUTES)
    return known and place in {BITMAP, NO} and bool(schema.DEVICE.match(name) or name.startswith("/"))


def _parent_fits(parent: etree._Element) -> bool:
    return [child.tag for child in parent] == ["name"] and schema.is_name(parent[0])


_FITS = {
    "name": schema.is_name,
    "description": schema.anything,
    "creationTime": schema.is_number,
    "disks": schema.all_disks(_disk_fits),
    "domain": schema.anything,
    "parent": _parent_fits,
}


def parse(personality: Personality, xml: str, now: float, *, redefine: bool) -> Checkpoint:
    """Return the checkpoint that *xml* describes; *redefine*: one that was made before."""
    tree = read(xml, "domain_checkpoint", "domaincheckpoint", _FROM)
    schema.check_children(tree, _FITS)
    name = text_of(tree, "name")
    if redefine and name is None:
        _refuse("a redefined checkpoint must have a name", c.VIR_ERR_XML_ERROR)
    found = Checkpoint(name or str(int(now)), int(now), text_of(tree, "description"))
    if redefine:
        found.created = created(tree, "checkpoint", _FROM)
        found.parent = text_of(tree, "parent/name")
        domain = tree.find("domain")
        if domain is not None:
            found.domain = former_domain(personality, domain)
    found.disks = [
        {"name": disk.get("name"), "checkpoint": disk.get("checkpoint", BITMAP), "bitmap": disk.get("bitmap")}
        for disk in tree.iterfind("disks/*")
    ]
    return found


def align(checkpoint: Checkpoint) -> None:
    """Make *checkpoint* say something of each disk of its domain."""
    if checkpoint.domain is None:
        _refuse("missing domain in checkpoint", c.VIR_ERR_INTERNAL_ERROR)
    found = disks(Document(text=checkpoint.domain).tree())
    if len(checkpoint.disks) > len(found):
        _refuse("too many disk checkpoint requests for domain")
    if not found:
        _refuse("domain must have at least one disk to perform checkpoints")
    asked: dict[str, dict[str, Any]] = {}
    for disk in checkpoint.disks:
        known = by_name(found, disk["name"], ambiguous=False)
        if known is None:
            _refuse(f"no disk named '{disk['name']}'")
        if known.target in asked:
            _refuse(f"disk '{disk['name']}' specified twice")
        if (known.empty or known.readonly) and disk["checkpoint"] != NO:
            _refuse(f"disk '{disk['name']}' is empty or readonly")
        asked[known.target] = {**disk, "name": known.target}
    default = NO if checkpoint.disks else BITMAP
    checkpoint.disks = [
        asked.get(disk.target)
        or {
            "name": disk.target,
            "checkpoint": NO if disk.empty or disk.readonly else default,
            "bitmap": None,
        }
        for disk in found
    ]
    name_bitmaps(checkpoint)


def name_bitmaps(checkpoint: Checkpoint) -> None:
    """Call the bitmaps that have no name as the checkpoint is called."""
    for disk in checkpoint.disks:
        if disk["checkpoint"] == BITMAP and disk["bitmap"] is None:
            disk["bitmap"] = checkpoint.name


def show(
    checkpoint: Checkpoint, *, secure: bool, with_domain: bool, sizes: Mapping[str, int] | None = None
) -> str:
    """Return the document of *checkpoint*.

    Args:
        checkpoint: what to show.
        secure: whether with passwords.
        with_domain: whether with the domain's document.
        sizes: by disk, how many bytes have changed since then.
    """
    from lxml.etree import Element, SubElement

    from virtkit.fake.state.printing import print_xml

    tree = Element("domaincheckpoint")
    show_head(tree, checkpoint)
    if checkpoint.disks:
        holder = SubElement(tree, "disks")
        for disk in checkpoint.disks:
            element = SubElement(holder, "disk", {"name": disk["name"], "checkpoint": disk["checkpoint"]})
            if disk["bitmap"] is not None:
                element.set("bitmap", disk["bitmap"])
                if sizes is not None and disk["name"] in sizes:
                    element.set("size", str(sizes[disk["name"]]))
    if checkpoint.domain is not None and with_domain:
        tree.append(shown_domain(checkpoint.domain, secure=secure))
    return print_xml(tree)
