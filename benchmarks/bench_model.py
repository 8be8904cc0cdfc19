"""What the model costs on a domain of some 60 lines, and how it grows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from virtkit import model, tree

if TYPE_CHECKING:
    from collections.abc import Callable

DISK = """
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2' cache='none' discard='unmap'/>
      <source file='/srv/disk{0}.qcow2'/>
      <target dev='vd{0}' bus='virtio'/>
      <address type='pci' domain='0x0000' bus='0x{0:02x}' slot='0x00' function='0x0'/>
    </disk>"""
NIC = """
    <interface type='network'>
      <mac address='52:54:00:00:00:{0:02x}'/>
      <source network='default'/>
      <model type='virtio'/>
    </interface>"""


def domain(disks: int) -> str:
    """A domain with so many disks."""
    devices = "".join(DISK.format(number) for number in range(disks)) + NIC.format(1) + NIC.format(2)
    return (
        "<domain type='kvm'>\n  <name>web1</name>\n  <memory unit='GiB'>2</memory>\n  <vcpu>2</vcpu>\n"
        "  <os><type arch='x86_64' machine='q35'>hvm</type><boot dev='hd'/></os>\n"
        "  <features><acpi/><apic/></features>\n  <cpu mode='host-model'/>\n  <clock offset='utc'/>\n"
        f"  <devices>{devices}\n  </devices>\n</domain>\n"
    )


def milliseconds(work: Callable[[], object], times: int) -> float:
    """The best of seven rounds, CPU time."""
    best = float("inf")
    for _ in range(7):
        start = time.process_time()
        for _ in range(times):
            work()
        best = min(best, (time.process_time() - start) / times)
    return best * 1e3


def edit(text: str) -> str:
    """Parse, read 20 fields, set 2, write."""
    view = model.Domain.parse(text)
    fields: list[object] = [view.name, view.memory, view.vcpu.count, view.os.type.machine, view.cpu.mode]
    for disk in view.devices.disks[:3]:
        fields += [disk.source.file, disk.target.dev, disk.driver.cache, disk.address.bus]
    for nic in view.devices.interfaces:
        fields += [nic.mac.address, nic.source.network]
    view.memory = 4 * 2**30
    view.devices.disks[0].driver.io = "native"
    return view.to_xml()


def main() -> None:
    """Print one line for each measure."""
    text = domain(6)
    one, other = tree.parse(text), tree.parse(edit(text))
    big = tree.parse(domain(1000))
    measures: list[tuple[str, Callable[[], object], int]] = [
        ("parse, read 20 fields, set 2, write", lambda: edit(text), 200),
        ("diff of two", lambda: model.diff(one, other), 100),
        ("diff of two, 1,000 disks", lambda: model.diff(big, big), 1),
        ("merge of two", lambda: model.merge(one, other), 100),
    ]
    if model.schema_available():
        measures += [
            ("validate", lambda: model.validate(one), 50),
            ("validate, 1,000 disks", lambda: model.validate(big), 1),
        ]
    for name, work, times in measures:
        print(f"{name:40} {milliseconds(work, times):9.3f} ms")


if __name__ == "__main__":
    main()
