"""What is filled in for what a spec leaves unsaid, and what short forms stand for."""

from pathlib import Path
from typing import Any

import pytest

from virtkit.spec import DomainSpec
from virtkit.spec.devices import DiskSpec

Q, ISO = "/srv/a.qcow2", "/srv/a.iso"


def completed(**fields: Any) -> DomainSpec:
    return DomainSpec(**({"name": "web1", "memory": "2GiB"} | fields)).completed


def test_short_forms() -> None:
    """A bare value where one key says it all; one device where a list is expected."""
    spec = DomainSpec(
        name="web1",
        memory="2GiB",
        vcpus=2,
        cpu="Haswell",
        disks=Q,
        interfaces=["default", "user"],
        graphics="vnc",
        rng=True,
        clock="localtime",
        memory_backing={"hugepages": "1GiB"},
        features=["acpi"],
    )
    assert spec.vcpus.count == 2
    assert spec.cpu is not None
    assert (spec.cpu.mode, spec.cpu.model) == ("custom", "Haswell")
    assert spec.disks == [DiskSpec(source=Q)]
    assert [interface.kind for interface in spec.interfaces] == ["network", "user"]
    assert len(spec.rng) == len(spec.graphics) == 1
    assert spec.features is not None
    assert spec.features.acpi


@pytest.mark.parametrize(
    ("text", "size"), [("2GiB", 2**31), ("2G", 2**31), ("2GB", 2 * 10**9), ("512 MiB", 2**29), (2**31, 2**31)]
)
def test_sizes_are_held_in_bytes(text: str | int, size: int) -> None:
    """As an int that shows itself as people write it."""
    spec = DomainSpec(name="web1", memory=text)
    assert spec.memory == size
    assert isinstance(spec.memory, int)
    assert str(spec.memory) == str(size)


@pytest.mark.parametrize(
    ("around", "buses", "targets"),
    [
        ({}, ["virtio", "sata"], ["vda", "sda"]),
        ({"machine": "pc-i440fx-7.2"}, ["virtio", "ide"], ["vda", "hda"]),
        ({"machine": "pc-q35-7.2"}, ["virtio", "sata"], ["vda", "sda"]),
        ({"arch": "aarch64", "machine": "virt"}, ["virtio", "scsi"], ["vda", "sda"]),
        ({"arch": "mipsel", "machine": "malta"}, ["ide", "ide"], ["hda", "hdb"]),
        ({"type": "xen"}, ["xen", "ide"], ["xvda", "hda"]),
        ({"type": "vmware"}, ["scsi", "ide"], ["sda", "hda"]),
    ],
)
def test_bus_and_target_by_machine(around: dict[str, Any], buses: list[str], targets: list[str]) -> None:
    """A disk and a CD-ROM are where such a machine has them."""
    spec = completed(disks=[Q, ISO], **around)
    assert [disk.bus for disk in spec.disks] == buses
    assert [disk.target for disk in spec.disks] == targets


def test_targets_that_are_stated_are_not_given_again() -> None:
    """The first free one; after sdz comes sdaa; a target tells the bus."""
    spec = completed(disks=[{"source": Q, "target": "vdb"}, Q, Q, {"source": Q, "target": "hdc"}])
    assert [disk.target for disk in spec.disks] == ["vdb", "vda", "vdc", "hdc"]
    assert spec.disks[3].bus == "ide"
    assert completed(disks=[Q] * 28).disks[27].target == "vdab"


@pytest.mark.parametrize(
    ("disk", "format"),
    [
        (Q, "qcow2"),
        ("/srv/a.IMG", "raw"),
        ("/srv/a.raw", "raw"),
        (ISO, "raw"),
        ("/srv/a.vmdk", "vmdk"),
        ("/dev/vg/a", "raw"),
        ({"pool": "default", "volume": "a.qcow2"}, "qcow2"),
        ({"protocol": "rbd", "name": "pool/a"}, "raw"),
        ({"device": "cdrom"}, "raw"),
    ],
)
def test_the_format_is_what_the_name_tells(disk: Any, format: str) -> None:  # noqa: A002
    """A name that tells nothing is refused, which test_problems shows."""
    assert completed(disks=disk).disks[0].format == format


