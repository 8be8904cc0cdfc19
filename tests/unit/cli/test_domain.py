"""``virtkit domain ...`` on a fake host."""

from pathlib import Path

import pytest
from pytest_mock import MockerFixture

import virtkit
from tests.unit.cli.conftest import URI, XML, Cli


@pytest.fixture
def running(web1: virtkit.Domain) -> virtkit.Domain:
    """A domain that runs."""
    web1.start()
    return web1


def test_list_shows_every_domain_by_name(cli: Cli, host: virtkit.Connection, running: virtkit.Domain) -> None:
    """With its state and the reason for it."""
    host.domains.define(XML.format(name="db1"))
    lines = [line.split() for line in cli("domain", "list").out.splitlines()]
    assert lines[0] == ["NAME", "STATE", "REASON", "UUID"]
    assert [line[:3] for line in lines[1:]] == [["db1", "shutoff", "-"], ["web1", "running", "booted"]]
    assert lines[2][3] == running.uuid


def test_list_can_be_filtered(cli: Cli, host: virtkit.Connection, running: virtkit.Domain) -> None:
    """By state, and down to the names for a script's loop."""
    host.domains.define(XML.format(name="db1"))
    assert cli("domain", "list", "--state", "running", "--names").out == f"{running.name}\n"
    assert cli("domain", "list", "--state", "paused", "--names").out == ""
    found = cli("--json", "domain", "list", "--state", "running", "--state", "shutoff").json
    assert [row["name"] for row in found] == ["db1", "web1"]


def test_list_is_one_call_to_libvirt(cli: Cli, web1: virtkit.Domain, mocker: MockerFixture) -> None:
    """However many domains there are: no call for each of them."""
    mocker.patch.object(type(web1.raw), "state", side_effect=AssertionError)
    assert cli("domain", "list").code == 0


def test_show_tells_what_a_domain_is(cli: Cli, running: virtkit.Domain) -> None:
    """Status, identity, size and devices."""
    found = cli("--json", "domain", "show", "web1").json
    assert found["uuid"] == running.uuid
    assert (found["state"], found["persistent"], found["autostart"]) == ("running", True, False)
    assert (found["memory"], found["vcpus"], found["arch"]) == (256 * 2**20, 1, "x86_64")
    assert found["disks"] == [{"target": "vda", "device": "disk", "source": "/srv/web1.qcow2"}]
    text = cli("domain", "info", "web1").out
    assert "memory:        256MiB" in text
    assert "persistent:    yes" in text


def test_xml_prints_what_libvirt_has(cli: Cli, running: virtkit.Domain) -> None:
    """As it is, so that it can be written to a file."""
    assert cli("domain", "xml", "web1", "--inactive").out.strip() == running.xml(inactive=True).strip()
    assert cli("--json", "domain", "xml", "web1").json == {"name": "web1", "xml": running.xml()}


def test_a_life(cli: Cli, web1: virtkit.Domain) -> None:
    """Each verb prints the state that libvirt tells afterwards."""
    said = [
        cli("domain", verb, "web1").out
        for verb in ("start", "suspend", "resume", "managed-save", "start", "destroy")
    ]
    assert said == [
        "web1: running (booted)\n",
        "web1: paused (user)\n",
        "web1: running (unpaused)\n",
        "web1: shutoff (saved)\n",
        "web1: running (restored)\n",
        "web1: shutoff (destroyed)\n",
    ]
    assert cli("domain", "undefine", "web1").out == "web1: undefined\n"
    assert not cli("--json", "domain", "list").json


def test_several_domains_each_get_their_turn(
    cli: Cli, host: virtkit.Connection, web1: virtkit.Domain
) -> None:
    """One that fails has its line on stderr; the exit code is that of the first failure."""
    host.domains.define(XML.format(name="db1"))
    code, out, err = cli("domain", "start", web1.name, "web9", "db1")
    assert code == 3
    assert out == "web1: running (booted)\ndb1: running (booted)\n"
    assert err.count("\n") == 1
    found = cli("--json", "domain", "start", "web1", "web9")
    assert found.code == 1
    assert [row["error"]["type"] for row in found.json] == ["WrongState", "NotFound"]
    assert web1.status().state == "running"


def test_a_running_domain_that_is_undefined_goes_on(cli: Cli, running: virtkit.Domain) -> None:
    """And is said to have no definition any more."""
    said = "web1: undefined; running (booted) as a transient domain, gone when it stops\n"
    assert cli("domain", "undefine", running.name).out == said


def test_an_empty_list_is_said_to_a_person(cli: Cli, mocker: MockerFixture) -> None:
    """A program has the head alone."""
    assert cli("domain", "list").err == ""
    mocker.patch("virtkit.cli.command.Call.on_terminal", new=True)
    assert cli("domain", "list").err == "virtkit: no domains\n"
    assert cli("domain", "list", "--state", "paused").err == "virtkit: no domains in that state\n"


