"""What libvirt's network driver demands of a network beyond what its parser does, and what it adds."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from virtkit.fake import constants as c
from virtkit.fake.network import addressing
from virtkit.fake.network.forward import OWN_BRIDGE, mode_of
from virtkit.fake.network.values import make, refuse, unsupported

if TYPE_CHECKING:
    from collections.abc import Collection

    from lxml import etree

_LAST_BRIDGE = 256
_BEFORE_MAC = ("mtu", "bridge")


def complete(tree: etree._Element, bridges: Collection[str]) -> None:
    """Check *tree*, and give it a bridge and a MAC address where libvirt does.

    Args:
        tree: a document that was read, to be changed.
        bridges: the bridges of the other networks.
    """
    name, mode = tree.findtext("name") or "", mode_of(tree)
    if "\n" in name:
        refuse("invalid char in name: \n", c.VIR_ERR_XML_DETAIL, c.VIR_FROM_XML)
    if mode in OWN_BRIDGE:
        _name_bridge(tree, bridges)
        _give_mac(tree)
    else:
        _check_foreign(tree, name, mode)
    _check_devices(tree, name, mode)
    _check_dhcp(tree)
    _check_groups(tree, name, mode)


def _name_bridge(tree: etree._Element, bridges: Collection[str]) -> None:
    bridge = tree.find("bridge")
    assert bridge is not None  # noqa: S101
    name = bridge.get("name")
    if name is not None and "%d" not in name:
        if name in bridges:
            refuse(f"bridge name '{name}' already in use.", c.VIR_ERR_INTERNAL_ERROR)
        return
    template = name if name is not None and name.count("%") == 1 else "virbr%d"
    for number in range(_LAST_BRIDGE + 1):
        found = template.replace("%d", str(number))
        if found not in bridges:
            _set_first(bridge, "name", found)
            return
    refuse(f"Bridge generation exceeded max id {_LAST_BRIDGE}", c.VIR_ERR_INTERNAL_ERROR)


def _set_first(element: etree._Element, key: str, value: str) -> None:
    others = {str(name): str(text) for name, text in element.attrib.items() if name != key}
    element.attrib.clear()
    element.attrib.update({key: value, **others})


def _give_mac(tree: etree._Element) -> None:
    if tree.find("mac") is None:
        address = "52:54:00:" + ":".join(f"{byte:02x}" for byte in secrets.token_bytes(3))
        before = next(found for tag in _BEFORE_MAC if (found := tree.find(tag)) is not None)
        before.addnext(make("mac", {"address": address}))


def _check_foreign(tree: etree._Element, name: str, mode: str) -> None:
    """Refuse what a network whose bridge is not libvirt's cannot have."""
    names = tree.find("dns")
    records = names is not None and any(each.tag != "forwarder" for each in names)
    for tag, there in (
        ("mac", tree.find("mac") is not None),
        ("ip", tree.find("ip") is not None),
        ("dns", records),
        ("domain", tree.find("domain") is not None),
    ):
        if there:
            unsupported(f"Unsupported <{tag}> element in network {name} with forward mode='{mode}'")


def _has_bandwidth(tree: etree._Element, mode: str) -> bool:
    return mode in OWN_BRIDGE or (mode == "bridge" and tree.find("bridge[@name]") is not None)


def _check_devices(tree: etree._Element, name: str, mode: str) -> None:
    if tree.find("bandwidth") is not None and not _has_bandwidth(tree, mode):
        what = "Unsupported network-wide <bandwidth> element"
        unsupported(f"{what} in network {name} with forward mode='{mode}'")
    forward = tree.find("forward")
    if forward is None:
        return
    tags = {str(each.tag) for each in forward} & {"interface", "address", "pf"}
    for each in forward:
        if each.tag == "interface" and mode == "hostdev":
            unsupported(
                f"hostdev network '{name}' lists '{each.get('dev')}' in the device pool, but hostdev "
                "networks require all devices to be listed by PCI address, not network device name"
            )
        if each.tag == "address" and mode != "hostdev":
            unsupported(
                f"network '{name}' has forward mode '{mode}'  but lists a device by PCI address in the "
                "device pool. This is only supported for networks with forward mode 'hostdev'"
            )
    if len(tags) > 1:
        what = "<address>, <interface>, and <pf> elements of <forward>"
        unsupported(f"{what} in network {name} are mutually exclusive")


def _check_dhcp(tree: etree._Element) -> None:
    serving = [addressing.family_of(ip) for ip in tree.iterfind("ip") if ip.find("dhcp") is not None]
    for family in (4, 6):
        if serving.count(family) > 1:
            unsupported(
                f"Multiple IPv{family} dhcp sections found -- dhcp is supported only for a "
                f"single IPv{family} address on each network"
            )


def _check_groups(tree: etree._Element, name: str, mode: str) -> None:
    kind = tree.find("virtualport[@type='openvswitch']")
    allowed = mode in {"hostdev", "passthrough"} or (mode == "bridge" and kind is not None)
    used, bad = tree.find("vlan") is not None, False
    default: str | None = None
    groups = tree.findall("portgroup")
    names = [group.get("name", "") for group in groups]
    for number, group in enumerate(groups):
        if used or group.find("vlan") is not None:
            port = group.find("virtualport")
            if port is not None:
                bad |= mode != "bridge" or port.get("type") != "openvswitch"
            else:
                bad |= not allowed
        if group.get("default") == "yes":
            if default is not None:
                unsupported(
                    f"network '{name}' has multiple default <portgroup> elements "
                    f"({default} and {names[number]}), but only one default is allowed"
                )
            default = names[number]
        if names[number] in names[number + 1 :]:
            what = "multiple <portgroup> elements with the same name"
            unsupported(f"{what} ({names[number]}) in network '{name}'")
        if group.find("bandwidth") is not None and not _has_bandwidth(tree, mode):
            unsupported(
                f"Unsupported <bandwidth> element in network '{name}' in portgroup '{names[number]}' "
                f"with forward mode='{mode}'"
            )
    if bad or (used and not allowed and default is None):
        what = "whose type doesn't support vlan configuration"
        unsupported(f"<vlan> element specified for network {name}, {what}")
