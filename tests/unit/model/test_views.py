"""Views read and write the tree itself, and nothing that they do not know is lost."""

from pathlib import Path
from typing import Any, assert_type

import pytest

from tests.unit.model.documents import DOMAIN
from virtkit import model, tree
from virtkit.errors import DocumentError, ParseError
from virtkit.model.devices import Disk


@pytest.fixture
def domain() -> model.Domain:
    return model.Domain.parse(DOMAIN)


def test_what_is_only_read_stays_as_it_was(domain: model.Domain) -> None:
    """Byte for byte, but for the quotes of attributes: comments, unknown elements and blanks too."""
    assert domain.to_xml().replace('"', "'") == DOMAIN


def test_fields_read_with_their_types(domain: model.Domain) -> None:
    """Also for mypy: it knows the type of each field."""
    assert_type(domain.name, str | None)
    assert_type(domain.memory, int | None)
    assert_type(domain.features.acpi, bool)
    assert_type(domain.devices.disks[0], Disk)
    assert domain.name == "web1"
    assert domain.memory == 2 * 2**30
    assert domain.vcpu.count == 2
    assert domain.os.type.machine == "q35"
    assert domain.features.acpi
    assert domain.devices.graphics[0].autoport is True
    assert domain.devices.hostdevs[0].source.address.bus == 6
    assert domain.qemu_commandline.args[0].value == "-no-hpet"


def test_what_is_not_there_reads_as_none(domain: model.Domain) -> None:
    """However deep: asking makes nothing."""
    assert domain.cpu.numa.interconnects.latencies[:] == []
    assert domain.title is None
    assert domain.devices.disk("vda").mirror.source.file is None
    assert not domain.devices.iommu
    assert domain.to_xml().replace('"', "'") == DOMAIN


def test_setting_makes_the_elements_on_the_way(domain: model.Domain) -> None:
    """In the places where libvirt writes them."""
    disk = domain.devices.disk("vda")
    disk.driver.cache = "none"
    disk.iotune.read_iops_sec = 100
    disk.boot_order = 1
    tags = [child.tag for child in disk.element]
    assert tags == ["driver", "source", "target", "iotune", "boot", "future"]
    assert '<driver name="qemu" type="qcow2" cache="none"/>' in domain.to_xml()


def test_removing_takes_the_emptied_parents_along(domain: model.Domain) -> None:
    """Setting and removing again leaves the text as it was."""
    before = domain.to_xml()
    domain.cpu.numa.interconnects.latencies.add(initiator=0, target=0, type="access", value=5)
    domain.cputune.vcpupins.add(vcpu=0, cpuset="1")
    domain.clock.offset = "utc"
    domain.title = "Web"
    domain.cpu.numa.interconnects.latencies.clear()
    domain.cputune.vcpupins.remove(domain.cputune.vcpupins[0])
    del domain.clock.offset
    domain.title = None
    assert domain.to_xml() == before


def test_an_element_that_says_something_when_empty_stays(domain: model.Domain) -> None:
    """<apic/> without its attribute is not no APIC."""
    domain.features.apic.eoi = True
    domain.features.apic.eoi = None
    assert domain.features.apic


def test_views_on_one_tree_see_each_others_edits(domain: model.Domain) -> None:
    """There is no second copy of the data."""
    other = model.Domain(domain.element)
    driver = domain.devices.disk("vda").driver
    seen = []
    other.devices.disk("vda").driver.cache = "writeback"
    seen.append(driver.cache)
    del other.devices.disk("vda").driver
    seen.append(driver.cache)
    driver.name = "qemu"
    assert other.devices.disk("vda").driver.name == "qemu"
    assert seen == ["writeback", None]


def test_integers_keep_their_spelling() -> None:
    """Hex stays hex, as wide as it was; the same value leaves the text alone."""
    domain = model.Domain.parse(DOMAIN)
    address = domain.devices.hostdevs[0].source.address
    address.bus = 6
    address.slot = 0x1F
    assert address.element.get("bus") == "0x06"
    assert address.element.get("slot") == "0x1f"


def test_sizes_are_bytes_and_keep_their_unit(domain: model.Domain) -> None:
    """A unit that does not fit any more gives way to one that loses nothing."""
    domain.memory = 2**30
    assert '<memory unit="MiB">1024</memory>' in domain.to_xml()
    domain.memory = 2**30 + 1
    assert '<memory unit="bytes">1073741825</memory>' in domain.to_xml()
    domain.current_memory = "1GiB"
    assert '<currentMemory unit="KiB">1048576</currentMemory>' in domain.to_xml()


def test_the_last_element_of_a_path_that_was_only_its_child_goes_too(domain: model.Domain) -> None:
    """Fields with a path make and remove all of it."""
    nic = domain.devices.interfaces[1]
    before = domain.to_xml()
    nic.coalesce_rx_frames_max = 7
    assert "<coalesce>" in domain.to_xml()
    nic.coalesce_rx_frames_max = None
    assert domain.to_xml() == before


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("driver.cache", "writebakc", "did you mean 'writeback'"),
        ("driver.queues", "4", "'4' is not a whole number"),
        ("driver.ioeventfd", "on", "neither True nor False"),
        ("source.file", "a\x00b", "Disk|StorageSource.file"),
    ],
)
def test_a_wrong_value_is_refused_by_name(domain: model.Domain, path: str, value: Any, message: str) -> None:
    """And nothing has changed."""
    before = domain.to_xml()
    part, field = path.split(".")
    with pytest.raises(DocumentError, match=message):
        setattr(getattr(domain.devices.disk("sda"), part), field, value)
    assert domain.to_xml() == before


