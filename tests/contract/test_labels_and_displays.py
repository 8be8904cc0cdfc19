"""What virt-manager's tests define: security labels, displays with foreign attributes, no SMBIOS mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

if TYPE_CHECKING:
    from tests.contract.driver import Driver

LABELS: dict[str, list[dict[str, str]]] = {
    "<seclabel model='dac'/>": [],
    "<seclabel model='none'/>": [{"type": "none", "model": "none"}],
    "<seclabel type='dynamic' model='dac'/>": [{"type": "dynamic", "model": "dac", "relabel": "yes"}],
    "<seclabel type='static' model='dac'><label type='q'>1:1</label></seclabel>": [
        {"type": "static", "model": "dac", "relabel": "no"}
    ],
    "<seclabel type='none' model='dac' relabel='no'/>": [{"type": "none", "model": "dac"}],
    "<seclabel type='dynamic' model='dac'/><seclabel type='none' model='apparmor'/>": [
        {"type": "dynamic", "model": "dac", "relabel": "yes"},
        {"type": "none", "model": "apparmor"},
    ],
}
DISPLAYS = {
    "<graphics type='vnc' display=':3' xauth='/x' fullscreen='yes' connected='fail'/>": {
        "type": "vnc",
        "port": "-1",
        "autoport": "yes",
    },
    "<graphics type='rdp' multiUser='no'/>": {"type": "rdp", "port": "0", "autoport": "yes"},
    "<graphics type='sdl' display=':3' port='5900' xauth='/x'/>": {
        "type": "sdl",
        "display": ":3",
        "xauth": "/x",
    },
}


@pytest.mark.parametrize("labels", LABELS)
def test_labels_say_all(labels: str, driver: Driver, conn: Any) -> None:
    """Type, model and whether files are labelled, of as many models as there are."""
    if driver.name in {"fake", "fake-file", "qemu"}:
        pytest.skip("the models are the host's")
    tree = etree.fromstring(conn.defineXML(driver.xml(inner=labels)).XMLDesc(0))
    assert [dict(each.attrib) for each in tree.findall("seclabel")] == LABELS[labels]
    assert all(not each.attrib for each in tree.iterfind("seclabel/label"))


@pytest.mark.parametrize("display", DISPLAYS)
def test_displays_keep_what_is_theirs(display: str, driver: Driver, conn: Any) -> None:
    """An attribute of another kind of display is lost."""
    if "rdp" in display and driver.name in {"fake", "fake-file", "qemu"}:
        pytest.skip("QEMU has no such display")
    tree = etree.fromstring(conn.defineXML(driver.xml(devices=display)).XMLDesc(0))
    assert [dict(each.attrib) for each in tree.findall("devices/graphics")] == [DISPLAYS[display]]


def test_no_smbios_mode(driver: Driver, conn: Any) -> None:
    """``none`` is a mode, and says nothing."""
    xml = driver.xml().replace("</os>", "<smbios mode='none'/></os>")
    assert "smbios" not in conn.defineXML(xml).XMLDesc(0)
