"""``virtkit demo``: a domain's life, and what becomes of it when a step fails."""

import json

import pytest
from pytest_mock import MockerFixture

import virtkit
from tests.unit.cli.conftest import URI, Cli
from virtkit.cli import demo
from virtkit.cli.demo import Step

LIFE = [
    *("render", "define", "start", "suspend", "resume", "save", "restore", "managed save", "start"),
    *("migrate", "migrate back", "stop", "delete"),
]


@pytest.mark.usefixtures("held")
def test_without_arguments_it_runs_on_two_fake_hosts(plain: Cli) -> None:
    """It says so, and each step is a line with its time and the state that libvirt tells."""
    code, out, err = plain("demo")
    assert (code, err) == (0, "")
    assert "fake" in out.splitlines()[0]
    assert "<name>virtkit-demo</name>" in out
    lines = [line for line in out.splitlines() if " ms " in line or line.endswith(" ms")]
    assert [line[:13].strip() for line in lines] == LIFE
    assert "paused (user)" in lines[3]
    assert "to fake:///demo-b" in lines[9]


@pytest.mark.usefixtures("held")
def test_json_has_the_steps(plain: Cli) -> None:
    """And nothing else is on stdout."""
    found = plain("--json", "demo").json
    assert (found["ok"], found["fake"], found["migrate_to"]) == (True, True, "fake:///demo-b")
    assert [step["name"] for step in found["steps"]] == LIFE
    assert {step["outcome"] for step in found["steps"]} == {"ok"}
    states = {step["name"]: step["state"] for step in found["steps"]}
    assert states["suspend"] == "paused (user)"
    assert states["managed save"] == "shutoff (saved)"
    assert found["xml"].lstrip().startswith("<domain")


@pytest.mark.usefixtures("held")
def test_nothing_is_left(cli: Cli, host: virtkit.Connection) -> None:
    """On a host that one names, too."""
    assert cli("demo", "--name", "other").code == 0
    assert len(host.domains) == 0


@pytest.mark.usefixtures("held")
def test_a_domain_of_that_name_is_left_alone(cli: Cli, web1: virtkit.Domain) -> None:
    """The demo does not touch what it has not made."""
    before = web1.xml()
    code, _, err = cli("demo", "--name", "web1")
    assert code == 1
    assert "web1" in err
    assert web1.xml() == before


@pytest.mark.usefixtures("held")
def test_what_a_driver_lacks_is_skipped(cli: Cli, mocker: MockerFixture) -> None:
    """With what would take it back; the rest goes on."""
    mocker.patch("virtkit.host.Domain.save", side_effect=virtkit.NotSupported("no"))
    found = cli("--json", "demo").json
    steps = {step["name"]: step for step in found["steps"]}
    assert found["ok"]
    assert (steps["save"]["outcome"], steps["save"]["detail"]) == ("skipped", "not supported by this driver")
    assert "restore" not in steps
    assert "managed save" in steps


@pytest.mark.usefixtures("held")
def test_a_failure_cleans_up(cli: Cli, host: virtkit.Connection, mocker: MockerFixture) -> None:
    """Exit code 1, the step that failed, and no domain left behind."""
    mocker.patch("virtkit.host.Domain.resume", side_effect=virtkit.HostError("broken", operation="resume"))
    found = cli("--json", "demo")
    assert (found.code, found.json["ok"]) == (1, False)
    assert found.json["steps"][-1]["outcome"] == "failed"
    assert found.json["error"]["message"] == "resume: broken"
    assert found.err == "virtkit: resume: broken\n"
    assert len(host.domains) == 0


@pytest.mark.usefixtures("held")
def test_ctrl_c_cleans_up_as_well(cli: Cli, host: virtkit.Connection, mocker: MockerFixture) -> None:
    """On whichever host it is."""
    mocker.patch("virtkit.host.Domain.stop", side_effect=KeyboardInterrupt)
    assert cli("demo").code == 130
    assert len(host.domains) == 0


@pytest.mark.usefixtures("held")
def test_the_library_calls_back_after_each_step(host: virtkit.Connection) -> None:
    """With the domain, so that a program can look into the guest."""
    seen: list[tuple[str, str | None]] = []

    def look(step: Step, domain: virtkit.Domain | None) -> None:
        seen.append((step.name, None if domain is None else str(domain.status().state)))

    with virtkit.connect("fake:///elsewhere") as other:
        steps = demo.run(host, lambda: virtkit.render("minimal", name="x"), migrate_to=other, on_step=look)
    assert [name for name, _ in seen] == [step.name for step in steps] == LIFE
    assert dict(seen)["suspend"] == "paused"
    assert seen[-1] == ("delete", None)
    assert [step.uri for step in steps if step.name.startswith("migrate")] == ["fake:///elsewhere", URI]


def test_another_host_alone_is_refused(plain: Cli) -> None:
    """Where it would begin is not said."""
    assert plain("demo", "--migrate-to", URI).code == 2


@pytest.mark.usefixtures("held")
def test_a_template_and_its_variables_can_be_chosen(cli: Cli) -> None:
    """With a kernel it is ``linux``."""
    words = ("--kernel", "/boot/vmlinuz", "--cmdline", "quiet", "--set", "memory=1GiB")
    xml = json.loads(cli("--json", "demo", *words).out)["xml"]
    assert "<kernel>/boot/vmlinuz</kernel>" in xml
    assert "<cmdline>quiet</cmdline>" in xml
    assert "1048576" in xml