def test_the_agents_channel_comes_by_itself() -> None:
    """In machines of QEMU, once, and not if it is not wanted."""
    assert [channel.name for channel in completed().channels] == ["org.qemu.guest_agent.0"]
    assert len(completed(channels="agent").channels) == 1
    assert completed(agent=False).channels == []
    assert completed(type="lxc").channels == completed(type="vmware").channels == []


def test_virtiofs_gets_the_memory_that_it_needs() -> None:
    """Shared, and of a kind that can be; huge pages can."""
    share = {"source": "/srv", "target": "srv"}
    backing = completed(filesystems=share).memory_backing
    assert backing is not None
    assert (backing.access, backing.source) == ("shared", "memfd")
    backing = completed(filesystems=share, memory_backing={"hugepages": True}).memory_backing
    assert backing is not None
    assert (backing.access, backing.source) == ("shared", None)
    assert completed(filesystems=share | {"driver": "9p"}).memory_backing is None


def test_scsi_disks_of_qemu_get_virtio_scsi() -> None:
    """Unless a controller is stated."""
    disk = {"source": Q, "bus": "scsi"}
    assert [controller.model for controller in completed(disks=disk).controllers] == ["virtio-scsi"]
    stated = {"type": "scsi", "model": "lsilogic"}
    assert [each.model for each in completed(disks=disk, controllers=stated).controllers] == ["lsilogic"]


def test_secure_boot_gets_what_it_needs() -> None:
    """q35, system management mode and the vendors' keys."""
    spec = completed(boot={"firmware": "efi", "secure": True})
    assert spec.boot is not None
    assert spec.features is not None
    assert (spec.machine, spec.features.smm, spec.boot.enrolled_keys) == ("q35", True, True)


def test_acpi_is_on_where_the_machine_has_it() -> None:
    """Without it a guest does not hear of shutdown; a stated off stays off."""
    for fields, acpi in [({}, True), ({"arch": "aarch64"}, None), ({"arch": "aarch64", "boot": "efi"}, True)]:
        features = completed(**fields).features
        assert (features.acpi if features is not None else None) is acpi
    features = completed(features={"acpi": False}).features
    assert features is not None
    assert features.acpi is False


def test_yaml_from_a_file(tmp_path: Path) -> None:
    """A path is read, a string is the text itself."""
    file = tmp_path / "web1.yaml"
    file.write_text("name: web1\nmemory: 2GiB\ndisks: [/srv/a.qcow2]\n")
    assert DomainSpec.from_yaml(file) == DomainSpec(name="web1", memory="2GiB", disks=[Q])


def test_the_json_schema_knows_every_field_and_the_short_forms() -> None:
    """With a description of each field, and a string where a string will do."""
    schema = DomainSpec.json_schema()
    fields = schema["anyOf"][0]["properties"] if "anyOf" in schema else schema["properties"]
    assert set(fields) == set(DomainSpec.model_fields)
    assert all("description" in field for field in fields.values())
    assert {"type": "string"} in schema["$defs"]["DiskSpec"]["anyOf"]


def test_what_a_url_says() -> None:
    """Protocol, host, port, name and query."""
    disk = DiskSpec(source="https://example.org:8443/images/a.iso?x=1")
    assert (disk.protocol, disk.name, disk.query) == ("https", "images/a.iso", "x=1")
    assert (disk.hosts[0].name, disk.hosts[0].port) == ("example.org", 8443)


def test_a_bare_iso_is_in_a_cdrom_drive() -> None:
    """A path or a URL that stands for a whole disk; a mapping says itself what it is."""
    bare = completed(disks=["/srv/a.iso", "https://example.org/b.iso?x=1"]).disks
    assert [disk.device for disk in bare] == ["cdrom", "cdrom"]
    assert DiskSpec(source="/srv/a.iso").device == "disk"


def test_drivers_of_disks_are_qemus_only_where_qemu_is() -> None:
    """The others have none, or their own, whether the spec or a macro fills it in."""
    for kind, driver in [("kvm", "qemu"), ("xen", "qemu"), ("bhyve", "file"), ("vmware", None), ("vz", None)]:
        disk = completed(type=kind, disks="/srv/a.img").disks[0]
        assert disk.driver == driver
        assert disk.completed is disk
    assert DiskSpec(source=Q).completed.driver == "qemu"
