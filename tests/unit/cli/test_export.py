"""``virtkit domain export``: an existing domain as a spec that can be changed, kept and applied."""

import json
from pathlib import Path

import pytest

import virtkit
from tests.unit.cli.conftest import XML, Cli
from virtkit import DomainSpec, errors, model

LOCKED = XML.replace(
    "</devices>",
    "<graphics type='vnc' passwd='hidden12' passwdValidTo='2027-01-31T12:00:00'/></devices>",
).replace("</os>", "<acpi><table type='slic'>/srv/slic</table></acpi></os>")


@pytest.fixture
def locked(host: virtkit.Connection) -> virtkit.Domain:
    """A domain with a password, and with something that no field of a spec can say."""
    return host.domains.define(LOCKED.format(name="web1"))


def test_the_spec_is_the_domain(cli: Cli, web1: virtkit.Domain) -> None:
    """YAML on stdout and nothing else; rendered, it is what the domain is defined as."""
    done = cli("domain", "export", "web1")
    assert (done.code, done.err) == (0, "")
    text = virtkit.render(DomainSpec.from_yaml(done.out))
    assert model.diff(text, web1.xml(inactive=True)) == []
    assert model.diff(web1.xml(inactive=True), text) == []


def test_applying_it_changes_nothing(cli: Cli, locked: virtkit.Domain, tmp_path: Path) -> None:
    """Not even the password, which is not in it."""
    before = locked.xml(inactive=True, secure=True)
    file = tmp_path / "web1.yaml"
    file.write_text(cli("domain", "export", "web1").out)
    assert "unchanged" in cli("domain", "apply", str(file)).out
    assert locked.xml(inactive=True, secure=True) == before


def test_another_domain_can_be_made_of_it(cli: Cli, host: virtkit.Connection, web1: virtkit.Domain) -> None:
    """With another name and without what is the first one's own."""
    spec = DomainSpec.from_yaml(cli("domain", "export", "web1").out)
    spec.name, spec.uuid = "web2", None
    twin = host.domains.define(spec)
    found = model.diff(twin.xml(inactive=True), web1.xml(inactive=True))
    assert {difference.path for difference in found} == {"domain/name", "domain/uuid"}


def test_passwords_are_left_out(cli: Cli, locked: virtkit.Domain) -> None:
    """A line on stderr says so; the rest of the password's attributes is of no use without it."""
    done = cli("domain", "export", locked.name)
    assert "hidden12" not in done.out
    assert "2027" not in done.out
    assert done.err == "virtkit: web1: graphics[0].password is left out: --secure writes it\n"


def test_passwords_can_be_asked_for(cli: Cli, locked: virtkit.Domain) -> None:
    """The spec is the whole domain then."""
    done = cli("domain", "export", locked.name, "--secure")
    assert done.err == ""
    spec = DomainSpec.from_yaml(done.out)
    assert spec.graphics[0].password == "hidden12"
    assert model.diff(locked.xml(inactive=True, secure=True), virtkit.render(spec)) == []


def test_without_the_right_to_read_them(
    cli: Cli, locked: virtkit.Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The domain is exported all the same, and what is seen of a password is left out; --secure fails."""
    whole = type(locked).xml

    def xml(domain: virtkit.Domain, inactive: bool = False, secure: bool = False) -> str:
        if secure:
            raise errors.Denied("no", code=None, uri="", operation="read the XML of", name=domain.name)
        return whole(domain, inactive)

    monkeypatch.setattr(type(locked), "xml", xml)
    done = cli("domain", "export", "web1")
    assert done.code == 0
    assert "graphics[0].password is left out" in done.err
    assert cli("domain", "export", "web1", "--secure").code == 1


def test_json(cli: Cli, locked: virtkit.Domain) -> None:
    """--format is what the spec is written in; --json is about the command."""
    fields = json.loads(cli("domain", "export", locked.name, "--format", "json").out)
    assert DomainSpec.from_dict(fields).name == "web1"
    found = cli("--json", "domain", "export", locked.name).json
    assert found == {"name": "web1", "spec": fields, "left_out": ["graphics[0].password"], "overlay": True}


def test_what_no_field_can_say_is_readable(cli: Cli, locked: virtkit.Domain) -> None:
    """The overlay stands in the YAML line by line, and a place in one line, behind what matters."""
    lines = cli("domain", "export", locked.name).out.splitlines()
    start = lines.index("xml: |")
    assert lines[start + 1 :] == [
        "  <domain>",
        "    <os>",
        "      <acpi>",
        '        <table type="slic">/srv/slic</table>',
        "      </acpi>",
        "    </os>",
        "  </domain>",
    ]
    disk = lines.index("disks:")
    assert lines[disk + 1] == "- source: /srv/web1.qcow2"
    assert lines[disk + 2].startswith("  address: {type: pci,")


def test_a_running_domain_is_exported_as_defined(cli: Cli, web1: virtkit.Domain) -> None:
    """Nothing of what libvirt chose for this run is in it."""
    web1.start()
    assert "vnc" not in cli("domain", "export", "web1").out
    assert "alias" not in cli("domain", "export", "web1").out


def test_no_such_domain(cli: Cli) -> None:
    """As with every other command."""
    assert cli("domain", "export", "web9").code == 3
