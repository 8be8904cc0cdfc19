"""Defining domains: from specs, XML, templates and stdin."""

import io
from pathlib import Path

import pytest

import virtkit
from tests.unit.cli.conftest import URI, XML, Cli

SPEC = "name: web1\ntype: qemu\nmemory: 512MiB\nvcpus: 2\n"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A spec in YAML."""
    path = tmp_path / "web1.yaml"
    path.write_text(SPEC)
    return path


def test_a_spec_is_defined(cli: Cli, host: virtkit.Connection, spec: Path) -> None:
    """And started, if asked for."""
    assert cli("domain", "define", str(spec)).out == "web1: shutoff\n"
    assert "<vcpu placement='static'>2</vcpu>" in host.domains["web1"].xml()
    assert cli("domain", "define", str(spec), "--start").out == "web1: running (booted)\n"


def test_a_start_that_fails_takes_back_what_was_defined(
    cli: Cli, host: virtkit.Connection, spec: Path
) -> None:
    """Unless the domain was there before: then it has the new definition."""
    faults = virtkit.fake.host(URI).faults
    faults.add("create", virtkit.fake.VIR_ERR_OPERATION_FAILED)
    code, _, err = cli("domain", "define", str(spec), "--start")
    assert code == 1
    assert "; web1 is not defined: that was taken back" in err
    assert "web1" not in host.domains
    cli("domain", "define", str(spec))
    faults.add("create", virtkit.fake.VIR_ERR_OPERATION_FAILED)
    assert "; web1 has the new definition" in cli("domain", "define", str(spec), "--start").err
    assert "web1" in host.domains


def test_set_goes_over_what_the_spec_says(cli: Cli, host: virtkit.Connection, spec: Path) -> None:
    """One file for many domains. A name is a name, even one of digits."""
    assert cli("domain", "define", str(spec), "--set", "name=1", "--set", "vcpus=4").out == "1: shutoff\n"
    assert ">4</vcpu>" in host.domains["1"].xml()


def test_xml_is_defined_as_it_is(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a file, or from stdin."""
    path = tmp_path / "web1.xml"
    path.write_text(XML.format(name="web1"))
    assert cli("domain", "define", str(path)).code == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(XML.format(name="web2")))
    assert cli("domain", "define", "-").out == "web2: shutoff\n"
    monkeypatch.setattr("sys.stdin", io.StringIO("name: web3\nmemory: 1GiB\n"))
    assert cli("domain", "define", "-").out == "web3: shutoff\n"


def test_a_template_is_rendered_for_the_host(cli: Cli, host: virtkit.Connection) -> None:
    """``type: auto`` is what the host has."""
    assert cli("domain", "define", "minimal", "--set", "name=web1").code == 0
    best = host.capabilities().domain_type()
    assert f"<domain type='{best}'" in host.domains["web1"].xml()


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["nothing.yaml"], 3, "nothing.yaml: No such file"),
        (["no-such-template"], 3, "no-such-template"),
        (["no-such.xml.j2"], 3, "'virtkit template list'"),
        (["mine.xml.j2"], 3, "'virtkit template list'"),
        (["linx"], 3, "did you mean 'linux'?"),
        (["."], 2, "'.' is a folder: specs end in .yaml"),
        (["/nonexistent/"], 3, "specs end in .yaml, .yml or .json, XML in .xml"),
        (["minimal", "--set", "name"], 2, "NAME=VALUE"),
        (["minimal", "--set", "memory=[1"], 2, "memory"),
        (["minimal"], 1, "name"),
    ],
)
def test_what_is_no_domain_is_refused(words: list[str], code: int, text: str, cli: Cli) -> None:
    """With the reason, and nothing defined."""
    found = cli("domain", "define", *words)
    assert (found.code, found.err.count("\n")) == (code, 1)
    assert text in found.err
    assert not cli("--json", "domain", "list").json


def test_a_forgotten_suffix_is_named(
    cli: Cli, spec: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word without one is the name of a template."""
    monkeypatch.chdir(tmp_path)
    code, _, err = cli("domain", "define", spec.stem)
    assert code == 3
    assert "did you mean 'web1.yaml'?" in err


SAME = "the same file"


@pytest.mark.parametrize("words", [["domain", "define"], ["domain", "apply"], ["diff", SAME], ["render"]])
def test_broken_xml_names_its_file(cli: Cli, tmp_path: Path, words: list[str]) -> None:
    """And its line, once."""
    path = tmp_path / "broken.xml"
    path.write_text("<domain>\n<name>\n</domain>")
    code, _, err = cli(*(str(path) if word is SAME else word for word in words), str(path))
    assert code == 1
    assert err.startswith(f"virtkit: {path}:3: XML is not well-formed: ")
    assert "at line" not in err


def test_set_makes_no_sense_with_xml(cli: Cli, tmp_path: Path) -> None:
    """XML has no variables."""
    path = tmp_path / "web1.xml"
    path.write_text(XML.format(name="web1"))
    assert cli("domain", "define", str(path), "--set", "vcpus=2").code == 2


def test_apply_the_second_time_changes_nothing(cli: Cli, spec: Path) -> None:
    """Created, unchanged, then updated by what is new."""
    dry = cli("--json", "domain", "apply", str(spec), "--dry-run").json
    assert (dry["name"], dry["outcome"], dry["dry_run"]) == ("web1", "created", True)
    assert cli("domain", "apply", str(spec)).out == "web1: created\n"
    assert cli("domain", "apply", str(spec)).out == "web1: unchanged\n"
    out = cli("domain", "apply", str(spec), "--set", "memory=1GiB").out
    assert out.startswith("web1: updated\n  domain/memory: 512MiB -> 1GiB\n")
    out = cli("domain", "apply", str(spec), "--set", "memory=1GiB", "--set", "disks=/srv/a.qcow2").out
    assert "  domain/devices/disk[vda]: added\n" in out


def test_apply_says_when_a_restart_is_needed(cli: Cli, spec: Path) -> None:
    """The definition has changed; the running domain has not."""
    cli("domain", "define", str(spec), "--start")
    dry = cli("domain", "apply", str(spec), "--set", "vcpus=3", "--dry-run").out
    assert dry.startswith("web1: would be updated\n")
    found = cli("--json", "domain", "apply", str(spec), "--set", "vcpus=3").json
    assert (found["outcome"], found["restart_required"]) == ("updated", True)
    assert {change["path"] for change in found["changes"]} == {"domain/vcpu"}
