"""The document of a snapshot: read as libvirt does, and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from virtkit.fake import constants as c
from virtkit.fake.errors import fail
from virtkit.fake.reading import read, text_of
from virtkit.fake.snapshot.record import EXTERNAL, INTERNAL, MANUAL, NO, Snapshot
from virtkit.fake.state.document import Document

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.rules import Personality

STATES = (
    "nostate", "running", "blocked", "paused", "shutdown", "shutoff", "crashed", "pmsuspended",
    "disk-snapshot",
)  # fmt: skip
_OFFLINE = ("shutoff", "disk-snapshot")
_PLACES = (NO, INTERNAL, EXTERNAL, MANUAL)
_TYPES = ("file", "block", "dir", "network", "volume", "nvme", "vhostuser")
_UNUSABLE = ("volume", "dir")
_FORMATS = (
    "raw", "dir", "bochs", "cloop", "dmg", "iso", "vpc", "vdi", "luks",
    "fat", "vhd", "ploop", "cow", "qcow", "qcow2", "qed", "vmdk",
)  # fmt: skip
_FROM = c.VIR_FROM_DOMAIN_SNAPSHOT


def _refuse(code: int, message: str, source: int = _FROM) -> NoReturn:
    fail(code, source, message)


def parse(
    personality: Personality, xml: str, now: float, *, redefine: bool, offline: bool, validate: bool
) -> Snapshot:
    """Return the snapshot that *xml* describes.

    Args:
        personality: the driver.
        xml: what the caller gave.
        now: the time, for what it does not say.
        redefine: whether it describes one that was made before.
        offline: whether there is no memory that could be part of it.
        validate: whether it must fit libvirt's schema.
    """
    schema = "domainsnapshot.rng" if validate else ""
    tree = read(xml, "domain_snapshot", "domainsnapshot", _FROM, schema)
    name = text_of(tree, "name")
    if redefine and name is None:
        _refuse(c.VIR_ERR_XML_ERROR, "a redefined snapshot must have a name")
    found = Snapshot(name or str(int(now)), int(now), text_of(tree, "description"))
    if redefine:
        _read_former(personality, tree, found)
        offline = found.state in _OFFLINE
    _read_memory(tree, found, redefine=redefine, offline=offline)
    found.disks = [_read_disk(disk) for disk in tree.iterfind("disks/*")]
    cookie = tree.find("cookie")
    if cookie is not None and not offline:
        found.cookie = _xml(cookie)
    return found


def _xml(element: etree._Element) -> str:
    from lxml.etree import tostring

    return tostring(element, encoding="unicode", with_tail=False)


def former_domain(personality: Personality, element: etree._Element) -> str:
    """Return the document that the *element* of a moment's document holds, as the driver keeps it."""
    from virtkit.fake.fill import defined_document

    tag, element.tag = element.tag, "domain"
    text = _xml(element)
    element.tag = tag
    return defined_document(personality, text).text()


def created(tree: etree._Element, what: str, source: int) -> int:
    """Return when a moment that is redefined was made."""
    try:
        return int(text_of(tree, "creationTime") or "")
    except ValueError:
        _refuse(c.VIR_ERR_INTERNAL_ERROR, f"missing creationTime from existing {what}", source)


def _read_former(personality: Personality, tree: etree._Element, found: Snapshot) -> None:
    found.created = created(tree, "snapshot", _FROM)
    found.parent = text_of(tree, "parent/name")
    state = text_of(tree, "state")
    if state is None:
        _refuse(c.VIR_ERR_XML_ERROR, "missing state from existing snapshot")
    if state not in STATES[1:]:
        _refuse(c.VIR_ERR_CONFIG_UNSUPPORTED, f"Invalid state '{state}' in domain snapshot XML")
    found.state = state
    domain = tree.find("domain")
    if domain is not None and domain.get("type"):
        found.domain = former_domain(personality, domain)
    inactive = tree.find("inactiveDomain")
    if inactive is not None:
        found.inactive = former_domain(personality, inactive)


def _choice(element: etree._Element, attribute: str, choices: tuple[str, ...], default: str) -> str:
    value = element.get(attribute)
    if value is None:
        return default
    if value not in choices:
        message = f"Invalid value for attribute '{attribute}' in element '{element.tag!s}': '{value}'."
        _refuse(c.VIR_ERR_XML_ERROR, message, c.VIR_FROM_XML)
    return value


