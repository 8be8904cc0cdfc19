"""What a domain, a network, a pool keeps when it is defined again from a new document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from virtkit import tree
from virtkit.errors import DocumentError
from virtkit.model import identity, nodes, order
from virtkit.model.facts import machine_family

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACED = ("pci", "ccw")
_HARDWARE = ("@model", "target/@bus", "model/@type", "@type", "@mode", "backend/@type")
"""What makes a device another piece of hardware, which does not fit into the old one's slot."""


def carry_over(new: tree.Source, existing: tree.Source) -> str:
    """Return *new* with what the guest would miss if it were redefined without: taken from *existing*.

    Only what *new* leaves open is filled in:

    - the UUID, and the generation id where *new* has an empty ``<genid>``;
    - the MAC address of each interface: that of the interface with the same alias, else with the same type
      and source, else at the same position. No address is given twice;
    - the path of the NVRAM, where *new* boots from flash;
    - the CID of a vsock device;
    - PCI and CCW addresses of devices that stay what they are, with the PCI controllers they sit on, if the
      machine type stays.

    Of a network it is the UUID, the name of the bridge and its MAC address; of a pool, a filter and a secret
    the UUID.

    Args:
        new: the XML to be defined: a domain's, or another's.
        existing: the XML that is defined, as ``virDomainGetXMLDesc`` gives it with
            ``VIR_DOMAIN_XML_INACTIVE``.

    Raises:
        ParseError: one of them is not well-formed.
        DocumentError: they are documents of different kinds.
    """
    result = nodes.copy(tree.parse(new, "the new XML"))
    carry_over_into(result, tree.parse(existing, "the existing XML"))
    return tree.tostring(tree.indent(result))


def carry_over_into(new: etree._Element, existing: etree._Element) -> None:
    """`carry_over` for trees: completes *new* in place."""
    if new.tag != existing.tag:
        kinds = f"<{nodes.local(existing)}> is carried over into a <{nodes.local(new)}>"
        raise DocumentError(f"nothing of a {kinds}")
    if new.tag != "domain":
        _keep_names(new, existing)
        return
    for tag in ("uuid", "genid"):
        _keep_text(new, existing, tag)
    _keep_macs(new, existing)
    _keep_nvram(new, existing)
    _keep_cid(new, existing)
    if _family(new) == _family(existing):
        _keep_addresses(new, existing)


_NAMES = {
    "network": ("uuid", "bridge/@name", "mac/@address"),
    "pool": ("uuid",),
    "filter": ("uuid",),
    "secret": ("uuid",),
}
"""What others know something by, though libvirt gave it, by kind of document."""


def _keep_names(new: etree._Element, existing: etree._Element) -> None:
    for path in _NAMES.get(nodes.tag(new), ()):
        tag, _, attribute = path.partition("/@")
        name = identity.value(existing, path)
        if name is None or identity.value(new, path) is not None or _is_no_bridge(new, tag):
            continue
        mine = new.find(tag)
        if mine is None:
            mine = etree.Element(tag)
            new.insert(1 if new.find("name") is not None else 0, mine)
        if attribute:
            mine.set(attribute, name)
        else:
            mine.text = name


def _is_no_bridge(network: etree._Element, tag: str) -> bool:
    """Whether *network* goes over a bridge or a device of the host, and has none of its own."""
    others = ("bridge", "private", "vepa", "passthrough", "hostdev")
    mode = identity.value(network, "forward/@mode")
    return tag in ("bridge", "mac") and mode in others


def _keep_text(new: etree._Element, existing: etree._Element, tag: str) -> None:
    mine, theirs = new.find(tag), existing.find(tag)
    if theirs is None or not theirs.text:
        return
    if mine is None and tag == "uuid":
        mine = etree.Element(tag)
        order.place(new, mine)
    if mine is not None and not (mine.text or "").strip():
        mine.text = theirs.text


# --- MAC addresses

_PLUG = ("@type", "source/@network", "source/@bridge", "source/@dev", "source/@path", "source/@portgroup")


def _keep_macs(new: etree._Element, existing: etree._Element) -> None:
    wanted = new.findall("devices/interface")
    taken = {mac for mac in map(_mac, wanted) if mac}
    free = [nic for nic in existing.findall("devices/interface") if _mac(nic) and _mac(nic) not in taken]
    for nic, other in _same_interfaces([nic for nic in wanted if not _mac(nic)], free):
        mac = nic.find("mac")
        if mac is None:
            mac = etree.Element("mac")
            order.place(nic, mac)
        mac.set("address", identity.value(other, "mac/@address") or "")


