"""Memory takes its time to be saved, restored and dumped: a job that others watch and abort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml
from tests.unit.fake.hearing import heard

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.fake.conftest import Timeline

_MIB = 1 << 20


@pytest.fixture
def domain(conn: Any, held: Timeline) -> Any:
    """A domain of 1 GiB on a host that writes 100 MiB a second."""
    libvirt.host("one").disk_bandwidth = 100 * _MIB
    domain = conn.defineXML(domain_xml())
    domain.create()
    return domain


def test_save_takes_as_long_as_its_bytes(conn: Any, domain: Any, held: Timeline, tmp_path: Path) -> None:
    """Meanwhile the domain is paused for it, and its job can be watched."""
    watched: list[Any] = []

    def watch() -> None:
        other = conn.lookupByName("web")
        watched.append((other.state(), other.jobInfo(), other.controlInfo()))

    held.at(5.0, watch)
    domain.save(str(tmp_path / "image"))
    assert held.elapsed() == pytest.approx(10.24)
    state, job, control = watched[0]
    assert state == [libvirt.VIR_DOMAIN_PAUSED, libvirt.VIR_DOMAIN_PAUSED_SAVE]
    assert job[:2] == [libvirt.VIR_DOMAIN_JOB_UNBOUNDED, 5000]
    assert (job[3], job[4]) == (1024 * _MIB, 500 * _MIB)
    assert control[0] == libvirt.VIR_DOMAIN_CONTROL_JOB
    assert domain.state() == [libvirt.VIR_DOMAIN_SHUTOFF, libvirt.VIR_DOMAIN_SHUTOFF_SAVED]
    assert domain.jobStats(libvirt.VIR_DOMAIN_JOB_STATS_COMPLETED)["time_elapsed"] == 10240
    conn.restore(str(tmp_path / "image"))
    assert held.elapsed() == pytest.approx(20.48)
    assert domain.state() == [libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_RUNNING_RESTORED]


def test_abort(conn: Any, domain: Any, held: Timeline) -> None:
    """The guest runs on, and there is no image."""
    held.at(2.0, lambda: conn.lookupByName("web").abortJob())
    with pytest.raises(libvirt.libvirtError, match="domain save: canceled by client") as caught:
        domain.managedSave()
    assert caught.value.get_error_code() == libvirt.VIR_ERR_OPERATION_ABORTED
    assert held.elapsed() == pytest.approx(2.0)
    assert domain.state() == [libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_RUNNING_SAVE_CANCELED]
    assert domain.hasManagedSaveImage() == 0


def test_destroyed_meanwhile(conn: Any, domain: Any, held: Timeline) -> None:
    """There is nothing left to save."""
    held.at(2.0, lambda: conn.lookupByName("web").destroy())
    with pytest.raises(libvirt.libvirtError, match="no longer running"):
        domain.managedSave()


def test_start_from_a_managed_save(domain: Any, held: Timeline) -> None:
    """Reading it takes time too."""
    domain.managedSave()
    domain.create()
    assert held.elapsed() == pytest.approx(20.48)
    assert domain.state() == [libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_RUNNING_RESTORED]


@pytest.mark.parametrize(
    ("flags", "told", "state"),
    [
        (0, ["suspended", "iteration", "iteration", "job", "resumed"], [1, 5]),
        (
            libvirt.VIR_DUMP_LIVE,
            ["iteration", "iteration", "suspended", "iteration", "job", "resumed"],
            [1, 5],
        ),
        (libvirt.VIR_DUMP_CRASH, ["suspended", "iteration", "iteration", "job", "stopped"], [5, 3]),
        (libvirt.VIR_DUMP_RESET, ["suspended", "iteration", "iteration", "job", "reboot", "resumed"], [1, 5]),
        (libvirt.VIR_DUMP_MEMORY_ONLY, ["suspended", "resumed"], [1, 5]),
    ],
)
def test_dump(conn: Any, domain: Any, held: Timeline, flags: int, told: list[str], state: list[int]) -> None:
    """The events that QEMU's guests were seen to have."""
    names = {
        ("lifecycle", 3): "suspended", ("lifecycle", 4): "resumed", ("lifecycle", 5): "stopped",
        ("migration_iteration",): "iteration", ("job_completed",): "job", ("reboot",): "reboot",
    }  # fmt: skip
    with heard(conn) as events:
        domain.coreDump("/var/crash", flags)
        seen = [names[event[:2] if event[0] == "lifecycle" else event[:1]] for event in events.all()]
    assert seen == told
    assert domain.state() == state
    assert held.elapsed() == pytest.approx(10.24)


def test_at_once_unless_it_is_said(conn: Any, held: Timeline) -> None:
    """The default, so that tests of other things do not wait."""
    domain = conn.defineXML(domain_xml())
    domain.create()
    domain.managedSave()
    assert held.elapsed() == 0.0


def test_autodestroy(conn: Any, held: Timeline) -> None:
    """What was started for a connection goes with it; what was started again stays."""
    mine = libvirt.open("fake:///one")
    flags = libvirt.VIR_DOMAIN_START_AUTODESTROY
    mine.createXML(domain_xml("passing"), flags)
    kept = conn.defineXML(domain_xml("kept"))
    mine.lookupByName("kept").createWithFlags(flags)
    again = conn.defineXML(domain_xml("again"))
    mine.lookupByName("again").createWithFlags(flags)
    again.destroy()
    again.create()
    with heard(conn) as events:
        mine.close()
        told = sorted(events.all())
    assert told == [("lifecycle", 5, 1)] * 2 + [("lifecycle", 6, 2)] * 2
    assert [kept.state(), again.isActive(), len(conn.listAllDomains())] == [[5, 2], 1, 2]


def test_autodestroy_of_a_process_that_died(db: str, held: Timeline) -> None:
    """The next one that opens the file ends it."""
    import subprocess
    import sys

    program = (
        "import os, sys, virtkit.fake as libvirt\n"
        f"conn = libvirt.open({db!r})\n"
        f"conn.createXML({domain_xml()!r}, libvirt.VIR_DOMAIN_START_AUTODESTROY)\n"
        "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
    assert libvirt.open(db).listAllDomains() == []


def test_a_process_that_died_while_it_saved(db: str, held: Timeline) -> None:
    """The guest runs on, as after libvirt's death."""
    import subprocess
    import sys

    program = (
        "import os, threading, virtkit.fake as libvirt\n"
        "from virtkit import clock\n"
        f"conn = libvirt.open('{db}?disk_bandwidth=1KiB')\n"
        f"domain = conn.defineXML({domain_xml()!r})\n"
        "domain.create()\n"
        "now = clock.current()\n"
        "now.call_at(now.monotonic() + 0.1, lambda: os._exit(9))\n"
        "domain.managedSave()\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 9
    domain = libvirt.open(db).lookupByName("web")
    assert domain.state() == [libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_RUNNING_SAVE_CANCELED]
    assert domain.hasManagedSaveImage() == 0


def test_a_connection_lost_after_a_save(conn: Any, domain: Any, held: Timeline) -> None:
    """The job is done first."""
    libvirt.host("one").faults.add("managedSave", drop="after")
    with pytest.raises(libvirt.libvirtError, match="End of file"):
        domain.managedSave()
    assert held.elapsed() == pytest.approx(10.24)
    assert libvirt.open("fake:///one").lookupByName("web").hasManagedSaveImage() == 1
