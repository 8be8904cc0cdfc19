"""Real libvirt hosts on one machine, with guests whose clocks show when they ran.

By hand, as root on Debian 12 (it says what is missing):

    python -m tests.lab up          # two hosts; prints qemu+tcp://10.78.0.1/system and so on
    python -m tests.lab status
    python -m tests.lab down        # ends everything that it started

In tests: the fixtures `lab`, `host_a`, `host_b`, `guest_image`, ... of tests/lab/fixtures.py:

    def test_suspend(lab, host_a, guest_image):
        ticks = TickLog(lab.tick_file("guest"))        # the guest's console
        connection = libvirt.open(host_a.uri)          # or virtkit.connect(host_a.uri)
        domain = connection.createXML(ticking_domain("guest", guest_image, ticks.path))
        ticks.wait_for_tick(3)
        domain.suspend()
        assert ticks.stands_still()

A guest is emulated (QEMU's TCG; /dev/kvm is out of the hosts' sight), boots in 3 s from
`guest_image.kernel`, `.initrd` and `.cmdline`, and prints "tick NUMBER UPTIME" each 0.2 s on its
serial console. Write that to `lab.tick_file(name)` with append='on': the file is the same on both
hosts, so the ticks of a guest that migrates stay in one file. Add to the kernel's parameters
"lab.acpi=ignore" for a guest that ignores the power button, "lab.agent=off" for one whose agent
does not answer, "lab.dirty=32" for one that rewrites 32 MiB of memory without end.

Other hosts are reached at `host.migrate_uri`: host names are not known to anyone. Each host sees
`lab.shared` at the same path, and a folder of its own at `lab.local` (`host.local` from outside).
libvirt takes `lab.shared` for a local file system and does not migrate guests with writable disks
there; put those into the folder of the fixture `shared_disks`. `host.kill()` cuts the power,
`host.kill_libvirtd()` leaves guests running, `host.restart()` starts libvirtd again, `host.unplug()`
and `host.plug()` are about the cable. `python -m tests.lab up` and VIRTKIT_LAB=0 in the environment
spare the start of a lab per test run.
"""

from .guest import container, ticking_domain
from .hosts import Host
from .images import BootImage, Images
from .lab import Lab
from .shell import LabError
from .ticks import Tick, TickLog, longest_gap, longest_silence, missing, repeated

__all__ = [
    "BootImage",
    "Host",
    "Images",
    "Lab",
    "LabError",
    "Tick",
    "TickLog",
    "container",
    "longest_gap",
    "longest_silence",
    "missing",
    "repeated",
    "ticking_domain",
]
