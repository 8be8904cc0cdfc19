"""What a running guest's network interface lets be changed: its link, its bridge, its filter, little else."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from virtkit.fake.fill.nodes import value
from virtkit.fake.fill.order import sort_children
from virtkit.fake.hotplug import compatible, context, matching
from virtkit.fake.hotplug.kinds import refuse

if TYPE_CHECKING:
    from lxml import etree

    from virtkit.fake.hotplug.sides import Change

_BRIDGED = {"network", "bridge"}
_FIXED = {"hostdev", "vdpa"}
# what is the new interface's after the change; all else stays the old one's
_TAKEN = ("source", "virtualport", "filterref", "bandwidth", "vlan", "link", "coalesce", "tune", "port")


def keep_identity(given: etree._Element, old: etree._Element) -> None:
    """Give a new definition of an interface the MAC that it left out."""
    mac = old.find("mac")
    if given.find("mac") is None and mac is not None:
        given.insert(0, deepcopy(mac))


def update(change: Change, given: etree._Element) -> None:
    """Change the interface of the running guest that *given* means into it."""
    assert change.tree is not None  # noqa: S101
    old = matching.interface(change.devices, given)
    compatible.check(change.tree, given, old, live=True)
    kind = old.get("type", "")
    if kind in _FIXED:
        refuse(f"cannot change config of '{kind}' network interface type")
    _same_device(given, old, context.default_model(change.tree))
    if given.get("type") in _FIXED:
        refuse(f"cannot change network interface type to '{given.get('type')}'")
    if _reconnects(given, old):
        refuse(f"unable to change config on '{given.get('type')}' network type")
    _take(given, old)
    change.changed(old)


def _same_device(given: etree._Element, old: etree._Element, model: str) -> None:
    """Refuse a change of what the guest sees."""
    mine, its = value(given.find("model"), "type", model), value(old.find("model"), "type")
    if mine != its:
        refuse(f"cannot modify network device model from {its} to {mine}")
    if its.startswith("virtio") and _driver(given) != _driver(old):
        refuse("cannot modify virtio network device driver attributes")
    for what, path, name in (
        ("script attribute", "script", "path"),
        ("tap name", "target", "dev"),
    ):
        new = value(given.find(path), name)
        if (new or what == "script attribute") and new != value(old.find(path), name):
            refuse(f"cannot modify network device {what}")
    address = matching.address_of(given)
    if address is not None and address != matching.address_of(old):
        refuse("cannot modify network device guest PCI address")
    for what, path, name in (
        ("network device rom bar setting", "rom", "bar"),
        ("network rom file", "rom", "file"),
        ("network device boot index setting", "boot", "order"),
        ("network device rom enabled setting", "rom", "enabled"),
    ):
        new = value(given.find(path), name)
        if new and new != value(old.find(path), name):
            refuse(f"cannot modify {what}")
    if value(given.find("mtu"), "size") != value(old.find("mtu"), "size"):
        refuse("cannot modify MTU")


def _driver(interface: etree._Element) -> dict[str, str]:
    driver = interface.find("driver")
    if driver is None:
        return {}
    found = {str(name): str(text) for name, text in driver.attrib.items()}
    for child in driver:
        found.update({f"{child.tag!s}.{name}": str(text) for name, text in child.attrib.items()})
    return found


def _reconnects(given: etree._Element, old: etree._Element) -> bool:
    """Return whether the interface would have to be plugged elsewhere than into another bridge."""
    kinds = given.get("type"), old.get("type")
    if kinds[0] != kinds[1]:
        return not set(kinds) <= _BRIDGED
    if (given.findtext("tune/sndbuf") or "") != (old.findtext("tune/sndbuf") or ""):
        return True
    if kinds[0] == "direct":
        names = ("dev", "mode")
        return any(value(given.find("source"), name) != value(old.find("source"), name) for name in names)
    return False


def _take(given: etree._Element, old: etree._Element) -> None:
    """Make of *old* what *given* says."""
    source, present = given.find("source"), old.find("source")
    same = source is not None and present is not None and given.get("type") == old.get("type")
    if same and source is not None and present is not None:
        same = all(present.get(name) == text for name, text in source.attrib.items())
    for tag in _TAKEN:
        if tag == "source" and same:
            continue
        for gone in old.findall(tag):
            old.remove(gone)
        for new in given.findall(tag):
            old.append(deepcopy(new))
    old.set("type", given.get("type", ""))
    sort_children(old)
