"""diff() says what of a wanted document is not so; what libvirt adds or writes otherwise is no difference."""

import pytest

from tests.unit.model.documents import DOMAIN, EXISTING
from virtkit import model
from virtkit.errors import DocumentError


def lines(wanted: str, actual: str, *, extra: bool = False) -> list[str]:
    return [str(difference) for difference in model.diff(wanted, actual, extra=extra)]


def domain(content: str) -> str:
    return f"<domain type='kvm'>{content}</domain>"


def test_nothing_differs_from_itself() -> None:
    """Views and texts may be mixed."""
    assert model.diff(DOMAIN, model.Domain.parse(DOMAIN)) == []


def test_what_libvirt_adds_is_no_difference() -> None:
    """What a new definition states is there in another spelling, among much else."""
    wanted = domain(
        "<name>web1</name><memory unit='GiB'>2</memory><vcpu>2</vcpu>"
        "<os firmware='efi'><type machine='q35'>hvm</type><boot dev='hd'/></os><features><acpi/></features>"
        "<devices><disk type='file' device='disk'><source file='/srv/web1.qcow2'/><target dev='vda'/>"
        "<address type='pci' domain='0' bus='4' slot='0' function='0'/></disk>"
        "<interface type='network'><mac address='52:54:00:00:00:01'/></interface></devices>"
    )
    assert lines(wanted, EXISTING) == []


@pytest.mark.parametrize(
    ("wanted", "actual"),
    [
        ("<memory unit='MiB'>1024</memory>", "<memory unit='KiB'>1048576</memory>"),
        ("<memory>1048576</memory>", "<memory unit='KiB'>1048576</memory>"),
        ("<uuid>8E9FD4BA6B4A4F4B8B9C7A0F0B9E5D11</uuid>",
         "<uuid>8e9fd4ba-6b4a-4f4b-8b9c-7a0f0b9e5d11</uuid>"),
        ("<vcpu cpuset='0-2,5,^1'>4</vcpu>", "<vcpu cpuset='0,2,5'>4</vcpu>"),
        ("<os><type arch='amd64' machine='pc'>hvm</type></os>",
         "<os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os>"),
        ("<devices><console type='pty'><target type='virtio' port='0'/></console></devices>",
         ("<devices><console type='pty'><target type='serial' port='0'/></console>"
         "<console type='pty'><target type='virtio' port='1'/></console></devices>")),
    ],
)  # fmt: skip
def test_spellings_of_one_thing(wanted: str, actual: str) -> None:
    """Units, aliases, sets of numbers, positions that libvirt counts anew."""
    assert lines(domain(wanted), domain(actual)) == []


def test_what_a_running_domain_shows_of_its_cpu() -> None:
    """The model that host-model became; the definition of one that is off keeps the word."""
    custom = "<cpu mode='custom' match='exact'><model>Skylake</model></cpu>"
    wanted = domain("<cpu mode='host-model'/>")
    assert lines(wanted, f"<domain type='kvm' id='1'>{custom}</domain>") == []
    assert lines(wanted, domain(custom)) == ["domain/cpu/@mode: host-model is wanted, custom is there"]


@pytest.mark.parametrize("last", ["9" * 15, "9" * 5000])
def test_a_set_that_no_host_has_is_compared_as_a_text(last: str) -> None:
    """Counting it out would take all memory, or be refused by Python."""
    cpus = f"<vcpu cpuset='0-{last}'>4</vcpu>"
    assert lines(domain(cpus), domain(cpus)) == []
    assert len(lines(domain(cpus), domain("<vcpu cpuset='0-3'>4</vcpu>"))) == 1


@pytest.mark.parametrize(
    ("wanted", "actual", "message"),
    [
        ("<memory unit='GiB'>2</memory>",
         "<memory>1</memory>", "domain/memory: 2 GiB is wanted, 1 KiB is there"),
        ("<title>T</title>", "", "domain/title: <title>T</title> is wanted, and missing"),
        ("<os><type machine='pc-q35-8.0'>hvm</type></os>", "<os><type machine='pc-q35-7.2'>hvm</type></os>",
         "domain/os/type/@machine: pc-q35-8.0 is wanted, pc-q35-7.2 is there"),
        ("<os><boot dev='cdrom'/><boot dev='hd'/></os>", "<os><boot dev='hd'/></os>",
         "domain/os/boot: cdrom, hd is wanted, hd is there"),
        ("<devices><disk><driver cache='none'/><target dev='vda'/></disk></devices>",
         "<devices><disk><driver cache='writeback'/><target dev='vda'/></disk></devices>",
         "domain/devices/disk[vda]/driver/@cache: none is wanted, writeback is there"),
        ("<devices><disk type='file'><target dev='vdb'/></disk></devices>",
         "<devices><disk type='file'><target dev='vda'/></disk></devices>",
         "domain/devices/disk[vdb]: <disk type='file'> is wanted, and missing"),
    ],
)  # fmt: skip
def test_differences_name_place_and_values(wanted: str, actual: str, message: str) -> None:
    """One line for each."""
    assert lines(domain(wanted), domain(actual)) == [message]


@pytest.mark.parametrize(
    "there", ["<graphics type='vnc' passwd='other'/>", "<graphics type='vnc'/>", "<graphics type='spice'/>"]
)
def test_secrets_are_never_shown(there: str) -> None:
    """Whether the password differs, is missing, or its whole element is."""
    wanted = domain("<devices><graphics type='vnc' passwd='hunter2'/></devices>")
    differences = model.diff(wanted, domain(f"<devices>{there}</devices>"))
    assert differences
    assert "hunter2" not in repr(differences) + "".join(map(str, differences))
    assert "other" not in repr(differences)


def test_devices_that_are_not_wanted_are_told_on_request() -> None:
    """Only those that libvirt never adds by itself: no controllers."""
    wanted = domain("<devices><disk><target dev='vda'/></disk><interface type='network'/></devices>")
    assert lines(wanted, EXISTING) == []
    assert lines(wanted, EXISTING, extra=True) == [
        "domain/devices/interface[52:54:00:00:00:02]: there, and not wanted",
        "domain/devices/vsock[1]: there, and not wanted",
    ]


def test_an_automatic_port_is_any_port() -> None:
    """libvirt chooses one at each start."""
    wanted = domain("<devices><graphics type='vnc' port='-1' autoport='yes'/></devices>")
    assert lines(wanted, domain("<devices><graphics type='vnc' port='5901' autoport='yes'/></devices>")) == []


def test_unnamed_devices_find_what_is_most_like_them() -> None:
    """Not just the first."""
    wanted = domain("<devices><rng model='virtio'><backend model='builtin'/></rng></devices>")
    actual = domain(
        "<devices><rng model='virtio'><backend model='random'>/dev/random</backend></rng>"
        "<rng model='virtio'><backend model='builtin'/></rng></devices>"
    )
    assert lines(wanted, actual) == []


def test_documents_of_different_kinds_cannot_be_compared() -> None:
    """That is an error, and no difference."""
    with pytest.raises(DocumentError, match="a <domain> cannot be compared with a <network>"):
        model.diff("<domain/>", "<network/>")