def _same_interfaces(
    wanted: list[etree._Element], present: list[etree._Element]
) -> Iterator[tuple[etree._Element, etree._Element]]:
    """By alias, else by type and source, else, if none came or went, by position."""
    wanted, present = list(wanted), list(present)
    for paths in (("alias/@name",), _PLUG):
        for nic in list(wanted):
            name = [identity.value(nic, path) for path in paths]
            match = next(
                (x for x in present if any(name) and [identity.value(x, p) for p in paths] == name), None
            )
            if match is not None:
                wanted.remove(nic)
                present.remove(match)
                yield nic, match
    if len(wanted) == len(present):
        yield from zip(wanted, present, strict=True)


def _mac(nic: etree._Element) -> str | None:
    mac = identity.value(nic, "mac/@address")
    return mac.lower() if mac else None


# --- NVRAM and vsock


def _keep_nvram(new: etree._Element, existing: etree._Element) -> None:
    theirs, boot = existing.find("os/nvram"), new.find("os")
    if theirs is None or boot is None or not _has_flash(boot):
        return
    mine = boot.find("nvram")
    if mine is None:
        order.place(boot, nodes.copy(theirs))
    elif not (mine.text or "").strip() and mine.find("source") is None:
        mine.text = theirs.text
        for name, value in theirs.attrib.items():
            mine.set(name, mine.get(name, value))
        for child in theirs.iterchildren(etree.Element):
            order.place(mine, nodes.copy(child))


def _has_flash(boot: etree._Element) -> bool:
    return boot.get("firmware") == "efi" or identity.value(boot, "loader/@type") == "pflash"


def _keep_cid(new: etree._Element, existing: etree._Element) -> None:
    mine, theirs = new.find("devices/vsock"), existing.find("devices/vsock/cid")
    if mine is None or theirs is None:
        return
    cid = mine.find("cid")
    if cid is None:
        order.place(mine, nodes.copy(theirs))
    elif "address" not in cid.attrib and "address" in theirs.attrib:
        cid.set("address", theirs.get("address", ""))


# --- addresses


def _family(domain: etree._Element) -> tuple[str | None, str | None]:
    """Architecture and kind of machine: addresses mean the same within one."""
    machine = identity.value(domain, "os/type/@machine") or ""
    return identity.value(domain, "os/type/@arch"), machine_family(machine)


def _keep_addresses(new: etree._Element, existing: etree._Element) -> None:
    mine, theirs = new.find("devices"), existing.find("devices")
    if mine is None or theirs is None:
        return
    taken = {_slot(address) for address in mine.iterfind("*/address") if address.get("type") in _PLACED}
    partners = dict(_partners(mine, theirs))
    _keep_indices(mine, partners)
    for device, partner in partners.items():
        address = partner.find("address")
        if address is None or device.find("address") is not None or not _same_hardware(device, partner):
            continue
        if address.get("type") in _PLACED and _slot(address) not in taken:
            order.place(device, nodes.copy(address))
            taken.add(_slot(address))
    _keep_buses(mine, theirs, taken)


def _keep_indices(mine: etree._Element, partners: dict[etree._Element, etree._Element]) -> None:
    """PCI controllers keep their number: addresses speak of it, and the next free one differs each time."""
    for controller in mine.iterfind("controller[@type='pci']"):
        partner = partners.get(controller)
        if partner is not None and controller.get("index") is None:
            controller.set("index", partner.get("index", "0"))


def _keep_buses(mine: etree._Element, theirs: etree._Element, taken: set[tuple[str, ...]]) -> None:
    """The PCI controllers that addresses speak of: libvirt had added those that the new document lacks."""
    known = {identity.plain(each.get("index", "")) for each in mine.iterfind("controller[@type='pci']")}
    for controller in theirs.iterfind("controller[@type='pci']"):
        address = controller.find("address")
        free = address is None or _slot(address) not in taken
        if identity.plain(controller.get("index", "")) not in known and free:
            order.place(mine, nodes.copy(controller))


def _partners(
    mine: etree._Element, theirs: etree._Element
) -> Iterator[tuple[etree._Element, etree._Element]]:
    for tag in dict.fromkeys(str(child.tag) for child in mine.iterchildren(etree.Element)):
        for device, partner in identity.pair(
            mine.findall(tag), theirs.findall(tag), identity.of("devices", tag)
        ):
            if partner is not None:
                yield device, partner


def _same_hardware(device: etree._Element, partner: etree._Element) -> bool:
    return all(identity.value(device, path) in (None, identity.value(partner, path)) for path in _HARDWARE)


def _slot(address: etree._Element) -> tuple[str, ...]:
    names = ("type", "domain", "bus", "slot", "function", "cssid", "ssid", "devno")
    return tuple(identity.plain(address.get(name, "0")) for name in names)
