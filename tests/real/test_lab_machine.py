"""What the lab says where it cannot run. These tests need no libvirt and no root."""

from __future__ import annotations

import pytest

from tests.lab import __main__ as command
from tests.lab import fixtures, requirements


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """An ordinary user's machine without any of the programs."""
    monkeypatch.setattr(requirements, "PATH", "/nowhere")
    monkeypatch.setattr("os.geteuid", lambda: 1000)


@pytest.mark.parametrize("word", ["up", "down", "status", "demo", "images"])
@pytest.mark.usefixtures("bare_machine")
def test_command_says_what_is_missing(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line each on stderr, nothing on stdout, exit code 2."""
    assert command.main([word]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert "  the lab needs root, for namespaces and mounts: run it as root or with sudo\n" in err
    assert "  package qemu-system-mips is missing: apt-get install qemu-system-mips\n" in err


@pytest.mark.usefixtures("bare_machine")
def test_the_list_of_packages_is_printed_on_any_machine(capsys: pytest.CaptureFixture[str]) -> None:
    """`packages` prints names for apt-get and nothing else."""
    assert command.main(["packages"]) == 0
    names = capsys.readouterr().out.split()
    assert {"libvirt-daemon-system", "qemu-system-x86", "libvirt-dev"} <= set(names)


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
@pytest.mark.usefixtures("bare_machine")
def test_tests_without_a_lab_fail_on_ci_only(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    """Elsewhere they are skipped; both say what is missing."""
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="package iproute2 is missing"):
        fixtures.require_lab()


def test_unknown_lab_is_an_error(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`down` of a lab that is not there says how to find those that are; exit code 1."""
    monkeypatch.setattr(command, "missing", list)
    assert command.main(["down", "199"]) == 1
    assert "there is no lab 199" in capsys.readouterr().err
