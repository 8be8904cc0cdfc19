"""The forward element of a network: how its packets get out, and by which devices."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.network import addressing, common, values
from virtkit.fake.network.values import filled_text, make, refuse, unsupported

if TYPE_CHECKING:
    from lxml import etree

MODES = ("none", "nat", "route", "open", "bridge", "private", "vepa", "passthrough", "hostdev")
OWN_BRIDGE = {"none", "nat", "route", "open"}  # the modes in which libvirt makes the bridge
_DRIVERS = {"kvm", "vfio"}
_LARGEST_PORT = 65535


def mode_of(tree: etree._Element) -> str:
    """Return the forward mode of a network as libvirt keeps it."""
    forward = tree.find("forward")
    return "none" if forward is None else forward.get("mode", "nat")


def read(network: str, given: etree._Element) -> etree._Element | None:
    """Return the forward element *given* as libvirt keeps it; None for the mode that is none."""
    mode = filled_text(given, "@mode") or "nat"
    if mode not in MODES:
        unsupported(f"unknown forwarding type '{mode}'")
    managed = (given.get("managed") or "").lower() == "yes"
    driver = filled_text(given, "driver/@name")
    if driver is not None and driver not in _DRIVERS:
        unsupported(f"Unknown forward <driver name='{driver}'/> in network {network}")
    if len(given.findall("nat")) > 1:
        refuse(f"Only one <nat> element is allowed in <forward> of network {network}")
    nat = given.find("nat")
    translation = None if nat is None else _nat(network, mode, nat)
    devices = _devices(network, given)
    made = make("forward", {"dev": None, "mode": mode})
    if devices and devices[0].tag == "interface":
        made = make("forward", {"dev": devices[0].get("dev"), "mode": mode})
    if mode == "hostdev":
        made.set("managed", "yes" if managed else "no")
    if driver is not None:
        made.append(make("driver", {"name": driver}))
    if translation is not None:
        made.append(translation)
    made.extend(devices)
    return None if mode == "none" else made


def _nat(network: str, mode: str, given: etree._Element) -> etree._Element | None:
    where = f"in <nat> in <forward> in network {network}"
    if mode != "nat":
        refuse(f"The <nat> element can only be used when <forward> 'mode' is 'nat' in network {network}")
    six = values.truth(given, "ipv6")
    addresses, ports = given.findall("address"), given.findall("port")
    if len(addresses) > 1:
        refuse(f"Only one <address> element is allowed {where}")
    made = make("nat", {"ipv6": six})
    for each in addresses:
        made.append(_nat_addresses(network, each))
    if len(ports) > 1:
        refuse(f"Only one <port> element is allowed {where}")
    for each in ports:
        start, end = _nat_ports(network, each)
        if start or end:
            made.append(make("port", {"start": str(start), "end": str(end) if end else None}))
    return made if len(made) or six is not None else None


def _nat_addresses(network: str, given: etree._Element) -> etree._Element:
    texts = []
    for key in ("start", "end"):
        text = given.get(key)
        if text is None:
            where = f"in <address> element in <nat> in <forward> in network {network}"
            refuse(f"missing '{key}' attribute {where}")
        texts.append(text)
    ends = []
    for key, text in zip(("start", "end"), texts, strict=True):
        address = values.address(text, socket.AF_INET)
        if address is None:
            refuse(f"Bad ipv4 {key} address '{text}' in <nat> in <forward> in network '{network}'")
        ends.append(address)
    addressing.check_range(ends[0], ends[1], None)
    return make("address", {"start": str(ends[0]), "end": str(ends[1])})


def _nat_ports(network: str, given: etree._Element) -> tuple[int, int]:
    found: list[int] = []
    for key in ("start", "end"):
        value = values.number(given.get(key) or "")
        if value is None or value > _LARGEST_PORT or (found and value < found[0]):
            where = f"in <port> in <nat> in <forward> in network {network}"
            refuse(f"Missing or invalid '{key}' attribute {where}", c.VIR_ERR_XML_DETAIL)
        found.append(value)
    return found[0], found[1]


def _devices(network: str, given: etree._Element) -> list[etree._Element]:
    interfaces, addresses, functions = (given.findall(tag) for tag in ("interface", "address", "pf"))
    dev = filled_text(given, "@dev")
    if dev is not None and (addresses or functions):
        refuse(
            "the <forward> 'dev' attribute cannot be used when <address> or <pf> sub-elements are present "
            "in network %s"  # libvirt forgets to say which
        )
    if interfaces or dev is not None:
        return [make("interface", {"dev": name}) for name in _interfaces(network, interfaces, dev)]
    if addresses:
        return _addresses(network, addresses)
    if len(functions) > 1:
        refuse(f"Only one <pf> element is allowed in <forward> of network {network}")
    for each in functions:
        if each.get("dev") is None:
            refuse(f"Missing required dev attribute in <pf> element of network '{network}'")
    return [make("pf", {"dev": each.get("dev")}) for each in functions]


def _interfaces(network: str, given: list[etree._Element], dev: str | None) -> list[str]:
    found = [] if dev is None else [dev]
    for number, each in enumerate(given):
        name = each.get("dev")
        if name is None:
            where = f"in <forward> <interface> element of network {network}"
            refuse(f"Missing required dev attribute {where}")
        if number == 0 and found:
            if name != dev:
                refuse(
                    f"<forward dev='{dev}'> must match first <interface dev='{name}'/> in network {network}"
                )
            continue
        if name in found:
            refuse(f"interface '{name}' can only be listed once in network {network}")
        found.append(name)
    return found


def _addresses(network: str, given: list[etree._Element]) -> list[etree._Element]:
    made: list[etree._Element] = []
    for each in given:
        kind = each.get("type")
        if kind is None:
            refuse(f"missing address type in network {network}")
        if kind not in {"none", "pci", "netdev"}:
            unsupported(f"unknown address type '{kind}' in network {network}")
        if kind != "pci":
            refuse(f"unsupported address type '{kind}' in network {network}")
        address = make("address", {"type": "pci", **common.pci_address(each)})
        if any(dict(address.attrib) == dict(known.attrib) for known in made):
            domain, bus, slot, function = (
                int(address.get(key, "0"), 16) for key in ("domain", "bus", "slot", "function")
            )
            shown = f"{domain:04x}:{bus:02x}:{slot:02x}.{function:x}"
            refuse(f"PCI device '{shown}' can only be listed once in network {network}")
        made.append(address)
    return made
