"""The contents of test:///default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from virtkit.fake import constants as c
from virtkit.fake import power, rules
from virtkit.fake.callbacks import State
from virtkit.fake.errors import fail
from virtkit.fake.fill import defined_document
from virtkit.fake.host import Host
from virtkit.fake.state.records import DomainRecord
from virtkit.fake.storage.testing import MockStorage
from virtkit.fake.store.testimages import TestStore

if TYPE_CHECKING:
    from lxml import etree

_DOMAIN = """
<domain type='test'>
  <name>test</name>
  <uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid>
  <memory>8388608</memory>
  <currentMemory>2097152</currentMemory>
  <vcpu>2</vcpu>
  <os><type>hvm</type></os>
  <devices>
    <disk type='file'>
      <source file='/guest/diskimage1'/>
      <target dev='vda' bus='virtio'/>
      <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
    </disk>
    <interface type='network'>
      <mac address='aa:bb:cc:dd:ee:ff'/>
      <source network='default'/>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x0'/>
    </interface>
    <memballoon model='virtio'>
      <address type='pci' domain='0x0000' bus='0x00' slot='0x02' function='0x0'/>
    </memballoon>
  </devices>
</domain>
"""

_POOL = """
<pool type='dir'>
  <name>default-pool</name>
  <uuid>dfe224cb-28fb-8dd0-c4b2-64eb3f0f4566</uuid>
  <target><path>/default-pool</path></target>
</pool>
"""


# model, MiB, CPUs, MHz, cells, sockets, cores, threads
NODE: list[Any] = ["i686", 3072, 16, 1400, 2, 2, 2, 2]
_SPACE = "{http://libvirt.org/schemas/domain/test/1.0}"


def run_state(tree: etree._Element) -> int:
    """Return the state in which the test driver is to start the domain *tree*.

    Raises:
        libvirtError: what the driver's own elements say does not go together.
    """
    text = (tree.findtext(f"{_SPACE}runstate") or "").strip()
    state = int(text) if text.isdigit() else c.VIR_DOMAIN_RUNNING
    problem = ""
    if text and not text.isdigit():
        problem = "invalid runstate"
    elif state > c.VIR_DOMAIN_PMSUSPENDED:
        problem = f"runstate '{state}' out of range'"
    elif state == c.VIR_DOMAIN_SHUTOFF and tree.find(f"{_SPACE}transient") is not None:
        problem = "transient domain cannot have runstate 'shutoff'"
    elif state != c.VIR_DOMAIN_SHUTOFF and tree.find(f"{_SPACE}hasmanagedsave") is not None:
        problem = "domain with managedsave data can only have runstate 'shutoff'"
    if problem:
        fail(c.VIR_ERR_XML_ERROR, c.VIR_FROM_TEST, problem)
    return state


def default_host() -> Host:
    """Return a host as the test driver's default one is when the first connection opens."""
    host = Host("localhost", TestStore(), rules.TEST, uri="test:///default")
    host.event_state = State(late=True)
    host.memory, host.cpus = 3145728, 16
    document = defined_document(rules.TEST, _DOMAIN)
    facts = document.facts()
    record = DomainRecord(facts.uuid, facts.name, config=document)
    with host as session:
        session.insert(record)
        power.go_live(host, session, record, c.VIR_DOMAIN_RUNNING, c.VIR_DOMAIN_RUNNING_UNKNOWN)
        MockStorage(host, session).open_pool(_POOL)
    return host
