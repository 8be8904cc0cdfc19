"""diff() knows what libvirt does to each kind of document."""

from __future__ import annotations

import pytest

from virtkit import model
from virtkit.model import rules


def lines(wanted: str, actual: str, *, extra: bool = False) -> list[str]:
    """The differences, as they are printed."""
    return [str(each) for each in model.diff(wanted, actual, extra=extra)]


def table(text: str) -> dict[str, tuple[str, str]]:
    """What each block states: a title, what is wanted, ``=``, and what is there."""
    found = {}
    for block in text.strip().split("\n\n"):
        title, _, documents = block.partition("\n")
        wanted, _, actual = documents.partition("\n=\n")
        found[title] = (wanted, actual)
    return found


SAME = table("""
prefix and netmask
<network><ip address='10.0.0.1' prefix='24'/></network>
=
<network><ip address='10.0.0.1' netmask='255.255.255.0'/></network>

netmask and prefix
<network><ip address='10.0.0.1' netmask='255.255.255.0'/></network>
=
<network><ip address='10.0.0.1' prefix='24'/></network>

network, no
<network ipv6='no'/>
=
<network/>

network's MAC
<network><mac address='52:54:0:a:b:C'/></network>
=
<network><mac address='52:54:00:0A:0b:0c'/></network>

lease
<network><ip address='10.0.0.1'><dhcp><range start='10.0.0.2' end='10.0.0.9'>
<lease expiry='2' unit='hours'/></range></dhcp></ip></network>
=
<network><ip address='10.0.0.1'><dhcp><range start='10.0.0.2' end='10.0.0.9'><lease expiry='120'/>
</range></dhcp></ip></network>

pool's path
<pool><target><path>//srv/images/</path></target></pool>
=
<pool><target><path>/srv/images</path></target></pool>

pool's size
<pool><capacity unit='bytes'>1</capacity></pool>
=
<pool><capacity>2</capacity></pool>

owner
<volume><target><permissions><owner>4294967295</owner><mode>0770</mode></permissions></target></volume>
=
<volume><target><permissions><mode>770</mode></permissions></target></volume>

volume's size
<volume><capacity>1000001</capacity></volume>
=
<volume><capacity unit='bytes'>1000448</capacity></volume>

filter's numbers
<filter><rule action='accept' direction='in' priority='0100'>
<ip protocol='17' srcipmask='255.255.255.0'/></rule></filter>
=
<filter><rule action='accept' direction='in' priority='100'><ip protocol='udp' srcipmask='24'/></rule>
</filter>

filter's variables
<filter><rule><tcp srcportstart='$B[ @0 ]' flags='SYN/'/></rule></filter>
=
<filter><rule><tcp srcportstart='$B' flags='SYN/NONE'/></rule></filter>

secret's UUID
<secret><uuid>8E9FD4BA6B4A4F4B8B9C7A0F0B9E5D11</uuid></secret>
=
<secret><uuid>8e9fd4ba-6b4a-4f4b-8b9c-7a0f0b9e5d11</uuid></secret>

snapshot's state
<domainsnapshot><state>running</state></domainsnapshot>
=
<domainsnapshot/>

sets of CPUs
<domain><cputune><vcpusched vcpus='0-2,^1' scheduler='rr' priority='0'/></cputune></domain>
=
<domain><cputune><vcpusched vcpus='0' scheduler='rr'/><vcpusched vcpus='2' scheduler='rr'/></cputune>
</domain>

libvirt's alias
<domain><devices><sound model='ich9'><alias name='sound0'/></sound></devices></domain>
=
<domain><devices><sound model='ich9'/></devices></domain>

libvirt's tap
<domain><devices><interface><target dev='vnet3'/></interface></devices></domain>
=
<domain><devices><interface/></devices></domain>

the word default
<domain><devices><disk><driver cache='default'/><target dev='a'/></disk></devices></domain>
=
<domain><devices><disk><driver name='qemu'/><target dev='a'/></disk></devices></domain>
""")
OTHER = table("""
another netmask
<network><ip address='10.0.0.1' prefix='24'/></network>
=
<network><ip address='10.0.0.1' netmask='255.255.0.0'/></network>

unit
<domain><memory unit='GiB'>2</memory></domain>
=
<domain><memory unit='MiB'>2</memory></domain>

drive's unit
<domain><devices><disk><target dev='a'/><address type='drive' unit='1'/></disk></devices></domain>
=
<domain><devices><disk><target dev='a'/><address type='drive' unit='2'/></disk></devices></domain>

a network called default
<domain><devices><interface><source network='default'/></interface></devices></domain>
=
<domain><devices><interface><source/></interface></devices></domain>

a name of digits
<domain><name>007</name></domain>
=
<domain><name>7</name></domain>

user's alias
<domain><devices><sound><alias name='ua-s'/></sound></devices></domain>
=
<domain><devices><sound/></devices></domain>

machine's version
<domain><os><type machine='pc-q35-7.2'>hvm</type></os></domain>
=
<domain><os><type machine='q35'>hvm</type></os></domain>

smaller volume
<volume><capacity>1000001</capacity></volume>
=
<volume><capacity unit='bytes'>1000000</capacity></volume>

metadata
<domain><metadata><a:b xmlns:a='x:y' c='01'/></metadata></domain>
=
<domain><metadata><a:b xmlns:a='x:y' c='1'/></metadata></domain>

arguments
<domain xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:commandline><q:arg value='-b'/>
<q:arg value='-a'/></q:commandline></domain>
=
<domain xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'><q:commandline><q:arg value='-a'/>
<q:arg value='-b'/></q:commandline></domain>
""")


@pytest.mark.parametrize(("wanted", "actual"), SAME.values(), ids=SAME)
def test_what_is_the_same(wanted: str, actual: str) -> None:
    """Another spelling, or what libvirt leaves out."""
    assert lines(wanted, actual) == []


@pytest.mark.parametrize(("wanted", "actual"), OTHER.values(), ids=OTHER)
def test_what_is_not(wanted: str, actual: str) -> None:
    """Although it looks alike."""
    assert len(lines(wanted, actual)) == 1


def test_what_only_a_network_has_is_told_on_request() -> None:
    """Of what libvirt adds none by itself."""
    wanted = "<network><name>n</name><ip address='10.0.0.1'><dhcp/></ip></network>"
    actual = (
        "<network><name>n</name><bridge name='virbr7'/><ip address='10.0.0.1'><dhcp>"
        "<range start='10.0.0.2' end='10.0.0.9'/></dhcp></ip><portgroup name='slow'/></network>"
    )
    assert lines(wanted, actual) == []
    assert lines(wanted, actual, extra=True) == [
        "network/portgroup[slow]: there, and not wanted",
        "network/ip/dhcp/range[10.0.0.2 10.0.0.9]: there, and not wanted",
    ]


def test_each_rule_says_something() -> None:
    """And no place is in the table twice."""
    places = [place for places in rules.RULES for place in places.split()]
    assert len(places) == len(set(places))
    assert all(rule != rules.Rule() for rule in rules.RULES.values())


def test_the_longest_place_counts() -> None:
    """A rule of an attribute holds wherever no longer one says something else."""
    assert (
        rules.at("domain/devices/disk/address/@unit").ignored is not rules.at("domain/memory/@unit").ignored
    )
    assert rules.at("domain/secret/value").secret
    assert rules.at("domain/devices/graphics/@passwd").secret
    assert rules.at("nowhere/at/all") == rules.Rule()
