"""Domain documents for the machine: plain, with devices, and faulty."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.machine.side import UUIDS

NAMES = ("test", "a", "b")
_UUID_OF = dict(zip(NAMES, UUIDS, strict=False))
_BODY = "<memory>65536</memory><os><type>hvm</type></os>"
_DISK = "<disk type='file'><source file='/img/one'/><target dev='vda'/></disk>"
_NET = "<interface type='network'><mac address='52:54:00:aa:bb:cc'/><source network='default'/></interface>"

# what a document may hold besides its name and UUID
BODIES = {
    "plain": _BODY,
    "bigger": "<memory unit='MiB'>128</memory><currentMemory unit='MiB'>64</currentMemory><vcpu>4</vcpu>"
    "<os><type>hvm</type></os>",
    "some vcpus": "<memory>65536</memory><vcpu current='1'>2</vcpu><os><type>hvm</type></os>",
    "devices": f"{_BODY}<devices>{_DISK}{_NET}<console type='pty'/><memballoon model='virtio'/></devices>",
    "many devices": f"{_BODY}<devices>{_DISK}<disk type='file' device='cdrom'><target dev='hdc'/></disk>"
    f"{_NET}<interface type='user'><mac address='52:54:00:aa:bb:cd'/></interface>"
    "<graphics type='vnc' passwd='secret'/><input type='tablet' bus='usb'/></devices>",
    "words": f"<title>a title</title><description>some words</description>{_BODY}",
    "metadata": f"<metadata><m:app xmlns:m='urn:m'><m:x a='1'>y</m:x></m:app></metadata>{_BODY}",
    "actions": f"{_BODY}<on_poweroff>restart</on_poweroff><on_reboot>destroy</on_reboot>"
    "<on_crash>preserve</on_crash>",
    "numa": "<memory>65536</memory><vcpu>2</vcpu><os><type>hvm</type></os><cpu><numa>"
    "<cell id='0' cpus='0-1' memory='65536'/></numa></cpu>",
    "tuned": "<memory>65536</memory><vcpu cpuset='0-3'>2</vcpu><cputune><shares>100</shares>"
    "<vcpupin vcpu='0' cpuset='1'/><emulatorpin cpuset='1-2'/></cputune><os><type>hvm</type></os>",
    "runstate": f"{_BODY}<test:runstate xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>5"
    "</test:runstate>",
    "bad runstate": f"{_BODY}<test:runstate xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>9"
    "</test:runstate>",
    "unknown": f"{_BODY}<nonsense/><features><acpi/><apic/><bogus/></features>",
}
FAULTS = {
    "no memory": "<os><type>hvm</type></os>",
    "no os": "<memory>65536</memory>",
    "bad unit": "<memory unit='bogus'>1</memory><os><type>hvm</type></os>",
    "bad memory": "<memory>x</memory><os><type>hvm</type></os>",
    "no vcpu": "<memory>65536</memory><vcpu>0</vcpu><os><type>hvm</type></os>",
    "bad vcpu": "<memory>65536</memory><vcpu>x</vcpu><os><type>hvm</type></os>",
    "too many": "<memory>65536</memory><vcpu current='3'>2</vcpu><os><type>hvm</type></os>",
    "bad os": "<memory>65536</memory><os><type>bogus</type></os>",
    "bad arch": "<memory>65536</memory><os><type arch='bogus'>hvm</type></os>",
    "bad clock": f"{_BODY}<clock offset='bogus'/>",
    "bad action": f"{_BODY}<on_poweroff>bogus</on_poweroff>",
    "bad device": f"{_BODY}<devices><disk type='bogus'/></devices>",
    "no target": f"{_BODY}<devices><disk type='file'><source file='/x'/></disk></devices>",
    "bad mac": f"{_BODY}<devices><interface type='user'><mac address='x'/></interface></devices>",
    "bad boot": "<memory>65536</memory><os><type>hvm</type><boot dev='bogus'/></os>",
}
WHOLE = {
    "not XML": "<domain",
    "not XML in two lines": "<domain\n",
    "empty": "",
    "words": "no document",
    "another": "<network><name>n</name></network>",
    "no type": f"<domain><name>a</name>{_BODY}</domain>",
    "bad type": f"<domain type='bogus'><name>a</name>{_BODY}</domain>",
    "no name": f"<domain type='test'>{_BODY}</domain>",
    "empty name": f"<domain type='test'><name></name>{_BODY}</domain>",
    "slash": f"<domain type='test'><name>a/b</name>{_BODY}</domain>",
    "bad uuid": f"<domain type='test'><name>a</name><uuid>x</uuid>{_BODY}</domain>",
    "bad id": f"<domain type='test' id='x'><name>a</name><uuid>{UUIDS[1]}</uuid>{_BODY}</domain>",
    "an id": f"<domain type='test' id='7'><name>a</name><uuid>{UUIDS[1]}</uuid>{_BODY}</domain>",
    "qemu": f"<domain type='qemu'><name>a</name><uuid>{UUIDS[1]}</uuid>{_BODY}</domain>",
}


def document(name: str, body: str, uuid: str | None = None) -> str:
    """Return a domain document."""
    return f"<domain type='test'><name>{name}</name><uuid>{uuid or _UUID_OF[name]}</uuid>{body}</domain>"


good = st.builds(document, st.sampled_from(NAMES[1:]), st.sampled_from(list(BODIES.values())))
any_name = st.builds(document, st.sampled_from(NAMES), st.sampled_from(list(BODIES.values())))
clashing = st.builds(document, st.sampled_from(NAMES), st.just(_BODY), st.sampled_from(UUIDS[:3]))
faulty = st.builds(document, st.just("a"), st.sampled_from(list(FAULTS.values())))
broken = st.sampled_from([*WHOLE.values(), None])
documents = st.one_of(good, good, any_name, clashing, faulty, broken)
