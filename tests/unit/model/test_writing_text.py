"""Text between elements, which no document of libvirt has, stays where it is when its neighbours change."""

from __future__ import annotations

import time

import pytest
from lxml import etree

from virtkit import model
from virtkit.model import order
from virtkit.tree import parse


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<os>a<type/></os>", "<os>a<type/><boot/></os>"),
        ("<os>a</os>", "<os>a<boot/></os>"),
        ("<os><type/>a</os>", "<os><type/>a<boot/></os>"),
        ("<os>\n  <type/>\n</os>", "<os>\n  <type/>\n  <boot/>\n</os>"),
        ("<os>a\n  <smbios/>\n</os>", "<os>a\n  <boot/><smbios/>\n</os>"),
    ],
)
def test_a_new_child_moves_no_text(before: str, after: str) -> None:
    """Nor is it written twice."""
    root = parse(before)
    order.place(root, etree.Element("boot"))
    assert etree.tostring(root).decode() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<os><type/>a<boot/>b</os>", "<os><type/>ab</os>"),
        ("<os><type/>a<boot/>\n</os>", "<os><type/>a</os>"),
        ("<os>a<boot/></os>", "<os>a</os>"),
        ("<os>\n  <type/>\n  <boot/>\n</os>", "<os>\n  <type/>\n</os>"),
    ],
)
def test_a_child_goes_without_its_neighbours_text(before: str, after: str) -> None:
    """What stood before and behind it stays."""
    root = parse(before)
    order.remove(root.findall("boot")[0])
    assert etree.tostring(root).decode() == after


def test_many_children_take_their_time_each() -> None:
    """A document of as many elements as are read comes together in seconds: it took hours."""
    many = f"<os>{'<boot/>' * 20_000}</os>"
    began = time.process_time()
    root = parse("<os><type/></os>")
    for child in parse(many):
        order.place(root, child)
    assert len(root) == 20_001
    assert time.process_time() - began < 5


def test_a_document_differs_in_nothing_from_itself() -> None:
    """Whatever it holds: elements without names that are alike at first sight, and what is empty."""
    models = "".join(
        f"<mode name='custom'><model usable='yes'>{name}</model><model usable='no'>b</model></mode>"
        for name in "abcdefghijkl"
    )
    for text in (
        f"<domainCapabilities><cpu>{models}</cpu></domainCapabilities>",
        f"<domainCapabilities>{'<cpu/>' * 12}<cpu><a/></cpu><cpu><b><c/></b></cpu></domainCapabilities>",
        "<domain><cpu><numa><cell id='0' memory='' unit='KiB'/></numa></cpu></domain>",
    ):
        assert model.diff(text, text) == []
        assert model.diff(model.merge(text, text), text) == []
