"""``DomainSpec.from_document``: an existing domain as a spec, from which nothing is missing."""

from copy import deepcopy
from pathlib import Path

import pytest
from lxml import etree

from tests.unit.spec.examples import every_domain
from virtkit import DomainSpec, model, render, tree
from virtkit.errors import DocumentError, ParseError
from virtkit.spec.reading import DEVICES

EXAMPLES = every_domain()
PLAIN = (
    "<domain type='kvm'><name>a</name><memory unit='KiB'>1048576</memory><os><type>hvm</type></os>{}</domain>"
)


def taken(text: str) -> DomainSpec:
    """A spec of a document, which has been proved to be it."""
    spec = DomainSpec.from_document(text)
    assert tree.equal(tree.parse(render(spec, validate=False)), tree.parse(text))
    return spec


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_a_spec_renders_is_read_back(name: str) -> None:
    """Without an overlay, and without a word about what is filled in anyway."""
    spec = DomainSpec(**{key: value for key, value in EXAMPLES[name].items() if key != "xml"})
    found = taken(render(spec))
    assert found.xml is None
    assert found.defaults == spec.defaults
    assert len(found.to_yaml()) <= len(spec.to_yaml()) + 120  # a type that is stated, at most


def test_a_short_spec_comes_back_short() -> None:
    """What its author would have written."""
    text = (
        "name: web1\ntype: kvm\nmemory: 2GiB\nvcpus: 2\ndisks:\n- /srv/web1.qcow2\ninterfaces:\n- default\n"
    )
    assert taken(render(DomainSpec.from_yaml(text))).to_yaml() == text


def test_nothing_is_added_to_a_domain() -> None:
    """Neither ACPI nor the agent's channel nor a clock: where they are missing, the spec says so."""
    spec = taken(PLAIN.format("<devices><emulator>/usr/bin/qemu</emulator></devices>"))
    assert (spec.defaults, spec.xml) == (False, None)


def test_what_no_field_can_say_is_in_the_overlay() -> None:
    """Also with several of a kind, and namespaces of others."""
    more = (
        "<metadata><a:x xmlns:a='urn:a'>1</a:x></metadata><devices>"
        "<disk type='nvme' device='disk'><source type='pci' managed='yes' namespace='1'>"
        "<address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source>"
        "<target dev='vda' bus='virtio'/></disk>"
        "<disk type='file' device='disk'><source file='/srv/a.raw'/><target dev='vdb' bus='virtio'/></disk>"
        "<smartcard mode='host'/></devices>"
    )
    spec = taken(PLAIN.format(more))
    assert spec.xml is not None
    assert "nvme" in spec.xml
    assert "smartcard" in spec.xml
    assert "urn:a" in spec.xml


def test_one_device_that_no_field_can_say_leaves_the_others() -> None:
    """It is in the overlay with those that follow, and what stands before it has fields."""
    disk = "<disk type='{}' device='disk'>{}<target dev='vd{}' bus='virtio'/></disk>"
    disks = [disk.format("file", f"<source file='/srv/{letter}.raw'/>", letter) for letter in "abc"]
    more = [disk.format("nvme", "", "x"), disk.format("nvme", "", "y")]
    spec = taken(PLAIN.format(f"<devices>{''.join(disks + more)}</devices>"))
    assert [each.source for each in spec.disks] == ["/srv/a.raw", "/srv/b.raw", "/srv/c.raw"]


def test_what_is_wrong_in_one_of_a_list_that_may_be_a_flag() -> None:
    """It ends, and costs no more than the part in which it is."""
    pages = "<page size='none' unit='KiB' nodeset='1'/><page size='1048576' unit='KiB' nodeset='0'/>"
    more = f"<memoryBacking><hugepages>{pages}</hugepages></memoryBacking>"
    spec = taken(PLAIN.format(f"{more}<vcpu>2</vcpu><devices><hub type='usb'/></devices>"))
    assert (spec.name, spec.vcpus.count, len(spec.hubs)) == ("a", 2, 1)


def test_elements_of_the_future_are_kept() -> None:
    """Whoever wrote them, whatever they mean: in what a spec has fields for, too."""
    spec = taken(
        PLAIN.format("<quantum mode='both'/><devices><video warp='9'><model type='vga'/></video></devices>")
    )
    assert spec.video[0].model == "vga"


@pytest.mark.parametrize(
    "memory",
    ["<memory unit='GiB'>1</memory>", "<memory unit='b'>1073741824</memory>", "<memory>1048576</memory>"],
)
def test_sizes_are_sizes(memory: str) -> None:
    """The unit in which a document has them is of no account."""
    spec = DomainSpec.from_document(
        f"<domain type='kvm'><name>a</name>{memory}<os><type>hvm</type></os><devices/></domain>"
    )
    assert (spec.memory, spec.xml) == (2**30, None)


def test_a_document_without_a_name_or_memory() -> None:
    """A spec has to have them; what is rendered has not."""
    spec = taken("<domain type='kvm'><os><type>hvm</type></os></domain>")
    assert spec.name == "domain"


def test_every_source_is_taken(tmp_path: Path) -> None:
    """Text, bytes, a path, an element, a view; and none of them is changed."""
    text = render(DomainSpec(name="web1", memory="2GiB", disks="/srv/web1.qcow2"))
    file = tmp_path / "web1.xml"
    file.write_text(text)
    element = tree.parse(text.replace("'KiB'>2097152", "'GiB'>2"))
    before = deepcopy(element)
    wanted = DomainSpec.from_document(text)
    for source in (text.encode(), file, element, model.Domain(element)):
        assert DomainSpec.from_document(source) == wanted
    assert etree.tostring(element) == etree.tostring(before)


def test_what_is_no_domain_is_refused() -> None:
    """With the library's own errors."""
    with pytest.raises(DocumentError, match=r"<network>.*<domain>"):
        DomainSpec.from_document("<network/>")
    with pytest.raises(ParseError):
        DomainSpec.from_document("<domain>")


def test_a_spec_of_ones_own_kind() -> None:
    """A subclass makes one of itself."""

    class Mine(DomainSpec):
        """A house's own."""

    assert isinstance(Mine.from_document(PLAIN.format("")), Mine)


def test_a_password_is_taken_over_and_not_shown() -> None:
    """It is in the document; repr hides it as ever."""
    spec = taken(PLAIN.format("<devices><graphics type='spice' passwd='topsecret'/></devices>"))
    assert spec.graphics[0].password == "topsecret"
    assert "topsecret" not in repr(spec)


def test_every_kind_of_device_is_read() -> None:
    """A new field with devices needs a line in the table of those that are read."""
    lists = {name for name, field in DomainSpec.model_fields.items() if "devices" in str(field.annotation)}
    assert lists <= set(DEVICES)
