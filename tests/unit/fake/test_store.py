"""A host in a file: shared by processes, whole after a kill."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml
from virtkit.fake import rules
from virtkit.fake.store.sqlite import SQLiteStore

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = "import sys, virtkit.fake as libvirt; conn = libvirt.open(sys.argv[1]);"


def run(code: str, *arguments: str) -> str:
    """Run *code* in another process, on the file; return what it printed."""
    words = [sys.executable, "-c", _HEAD + code, *arguments]
    return subprocess.run(words, check=True, capture_output=True, text=True, timeout=60).stdout


def test_other_processes_see_each_call(db: str) -> None:
    """What one process defines another one starts, and the first one sees it run."""
    conn = libvirt.open(db)
    domain = conn.defineXML(domain_xml())
    print_uuid = "domain = conn.lookupByName('web'); domain.create(); print(domain.UUIDString())"
    assert run(print_uuid, db).strip() == domain.UUIDString()
    assert domain.isActive() == 1
    assert "<alias name='balloon0'/>" in domain.XMLDesc()


def test_everything_of_a_domain_survives(db: str) -> None:
    """Documents, state, managed save, autostart, metadata: read back from the file as they were."""
    conn = libvirt.open(db)
    domain = conn.defineXML(
        domain_xml(devices="<interface type='network'><source network='default'/></interface>")
    )
    domain.setAutostart(1)
    domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, "A title", None, None, 0)
    domain.create()
    live, inactive = domain.XMLDesc(), domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)
    uuid, number = domain.UUIDString(), domain.ID()
    libvirt.reset()
    again = libvirt.open(db).lookupByUUIDString(uuid)
    assert (again.XMLDesc(), again.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)) == (live, inactive)
    assert (again.ID(), again.state(), again.autostart()) == (number, [1, 1], 1)
    again.managedSave()
    libvirt.reset()
    assert libvirt.open(db).lookupByName("web").hasManagedSaveImage() == 1


def test_a_refused_call_leaves_no_trace(db: str) -> None:
    """A call that fails undoes what it began."""
    conn = libvirt.open(db)
    domain = conn.defineXML(domain_xml())
    host = libvirt.host(db)

    def half_a_call() -> None:
        with host as session:
            record = session.find(domain.UUIDString())
            assert record is not None
            record.autostart = True
            session.put_setting("key", 1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_a_call()
    assert domain.autostart() == 0
    with host as session:
        assert session.setting("key") is None


def test_killed_writers_leave_whole_calls(db: str) -> None:
    """A writer that is killed at any moment leaves a file that opens, with every call whole."""
    code = (
        "xml = \"<domain type='qemu'><name>n%d</name><memory>1</memory><os><type>hvm</type></os></domain>\"\n"
        "for number in range(10000): conn.defineXML(xml % number).create(); print(number, flush=True)"
    )
    for _ in range(3):
        words = [sys.executable, "-c", _HEAD + "\n" + code, db]
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as writer:
            assert writer.stdout is not None
            last = [writer.stdout.readline() for _ in range(5)][-1]
            writer.send_signal(signal.SIGKILL)
        conn = libvirt.open(db)
        names = {domain.name() for domain in conn.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)}
        assert {f"n{number}" for number in range(int(last) + 1)} <= names
        for domain in conn.listAllDomains():
            if domain.isActive():
                domain.destroy()
            domain.undefine()


def test_events_reach_other_processes(db: str) -> None:
    """What another process does is heard here."""
    libvirt.virEventRegisterDefaultImpl()
    conn = libvirt.open(db)
    conn.defineXML(domain_xml())
    started = threading.Event()

    def hear(_conn: object, domain: libvirt.virDomain, event: int, _detail: int, _opaque: object) -> None:
        if (domain.name(), event) == ("web", libvirt.VIR_DOMAIN_EVENT_STARTED):
            started.set()

    conn.domainEventRegisterAny(None, libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE, hear, None)
    run("conn.lookupByName('web').create()", db)
    # A loop of its own thread: one that an earlier test left running may take the event as well.
    threading.Thread(target=_turn, daemon=True).start()
    assert started.wait(30)


def _turn() -> None:
    while True:
        libvirt.virEventRunDefaultImpl()


def test_what_a_dead_process_left_is_healed(db: str, tmp_path: Path) -> None:
    """A process killed in the middle of a migration: the guest runs on, the half one is gone."""
    other = f"fake://{tmp_path / 'other.db'}"
    code = (
        "import os, threading\n"
        "libvirt.host(sys.argv[1]).bandwidth = 1\n"
        "there = libvirt.open(sys.argv[2])\n"
        f'domain = conn.defineXML("{domain_xml()}"); domain.create()\n'
        "go = lambda: domain.migrate3(there, {}, 1)\n"
        "threading.Thread(target=go, daemon=True).start()\n"
        "while not there.listAllDomains() or not domain.jobInfo()[0]: pass\n"
        "os.kill(os.getpid(), 9)\n"
    )
    words = [sys.executable, "-c", _HEAD + "\n" + code, db, other]
    assert subprocess.run(words, check=False, timeout=60).returncode == -signal.SIGKILL
    here, there = libvirt.open(db), libvirt.open(other)
    domain = here.lookupByName("web")
    assert domain.state()[0] == libvirt.VIR_DOMAIN_RUNNING
    assert domain.jobInfo()[0] == libvirt.VIR_DOMAIN_JOB_NONE
    assert there.listAllDomains() == []


def test_abort_from_another_process(db: str, tmp_path: Path) -> None:
    """A job is seen and aborted from outside of the process that does it."""
    conn, there = libvirt.open(db), libvirt.open(f"fake://{tmp_path / 'other.db'}")
    libvirt.host(db).bandwidth = 1
    domain = conn.defineXML(domain_xml())
    domain.create()
    code = "domain = conn.lookupByName('web')\nwhile not domain.jobInfo()[0]: pass\ndomain.abortJob()"
    with subprocess.Popen([sys.executable, "-c", _HEAD + "\n" + code, db]) as aborter:
        with pytest.raises(libvirt.libvirtError, match="canceled by client"):
            domain.migrate3(there, {}, libvirt.VIR_MIGRATE_LIVE)
        assert aborter.wait(30) == 0
    assert domain.isActive() == 1


def test_a_file_of_another_program_is_refused(tmp_path: Path) -> None:
    """A text file is no host; the error names it."""
    path = tmp_path / "host.db"
    path.write_text("this is no database, and nobody should write into it\n" * 20)
    with pytest.raises(libvirt.libvirtError, match=r"host\.db: file is not a database"):
        libvirt.open(f"fake://{path}")
    assert path.read_text().startswith("this is no database")


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    """No table is made in it, and its journal stays as it was."""
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute("CREATE TABLE songs (title)")
    before = path.read_bytes()
    with pytest.raises(libvirt.libvirtError, match=r"theirs\.db: it belongs to another program"):
        libvirt.open(f"fake://{path}")
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """The error names the file."""
    with pytest.raises(libvirt.libvirtError, match=r"nowhere/host\.db"):
        libvirt.open(f"fake://{tmp_path}/nowhere/host.db")


def test_a_fork_opens_the_file_anew(db: str) -> None:
    """A child does not share its parent's handle on the file."""
    store = SQLiteStore(db.removeprefix("fake://"), rules.QEMU)
    session = store.begin()
    session.put_setting("from", "parent")
    store.finish(ok=True)
    child = os.fork()
    if child == 0:
        inner = store.begin()
        inner.put_setting("from", "child")
        store.finish(ok=True)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert store.begin().setting("from") == "child"
    store.finish(ok=True)
    store.close()
