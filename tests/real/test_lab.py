"""The lab does what it says: real guests, seen from their own clocks, through plain libvirt-python."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from tests.lab import TickLog, container, longest_gap, missing, repeated, ticking_domain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.lab import BootImage, Host, Lab

AGENT = "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
NETWORK = "<interface type='network'><source network='default'/><model type='virtio'/></interface>"


@pytest.fixture(scope="module")
def libvirt(lab: Lab) -> Any:
    """libvirt-python, with its error printing off."""
    module = pytest.importorskip("libvirt")
    module.registerErrorHandler(lambda *_: None, None)
    return module


@pytest.fixture
def connections(libvirt: Any, host_a: Host, host_b: Host) -> Iterator[tuple[Any, Any]]:
    """Connections to the QEMU drivers of both hosts; their domains are gone at the end."""
    pair = (libvirt.open(host_a.uri), libvirt.open(host_b.uri))
    yield pair
    for connection in pair:
        clear(libvirt, connection)
        connection.close()


def clear(libvirt: Any, connection: Any) -> None:
    """Remove all domains."""
    for domain in connection.listAllDomains():
        with suppress(libvirt.libvirtError):
            domain.destroy()
        with suppress(libvirt.libvirtError):
            domain.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE)


def eventually(condition: Callable[[], bool], timeout: float = 30) -> bool:
    """Whether the condition comes to hold within the time."""
    end = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def ticks(lab: Lab, request: pytest.FixtureRequest) -> TickLog:
    """The tick file of a guest that is named after the test."""
    path = lab.tick_file(request.node.name)
    path.unlink(missing_ok=True)
    return TickLog(path)


def test_hosts_are_two_and_only_emulate(connections: tuple[Any, Any], host_a: Host, host_b: Host) -> None:
    """Each host has a name and identity of its own, and offers no KVM even where the machine has it."""
    for connection, host in zip(connections, (host_a, host_b), strict=True):
        assert connection.getHostname() == host.hostname
        capabilities = connection.getCapabilities()
        assert "<domain type='qemu'" in capabilities
        assert "<domain type='kvm'" not in capabilities
    first, second = (text.partition("<uuid>")[2][:36] for text in (c.getCapabilities() for c in connections))
    assert first != second


def test_suspend_and_restore_stop_the_guests_clock(
    connections: tuple[Any, Any], guest_image: BootImage, lab: Lab, ticks: TickLog
) -> None:
    """A suspended guest does not tick; a resumed or restored one goes on where it was."""
    connection, _ = connections
    domain = connection.defineXML(ticking_domain("clock", guest_image, ticks.path))
    domain.create()
    ticks.wait_for_tick(3)
    domain.suspend()
    before = ticks.last()
    assert before is not None
    assert ticks.stands_still()
    domain.resume()
    ticks.wait_for_next(3)
    domain.save(str(lab.shared / "clock.save"))
    connection.restore(str(lab.shared / "clock.save"))
    ticks.wait_for_next(3)
    seen = ticks.since(before)
    assert not missing(seen)
    assert not repeated(seen)
    assert longest_gap(seen) < 0.5
    assert ticks.boots() == 1


@pytest.mark.parametrize("peer_to_peer", [True, False])
def test_ticks_go_on_through_live_migration(
    libvirt: Any,
    connections: tuple[Any, Any],
    host_b: Host,
    guest_image: BootImage,
    ticks: TickLog,
    *,
    peer_to_peer: bool,
) -> None:
    """No tick is lost or comes twice, and the domain is on the other host."""
    source, destination = connections
    domain = source.defineXML(ticking_domain("traveller", guest_image, ticks.path))
    domain.create()
    before = ticks.wait_for_tick(3)
    flags = libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_PERSIST_DEST | libvirt.VIR_MIGRATE_UNDEFINE_SOURCE
    parameters = {libvirt.VIR_MIGRATE_PARAM_URI: host_b.migrate_uri}
    if peer_to_peer:
        domain.migrateToURI3(host_b.uri, parameters, flags | libvirt.VIR_MIGRATE_PEER2PEER)
    else:
        domain.migrate3(destination, parameters, flags)
    ticks.wait_for_next(3)
    seen = ticks.since(before)
    assert not missing(seen)
    assert not repeated(seen)
    assert longest_gap(seen) < 2
    assert source.listAllDomains() == []
    assert destination.lookupByName("traveller").isActive()


def test_shared_disks_are_shared_storage_to_libvirt(
    libvirt: Any,
    connections: tuple[Any, Any],
    lab: Lab,
    host_b: Host,
    guest_image: BootImage,
    ticks: TickLog,
    shared_disks: Path,
) -> None:
    """A guest migrates with a disk in `shared_disks`, and not with one in `shared`."""
    flags = libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_PEER2PEER
    parameters = {libvirt.VIR_MIGRATE_PARAM_URI: host_b.migrate_uri}
    for folder in (lab.shared, shared_disks):
        path = folder / "disk.raw"
        path.write_bytes(bytes(1024 * 1024))
        disk = f"<disk type='file'><source file='{path}'/><target dev='vda' bus='virtio'/></disk>"
        domain = connections[0].createXML(ticking_domain("guest", guest_image, ticks.path, devices=disk))
        if folder == shared_disks:
            domain.migrateToURI3(host_b.uri, parameters, flags)
        else:
            with pytest.raises(libvirt.libvirtError, match="without shared storage"):
                domain.migrateToURI3(host_b.uri, parameters, flags)
            domain.destroy()
    assert connections[1].lookupByName("guest").isActive()
    ticks.wait_for_next(2)


@pytest.mark.parametrize(("parameters", "ends"), [("", True), ("lab.acpi=ignore", False)])
def test_guest_honours_the_power_button_unless_told_not_to(
    connections: tuple[Any, Any], guest_image: BootImage, ticks: TickLog, parameters: str, *, ends: bool
) -> None:
    """`lab.acpi=ignore` makes a guest that `shutdown` does not end."""
    xml = ticking_domain("button", guest_image, ticks.path, parameters=parameters)
    domain = connections[0].createXML(xml)
    ticks.wait_for_tick(5)
    domain.shutdown()
    if ends:
        ticks.wait_for_line("lab: power button")
        assert eventually(lambda: not connections[0].listAllDomains())
    else:
        ticks.wait_for_next(5)
        assert domain.isActive()


def test_guest_has_an_address_and_an_agent(
    libvirt: Any, connections: tuple[Any, Any], guest_image: BootImage, ticks: TickLog
) -> None:
    """DHCP works in the default network, and the guest agent answers."""
    agent = pytest.importorskip("libvirt_qemu")
    xml = ticking_domain("agent", guest_image, ticks.path, devices=AGENT + NETWORK)
    domain = connections[0].createXML(xml)
    leases = libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE
    assert eventually(lambda: bool(domain.interfaceAddresses(leases)))

    def answers() -> bool:
        with suppress(libvirt.libvirtError):
            return bool(agent.qemuAgentCommand(domain, '{"execute":"guest-ping"}', 2, 0))
        return False

    assert eventually(answers)


@pytest.mark.parametrize("arch", ["mips", "arm"])
def test_guests_of_foreign_processors_tick(
    connections: tuple[Any, Any], request: pytest.FixtureRequest, ticks: TickLog, arch: str
) -> None:
    """MIPS and ARM guests boot on x86."""
    image = request.getfixturevalue(f"{arch}_image")
    connections[0].createXML(ticking_domain(arch, image, ticks.path))
    ticks.wait_for_tick(3, timeout=120)


def test_container_ticks_and_is_frozen(libvirt: Any, host_a: Host, lxc_rootfs: Callable[[str], Path]) -> None:
    """An LXC container runs its init; suspended, it stands still."""
    root = lxc_rootfs("box")
    ticks = TickLog(root / "ticks")
    connection = libvirt.open(host_a.lxc_uri)
    try:
        domain = connection.createXML(container("box", root))
        ticks.wait_for_tick(2)
        domain.suspend()
        assert ticks.stands_still()
        domain.resume()
        ticks.wait_for_next(2)
        domain.destroy()
    finally:
        clear(libvirt, connection)
        connection.close()


def test_power_cut_ends_guests_and_restart_brings_the_host_back(
    libvirt: Any, host_b: Host, guest_image: BootImage, ticks: TickLog
) -> None:
    """After `kill` nothing of the host runs; after `restart` its domain is defined and shut off."""
    connection = libvirt.open(host_b.uri)
    connection.defineXML(ticking_domain("victim", guest_image, ticks.path)).create()
    ticks.wait_for_tick(1)
    host_b.kill()
    assert not host_b.answers()
    assert ticks.stands_still()
    connection.close()
    host_b.restart()
    again = libvirt.open(host_b.uri)
    assert not again.lookupByName("victim").isActive()
    clear(libvirt, again)
    again.close()


def test_guest_survives_the_death_of_its_libvirtd(
    libvirt: Any, host_b: Host, guest_image: BootImage, ticks: TickLog
) -> None:
    """`kill_libvirtd` leaves guests running, and a new libvirtd finds them."""
    connection = libvirt.open(host_b.uri)
    connection.createXML(ticking_domain("survivor", guest_image, ticks.path))
    ticks.wait_for_tick(1)
    host_b.kill_libvirtd()
    ticks.wait_for_next(2)
    connection.close()
    host_b.restart()
    again = libvirt.open(host_b.uri)
    assert again.lookupByName("survivor").isActive()
    clear(libvirt, again)
    again.close()
