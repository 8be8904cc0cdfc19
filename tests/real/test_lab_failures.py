"""The lab's ways to break things: what tests of failed migrations rely on, through plain libvirt-python."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.lab import Lab, LabError, TickLog, missing, repeated, ticking_domain
from tests.lab.lab import labs
from tests.lab.processes import Process, wait_for
from tests.lab.storage import mount_disks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.lab import BootImage, Host

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def broken(lab: Lab) -> Iterator[Lab]:
    """The lab, to be broken; at the end both hosts are up again, and empty."""
    yield lab
    for host in lab.hosts:
        host.plug()
        host.kill()
        host.restart()


@pytest.fixture
def guest(broken: Lab, host_a: Host, guest_image: BootImage) -> Iterator[tuple[Any, TickLog]]:
    """A guest on host A that is slow to migrate, for it rewrites its memory all the time; and its ticks."""
    libvirt = pytest.importorskip("libvirt")
    libvirt.registerErrorHandler(lambda *_: None, None)
    ticks = TickLog(broken.tick_file("busy"))
    ticks.path.unlink(missing_ok=True)
    connection = libvirt.open(host_a.uri)
    domain = connection.createXML(ticking_domain("busy", guest_image, ticks.path, parameters="lab.dirty=32"))
    ticks.wait_for_tick(5)
    yield domain, ticks
    with suppress(libvirt.libvirtError):
        domain.destroy()
    with suppress(libvirt.libvirtError):
        connection.close()


@pytest.mark.parametrize("accident", ["kill", "kill_libvirtd"])
def test_guest_stays_when_the_destination_dies_midway(
    guest: tuple[Any, TickLog], host_b: Host, accident: str
) -> None:
    """A migration that loses its destination fails, and the guest never stops on the source."""
    import libvirt

    domain, ticks = guest
    before = ticks.last()
    assert before is not None
    threading.Timer(1.0, getattr(host_b, accident)).start()
    flags = libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_PEER2PEER
    slowly = {libvirt.VIR_MIGRATE_PARAM_URI: host_b.migrate_uri, libvirt.VIR_MIGRATE_PARAM_BANDWIDTH: 4}
    with pytest.raises(libvirt.libvirtError):
        domain.migrateToURI3(host_b.uri, slowly, flags)
    ticks.wait_for_next(5)
    seen = ticks.since(before)
    assert not missing(seen)
    assert not repeated(seen)
    assert domain.isActive()


def test_shared_disks_come_back_after_a_power_cut(broken: Lab, host_b: Host) -> None:
    """What served them died with the host; mounting them again is enough."""
    note = mount_disks(broken) / "note"
    note.write_text("kept")
    host_b.kill()
    host_b.restart()
    mount_disks(broken)
    assert host_b.run("cat", note) == "kept"


def test_unplugged_host_is_out_of_reach_and_back_when_plugged_in(broken: Lab, host_b: Host) -> None:
    """The cable can be pulled and put back; the host itself runs on."""
    host_b.unplug()
    assert not host_b.answers()
    host_b.plug()
    wait_for(host_b.answers, "the host to answer")


def test_hosts_share_one_folder_and_have_one_each(lab: Lab, host_a: Host, host_b: Host) -> None:
    """`shared` is the same for all, `local` is each host's own."""
    (lab.shared / "note").write_text("for all")
    (host_a.local / "note").write_text("for a")
    assert host_a.run("cat", lab.shared / "note") == host_b.run("cat", lab.shared / "note") == "for all"
    assert host_a.run("cat", lab.local / "note") == "for a"
    with pytest.raises(LabError, match="No such file"):
        host_b.run("cat", lab.local / "note")


CRASH = """
import os, signal, sys
from tests.lab import Lab
lab = Lab.up(1)
print(lab.number, lab.hosts[0].supervisor.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_crashed_run_leaves_is_removed_by_the_next(lab: Lab) -> None:
    """A lab whose owner was killed is abandoned: the next `up` takes it down, and no other."""
    done = subprocess.run(
        [sys.executable, "-c", CRASH], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    number, pid = (int(word) for word in done.stdout.split())
    left = Process.of(pid)
    assert left.alive()
    assert [other.number for other in labs() if other.abandoned()] == [number]
    with Lab.up(1) as another:
        assert another.number != lab.number
        assert not left.alive()
    assert lab.hosts[0].answers()