def test_a_number_that_is_none_says_where() -> None:
    """Reading what libvirt would never write names field and line."""
    domain = model.Domain.parse("<domain type='kvm'>\n<vcpu>many</vcpu></domain>")
    with pytest.raises(DocumentError, match=r"Vcpu.count \(vcpu/\.\) at line 2.*'many'"):
        _ = domain.vcpu.count


def test_a_word_that_is_new_is_read_as_it_is() -> None:
    """libvirt may be newer than this."""
    assert model.Domain.parse("<domain type='novel'/>").type == "novel"  # type: ignore[comparison-overlap]


def test_lists_are_live_and_in_document_order(domain: model.Domain) -> None:
    """add() puts a new one behind its like."""
    disks = domain.devices.disks
    added = disks.add(type="block", device="disk")
    added.source.dev = "/dev/sdb"
    added.target.dev = "vdb"
    assert [disk.target.dev for disk in domain.devices.disks] == ["vda", "sda", "vdb"]
    assert disks[-1] == added
    disks.remove(added)
    assert len(disks) == 2
    with pytest.raises(ValueError, match="not in this list"):
        disks.remove(added)
    assert disks.pop(0).target.dev == "vda"
    assert [disk.target.dev for disk in domain.devices.disks] == ["sda"]
    with pytest.raises(IndexError):
        disks.pop(1)


def test_a_device_of_another_document_is_copied(domain: model.Domain) -> None:
    """It does not leave the document that it is in."""
    other = model.Domain.parse(DOMAIN)
    domain.devices.disks.append(other.devices.disk("sda"))
    domain.devices.disks.append("<disk type='dir'><target dev='vdz'/></disk>")
    assert [disk.target.dev for disk in domain.devices.disks] == ["vda", "sda", "sda", "vdz"]
    assert len(other.devices.disks) == 2
    with pytest.raises(DocumentError, match="expected"):
        domain.devices.disks.append("<video/>")


def test_finders_find_or_say_what_there_is(domain: model.Domain) -> None:
    """By what the user knows a device by."""
    assert domain.devices.interface(mac="52:54:00:AA:BB:01").source.network == "default"
    with pytest.raises(LookupError, match="no disk 'vdx'; there is vda, sda"):
        domain.devices.disk("vdx")


def test_metadata_is_by_namespace(domain: model.Domain) -> None:
    """One element for each, of which other applications know nothing."""
    uri = "https://example.org/mine"
    domain.metadata.set(f"<m:one xmlns:m='{uri}'/>")
    domain.metadata.set(f"<m:two xmlns:m='{uri}'/>")
    found = domain.metadata.get(uri)
    assert found is not None
    assert found.tag == f"{{{uri}}}two"
    domain.metadata.remove(uri)
    assert domain.metadata.get(uri) is None
    assert domain.metadata.get("https://example.org/app") is not None
    with pytest.raises(ValueError, match="no XML namespace"):
        domain.metadata.set("<plain/>")


def test_new_views_and_whole_children() -> None:
    """A view can be made by itself and put in place whole."""
    disk = Disk.new(type="file", device="disk", serial="  kept blanks")
    domain = model.Domain.new(type="test", name="t")
    domain.devices.disks.append(disk)
    assert domain.devices.disks[0].serial == "  kept blanks"
    with pytest.raises(AttributeError, match="no field 'nonsense'"):
        Disk.new(nonsense=1)


def test_what_is_no_field_cannot_be_set(domain: model.Domain) -> None:
    """It would not be in the document: mypy says so, and so does the view."""
    with pytest.raises(AttributeError, match="<domain> has no field 'memry'"):
        domain.memry = 1  # type: ignore[attr-defined]


def test_sources(tmp_path: Path) -> None:
    """Text, bytes, a path or an element; another root and broken text are errors."""
    file = tmp_path / "d.xml"
    file.write_text(DOMAIN)
    for source in (
        DOMAIN,
        DOMAIN.encode(),
        file,
        tree.parse(DOMAIN),
        "<?xml version='1.0' encoding='utf-8'?>" + DOMAIN,
    ):
        assert model.Domain.parse(source).name == "web1"
    with pytest.raises(DocumentError, match="this is a <network>, and a <domain> was expected"):
        model.Domain.parse("<network/>")
    with pytest.raises(ParseError):
        model.Domain.parse("<domain>")


def test_paths_list_what_is_typed() -> None:
    """Elements and attributes, with the customary prefixes."""
    paths = model.paths(model.Domain)
    assert {
        "domain/devices/disk/driver/@cache",
        "domain/memory/@unit",
        "domain/devices/disk/backingStore/backingStore",
        "domain/qemu:commandline/qemu:arg/@value",
    } <= paths
    assert len(paths) > 2500
