"""The ready machines run on real libvirt: rendered from virtkit's templates, they tick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

import virtkit
from tests.lab import TickLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.lab import BootImage, Host, Lab


@pytest.fixture
def ticks(lab: Lab, request: pytest.FixtureRequest) -> TickLog:
    """The tick file of a guest that is named after the test."""
    path = lab.tick_file(request.node.name)
    path.unlink(missing_ok=True)
    return TickLog(path)


@pytest.fixture
def connection(host_a: Host) -> Iterator[virtkit.Connection]:
    """A connection to the first host's QEMU."""
    with virtkit.connect(host_a.uri) as opened:
        yield opened


@pytest.fixture
def create(connection: virtkit.Connection) -> Iterator[Callable[[str], virtkit.Domain]]:
    """Create a transient domain; it is gone at the end."""
    created: list[virtkit.Domain] = []

    def create_one(xml: str) -> virtkit.Domain:
        created.append(connection.domains.create(xml))
        return created[-1]

    yield create_one
    for domain in created:
        domain.destroy()


@pytest.mark.parametrize(
    ("machine", "image", "variables"),
    [
        ("linux", "guest_image", {"memory": "192MiB", "vcpus": 1}),
        ("microvm", "guest_image", {"memory": "192MiB"}),
        ("mips", "mips_image", {"memory": "192MiB"}),
        ("arm64", "arm_image", {"memory": "256MiB"}),
    ],
)
def test_a_machine_ticks(
    connection: virtkit.Connection,
    create: Callable[[str], virtkit.Domain],
    request: pytest.FixtureRequest,
    ticks: TickLog,
    machine: str,
    image: str,
    variables: dict[str, Any],
) -> None:
    """Booted from a kernel; ``auto`` is what the host has: emulation here."""
    boot: BootImage = request.getfixturevalue(image)
    xml = virtkit.render(
        machine,
        name=f"machine-{machine}",
        kernel=str(boot.kernel),
        initrd=str(boot.initrd),
        cmdline=boot.cmdline,
        serial={"type": "file", "path": str(ticks.path), "append": True},
        host=connection.capabilities(),
        **variables,
    )
    domain = create(xml)
    ticks.wait_for_tick(3, timeout=180)
    assert domain.status().state == "running"


def test_a_container_ticks_is_suspended_and_resumed(host_a: Host, lxc_rootfs: Callable[[str], Path]) -> None:
    """From the template ``container``, with virtkit's verbs."""
    name = f"machine-{uuid4().hex[:8]}"
    root = lxc_rootfs(name)
    ticks = TickLog(root / "ticks")
    with virtkit.connect(host_a.lxc_uri) as connection:
        domain = connection.domains.create(
            virtkit.render("container", name=name, root=str(root), memory="64MiB")
        )
        try:
            ticks.wait_for_tick(2)
            domain.suspend()
            assert ticks.stands_still()
            domain.resume()
            ticks.wait_for_next(2)
        finally:
            domain.destroy()


@pytest.mark.parametrize(
    ("machine", "variables"),
    [
        ("minimal", {}),
        (
            "linux",
            {"disk": "/var/lib/libvirt/images/a.qcow2", "iso": "/srv/a.iso", "console_log": "/tmp/a.log"},
        ),
        ("arm64", {"kernel": "/boot/vmlinuz", "disk": "/srv/a.raw", "network": "default"}),
        ("mips", {"kernel": "/boot/vmlinux", "disk": "/srv/a.raw", "network": "default"}),
    ],
)
def test_libvirt_takes_the_definition(
    connection: virtkit.Connection, machine: str, variables: dict[str, Any]
) -> None:
    """Defined, read back and removed."""
    domain = connection.domains.define(
        virtkit.render(machine, name=f"defined-{machine}", host=connection.capabilities(), **variables)
    )
    try:
        assert domain.document(inactive=True).name == f"defined-{machine}"
    finally:
        domain.undefine()
