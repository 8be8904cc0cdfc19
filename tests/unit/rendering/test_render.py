"""Rendering specs, ready machines and templates of one's own that build on virtkit's."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from virtkit import DomainSpec
from virtkit.errors import NotSupported, SchemaError, SpecError, TemplateError
from virtkit.model import HostFacts, schema_available, schemas, validate
from virtkit.model.facts import Guests, architecture
from virtkit.rendering import render
from virtkit.spec.devices import DiskSpec

if TYPE_CHECKING:
    from pathlib import Path

EMULATING = HostFacts(
    native_arch="x86_64",
    guests=(
        Guests("x86_64", "hvm", ("qemu",), (), "/usr/bin/qemu-system-x86_64"),
        Guests("aarch64", "hvm", ("qemu",), (), "/usr/bin/qemu-system-aarch64"),
    ),
)


def parsed(text: str) -> etree._Element:
    return etree.fromstring(text.encode())


def test_a_spec_becomes_a_domain() -> None:
    """The values of the spec, in libvirt's places; no libvirt is needed."""
    spec = DomainSpec(name="a&b", type="kvm", memory="2GiB", vcpus=2, disks=["/srv/a<b>.qcow2"])
    root = parsed(render(spec))
    assert root.get("type") == "kvm"
    assert root.findtext("name") == "a&b"
    assert root.findtext("vcpu") == "2"
    source = root.find("devices/disk/source")
    assert source is not None
    assert source.get("file") == "/srv/a<b>.qcow2"


def test_rendering_leaves_the_spec_as_it_was() -> None:
    """What is filled in is filled in a copy."""
    spec = DomainSpec(name="web", memory="2GiB", disks=["/srv/a.qcow2"])
    before = spec.to_dict()
    render(spec)
    assert spec.to_dict() == before
    assert spec.type == "auto"


def test_a_spec_that_became_contradictory_is_refused() -> None:
    """Assignments are checked one by one, and lists can be changed: rendering looks at the whole."""
    spec = DomainSpec(name="web", memory="2GiB", disks=["/srv/a.qcow2"])
    spec.disks[0].source = "/srv/a"
    spec.disks.append(DiskSpec(source="/srv/b.qcow2", cache="none", io="native"))
    spec.current_memory = 2**40
    with pytest.raises(SpecError) as caught:
        render(spec)
    assert [problem.path for problem in caught.value.problems] == ["current_memory", "disks[0].format"]


def test_a_type_that_the_host_decides_is_checked_too() -> None:
    """On a host of containers ``type: auto`` is lxc, where there are no disks."""
    host = HostFacts("x86_64", (Guests("x86_64", "exe", ("lxc",), (), None),))
    with pytest.raises(SpecError, match="a container has no disks"):
        render(DomainSpec(name="web", memory="1GiB", disks=["/srv/a.qcow2"]), host=host)


@pytest.mark.parametrize(
    ("arch", "native", "wanted"),
    [
        (None, "x86_64", "kvm"),
        ("x86_64", "x86_64", "kvm"),
        ("aarch64", "x86_64", "qemu"),
        ("x86_64", "aarch64", "qemu"),
    ],
)
def test_auto_without_a_host(
    monkeypatch: pytest.MonkeyPatch, arch: str | None, native: str, wanted: str
) -> None:
    """kvm for the processor of the machine that renders, qemu for others."""
    monkeypatch.setattr(platform, "machine", lambda: native)
    assert parsed(render(DomainSpec(name="web", memory="1GiB", arch=arch))).get("type") == wanted


@pytest.mark.parametrize(
    ("os_type", "wanted"), [("hvm", "kvm"), ("exe", "lxc"), ("linux", "xen"), ("xenpvh", "xen")]
)
def test_auto_goes_with_the_os_type(os_type: str, wanted: str) -> None:
    """With a host that offers all of them, and without one."""
    types = {"hvm": "kvm", "exe": "lxc", "xen": "xen", "xenpvh": "xen"}
    arch = architecture(platform.machine())
    host = HostFacts(arch, tuple(Guests(arch, os, (kind,), (), None) for os, kind in types.items()))
    boot = {"kernel": "/boot/vmlinuz"} if wanted == "xen" else None
    spec = DomainSpec(name="web", memory="1GiB", os_type=os_type, boot=boot)
    assert parsed(render(spec)).get("type") == wanted
    assert parsed(render(spec, host=host)).get("type") == wanted


def test_auto_with_a_host() -> None:
    """What that host has; a processor that it has not is an error, before anything is defined."""
    spec = DomainSpec(name="web", memory="1GiB")
    assert parsed(render(spec, host=EMULATING)).get("type") == "qemu"
    assert parsed(render("linux", name="web", host=EMULATING)).get("type") == "qemu"
    assert parsed(render("linux", name="web", type="kvm", host=EMULATING)).get("type") == "kvm"
    with pytest.raises(NotSupported, match="mipsel"):
        render("mips", name="m", kernel="/boot/vmlinux", host=EMULATING)


