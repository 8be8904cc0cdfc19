"""The module itself: the surface of libvirt-python, errors, connections, the event loop."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake as libvirt
from tests.unit.fake.documents import domain_xml
from virtkit.fake import constants, eventloop
from virtkit.fake.surface import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLASSES = sorted(constants.SURFACE["classes"])


@pytest.fixture
def _no_loop() -> Iterator[None]:
    """A process that has registered no event loop."""
    before = eventloop.current()
    eventloop.use(None)
    yield
    eventloop.use(before)


def test_every_constant() -> None:
    """All 1194 of libvirt 9.0.0, with libvirt's values."""
    assert len(constants.CONSTANTS) == 1194
    assert libvirt.VIR_ERR_NO_DOMAIN == 42
    assert libvirt.VIR_MIGRATE_PARAM_URI == "migrate_uri"


@pytest.mark.parametrize("name", _CLASSES)
def test_every_method_with_its_signature(name: str) -> None:
    """Names, order and defaults of the parameters are libvirt-python's."""
    cls = getattr(libvirt, name)
    for method, (parameters, _) in constants.SURFACE["classes"][name].items():
        signature = inspect.signature(getattr(cls, method))
        bare = [parameter.replace(annotation=parameter.empty) for parameter in signature.parameters.values()]
        plain = signature.replace(parameters=bare, return_annotation=signature.empty)
        assert str(plain).replace(", /", "") == f"({parameters})", f"{name}.{method}"


def test_every_function_with_its_signature() -> None:
    """The same of the module's functions."""
    for name, (parameters, _) in constants.SURFACE["functions"].items():
        if name.startswith("_"):
            continue
        assert list(inspect.signature(getattr(libvirt, name)).parameters) == [
            word.split("=")[0].strip() for word in parameters.split(",") if word
        ]


def test_surface_is_the_real_ones() -> None:
    """Where libvirt-python built on libvirt 9.0.0 is installed, the data file is what it has."""
    real = pytest.importorskip("libvirt")
    if real.getVersion() != constants.VERSION:
        pytest.skip(f"libvirt {real.getVersion()} is installed")
    generate = importlib.import_module("virtkit.fake._generate")
    assert generate.surface() == constants.SURFACE


def test_not_modelled(conn: Any) -> None:
    """What is not modelled says so, and is libvirt's error for a driver that lacks the call."""
    refusal = Refusal("virConnect", "domainXMLToNative").__get__(conn, type(conn))
    with pytest.raises(libvirt.NotModelled) as caught:
        refusal("qemu-argv", domain_xml())
    assert caught.value.get_error_code() == libvirt.VIR_ERR_NO_SUPPORT
    assert str(caught.value).endswith("connection driver: virConnectDomainXMLToNative")
    with pytest.raises(TypeError):
        refusal()


