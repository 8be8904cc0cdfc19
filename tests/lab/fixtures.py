"""pytest fixtures on the lab: two real libvirt hosts, and guests for them.

Use them from a conftest.py with `from tests.lab.fixtures import *`. They start the lab once per
session. $VIRTKIT_LAB=NUMBER takes a lab that is up already and leaves it up.
"""

from __future__ import annotations

import importlib.util
import os
from typing import TYPE_CHECKING

import pytest

from .lab import Lab
from .requirements import missing
from .storage import mount_disks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .hosts import Host
    from .images import BootImage

__all__ = ["arm_image", "guest_image", "host_a", "host_b", "lab", "lxc_rootfs", "mips_image", "shared_disks"]


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """Two hosts on one network. Where they cannot run, tests fail on CI and are skipped elsewhere."""
    require_lab()
    number = os.environ.get("VIRTKIT_LAB")
    if number:
        yield Lab.attach(int(number))
        return
    with Lab.up() as lab:
        yield lab


@pytest.fixture(scope="session")
def host_a(lab: Lab) -> Host:
    """The first host."""
    return lab.hosts[0]


@pytest.fixture(scope="session")
def host_b(lab: Lab) -> Host:
    """The second host."""
    return lab.hosts[1]


@pytest.fixture(scope="session")
def guest_image(lab: Lab) -> BootImage:
    """The x86 guest."""
    return lab.images.x86


@pytest.fixture(scope="session")
def mips_image(lab: Lab) -> BootImage:
    """The MIPS guest."""
    return lab.images.mips


@pytest.fixture(scope="session")
def arm_image(lab: Lab) -> BootImage:
    """The ARM guest."""
    return lab.images.arm


@pytest.fixture(scope="session")
def lxc_rootfs(lab: Lab) -> Callable[[str], Path]:
    """Call it with a container's name for a root folder of its own; its ticks are in the file "ticks"."""
    return lambda name: lab.images.container_root(lab.shared / "containers" / name)


@pytest.fixture
def shared_disks(lab: Lab) -> Path:
    """A folder at the same path on both hosts that libvirt takes for shared storage."""
    return mount_disks(lab)


def require_lab() -> None:
    """Skip the test, or fail it on CI, if this machine cannot run the lab."""
    lacks = missing()
    if importlib.util.find_spec("libvirt") is None:
        lacks.append(
            "Python module libvirt is missing: pip install libvirt-python (it needs gcc and libvirt-dev)"
        )
    if lacks:
        text = "the lab cannot run on this machine:\n  " + "\n  ".join(lacks)
        if os.environ.get("CI") == "true":
            pytest.fail(text, pytrace=False)
        pytest.skip(text)
