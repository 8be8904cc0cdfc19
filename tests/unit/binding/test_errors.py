"""libvirt's errors become typed ones that say what happened to what, where, and what to do."""

from __future__ import annotations

import errno
import pickle

import pytest

import virtkit.fake as libvirt
from virtkit import errors as e
from virtkit.binding import errors, is_libvirt_error, translate
from virtkit.binding.constants import ErrorCode, ErrorDomain
from virtkit.binding.hints import hint_for


class Refusal(Exception):
    """A libvirtError of some module."""

    def __init__(self, code: int | None, text: str = "", domain: int = 10, number: int = -1) -> None:
        super().__init__(text)
        self.code, self.domain, self.number = code, domain, number

    def get_error_code(self) -> int | None:
        return self.code

    def get_error_domain(self) -> int:
        return self.domain

    def get_error_message(self) -> str:
        return str(self)

    def get_int1(self) -> int:
        return self.number


def translated(error: Refusal, operation: str = "start", uri: str = "qemu:///system") -> e.HostError:
    """What leaves the door when *error* comes in."""
    with pytest.raises(e.HostError) as caught, translate(operation, "web1", uri):
        raise error
    return caught.value


def test_every_error_number_is_mapped_or_listed_as_generic() -> None:
    """No number is forgotten, and none is in both lists."""
    mapped = {code for codes in errors._CLASSES.values() for code in codes}
    assert mapped | errors.GENERIC == set(ErrorCode)
    assert not mapped & errors.GENERIC


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Refusal(42, "Domain not found"), e.NotFound),
        (Refusal(55, "domain is already running"), e.WrongState),
        (Refusal(1, "internal error: Domain 'x' is already running"), e.WrongState),
        (Refusal(1, "internal error: domain 'x' not paused"), e.WrongState),
        (Refusal(1, "internal error: no idea"), e.HostError),
        (Refusal(9, "operation failed: domain 'x' already exists with uuid y"), e.AlreadyExists),
        (Refusal(9, "operation failed: something else"), e.HostError),
        (Refusal(3, "not supported by the connection driver"), e.NotSupported),
        (Refusal(29, "read only access prevents virDomainCreate"), e.Denied),
        (Refusal(38, "refused", ErrorDomain.RPC, errno.ECONNREFUSED), e.Disconnected),
        (Refusal(38, "denied", ErrorDomain.RPC, errno.EACCES), e.Denied),
        (Refusal(38, "cannot open file", 18, errno.ENOENT), e.HostError),
        (Refusal(38, "cannot open file", 18, errno.EACCES), e.Denied),
        (Refusal(1, "internal error: client socket is closed"), e.Disconnected),
        (Refusal(87, "busy"), e.Busy),
        (Refusal(86, "agent not connected"), e.AgentError),
        (Refusal(68, "cannot acquire state change lock"), e.OperationTimeout),
        (Refusal(27, "XML error"), e.HostError),
        (Refusal(4711, "of the future"), e.HostError),
        (Refusal(None, "virDomainCreate() failed"), e.HostError),
    ],
)
def test_class_follows_code_and_text(error: Refusal, expected: type[e.HostError]) -> None:
    """The class says what kind of failure it is."""
    assert type(translated(error)) is expected


def test_error_names_object_connection_cause_and_remedy() -> None:
    """The message can stand alone, and the original is its cause."""
    original = Refusal(55, "Requested operation is not valid: domain is not running")
    error = translated(original, "suspend")
    assert str(error) == (
        "suspend 'web1' on qemu:///system: Requested operation is not valid: domain is not running. "
        "Hint: start it first"
    )
    assert error.__cause__ is original
    assert (error.code, error.domain, error.uri) == (55, 10, "qemu:///system")
    assert (error.operation, error.name, error.hint) == ("suspend", "web1", "start it first")


def test_errors_are_also_what_callers_catch() -> None:
    """A caller who knows no virtkit class catches the builtin."""
    assert isinstance(translated(Refusal(42)), LookupError)
    assert isinstance(translated(Refusal(29)), PermissionError)
    assert isinstance(translated(Refusal(39)), ConnectionError)
    assert isinstance(translated(Refusal(68)), TimeoutError)


