"""When a document is filled in, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from virtkit import fake
from virtkit.fake import rules
from virtkit.fake.fill import defined_document, defining, live_document

if TYPE_CHECKING:
    from virtkit.fake.state.document import Document

_UUID = "<uuid>00000000000000000000000000000001</uuid>"
_XML = (
    "<domain type='{kind}'><name>one</name>{inner}<memory>65536</memory><os><type>hvm</type></os>"
    "<devices>{devices}</devices></domain>"
)


def _document(devices: str = "", inner: str = _UUID, kind: str = "qemu") -> Document:
    return defined_document(rules.QEMU, _XML.format(kind=kind, devices=devices, inner=inner))


@pytest.fixture
def fillings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which documents have been filled in."""
    seen: list[str] = []
    fill = defining.fill

    def noted(tree: Any, personality: str, **more: Any) -> None:
        seen.append(personality)
        fill(tree, personality, **more)

    monkeypatch.setattr(defining, "fill", noted)
    return seen


def test_it_is_filled_in_when_it_is_read(fillings: list[str]) -> None:
    """Whoever only starts and stops domains does not pay for it."""
    document = _document("<disk><source file='/lazy'/><target dev='vda'/></disk>")
    live_document(rules.QEMU, document, 7)
    assert fillings == []
    assert document.tree().find("clock") is not None
    assert fillings == ["qemu"]


def test_it_is_filled_in_at_once_where_that_can_fail(fillings: list[str]) -> None:
    """A document that places devices may place them wrongly."""
    with pytest.raises(fake.libvirtError, match="slot must be >= 1"):
        _document("<interface type='user'><address type='pci' bus='1' slot='0' function='1'/></interface>")
    assert fillings == ["qemu"]


def test_uuid_and_macs_are_drawn_for_each_definition() -> None:
    """The same text twice is two domains."""
    one, two = (_document("<interface type='user'/>", inner="") for _ in range(2))
    assert one.facts().uuid != two.facts().uuid
    macs = [each.tree().find("devices/interface/mac").get("address") for each in (one, two)]  # type: ignore[union-attr]
    assert macs[0] != macs[1]


def test_a_generation_id_is_drawn() -> None:
    """Where it is asked for, and not given."""
    assert len(_document(inner="<genid/>").tree().findtext("genid") or "") == 36


def test_what_is_kept_of_unknown_things() -> None:
    """QEMU's personality keeps them; the test driver's loses them as libvirt does."""
    xml = _XML.format(kind="test", devices="<new/>", inner="<new/>")
    kept, lost = (defined_document(each, xml).tree() for each in (rules.QEMU, rules.TEST))
    assert kept.find("new") is not None
    assert kept.find("devices/new") is not None
    assert lost.find("new") is None
    assert lost.find("devices/new") is None


def test_uuid_of_the_firmware() -> None:
    """It is the domain's, where that has none."""
    entry = "<entry name='uuid'>6695eb01-f6a4-8304-79aa-97f2502e193f</entry>"
    document = _document(inner=f"<sysinfo type='smbios'><system>{entry}</system></sysinfo>")
    assert document.facts().uuid == "6695eb01-f6a4-8304-79aa-97f2502e193f"


def test_a_document_of_qemu_is_not_changed_by_being_read_again() -> None:
    """What it prints, it takes, and prints the same."""
    devices = (
        "<disk><source file='/x'/><target dev='sda' bus='scsi'/></disk><interface type='user'/>"
        "<graphics type='spice' autoport='yes'/><serial type='pty'/>"
        "<channel type='unix'><target type='virtio' name='a'/></channel>"
        "<input type='tablet' bus='usb'/><rng model='virtio'><backend model='random'/></rng>"
    )
    text = _document(devices).text()
    assert defined_document(rules.QEMU, text).text() == text
