"""Documents that differ only in names, which are looked at once."""

from __future__ import annotations

import pytest

from virtkit import fake
from virtkit.fake import rules
from virtkit.fake.fill import alike, checks, defined_document

_XML = """<domain type='{kind}'><name>{name}</name><uuid>{uuid}</uuid><memory unit='MiB'>64</memory>
<os><type>hvm</type></os><devices>
<disk type='file'><source file='{file}'/><target dev='vda' bus='virtio'/></disk>
<disk type='file'><source file="{second}"/><target dev='vdb' bus='virtio'/></disk>
<interface type='network'><mac address='{mac}'/><source network='default'/></interface>{more}
</devices></domain>"""
_PERSONALITIES = pytest.mark.parametrize("personality", [rules.QEMU, rules.TEST], ids=["qemu", "test"])


def _text(number: int, personality: rules.Personality, **given: str) -> str:
    """The text of one of many."""
    values = {
        "kind": personality.name,
        "name": f"vm{number}",
        "uuid": f"11111111-2222-3333-4444-{number:012}",
        "file": f"/images/{number}.img",
        "second": f"/images/{number}-b.img",
        "mac": f"52:54:00:01:02:{number:02x}",
        "more": "",
    }
    return _XML.format(**{**values, **given})


@_PERSONALITIES
def test_each_has_its_own_names(personality: rules.Personality) -> None:
    """What is known of others never shows; documents and facts are those of the text."""
    for number in range(1, 6):
        document = defined_document(personality, _text(number, personality))
        facts, tree = document.facts(), document.tree()
        assert (facts.name, facts.uuid[-2:]) == (f"vm{number}", f"0{number}")
        assert facts.disks == (("vda", f"/images/{number}.img"), ("vdb", f"/images/{number}-b.img"))
        assert tree.findtext("name") == f"vm{number}"
        assert [str(each) for each in tree.xpath("devices/interface/mac/@address")] == [
            f"52:54:00:01:02:0{number}"
        ]


@_PERSONALITIES
def test_only_the_first_two_are_looked_at(
    personality: rules.Personality, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one teaches what the others are."""
    looked: list[None] = []
    check = checks.check
    monkeypatch.setattr(checks, "check", lambda *document: looked.append(check(*document)))
    more = "<sound model='ich6'/>"  # no other test's documents
    for number in range(20, 26):
        defined_document(personality, _text(number, personality, more=more))
    assert len(looked) == 3  # two, and the second once more, marked


@_PERSONALITIES
@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"name": "a/b"}, "cannot contain '/'"),
        ({"uuid": "short"}, "malformed uuid"),
        ({"mac": "53:54:00:00:00:01"}, "multicast"),
        ({"file": ""}, "."),
        ({"more": "<sound model='none'/>"}, "Invalid value for attribute 'model'"),
    ],
    ids=["name", "uuid", "mac", "file", "more"],
)
def test_a_fault_among_them_is_told(
    personality: rules.Personality, fault: dict[str, str], message: str
) -> None:
    """One that is not like the others is refused as ever, each time and in its own words."""
    for number in range(30, 34):
        defined_document(personality, _text(number, personality))
        with pytest.raises(fake.libvirtError, match=message):
            defined_document(personality, _text(number, personality, **fault))


def test_the_same_leaf_has_the_same_mark() -> None:
    """Whether two disks are on one file stays part of what a text is."""
    one, other = (
        alike.mark(_text(1, rules.QEMU, second=second)) for second in ("/images/1.img", "/images/2.img")
    )
    assert one is not None
    assert other is not None
    assert one.text != other.text
    assert one.leaves["/file-2"] == "/images/1.img"


@pytest.mark.parametrize(
    "name", ["<![CDATA[vm]]>", "vm&amp;1", "<!--no-->vm", " vm", "v\u00e4m"], ids=range(5)
)
def test_what_is_not_plain_is_no_leaf(name: str) -> None:
    """Only text that stands for itself is a leaf."""
    marked = alike.mark(_text(1, rules.QEMU, name=name))
    assert marked is not None
    assert f"<name>{name}</name>" in marked.text


def test_some_are_not_compared() -> None:
    """A UUID that firmware tells too must be the same, and marks are few."""
    assert alike.mark(_text(1, rules.QEMU, more="<sysinfo/>")) is None
    many = "".join(f"<source file='/{number}'/>" for number in range(100))
    assert alike.mark(_text(1, rules.QEMU, more=many)) is None
