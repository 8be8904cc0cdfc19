"""What libvirt itself says of a domain, as a spec: defined under a second name it is the same domain."""

from __future__ import annotations

from typing import Any

import pytest

import virtkit
from virtkit import DomainSpec, tree
from virtkit.cli.main import main

UUID = "c7a5fdbd-edaf-9455-926a-d65c16db1809"
DOMAINS: dict[str, dict[str, Any]] = {
    "short": {"disks": ["/srv/web1.qcow2", "/srv/debian.iso"], "interfaces": "user", "rng": True},
    "locked": {
        "graphics": {"type": "vnc", "password": "hidden12", "listen": "127.0.0.1"},
        "video": "virtio",
        "title": "A & B",
        "metadata": {"owner": "alice"},
    },
    "old machine": {"machine": "pc", "disks": {"source": "/srv/a.img", "bus": "ide", "target": "hdc"}},
    "bare": {"defaults": False, "interfaces": {"type": "user", "model": "e1000"}},
    "much": {
        "vcpus": {"maximum": 4, "current": 2, "topology": {"sockets": 2, "cores": 2}},
        "numa": [{"cpus": "0-3", "memory": "256MiB"}],
        "max_memory": {"size": "1GiB", "slots": 2},
        "memtune": {"hard_limit": "2GiB"},
        "cputune": {"shares": 1024},
        "genid": True,
        "boot": {"smbios": "sysinfo", "menu": True},
        "sysinfo": {"system": {"manufacturer": "ACME", "serial": "1"}},
        "serial": {"type": "file", "path": "/var/log/serial.log"},
        "channels": ["agent"],
        "watchdog": {"model": "i6300esb", "action": "reset"},
        "sound": {"model": "ich9", "codecs": ["micro"]},
        "xml": "<domain><devices><lease><key>k</key>"
        "<target path='/srv/leases'/><lockspace>s</lockspace></lease></devices></domain>",
    },
    "arm": {"arch": "aarch64", "machine": "virt", "cpu": "cortex-a57", "disks": "/srv/a.img"},
}


@pytest.mark.parametrize("name", DOMAINS)
def test_the_same_domain_under_a_second_name(
    name: str, here: virtkit.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    """What libvirt makes of the spec is what it makes of the first one's own XML."""
    fields = {"name": "first", "type": "qemu", "memory": "256MiB", **DOMAINS[name]}
    first = here.domains.define(DomainSpec(**fields))
    assert main(("-c", here.uri, "domain", "export", "first", "--secure")) == 0
    spec = DomainSpec.from_yaml(capsys.readouterr().out)
    root = tree.parse(first.xml(inactive=True, secure=True))
    for element in (*root.findall("name"), *root.findall("uuid")):
        element.text = {"name": "second", "uuid": UUID}[str(element.tag)]
    spec.name, spec.uuid = "second", UUID
    said = []
    for source in (tree.tostring(root), spec):
        second = here.domains.define(source)
        said.append(second.xml(inactive=True, secure=True).splitlines())
        second.delete()
    assert said[0] == said[1]
