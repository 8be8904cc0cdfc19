"""The order in which libvirt prints elements, and the form of addresses."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from virtkit.fake.fill.nodes import integer, sort_attributes

if TYPE_CHECKING:
    from lxml import etree

_DOMAIN = (
    "name uuid genid title description metadata maxMemory memory currentMemory blkiotune memtune"
    " memoryBacking vcpu vcpus iothreads iothreadids defaultiothread cputune numatune resource sysinfo"
    " bootloader bootloader_args os idmap features cpu clock on_poweroff on_reboot on_crash"
    " on_lockfailure pm perf devices seclabel keywrap launchSecurity"
)
_DEVICES = (
    "emulator disk controller lease filesystem interface smartcard serial parallel console channel"
    " input tpm graphics sound audio video hostdev redirdev redirfilter hub watchdog memballoon rng"
    " nvram panic shmem memory iommu vsock crypto"
)
_INFO = "boot alias master rom acpi address"
_CHILDREN = {
    "os": "type firmware init initarg initenv initdir inituser initgroup loader nvram kernel initrd cmdline"
    " dtb root acpi boot bootmenu bios smbios",
    "disk": "driver auth source backingStore backenddomain geometry blockio mirror target iotune readonly"
    f" shareable transient serial wwn vendor product encryption {_INFO}",
    "controller": f"model target driver {_INFO} pcihole64",
    "filesystem": f"driver binary source target readonly space_hard_limit space_soft_limit {_INFO}",
    "interface": "mac source vlan virtualport bandwidth port ip route portForward script downscript"
    " backenddomain target guest model driver backend filterref tune teaming link mtu coalesce"
    f" {_INFO}",
    "serial": f"source protocol log target {_INFO}",
    "parallel": f"source protocol log target {_INFO}",
    "console": f"source protocol log target {_INFO}",
    "channel": f"source protocol log target {_INFO}",
    "redirdev": f"source protocol {_INFO}",
    "rng": f"rate backend driver {_INFO}",
    "video": f"driver model {_INFO}",
    "memballoon": f"stats {_INFO} driver",
    "hostdev": f"driver teaming source readonly shareable {_INFO}",
    "vsock": f"cid {_INFO} driver",
}
_RANKS = {tag: {name: number for number, name in enumerate(text.split())} for tag, text in _CHILDREN.items()}
_DOMAIN_RANK = {name: number for number, name in enumerate(_DOMAIN.split())}
_DEVICE_RANK = {name: number for number, name in enumerate(_DEVICES.split())}
_FORMS = {
    "pci": {"domain": "0x%04x", "bus": "0x%02x", "slot": "0x%02x", "function": "0x%x"},
    "drive": {"controller": "%d", "bus": "%d", "target": "%d", "unit": "%d"},
    "virtio-serial": {"controller": "%d", "bus": "%d", "port": "%d"},
    "ccid": {"controller": "%d", "slot": "%d"},
    "ccw": {"cssid": "0x%x", "ssid": "0x%x", "devno": "0x%04x"},
    "usb": {"bus": "%d"},
    "spapr-vio": {},
    "isa": {},
    "dimm": {"slot": "%d"},
}
_IF_GIVEN = {
    "spapr-vio": {"reg": "0x%08x"}, "isa": {"iobase": "0x%x", "irq": "0x%x"}, "dimm": {"base": "0x%x"},
}  # fmt: skip


def sort(element: etree._Element, rank: dict[str, int]) -> None:
    """Sort the children of *element*; those of one name stay as they are."""
    before = list(element)
    after = sorted(before, key=lambda child: rank.get(str(child.tag), len(rank)))
    if after != before:
        element[:] = after


def sort_children(device: etree._Element) -> None:
    """Put the children of *device* into libvirt's order, in place."""
    rank = _RANKS.get(str(device.tag))
    if rank is not None and len(device) > 1:
        sort(device, rank)


class _Printed:
    """What order.json says of how libvirt prints elements: by the parent's name and their own."""

    def __init__(self) -> None:
        known = json.loads((Path(__file__).parent / "order.json").read_text(encoding="utf-8"))
        self.attributes = {key: names.split() for key, names in known["attributes"].items()}
        self.bare = set(known["without text"])
        self.single = set(known["once"])


@cache
def _printed() -> _Printed:
    return _Printed()


def drop_strays(element: etree._Element) -> None:
    """Remove text where libvirt looks for none, and the second of what it looks for once, in place."""
    printed, inside = _printed(), str(element.tag)
    seen: set[str] = set()
    for child in list(element):
        tag = str(child.tag)
        if tag == "metadata":
            continue
        key = f"{inside}/{tag}"
        if key in printed.single:
            if tag in seen:
                element.remove(child)
                continue
            seen.add(tag)
        child.tail = None
        if key in printed.bare:
            child.text = None
        if len(child):
            drop_strays(child)


def _arrange_attributes(element: etree._Element) -> None:
    table, inside = _printed().attributes, str(element.tag)
    for child in element:
        tag = str(child.tag)
        if tag == "metadata":
            continue
        if len(child.attrib) > 1:
            names = table.get(f"{inside}/{tag}")
            if names is not None:
                sort_attributes(child, names)
        if len(child):
            _arrange_attributes(child)


def arrange(tree: etree._Element) -> None:
    """Put all of *tree* into the order in which libvirt prints it."""
    _arrange_attributes(tree)
    sort(tree, _DOMAIN_RANK)
    system, devices = tree.find("os"), tree.find("devices")
    if system is not None:
        sort_children(system)
    if devices is None:
        return
    sort(devices, _DEVICE_RANK)
    for device in devices:
        sort_children(device)


def drop_unknown(tree: etree._Element) -> None:
    """Remove elements that libvirt does not know, as its own parser loses them, in place."""
    _keep(tree, _DOMAIN_RANK)
    tree.text = None
    drop_strays(tree)
    if tree.nsmap:
        from lxml import etree

        etree.cleanup_namespaces(tree)
    devices = tree.find("devices")
    if devices is None:
        return
    _keep(devices, _DEVICE_RANK)
    for device in devices:
        rank = _RANKS.get(str(device.tag))
        if rank is not None:
            _keep(device, rank)


def _keep(element: etree._Element, known: dict[str, int]) -> None:
    for child in list(element):
        if child.tag not in known:
            element.remove(child)


def tidy_addresses(tree: etree._Element) -> None:
    """Write the numbers of addresses as libvirt does."""
    for address in tree.iterfind("devices/*/address"):
        form = _FORMS.get(address.get("type", ""))
        if form is None:
            continue
        if not (address.get("type") in {"pci", "ccw"} and set(address.attrib) <= {"type", "multifunction"}):
            for name, pattern in form.items():
                address.set(name, pattern % integer(address.get(name)))
        for name, pattern in _IF_GIVEN.get(address.get("type", ""), {}).items():
            if address.get(name) is not None:
                address.set(name, pattern % integer(address.get(name)))
        sort_attributes(address, ("type", *form))
