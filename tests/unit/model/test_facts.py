"""What a host can run is read from its capabilities."""

import dataclasses

import pytest

from virtkit import model
from virtkit.errors import DocumentError, NotSupported

CAPABILITIES = """\
<capabilities>
  <host>
    <cpu><arch>x86_64</arch><model>Skylake-Client</model></cpu>
    <secmodel><model>apparmor</model></secmodel>
    <secmodel><model>dac</model></secmodel>
  </host>
  <guest>
    <os_type>hvm</os_type>
    <arch name='x86_64'>
      <wordsize>64</wordsize>
      <emulator>/usr/bin/qemu-system-x86_64</emulator>
      <machine canonical='pc-i440fx-7.2' maxCpus='255'>pc</machine>
      <machine maxCpus='288'>pc-q35-7.2</machine>
      <machine canonical='pc-q35-7.2' maxCpus='288'>q35</machine>
      <domain type='qemu'/>
      <domain type='kvm'/>
    </arch>
  </guest>
  <guest>
    <os_type>hvm</os_type>
    <arch name='aarch64'>
      <emulator>/usr/bin/qemu-system-aarch64</emulator>
      <machine canonical='virt-7.2'>virt</machine>
      <domain type='qemu'/>
    </arch>
  </guest>
</capabilities>
"""
CONTAINERS = """\
<capabilities><host><cpu><arch>x86_64</arch></cpu></host>
  <guest><os_type>exe</os_type>
    <arch name='x86_64'><emulator>/usr/lib/libvirt/libvirt_lxc</emulator><domain type='lxc'/></arch></guest>
</capabilities>"""
TEST = """\
<capabilities><host><cpu><arch>x86_64</arch></cpu></host>
  <guest><os_type>hvm</os_type><arch name='i686'><domain type='test'/></arch></guest>
</capabilities>"""


@pytest.fixture
def facts() -> model.HostFacts:
    return model.HostFacts.from_capabilities(CAPABILITIES)


def test_kvm_where_it_is_offered(facts: model.HostFacts) -> None:
    """Foreign processors are emulated."""
    assert facts.domain_type() == facts.domain_type("amd64") == "kvm"
    assert facts.domain_type("aarch64") == facts.domain_type("arm64") == "qemu"


def test_other_drivers_have_their_own_type() -> None:
    """Containers and the test driver, whose guests are not of the host's architecture."""
    containers, test = map(model.HostFacts.from_capabilities, (CONTAINERS, TEST))
    assert (containers.domain_type(), containers.os_type(), containers.machine()) == ("lxc", "exe", None)
    assert (test.domain_type(), test.emulator()) == ("test", None)


def test_machines_and_emulators(facts: model.HostFacts) -> None:
    """An alias with what it stands for; without one the default."""
    assert facts.machine() == "pc-i440fx-7.2"
    assert facts.machine(alias="q35") == facts.machine(alias="pc-q35-7.2") == "pc-q35-7.2"
    assert facts.machine("aarch64", "virt") == "virt-7.2"
    assert facts.emulator("aarch64") == "/usr/bin/qemu-system-aarch64"
    assert facts.architectures == ("x86_64", "aarch64")
    assert (facts.cpu_model, facts.security_models) == ("Skylake-Client", ("apparmor", "dac"))


def test_what_is_not_offered_is_an_error_with_a_remedy(facts: model.HostFacts) -> None:
    """It says what there is."""
    with pytest.raises(NotSupported, match=r"does not run mips guests; it runs x86_64, aarch64.*qemu-system"):
        facts.domain_type("mips")
    with pytest.raises(NotSupported, match=r"no machine type 'microvm' for x86_64.*q35"):
        facts.machine(alias="microvm")


def test_facts_are_frozen(facts: model.HostFacts) -> None:
    """They can be shared and used as keys."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        facts.native_arch = "mips"  # type: ignore[misc]
    assert hash(facts) == hash(model.HostFacts.from_capabilities(CAPABILITIES))


def test_other_documents_are_refused() -> None:
    """A domain is no host."""
    with pytest.raises(DocumentError, match="not a capabilities document"):
        model.HostFacts.from_capabilities("<domain/>")