def test_hints_speak_of_no_python(cli: Cli, running: virtkit.Domain) -> None:
    """They fit the command line as well."""
    errors = [
        cli("domain", *words).err
        for words in (
            ["start", "web1"],
            ["resume", "web1"],
            ["stop", "web1", "--timeout", "0"],
            ["migrate", "web1", "fake:///away", "--offline"],
        )
    ]
    assert all("Hint: " in error for error in errors[:3]), errors
    assert not [error for error in errors if "()" in error or "=" in error]
    assert running.status().running


@pytest.mark.parametrize("name", ["-x", "1", "a b", "虚拟机", "--help"])
def test_unusual_names_are_names(name: str, cli: Cli, host: virtkit.Connection) -> None:
    """A name may begin with a dash, and digits are no id."""
    host.domains.define(XML.format(name=name))
    assert cli("domain", "start", "--", name).out == f"{name}: running (booted)\n"
    assert cli("--json", "domain", "destroy", "--", name).json[0]["state"] == "shutoff"


def test_a_uuid_is_one_only_if_asked_for(cli: Cli, web1: virtkit.Domain) -> None:
    """A name never turns into something else by its looks."""
    assert cli("domain", "show", web1.uuid).code == 3
    assert cli("--json", "domain", "show", "--uuid", web1.uuid).json["name"] == "web1"


def test_save_and_restore(cli: Cli, running: virtkit.Domain, tmp_path: Path) -> None:
    """Through a file of the host."""
    path = str(tmp_path / "web1.save")
    assert cli("domain", "save", "web1", path).out == "web1: shutoff (saved)\n"
    assert cli("domain", "restore", path).out == "web1: running (restored)\n"
    assert running.status().running


@pytest.mark.usefixtures("held")
def test_stop_waits_until_it_is_off(cli: Cli, running: virtkit.Domain) -> None:
    """The guest is asked, and gets its time; one that is off is fine."""
    assert cli("domain", "stop", "web1").out == "web1: shutoff (shutdown)\n"
    assert cli("domain", "stop", "web1").code == 0
    assert running.status().state == "shutoff"


@pytest.mark.usefixtures("held", "running")
def test_wait_ends_when_the_state_is_there(cli: Cli) -> None:
    """Or when the time is over, which is exit code 4."""
    assert cli("domain", "wait", "web1", "--for", "running").out == "web1: running (booted)\n"
    code, out, err = cli("domain", "wait", "web1", "--for", "shutoff", "--timeout", "30")
    assert (code, out) == (4, "")
    assert "30 s" in err


def test_statistics_are_one_call_too(cli: Cli, running: virtkit.Domain) -> None:
    """For all domains, or those that are named."""
    found = cli("--json", "domain", "statistics").json
    assert [(row["name"], row["state"]) for row in found] == [(running.name, "running")]
    assert found[0]["raw"]
    assert cli("domain", "statistics").out.splitlines()[0].split()[0] == "NAME"
    assert cli("domain", "statistics", "web1", "--group", "block").code == 0
    assert cli("domain", "statistics", "web9").code == 3


def test_rename_and_autostart(cli: Cli, web1: virtkit.Domain) -> None:
    """What a definition has beside its XML."""
    assert cli("domain", "autostart", "web1").out == "web1: autostart on\n"
    assert web1.status(full=True).autostart
    assert cli("--json", "domain", "autostart", "--off", "web1").json[0]["autostart"] is False
    assert cli("domain", "rename", "web1", "web2").out == "web1: renamed to web2\n"
    assert cli("domain", "list", "--names").out == "web2\n"


def test_delete_tells_what_went_with_it(cli: Cli, running: virtkit.Domain) -> None:
    """And a dry run what would go."""
    running.managed_save()
    dry = cli("--json", "domain", "delete", "web1", "--dry-run").json[0]
    assert (dry["dry_run"], dry["removed"]) == (True, ["managed save"])
    assert dry["kept"] == [{"path": "/srv/web1.qcow2", "reason": "not asked for"}]
    assert cli("domain", "delete", "web1").out == "web1: deleted, with managed save\n"
    assert cli("domain", "delete", "web1").code == 3


def test_a_transient_domain_is_gone_when_it_stops(cli: Cli, tmp_path: Path) -> None:
    """Which is no error."""
    path = tmp_path / "test.xml"
    path.write_text(XML.format(name="web1"))
    assert cli("domain", "create", str(path)).out == "web1: running (booted)\n"
    assert cli("--json", "domain", "destroy", "web1").json[0]["state"] == "gone"


def test_a_dead_end_is_said_in_one_line(cli: Cli, web1: virtkit.Domain) -> None:
    """With the operation, the domain and the connection."""
    code, _, err = cli("domain", "suspend", web1.name)
    assert (code, err.count("\n")) == (1, 1)
    assert "suspend 'web1'" in err
    assert URI in err
