"""Calls on one domain, each with the answer that libvirt's QEMU driver gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.contract.differences import expected

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.contract.driver import Driver

LIVE, CONFIG = 1, 2
FRONT = 20  # VIR_FROM_DOM: libvirt's own front answers, before any driver is asked
_ACPI = "<features><acpi/></features>"
RICH = "<vcpu current='2'>4</vcpu><iothreads>2</iothreads>"
RICH_DEVICES = """<controller type='usb'/>
<disk type='file'><source file='/etc/passwd'/><target dev='vda' bus='virtio'/><readonly/></disk>
<interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/></interface>
<memballoon model='virtio'/>"""


class Refusal(NamedTuple):
    """An error: its code, its text, and the VIR_FROM_* if it is not that of the driver."""

    code: int
    text: str
    source: int | None = None


class Case(NamedTuple):
    """A call, and its answer.

    Attributes:
        name: of the test, and the key of a difference.
        call: what is asked of the domain.
        answer: of QEMU's driver.
        runs: whether the domain is on.
    """

    name: str
    call: Callable[[Any], Any]
    answer: Any
    runs: bool = False


@dataclass
class Bench:
    """Where domains are made that answer."""

    driver: Driver
    conn: Any

    def domain(self, inner: str = RICH, devices: str = RICH_DEVICES, *, runs: bool) -> Any:
        """Return a domain that is off, or on."""
        document = self.driver.xml(inner=inner + _ACPI, devices=devices)
        domain = self.conn.defineXML(document)
        if runs:
            domain.create()
        return domain

    def asleep(self, devices: str) -> Any:
        """Return a domain whose guest has not run yet: it answers to nothing."""
        domain = self.domain("", devices, runs=False)
        domain.createWithFlags(self.driver.constant("DOMAIN_START_PAUSED"))
        return domain

    def check(self, case: Case, domain: Any) -> None:
        """Make the call of *case* and compare what comes of it."""
        assert self.ask(case.call, domain) == expected(self.driver, case.name, case.answer)

    def ask(self, call: Callable[[Any], Any], domain: Any) -> Any:
        """Return what *call* returns of *domain*, or why it does not."""
        try:
            return call(domain)
        except self.driver.module.libvirtError as error:
            source = error.get_error_domain()
            own = None if source == self.driver.source else source
            return Refusal(error.get_error_code(), error.get_error_message(), own)
        except (LookupError, OverflowError, TypeError) as error:
            return f"{type(error).__name__}: {error}"


def named(cases: Sequence[Case]) -> dict[str, Any]:
    """Return what parametrizes a test with *cases*."""
    return {"argnames": "case", "argvalues": cases, "ids": [case.name.replace(" ", "_") for case in cases]}


def cpus(domain: Any, *chosen: int) -> tuple[bool, ...]:
    """Return a map of the host's CPUs with those that are *chosen*."""
    count = domain.connect().getCPUMap()[0]
    return tuple(number in chosen for number in range(count))


def pins(found: Sequence[Sequence[bool]]) -> list[Any]:
    """Return *found*, maps of CPUs, as their numbers; ``all`` for the whole host."""
    return ["all" if all(one) else [number for number, on in enumerate(one) if on] for one in found]


def shown(domain: Any, flags: int, *names: str) -> list[str]:
    """Return the lines of the domain's document that open one of the elements *names*."""
    lines = (line.strip() for line in domain.XMLDesc(flags).splitlines())
    return [line for line in lines if line.startswith(tuple(f"<{name}" for name in names))]
