"""A host in a file, when the worst happens: kills, crowds, a full disk, a file that is not what it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml

_HEAD = "import sys, resource, virtkit.fake as libvirt; conn = libvirt.open(sys.argv[1])\n"
_XML = (
    "xml = \"<domain type='qemu'><name>%s</name><memory>1024</memory><os><type>hvm</type></os></domain>\"\n"
)


def spawn(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start *code* in another process, on the file."""
    words = [sys.executable, "-c", _HEAD + _XML + code, *arguments]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def path_of(uri: str) -> Path:
    return Path(uri.removeprefix("fake://"))


def test_killed_again_and_again(db: str) -> None:
    """Ten writers, each killed in the middle: every call that returned is there, and none by half."""
    code = (
        "for number in range(10**6):\n"
        "    name = f'{sys.argv[2]}-{number}'\n"
        "    domain = conn.defineXML(xml % name); domain.create()\n"
        "    domain.setMetadata(libvirt.VIR_DOMAIN_METADATA_TITLE, name, None, None, 3)\n"
        "    print(name, flush=True)\n"
    )
    told = []
    for turn in range(10):
        with spawn(code, db, f"w{turn}") as writer:
            assert writer.stdout is not None
            told += [writer.stdout.readline().strip() for _ in range(3 + turn)]
            writer.send_signal(signal.SIGKILL)
    libvirt.reset()
    conn = libvirt.open(db)
    domains = {domain.name(): domain for domain in conn.listAllDomains()}
    assert set(told) <= set(domains)
    for name in told:
        assert domains[name].state()[0] == libvirt.VIR_DOMAIN_RUNNING
        assert domains[name].metadata(libvirt.VIR_DOMAIN_METADATA_TITLE, None, 0) == name
    ids = [domain.ID() for domain in domains.values() if domain.isActive()]
    assert len(ids) == len(set(ids))


def test_twenty_at_once(db: str) -> None:
    """Twenty processes live domains' lives on one host: no call fails, no number is given twice."""
    code = (
        "ids = []\n"
        "for number in range(10):\n"
        "    domain = conn.defineXML(xml % f'{sys.argv[2]}-{number}')\n"
        "    domain.create(); ids.append(domain.ID()); domain.suspend(); domain.resume()\n"
        "    domain.destroy(); domain.undefine()\n"
        "conn.defineXML(xml % sys.argv[2]); print(*ids)\n"
    )
    crowd = [spawn(code, db, f"p{number}") for number in range(20)]
    said = [process.communicate(timeout=120) for process in crowd]
    assert [(process.returncode, errors) for process, (_, errors) in zip(crowd, said, strict=True)] == [
        (0, "")
    ] * 20
    ids = [int(word) for out, _ in said for word in out.split()]
    assert sorted(ids) == list(range(1, 201))
    assert {domain.name() for domain in libvirt.open(db).listAllDomains()} == {f"p{n}" for n in range(20)}


def test_a_full_disk(db: str) -> None:
    """The call that finds no room fails and says so; those before it stay; with room it goes on."""
    libvirt.open(db).defineXML(domain_xml())
    code = (
        "import os; limit = os.path.getsize(sys.argv[2] + '-wal') + 40000\n"
        "soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))\n"
        "libvirt.registerErrorHandler(lambda *_: None, None)\n"
        "made = 0\n"
        "try:\n"
        "    while True: conn.defineXML(xml % f'n{made}'); made += 1\n"
        "except libvirt.libvirtError as error: message = str(error)\n"
        "there = len(conn.listAllDomains())\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))\n"
        "conn.defineXML(xml % 'after')\n"
        "print(made, there, message, sep='|')\n"
    )
    with spawn(code, db, str(path_of(db))) as writer:
        out, errors = writer.communicate(timeout=60)
    assert errors == ""
    made, there, message = out.strip().split("|")
    assert int(made) > 0
    assert int(there) == int(made) + 1
    assert f"the fake host's file {path_of(db)}: " in message
    assert len(libvirt.open(db).listAllDomains()) == int(made) + 2


@pytest.mark.parametrize("instead", ["nothing", "another host"])
def test_the_file_is_taken_away(db: str, tmp_path: Path, instead: str) -> None:
    """An open connection says so, and writes nowhere; a new one gets what is there now."""
    conn = libvirt.open(db)
    conn.defineXML(domain_xml())
    for name in ("host.db", "host.db-wal", "host.db-shm"):
        (tmp_path / name).unlink()
    if instead == "another host":
        with spawn("conn.defineXML(xml % 'other'); conn.close()", db) as other:
            assert other.wait(timeout=60) == 0
    with pytest.raises(libvirt.libvirtError, match=r"host\.db: it was removed or replaced"):
        conn.listAllDomains()
    again = libvirt.open(db)
    assert [domain.name() for domain in again.listAllDomains()] == ["other"] * (instead == "another host")
    again.defineXML(domain_xml())


def test_a_corrupt_file(db: str) -> None:
    """The error names the file, and nothing is written over it."""
    conn: Any = libvirt.open(db)
    for number in range(20):
        conn.defineXML(domain_xml(name=f"web{number}"))
    libvirt.reset()
    path = path_of(db)
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(libvirt.libvirtError, match=r"host\.db: (database disk image is malformed|.*corrupt)"):
        libvirt.open(db).listAllDomains()
    assert path.read_bytes() == content


def test_a_file_of_another_release(db: str) -> None:
    """It is refused and left as it is."""
    import sqlite3

    libvirt.open(db)
    libvirt.reset()
    with sqlite3.connect(path_of(db)) as file:
        file.execute("PRAGMA user_version = 999")
    file.close()
    with pytest.raises(libvirt.libvirtError, match="another release of virtkit made it"):
        libvirt.open(db)
