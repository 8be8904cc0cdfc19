"""Reads, edits and writes the benchmark's domain with virtinst, as often as it is asked to.

For the Python that has virtinst. The first line of stdin is the XML (as JSON), and what virtinst makes of it
is the first answer; each other line is a count, and the answer the CPU seconds that so many rounds took.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

sys.path.insert(0, "/usr/share/virt-manager")

import virtinst
from virtinst import cli


def edit(connection: Any, text: str) -> str:
    guest = virtinst.Guest(connection, parsexml=text)
    fields = [guest.name, guest.memory, guest.vcpus, guest.os.machine, guest.cpu.mode, guest.clock.offset]
    for disk in guest.devices.disk[:3]:
        fields += [disk.source.file, disk.target, disk.driver_cache, disk.address.bus]
    for interface in guest.devices.interface:
        fields += [interface.macaddr]
    assert len(fields) == 20, fields
    assert None not in fields, fields
    guest.memory = 4 * 2**20
    guest.devices.disk[0].driver_io = "native"
    return str(guest.get_xml())


def main() -> None:
    connection = cli.getConnection("test:///default")
    text = json.loads(sys.stdin.readline())
    print(json.dumps(edit(connection, text)), flush=True)
    for line in sys.stdin:
        began = time.process_time()
        for _ in range(int(line)):
            edit(connection, text)
        print(time.process_time() - began, flush=True)


main()