def test_errors_are_printed_without_a_handler(conn: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """As libvirt does; with one, nothing is printed and it gets its context and the nine fields."""
    libvirt.registerErrorHandler(None, None)
    with pytest.raises(libvirt.libvirtError):
        conn.lookupByName("nobody")
    text = "libvirt: QEMU Driver error : Domain not found: no domain with matching name 'nobody'\n"
    assert capsys.readouterr().err == text
    seen: list[Any] = []
    libvirt.registerErrorHandler(lambda context, error: seen.append((context, error)), "mine")
    with pytest.raises(libvirt.libvirtError) as caught:
        conn.lookupByName("nobody")
    assert seen == [("mine", caught.value.err)]
    assert capsys.readouterr().err == ""
    assert libvirt.virGetLastError() == caught.value.err


def test_read_only() -> None:
    """Nothing can be changed, and no secrets seen."""
    libvirt.open("fake:///one").defineXML(domain_xml())
    conn = libvirt.openReadOnly("fake:///one")
    domain = conn.lookupByName("web")
    for call in (domain.create, domain.undefine, lambda: conn.defineXML("")):
        with pytest.raises(libvirt.libvirtError, match="operation forbidden: read only access prevents"):
            call()
    with pytest.raises(libvirt.libvirtError, match="virDomainGetXMLDesc with secure flag"):
        domain.XMLDesc(libvirt.VIR_DOMAIN_XML_SECURE)


def test_closed(conn: Any) -> None:
    """close() says whether something still holds the connection; then its methods fail."""
    domain = conn.defineXML(domain_xml())
    assert conn.close() == 1
    assert domain.isActive() == 0
    for call in (conn.getURI, conn.close, lambda: conn.lookupByName("web")):
        with pytest.raises(libvirt.libvirtError, match="invalid connection pointer in"):
            call()


def test_unknown_uri() -> None:
    """No driver."""
    with pytest.raises(libvirt.libvirtError, match="no connection driver available for foo:///x"):
        libvirt.open("foo:///x")


def test_programs_that_name_a_real_host(monkeypatch: pytest.MonkeyPatch, db: str) -> None:
    """They get a fake one, and are told the URI that they asked for."""
    conn = libvirt.open("qemu:///system")
    conn.defineXML(domain_xml())
    assert conn.getURI() == "qemu:///system"
    assert len(libvirt.open("fake:///system").listAllDomains()) == len(libvirt.open().listAllDomains()) == 1
    assert libvirt.open("qemu+ssh://root@far/system?no_verify=1").getHostname() == "far"
    monkeypatch.setenv("VIRTKIT_FAKE_URI", db)
    libvirt.open("qemu:///system").defineXML(domain_xml(name="filed"))
    assert [domain.name() for domain in libvirt.open(db).listAllDomains()] == ["filed"]
    monkeypatch.delenv("LIBVIRT_DEFAULT_URI", raising=False)
    assert [domain.name() for domain in libvirt.open().listAllDomains()] == ["filed"]


def test_the_systems_host_is_a_fake_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """What leads `qemu:///system` to itself, or elsewhere, is refused by name."""
    for uri in ("qemu:///system", "http://x"):
        monkeypatch.setenv("VIRTKIT_FAKE_URI", uri)
        with pytest.raises(libvirt.libvirtError, match=f"VIRTKIT_FAKE_URI={uri}: expected fake:///"):
            libvirt.open("qemu:///system")


@pytest.mark.usefixtures("_no_loop")
def test_events_need_a_loop(conn: Any) -> None:
    """Registering for events without an event loop fails as in libvirt."""
    with pytest.raises(libvirt.libvirtError, match="could not initialize domain event timer"):
        conn.domainEventRegisterAny(None, 0, print, None)


@pytest.mark.usefixtures("_no_loop")
def test_a_thread_keeps_to_its_loop() -> None:
    """A thread that waits in a loop which a test then replaces runs no rounds of the next one."""
    libvirt.virEventRegisterDefaultImpl()
    left = eventloop.current()
    assert isinstance(left, eventloop.DefaultImplementation)
    left._pipe()  # both threads are to have the same
    rounds: list[int] = []
    thread = threading.Thread(target=lambda: rounds.append(libvirt.virEventRunDefaultImpl()), daemon=True)
    thread.start()
    thread.join(0.1)
    eventloop.use(eventloop.DefaultImplementation())
    left.wake()
    thread.join(0.1)
    assert not rounds
    eventloop.use(left)
    thread.join(10)
    assert rounds == [0]


@pytest.mark.usefixtures("_no_loop")
def test_a_loop_of_ones_own(conn: Any) -> None:
    """Events go through the registered implementation's timer: one, removed with the last callback."""
    timers: dict[int, Any] = {}
    intervals: list[int] = []

    def add(interval: int, callback: Any, opaque: Any) -> int:
        intervals.append(interval)
        timers[7] = (callback, opaque)
        return 7

    def update(_timer: int, interval: int) -> None:
        intervals.append(interval)

    def unused(*_arguments: Any) -> int:
        return -1

    libvirt.virEventRegisterImpl(unused, unused, unused, add, update, timers.pop)
    seen: list[int] = []
    number = conn.domainEventRegisterAny(None, 0, lambda *event: seen.append(event[2]), None)
    conn.defineXML(domain_xml())
    assert (seen, intervals) == ([], [-1, 0])
    callback, opaque = timers[7]
    callback(7, opaque)
    assert (seen, intervals) == ([libvirt.VIR_DOMAIN_EVENT_DEFINED], [-1, 0, -1])
    conn.domainEventDeregisterAny(number)
    assert timers == {}


def test_installed_as_libvirt() -> None:
    """After install() other people's ``import libvirt`` gets the fake."""
    code = "import virtkit.fake; virtkit.fake.install(); import libvirt; print(libvirt.open('test:///default').getType())"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout == "TEST\n"


def test_import_is_light() -> None:
    """No lxml, SQLite or asyncio before they are needed."""
    heavy = {"lxml", "sqlite3", "asyncio", "pydantic"}
    code = f"import sys, virtkit.fake; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout == "[]\n"