def _read_memory(tree: etree._Element, found: Snapshot, *, redefine: bool, offline: bool) -> None:
    element = tree.find("memory")
    if element is not None:
        found.memory_file = element.get("file")
        found.memory = _choice(element, "snapshot", _PLACES, "")
        if found.memory == MANUAL:
            _refuse(c.VIR_ERR_XML_ERROR, "'manual' memory snapshot mode not supported")
    if not found.memory:
        if found.memory_file is not None:
            found.memory = EXTERNAL
        elif redefine:
            found.memory = NO if offline else INTERNAL
    file = found.memory_file
    if file is not None and found.memory != EXTERNAL:
        _refuse(c.VIR_ERR_XML_ERROR, f"memory filename '{file}' requires external snapshot")
    if file is None and found.memory == EXTERNAL:
        _refuse(c.VIR_ERR_XML_ERROR, "external memory snapshots require a filename")
    if offline and found.memory not in {"", NO}:
        message = "memory state cannot be saved with offline or disk-only snapshot"
        _refuse(c.VIR_ERR_XML_ERROR, message)
    if file is not None and not file.startswith("/"):
        _refuse(c.VIR_ERR_XML_ERROR, f"memory snapshot file path ({file}) must be absolute")


def _read_disk(element: etree._Element) -> dict[str, Any]:
    name = element.get("name")
    if name is None:
        _refuse(c.VIR_ERR_INTERNAL_ERROR, "missing name from disk snapshot element")
    place = _choice(element, "snapshot", _PLACES, "")
    kind = _choice(element, "type", _TYPES, "file")
    if kind in _UNUSABLE:
        _refuse(c.VIR_ERR_XML_ERROR, f"unsupported disk snapshot type '{kind}'")
    source, driver = element.find("source"), element.find("driver")
    form = "" if driver is None else driver.get("type", "")
    if form and form not in _FORMATS:
        _refuse(c.VIR_ERR_CONFIG_UNSUPPORTED, f"unknown disk snapshot driver '{form}'")
    attributes = {} if source is None else {str(key): str(value) for key, value in source.attrib.items()}
    disk = {"name": name, "snapshot": place, "type": kind, "format": form, "source": attributes}
    path = path_of(disk)
    if path and kind in {"file", "block"} and not path.startswith("/"):
        _refuse(c.VIR_ERR_XML_ERROR, f"disk snapshot image path '{path}' must be absolute")
    if not place and (path or form):
        disk["snapshot"] = EXTERNAL
    return disk


def path_of(disk: dict[str, Any]) -> str:
    """Return the file of a snapshot's *disk*; empty: none is said."""
    source: dict[str, str] = disk["source"]
    return source.get("file") or source.get("dev") or source.get("name") or ""


def show(snapshot: Snapshot, uuid: str, *, secure: bool) -> str:
    """Return the document of *snapshot*, of the domain *uuid*, without passwords unless *secure*."""
    from lxml.etree import Element, SubElement, fromstring

    from virtkit.fake.state.printing import print_xml

    tree = Element("domainsnapshot")
    show_head(tree, snapshot, snapshot.state)
    if snapshot.memory:
        memory = SubElement(tree, "memory", {"snapshot": snapshot.memory})
        if snapshot.memory_file is not None:
            memory.set("file", snapshot.memory_file)
    if snapshot.disks:
        holder = SubElement(tree, "disks")
        for disk in snapshot.disks:
            _show_disk(holder, disk)
    if snapshot.domain is not None:
        tree.append(shown_domain(snapshot.domain, secure=secure))
    else:
        SubElement(SubElement(tree, "domain"), "uuid").text = uuid
    if snapshot.inactive is not None:
        inactive = shown_domain(snapshot.inactive, secure=secure)
        inactive.tag = "inactiveDomain"
        tree.append(inactive)
    if snapshot.cookie is not None:
        tree.append(fromstring(snapshot.cookie))
    return print_xml(tree)


def show_head(tree: etree._Element, moment: Any, state: str = "") -> None:
    """Add to *tree* what documents of all moments begin with."""
    from lxml.etree import SubElement

    SubElement(tree, "name").text = moment.name
    if moment.description is not None:
        SubElement(tree, "description").text = moment.description
    if state:
        SubElement(tree, "state").text = state
    if moment.parent is not None:
        SubElement(SubElement(tree, "parent"), "name").text = moment.parent
    if moment.created:
        SubElement(tree, "creationTime").text = str(moment.created)


def shown_domain(text: str, *, secure: bool) -> etree._Element:
    """Return the domain's document *text* as an element, without passwords unless *secure*."""
    from lxml.etree import fromstring

    return fromstring(Document(text=text).shown(secure=secure))


def _show_disk(holder: etree._Element, disk: dict[str, Any]) -> None:
    from lxml.etree import SubElement

    element = SubElement(holder, "disk", {"name": disk["name"]})
    if disk["snapshot"]:
        element.set("snapshot", disk["snapshot"])
    if not (path_of(disk) or disk["format"]):
        return
    element.set("type", disk["type"])
    if disk["format"]:
        SubElement(element, "driver", {"type": disk["format"]})
    if disk["source"]:
        SubElement(element, "source", disk["source"])
