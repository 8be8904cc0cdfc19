"""A domain that is defined again stays the same machine to its guest."""

import pytest

from tests.unit.model.documents import DOMAIN, EXISTING
from virtkit import model
from virtkit.errors import DocumentError

NEW = """\
<domain type='kvm'>
  <name>web1</name>
  <memory unit='GiB'>2</memory>
  <os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'><source file='/srv/web1.qcow2'/><target dev='vda' bus='virtio'/></disk>
    <interface type='bridge'><source bridge='br0'/><model type='virtio'/></interface>
    <interface type='network'><source network='default'/><model type='virtio'/></interface>
    <vsock model='virtio'><cid auto='yes'/></vsock>
  </devices>
</domain>
"""


def carried(new: str = NEW, existing: str = EXISTING) -> model.Domain:
    return model.Domain.parse(model.carry_over(new, existing))


def test_uuid_nvram_and_cid_are_kept() -> None:
    """And what the new document does not speak of is not invented: no generation id."""
    result = carried()
    assert result.uuid == "8e9fd4ba-6b4a-4f4b-8b9c-7a0f0b9e5d11"
    assert result.os.nvram.path == "/var/lib/libvirt/qemu/nvram/web1_VARS.fd"
    assert result.os.nvram.template == "/usr/share/OVMF/OVMF_VARS_4M.fd"
    assert result.devices.vsock.cid.address == 5
    assert result.genid is None


def test_an_empty_generation_id_asks_for_the_old_one() -> None:
    """libvirt would make a new one."""
    result = carried(NEW.replace("<memory", "<genid/><memory"))
    assert result.genid == "5f1e0d4e-8b6b-4f4b-8b9c-000000000001"


def test_what_the_new_document_states_stands() -> None:
    """Also a UUID of another domain: that is the host's to refuse."""
    result = carried(DOMAIN.replace("<uuid>8", "<uuid>9"))
    assert result.uuid is not None
    assert result.uuid.startswith("9")
    assert result.devices.interfaces[0].mac.address == "52:54:00:aa:bb:01"


def test_macs_go_by_type_and_source() -> None:
    """The order of interfaces does not count, where they differ."""
    assert [nic.mac.address for nic in carried().devices.interfaces] == [
        "52:54:00:00:00:02",
        "52:54:00:00:00:01",
    ]


def test_macs_go_by_alias_first() -> None:
    """Even where the interface is on another network now."""
    new = NEW.replace("<source network='default'/>", "<source network='other'/><alias name='ua-second'/>")
    macs = [nic.mac.address for nic in carried(new).devices.interfaces]
    assert macs[1] == "52:54:00:00:00:02"


def test_a_card_that_is_plugged_in_elsewhere_keeps_its_mac() -> None:
    """By position, if no interface came or went."""
    new = NEW.replace("network='default'", "network='other'")
    assert [nic.mac.address for nic in carried(new).devices.interfaces] == [
        "52:54:00:00:00:02",
        "52:54:00:00:00:01",
    ]


def test_no_mac_is_given_twice() -> None:
    """Not one that the new document states, nor one that another interface got."""
    twice = "<interface type='network'><source network='default'/></interface>"
    new = NEW.replace(
        "</devices>",
        f"{twice}<interface type='user'><mac address='52:54:00:00:00:02'/></interface></devices>",
    )
    macs = [nic.mac.address for nic in carried(new).devices.interfaces]
    assert macs == [None, "52:54:00:00:00:01", None, "52:54:00:00:00:02"]


def test_no_nvram_without_flash() -> None:
    """A BIOS guest has no variables."""
    assert not carried(NEW.replace(" firmware='efi'", "")).os.nvram


def test_devices_keep_their_pci_addresses_and_buses() -> None:
    """An alias of the machine type is the same machine."""
    result = carried()
    assert result.devices.disk("vda").address.bus == 4
    assert [controller.index for controller in result.devices.controllers] == [0, 4]
    network = result.devices.interfaces[1]
    assert network.address.bus == 1


def test_another_piece_of_hardware_gets_another_slot() -> None:
    """The bridged interface was an e1000e, and is virtio now."""
    assert not carried().devices.interfaces[0].address


def test_another_machine_has_other_addresses() -> None:
    """What fits into q35 does not fit into pc."""
    result = carried(NEW.replace("q35", "pc"))
    assert not result.devices.disk("vda").address
    assert not result.devices.controllers
    assert result.uuid is not None


def test_a_slot_that_is_taken_stays_taken() -> None:
    """The new document's own addresses come first."""
    new = NEW.replace(
        "<model type='virtio'/></interface>\n    <vsock",
        "<model type='virtio'/><address type='pci' bus='4' slot='0' function='0'/></interface>\n    <vsock",
    )
    result = carried(new)
    assert not result.devices.disk("vda").address


def test_carrying_over_twice_changes_nothing() -> None:
    """The second definition is the first."""
    once = model.carry_over(NEW, EXISTING)
    assert model.carry_over(once, EXISTING) == once
    assert model.diff(once, model.merge(EXISTING, once)) == []


NETWORK = (
    "<network><name>lan</name><uuid>8e9fd4ba-6b4a-4f4b-8b9c-7a0f0b9e5d11</uuid>{forward}"
    "<bridge name='virbr3' stp='on'/><mac address='52:54:00:00:00:07'/></network>"
)


def test_a_network_keeps_its_names() -> None:
    """UUID, bridge and MAC address; what the new one says stays, and what it leaves open otherwise too."""
    existing = NETWORK.format(forward="<forward mode='nat'/><domain name='old'/>")
    new = "<network><name>lan</name><forward mode='nat'/><bridge stp='off'/></network>"
    kept = model.Network.parse(model.carry_over(new, existing))
    assert (str(kept.uuid), kept.bridge.name) == ("8e9fd4ba-6b4a-4f4b-8b9c-7a0f0b9e5d11", "virbr3")
    assert kept.element.find("mac") is not None
    assert kept.element.find("domain") is None
    assert model.diff(new, kept) == []
    other = "<network><name>lan</name><bridge name='br9'/></network>"
    assert model.Network.parse(model.carry_over(other, existing)).bridge.name == "br9"


def test_a_network_over_a_bridge_of_the_host_gets_none_of_its_own() -> None:
    """libvirt refuses one there."""
    new = "<network><name>lan</name><forward mode='hostdev'/></network>"
    kept = model.Network.parse(model.carry_over(new, NETWORK.format(forward="")))
    assert kept.element.find("bridge") is None
    assert kept.element.find("mac") is None
    assert kept.element.find("uuid") is not None


def test_other_documents_keep_their_uuid() -> None:
    """Pools, filters and secrets; volumes have none."""
    for kind in ("pool", "filter", "secret"):
        kept = model.carry_over(f"<{kind}/>", f"<{kind}><uuid>u</uuid><name>n</name></{kind}>")
        assert model.diff(f"<{kind}><uuid>u</uuid></{kind}>", kept) == []
        assert "<name>" not in kept
    assert (
        model.diff(
            "<volume><name>n</name></volume>",
            model.carry_over(
                "<volume><name>n</name></volume>", "<volume><name>n</name><key>k</key></volume>"
            ),
        )
        == []
    )


def test_nothing_is_carried_over_into_another_kind() -> None:
    """That is an error."""
    with pytest.raises(DocumentError, match="nothing of a <domain> is carried over into a <network>"):
        model.carry_over("<network/>", "<domain/>")
