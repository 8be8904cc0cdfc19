"""Builds the benchmark's domain with virtinst, as often as it is asked to; for the Python that has virtinst.

Reads a count from each line of stdin and answers with the seconds that so many rounds took. The first line
that it writes is the XML.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

sys.path.insert(0, "/usr/share/virt-manager")

import virtinst
from virtinst import cli


def build(connection: Any) -> str:
    guest = virtinst.Guest(connection)
    guest.name = "web1"
    guest.title = "Web server of the R&D department"
    guest.type = "kvm"
    guest.memory = 4194304
    guest.vcpus = 4
    guest.os.os_type = "hvm"
    guest.os.arch = "x86_64"
    guest.os.machine = "q35"
    guest.features.acpi = True
    guest.features.apic = True
    guest.cpu.mode = "host-passthrough"
    for letter in "abc":
        disk = virtinst.DeviceDisk(connection)
        disk.type, disk.device, disk.bus, disk.target = "file", "disk", "virtio", f"vd{letter}"
        disk.driver_name, disk.driver_type, disk.driver_cache = "qemu", "qcow2", "none"
        disk.serial = f"web1-{letter}"
        disk.source.file = f"/srv/images/web1-{letter}.qcow2"
        guest.add_device(disk)
    for number, network in enumerate(["default", "storage"]):
        interface = virtinst.DeviceInterface(connection)
        interface.type, interface.source, interface.model = "network", network, "virtio"
        interface.macaddr = f"52:54:00:12:34:5{number}"
        guest.add_device(interface)
    for kind in (virtinst.DeviceSerial, virtinst.DeviceConsole):
        port = kind(connection)
        port.type = "pty"
        guest.add_device(port)
    channel = virtinst.DeviceChannel(connection)
    channel.type, channel.target_type, channel.target_name = "unix", "virtio", "org.qemu.guest_agent.0"
    guest.add_device(channel)
    graphics = virtinst.DeviceGraphics(connection)
    graphics.type, graphics.port = "vnc", -1
    guest.add_device(graphics)
    video = virtinst.DeviceVideo(connection)
    video.model = "virtio"
    guest.add_device(video)
    rng = virtinst.DeviceRng(connection)
    rng.model, rng.backend_model, rng.device = "virtio", "random", "/dev/urandom"
    guest.add_device(rng)
    return str(guest.get_xml())


def main() -> None:
    connection = cli.getConnection("test:///default")
    print(json.dumps(build(connection)), flush=True)
    for line in sys.stdin:
        began = time.perf_counter()
        for _ in range(int(line)):
            build(connection)
        print(time.perf_counter() - began, flush=True)


main()
