"""virt-backup (PyPI): disks frozen under an overlay, copied, and merged again when the event says so."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import Any

import libvirt
from virt_backup.backups.complete import build_dom_complete_backup_from_def
from virt_backup.backups.pending import DomBackup
from virt_backup.backups.snapshot import DomExtSnapshot, DomExtSnapshotCallbackRegistrer
from virt_backup.domains import get_domain_disks_of, search_domains_regex
from virt_backup.groups.pattern import matching_libvirt_domains_from_config

from tests.programs.scenarios.telling import attempt, say, small, uri

SECOND = """<disk type='file' device='disk'><source file='{}/{}-data.img'/>
<target dev='vdb' bus='virtio'/></disk>"""


def run_events() -> None:
    """Run the event loop, as virt-backup's own thread does, until the process ends."""
    while True:
        libvirt.virEventRunDefaultImpl()


def document(conn: Any, folder: Path, name: str, number: int) -> str:
    """Return a domain with two disks that are files in *folder*."""
    for file in (name, f"{name}-data"):
        (folder / f"{file}.img").write_bytes(b"what the disk holds" * 100)
    text = small(conn, name, number).replace("/images/", f"{folder}/")
    text = text.replace("<interface", SECOND.format(folder, name) + "<interface")
    text = text.replace("<source network='default'/>", "").replace("type='network'", "type='user'")
    return text.replace("<source file", "<driver name='qemu' type='raw'/><source file")


def freeze(domain: Any, conn: Any, registrar: Any) -> None:
    """Freeze the disks, let overlays stand where QEMU puts them, merge them."""
    disks = get_domain_disks_of(domain.XMLDesc())
    say("disks", disks)
    frozen = DomExtSnapshot(domain, disks, registrar, conn, timeout=5, quiesce=True)
    attempt("document", frozen.gen_libvirt_snapshot_xml)
    if attempt("freeze", lambda: sorted(frozen.start()["disks"])) is None:
        return
    now = get_domain_disks_of(domain.XMLDesc())
    say("layers", [Path(each["src"]).suffix != ".img" for each in now.values()])
    for each in frozen.metadatas["disks"].values():
        Path(each["snapshot"]).touch()
    attempt("snapshots", domain.snapshotNum)
    if domain.isActive():
        attempt("clean", frozen.clean)
        say("as before", get_domain_disks_of(domain.XMLDesc()) == disks)
        say("overlays", [each.exists() for each in Path(disks["vda"]["src"]).parent.glob("web.1*")])
    else:
        for disk, each in disks.items():
            attempt("put back", frozen._manually_pivot_disk, disk, each["src"], each["type"])


def restore(conn: Any, domain: Any, backup: Any, folder: Path) -> None:
    """Define the domain again from what a backup says of it."""
    definition = {**backup.get_definition(), "name": "kept", "date": 0, "disks": {"vda": "kept.img"}}
    definition["packager"] = {"type": "directory", "opts": {}}
    (folder / "kept.img").write_bytes(b"what the backup holds")
    kept = build_dom_complete_backup_from_def(definition, str(folder))
    attempt("restore beside it", kept.restore_replace_domain, conn, id="web2")
    attempt("undefine", domain.undefine)
    attempt("restore", kept.restore_replace_domain, conn)
    restored = conn.lookupByName("web")
    say("disks", get_domain_disks_of(restored.XMLDesc()))
    attempt("no such disk", get_domain_disks_of, restored.XMLDesc(), "vdz")
    copy = folder / "web.img"
    copy.unlink()
    attempt("replace a disk", kept.restore_and_replace_disk_of, "vda", restored, "vda")
    say("disks", [get_domain_disks_of(restored.XMLDesc()), copy.stat().st_size])


def main() -> None:
    """Back up a domain that runs, one that is off, and restore it."""
    libvirt.virEventRegisterDefaultImpl()
    threading.Thread(target=run_events, daemon=True).start()
    conn = libvirt.open(uri())
    attempt("keep alive", conn.setKeepAlive, 5, 3)
    registrar = DomExtSnapshotCallbackRegistrer(conn)
    with tempfile.TemporaryDirectory() as name, registrar:
        folder = Path(name)
        domain = conn.defineXML(document(conn, folder, "web", 1))
        idle = conn.defineXML(document(conn, folder, "idle", 2))
        attempt("matching", lambda: sorted(search_domains_regex("^we", conn)))
        attempt("none", matching_libvirt_domains_from_config, {"host": "nobody"}, conn)
        backup = DomBackup(domain, str(folder / "out"), conn=conn, callbacks_registrer=registrar)
        attempt("definition", lambda: sorted(backup.get_definition()))
        attempt("start", domain.create)
        freeze(domain, conn, registrar)
        attempt("destroy", domain.destroy)
        freeze(idle, conn, registrar)
        restore(conn, domain, backup, folder)


main()
