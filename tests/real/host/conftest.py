"""virtkit's connections to the lab's two hosts, and ticking guests from its own template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

import virtkit
from tests.lab import TickLog, longest_gap, missing, repeated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.lab import BootImage, Host, Lab, Tick

MEMORY = "192MiB"


@dataclass
class Guest:
    """A guest that ticks, and what its clock says."""

    domain: virtkit.Domain
    ticks: TickLog

    def ran_through_since(self, before: Tick, *, gap: float = 2.0) -> None:
        """Since *before* it has not rebooted, nor lost a tick, nor ticked twice, nor stood still for long."""
        self.ticks.wait_for_next(3)
        seen = self.ticks.since(before)
        assert not missing(seen)
        assert not repeated(seen)
        assert longest_gap(seen) < gap
        assert self.ticks.boots() == 1


def connected(host: Host) -> Iterator[virtkit.Connection]:
    """A connection; afterwards the host has no domains, and is up again if the test has killed it."""
    with virtkit.connect(host.uri) as conn:
        yield conn
    if not host.answers():
        host.restart()
    with virtkit.connect(host.uri) as conn:
        for domain in conn.domains:
            domain.delete(timeout=0, force=True)


@pytest.fixture
def here(host_a: Host) -> Iterator[virtkit.Connection]:
    """The first host."""
    yield from connected(host_a)


@pytest.fixture
def there(host_b: Host) -> Iterator[virtkit.Connection]:
    """The second host."""
    yield from connected(host_b)


@pytest.fixture
def boot(
    here: virtkit.Connection, lab: Lab, guest_image: BootImage, request: pytest.FixtureRequest
) -> Callable[..., Guest]:
    """Call it for a guest from the template ``linux`` that has booted and ticks."""

    def boot(parameters: str = "", *, ticks: int = 3, disk: str | None = None) -> Guest:
        name = request.node.name.replace("[", "-").replace("]", "")[:40]
        path = lab.tick_file(name)
        path.unlink(missing_ok=True)
        xml = virtkit.render(
            "linux",
            name=name,
            memory=MEMORY,
            vcpus=1,
            type="qemu",
            network=None,
            kernel=str(guest_image.kernel),
            initrd=str(guest_image.initrd),
            cmdline=f"{guest_image.cmdline} {parameters}".strip(),
            console_log=str(path),
            disk=disk,
        )
        domain = here.domains.define(xml)
        domain.start()
        log = TickLog(path)
        log.wait_for_tick(ticks)
        return Guest(domain, log)

    return boot


@pytest.fixture
def guest(boot: Callable[..., Guest]) -> Guest:
    """A guest that has booted and ticks."""
    return boot()
