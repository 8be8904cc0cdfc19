"""Errors say what, where, why and what to do, and travel between processes."""

import pickle

import pytest

from virtkit import errors
from virtkit.errors import BindingMissing, Denied, HostError, MigrationError, NotFound, Problem, SpecError

CONTEXT = {"uri": "qemu:///system", "operation": "start", "name": "web", "code": 38, "domain": 10}


def test_a_host_error_names_everything() -> None:
    """Operation, object, connection, cause and remedy in one line."""
    error = HostError("no space left", **CONTEXT, hint="free some")  # type: ignore[arg-type]
    assert str(error) == "start 'web' on qemu:///system: no space left. Hint: free some"


def test_a_spec_error_lists_all_problems() -> None:
    """One line each, with its path."""
    error = SpecError([Problem("memory", "is missing"), Problem("disks[1].size", "'10 GX' is not a size")])
    assert str(error).splitlines()[1:] == ["  memory: is missing", "  disks[1].size: '10 GX' is not a size"]


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (SpecError("x"), ValueError),
        (errors.ParseError("x"), ValueError),
        (NotFound("x"), LookupError),
        (Denied("x"), PermissionError),
        (errors.Disconnected("x"), ConnectionError),
        (errors.OperationTimeout("x"), TimeoutError),
        (errors.WaitTimeout("x"), TimeoutError),
        (errors.MigrationTimeout("x", outcome="still_on_source"), TimeoutError),
        (BindingMissing("x"), ImportError),
    ],
)
def test_builtins_catch_them(error: Exception, builtin: type[Exception]) -> None:
    """A caller who knows only Python's own errors is served."""
    assert isinstance(error, builtin)
    assert isinstance(error, errors.VirtkitError)


@pytest.mark.parametrize("cls", [NotFound, Denied, BindingMissing, HostError, errors.OperationTimeout])
def test_host_errors_survive_pickling(cls: type[HostError]) -> None:
    """With all their attributes."""
    error = pickle.loads(pickle.dumps(cls("gone", **CONTEXT, hint="look")))  # type: ignore[arg-type]
    assert type(error) is cls
    assert (error.name, error.uri, error.code, error.hint) == ("web", "qemu:///system", 38, "look")


def test_other_errors_survive_pickling() -> None:
    """Problems and outcomes too."""
    spec = pickle.loads(pickle.dumps(SpecError([Problem("a", "b")])))
    assert spec.problems == (Problem("a", "b"),)
    for cls in (MigrationError, errors.MigrationTimeout):
        migration = pickle.loads(pickle.dumps(cls("x", outcome="both_paused", name="web")))
        assert type(migration) is cls
        assert migration.outcome == "both_paused"
        assert "both_paused" in str(migration)
