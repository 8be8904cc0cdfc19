"""What was laid over a document is in it: merge() and diff() agree on what is which, and on numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from tests.unit.model.documents import DOMAIN, EXISTING
from tests.unit.model.test_properties import elements
from virtkit import model, tree

if TYPE_CHECKING:
    from lxml import etree


@given(elements("domain"), elements("domain"))
def test_what_was_merged_is_there(base: etree._Element, overlay: etree._Element) -> None:
    """Of domains, whatever they hold."""
    assert model.diff(overlay, model.merge(base, overlay)) == []


@given(elements("network"), elements("network"))
def test_what_was_merged_is_there_in_networks(base: etree._Element, overlay: etree._Element) -> None:
    """Of other documents too."""
    assert model.diff(overlay, model.merge(base, overlay)) == []


@pytest.mark.parametrize(("base", "overlay"), [(DOMAIN, EXISTING), (EXISTING, DOMAIN)])
def test_a_new_definition_over_the_existing_one(base: str, overlay: str) -> None:
    """All of it is there, and what it leaves open stays."""
    assert model.diff(overlay, model.merge(base, overlay)) == []


@pytest.mark.parametrize(
    ("base", "overlay", "merged"),
    [
        ("<memory unit='GiB'>2</memory>", "<memory>1048576</memory>", "<memory>1048576</memory>"),
        ("<memory unit='GiB'>2</memory>", "<memory unit='MiB'>2</memory>", "<memory unit='MiB'>2</memory>"),
        (
            "<numa><cell id='0' memory='1' unit='GiB'/></numa>",
            "<numa><cell id='0' memory='524288'/></numa>",
            "<numa><cell id='0' memory='524288'/></numa>",
        ),
        (
            "<numa><cell id='0' memory='1' unit='GiB'/></numa>",
            "<numa><cell id='0' cpus='0-1'/></numa>",
            "<numa><cell id='0' memory='1' unit='GiB' cpus='0-1'/></numa>",
        ),
    ],
    ids=["no unit", "a unit", "no unit beside", "another attribute"],
)
def test_a_number_does_not_take_another_s_unit(base: str, overlay: str, merged: str) -> None:
    """One that has no unit is in the usual one, whatever it replaces."""
    base, overlay, merged = (f"<domain><cpu>{each}</cpu></domain>" for each in (base, overlay, merged))
    assert tree.equal(tree.parse(model.merge(base, overlay)), tree.indent(tree.parse(merged)))


def test_sets_of_cpus_are_merged_one_by_one() -> None:
    """libvirt refuses a CPU that is in two of them."""
    rr, batch = "<vcpusched vcpus='{}' scheduler='rr'/>", "<vcpusched vcpus='1' scheduler='batch'/>"
    merged = tree.parse(model.merge(tuned(rr.format("0-2")), tuned(batch)))
    assert [(each.get("vcpus"), each.get("scheduler")) for each in merged.iter("vcpusched")] == [
        ("0", "rr"),
        ("1", "batch"),
        ("2", "rr"),
    ]
    assert model.diff(tuned(batch), merged) == []


def test_a_prefix_takes_the_place_of_a_netmask() -> None:
    """libvirt refuses both."""
    base = "<network><ip address='10.0.0.1' netmask='255.0.0.0'/></network>"
    merged = tree.parse(model.merge(base, "<network><ip address='10.0.0.1' prefix='24'/></network>"))
    assert dict(merged[0].attrib) == {"address": "10.0.0.1", "prefix": "24"}


def tuned(inside: str) -> str:
    """A domain with these schedulers."""
    return f"<domain><cputune>{inside}</cputune></domain>"
