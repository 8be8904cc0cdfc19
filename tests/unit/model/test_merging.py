"""An overlay is laid over a document by what is the same thing in both."""

import pytest

from tests.unit.model.documents import DOMAIN
from virtkit import model, tree
from virtkit.errors import DocumentError, ParseError

VIRTKIT = f"xmlns:virtkit='{model.NAMESPACE}'"


def merged(devices: str, rest: str = "") -> model.Domain:
    """The domain with an overlay of devices."""
    return model.Domain.parse(
        model.merge(DOMAIN, f"<domain {VIRTKIT}>{rest}<devices>{devices}</devices></domain>")
    )


def test_merging_with_itself_changes_nothing() -> None:
    """Every element has found itself."""
    assert tree.equal(tree.parse(model.merge(DOMAIN, DOMAIN)), tree.parse(DOMAIN))


def test_a_disk_is_known_by_its_target() -> None:
    """What is not mentioned stays, and what is new has its place."""
    disk = merged("<disk><driver cache='none'/><target dev='vda'/><serial>S1</serial></disk>").devices.disk(
        "vda"
    )
    assert (disk.driver.cache, disk.driver.type, disk.serial) == ("none", "qcow2", "S1")
    assert disk.source.file == "/srv/web1.qcow2"


def test_another_target_is_another_disk() -> None:
    """It is added behind the disks that are there."""
    result = merged("<disk type='file'><source file='/b'/><target dev='vdb'/></disk>")
    assert [disk.target.dev for disk in result.devices.disks] == ["vda", "sda", "vdb"]


def test_an_interface_is_known_by_its_mac_else_by_kind_and_position() -> None:
    """The case of the address does not count."""
    result = merged(
        "<interface><mac address='52:54:00:AA:BB:01'/><mtu size='9000'/></interface>"
        "<interface type='bridge'><mtu size='1400'/></interface>"
        "<interface type='user'/>"
    )
    assert [(nic.type, nic.mtu) for nic in result.devices.interfaces] == [
        ("network", 9000), ("bridge", 1400), ("user", None),
    ]  # fmt: skip


def test_elements_that_occur_once_are_themselves() -> None:
    """New ones go where libvirt writes them."""
    result = merged("", "<memory unit='GiB'>4</memory><cpu mode='host-passthrough'/><title>T</title>")
    assert (result.memory, result.cpu.mode, result.title) == (4 * 2**30, "host-passthrough", "T")
    assert [child.tag for child in result.element if isinstance(child.tag, str)][:4] == [
        "name",
        "uuid",
        "title",
        "metadata",
    ]


def test_boot_devices_are_a_list() -> None:
    """An overlay states the whole order."""
    result = merged("", "<os><boot dev='cdrom'/><boot dev='network'/></os>")
    assert [boot.dev for boot in result.os.boots] == ["cdrom", "network"]


def test_arguments_for_qemu_are_added_once() -> None:
    """With a prefix of the overlay's own."""
    overlay = (
        "<domain xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'>"
        "<q:commandline><q:arg value='-S'/></q:commandline></domain>"
    )
    once = model.merge(DOMAIN, overlay)
    assert [arg.value for arg in model.Domain.parse(once).qemu_commandline.args] == ["-no-hpet", "-S"]
    assert model.merge(once, overlay) == once


def test_remove_takes_an_element_out() -> None:
    """One that is not there is no error."""
    result = merged(
        "<disk virtkit:remove='yes'><target dev='sda'/></disk>"
        "<disk virtkit:remove='yes'><target dev='vdx'/></disk>"
        "<video virtkit:remove='yes'/>"
    )
    assert [disk.target.dev for disk in result.devices.disks] == ["vda"]
    assert not result.devices.videos


def test_replace_puts_an_element_in_place_whole() -> None:
    """Nothing of the old one is left."""
    result = merged(
        "<disk type='block' virtkit:replace='yes'><source dev='/dev/sdb'/><target dev='vda'/></disk>"
    )
    disk = result.devices.disks[0]
    assert (disk.type, disk.source.dev, disk.source.file, disk.driver.type) == (
        "block",
        "/dev/sdb",
        None,
        None,
    )


def test_add_adds_whatever_is_there() -> None:
    """A second network card on the same network."""
    result = merged("<interface type='network' virtkit:add='yes'><source network='default'/></interface>")
    assert [nic.type for nic in result.devices.interfaces] == ["network", "bridge", "network"]


def test_unset_removes_attributes() -> None:
    """Those that are named, of the element that is meant."""
    result = merged("<disk><driver virtkit:unset='type'/><target dev='vda'/></disk>")
    assert result.devices.disk("vda").driver.type is None


def test_no_instruction_is_left() -> None:
    """Not in what was added either, and no namespace that nobody uses."""
    text = model.merge(
        "<domain/>",
        f"<domain {VIRTKIT}><devices><disk virtkit:add='yes'><serial virtkit:remove='yes'/></disk>"
        "</devices></domain>",
    )
    assert "virtkit" not in text
    assert "serial" not in text


def test_neither_argument_is_changed() -> None:
    """Elements are taken as they are, and copied."""
    base, overlay = tree.parse(DOMAIN), tree.parse("<domain><title>T</title></domain>")
    model.merge(base, overlay)
    assert base.find("title") is None
    assert overlay.find("title") is not None


def test_single_devices_can_be_merged_too() -> None:
    """The root may be any element."""
    assert '<model type="e1000"/>' in model.merge(
        "<interface type='user'/>", "<interface><model type='e1000'/></interface>"
    )


@pytest.mark.parametrize(
    ("overlay", "error", "message"),
    [
        ("<network/>", DocumentError, "overlay is a <network>, and is laid over a <domain>"),
        (f"<domain {VIRTKIT} virtkit:remove='yes'/>", DocumentError, "whole document"),
        ("<domain>", ParseError, "the overlay is not well-formed"),
        ("", ParseError, "the overlay"),
    ],
)
def test_overlays_that_cannot_be(overlay: str, error: type[Exception], message: str) -> None:
    """Each error says what was wrong with the overlay."""
    with pytest.raises(error, match=message):
        model.merge(DOMAIN, overlay)