def test_an_overlay_is_merged_by_identity() -> None:
    """``xml:`` adds to the disk of that target, and makes no second one."""
    blocks = "<disk><target dev='vda'/><blockio logical_block_size='4096'/></disk>"
    overlay = f"<domain><devices>{blocks}</devices></domain>"
    spec = DomainSpec(name="web", memory="1GiB", disks=["/srv/a.qcow2"], xml=overlay)
    (disk,) = parsed(render(spec)).findall("devices/disk")
    assert disk.find("source") is not None
    assert disk.find("blockio") is not None


@pytest.mark.skipif(not schema_available(), reason="libvirt's schemas are not installed")
def test_an_overlay_that_makes_the_domain_invalid_is_refused() -> None:
    """Where the schema is there to tell."""
    spec = DomainSpec(name="web", memory="1GiB", xml="<domain><colour/></domain>")
    with pytest.raises(TemplateError, match="colour"):
        render(spec)
    assert "<colour/>" in render(spec, validate=False)


def test_a_template_extends_the_domain_and_overrides_a_block(tmp_path: Path) -> None:
    """Given a spec, or the fields of one; with variables of its own beside them."""
    (tmp_path / "mine.xml.j2").write_text(
        '{% extends "domain.xml.j2" %}\n{% block metadata %}\n'
        '<metadata><m:owner xmlns:m="https://example.org/m">{{ owner }}</m:owner></metadata>\n'
        "{% endblock %}\n"
    )
    spec = DomainSpec(name="web", memory="1GiB", disks=["/srv/a.qcow2"])
    one = render("mine.xml.j2", templates=[tmp_path], domain=spec, owner="R&D")
    other = render("mine", templates=tmp_path, name="web", memory="1GiB", disks=["/srv/a.qcow2"], owner="R&D")
    assert one == other
    assert parsed(one).findtext("metadata/{https://example.org/m}owner") == "R&D"
    assert parsed(one).find("devices/disk") is not None


def test_a_template_that_extends_the_domain_needs_a_domain(tmp_path: Path) -> None:
    """The missing fields are listed as those of a spec are."""
    (tmp_path / "mine.xml.j2").write_text('{% extends "domain.xml.j2" %}')
    with pytest.raises(SpecError) as caught:
        render("mine", templates=tmp_path, name="web")
    assert [problem.path for problem in caught.value.problems] == ["memory"]


def test_a_replacement_of_a_shipped_template_can_extend_it(tmp_path: Path) -> None:
    """A user's domain.xml.j2 takes the place of virtkit's; ``virtkit/`` is the way to the latter."""
    (tmp_path / "domain.xml.j2").write_text(
        '{% extends "virtkit/domain.xml.j2" %}{% block power %}<pm/>{% endblock %}'
    )
    spec = DomainSpec(name="web", memory="1GiB")
    assert parsed(render(spec, templates=tmp_path)).find("pm") is not None
    assert parsed(render(spec)).find("pm") is None


def test_device_functions_write_devices_with_checked_arguments(tmp_path: Path) -> None:
    """In a template that is all one's own; a wrong argument is shown with file and line."""
    (tmp_path / "disk.xml.j2").write_text('{{ disk(source=path, bus="virtio", target="vdb") }}')
    root = parsed(render("disk", templates=tmp_path, path="/srv/a&b.qcow2"))
    assert root.tag == "disk"
    assert root.xpath("string(source/@file)") == "/srv/a&b.qcow2"
    (tmp_path / "wrong.xml.j2").write_text('<domain>\n{{ disk(source="/a.raw", bus="warp") }}</domain>')
    with pytest.raises(TemplateError, match=r"wrong\.xml\.j2:2: .*bus") as caught:
        render("wrong", templates=tmp_path)
    assert isinstance(caught.value.__cause__, SpecError)


def test_a_machine_takes_the_fields_of_a_spec_beside_its_variables() -> None:
    """They are set over what the machine says; others are refused."""
    root = parsed(
        render("linux", name="web", title="Our web", vcpus=3, features={"acpi": False}, disk="/a.qcow2")
    )
    assert root.findtext("title") == "Our web"
    assert root.findtext("vcpu") == "3"
    assert root.find("features/acpi") is None
    with pytest.raises(TemplateError, match="linux: takes no variable 'mem'; did you mean memory"):
        render("linux", name="web", mem="2GiB")
    with pytest.raises(TemplateError, match=r"needs name"):
        render("linux")


def test_wrong_values_of_a_machine_are_problems_of_a_spec() -> None:
    """With the path of the field."""
    with pytest.raises(SpecError) as caught:
        render("linux", name="a/b", memory="lots")
    assert {problem.path for problem in caught.value.problems} == {"name", "memory"}


