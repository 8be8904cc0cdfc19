"""virtinst (Debian): virt-install, virt-clone and virt-xml, as their commands run."""

from __future__ import annotations

import contextlib
import io
import re
import sys

sys.path.insert(0, "/usr/share/virt-manager")

import libvirt
from virtinst import virtclone, virtinstall, virtxml

from tests.programs.scenarios.telling import say, uri

_TOOLS = {"virt-install": virtinstall, "virt-clone": virtclone, "virt-xml": virtxml}
_NOISE = re.compile(r"\d\d:\d\d:\d\d|\d+\.\d+ ?[sMk]B?/s|\d+(\.\d+)? [kMG]?i?B|\s+")
POOL = "<pool type='dir'><name>images</name><target><path>/images</path></target></pool>"


def run(tool: str, *arguments: str) -> None:
    """Run a command in this process, and say how it ended."""
    out = io.StringIO()
    sys.argv = [tool, "--connect", uri(), *arguments]
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            code = _TOOLS[tool].main()
        except SystemExit as end:
            code = end.code
        except Exception as error:  # noqa: BLE001 - the command would print it
            code = f"{type(error).__name__}: {error}"
    say(f"{tool} {' '.join(arguments)}", [code, _NOISE.sub(" ", out.getvalue())[-300:] if code else ""])


def look(conn: libvirt.virConnect) -> None:
    """Say what there is now."""
    for domain in sorted(conn.listAllDomains(), key=lambda each: each.name()):
        xml = domain.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)
        say(
            domain.name(), [domain.state(), xml.count("<disk "), xml.count("<interface "), domain.autostart()]
        )
    for pool in conn.listAllStoragePools():
        say("volumes", sorted(pool.listVolumes()))


def main() -> None:
    """Install, change, clone."""
    conn = libvirt.open(uri())
    pool = conn.listAllStoragePools()[0].name() if conn.listAllStoragePools() else None
    if pool is None:
        made = conn.storagePoolDefineXML(POOL)
        made.build(0)
        made.create()
        pool = made.name()
    common = ("--memory", "256", "--osinfo", "none", "--noautoconsole", "--import", "--graphics", "none")
    run(
        "virt-install",
        "--name",
        "one",
        *common,
        "--disk",
        f"pool={pool},size=1",
        "--network",
        "network=default",
    )
    run("virt-install", "--name", "one", *common, "--disk", "none")
    run("virt-install", "--name", "two", *common, "--disk", "none", "--noreboot", "--vcpus", "4,maxvcpus=8")
    run("virt-install", "--name", "lost", *common, "--disk", "vol=nopool/novol")
    look(conn)
    run("virt-xml", "one", "--edit", "--vcpus", "3", "--define")
    run("virt-xml", "one", "--add-device", "--network", "network=default,model=virtio", "--define")
    run("virt-xml", "one", "--remove-device", "--disk", "all", "--define")
    run("virt-xml", "nobody", "--edit", "--vcpus", "3")
    for domain in conn.listAllDomains():
        if domain.isActive():
            domain.destroy()
    run("virt-clone", "--original", "two", "--name", "three", "--auto-clone")
    run("virt-clone", "--original", "nobody", "--name", "four", "--auto-clone")
    tuned = ("--cpu", "host-passthrough", "--boot", "hd,menu=on", "--memballoon", "none", "--tpm", "none")
    run("virt-install", "--name", "tuned", *common, "--disk", "none", "--print-xml", *tuned)
    look(conn)


main()