def test_errors_can_be_pickled() -> None:
    """They pass between processes whole."""
    again = pickle.loads(pickle.dumps(translated(Refusal(42, "gone"))))
    assert type(again) is e.NotFound
    assert str(again) == "start 'web1' on qemu:///system: gone"
    assert again.code == 42


def test_other_exceptions_pass() -> None:
    """Only libvirt's errors are translated."""
    with pytest.raises(KeyError), translate("start"):
        raise KeyError
    assert not is_libvirt_error(KeyError())


def test_the_fakes_errors_are_understood() -> None:
    """The fake raises a class of its own, which is known by what it answers."""
    connection = libvirt.open("fake:///errors")
    with pytest.raises(e.NotFound) as caught, translate("find", "no-such"):
        connection.lookupByName("no-such")
    assert isinstance(caught.value.__cause__, libvirt.libvirtError)


@pytest.mark.parametrize(
    ("kind", "code", "text", "operation", "uri", "words"),
    [
        (e.Denied, 45, "authentication failed: polkit", "connect", "qemu:///system", "usermod -aG libvirt"),
        (e.Denied, 38, "Permission denied", "connect", "qemu:///system", "usermod -aG libvirt"),
        (e.Denied, 29, "read only access prevents x", "start", "qemu:///system", "readonly=True"),
        (
            e.Disconnected,
            38,
            "Failed to connect socket to '/run/x'",
            "connect",
            "qemu:///system",
            "systemctl start",
        ),
        (
            e.Disconnected,
            38,
            "Failed to connect socket to '/run/x'",
            "connect",
            "qmeu:///system",
            "no driver of libvirt",
        ),
        (e.Disconnected, 38, "connection refused", "connect", "qemu+tcp://h/system", "daemon running"),
        (
            e.Disconnected,
            38,
            "ssh: Could not resolve hostname h",
            "connect",
            "qemu+ssh://h/system",
            "host name",
        ),
        (
            e.Disconnected,
            38,
            "Host key verification failed.",
            "connect",
            "qemu+ssh://h/system",
            "ssh-keyscan",
        ),
        (e.Disconnected, 39, "end of file", "start", "qemu+tcp://h/system", "outcome is unknown"),
        (
            e.HostError,
            1,
            "Could not open '/x.qcow2': Permission denied",
            "start",
            "qemu:///system",
            "setfacl",
        ),
        (e.HostError, 1, "Cannot access storage file '/x': No such file", "start", "", "qemu-img create"),
        (e.Disconnected, 38, "ssh: connect: refused", "connect", "qemu+ssh://h/system", "'ssh HOST'"),
        (e.NotSupported, 8, "could not find capabilities for domain type 'kvm'", "define", "", "type 'qemu'"),
        (e.HostError, 8, "could not get preferred machine for /q type=kvm", "define", "", "type 'qemu'"),
        (e.HostError, 1, "Address already in use", "start", "", "port -1"),
        (e.HostError, 81, "Unsafe migration", "migrate", "", "storage 'copy'"),
        (e.HostError, 91, "unsupported features", "migrate", "", "CPU model"),
        (e.Disconnected, 38, "unable to connect to server", "migrate", "", "migrate_address"),
        (e.OperationTimeout, 68, "cannot acquire state change lock", "start", "", "Domain.job"),
        (e.NotFound, 42, "Domain not found", "find", "qemu:///session", "qemu:///session"),
    ],
)
def test_hints_say_what_to_do(
    kind: type[e.HostError], code: int, text: str, operation: str, uri: str, words: str
) -> None:
    """Where virtkit knows a remedy, it says so; security is never switched off for one."""
    hint = hint_for(kind, code, text, operation, uri)
    assert hint is not None
    assert words in hint
    assert "security_driver" not in hint


@pytest.mark.parametrize("operation", ["start", "resume"])
def test_one_that_runs_needs_neither_start_nor_resume(operation: str) -> None:
    """The hint says more than the message does."""
    hint = hint_for(e.WrongState, 55, "domain is already running", operation, "qemu:///system")
    assert hint is not None
    assert "already" not in hint


def test_no_hint_is_better_than_a_guess() -> None:
    """An error of which nothing is known keeps to its own words."""
    assert hint_for(e.HostError, 1, "something unheard of", "start", "qemu:///system") is None