MACHINES: dict[str, dict[str, Any]] = {
    "minimal": {},
    "linux": {"disk": "/srv/a.qcow2", "iso": "/srv/debian.iso", "console_log": "/var/log/a.log"},
    "linux-kernel": {"kernel": "/boot/vmlinuz", "initrd": "/boot/initrd", "cmdline": "console=ttyS0"},
    "windows": {"disk": "/srv/w.qcow2", "iso": "/srv/w.iso", "drivers": "/srv/virtio-win.iso"},
    "windows-spice": {"disk": "/srv/w.qcow2", "graphics": "spice"},
    "microvm": {"kernel": "/boot/vmlinuz"},
    "arm64": {"disk": "/srv/a.qcow2"},
    "arm64-kernel": {"kernel": "/boot/vmlinuz", "initrd": "/boot/initrd", "network": "default"},
    "mips": {"kernel": "/boot/vmlinux", "initrd": "/boot/initrd", "disk": "/srv/a.qcow2"},
    "container": {"root": "/srv/root", "init": "/bin/sh", "init_args": ["-c", "true"], "network": "default"},
    "xen-pv": {"disk": "/srv/a.raw"},
    "xen-pv-kernel": {"disk": "/srv/a.raw", "kernel": "/boot/vmlinuz", "cmdline": "root=/dev/xvda"},
}


@pytest.mark.skipif(not schema_available(), reason="libvirt's schemas are not installed")
@pytest.mark.parametrize("case", MACHINES)
@pytest.mark.parametrize("trusted", [True, False])
def test_each_machine_is_valid(case: str, trusted: bool) -> None:
    """By libvirt's schema; rendered in the sandbox it is the same."""
    machine = case.removesuffix("-kernel").removesuffix("-spice")
    text = render(machine, name=case, validate=True, trusted=trusted, **MACHINES[case])
    assert validate(text) == []
    assert parsed(text).findtext("name") == case
    assert text == render(machine, name=case, **MACHINES[case])


@pytest.mark.parametrize("by_host", [True, False])
def test_linux_on_arm_is_what_arm_boots(by_host: bool) -> None:
    """No firmware but EFI, no CPU of 32 bits (QEMU's default), and the name that the port has there."""
    host = HostFacts("aarch64", (Guests("aarch64", "hvm", ("qemu",), (), None),))
    arch: dict[str, Any] = {"host": host} if by_host else {"arch": "aarch64", "type": "qemu"}
    disk = parsed(render("linux", name="a", disk="/srv/a.qcow2", **arch))
    assert disk.find("os[@firmware='efi']") is not None
    assert disk.findtext("cpu/model") == "cortex-a57"
    kernel = parsed(render("linux", name="a", kernel="/boot/vmlinuz", **arch))
    assert kernel.find("os[@firmware]") is None
    assert kernel.findtext("os/cmdline") == "console=ttyAMA0"


@pytest.mark.parametrize("machine", ["linux", "windows"])
def test_an_installation_starts_once_and_then_what_it_installed(machine: str) -> None:
    """An empty disk does not boot, so the CD-ROM does; after that the disk comes first."""
    root = parsed(render(machine, name="a", disk="/srv/a.qcow2", iso="/srv/a.iso"))
    assert [each.get("dev") for each in root.iterfind("os/boot")] == ["hd", "cdrom"]
    assert root.find("devices/disk/boot") is None


def test_a_check_that_was_asked_for_is_not_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without libvirt's schema ``validate=True`` is an error; "auto" does what can be done."""
    monkeypatch.delenv("VIRTKIT_SCHEMAS", raising=False)
    monkeypatch.setattr(schemas, "FOLDERS", ())
    spec = DomainSpec(name="web", memory="1GiB", xml="<domain><title>a</title></domain>")
    assert parsed(render(spec)).findtext("title") == "a"
    with pytest.raises(SchemaError, match="not installed"):
        render(spec, validate=True)


@pytest.mark.parametrize("machine", ["linux", "microvm", "arm64", "mips"])
def test_a_console_log_is_added_to(machine: str) -> None:
    """libvirt would else empty the file whenever the guest starts, is restored, or arrives from elsewhere."""
    text = render(machine, name="a", kernel="/boot/vmlinuz", console_log="/srv/a.log")
    log = parsed(text).find("devices/serial/log")
    assert log is not None
    assert dict(log.attrib) == {"file": "/srv/a.log", "append": "on"}


@pytest.mark.skipif(not schema_available(), reason="libvirt's schemas are not installed")
@pytest.mark.parametrize("hypervisor", ["bhyve", "vmware", "hyperv", "vbox", "vz", "xen", "lxc", "test"])
def test_a_spec_for_each_hypervisor_is_valid(hypervisor: str) -> None:
    """A name, memory, and where the hypervisor has disks, a disk and an interface."""
    devices = {"disks": ["/srv/a.raw"], "interfaces": [{"bridge": "br0"}]} if hypervisor != "lxc" else {}
    spec = DomainSpec(name="web", type=hypervisor, memory="1GiB", **devices)
    assert parsed(render(spec, validate=True)).get("type") == hypervisor
