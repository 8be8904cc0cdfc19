"""Which module is loaded, and what is in place before a connection is opened."""
# ruff: noqa: N802 - the names are libvirt's

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import virtkit.fake
from virtkit.binding import loading, loop, open_connection
from virtkit.binding.hints import binding_missing
from virtkit.errors import BindingMissing, Disconnected, NotFound

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _unknown_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test meets its modules for the first time."""
    monkeypatch.setattr(loading, "_quietened", [])
    monkeypatch.setattr(loading, "_leave_errors", False)


class Module(SimpleNamespace):
    """A module that notes what is called."""

    def __init__(self, *, has_loop: bool = False) -> None:
        super().__init__(calls=[], has_loop=has_loop, libvirtError=virtkit.fake.libvirtError)

    def _note(self, name: str) -> None:
        self.calls.append(name)

    def registerErrorHandler(self, f: Any, ctx: Any) -> int:
        self._note("registerErrorHandler")
        return 1

    def virEventAddTimeout(self, timeout: int, cb: Any, opaque: Any) -> int:
        if not self.has_loop:
            raise self.libvirtError("virEventAddTimeout() failed")
        return 1

    def virEventRemoveTimeout(self, timer: int) -> int:
        self._note("virEventRemoveTimeout")
        return 0

    def virEventRegisterDefaultImpl(self) -> int:
        self._note("virEventRegisterDefaultImpl")
        self.has_loop = True
        return 0

    def virEventRunDefaultImpl(self) -> int:
        threading.Event().wait()  # no event ever comes
        return 0

    def open(self, name: str | None = None) -> Any:
        self._note(f"open {name}")
        if name and name.startswith("foo:"):
            return virtkit.fake.open("foo:///x")
        return SimpleNamespace(setKeepAlive=lambda *_: self._note("setKeepAlive"))

    def openReadOnly(self, name: str | None = None) -> Any:
        return self.open(name)


def test_loop_and_error_handler_come_before_the_first_connection() -> None:
    """Each module gets one event loop and one error handler, before anything is opened."""
    module = Module()
    for _ in range(2):
        open_connection("qemu:///system", libvirt=module)
    assert module.calls == [
        "registerErrorHandler",
        "virEventRegisterDefaultImpl",
        "open qemu:///system",
        "setKeepAlive",
        "virEventRemoveTimeout",
        "open qemu:///system",
        "setKeepAlive",
    ]


def test_the_thread_ends_with_its_loop() -> None:
    """Where a test forgets the loop, the thread ends; who connects then gets a loop and a thread anew."""
    module: Any = Module()
    gone = threading.Event()

    def forgotten() -> int:
        module.has_loop = False
        gone.set()
        raise module.libvirtError("no event implementation registered")

    module.virEventRunDefaultImpl = forgotten
    before = set(threading.enumerate())
    loop.ensure(module)
    assert gone.wait(10)
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()
    loop.ensure(module)
    assert module.calls.count("virEventRegisterDefaultImpl") == 2


def test_an_applications_event_loop_is_left_alone() -> None:
    """Where a loop is registered already, virtkit uses it and starts none."""
    module = Module(has_loop=True)
    open_connection("qemu:///system", libvirt=module)
    assert "virEventRegisterDefaultImpl" not in module.calls
    assert "virEventRemoveTimeout" in module.calls


def test_an_applications_error_handler_can_be_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the environment or by a call."""
    monkeypatch.setenv("VIRTKIT_LIBVIRT_ERRORS", "leave")
    by_environment = Module()
    open_connection("qemu:///system", libvirt=by_environment)
    monkeypatch.delenv("VIRTKIT_LIBVIRT_ERRORS")
    loading.leave_error_handler()
    by_call = Module()
    open_connection("qemu:///system", libvirt=by_call)
    assert "registerErrorHandler" not in by_environment.calls + by_call.calls


def test_fake_uris_are_served_by_the_fake() -> None:
    """No libvirt is needed for them."""
    assert open_connection("fake:///opening").module is virtkit.fake  # type: ignore[comparison-overlap]


def test_noise_goes_to_logging(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """What libvirt would print on stderr is a DEBUG record of virtkit.libvirt."""
    opened = open_connection("fake:///noise")
    with caplog.at_level(logging.DEBUG, "virtkit.libvirt"), pytest.raises(opened.module.libvirtError):
        opened.raw.lookupByName("no-such")
    assert capfd.readouterr().err == ""
    assert "no domain with matching name 'no-such'" in caplog.text


def test_a_missing_binding_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """For which Python, and how to get it; what is no URI is not blamed on it."""
    monkeypatch.setitem(sys.modules, "libvirt", None)
    with pytest.raises(BindingMissing, match="libvirt-python is not installed") as caught:
        open_connection("qemu:///system")
    assert f"{sys.executable} -m pip install libvirt-python" in str(caught.value)
    assert isinstance(caught.value, ImportError)
    with pytest.raises(Disconnected, match="connect to nonsense: this is no URI"):
        open_connection("nonsense")


@pytest.mark.parametrize(
    ("os_release", "words"),
    [
        ("ID=debian", "apt install libvirt-dev"),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"', "apt install libvirt-dev"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"', "dnf install libvirt-devel"),
        ("ID=arch", "pacman -S libvirt"),
        ("ID=alpine", "apk add libvirt-dev"),
        ("ID=unheard-of", "install libvirt's headers"),
        (None, "install libvirt's headers"),
    ],
)
def test_the_remedy_is_that_of_the_distribution(os_release: str | None, words: str, tmp_path: Path) -> None:
    """One command and not five, as /etc/os-release says."""
    file = tmp_path / "os-release"
    if os_release is not None:
        file.write_text(f"NAME=x\n{os_release}\n")
    _, hint = binding_missing(ModuleNotFoundError("libvirt"), file)
    assert hint.strip("'").startswith(words)
    assert len(hint) < 250


def test_failure_to_open_names_the_uri_without_its_password() -> None:
    """The error says where nothing answered."""
    with pytest.raises(Disconnected, match="user:\\*\\*\\*@host") as caught:
        open_connection("foo://user:geheim@host/", libvirt=Module())
    assert "geheim" not in str(caught.value)


def test_importing_virtkit_and_the_fake_loads_no_libvirt() -> None:
    """A connection to a fake host works where libvirt-python is missing."""
    code = (
        "import sys; sys.modules['libvirt'] = None; import virtkit; "
        "c = virtkit.connect('fake:///x'); assert 'nobody' not in c.domains; c.close()"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_loop_survives_a_failing_round() -> None:
    """One round of events that fails does not end all events of the process."""
    rounds: list[int] = []

    def run() -> int:
        rounds.append(1)
        if len(rounds) == 1:
            raise NotFound("a callback failed")
        sys.exit()

    module: Any = Module(has_loop=True)
    module.virEventRunDefaultImpl = run
    with pytest.raises(SystemExit):
        loop._run(module)
    assert len(rounds) == 2
