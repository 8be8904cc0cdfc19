"""The pytest plugin: entry point ``pytest11``, so pytest finds it by itself.

::

    def test_nightly_restart(fake_libvirt, fake_host):
        fake_host.guest.acpi = False             # it will not heed the power button
        fake_host.faults.add(call="create", times=1)
        my_program.restart_all()                 # calls libvirt.open(), as ever

Nothing of virtkit but this small module is imported until a test asks for a fixture.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from virtkit.clock import VirtualClock
    from virtkit.fake.host import Host

_INSTALL = "fake_libvirt"
_PREPARING, _HOSTS = ("fake_host", "fake_fault"), {"fake_host", "fake_cluster"}
_MARKERS = (
    "fake_libvirt: `import libvirt` means virtkit.fake in this test (as the fixture of that name)",
    "fake_host(**settings): attributes of the test's hosts and their guests: fake_host(cpus=4, acpi=False)",
    "fake_fault(call, ...): a fault of the host, as host.faults.add(...) takes it",
)


class Cluster(Protocol):
    """Makes hosts: ``first, second = fake_cluster(2)``."""

    def __call__(self, number: int) -> list[Host]:
        """Return *number* new hosts, which reach each other."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting ``fake_libvirt = true``: the whole run imports the fake as ``libvirt``."""
    parser.addini(
        _INSTALL,
        "let `import libvirt` mean virtkit.fake in the whole run, also where libvirt-python is not installed",
        type="bool",
        default=False,
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known; install the fake before test modules are imported, if the settings say so."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    if config.getini(_INSTALL):
        from virtkit import fake
        from virtkit.testing import wholerun

        fake.install()
        config.pluginmanager.register(wholerun)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give what is marked the fixture ``fake_libvirt``, unless its hosts are prepared by another."""
    for item in items:
        names = getattr(item, "fixturenames", None)
        if names is None or _INSTALL in names:
            continue
        prepared = any(map(item.get_closest_marker, _PREPARING)) and not _HOSTS & set(names)
        if item.get_closest_marker(_INSTALL) or prepared:
            names.insert(0, _INSTALL)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> None:
    """Leave the fake's frames out of the traceback of what it raises: they say nothing of the program."""
    if call.excinfo is not None and "virtkit.fake" in sys.modules:
        from virtkit.testing import tracebacks

        tracebacks.shorten()


@pytest.fixture
def _fresh_fake() -> Iterator[ModuleType]:
    """No hosts, event loop or error handler from before, and none left behind."""
    from virtkit import fake

    fake.reset(registrations=True)
    fake.registerErrorHandler(_silent, None)
    yield fake
    fake.reset(registrations=True)


def _silent(_context: Any, _error: Any) -> None:
    """Print no errors: the exceptions tell."""


@pytest.fixture
def fake_libvirt(
    _fresh_fake: ModuleType, fake_host: Host, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ModuleType]:
    """The module ``virtkit.fake``, which ``import libvirt`` gives for this test.

    Modules that imported libvirt-python before have the fake in its place too, under any name
    (``import libvirt as lv``, ``from libvirt import open``). A connection opened without a URI, or to
    ``qemu:///system``, goes to ``fake_host``. Hosts, event loop and error handler are new, and
    forgotten after the test.
    """
    from virtkit.testing.replacing import replace_everywhere

    real = sys.modules.get("libvirt")
    if real is not None and real is not _fresh_fake:
        replace_everywhere(real, _fresh_fake, monkeypatch)
    for name, module in _fresh_fake.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setenv("LIBVIRT_DEFAULT_URI", fake_host.uri)
    monkeypatch.setenv("VIRTKIT_FAKE_URI", fake_host.uri)
    return _fresh_fake


@pytest.fixture
def fake_cluster(_fresh_fake: ModuleType, request: pytest.FixtureRequest) -> Cluster:
    """A function that makes hosts: ``fake_cluster(3)`` returns three, between which domains can migrate.

    Each is a ``virtkit.fake`` host with ``uri``, ``faults``, ``guest`` and the settings of the markers.
    """
    made = 0

    def cluster(number: int) -> list[Host]:
        nonlocal made
        hosts = [_host(_fresh_fake, f"host{made + each + 1}", request) for each in range(number)]
        made += number
        return hosts

    return cluster


@pytest.fixture
def fake_host(_fresh_fake: ModuleType, request: pytest.FixtureRequest) -> Host:
    """A new fake host: ``libvirt.open(fake_host.uri)`` connects to it."""
    return _host(_fresh_fake, "host", request)


def _host(fake: ModuleType, name: str, request: pytest.FixtureRequest) -> Host:
    from virtkit.testing import preparing

    host: Host = fake.host(name)
    preparing.prepare(host, request.node)
    return host


@pytest.fixture
def fake_clock() -> Iterator[VirtualClock]:
    """The clock of the fake and of virtkit, held: waits return at once, ``advance()`` lets time pass."""
    from virtkit import clock

    with clock.use(clock.VirtualClock()) as held:
        yield held
