"""Objects of libvirt-python: what they stand for, and whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.blocks import Blocks
    from tests.contract.driver import Driver
    from tests.contract.networks import Networks
    from tests.contract.storage import Storage

_FILTER = "<filter name='contract-pointer'/>"
_PORT = (
    "<networkport><uuid>8a4c1e90-c597-4e88-af95-e63844000001</uuid>"
    "<owner><name>o</name><uuid>8a4c1e90-c597-4e88-af95-e63844000099</uuid></owner>"
    "<mac address='52:54:0:0:0:1'/></networkport>"
)
_SECRET = "<secret><usage type='ceph'><name>contract-pointer</name></usage></secret>"
_SNAPSHOT = "<domainsnapshot><name>a</name></domainsnapshot>"

MADE: dict[str, Callable[[Any], Any]] = {
    "virConnect": lambda conn: conn,
    "virDomain": lambda conn: conn.lookupByName("contract-one"),
    "virNodeDevice": lambda conn: conn.nodeDeviceLookupByName("computer"),
    "virInterface": lambda conn: conn.listAllInterfaces()[0],
    "virStream": lambda conn: conn.newStream(0),
}


def is_pointer(made: Any) -> bool:
    """Return whether *made* says where the C object is, and says it again."""
    place = made.c_pointer()
    return isinstance(place, int) and place > 0 and made.c_pointer() == place


@pytest.mark.parametrize("cls", MADE)
def test_pointer(cls: str, driver: Driver, domain: Any) -> None:
    """A number that stays the same; other objects have others."""
    made = MADE[cls](driver.conn)
    assert type(made).__name__ == cls
    assert is_pointer(made)
    assert made.c_pointer() != domain.c_pointer()


def test_pointer_of_networks(networks: Networks) -> None:
    """A network's, and a port's where there are ports."""
    network = networks.create("<bridge name='vkbr7'/>")
    assert is_pointer(network)
    if networks.real:
        port = network.portCreateXML(_PORT, 0)
        assert is_pointer(port)
        assert port.c_pointer() != network.c_pointer()


def test_pointer_of_storage(storage: Storage) -> None:
    """A pool's, and a volume's."""
    pool = storage.active()
    volume = storage.volume(pool)
    assert is_pointer(pool)
    assert is_pointer(volume)
    assert pool.c_pointer() != volume.c_pointer()


def test_pointer_of_secrets(driver: Driver, conn: Any) -> None:
    """A secret's."""
    _only_qemu(driver)
    secret = conn.secretDefineXML(_SECRET)
    try:
        assert is_pointer(secret)
    finally:
        secret.undefine()


def test_pointer_of_filters(driver: Driver, conn: Any) -> None:
    """A network filter's."""
    _only_qemu(driver)
    found = conn.nwfilterDefineXML(_FILTER)
    assert is_pointer(found)
    found.undefine()


def test_pointer_of_bindings(networks: Networks) -> None:
    """A binding's, which a domain's interface has."""
    driver = networks.driver
    _only_qemu(driver)
    networks.create("<bridge name='vkbr7'/>")
    interface = "<interface type='network'>{}<filterref filter='clean-traffic'/></interface>"
    source = f"<source network='{networks.named()}'/><mac address='52:54:00:00:00:01'/>"
    driver.conn.createXML(driver.xml(devices=interface.format(source)), 0)
    binding = driver.conn.listAllNWFilterBindings()[0]
    assert is_pointer(binding)
    assert binding.c_pointer() != driver.conn.c_pointer()


def test_pointer_of_checkpoints(blocks: Blocks) -> None:
    """A checkpoint's; and it knows whose it is."""
    domain = blocks.start()
    made = domain.checkpointCreateXML("<domaincheckpoint><name>a</name></domaincheckpoint>", 0)
    assert is_pointer(made)
    _is_owned(made, domain)


def test_pointer_of_snapshots(blocks: Blocks) -> None:
    """A snapshot's; and it knows whose it is."""
    domain = blocks.define()
    made = domain.snapshotCreateXML(_SNAPSHOT, 0)
    assert is_pointer(made)
    _is_owned(made, domain)


def _is_owned(made: Any, domain: Any) -> None:
    assert made.getDomain().UUIDString() == domain.UUIDString()
    assert made.getConnect().getURI() == domain.connect().getURI()
    assert (made.domain() is domain, made.connect() is domain.connect()) == (True, True)


def _only_qemu(driver: Driver) -> None:
    if driver.family == "test":
        pytest.skip("the test driver has none")
