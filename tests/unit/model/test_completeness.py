"""Every path that libvirt's schemas have has a typed field.

The schemas are those that are installed. ``VIRTKIT_SCHEMAS`` names a folder with others, such as a newer
libvirt's: ``VIRTKIT_SCHEMAS=.../src/conf/schemas pytest -s tests/unit/model/test_completeness.py``.
"""

import sys

import pytest

from tests.unit.model.completeness import KINDS, missing
from virtkit import model


@pytest.mark.parametrize("kind", KINDS)
def test_every_path_of_the_schema_has_a_typed_field(kind: str) -> None:
    """What is missing is printed."""
    cls = KINDS[kind]
    if not model.schema_available(cls.TAG):
        pytest.skip("libvirt's schemas are not installed")
    untyped, count = missing(cls)
    sys.stdout.write(f"{kind}: {count - len(untyped)} of {count} paths are typed\n")
    assert not untyped, "\n".join(untyped)


def test_paths_list_what_is_typed_of_each_kind() -> None:
    """``paths`` works for every kind, also where an element is within itself."""
    assert "network/ip/dhcp/host/@mac" in model.paths(model.Network)
    assert "network/dnsmasq:options/dnsmasq:option/@value" in model.paths(model.Network)
    assert "domainsnapshot/disks/disk/source/@file" in model.paths(model.DomainSnapshot)
    assert "interface/bridge/interface" in model.paths(model.Interface)
    assert all(model.paths(cls) for cls in KINDS.values())
